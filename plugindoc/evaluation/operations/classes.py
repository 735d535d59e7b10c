"""Classes: what they inherit from, the members they have, and which of them are followed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from plugindoc.evaluation.builtin_names import ERRORS
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.records import Record, RowMethod
from plugindoc.evaluation.state.values import (
    ABSENT,
    ClassValue,
    External,
    Function,
    Object,
    Value,
)
from plugindoc.reading.syntax import Block, Node

__all__ = [
    "FIELDS",
    "MIXED",
    "ancestors_through",
    "builtin_base",
    "class_member",
    "class_of",
    "decorators_of",
    "docstring_of",
    "fields_of",
    "has_known_bases",
    "has_known_truth",
    "is_followed",
    "lineage",
    "match_args",
    "row_method",
    "row_names",
    "row_of",
    "special",
]

_CONTAINERS: Final = {
    "builtins.dict": "dict",
    "collections.OrderedDict": "dict",
    "collections.UserDict": "dict",
    "UserDict.UserDict": "dict",
    "builtins.list": "list",
    "collections.UserList": "list",
    "builtins.set": "set",
}

_ENUMS: Final = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum"})

MIXED: Final[dict[str, type]] = {
    "builtins.int": int,
    "builtins.str": str,
    "enum.IntEnum": int,
    "enum.StrEnum": str,
}
"""What an enum's members are beside members, by what it inherits from."""

_PLAIN_BASES: Final = frozenset(
    {"builtins.object", "abc.ABC", "builtins.Exception", "typing.NamedTuple", *_ENUMS, *_CONTAINERS}
)

_SPECIAL_WORDS = """
__add__ __all__ __annotations__ __author__ __bool__ __call__ __contains__ __dataclass__ __doc__
__enter__ __eq__ __exit__ __fields__ __frozen__ __getattr__ __getitem__ __hash__ __iadd__ __imul__
__init__ __init_subclass__ __ior__ __isub__ __iter__ __len__ __match_args__ __members__ __mod__
__module__ __mul__
__name__ __new__ __next__ __nonzero__ __or__ __post_init__ __qualname__ __repr__ __setattr__
__setitem__ __slots__ __str__ __sub__ __unicode__ __version__
"""

_SPECIAL: Final = frozenset(_SPECIAL_WORDS.split())
"""Special members of classes that are followed; a class with any other is not."""

_OF_CONTAINERS: Final = frozenset(
    {"__init__", "__str__", "__repr__", "__doc__", "__module__", "__getattr__", "__setattr__"}
)
"""Those that a class may have that inherits from a container, and none of its methods."""

_TYPES: Final[dict[str, type]] = {"dict": dict, "list": list, "set": set}

FIELDS: Final = "__fields__"


def class_member(machine: Machine, owner: Value, name: str) -> Value:
    """Return a class's member, its own or a base's; `ABSENT` if there is none."""
    if not isinstance(owner, ClassValue):
        return ABSENT
    for one in (owner, *owner.ancestors):
        if not isinstance(one, ClassValue):
            continue
        content: dict[str, Value] = machine.heap.read(one.scope)
        if name in content:
            return content[name]
    return ABSENT


def decorators_of(function: Function) -> set[str]:
    """Return the names of a function's decorators, without the modules that they are from."""
    found = getattr(function.node, "decorators", ())
    return {getattr(one, "id", "") or getattr(one, "name", "") for one in found}


def docstring_of(value: Function | ClassValue) -> str | None:
    """Return the docstring of a function or class; None if it has none."""
    parsed, body = value.home.parsed, value.node.body
    return (parsed.docstring_of(body) or None) if parsed and isinstance(body, Block) else None


def class_of(value: Value) -> ClassValue | None:
    """Return the class of the installer's or a plugin's that a value is an instance of."""
    if not isinstance(value, Object):
        return None
    owner = value.owner if value.kind == "instance" else value.family
    return owner if isinstance(owner, ClassValue) else None


def lineage(kind: Value) -> list[Value]:
    """Return a class and all that it inherits from, in the order of look-up."""
    return [kind, *kind.ancestors] if isinstance(kind, ClassValue) else [kind]


def ancestors_through(bases: Sequence[Value]) -> tuple[Value, ...]:
    """Return all that a class with these bases inherits from, in the order of look-up."""
    found = [one for base in bases for one in lineage(base)]
    last = {_identity(one): index for index, one in enumerate(found)}
    return tuple(one for index, one in enumerate(found) if last[_identity(one)] == index)


