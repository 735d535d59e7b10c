"""Methods of dicts and sets."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from plugindoc.evaluation.limits import MEMBERS_A_STEP, Unfit
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.comparison import compare_values
from plugindoc.evaluation.operations.conversion import (
    from_plain,
    iterator,
    listed,
    plain,
    unordered,
)
from plugindoc.evaluation.operations.items import present
from plugindoc.evaluation.python.containers import (
    Table,
    all_certain,
    check_count,
    clear,
    copy,
    length,
)
from plugindoc.evaluation.state.paths import disjoin
from plugindoc.evaluation.state.values import (
    ABSENT,
    Answer,
    Arguments,
    Choice,
    Maybe,
    Object,
    Unknown,
    Value,
    bound_branches,
    guarded,
    is_constant,
    is_key,
    is_unhashable,
    member_if,
    one_of,
    with_default,
)
from plugindoc.model.conditions import (
    Compare,
    Condition,
    negate,
)
from plugindoc.reading.syntax import Node

__all__ = [
    "DICT_METHODS",
    "SET_METHODS",
    "View",
]

_PAIR: Final = 2


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
        return with_default(machine.narrow(content[key]), default)
    if not all(map(is_key, content)):
        message = "the dict has keys that are not known"
        raise Unfit(message)
    return default


def _pop_item(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    """Remove the last entry; Python 2 removes any, which is known only if there is one."""
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
        return disjoin([guarded(value)[0] for _, value in _entries(machine, self.found)])

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
    members = [(key, *guarded(value)) for key, value in entries]
    return [
        member_if(guard, key if what == "keys" else (key, value)) for key, guard, value in members
    ]


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
    """Return keys and values; a value that may be absent is a `Maybe`."""
    pairs: list[tuple[Value, Value]] = []
    for key, value in machine.heap.read(found).items():
        if type(key) is Unknown:
            message = "the dict has keys that are not known"
            raise Unfit(message)
        one = machine.narrow(value)
        if type(one) is Choice:
            bound = bound_branches(one)
            if len(bound) < len(one.branches):
                one = Maybe(disjoin([guard for guard, _ in bound]), one_of(bound))
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
                content[key] = with_default(entry, content.get(key, ABSENT))
            found.places.update(one.places)
            continue
        for pair in all_certain(listed(machine, one, node)):
            members = all_certain(listed(machine, pair, node))
            if len(members) != _PAIR:
                return machine.fail("ValueError", None, node)
            content[members[0]] = members[1]
        check_count(len(content))
    content.update(given.named)
    return None


def _blur(machine: Machine, found: Object, unknown: Unknown) -> None:
    """Make all entries of a dict unknown."""
    content = machine.heap.write(found)
    content.update(dict.fromkeys(content, unknown))
    content[unknown] = unknown


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
    return with_default(value, default)


def _add(machine: Machine, found: Object, given: Arguments, node: Node) -> Value:
    content = machine.heap.write(found)
    if is_unhashable(given.positional[0]):
        return machine.fail("TypeError", None, node)
    if isinstance(given.positional[0], Object) and not is_key(given.positional[0]):
        raise Unfit
    check_count(len(content))
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


DICT_METHODS: Final[Table] = {
    "__contains__": _has_key,
    "__len__": length,
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
    "copy": copy,
    "clear": clear,
}

SET_METHODS: Final[Table] = {
    "add": _add,
    "update": _update_set,
    "discard": _discard,
    "remove": _remove_from_set,
    "copy": copy,
    "clear": clear,
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
