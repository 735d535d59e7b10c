"""What a declaration's field holds: a value, a choice of values, or an expression.

"Absent" is none of these: a field that a plugin leaves out is ``None`` in the model.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias

import msgspec

from plugindoc.model.conditions import Condition
from plugindoc.model.locations import Location

__all__ = [
    "Alternatives",
    "Branch",
    "Dynamic",
    "Entries",
    "Items",
    "Known",
    "Reference",
    "Text",
    "Value",
    "is_absent",
    "is_known",
    "items",
    "known_text",
    "members",
    "references",
    "text",
    "truth",
    "words",
]


class _Value(msgspec.Struct, frozen=True, gc=False, tag_field="kind", omit_defaults=True):
    """What all values share: the tag ``kind`` in JSON. Frozen data makes no circles."""


class Known(_Value, frozen=True, tag="known"):
    """A value that the source settles.

    Integers lie within 64 bits, texts hold no lone surrogates, tuples and sets are lists
    (a set sorted), and the keys of a dict are texts: plain data, as JSON has it.
    """

    value: Any


class Dynamic(_Value, frozen=True, tag="dynamic"):
    """An expression whose value only the running installer knows.

    `source` is its text as written, `reason` says in a few words why it is not known.
    """

    source: str
    reason: str
    location: Location | None = None


class Text(_Value, frozen=True, tag="text"):
    """A text with holes: known parts (texts) and unknown ones, in order."""

    parts: tuple[str | Dynamic, ...]


class Reference(_Value, frozen=True, tag="reference"):
    """A function, class or module member, by name.

    `name` is the short qualified name that people use (``validators.validate_ssh``,
    ``nova_300.process_compute``; ``nova_300.<lambda>`` for a lambda); `target` the whole dotted
    name. `location` is that of the definition, if it was found.
    """

    name: str
    target: str = ""
    location: Location | None = None


class Items(_Value, frozen=True, tag="items"):
    """A list with at least one member that is not `Known`."""

    members: tuple[Value, ...]


class Entries(_Value, frozen=True, tag="entries"):
    """A dict with at least one key or value that is not `Known`, in source order."""

    pairs: tuple[tuple[Value, Value], ...]


class Branch(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """One of several alternatives: `value` if `guard` holds."""

    guard: Condition
    value: Value


class Alternatives(_Value, frozen=True, tag="alternatives"):
    """A value that depends on a branch; the guards exclude one another."""

    branches: tuple[Branch, ...]


Value: TypeAlias = Known | Text | Reference | Items | Entries | Alternatives | Dynamic


def items(values: Sequence[Value]) -> Value:
    """Return a list value: plain data if every member is known."""
    if all(isinstance(value, Known) for value in values):
        return Known([value.value for value in values if isinstance(value, Known)])
    return Items(tuple(values))


def text(parts: Sequence[str | Dynamic]) -> Value:
    """Return a text value: joined where parts touch, plain if it has no hole."""
    joined: list[str | Dynamic] = []
    for part in parts:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        elif part != "":
            joined.append(part)
    if not joined:
        return Known("")
    if len(joined) == 1 and isinstance(joined[0], str):
        return Known(joined[0])
    return Text(tuple(joined))


def is_known(value: Value | None) -> bool:
    """Return whether the source settles the value; absent is not known."""
    return isinstance(value, Known)


def known_text(value: Value | None) -> str | None:
    """Return the text of a value that is a known text, else None."""
    if isinstance(value, Known) and isinstance(value.value, str):
        return value.value
    return None


def is_absent(value: Value | None) -> bool:
    """Return whether a field is not declared, or declared as None."""
    return value is None or (isinstance(value, Known) and value.value is None)


def members(value: Value | None) -> tuple[Value, ...]:
    """Return the members of a list value; none for anything else, one for a lone reference."""
    if isinstance(value, Items):
        return value.members
    if isinstance(value, Known) and isinstance(value.value, list):
        return tuple(Known(member) for member in value.value)
    if isinstance(value, Reference):
        return (value,)
    return ()


def truth(value: Value | None) -> bool | None:
    """Return the value's truth as Python sees it; None if it is not known."""
    if value is None:
        return False
    if isinstance(value, Known):
        return bool(value.value)
    if isinstance(value, Items | Entries | Reference):
        return True
    if isinstance(value, Text) and any(part for part in value.parts if isinstance(part, str)):
        return True
    if isinstance(value, Alternatives):
        found = {truth(branch.value) for branch in value.branches}
        return found.pop() if len(found) == 1 else None
    return None


def words(value: Value | None) -> str:
    """Return the value in one line of plain text, as a page or a message shows it.

    Known texts are unchanged, other data is as Python writes it; holes are in ``⟨ ⟩``.
    """
    match value:
        case None:
            return ""
        case Known(value=data):
            return data if isinstance(data, str) else repr(data)
        case Text(parts=parts):
            return "".join(p if isinstance(p, str) else f"⟨{p.source}⟩" for p in parts)
        case Reference(name=name):
            return name
        case Items(members=listed):
            return "[" + ", ".join(words(member) for member in listed) + "]"
        case Entries(pairs=pairs):
            return "{" + ", ".join(f"{words(key)}: {words(val)}" for key, val in pairs) + "}"
        case Alternatives(branches=branches):
            return " or ".join(words(branch.value) for branch in branches)
        case Dynamic(source=source):
            return f"⟨{source}⟩"


def references(value: Value | None) -> list[Reference]:
    """Return the functions that a value names, alone, in a list, or in any of its alternatives."""
    if isinstance(value, Reference):
        return [value]
    if isinstance(value, Items):
        return [one for member in value.members for one in references(member)]
    if isinstance(value, Alternatives):
        return [one for branch in value.branches for one in references(branch.value)]
    return []
