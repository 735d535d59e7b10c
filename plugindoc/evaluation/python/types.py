"""Python's types, as far as plugins ask for them."""

from __future__ import annotations

from typing import Final

from plugindoc.evaluation.builtin_names import ERRORS
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.classes import row_of
from plugindoc.evaluation.state.values import (
    Answer,
    ClassValue,
    External,
    Function,
    Joined,
    Object,
    Pieces,
    Truth,
    Value,
    is_constant,
)
from plugindoc.reading.syntax import Node

__all__ = ["TYPES", "is_instance", "is_subclass", "type_of"]

TYPES: Final[dict[str, frozenset[str]]] = {
    "str": frozenset({"str", "basestring", "string_types", "text_type"}),
    "bool": frozenset({"bool", "int", "integer_types"}),
    "int": frozenset({"int", "long", "integer_types"}),
    "float": frozenset({"float"}),
    "bytes": frozenset({"bytes"}),
    "list": frozenset({"list"}),
    "dict": frozenset({"dict"}),
    "set": frozenset({"set"}),
    "frozenset": frozenset({"frozenset"}),
    "complex": frozenset({"complex"}),
    "tuple": frozenset({"tuple"}),
    "NoneType": frozenset({"NoneType"}),
    "function": frozenset({"function", "FunctionType"}),
}
"""The types of known values, each with the names that it is asked for by."""

_ALL: Final = frozenset(
    {"unicode", "OrderedDict", "object", "type", "property", "staticmethod", "classmethod", *ERRORS}
).union(*TYPES.values())
"""Types that a value is known not to be of."""


def _name_of(value: Value) -> str:
    if isinstance(value, Object):
        return value.kind if value.kind in TYPES else ""
    if isinstance(value, Function):
        return "function"
    if isinstance(value, Joined):
        return "str"
    if isinstance(value, Truth):
        return "bool"
    if isinstance(value, Pieces):
        return "list"
    if isinstance(value, tuple):
        return "tuple"
    return type(value).__name__ if is_constant(value) else ""


def type_of(value: Value) -> Value:
    """Return a value's type; None if it is not known."""
    if isinstance(value, Object) and (value.kind == "instance" or value.family is not None):
        return value.family or value.owner
    name = _name_of(value)
    return External(f"builtins.{name}") if name else None


def is_instance(machine: Machine, value: Value, kinds: Value, node: Node) -> Value:
    """Return ``isinstance(value, kinds)``."""
    wanted = kinds if isinstance(kinds, tuple) else (kinds,)
    if row_of(machine, value) is not None and External("builtins.tuple") in wanted:
        return True
    if isinstance(value, Object) and (value.kind == "instance" or value.family is not None):
        found = [is_subclass(value.family or value.owner, one) for one in wanted]
        if True in found:
            return True
        return machine.unknown(node, "", value) if None in found else False
    name = "str" if isinstance(value, Answer) else _name_of(value)
    if not name or not all(isinstance(one, External | ClassValue) for one in wanted):
        return machine.unknown(node, "", value, *wanted)
    names = TYPES.get(name, frozenset({name}))
    asked = [one.name.rpartition(".")[2] for one in wanted if isinstance(one, External)]
    if any(one in names or one == "object" for one in asked):
        return True
    return False if all(one in _ALL for one in asked) else machine.unknown(node, "", value)


def is_subclass(kind: Value, wanted: Value) -> bool | None:
    """Return whether a class is, or inherits from, another; None if that is not known."""
    if kind is wanted or kind == wanted:
        return True
    if isinstance(kind, External):
        return _is_external_subclass(kind, wanted)
    if not isinstance(kind, ClassValue):
        return False
    if isinstance(wanted, External) and wanted.name == "builtins.object":
        return True
    found = {
        one == wanted or (isinstance(one, External) and _is_external_subclass(one, wanted))
        for one in kind.ancestors
    }
    return True if True in found else None if None in found else False


_PARENTS: Final = {
    "collections.OrderedDict": ("OrderedDict", "dict"),
    "collections.defaultdict": ("defaultdict", "dict"),
    "collections.deque": ("deque",),
}
"""Classes of the library that values are of, with what they inherit from."""


def _is_external_subclass(kind: External, wanted: Value) -> bool | None:
    if kind.name in _PARENTS and isinstance(wanted, External):
        asked = wanted.name.rpartition(".")[2]
        return asked in (*_PARENTS[kind.name], "object") or (False if asked in _ALL else None)
    mine = kind.name.removeprefix("builtins.")
    if mine == kind.name:
        return False if isinstance(wanted, ClassValue) else None
    if not isinstance(wanted, External):
        return False if isinstance(wanted, ClassValue) else None
    theirs = wanted.name.rpartition(".")[2]
    return theirs in TYPES.get(mine, ()) or theirs in ERRORS.get(mine, ()) or theirs == "object"
