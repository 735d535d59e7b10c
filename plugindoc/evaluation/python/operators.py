"""Operators on values, with bounds on what they may grow to."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from plugindoc.evaluation.limits import (
    MAX_BITS,
    MAX_MEMBERS,
    MAX_TEXT,
    Unfit,
    limit_reached,
)
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.classes import special
from plugindoc.evaluation.operations.comparison import as_value, truth
from plugindoc.evaluation.operations.conversion import from_plain, join_text, plain, row
from plugindoc.evaluation.python.formatting import as_source, percent
from plugindoc.evaluation.python.library_objects import FilePath
from plugindoc.evaluation.state.values import (
    ABSENT,
    Answer,
    Choice,
    Joined,
    Maybe,
    Object,
    Truth,
    Unknown,
    Value,
    is_constant,
)
from plugindoc.model.conditions import all_of, any_of, negate
from plugindoc.reading.syntax import Node

__all__ = ["binary", "unary"]

_OPERATORS: Final[dict[str, Callable[[Any, Any], Value]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
    "//": operator.floordiv,
    "%": operator.mod,
    "**": operator.pow,
    "<<": operator.lshift,
    ">>": operator.rshift,
    "&": operator.and_,
    "|": operator.or_,
    "^": operator.xor,
}


_SPECIAL: Final = {"+": "__add__", "-": "__sub__", "*": "__mul__", "|": "__or__", "%": "__mod__"}

_UNARY: Final[dict[str, Callable[[Any], Value]]] = {
    "-": operator.neg,
    "+": operator.pos,
    "~": operator.invert,
}


def binary(machine: Machine, sign: str, one: Value, other: Value, node: Node) -> Value:
    """Return ``one sign other``."""
    if type(one) is Choice or type(other) is Choice:
        return machine.each_of(
            (one, other), lambda both: binary(machine, sign, both[0], both[1], node)
        )
    if sign == "%" and isinstance(one, str | Joined):
        return machine.charge(percent(machine, one, other, node))
    if sign == "/" and isinstance(one, FilePath):
        return one.joined(other) or machine.unknown(node, "", other)
    if type(one) is Object and one.kind == "instance" and sign in _SPECIAL:
        found = special(machine, one, _SPECIAL[sign], [other], node)
        if found is not ABSENT:
            return found
    if is_constant(one) and is_constant(other) and type(one) is not tuple:
        return machine.charge(_constants(machine, sign, one, other, node))
    return _objects(machine, sign, one, other, node)


def _constants(machine: Machine, sign: str, one: Value, other: Value, node: Node) -> Value:
    try:
        _check_size(sign, one, other)
        if sign == "/" and isinstance(one, int) and isinstance(other, int) and machine.python2:
            return one // other
        return _OPERATORS[sign](one, other)
    except Unfit as reason:
        return machine.unknown(node, reason.why)
    except KeyError:
        return machine.unknown(node, "this operator is not evaluated")
    except (TypeError, ValueError, ArithmeticError) as error:
        return machine.fail(type(error).__name__, None, node)


def _check_size(sign: str, one: Value, other: Value) -> None:
    """Raise Unfit if a result would be too big to compute."""
    if sign == "+" and isinstance(one, str | bytes) and isinstance(other, str | bytes):
        if len(one) + len(other) > MAX_TEXT:
            raise Unfit(limit_reached(MAX_TEXT, "characters"))
    elif sign == "*":
        for sized, count in ((one, other), (other, one)):
            if isinstance(sized, str | bytes) and isinstance(count, int):
                if len(sized) * count > MAX_TEXT:
                    raise Unfit(limit_reached(MAX_TEXT, "characters"))
                return
        _check_bits(_bits(one) + _bits(other))
    elif sign == "**" and isinstance(one, int) and isinstance(other, int):
        _check_bits(_bits(one) * max(other, 1))
    elif sign == "<<" and isinstance(other, int):
        _check_bits(_bits(one) + other)


def _bits(value: Value) -> int:
    return value.bit_length() if isinstance(value, int) else 0


def _check_bits(bits: int) -> None:
    if bits > MAX_BITS:
        raise Unfit(limit_reached(MAX_BITS, "bits of an integer"))


def _objects(machine: Machine, sign: str, one: Value, other: Value, node: Node) -> Value:
    if any(isinstance(each, Object) and each.family is not None for each in (one, other)):
        machine.may_raise()
        return machine.unknown(node, "", one, other)
    if sign == "+":
        found = _add(machine, one, other, node)
        if found is not None:
            return found
    elif sign == "*":
        found = _repeat(machine, one, other, node)
        if found is not None:
            return found
    elif sign in ("|", "&", "-", "^"):
        found = _sets(machine, sign, one, other, node)
        if found is not None:
            return found
    if _never(sign, one) and _never(sign, other) and Object in (type(one), type(other)):
        return machine.fail("TypeError", None, node)
    machine.may_raise()
    return machine.unknown(node, "", one, other)


_VALID: Final = {"dict": "|", "iterator": "", "list": "+*", "range": "", "set": "|&-^"}


def _never(sign: str, value: Value) -> bool:
    """Return whether an operator is none of a value's type, as far as that is known."""
    if type(value) is Object:
        return value.kind in _VALID and value.family is None and sign not in _VALID[value.kind]
    return is_constant(value) and not (sign == "%" and isinstance(value, str))


