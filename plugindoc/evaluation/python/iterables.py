"""Functions that go over lists: Python's own and those of ``itertools``."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import Any, Final

import msgspec

from plugindoc.evaluation.limits import MAX_MEMBERS, MEMBERS_A_STEP, Unfit, limit_reached
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.classes import special
from plugindoc.evaluation.operations.comparison import as_value, truth
from plugindoc.evaluation.operations.conversion import (
    iterator,
    listed,
    plain,
    remaining,
    unordered,
)
from plugindoc.evaluation.operations.havoc import let_change
from plugindoc.evaluation.operations.ordering import order, ordered
from plugindoc.evaluation.python.operators import binary
from plugindoc.evaluation.state.paths import disjoin
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    External,
    Maybe,
    Object,
    Pieces,
    Value,
    guarded,
    is_constant,
    is_settled,
)
from plugindoc.model.conditions import ALWAYS, NEVER, Condition, all_of, negate
from plugindoc.reading.syntax import Node

__all__ = ["ITERATING", "certain", "in_any_order", "members_in"]

_Call = Callable[["Machine", Arguments, Node], Value]


def members_in(machine: Machine, value: Value, node: Node) -> list[Value]:
    """Return what a loop over a value gives; raises Unfit if that is not known."""
    return listed(machine, machine.narrow(value), node)


def certain(machine: Machine, value: Value, node: Node) -> list[Value]:
    """Return members if all certainly exist; raises Unfit otherwise."""
    return _settled(members_in(machine, value, node))


def in_any_order(machine: Machine, value: Value, node: Node) -> list[Value]:
    """Return the members of a value, in any order."""
    return unordered(machine, machine.narrow(value), node)


def _settled(members: list[Value]) -> list[Value]:
    if not is_settled(members):
        message = "the list's length depends on answers"
        raise Unfit(message)
    return members


def _lazily(
    machine: Machine,
    find: Callable[[], list[Value]],
    values: list[Value],
    node: Node,
    function: Value = None,
) -> Value:
    """Return what Python 2 gives as a list, and Python 3 as an iterator."""
    for value in values:
        if is_constant(value):
            members_in(machine, value, node)  # what cannot be gone over fails here
    if machine.python2:
        return machine.new("list", find(), node)
    return iterator(machine, find, [function, *values], node)


def _iter(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, *rest = arguments.positional
    value = machine.narrow(value)
    if rest or isinstance(value, Pieces):
        raise Unfit
    if isinstance(value, Object) and value.kind == "iterator":
        return value
    if not isinstance(value, Object):
        members_in(machine, value, node)  # fails here, not when members are requested
    return iterator(machine, lambda: members_in(machine, value, node), [value], node)


def _range(machine: Machine, arguments: Arguments, node: Node) -> Value:
    narrowed = [machine.narrow(one) for one in arguments.positional]
    given = [one for one in narrowed if isinstance(one, int)]
    if len(given) < len(narrowed):
        raise Unfit
    try:
        numbers = range(*given)
    except (TypeError, ValueError) as error:
        return machine.fail(External(f"builtins.{type(error).__name__}"), None, node)
    if not numbers[MAX_MEMBERS:]:
        return machine.new("list" if machine.python2 else "range", list(numbers), node)
    raise Unfit(limit_reached(MAX_MEMBERS, "members"))


def _enumerate(machine: Machine, arguments: Arguments, node: Node) -> Value:
    start = arguments.get(1, "start", 0)
    if not isinstance(start, int):
        raise Unfit
    value = arguments.positional[0]
    return iterator(
        machine, lambda: list(enumerate(certain(machine, value, node), start)), [value], node
    )


def _zip(machine: Machine, arguments: Arguments, node: Node) -> Value:
    def find() -> list[Value]:
        lists = [certain(machine, one, node) for one in arguments.positional]
        if len({len(one) for one in lists}) > 1:
            if strict:
                machine.fail("ValueError", None, node)
            _blur(machine, arguments.positional, node)
        return list(zip(*lists, strict=False))

    strict = arguments.named.get("strict", False)
    if not isinstance(strict, bool):
        raise Unfit

    return _lazily(machine, find, arguments.positional, node)


def _blur(machine: Machine, values: list[Value], node: Node) -> None:
    """Make the rest of iterators that were not used up unknown."""
    let_change(machine, [one for one in values if getattr(one, "kind", "") == "iterator"], node)


def _reversed(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value = machine.narrow(arguments.positional[0])
    if isinstance(value, Object) and value.kind not in ("list", "range"):
        raise Unfit
    return iterator(machine, lambda: members_in(machine, value, node)[::-1], [value], node)


def _sorted(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, *rest = arguments.positional
    if rest and not machine.python2:  # which of the two runs the file is not known
        raise Unfit
    members = in_any_order(machine, value, node)
    given = Arguments(rest, arguments.named)
    return machine.each_of(
        members,
        lambda row: machine.new("list", ordered(machine, tuple(row), given, node), node),
    )


def _map(machine: Machine, arguments: Arguments, node: Node) -> Value:
    function, *values = arguments.positional
    if len(values) == 1 and isinstance(values[0], Pieces) and _trims(function):
        parts = msgspec.structs.replace(values[0].parts, trimmed=True)
        return Pieces(values[0].option, parts)

    def find() -> list[Value]:
        lists = [certain(machine, one, node) for one in values]
        if len({len(one) for one in lists}) > 1:
            _blur(machine, values, node)
        return [machine.call(function, list(given), node) for given in zip(*lists, strict=False)]

    return _lazily(machine, find, values, node, function)


def _trims(function: Value) -> bool:
    return isinstance(function, External) and function.name == "builtins.str.strip"


def _filter(machine: Machine, arguments: Arguments, node: Node) -> Value:
    function, value = arguments.positional
    if machine.python2 and isinstance(value, str | tuple):
        return _filter_old(machine, function, value, node)

    def find() -> list[Value]:
        return _filtered(machine, function, members_in(machine, value, node), node)

    return _lazily(machine, find, [value], node, function)


def _filtered(machine: Machine, function: Value, members: list[Value], node: Node) -> list[Value]:
    found: list[Value] = []
    for member in members:
        guard, one = guarded(member)
        kept = one if function is None else machine.call(function, [one], node)
        condition = all_of((guard, truth(machine, kept, node)))
        if machine.settle(condition) is True:
            found.append(one)
        elif machine.settle(condition) is None:
            found.append(Maybe(condition, one))
    return found


def _filter_old(
    machine: Machine, function: Value, value: str | tuple[Value, ...], node: Node
) -> Value:
    """Filter a text or a tuple to the same, as Python 2 does."""
    kept: list[Any] = []
    for one in value:
        found = one if function is None else machine.call(function, [one], node)
        settled = machine.settle(truth(machine, found, node))
        if settled is None:
            raise Unfit
        if settled:
            kept.append(one)
    return "".join(kept) if isinstance(value, str) else tuple(kept)


def _reduce(machine: Machine, arguments: Arguments, node: Node) -> Value:
    members = certain(machine, arguments.positional[1], node)
    if len(arguments.positional) > 2:  # noqa: PLR2004 - the third argument is the start
        members = [arguments.positional[2], *members]
    if not members:
        return machine.fail(External("builtins.TypeError"), None, node)
    found = members[0]
    for member in members[1:]:
        found = machine.call(arguments.positional[0], [found, member], node)
    return found


def _extreme(sign: int) -> _Call:
    """Return ``min`` (below 0) or ``max``."""

    def find(machine: Machine, arguments: Arguments, node: Node) -> Value:
        given = arguments.positional
        members = list(given)
        key = arguments.named.get("key")
        if len(given) == 1:
            find = in_any_order if key is None else members_in
            members = _settled(find(machine, given[0], node))
        if not members:
            default = arguments.named.get("default", ABSENT)
            return machine.fail("ValueError", None, node) if default is ABSENT else default
        keys = members if key is None else [machine.call(key, [one], node) for one in members]
        data = [plain(machine, one) for one in keys]
        if any(one is ABSENT for one in data):
            raise Unfit
        best = 0
        try:
            for index in range(1, len(data)):
                if order(machine, data[index], data[best]) * sign > 0:
                    best = index
        except TypeError:
            return machine.fail("TypeError", None, node)
        return members[best]

    return find


def _sum(machine: Machine, arguments: Arguments, node: Node) -> Value:
    found = arguments.get(1, "start", 0)
    value = arguments.positional[0]
    members = _settled(in_any_order(machine, value, node))
    if not all(isinstance(one, int) for one in members):
        members = members if getattr(value, "kind", "") != "set" else certain(machine, value, node)
    for member in members:
        found = binary(machine, "+", found, member, node)
    return found


def _any(machine: Machine, arguments: Arguments, node: Node) -> Value:
    return _until(machine, arguments.positional[0], node, ends=True)


def _all(machine: Machine, arguments: Arguments, node: Node) -> Value:
    return _until(machine, arguments.positional[0], node, ends=False)


def _until(machine: Machine, value: Value, node: Node, *, ends: bool) -> Value:
    """Return whether any member is true, or all are; an iterator is used up to the decisive one.

    If finding members changes something, those after that one must not be found.
    """
    value = machine.narrow(value)
    if isinstance(value, Object) and value.kind == "iterator":
        try:
            left = remaining(machine, value)
        except Unfit:
            if getattr(next(iter(machine.heap.read(value)), None), "find", None) is not None:
                raise
        else:
            while left:
                condition = truth(machine, left.pop(0), node)
                if condition is (ALWAYS if ends else NEVER):
                    return ends
                if condition not in (ALWAYS, NEVER):
                    return _joined(machine, [condition], left, node, ends=ends)
            return not ends
    return _joined(machine, [], in_any_order(machine, value, node), node, ends=ends)


def _joined(
    machine: Machine, found: list[Condition], members: list[Value], node: Node, *, ends: bool
) -> Value:
    for member in members:
        if type(member) is not Maybe:
            found.append(truth(machine, member, node))
            continue
        inner = truth(machine, member.value, node)
        found.append(
            all_of((member.condition, inner))
            if ends
            else disjoin([negate(member.condition), inner])
        )
    return as_value(disjoin(found) if ends else all_of(found))


def _chain(machine: Machine, arguments: Arguments, node: Node) -> Value:
    def find() -> list[Value]:
        found: list[Value] = []
        for value in arguments.positional:
            found.extend(members_in(machine, value, node))
            if len(found) > MAX_MEMBERS:
                raise Unfit(limit_reached(MAX_MEMBERS, "members"))
        return found

    return iterator(machine, find, arguments.positional, node)


def _next(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Remove and return the next member of an iterator."""
    value = machine.narrow(arguments.positional[0])
    if isinstance(value, Object) and value.kind == "instance":
        found = special(machine, value, "__next__", [], node)
        if found is not ABSENT:
            return found
    if not isinstance(value, Object) or value.kind != "iterator":
        if machine.outlined or not (is_constant(value) or isinstance(value, Object)):
            raise Unfit
        return machine.fail("TypeError", None, node)
    left = remaining(machine, value)
    if left:
        return left.pop(0)
    default = arguments.get(1, "default")
    if default is ABSENT:
        return machine.fail(External("builtins.StopIteration"), None, node)
    return default


