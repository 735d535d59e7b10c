"""What Python 2 has and Python 3 has not, or not like that: functions by their dotted names."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import zip_longest
from typing import TYPE_CHECKING, Final

from plugindoc.evaluation.convert import listed, plain
from plugindoc.evaluation.limits import Unfit
from plugindoc.evaluation.values import ABSENT, Arguments, Maybe, Value
from plugindoc.reading.syntax import Node

if TYPE_CHECKING:
    from plugindoc.evaluation.machine import Machine

__all__ = ["PYTHON2"]

_Call = Callable[["Machine", Arguments, Node], Value]

_OF_TEXTS: Final = (
    "capitalize center count expandtabs find index ljust lower lstrip replace rfind rjust rstrip "
    "split splitlines strip swapcase upper zfill"
)


def _method(name: str) -> _Call:
    """Return ``string.name``, whose first argument is the text."""

    def call(machine: Machine, arguments: Arguments, node: Node) -> Value:
        if not arguments.positional:
            return NotImplemented
        text, *rest = arguments.positional
        given = Arguments(rest, arguments.named)
        return machine.each(text, lambda one: machine.call_method(one, name, given, node))

    return call


def _join(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Return ``string.join(words, separator)``."""
    words = arguments.get(0, "words", ABSENT)
    separator = arguments.get(1, "sep", " ")
    given = Arguments([words], {})
    return machine.each(separator, lambda one: machine.call_method(one, "join", given, node))


def _map(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Return ``map(None, …)``: the lists side by side, the shorter ones filled up."""
    function, *values = arguments.positional
    if function is not None or not values:
        return NotImplemented
    lists = [listed(machine, machine.narrow(value), node) for value in values]
    if any(type(member) is Maybe for one in lists for member in one):
        raise Unfit
    found = lists[0] if len(lists) == 1 else [tuple(row) for row in zip_longest(*lists)]
    return machine.new("list", list(found), node)


def _apply(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Return ``apply(function, arguments)``."""
    if len(arguments.positional) != 2:  # noqa: PLR2004 - keywords are left to the unknown
        return NotImplemented
    function, values = arguments.positional
    return machine.call(function, listed(machine, machine.narrow(values), node), node)


def _cmp(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    one, other = (plain(machine, value) for value in arguments.positional)
    if type(one) is not type(other) or not isinstance(one, str | int | float):
        return NotImplemented
    return (one > other) - (one < other)


def _oct(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    value = plain(machine, arguments.get(0, "number", ABSENT))
    if not machine.python2 or not isinstance(value, int):
        return NotImplemented
    return ("-" if value < 0 else "") + (f"0{abs(value):o}" if value else "0")


def _round(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    """Return a float, halves rounded away from zero."""
    value = plain(machine, arguments.get(0, "number", ABSENT))
    if not machine.python2:
        return NotImplemented
    if not isinstance(value, int | float) or len(arguments.positional) != 1:
        raise Unfit
    return float(math.copysign(math.floor(abs(value) + 0.5), value))


PYTHON2: Final[dict[str, _Call]] = {
    **{f"string.{name}": _method(name) for name in _OF_TEXTS.split()},
    "string.join": _join,
    "string.joinfields": _join,
    "builtins.map": _map,
    "builtins.apply": _apply,
    "builtins.cmp": _cmp,
    "builtins.oct": _oct,
    "builtins.round": _round,
}
