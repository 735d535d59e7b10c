"""The first page of a site: what there is, where to begin, how to read it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import msgspec

from plugindoc.model.conditions import Always
from plugindoc.model.project import Option
from plugindoc.model.values import is_known, members
from plugindoc.rendering.blocks import (
    Block,
    Diagram,
    Field,
    Fields,
    Figure,
    Finder,
    Flow,
    Paragraph,
    Part,
    Summary,
)
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.options import option_card, option_text_blocks
from plugindoc.rendering.steps import title_part
from plugindoc.rendering.texts import printable

__all__ = ["flow", "legend", "summary", "welcome"]

_MOST_USES: Final = 4
_LEGEND: Final = (
    (
        "Name",
        "Links to this card. At the end of the line: where the plugin declares it.",
    ),
    (
        "Default",
        "Used when you give no answer. A dashed box is code that runs with the installer.",
    ),
    ("Shown when", "The answers under which the option applies. Each name links to its option."),
    ("Enables", "The options and steps that each answer enables."),
    ("Used by", "The steps, templates and conditions that read or set it, with line numbers."),
    ("Last line", "The line for your answer file, with a copy button."),
    ("secret", "Hidden as you type, and masked in logs."),
    ("never asked", "Has no prompt and no flag. Set it in an answer file."),
    ("renamed", "Answer files can still use the old name."),
)


def welcome(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return what a site is about, and the field that finds an option."""
    name = printable(catalogue.arrangement.title or catalogue.project.name)
    lead = (
        Part("Every option of "),
        Part(name),
        Part(": when it applies, and what the installer does with your answer."),
        Part(" Generated from the source of its plugins."),
    )
    hint = "CONFIG_…, --flag, or any word"
    finder = Finder(catalogue.layout.page("options"), "options", hint)
    return (Paragraph(lead, role="lead"), finder)


def summary(catalogue: Catalogue) -> Summary:
    """Return a source's figures with the pages that they link to."""
    asked, page = catalogue.questions, catalogue.layout.page
    figures = [
        (len(catalogue.project.plugins), "plugin", page("index"), _order(catalogue)),
        (len(asked.options), "option", page("options"), "searchable by name, flag or text"),
        (len(asked.steps), "step", page("run-order"), "in the order they run"),
        (len(catalogue.role_titles), "host role", page("hosts/index"), "what runs on which hosts"),
        (
            len(catalogue.project.templates),
            "template",
            page("templates/index"),
            "with the keys they read",
        ),
        (len(catalogue.facts), "derived key", page("facts"), "set by steps"),
        (
            len(catalogue.project.functions),
            "function",
            page("functions"),
            "that check or convert answers",
        ),
    ]
    found = [
        Figure(str(number), noun if number == 1 else f"{noun}s", target, text)
        for number, noun, target, text in figures
        if number
    ]
    if catalogue.layout.walkthroughs and catalogue.project.plugins:
        walks = f"{catalogue.layout.walkthroughs}/index"
        found.append(Figure("", "Walkthroughs", walks, "one plugin at a time, explained"))
    found.append(
        Figure("", "Answer file", page("answer-file"), "with all defaults, to copy or download")
    )
    return Summary(tuple(found))


def _order(catalogue: Catalogue) -> str:
    arranged = catalogue.arrangement
    return "in the order they load" if arranged.order == "load" and not arranged.groups else ""


def flow(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return the sequences of a run, one after the other."""
    stops = tuple((title_part(catalogue, sequence),) for sequence in catalogue.questions.run_order)
    return (Flow(stops),) if stops else (Paragraph((Part("No plugin runs a step."),)),)


def legend(catalogue: Catalogue) -> Iterator[Block]:
    """Yield what the parts of a card mean, and the option whose card shows the most of them."""
    yield Fields(tuple(Field(label, (Paragraph((Part(text),)),)) for label, text in _LEGEND))
    options = catalogue.questions.options
    if options:
        card = option_card(catalogue, max(options, key=lambda one: _told(catalogue, one)))
        blocks = tuple(block for block in card.blocks if not isinstance(block, Diagram))
        yield msgspec.structs.replace(card, blocks=blocks)


def _told(catalogue: Catalogue, option: Option) -> int:
    """Return how informative a card is for its size."""
    asked = catalogue.questions
    signs = (
        not isinstance(asked.shown_when(option), Always),
        bool(asked.reveals(option.name)),
        bool(members(option.choices)),
        0 < len(catalogue.places(option.name)) <= _MOST_USES,
        is_known(option.default),
        bool(option_text_blocks(catalogue, option)),
    )
    return sum(signs)
