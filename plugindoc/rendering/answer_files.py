"""Answer files as text: single lines, and a whole annotated example."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Final

from plugindoc.model.conditions import Always, describe
from plugindoc.model.project import Option
from plugindoc.model.values import Alternatives, Known, Value, known_text, members, truth, words
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.texts import paragraphs, printable
from plugindoc.validation import outcome_of

__all__ = ["answer_file", "answer_line", "answer_value", "option_text"]

_WIDTH: Final = 78
_SECTION: Final = "[general]"


def answer_value(value: Value | None) -> str | None:
    """Return a default as an answer file writes it; None if only the installer knows it."""
    match value:
        case None:
            return ""
        case Known(value=None):
            return ""
        case Known(value=list(listed)):
            return ",".join(str(member) for member in listed)
        case Known(value=data):
            return str(data)
        case Alternatives(branches=branches):
            found = {answer_value(branch.value) for branch in branches}
            return found.pop() if len(found) == 1 else None
        case _:
            return None


def answer_line(option: Option) -> str:
    """Return the option's line for an answer file, empty if its default is not known."""
    value = answer_value(option.default) or ""
    return f"{option.name}={_one_line(value)}"


def _one_line(text: str) -> str:
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def option_text(catalogue: Catalogue, option: Option) -> tuple[str, ...]:
    """Return the paragraphs of an option's text, from the usage document if it is there."""
    entry = catalogue.questions.usage_entry(option)
    if entry is not None:
        texts = ("".join(run.text for run in runs) for runs in entry.paragraphs)
        return tuple(text for part in texts for text in paragraphs(printable(part)))
    return paragraphs(printable(words(option.usage)))


_NO_ANSWERS: Final[dict[str, str]] = {}


def answer_file(catalogue: Catalogue, answers: Mapping[str, str] = _NO_ANSWERS) -> str:
    """Return a whole answer file: every option with its text, choices, condition and default.

    `answers` take the place of defaults.
    """
    return "\n".join(_lines(catalogue, answers)) + "\n"


def _lines(catalogue: Catalogue, answers: Mapping[str, str]) -> Iterator[str]:
    name = printable(catalogue.project.name).replace("\n", " ")
    others = f" but {len(answers)}" if answers else ""
    yield from _comment(f"An answer file for {name} with every option{others} at its default.")
    yield from _comment(
        "Lines that are commented out with # are values that the installer computes when it runs, "
        "or values that you have to choose."
    )
    yield ""
    yield _SECTION
    for plugin in catalogue.project.plugins:
        for group in plugin.groups:
            if not group.options:
                continue
            yield ""
            title = words(group.description) or group.name
            yield from _comment(f"== {_one_line(title)} ({_one_line(plugin.module)})")
            for option in group.options:
                yield ""
                yield from _option(catalogue, option, answers.get(option.name))


def _option(catalogue: Catalogue, option: Option, answer: str | None) -> Iterator[str]:
    for text in option_text(catalogue, option):
        yield from _comment(text)
    choices = [words(member) for member in members(option.choices)]
    if choices:
        yield from _comment("Choices: " + ", ".join(_one_line(choice) for choice in choices))
    shown = catalogue.questions.shown_when(option)
    if not isinstance(shown, Always):
        yield from _comment(f"Applies when {_one_line(describe(shown))}")
    if answer_value(option.default) is None:
        yield from _comment(f"Computed: {_one_line(words(option.default))}")
    elif _must_be_chosen(option):
        yield from _comment("Required: there is no valid default.")
    secret = truth(option.mask_input) is True
    if secret and known_text(option.default) == "":
        yield from _comment("Secret: choose your own value.")
    idle = answer_value(option.default) is None or _must_be_chosen(option)
    if answer is not None:
        yield f"{option.name}={_one_line(answer)}"
    else:
        yield f"# {answer_line(option)}" if idle else answer_line(option)


def _must_be_chosen(option: Option) -> bool:
    """Return whether there is no default, or one that the option's own functions refuse."""
    if option.default is None or option.default == Known(None):
        return True
    default = getattr(option.default, "value", None)
    return default is not None and outcome_of(option, default).accepted is False


def _comment(text: str) -> Iterator[str]:
    for line in textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False):
        yield f"# {line}"