def _add(machine: Machine, one: Value, other: Value, node: Node) -> Value:
    if isinstance(one, tuple) and isinstance(other, tuple):
        return row(machine, one + other, node)
    if isinstance(one, Object) and one.kind == "list":
        if isinstance(other, Object) and other.kind == "list":
            members = [*machine.heap.read(one), *machine.heap.read(other)]
            return machine.made("list", members, node)
        if isinstance(other, Unknown):
            return None
        if is_constant(other) or isinstance(other, Object):
            return machine.fail("TypeError", None, node)
    texts = (str, Joined, Answer, Unknown)
    if isinstance(one, texts) and isinstance(other, texts) and _some_text(one, other):
        return join_text([one, other])
    return None


def _some_text(*values: Value) -> bool:
    return any(isinstance(value, str | Joined) for value in values)


def _repeat(machine: Machine, one: Value, other: Value, node: Node) -> Value:
    for sized, count in ((one, other), (other, one)):
        if not isinstance(count, int):
            continue
        if isinstance(sized, tuple):
            members: Any = sized
        elif isinstance(sized, Object) and sized.kind == "list":
            members = machine.heap.read(sized)
        else:
            continue
        if len(members) * count > MAX_MEMBERS:
            return machine.unknown(node, limit_reached(MAX_MEMBERS, "members"))
        repeated = members * count
        make = row if isinstance(repeated, tuple) else _new_list
        return make(machine, repeated, node)
    return None


def _new_list(machine: Machine, members: list[Value], node: Node) -> Value:
    return machine.new("list", members, node)


def _sets(machine: Machine, sign: str, one: Value, other: Value, node: Node) -> Value:
    if isinstance(one, Truth | bool) and isinstance(other, Truth | bool):
        return None if sign == "-" else _truths(machine, sign, one, other, node)
    if isinstance(one, frozenset) or isinstance(other, frozenset):
        mine, theirs = plain(machine, one), plain(machine, other)
        if not isinstance(mine, set | frozenset) or not isinstance(theirs, set | frozenset):
            return None
        found = _OPERATORS[sign](mine, theirs)
        return found if isinstance(one, frozenset) else from_plain(machine, found, node)
    if isinstance(one, Object) and isinstance(other, Object) and one.kind == other.kind:
        if one.kind == "dict" and sign == "|":
            content = {**machine.heap.read(one), **machine.heap.read(other)}
            return machine.made("dict", content, node)
        mine, theirs = plain(machine, one), plain(machine, other)
        if one.kind == "set" and mine is not ABSENT and theirs is not ABSENT:
            return from_plain(machine, _OPERATORS[sign](mine, theirs), node)
        if one.kind == "set" and sign == "|":
            return machine.new("set", _united(machine, one, other), node)
    return None


def _united(machine: Machine, one: Object, other: Object) -> dict[Any, Value]:
    content = dict(machine.heap.read(one))
    for key, value in machine.heap.read(other).items():
        kept = content.get(key, value)
        content[key] = kept if isinstance(kept, Maybe) else True
    return content


def _truths(machine: Machine, sign: str, one: Value, other: Value, node: Node) -> Value:

    mine, theirs = truth(machine, one, node), truth(machine, other, node)
    if sign == "&":
        return as_value(all_of((mine, theirs)))
    if sign == "|":
        return as_value(any_of((mine, theirs)))
    return as_value(any_of((all_of((mine, negate(theirs))), all_of((negate(mine), theirs)))))


def unary(machine: Machine, sign: str, value: Value, node: Node) -> Value:
    """Return ``sign value``; backticks are Python 2's ``repr``."""
    if type(value) is Choice:
        return machine.each(value, lambda one: unary(machine, sign, one, node))
    if sign == "`":
        return as_source(machine, value, node)
    if isinstance(value, int | float | complex):
        if sign == "~" and not isinstance(value, int):
            return machine.fail("TypeError", None, node)
        return _UNARY[sign](value)
    if is_constant(value) or (type(value) is Object and value.kind in _VALID):
        return machine.fail("TypeError", None, node)
    machine.may_raise()
    return machine.unknown(node, "", value)
