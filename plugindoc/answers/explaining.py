"""An explanation for people: whether something is so, with which answers, and how to change it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from plugindoc.answers.reporting import Item
from plugindoc.answers.targets import Kind
from plugindoc.answers.why import Change, Current, Explanation

__all__ = ["outline_of_explanation"]

_STATES: Final[dict[Kind, tuple[str, str]]] = {
    "option": ("is asked", "is not asked"),
    "answer": ("applies", "does not apply"),
    "group": ("is asked", "is not asked"),
    "plugin": ("runs", "does not run"),
    "sequence": ("runs", "does not run"),
    "step": ("runs", "does not run"),
    "template": ("is applied", "is not applied"),
    "refusal": ("applies", "does not apply"),
}
_ENABLED: Final[dict[str, str]] = {
    "option": "Options that only this choice enables:",
    "step": "Steps that only this choice enables:",
}
_SOURCES: Final = {
    "file": "your answer",
    "default": "default",
    "computed": "computed default",
    "unasked": "not asked",
    "unknown": "perhaps asked",
}


def outline_of_explanation(found: Explanation) -> list[Item]:
    """Return the outline of an explanation."""
    yes, no = _STATES[found.kind]
    state = (
        f"It is not known whether it {yes}" if found.holds is None else yes if found.holds else no
    )
    subject = f"{found.name}: " if found.holds is None else f"{found.name} "
    when = "" if found.when in {"always", "never"} else f"It {yes} when {found.when}."
    parts = [Item(f"{subject}{state}.", (Item(when),) if when else ())]
    if found.current:
        parts.append(Item("With these answers:", tuple(map(_current, found.current))))
    if found.instead:
        verb = "are" if len(found.instead) > 1 else "is"
        parts.append(Item(f"Instead, {' and '.join(found.instead)} {verb} asked."))
    if found.never:
        verb, _, rest = yes.partition(" ")
        never = f"It {verb} never {rest}" if rest else f"It never {verb}"
        parts.append(Item(f"{never}: {found.reason}."))
    elif found.reason:
        parts.append(Item(f"{found.reason[0].upper()}{found.reason[1:]}."))
    if found.proposals:
        purpose = "To be sure" if found.holds is None else "To change this"
        lead = f"{purpose}, set{' one of' if len(found.proposals) > 1 else ''}:"
        parts.append(Item(lead, tuple(Item(_together(changes)) for changes in found.proposals)))
    return [*parts, *_enabled(found)]


def _current(one: Current) -> Item:
    source = _SOURCES[one.source]
    if one.source in {"unasked", "unknown"}:
        return Item(f"{one.option} is {source}")
    if one.secret:
        return Item(f"{one.option} is set (a secret; {source})")
    value = "not known" if one.value is None else one.value or "empty"
    becomes = f", and {' or '.join(one.set_by)} sets it to {one.becomes}" if one.set_by else ""
    return Item(f"{one.option} is {value} ({source}){becomes}")


def _enabled(found: Explanation) -> Iterator[Item]:
    if found.choices:
        yield Item(
            f"Its choices are {', '.join(found.choices)}. To see what one enables, use "
            f"`plugindoc why {found.name}={found.choices[-1]}`."
        )
    for kind, lead in _ENABLED.items():
        names = tuple(Item(one.name) for one in found.enables if one.kind == kind)
        if names:
            yield Item(lead, names)


def _together(changes: Iterable[Change]) -> str:
    return " and ".join(
        f"{one.option}={'…' if one.value is None else one.value}"
        + (" (choose a secret)" if one.secret else "")
        for one in changes
    )
