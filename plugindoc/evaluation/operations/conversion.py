"""Between the machine's values and Python's own data."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from plugindoc.evaluation.limits import (
    MAX_MEMBERS,
    MAX_MEMBERS_IN_ALL,
    MAX_PARTS,
    MAX_TEXT,
    MEMBERS_A_STEP,
    Unfit,
    limit_reached,
)
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.classes import (
    builtin_base,
    class_member,
    class_of,
    is_followed,
    row_names,
    special,
)
from plugindoc.evaluation.state.paths import disjoin
from plugindoc.evaluation.state.values import (
    ABSENT,
    Choice,
    ClassValue,
    Deferred,
    External,
    Joined,
    Maybe,
    Object,
    Unknown,
    Value,
    bound_branches,
    guarded,
    is_constant,
    is_settled,
    member_if,
    options_in,
)
from plugindoc.model.conditions import ALWAYS, Condition
from plugindoc.reading.syntax import Node

__all__ = [
    "from_plain",
    "iterator",
    "join_text",
    "listed",
    "listed_or_none",
    "plain",
    "plain_or_none",
    "presence",
    "remaining",
    "row",
    "unordered",
]

_MAX_NESTED = 30


class _PlainSet(set[Any]):
    """A set whose members come sorted; their order is in no text, since it differs between runs."""

    def __iter__(self) -> Iterator[Any]:
        return iter(sorted(super().__iter__(), key=repr))

    def __repr__(self) -> str:
        if len(self) > 1:
            message = "the order of a set"
            raise Unfit(message)
        return "set()" if not self else f"{{{next(iter(self))!r}}}"


class _PlainDict(dict[Any, Any]):
    """A dict of a class of its own, whose text depends on Python's version."""

    def __repr__(self) -> str:
        message = "the text of a dict of a class of its own"
        raise Unfit(message)


def plain(machine: Machine, value: Value, depth: int = 0) -> Any:  # noqa: ANN401 - any data
    """Return a value as Python's own data; `ABSENT` if any part of it is not known."""
    if is_constant(value):
        return value
    if depth == 0:
        machine.spare = MAX_MEMBERS_IN_ALL
    if depth > _MAX_NESTED:
        return ABSENT
    if type(value) is tuple:
        machine.spare -= len(value)
        if machine.spare < 0:
            return ABSENT
        members = [plain(machine, one, depth + 1) for one in value]
        return ABSENT if any(one is ABSENT for one in members) else tuple(members)
    if not isinstance(value, Object):
        return ABSENT
    size = len(machine.heap.read(value))
    machine.steps -= 1 + size // MEMBERS_A_STEP
    machine.spare -= 1 + size
    if machine.spare < 0:
        return ABSENT
    if value.kind == "list" and value.family is None:
        found = [plain(machine, one, depth + 1) for one in machine.heap.read(value)]
        return ABSENT if any(one is ABSENT for one in found) else found
    if value.kind == "set":
        content = machine.heap.read(value)
        settled = all(map(is_constant, content)) and all(one is True for one in content.values())
        return _PlainSet(content) if settled else ABSENT
    if value.kind == "dict":
        return _plain_dict(machine, value, depth)
    return ABSENT


def _plain_dict(machine: Machine, value: Object, depth: int) -> Any:  # noqa: ANN401 - any data
    result: dict[Any, Any] = {} if value.family is None else _PlainDict()
    for key, one in machine.heap.read(value).items():
        if not is_constant(key):
            return ABSENT
        result[key] = plain(machine, one, depth + 1)
        if result[key] is ABSENT:
            return ABSENT
    return result


def plain_or_none(machine: Machine, value: Value) -> Any:  # noqa: ANN401 - any data
    """Return a value as Python's own data; None if it is None or not known."""
    found = plain(machine, value)
    return None if found is ABSENT else found


