"""Items: members of values by index or key, read and written."""

from __future__ import annotations

from typing import Any

from plugindoc.evaluation.limits import MAX_MEMBERS, MEMBERS_A_STEP, Exhausted, limit_reached
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.classes import row_names, special
from plugindoc.evaluation.operations.comparison import equal
from plugindoc.evaluation.operations.conversion import listed_or_none
from plugindoc.evaluation.operations.havoc import let_change
from plugindoc.evaluation.state.paths import disjoin
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Answer,
    Choice,
    External,
    Maybe,
    Object,
    Truth,
    Unknown,
    Value,
    bound_branches,
    guarded,
    is_constant,
    is_key,
    is_settled,
    member_if,
    one_of,
)
from plugindoc.model.conditions import Compare, Never, negate
from plugindoc.reading.syntax import Node

__all__ = [
    "get_item",
    "present",
    "set_item",
]


def present(machine: Machine, value: Value, node: Node, error: str) -> Value:
    """Return a value if it is bound; the path continues only then."""
    value = machine.narrow(value)
    if value is ABSENT:
        machine.fail(error, None, node)
    if type(value) is not Choice:
        return value
    missing = [guard for guard, one in value.branches if one is ABSENT]
    if not missing:
        return value
    machine.fail(error, None, node, when=disjoin(missing))
    return machine.narrow(one_of(bound_branches(value)))


def get_item(machine: Machine, value: Value, index: Value, node: Node) -> Value:
    """Return a member by index or key."""
    if type(value) is Choice or type(index) is Choice:
        return machine.each_of(
            (value, index), lambda both: get_item(machine, both[0], both[1], node)
        )
    if type(index) is Truth and not isinstance(value, Unknown | Answer):
        choice = Choice(((index.condition, True), (negate(index.condition), False)))
        return get_item(machine, value, choice, node)
    if type(value) is Object:
        found = _object_item(machine, value, index, node)
        if found is not ABSENT:
            return found
    if isinstance(value, tuple | str | bytes):
        return _sequence_item(machine, value, index, node)
    if isinstance(value, Native):
        found = value.item(machine, index, node)
        return machine.unknown(node, "", index) if found is UNSUPPORTED else found
    if type(value) is External and value.name == "sys.modules" and isinstance(index, str):
        module = machine.program.package(index)
        if module is not None:
            return module
    machine.may_raise()
    reason = ""
    if isinstance(value, External):
        reason = f"{value.name} is set on the installer's machine"
    return machine.unknown(node, reason, value, index)


def _object_item(machine: Machine, value: Object, index: Value, node: Node) -> Value:
    """Return a member of something that can be changed; `ABSENT` if it has no items."""
    if value.kind == "dict":
        return _dict_item(machine, value, index, node)
    if value.kind in ("list", "range"):
        return _list_item(machine, value, index, node)
    return item_of(machine, value, index, node) if value.kind == "instance" else ABSENT


def _dict_item(machine: Machine, value: Object, key: Value, node: Node) -> Value:
    content = machine.heap.read(value)
    if isinstance(key, Answer) and all(map(is_key, content)) and content:
        return _chosen_by_answer(machine, content, key, node)
    if not is_key(key):
        machine.may_raise()
        return machine.unknown(node, "the key is not known", key)
    try:
        if key in content:
            return present(machine, content[key], node, "KeyError")
    except TypeError:
        machine.fail("TypeError", None, node)
    if value.owner is not None:  # what a defaultdict makes
        made = machine.call(value.owner, [], node)
        machine.heap.write(value)[key] = made
        return made
    if not all(map(is_key, content)):
        machine.may_raise()
        return machine.unknown(node, "the dict has keys that are not known")
    return machine.fail("KeyError", key, node)


def _chosen_by_answer(
    machine: Machine, content: dict[Any, Value], key: Answer, node: Node
) -> Value:
    found = [(Compare(key.option, "==", one), value) for one, value in content.items()]
    known = disjoin([guard for guard, _ in found])
    machine.fail("KeyError", key, node, when=negate(known))
    return machine.narrow(one_of(found))


def _list_item(machine: Machine, value: Object, index: Value, node: Node) -> Value:
    members: list[Value] = machine.heap.read(value)
    if not isinstance(index, int | slice):
        return _unknown_item(machine, index, node)
    machine.steps -= len(members) // MEMBERS_A_STEP
    if not is_settled(members):
        return _uncertain_item(machine, members, index, node)
    if isinstance(index, slice):
        return machine.new(value.kind, members[index], node)
    return _sequence_item(machine, tuple(members), index, node)


def _sequence_item(
    machine: Machine, members: tuple[Value, ...] | str | bytes, index: Value, node: Node
) -> Value:
    if not isinstance(index, int | slice):
        return _unknown_item(machine, index, node)
    try:
        return members[index]
    except IndexError:
        return machine.fail("IndexError", None, node)


def _unknown_item(machine: Machine, index: Value, node: Node) -> Value:
    if is_constant(index):
        machine.fail("TypeError", None, node)
    machine.may_raise()
    return machine.unknown(node, "the index is not known", index)


