"""Python's types, as far as plugins ask for them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from plugindoc.evaluation.values import (
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

if TYPE_CHECKING:
    from plugindoc.evaluation.machine import Machine

__all__ = ["TYPES", "is_instance", "type_of"]

TYPES: Final[dict[str, frozenset[str]]] = {
    "str": frozenset({"str", "basestring", "string_types", "text_type"}),
    "bool": frozenset({"bool", "int", "integer_types"}),
    "int": frozenset({"int", "long", "integer_types"}),
    "float": frozenset({"float"}),
    "bytes": frozenset({"bytes"}),
    "list": frozenset({"list"}),
    "dict": frozenset({"dict", "OrderedDict"}),
    "set": frozenset({"set", "frozenset"}),
    "tuple": frozenset({"tuple"}),
    "NoneType": frozenset({"NoneType"}),
    "function": frozenset({"function", "FunctionType"}),
}
"""The types of known values, each with the names that it is asked for by."""


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
    return type(value).__name__ if is_constant(value) else ""


def type_of(value: Value) -> Value:
    """Return a value's type; None where it is not known."""
    if isinstance(value, Object) and value.kind == "instance":
        return value.owner
    name = _name_of(value)
    return External(f"builtins.{name}") if name else None


def is_instance(machine: Machine, value: Value, kinds: Value, node: Node) -> Value:
    """Return ``isinstance(value, kinds)``."""
    wanted = kinds if isinstance(kinds, tuple) else (kinds,)
    if isinstance(value, Object) and value.kind == "instance":
        found = [_inherits(value.owner, one) for one in wanted]
        if True in found:
            return True
        return machine.unknown(node, "", value) if None in found else False
    name = "str" if isinstance(value, Answer) else _name_of(value)
    if not name or not all(isinstance(one, External | ClassValue) for one in wanted):
        return machine.unknown(node, "", value, *wanted)
    names = TYPES.get(name, frozenset({name}))
    return any(isinstance(one, External) and one.name.rpartition(".")[2] in names for one in wanted)


def _inherits(owner: Value, wanted: Value) -> bool | None:
    if owner is wanted or owner == wanted:
        return True
    if not isinstance(owner, ClassValue):
        return None if isinstance(owner, External) else False
    found = {_inherits(base, wanted) for base in owner.bases}
    return True if True in found else None if None in found else False
