"""Functions that go over lists: Python's own and those of ``itertools``."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from plugindoc.evaluation.limits import MAX_MEMBERS, MEMBERS_A_STEP, Unfit, limit_reached
from plugindoc.evaluation.operations.comparison import as_value, truth
from plugindoc.evaluation.operations.conversion import listed, plain
from plugindoc.evaluation.operations.ordering import first_choice, order, ordered
from plugindoc.evaluation.state.paths import disjoin
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    External,
    Maybe,
    Object,
    Pieces,
    Value,
)
from plugindoc.model.conditions import ALWAYS, all_of, negate
from plugindoc.reading.syntax import Node

if TYPE_CHECKING:
    from plugindoc.evaluation.machine import Machine

__all__ = ["ITERATING", "certain", "members_in"]

_Call = Callable[["Machine", Arguments, Node], Value]


def members_in(machine: Machine, value: Value, node: Node) -> list[Value]:
    """Return what a loop over a value gives; raises Unfit where that is not known."""
    return listed(machine, machine.narrow(value), node)


def certain(machine: Machine, value: Value, node: Node) -> list[Value]:
    """Return members that are all certainly there; raises Unfit where some may not be."""
    members = members_in(machine, value, node)
    if any(type(member) is Maybe for member in members):
        message = "the list's length depends on answers"
        raise Unfit(message)
    return members


def _range(machine: Machine, arguments: Arguments, node: Node) -> Value:
    given = [machine.narrow(one) for one in arguments.positional]
    if not all(isinstance(one, int) for one in given):
        raise Unfit
    try:
        numbers = range(*given)
    except (TypeError, ValueError) as error:
        return machine.fail(External(f"builtins.{type(error).__name__}"), None, node)
    if not numbers[MAX_MEMBERS:]:
        return machine.new("list", list(numbers), node)
    raise Unfit(limit_reached(MAX_MEMBERS, "members"))


def _enumerate(machine: Machine, arguments: Arguments, node: Node) -> Value:
    start = arguments.get(1, "start", 0)
    if not isinstance(start, int):
        raise Unfit
    members = certain(machine, arguments.positional[0], node)
    return machine.new("list", list(enumerate(members, start)), node)


def _zip(machine: Machine, arguments: Arguments, node: Node) -> Value:
    lists = [certain(machine, one, node) for one in arguments.positional]
    return machine.new("list", list(zip(*lists, strict=False)), node)


def _reversed(machine: Machine, arguments: Arguments, node: Node) -> Value:
    return machine.new("list", members_in(machine, arguments.positional[0], node)[::-1], node)


def _sorted(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, *rest = arguments.positional
    members = members_in(machine, value, node)
    index = first_choice(members)
    if index is not None:
        before, behind = members[:index], members[index + 1 :]
        return machine.each(
            members[index],
            lambda one: _sorted(
                machine, Arguments([(*before, one, *behind), *rest], arguments.named), node
            ),
        )
    found = ordered(machine, tuple(members), Arguments(rest, arguments.named), node)
    return machine.new("list", found, node)


def _map(machine: Machine, arguments: Arguments, node: Node) -> Value:
    function, *values = arguments.positional
    if len(values) == 1 and isinstance(values[0], Pieces) and _trims(function):
        return values[0]
    lists = [certain(machine, one, node) for one in values]
    found = [machine.call(function, list(given), node) for given in zip(*lists, strict=False)]
    return machine.new("list", found, node)


def _trims(function: Value) -> bool:
    return isinstance(function, External) and function.name == "builtins.str.strip"


def _filter(machine: Machine, arguments: Arguments, node: Node) -> Value:
    function, value = arguments.positional
    if machine.python2 and isinstance(value, str | tuple):
        return _filter_old(machine, function, value, node)
    found: list[Value] = []
    for member in members_in(machine, value, node):
        guard, one = (member.condition, member.value) if type(member) is Maybe else (ALWAYS, member)
        kept = one if function is None else machine.call(function, [one], node)
        condition = all_of((guard, truth(machine, kept, node)))
        if machine.settle(condition) is True:
            found.append(one)
        elif machine.settle(condition) is None:
            found.append(Maybe(condition, one))
    return machine.new("list", found, node)


def _filter_old(
    machine: Machine, function: Value, value: str | tuple[Value, ...], node: Node
) -> Value:
    """Filter a text or a tuple to the same, as Python 2 does."""
    kept = []
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
        members = certain(machine, given[0], node) if len(given) == 1 else list(given)
        if not members:
            default = arguments.named.get("default", ABSENT)
            return machine.fail("ValueError", None, node) if default is ABSENT else default
        key = arguments.named.get("key")
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
    for member in certain(machine, arguments.positional[0], node):
        found = machine.binary("+", found, member, node)
    return found


def _any(machine: Machine, arguments: Arguments, node: Node) -> Value:
    return as_value(disjoin(_truths(machine, arguments, node)))


def _all(machine: Machine, arguments: Arguments, node: Node) -> Value:
    members = members_in(machine, arguments.positional[0], node)
    found = []
    for member in members:
        if type(member) is Maybe:
            inner = truth(machine, member.value, node)
            found.append(disjoin([negate(member.condition), inner]))
        else:
            found.append(truth(machine, member, node))
    return as_value(all_of(found))


def _truths(machine: Machine, arguments: Arguments, node: Node) -> list[Any]:
    found = []
    for member in members_in(machine, arguments.positional[0], node):
        guard, one = (member.condition, member.value) if type(member) is Maybe else (ALWAYS, member)
        found.append(all_of((guard, truth(machine, one, node))))
    return found


def _chain(machine: Machine, arguments: Arguments, node: Node) -> Value:
    found: list[Value] = []
    for value in arguments.positional:
        found.extend(members_in(machine, value, node))
        if len(found) > MAX_MEMBERS:
            raise Unfit(limit_reached(MAX_MEMBERS, "members"))
    return machine.new("list", found, node)


def _next(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Take the first member off what an iterator has left."""
    value = machine.narrow(arguments.positional[0])
    members = certain_first(machine, value, node)
    if members:
        if isinstance(value, Object) and value.kind == "list":
            machine.heap.write(value).pop(0)
        return members[0]
    default = arguments.get(1, "default")
    if default is ABSENT:
        return machine.fail(External("builtins.StopIteration"), None, node)
    return default