def _tuples(make: Callable[..., Any]) -> _Call:
    """Return a function of ``itertools`` whose lists must be known."""

    def call(machine: Machine, arguments: Arguments, node: Node) -> Value:
        lists = [certain(machine, one, node) for one in arguments.positional]
        named = {key: plain(machine, one) for key, one in arguments.named.items()}
        try:
            found = list(itertools.islice(make(*lists, **named), MAX_MEMBERS + 1))
        except (TypeError, ValueError) as error:
            return machine.fail(External(f"builtins.{type(error).__name__}"), None, node)
        machine.steps -= len(found) // MEMBERS_A_STEP
        if len(found) > MAX_MEMBERS:
            raise Unfit(limit_reached(MAX_MEMBERS, "members"))
        return iterator(machine, lambda: found, [one for each in lists for one in each], node)

    return call


def _sized(make: Callable[..., Any]) -> _Call:
    """Return a function of ``itertools`` of a list and a number."""

    def call(machine: Machine, arguments: Arguments, node: Node) -> Value:
        value, *numbers = arguments.positional
        given = [machine.narrow(one) for one in (*numbers, *arguments.named.values())]
        if not all(isinstance(one, int | None) for one in given):
            raise Unfit
        try:
            found = make(_taken(machine, value, node), *numbers, **arguments.named)
        except (TypeError, ValueError) as error:
            return machine.fail(External(f"builtins.{type(error).__name__}"), None, node)
        found = list(itertools.islice(found, MAX_MEMBERS + 1))
        machine.steps -= len(found) // MEMBERS_A_STEP
        if len(found) > MAX_MEMBERS:
            raise Unfit(limit_reached(MAX_MEMBERS, "members"))
        return iterator(machine, lambda: found, [], node)

    return call


