"""Methods of lists, dicts and sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from plugindoc.evaluation.limits import MAX_MEMBERS, Unfit, limit_reached
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.comparison import equal
from plugindoc.evaluation.operations.conversion import (
    listed,
    remaining,
    unordered,
)
from plugindoc.evaluation.operations.ordering import first_choice, ordered
from plugindoc.evaluation.state.paths import bounded, disjoin
from plugindoc.evaluation.state.values import (
    Arguments,
    Maybe,
    Object,
    Value,
    guarded,
    is_settled,
    member_if,
)
from plugindoc.model.conditions import (
    ALWAYS,
    NEVER,
    Always,
    Condition,
    Never,
    all_of,
    negate,
)
from plugindoc.reading.syntax import Node

__all__ = [
    "ITERATOR_METHODS",
    "LIST_METHODS",
    "MOST_ARGUMENTS",
    "NAMED",
    "Table",
    "all_certain",
    "check_count",
    "clear",
    "copy",
    "length",
]


def all_certain(members: list[Value]) -> list[Value]:
    """Return members if all certainly exist; raises Unfit otherwise."""
    if not is_settled(members):
        message = "the list's length depends on answers"
        raise Unfit(message)
    return members


def check_count(count: int) -> None:
    """Raise Unfit if a container would have too many members."""
    if count > MAX_MEMBERS:
        raise Unfit(limit_reached(MAX_MEMBERS, "members"))


def _append(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    members = machine.heap.write(found)
    check_count(len(members))
    members.append(given.positional[0])
    return None


def _extend(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    value = given.positional[0]

    def extend(one: Value) -> None:
        try:
            more = listed(machine, one, node)
        except Unfit as reason:
            unknown = machine.unknown(node, reason.why, one)
            more = [Maybe(machine.opaque(node, one), unknown)]
        members = machine.heap.write(found)
        check_count(len(members) + len(more))
        members.extend(more)

    machine.each(value, extend)
    return None


def _insert(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    index, value = given.positional[0], given.positional[1]
    if not isinstance(index, int):
        raise Unfit
    members = machine.heap.write(found)
    counted = members[:index] if index > 0 else members[index:] if index else []
    if is_settled(counted):
        members.insert(index, value)
    elif index < 0:
        all_certain(members)
    else:
        members[:] = _inserted(members, index, value)
    return None


def _inserted(members: list[Value], index: int, value: Value) -> list[Value]:
    """Insert a value after a number of members, some of which may be absent."""
    counts: dict[int, Condition] = {0: ALWAYS}
    result: list[Value] = []
    for member in members:
        present, _ = guarded(member)
        result.append(member)
        reached = bounded(all_of((counts.get(index - 1, NEVER), present)))
        result += _guarded(reached, value)
        after: dict[int, Condition] = {}
        for count, condition in counts.items():
            if count < index:
                more = all_of((condition, present))
                same = all_of((condition, negate(present)))
                after[count + 1] = disjoin([after.get(count + 1, NEVER), more])
                after[count] = disjoin([after.get(count, NEVER), same])
        counts = {count: bounded(when) for count, when in after.items() if count < index}
    return [*result, *_guarded(disjoin(counts.values()), value)]


def _guarded(condition: Condition, value: Value) -> list[Value]:
    return [] if isinstance(condition, Never) else [member_if(condition, value)]


def _pop(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    index = given.get(0, "index", -1)
    members: list[Value] = machine.heap.write(found)
    if not isinstance(index, int):
        raise Unfit
    all_certain(members[index:] if index < 0 else members[: index + 1])
    if not -len(members) <= index < len(members):
        return machine.fail("IndexError", None, node)
    return members.pop(index)


def _remove(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    members = machine.heap.write(found)
    for index, member in enumerate(all_certain(members)):
        condition = equal(machine, member, given.positional[0], node)
        if isinstance(condition, Always):
            del members[index]
            return None
        if not isinstance(condition, Never):
            raise Unfit
    return machine.fail("ValueError", None, node)


def _index(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    for index, member in enumerate(all_certain(machine.heap.read(found))):
        condition = equal(machine, member, given.positional[0], node)
        if isinstance(condition, Always):
            return index
        if not isinstance(condition, Never):
            raise Unfit
    return machine.fail("ValueError", None, node)


def _count(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    total = 0
    for member in all_certain(machine.heap.read(found)):
        condition = equal(machine, member, given.positional[0], node)
        if not isinstance(condition, Always | Never):
            raise Unfit
        total += isinstance(condition, Always)
    return total


def _reverse(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    machine.heap.write(found).reverse()
    return None


def _sort(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    members = machine.heap.read(found)
    index = first_choice(members)
    if index is not None:
        choice = members[index]

        def sort(one: Value) -> None:
            machine.heap.write(found)[index] = one
            _sort(machine, found, given, node)

        machine.each(choice, sort)
        return None
    members = ordered(machine, found, given, node)
    machine.heap.write(found)[:] = members
    return None


def copy(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    """Evaluate ``copy``."""
    copy = machine.new(found.kind, machine.heap.read(found).copy(), found.node or node)
    copy.places.update(found.places)
    copy.owner, copy.family, copy.members = found.owner, found.family, found.members
    return copy


def clear(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    """Evaluate ``clear``."""
    machine.heap.write(found).clear()
    return None


Table = dict[str, Callable[[Any, Object, Arguments, Node], Value]]


def _pop_first(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return _pop(machine, found, Arguments([0], {}), node)


def _next(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    left = remaining(machine, found)
    return left.pop(0) if left else machine.fail("StopIteration", None, node)


def _append_first(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    return _insert(machine, found, Arguments([0, *given.positional], {}), node)


def length(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    """Return what ``len`` gives."""
    return len(all_certain(unordered(machine, found, node)))


MOST_ARGUMENTS: Final = {
    **dict.fromkeys(("clear", "copy", "items", "keys", "popitem", "popleft", "reverse"), (0, 0)),
    **dict.fromkeys(("__len__", "__next__", "iteritems", "iterkeys", "itervalues"), (0, 0)),
    **dict.fromkeys(("next", "values"), (0, 0)),
    **dict.fromkeys(("add", "append", "appendleft", "count", "discard", "extend"), (1, 1)),
    **dict.fromkeys(("__contains__", "has_key", "remove"), (1, 1)),
    **dict.fromkeys(("get", "insert", "pop", "setdefault"), (2, 2)),
    "index": (1, 3),
    "sort": (0, 3),
}
"""How many arguments are followed of methods that take few, and how many they take."""

NAMED: Final = {"sort": frozenset({"cmp", "key", "reverse"}), "update": None}
"""Arguments by name that methods take; None if they take any, and none for all others."""

ITERATOR_METHODS: Final[Table] = {"__next__": _next, "next": _next}

LIST_METHODS: Final[Table] = {
    "__len__": length,
    "appendleft": _append_first,
    "popleft": _pop_first,
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "pop": _pop,
    "remove": _remove,
    "index": _index,
    "count": _count,
    "reverse": _reverse,
    "sort": _sort,
    "copy": copy,
    "clear": clear,
}
