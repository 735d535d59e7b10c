"""Small tests that several rules share."""

from __future__ import annotations

import itertools
import math
import re
from collections.abc import Iterator
from typing import Final

from plugindoc.checking.subject import Subject
from plugindoc.model.conditions import NEVER, Condition, all_of, evaluate, options_of
from plugindoc.model.locations import Location
from plugindoc.model.outcomes import FOREIGN
from plugindoc.model.project import Option, UsageDocument
from plugindoc.model.values import (
    Alternatives,
    Dynamic,
    Known,
    Reference,
    Text,
    Value,
    known_text,
    members,
    truth,
)
from plugindoc.validation import outcome_of

__all__ = [
    "all_known",
    "asked",
    "can_hold",
    "choices",
    "control_characters",
    "enforced_choices",
    "excludes",
    "is_blank",
    "is_settled",
    "known_words",
    "option_texts",
    "place",
    "processes",
    "text_lines",
    "text_or_none",
    "usage_document",
    "validator_names",
]

_PATTERN: Final = re.compile(r"^\^|\$$|\\[dws.]|\.\*|\[[^\]]+\][+*{]")
"""What no choice holds, but a regular expression; a plugin's own validator may take those."""
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def is_blank(value: Value | None) -> bool:
    """Return whether a text is surely absent or empty; what is not known is no blank."""
    if value is None:
        return True
    if isinstance(value, Known):
        return not str(value.value).strip() if value.value is not None else True
    return False


def known_words(value: Value | None) -> str:
    """Return what is known of a text; holes leave a gap that no word can bridge."""
    match value:
        case Known(value=str() as text):
            return text
        case Text(parts=parts):
            return "".join(
                part if isinstance(part, str) else "\N{REPLACEMENT CHARACTER}" for part in parts
            )
        case Alternatives(branches=branches):
            return "\n".join(known_words(branch.value) for branch in branches)
        case _:
            return ""


def place(option: Option, field: str) -> Location:
    """Return the location of a field's value; that of the option if this is not known."""
    if field == "usage" and option.usage_location is not None:
        return option.usage_location
    return option.fields.get(field, option.location)


def option_texts(option: Option) -> Iterator[tuple[str, str, Location]]:
    """Yield the texts of an option that users read: the field's key, text and place."""
    for field, value in (
        ("usage", option.usage),
        ("prompt", option.prompt),
        ("message", option.message),
    ):
        text = known_words(value)
        if text:
            yield field, text, place(option, field)


def usage_document(subject: Subject) -> UsageDocument | None:
    """Return the document that the installer keeps its options' texts in."""
    documents = subject.project.usage_documents
    return documents[0] if documents else None


def all_known(value: Value | None) -> bool:
    """Return whether every member of a list is known; an absent list is."""
    if value is None or isinstance(value, Known):
        return True
    return not isinstance(value, Alternatives | Dynamic) and all(
        isinstance(member, Known | Reference) for member in members(value)
    )


def validator_names(option: Option) -> tuple[str, ...]:
    """Return the short names of an option's validators: ``validate_options``."""
    return tuple(
        member.name.rpartition(".")[2]
        for member in members(option.validators)
        if isinstance(member, Reference)
    )


def processes(option: Option) -> bool | None:
    """Return whether processors change the value; None if they are not known."""
    if option.processors is None:
        return False
    found = truth(option.processors)
    return None if found is None or not all_known(option.processors) else found


def choices(option: Option) -> list[str]:
    """Return an option's choices as texts; none if they are regular expressions or unknown."""
    if any("regexp" in name for name in validator_names(option)):
        return []
    if not isinstance(option.choices, Known) or not isinstance(option.choices.value, list):
        return []
    found = [str(choice) for choice in option.choices.value]
    return [] if any(_PATTERN.search(choice) for choice in found) else found


def enforced_choices(option: Option) -> list[str]:
    """Return the only values that an option can have; none if it can have others."""
    enforced = validator_names(option)[:1] == ("validate_options",) and not option.processors
    listed = choices(option)
    others = (FOREIGN, ",".join(listed[:2]) if len(listed) > 1 else FOREIGN)
    told = all(outcome_of(option, other).accepted is False for other in others)
    return listed if enforced and told else []


_MOST_COMBINATIONS: Final = 1_000


def can_hold(condition: Condition, subject: Subject) -> bool:
    """Return whether some answers make a condition hold, as far as the options' choices tell.

    True if that is not known, or if there are too many combinations to try.
    """
    possible: dict[str, list[str]] = {}
    for name in options_of(condition):
        declared = subject.questions.options_named(name)
        values = [value for each in declared for value in enforced_choices(each)]
        fixed = declared and name not in subject.keys  # what a step rewrites can be anything
        if fixed and all(enforced_choices(each) for each in declared):
            possible[name] = [*dict.fromkeys(values)]
    if not possible or math.prod(map(len, possible.values())) > _MOST_COMBINATIONS:
        return True
    combinations = itertools.product(*possible.values())
    return any(
        evaluate(condition, dict(zip(possible, answers, strict=True))) is not False
        for answers in combinations
    )


def asked(option: Option) -> bool:
    """Return whether a user is ever asked for the option, or can give its flag."""
    return truth(option.use_default) is False


def excludes(one: Option, other: Option, subject: Subject) -> bool:
    """Return whether two declarations can never both exist: their guards contradict."""
    groups = [subject.questions.group_of(option).guard for option in (one, other)]
    return all_of((one.guard, other.guard, *groups)) == NEVER


def text_lines(location: Location, subject: Subject) -> range:
    """Return the numbers of the lines of a text.

    An entry of a usage document is placed at its term; its text is what is indented below.
    """
    lines = subject.sources.lines(location.path)
    last = min(max(location.end_line, location.line, 0), len(lines))
    if not location.path.endswith(".py"):
        while last < len(lines) and (not lines[last].strip() or lines[last][0].isspace()):
            last += 1
    return range(location.line, last + 1)


def is_settled(value: Value | None) -> bool:
    """Return whether a value is known, and no fact of the host that Puppet fills in later."""
    return isinstance(value, Known) and "%{" not in str(value.value)


def control_characters(text: str) -> list[str]:
    """Return the control characters in a text, but for line feeds and tabs."""
    return _CONTROL.findall(text)


def text_or_none(value: Value | None) -> str | None:
    """Return a known text that is not blank."""
    text = known_text(value)
    return text if text and text.strip() else None