def _taken(machine: Machine, value: Value, node: Node) -> list[Value]:
    """Return members that some of are taken; what is left of an iterator is not known then."""
    value = machine.narrow(value)
    if not isinstance(value, Object) or value.kind != "iterator":
        return certain(machine, value, node)
    members = list(remaining(machine, value))
    _blur(machine, [value], node)
    return members


def _chain_of(machine: Machine, arguments: Arguments, node: Node) -> Value:
    lists = certain(machine, arguments.positional[0], node)
    return _chain(machine, Arguments(lists, {}), node)


def _repeat(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, times = arguments.positional[0], arguments.get(1, "times")
    if not isinstance(times, int):
        raise Unfit
    if times > MAX_MEMBERS:
        raise Unfit(limit_reached(MAX_MEMBERS, "members"))
    return iterator(machine, lambda: [value] * times, [value], node)


def _groups(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Return keys, each with the list of the members beside one another that have it."""
    members = certain(machine, arguments.positional[0], node)
    key = arguments.get(1, "key", None)
    keys = [
        plain(machine, one if key is None else machine.call(key, [one], node)) for one in members
    ]
    if any(one is ABSENT for one in keys):
        raise Unfit
    found: list[Value] = []
    for _, places in itertools.groupby(range(len(members)), key=lambda index: keys[index]):
        indices = list(places)
        group = machine.new("iterator", [members[index] for index in indices], node)
        found.append((keys[indices[0]], group))
    return iterator(machine, lambda: found, [], node)


ITERATING: Final[dict[str, _Call]] = {
    "builtins.range": _range,
    "builtins.xrange": _range,
    "six.moves.range": _range,
    "six.moves.xrange": _range,
    "builtins.iter": _iter,
    "builtins.enumerate": _enumerate,
    "builtins.zip": _zip,
    "itertools.izip": _zip,
    "six.moves.zip": _zip,
    "builtins.reversed": _reversed,
    "builtins.sorted": _sorted,
    "builtins.map": _map,
    "itertools.imap": _map,
    "six.moves.map": _map,
    "builtins.filter": _filter,
    "itertools.ifilter": _filter,
    "six.moves.filter": _filter,
    "builtins.reduce": _reduce,
    "functools.reduce": _reduce,
    "six.moves.reduce": _reduce,
    "builtins.min": _extreme(-1),
    "builtins.max": _extreme(1),
    "builtins.sum": _sum,
    "builtins.any": _any,
    "builtins.all": _all,
    "builtins.next": _next,
    "itertools.chain": _chain,
    "itertools.chain.from_iterable": _chain_of,
    "itertools.combinations": _sized(itertools.combinations),
    "itertools.groupby": _groups,
    "itertools.islice": _sized(itertools.islice),
    "itertools.izip_longest": _tuples(itertools.zip_longest),
    "itertools.permutations": _sized(itertools.permutations),
    "itertools.product": _tuples(itertools.product),
    "itertools.repeat": _repeat,
    "itertools.zip_longest": _tuples(itertools.zip_longest),
}