def _identity(kind: Value) -> object:
    return kind.name if isinstance(kind, External) else id(kind)


def builtin_base(kind: ClassValue) -> str:
    """Return what Python's own a class inherits from: a container, error, enum, row, or ""."""
    for one in lineage(kind):
        if isinstance(one, Record):
            return "row"
        if isinstance(one, External):
            short = one.name.removeprefix("builtins.")
            if one.name in _CONTAINERS:
                return _CONTAINERS[one.name]
            if short in ERRORS and short != one.name:
                return "error"
            if one.name in _ENUMS:
                return "enum"
            if one.name == "typing.NamedTuple":
                return "row"
    return ""


def is_followed(machine: Machine, kind: ClassValue) -> bool:
    """Return whether all that a class does with its instances is followed."""
    is_container = builtin_base(kind) in ("dict", "list", "set")
    known = _OF_CONTAINERS if is_container else _SPECIAL
    if not has_known_bases(kind):
        return False
    for one in lineage(kind):
        if not isinstance(one, ClassValue):
            continue
        names = machine.heap.read(one.scope)
        if any(name[:2] == "__" == name[-2:] and name not in known for name in names):
            return False
        if is_container and any(hasattr(_TYPES[builtin_base(kind)], name) for name in names):
            return not any(
                name not in known and hasattr(_TYPES[builtin_base(kind)], name) for name in names
            )
    return True


def has_known_bases(kind: ClassValue) -> bool:
    """Return whether all that a class inherits from is followed."""
    is_enum = builtin_base(kind) == "enum"
    return all(
        isinstance(one, ClassValue | Record)
        or (isinstance(one, External) and _is_plain_base(one.name))
        or (is_enum and isinstance(one, External) and one.name in MIXED)
        for one in lineage(kind)
    )


def _is_plain_base(name: str) -> bool:
    return name in _PLAIN_BASES or name.removeprefix("builtins.") in ERRORS


def fields_of(machine: Machine, kind: ClassValue) -> tuple[str, ...]:
    """Return the names that a class's body gives types, its bases' first."""
    names: dict[str, None] = {}
    for one in reversed(lineage(kind)):
        if isinstance(one, ClassValue):
            names.update(dict.fromkeys(machine.heap.read(one.scope).get(FIELDS, ())))
    return tuple(names)


def match_args(machine: Machine, kind: ClassValue) -> tuple[str, ...]:
    """Return the attributes that positional patterns of a data class or named tuple compare."""
    is_data = class_member(machine, kind, "__dataclass__") is True
    return fields_of(machine, kind) if is_data else row_names(machine, kind)


def row_names(machine: Machine, owner: Value) -> tuple[str, ...]:
    """Return the names of a named tuple's members; () for any other class."""
    if isinstance(owner, Record):
        return owner.fields
    if isinstance(owner, ClassValue) and builtin_base(owner) == "row":
        record = next((one for one in lineage(owner) if isinstance(one, Record)), None)
        return record.fields if record is not None else fields_of(machine, owner)
    return ()


def row_of(machine: Machine, value: Value) -> tuple[Value, ...] | None:
    """Return a named tuple's members; None for anything else."""
    if not isinstance(value, Object):
        return None
    names = row_names(machine, value.owner)
    if not names:
        return None
    content = machine.heap.read(value)
    return tuple(content[name] for name in names)


def row_method(machine: Machine, value: Object, name: str) -> Value:
    """Return a method of a named tuple; `ABSENT` if the instance is not one."""
    if name in ("_asdict", "_replace") and row_names(machine, value.owner):
        return RowMethod(value, name)
    return ABSENT


def has_known_truth(machine: Machine, found: Object) -> bool:
    """Return whether an instance of a class without special methods for that is true."""
    if row_of(machine, found) is not None:
        return bool(row_of(machine, found))
    return not any(isinstance(one, External) and one.name in MIXED for one in lineage(found.owner))


def special(machine: Machine, value: Value, name: str, given: list[Value], node: Node) -> Value:
    """Return what a special method of an instance gives; `ABSENT` if its class has none."""
    kind = class_of(value)
    if kind is None:
        return ABSENT
    member: Any = class_member(machine, kind, name)
    return ABSENT if member is ABSENT else machine.call(member, [value, *given], node)