def from_plain(machine: Machine, data: Any, node: Node) -> Value:  # noqa: ANN401 - any data
    """Return Python's own data as a value; raises Unfit if it has too many members."""
    if isinstance(data, list | dict | set | frozenset | tuple) and len(data) > MAX_MEMBERS:
        raise Unfit(limit_reached(MAX_MEMBERS, "members"))
    if isinstance(data, list):
        members = [from_plain(machine, one, node) for one in data]
        return machine.new("list", members, node)
    if isinstance(data, dict):
        content = {key: from_plain(machine, one, node) for key, one in data.items()}
        return machine.new("dict", content, node)
    if isinstance(data, frozenset):
        return data
    if isinstance(data, set):
        ordered = sorted(data, key=repr)
        return machine.new("set", dict.fromkeys(ordered, True), node)
    if isinstance(data, tuple):
        return tuple(from_plain(machine, one, node) for one in data)
    value: Value = data
    return value


def listed(machine: Machine, value: Value, node: Node) -> list[Value]:
    """Return what a loop over a value gives: values, and `Maybe` where one is there or not.

    An iterator is used up. Long lists cost steps. Raises Unfit if the members, or their order,
    are not known.
    """
    found = unordered(machine, value, node)
    is_set = value.kind == "set" if type(value) is Object else type(value) is frozenset
    if is_set and len(found) > 1:
        message = "the order of a set"
        raise Unfit(message)
    return found


def listed_or_none(machine: Machine, value: Value, node: Node) -> list[Value] | None:
    """Return what a loop over a value gives; None if that is not known."""
    try:
        return listed(machine, machine.narrow(value), node)
    except Unfit:
        return None


def unordered(machine: Machine, value: Value, node: Node) -> list[Value]:
    """Return the members of a value, in any order."""
    found = _members(machine, value, node)
    machine.steps -= len(found) // MEMBERS_A_STEP
    return found


def iterator(
    machine: Machine, find: Callable[[], list[Value]], values: Sequence[Value], node: Node
) -> Object:
    """Return an iterator whose members are found when they are asked for.

    In an outline, where the order does not matter, they are found at once.
    """
    if machine.outlined:
        return machine.new("list", find(), node)
    return machine.new("iterator", [Deferred(find, tuple(values))], node)


def remaining(machine: Machine, value: Object) -> list[Value]:
    """Return what is left of an iterator, to be changed; raises Unfit if that is not known.

    Members that are found one by one while the code between them runs are found at once here,
    which must not change anything.
    """
    content: list[Value] = machine.heap.write(value)
    if content and type(content[0]) is Deferred:
        content[:] = _without_effects(machine, content[0])
    if not is_settled(content):
        message = "what is left of the iterator depends on answers"
        raise Unfit(message)
    return content


def _without_effects(machine: Machine, deferred: Deferred) -> list[Value]:
    """Return what an iterator gives; raises Unfit if finding that changes anything else."""
    own = [one for one in deferred.values if isinstance(one, Object) and one.kind == "scope"]
    depth, path = machine.heap.depth, machine.path
    raises, natives = machine.raises, machine.native_calls
    machine.heap.push()
    try:
        found = deferred.find()
    finally:
        changed = machine.heap.cut(depth)
    if (
        machine.path != path
        or (machine.raises, machine.native_calls) != (raises, natives)
        or any(machine.heap.is_old(one) and one not in own for one in changed)
    ):
        message = "members that are found one by one, and change something"
        raise Unfit(message)
    machine.heap.commit(changed)
    return found


def _used_up(machine: Machine, value: Object) -> list[Value]:
    """Return what is left of an iterator, and leave nothing."""
    content = machine.heap.read(value)
    machine.heap.replace(value, [])
    if content and type(content[0]) is Deferred:
        return content[0].find()
    return _narrowed(machine, content)