def certain_first(machine: Machine, value: Value, node: Node) -> list[Value]:
    """Return members of which the first is certainly there."""
    members = members_in(machine, value, node)
    if members and type(members[0]) is Maybe:
        message = "the list's length depends on answers"
        raise Unfit(message)
    return members


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
        return machine.new("list", found, node)

    return call


def _sized(make: Callable[..., Any]) -> _Call:
    """Return a function of ``itertools`` of a list and a number."""

    def call(machine: Machine, arguments: Arguments, node: Node) -> Value:
        value, *numbers = arguments.positional
        given = [machine.narrow(one) for one in (*numbers, *arguments.named.values())]
        if not all(isinstance(one, int | None) for one in given):
            raise Unfit
        try:
            found = make(certain(machine, value, node), *numbers, **arguments.named)
        except (TypeError, ValueError) as error:
            return machine.fail(External(f"builtins.{type(error).__name__}"), None, node)
        found = list(itertools.islice(found, MAX_MEMBERS + 1))
        machine.steps -= len(found) // MEMBERS_A_STEP
        if len(found) > MAX_MEMBERS:
            raise Unfit(limit_reached(MAX_MEMBERS, "members"))
        return machine.new("list", found, node)

    return call


def _chain_of(machine: Machine, arguments: Arguments, node: Node) -> Value:
    lists = certain(machine, arguments.positional[0], node)
    return _chain(machine, Arguments(lists, {}), node)


def _repeat(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, times = arguments.positional[0], arguments.get(1, "times")
    if not isinstance(times, int):
        raise Unfit
    if times > MAX_MEMBERS:
        raise Unfit(limit_reached(MAX_MEMBERS, "members"))
    return machine.new("list", [value] * times, node)


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
        group = machine.new("list", [members[index] for index in indices], node)
        found.append((keys[indices[0]], group))
    return machine.new("list", found, node)


ITERATING: Final[dict[str, _Call]] = {
    "builtins.range": _range,
    "builtins.xrange": _range,
    "six.moves.range": _range,
    "six.moves.xrange": _range,
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
