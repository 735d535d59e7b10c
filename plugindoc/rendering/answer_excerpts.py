"""Excerpts of answer files in hand-written pages, held against the model."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from plugindoc.model.names import nearest
from plugindoc.rendering.blocks import Block, Code, Note, Paragraph, Part
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.validation import outcome_of, refusal_words

__all__ = ["Mistake", "answer_excerpt", "mistakes"]


class Mistake(msgspec.Struct, frozen=True):
    """A line of an excerpt that the installer would not take; `line` counts from 0."""

    line: int
    message: str


def answer_excerpt(catalogue: Catalogue, text: str) -> tuple[Block, ...]:
    """Return an excerpt as code, with a warning below it for each mistake."""
    said = (Paragraph((Part(mistake.message),)) for mistake in mistakes(catalogue, text))
    return (Code(text, "ini"), *(Note((one,), "warning") for one in said))


def mistakes(catalogue: Catalogue, text: str) -> Iterator[Mistake]:
    """Yield what is wrong with an excerpt: its form, unknown or old names, refused values."""
    for number, line in enumerate(text.split("\n")):
        stripped = line.strip()
        if not stripped or stripped.startswith(("#", ";", "[")):
            continue
        name, equals, value = (part.strip() for part in stripped.partition("="))
        message = _mistake(catalogue, name, value) if equals else f"{stripped}: no NAME=value"
        if message:
            yield Mistake(number, message)


def _mistake(catalogue: Catalogue, name: str, value: str) -> str:
    option = catalogue.questions.option(name)
    if option is None:
        near = nearest(name, catalogue.names("option"))
        return f"no option {name}" + (f"; did you mean {near}?" if near else "")
    if option.name != name:
        return f"{name} is an old name; write {option.name}"
    outcome = outcome_of(option, value, catalogue.questions.like)
    if outcome.accepted is not False:
        return ""
    return f"{name}={value} {refusal_words(option, outcome)}"
