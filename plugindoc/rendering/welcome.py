"""The first page of a site: what there is, where to begin, how to read what stands in it."""

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
    ("Name", "A link to the card itself. At the end of its line: where the plugin declares it."),
    ("Default", "What counts without an answer. A dashed box holds code that the run computes."),
    ("Shown when", "Which answers make the option apply. Follow a name to what decides."),
    ("Enables", "Which answer makes which questions and steps appear."),
    ("Used by", "The steps, templates and conditions that read or set it, with their lines."),
    ("Last line", "A line for your answer file, with a button that copies it."),
    ("secret", "Nothing echoes it when it is typed, and logs mask it."),
    ("never asked", "It has no question and no flag: set it in an answer file."),
    ("renamed", "Answer files may still say its old name."),
)


def welcome(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return what a site is about, and the field that finds an option."""
    name = printable(catalogue.project.name)
    lead = (
        f"What {name} asks, when it asks it, and what it does with your answers. Every word here "
        "is read from the source of its plugins."
    )
    hint = "CONFIG_…, --flag, or any word of its text"
    finder = Finder(catalogue.layout.page("options"), "options", hint)
    return (Paragraph((Part(lead),), role="lead"), finder)


def summary(catalogue: Catalogue) -> Summary:
    """Return a source's figures with the pages that they lead to."""
    asked, page = catalogue.questions, catalogue.layout.page
    figures = [
        (len(catalogue.project.plugins), "plugin", page("index"), "in the order they load"),
        (len(asked.options), "option", page("options"), "by name, flag, plugin or word"),
        (len(asked.steps), "step", page("run-order"), "in the order they run"),
        (len(catalogue.project.templates), "template", page("templates/index"), "and their keys"),
        (len(catalogue.facts), "fact", page("facts"), "keys that steps set"),
        (
            len(catalogue.project.functions),
            "function",
            page("functions"),
            "that judge answers",
        ),
    ]
    found = [
        Figure(str(number), noun if number == 1 else f"{noun}s", target, text)
        for number, noun, target, text in figures
        if number
    ]
    if catalogue.layout.walkthroughs and catalogue.project.plugins:
        walks = f"{catalogue.layout.walkthroughs}/index"
        found.append(Figure("", "Walkthroughs", walks, "a plugin from top to bottom"))
    found.append(Figure("", "Answer file", page("answer-file"), "to read, copy or download"))
    return Summary(tuple(found))


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
    """Return how much a card tells in how little room."""
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
