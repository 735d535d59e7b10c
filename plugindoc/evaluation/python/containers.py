"""Methods of lists, dicts and sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from plugindoc.evaluation.limits import MAX_MEMBERS, MEMBERS_A_STEP, Unfit, limit_reached
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.comparison import compare_values, equal
from plugindoc.evaluation.operations.conversion import (
    from_plain,
    iterator,
    listed,
    plain,
    remaining,
    unordered,
)
from plugindoc.evaluation.operations.items import present
from plugindoc.evaluation.operations.ordering import first_choice, ordered
from plugindoc.evaluation.state.paths import bounded, disjoin
from plugindoc.evaluation.state.values import (
    ABSENT,
    Answer,
    Arguments,
    Choice,
    Maybe,
    Object,
    Unknown,
    Value,
    is_constant,
    is_key,
    is_unhashable,
)
from plugindoc.model.conditions import (
    ALWAYS,
    NEVER,
    Always,
    Compare,
    Condition,
    Never,
    all_of,
    negate,
)
from plugindoc.reading.syntax import Node

__all__ = [
    "DICT_METHODS",
    "ITERATOR_METHODS",
    "LIST_METHODS",
    "MOST_ARGUMENTS",
    "NAMED",
    "SET_METHODS",
    "View",
]

_PAIR: Final = 2


def _certain(members: list[Value]) -> list[Value]:
    if any(type(member) is Maybe for member in members):
        message = "the list's length depends on answers"
        raise Unfit(message)
    return members


def _bounded(count: int) -> None:
    if count > MAX_MEMBERS:
        raise Unfit(limit_reached(MAX_MEMBERS, "members"))


def _append(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    members = machine.heap.write(found)
    _bounded(len(members))
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
        _bounded(len(members) + len(more))
        members.extend(more)

    machine.each(value, extend)
    return None


def _insert(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    index, value = given.positional[0], given.positional[1]
    if not isinstance(index, int):
        raise Unfit
    members = machine.heap.write(found)
    counted = members[:index] if index > 0 else members[index:] if index else []
    if not any(type(member) is Maybe for member in counted):
        members.insert(index, value)
    elif index < 0:
        _certain(members)
    else:
        members[:] = _inserted(members, index, value)
    return None


def _inserted(members: list[Value], index: int, value: Value) -> list[Value]:
    """Put a value behind so many members, wherever that is for those that may be absent."""
    counts: dict[int, Condition] = {0: ALWAYS}
    result: list[Value] = []
    for member in members:
        present = member.condition if type(member) is Maybe else ALWAYS
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
    if isinstance(condition, Never):
        return []
    return [value] if isinstance(condition, Always) else [Maybe(condition, value)]


def _pop(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    index = given.get(0, "index", -1)
    members = machine.heap.write(found)
    if not isinstance(index, int):
        raise Unfit
    _certain(members[index:] if index < 0 else members[: index + 1])
    if not -len(members) <= index < len(members):
        return machine.fail("IndexError", None, node)
    return members.pop(index)


def _remove(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    members = machine.heap.write(found)
    for index, member in enumerate(_certain(members)):
        condition = equal(machine, member, given.positional[0], node)
        if isinstance(condition, Always):
            del members[index]
            return None
        if not isinstance(condition, Never):
            raise Unfit
    return machine.fail("ValueError", None, node)


def _index(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    for index, member in enumerate(_certain(machine.heap.read(found))):
        condition = equal(machine, member, given.positional[0], node)
        if isinstance(condition, Always):
            return index
        if not isinstance(condition, Never):
            raise Unfit
    return machine.fail("ValueError", None, node)


def _count(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    total = 0
    for member in _certain(machine.heap.read(found)):
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


def _copy(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    copy = machine.new(found.kind, machine.heap.read(found).copy(), found.node or node)
    copy.places.update(found.places)
    copy.owner, copy.family, copy.members = found.owner, found.family, found.members
    return copy


def _clear(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    machine.heap.write(found).clear()
    return None


def _get(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    key, default = given.positional[0], given.get(1, "default", None)
    content = machine.heap.read(found)
    if type(key) is Choice:
        return machine.each(
            key, lambda one: _get(machine, found, Arguments([one, default], {}), node)
        )
    if isinstance(key, Answer) and content and all(map(is_key, content)):
        branches = [(Compare(key.option, "==", one), value) for one, value in content.items()]
        rest = negate(disjoin([guard for guard, _ in branches]))
        return machine.narrow(Choice((*branches, (rest, default))))
    if not is_key(key):
        raise Unfit
    if key in content:
        value = machine.narrow(content[key])
        if type(value) is Choice:
            return Choice(
                tuple((g, default if one is ABSENT else one) for g, one in value.branches)
            )
        return default if value is ABSENT else value
    if not all(map(is_key, content)):
        message = "the dict has keys that are not known"
        raise Unfit(message)
    return default


def _pop_item(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    """Take off the last entry; Python 2 takes any, which is known only of a single one."""
    content = machine.heap.write(found)
    if not content:
        return machine.fail("KeyError", None, node)
    key = list(content)[-1]
    if (
        type(content[key]) is Choice
        or not is_constant(key)
        or (machine.python2 and len(content) > 1)
    ):
        raise Unfit
    return (key, content.pop(key))


def _has_key(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    return compare_values(machine, "in", given.positional[0], found, node)


class View(Native):
    """What ``keys``, ``values`` and ``items`` give in Python 3: a look at a dict as it is now."""

    name = "view"

    def __init__(self, found: Object, what: str) -> None:
        self.found = found
        self.what = what

    def members(self, machine: Machine, node: Node) -> list[Value]:  # noqa: ARG002 - the base's signature
        """Return what the dict holds now."""
        return _of_dict(machine, self.found, self.what)

    def truth(self, machine: Machine) -> Condition:
        """Return when the dict is not empty."""
        return disjoin(
            [
                value.condition if type(value) is Maybe else ALWAYS
                for _, value in _entries(machine, self.found)
            ]
        )

    def contains(self, machine: Machine, key: Value, node: Node) -> Value:
        """Return whether the dict holds something now."""
        if self.what == "keys":
            return compare_values(machine, "in", key, self.found, node)
        return compare_values(
            machine, "in", key, machine.new("list", self.members(machine, node), node), node
        )


def _of_dict(machine: Machine, found: Object, what: str) -> list[Value]:
    entries = _entries(machine, found)
    if what == "values":
        return [value for _, value in entries]
    return [
        Maybe(value.condition, _entry(key, value.value, what))
        if type(value) is Maybe
        else _entry(key, value, what)
        for key, value in entries
    ]


def _entry(key: Value, value: Value, what: str) -> Value:
    return key if what == "keys" else (key, value)


def _viewed(what: str) -> Callable[[Any, Object, Arguments, Node], Value]:
    """Return ``keys`` or its like: a view, or Python 2's list."""

    def view(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
        if machine.python2 or machine.outlined:
            return machine.new("list", _of_dict(machine, found, what), node)
        return View(found, what)

    return view


def _iterated(what: str) -> Callable[[Any, Object, Arguments, Node], Value]:
    """Return ``iterkeys`` or its like."""

    def iterate(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
        return iterator(machine, lambda: _of_dict(machine, found, what), [found], node)

    return iterate


def _entries(machine: Machine, found: Object) -> list[tuple[Value, Value]]:
    """Return keys and values; a value that may be absent stands as `Maybe`."""
    pairs = []
    for key, value in machine.heap.read(found).items():
        if type(key) is Unknown:
            message = "the dict has keys that are not known"
            raise Unfit(message)
        one = machine.narrow(value)
        if type(one) is Choice:
            guards = [guard for guard, branch in one.branches if branch is not ABSENT]
            if len(guards) < len(one.branches):
                rest = tuple((g, branch) for g, branch in one.branches if branch is not ABSENT)
                one = Maybe(disjoin(guards), Choice(rest) if len(rest) > 1 else rest[0][1])
        if one is not ABSENT:
            pairs.append((key, one))
    return pairs


def _setdefault(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    key, default = given.positional[0], given.get(1, "default", None)
    if not is_key(key):
        raise Unfit
    content = machine.heap.read(found)
    if key not in content:
        if not all(map(is_key, content)):
            raise Unfit
        machine.heap.write(found)[key] = default
        return default
    value = _get(machine, found, Arguments([key, default], {}), node)
    if value is not content[key]:
        machine.heap.write(found)[key] = value
    return value


def _update(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    content = machine.heap.write(found)
    for value in given.positional:
        one = machine.narrow(value)
        if not isinstance(one, Object | View) and not is_constant(one) and type(one) is not tuple:
            _blur(machine, found, machine.unknown(node, "", one))
            continue
        if isinstance(one, Object) and one.kind == "dict":
            machine.steps -= len(machine.heap.read(one)) // MEMBERS_A_STEP
            for key, entry in machine.heap.read(one).items():
                content[key] = _over(content.get(key, ABSENT), entry)
            found.places.update(one.places)
            continue
        for pair in _certain(listed(machine, one, node)):
            members = _certain(listed(machine, pair, node))
            if len(members) != _PAIR:
                return machine.fail("ValueError", None, node)
            content[members[0]] = members[1]
        _bounded(len(content))
    content.update(given.named)
    return None


def _blur(machine: Machine, found: Object, unknown: Unknown) -> None:
    """Leave a dict with what nobody knows in it, over all that it held."""
    content = machine.heap.write(found)
    content.update(dict.fromkeys(content, unknown))
    content[unknown] = unknown


def _over(old: Value, new: Value) -> Value:
    """Return what an entry holds after one that may be absent was put over it."""
    if type(new) is not Choice:
        return new
    return Choice(tuple((g, old if one is ABSENT else one) for g, one in new.branches))


def _pop_key(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    key = given.positional[0]
    content = machine.heap.write(found)
    if not is_key(key):
        raise Unfit
    default = given.get(1, "default")
    if key not in content:
        if not all(map(is_key, content)):
            raise Unfit
        return machine.fail("KeyError", key, node) if default is ABSENT else default
    value = content.pop(key)
    if default is ABSENT:
        return present(machine, value, node, "KeyError")
    return _over(default, value)


def _add(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    content = machine.heap.write(found)
    if is_unhashable(given.positional[0]):
        return machine.fail("TypeError", None, node)
    if isinstance(given.positional[0], Object) and not is_key(given.positional[0]):
        raise Unfit
    _bounded(len(content))
    content[given.positional[0]] = True
    return None


def _update_set(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    for value in given.positional:
        for member in unordered(machine, machine.narrow(value), node):
            if type(member) is Maybe:
                machine.heap.write(found).setdefault(member.value, member)
            else:
                machine.heap.write(found)[member] = True
    return None


def _discard(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    if not is_key(given.positional[0]) or not all(map(is_key, machine.heap.read(found))):
        raise Unfit
    machine.heap.write(found).pop(given.positional[0], None)
    return None


def _remove_from_set(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    content, member = machine.heap.write(found), given.positional[0]
    if not is_key(member) or not all(map(is_key, content)):
        raise Unfit
    if member not in content:
        return machine.fail("KeyError", member, node)
    present(machine, content.pop(member), node, "KeyError")
    return None


def _set_operation(name: str) -> Callable[..., Value]:
    def operate(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
        data = [plain(machine, one) for one in (found, *given.positional)]
        if any(one is ABSENT for one in data):
            raise Unfit
        try:
            return from_plain(machine, getattr(data[0], name)(*data[1:]), node)
        except TypeError:
            return machine.fail("TypeError", None, node)

    return operate


_Table = dict[str, Callable[[Any, Object, Arguments, Node], Value]]


def _pop_first(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return _pop(machine, found, Arguments([0], {}), node)


def _next(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    left = remaining(machine, found)
    return left.pop(0) if left else machine.fail("StopIteration", None, node)


def _append_first(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    return _insert(machine, found, Arguments([0, *given.positional], {}), node)


def _length(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return len(_certain(unordered(machine, found, node)))


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
"""Arguments by name that methods take; None where they take any, and none for all others."""

ITERATOR_METHODS: Final[_Table] = {"__next__": _next, "next": _next}

LIST_METHODS: Final[_Table] = {
    "__len__": _length,
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
    "copy": _copy,
    "clear": _clear,
}

DICT_METHODS: Final[_Table] = {
    "__contains__": _has_key,
    "__len__": _length,
    "popitem": _pop_item,
    "get": _get,
    "has_key": _has_key,
    "keys": _viewed("keys"),
    "values": _viewed("values"),
    "items": _viewed("items"),
    "iterkeys": _iterated("keys"),
    "itervalues": _iterated("values"),
    "iteritems": _iterated("items"),
    "setdefault": _setdefault,
    "update": _update,
    "pop": _pop_key,
    "copy": _copy,
    "clear": _clear,
}

SET_METHODS: Final[_Table] = {
    "add": _add,
    "update": _update_set,
    "discard": _discard,
    "remove": _remove_from_set,
    "copy": _copy,
    "clear": _clear,
    **{
        name: _set_operation(name)
        for name in (
            "union",
            "intersection",
            "difference",
            "symmetric_difference",
            "issubset",
            "issuperset",
            "isdisjoint",
        )
    },
}