def _uncertain_item(
    machine: Machine, members: list[Value], index: int | slice, node: Node
) -> Value:
    """Return a member if those before it (or after it, from the end) certainly exist."""
    if isinstance(index, int):
        counted = members[: index + 1] if index >= 0 else members[index:]
        wanted = index + 1 if index >= 0 else -index
        if len(counted) == wanted and is_settled(counted):
            return members[index]
        machine.may_raise()
    else:
        found = _uncertain_slice(members, index)
        if found is not None:
            return machine.new("list", found, node)
    return machine.unknown(node, "the list's length depends on answers")


def _uncertain_slice(members: list[Value], index: slice) -> list[Value] | None:
    """Return the members in a slice, or None if some that it counts may not exist."""
    start, stop = index.start or 0, index.stop
    if index.step == -1 and index.start is None and stop is None:
        return members[::-1]
    if index.step not in (None, 1) or (start < 0 and stop is not None):
        return None
    counted = members[start:] if start < 0 else members[:start]
    if stop is not None:
        counted = members[:stop] if stop >= 0 else [*counted, *members[max(stop, -len(members)) :]]
    wanted = abs(start) if stop is None else stop if stop >= 0 else start - stop
    if len(counted) != wanted or wanted > len(members) or not is_settled(counted):
        return None
    return members[index]


def item_of(machine: Machine, value: Object, index: Value, node: Node) -> Value:
    """Return an instance's member by index: a named tuple's, or what ``__getitem__`` gives."""
    names = row_names(machine, value.owner)
    if names:
        content = machine.heap.read(value)
        return get_item(machine, tuple(content[name] for name in names), index, node)
    return special(machine, value, "__getitem__", [index], node)


def set_item(machine: Machine, value: Value, index: Value, given: Value, node: Node) -> None:
    """Set a member by index or key; `ABSENT` deletes it."""
    value = machine.narrow(value)
    if type(value) is Choice:
        machine.each(value, lambda one: set_item(machine, one, index, given, node))
    elif type(index) is Choice:
        machine.each(index, lambda one: set_item(machine, value, one, given, node))
    elif isinstance(value, Native):
        value.set_item(machine, index, given, node)
    elif isinstance(value, Object) and value.kind == "dict":
        _set_in_dict(machine, value, index, given, node)
    elif isinstance(value, Object) and value.kind == "list":
        _set_in_list(machine, value, index, given, node)
    elif is_constant(value):
        machine.fail("TypeError", None, node)
    elif given is ABSENT or special(machine, value, "__setitem__", [index, given], node) is ABSENT:
        machine.may_raise()
        let_change(machine, [value, index, given], node)


def _set_in_dict(machine: Machine, value: Object, key: Value, given: Value, node: Node) -> None:
    content = machine.heap.write(value)
    if len(content) > MAX_MEMBERS:
        reason = limit_reached(MAX_MEMBERS, "members")
        content.clear()
        content[machine.unknown(node, reason)] = machine.unknown(node, reason)
        machine.report_limit(node, reason)
    if type(key) is slice or (type(key) is Object and key.kind != "instance"):
        machine.fail("TypeError", None, node)
    if given is ABSENT:
        if key not in content and is_key(key):
            machine.fail("KeyError", key, node)
        content.pop(key, None)
        return
    if not is_key(key):
        for known in content:
            if is_key(known) and not isinstance(equal(machine, key, known, node), Never):
                reason = "may be replaced under a key that is not known"
                content[known] = machine.unknown(node, reason, key)
    content[key] = given
    value.places[key] = (node, machine.frame.home.parsed)


def _set_in_list(machine: Machine, value: Object, index: Value, given: Value, node: Node) -> None:
    content = machine.heap.write(value)
    machine.steps -= len(content) // MEMBERS_A_STEP
    if isinstance(index, slice):
        _set_slice(machine, content, index, given, node)
        return
    if is_constant(index) and not isinstance(index, int):
        machine.fail("TypeError", None, node)
    if not isinstance(index, int) or not is_settled(content):
        _unsettle(machine, content, index, node, gone=given is ABSENT)
        return
    try:
        if given is ABSENT:
            del content[index]
        else:
            content[index] = given
    except IndexError:
        machine.fail("IndexError", None, node)


def _set_slice(
    machine: Machine, content: list[Value], index: slice, given: Value, node: Node
) -> None:
    """Set or delete several members at once; what is set in may have any length."""
    members = None if given is ABSENT else listed_or_none(machine, given, node)
    if given is not ABSENT and members is None:
        _unsettle(machine, content, index, node, gone=True)
        return
    try:
        if members is None:
            del content[index]
        else:
            content[index] = members
    except ValueError:  # a step, and another number of members
        machine.fail("ValueError", None, node)
    if len(content) > MAX_MEMBERS:
        raise Exhausted(limit_reached(MAX_MEMBERS, "members"))


def _unsettle(
    machine: Machine, content: list[Value], index: Value, node: Node, *, gone: bool
) -> None:
    """Make all members of a list unknown if one of them was changed and it is unknown which."""
    changed = machine.unknown(node, "the index is not known", index)
    if gone:
        there = machine.opaque(node, index)
        content[:] = [Maybe(there, changed) for _ in content]
    else:
        content[:] = [member_if(guarded(one)[0], changed) for one in content]