def _members(machine: Machine, value: Value, node: Node) -> list[Value]:
    if type(value) is str and len(value) > MAX_MEMBERS:
        raise Unfit(limit_reached(MAX_MEMBERS, "members"))
    if isinstance(value, tuple | str | bytes | frozenset):
        return list(value)
    if is_constant(value):
        machine.fail("TypeError", None, node)
    if type(value) is Object and value.kind == "iterator":
        return _used_up(machine, value)
    if type(value) is Object and value.kind in ("list", "range"):
        return _narrowed(machine, machine.heap.read(value))
    if type(value) is Object and value.kind in ("dict", "set"):
        return _keys(machine, value)
    if isinstance(value, Object | ClassValue):
        found = members_of(machine, value, node)
    else:
        members = getattr(value, "members", None)
        found = members(machine, node) if callable(members) else None
    if found is None:
        raise Unfit(value.reason if isinstance(value, Unknown) else "")
    return list(found)


def members_of(machine: Machine, value: Object | ClassValue, node: Node) -> list[Value] | None:
    """Return what a loop over an instance or a class gives; None if that is not known."""
    if isinstance(value, ClassValue):
        found = class_member(machine, value, "__members__")
        return list(found) if isinstance(found, tuple) and is_followed(machine, value) else None
    names = row_names(machine, value.owner)
    if names:
        content = machine.heap.read(value)
        return [content[name] for name in names]
    given = special(machine, value, "__iter__", [], node)
    if given is not ABSENT and given is not value:
        return listed_or_none(machine, given, node)
    args = machine.heap.read(value).get("args")
    kind = class_of(value)
    is_error = kind is not None and builtin_base(kind) == "error"
    is_error = is_error or isinstance(value.owner, External)
    return list(args) if is_error and machine.python2 and isinstance(args, tuple) else None


def _narrowed(machine: Machine, members: list[Value]) -> list[Value]:
    """Return members as the path leaves them: certainly there, not there, or maybe."""
    if is_settled(members):
        return list(members)
    found: list[Value] = []
    for member in members:
        if type(member) is not Maybe:
            found.append(member)
            continue
        settled = machine.settle(member.condition)
        if settled is not False:
            found.append(member if settled is None else member.value)
    return found


def _keys(machine: Machine, value: Object) -> list[Value]:
    found: list[Value] = []
    for key, one in machine.heap.read(value).items():
        if type(key) is Unknown:
            message = "it has keys that are not known"
            raise Unfit(message)
        found.append(member_if(presence(one), key))
    return found


def presence(value: Value) -> Condition:
    """Return when a container has a member, given the value that it holds for it."""
    if type(value) is not Choice:
        return guarded(value)[0]
    bound = bound_branches(value)
    return disjoin([g for g, _ in bound]) if len(bound) < len(value.branches) else ALWAYS


def row(machine: Machine, members: Sequence[Value], node: Node) -> Value:
    """Return members as a tuple; unknown if there are too many, including nested ones."""
    waiting, left = [members], MAX_MEMBERS_IN_ALL
    while waiting and left >= 0:
        one = waiting.pop()
        left -= len(one)
        waiting.extend(inner for inner in one if type(inner) is tuple)
    machine.steps -= (MAX_MEMBERS_IN_ALL - left) // MEMBERS_A_STEP
    return (
        tuple(members)
        if left >= 0
        else machine.unknown(node, limit_reached(MAX_MEMBERS_IN_ALL, "members"))
    )


def join_text(parts: list[Value]) -> Value:
    """Return a text made of parts, joined where known texts touch; unknown if it is too long."""
    joined: list[Value] = []
    for part in parts:
        for one in part.parts if isinstance(part, Joined) else (part,):
            if isinstance(one, str) and joined and isinstance(joined[-1], str):
                joined[-1] += one
            elif one != "":
                joined.append(one)
        if len(joined) > MAX_PARTS:
            return _too_long(joined, limit_reached(MAX_PARTS, "parts of a text"))
    if not joined:
        return ""
    if sum(len(one) if isinstance(one, str) else 1 for one in joined) > MAX_TEXT:
        return _too_long(joined, limit_reached(MAX_TEXT, "characters"))
    return joined[0] if len(joined) == 1 else Joined(tuple(joined))


def _too_long(parts: list[Value], reason: str) -> Unknown:
    options = dict.fromkeys(name for one in parts for name in options_in(one))
    return Unknown(None, None, reason, tuple(options), source="…")
