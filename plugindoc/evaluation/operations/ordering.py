"""Order: which of two values comes first, and values sorted as Python sorts them."""

from __future__ import annotations

from functools import cmp_to_key
from typing import Any, Final

from plugindoc.evaluation.limits import Stop, Unfit
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.conversion import plain, unordered
from plugindoc.evaluation.state.values import ABSENT, Arguments, Choice, Value, guarded
from plugindoc.reading.syntax import Node

__all__ = ["first_choice", "order", "ordered"]

_NUMBERS: Final = (bool, int, float)


def order(machine: Machine, one: Any, other: Any) -> int:  # noqa: ANN401 - any data
    """Return a number below, at or above 0, like Python 2's ``cmp``.

    Raises TypeError if the two cannot be ordered. Python 2 orders values of different types
    too: None, then numbers, then all others by the name of their type.
    """
    if machine.python2:
        return _order_of_old(one, other)
    return int(one > other) - int(one < other)


def _order_of_old(one: Any, other: Any) -> int:  # noqa: ANN401 - any data
    mine, theirs = _rank(one), _rank(other)
    if mine != theirs:
        return -1 if mine < theirs else 1
    if isinstance(one, list | tuple):
        for member, against in zip(one, other, strict=False):
            found = _order_of_old(member, against)
            if found:
                return found
        return (len(one) > len(other)) - (len(one) < len(other))
    if one is None:
        return 0
    return int(one > other) - int(one < other)


def _rank(value: Any) -> tuple[int, str]:  # noqa: ANN401 - any data
    if value is None:
        return (0, "")
    return (1, "") if isinstance(value, _NUMBERS) else (2, type(value).__name__)


def first_choice(members: list[Value]) -> int | None:
    """Return the place of the first member that is one of several values."""
    return next((i for i, one in enumerate(members) if type(one) is Choice), None)


def _comparable(machine: Machine, keys: list[Value]) -> list[Any]:
    """Return keys as plain data; of rows whose first members differ, those alone."""
    found = [plain(machine, one) for one in keys]
    if not any(one is ABSENT for one in found):
        return found
    rows = [one for one in keys if isinstance(one, tuple) and one]
    if len(rows) < len(keys):
        raise Unfit
    firsts = [plain(machine, one[0]) for one in rows]
    if not all(isinstance(one, str | int) for one in firsts) or len({*firsts}) < len(firsts):
        raise Unfit
    return firsts


def ordered(machine: Machine, value: Value, arguments: Arguments, node: Node) -> list[Value]:
    """Return the members of a value in order; raises Unfit if that is not known.

    `arguments` are those of ``list.sort``: Python 2's comparing function, the key, and reverse.
    """
    members = unordered(machine, machine.narrow(value), node)
    inner = [guarded(one)[1] for one in members]
    compared = arguments.get(0, "cmp", None)
    key = arguments.get(1, "key", None)
    keys = inner if key is None else [machine.call(key, [one], node) for one in inner]
    if compared is None:
        keys = _comparable(machine, keys)

    def decide(one: int, other: int) -> int:
        if compared is None:
            return order(machine, keys[one], keys[other])
        found = machine.call(compared, [keys[one], keys[other]], node)
        if not isinstance(found, int):
            raise Unfit
        return found

    backwards = plain(machine, arguments.get(2, "reverse", default=False))
    if backwards is ABSENT:
        raise Unfit
    try:
        places = sorted(range(len(members)), key=cmp_to_key(decide), reverse=bool(backwards))
    except TypeError:
        if machine.python2:
            raise Unfit from None
        machine.fail("TypeError", None, node)
        raise Stop from None
    return [members[index] for index in places]
