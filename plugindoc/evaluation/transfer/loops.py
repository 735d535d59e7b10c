"""Loops: unrolled if what they iterate over is known, followed once otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, NamedTuple, TypeGuard

from plugindoc.evaluation.limits import (
    MAX_ITERATIONS,
    MAX_OUTLINED_ROUNDS,
    Stop,
    Unfit,
    limit_reached,
)
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.names import children
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.comparison import truth
from plugindoc.evaluation.operations.conversion import listed, remaining
from plugindoc.evaluation.operations.havoc import give_up
from plugindoc.evaluation.python.mappings import View
from plugindoc.evaluation.state.branching import Exit, Loop
from plugindoc.evaluation.state.heap import Layer, same
from plugindoc.evaluation.state.values import (
    Choice,
    Deferred,
    Maybe,
    Object,
    Unknown,
    Value,
    guarded,
    is_settled,
    options_in,
)
from plugindoc.evaluation.transfer.assignment import assign
from plugindoc.model.conditions import ALWAYS, Condition, Opaque, negate
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Block, Node

__all__ = ["execute_for", "execute_while"]


def execute_for(machine: Machine, node: syntax.For) -> None:
    """Run a ``for`` loop."""
    value = machine.narrow(machine.evaluate(node.iterable))
    if type(value) is Choice:
        machine.each(value, lambda one: _for(machine, node, one))
    else:
        _for(machine, node, value)


def _for(machine: Machine, node: syntax.For, value: Value) -> None:
    if _is_iterator(value):
        content = machine.heap.read(value)
        if content and type(content[0]) is Deferred and content[0].start is not None:
            machine.heap.replace(value, [])
            _loop(machine, node, lambda: _over_generator(machine, node, content[0]))
            return
    try:
        members = _found(machine, node, value)
    except Unfit as reason:
        what = reason.why or getattr(value, "reason", "")
        if what.startswith("limit"):
            give_up(machine, node, what, machine.heap.depth)
        else:
            _once(machine, node, value)
        return
    if machine.outlined and not members and isinstance(value, Object):
        _once(machine, node, value)  # what is empty now may be filled by other code before
        return
    if _is_iterator(value):
        _loop(machine, node, lambda: _over_iterator(machine, node, value))
    else:
        _loop(machine, node, lambda: _rounds(machine, node, value, members))


def _is_iterator(value: Value) -> TypeGuard[Object]:
    return isinstance(value, Object) and value.kind == "iterator"


def _found(machine: Machine, node: syntax.For, value: Value) -> list[Value]:
    """Return what a loop iterates over; an iterator still has its members, if they are certain."""
    if not _is_iterator(value):
        return listed(machine, value, node.iterable)
    try:
        return remaining(machine, value)
    except Unfit:
        found = listed(machine, value, node.iterable)
        machine.heap.write(value)[:] = found
        return found


def _over_generator(machine: Machine, node: syntax.For, generator: Deferred) -> None:
    """Run a loop's body each time that the generator that it iterates over gives a member."""
    outer = machine.frame

    def run(value: Value) -> None:
        inner = machine.frame
        machine.frame = outer
        try:
            _run_round(machine, node, value)
        finally:
            machine.frame = inner

    machine.on_yield = run
    try:
        generator.start()  # type: ignore[misc] # as the caller has seen
    finally:
        machine.on_yield = None
        loop = outer.loop
        if loop is not None and loop.breaks and generator.code and _cleans_up(generator.code[0]):
            message = "a generator that a loop leaves cleans up"
            raise Unfit(message)


def _cleans_up(node: Node) -> bool:
    """Return whether a generator does something when it is closed before its end."""
    waiting = list(children(node))
    while waiting:
        one = waiting.pop()
        if isinstance(one, syntax.Try | syntax.With):
            return True
        waiting.extend(children(one))
    return False


def _over_iterator(machine: Machine, node: syntax.For, value: Object) -> None:
    """Run a loop's body for what an iterator has left, of which the body may take some itself."""
    for _ in range(MAX_ITERATIONS):
        content = machine.heap.write(value)
        if not content:
            return
        member = content.pop(0)
        guard, one = guarded(member)
        _round(machine, node, guard, one)
    give_up(machine, node, limit_reached(MAX_ITERATIONS, "rounds of a loop"), machine.heap.depth)


def _rounds(machine: Machine, node: syntax.For, value: Value, members: list[Value]) -> None:
    depth = machine.heap.depth
    if len(members) > MAX_ITERATIONS:  # what the first rounds change is known by the layer
        machine.heap.push()
    for number, member in enumerate(members[:MAX_ITERATIONS]):
        guard, one = guarded(member)
        _round(machine, node, guard, one)
        if _has_changed(machine, value, members, number):
            _rounds_behind(machine, node, value, number + 1)
            return
    if len(members) > MAX_ITERATIONS:
        give_up(machine, node, limit_reached(MAX_ITERATIONS, "rounds of a loop"), depth)


_CHANGEABLE: Final = frozenset({"dict", "list", "set"})


def _has_changed(machine: Machine, value: Value, members: list[Value], number: int) -> bool:
    """Return whether a loop's body has changed what the loop iterates over, if that matters."""
    found = value.found if isinstance(value, View) else value
    if machine.outlined or not isinstance(found, Object) or found.kind not in _CHANGEABLE:
        return False
    content = machine.heap.read(found)
    if len(content) != len(members):
        return found.kind == "list" or is_settled(members)
    behind = number + 1
    return (
        isinstance(content, list)
        and behind < len(members)
        and content[behind] is not members[behind]
        and type(members[behind]) is not Maybe
    )


def _rounds_behind(machine: Machine, node: syntax.For, value: Value, number: int) -> None:
    """Continue a loop whose body changed the list that it iterates over."""
    if not isinstance(value, Object) or value.kind != "list":
        machine.fail("RuntimeError", None, node)
        return
    for index in range(number, MAX_ITERATIONS):
        content = machine.heap.read(value)
        if not is_settled(content):
            message = "the list changes while a loop goes over it"
            raise Unfit(message)
        if index >= len(content):
            return
        _round(machine, node, ALWAYS, content[index])
    give_up(machine, node, limit_reached(MAX_ITERATIONS, "rounds of a loop"), machine.heap.depth)


def _loop(machine: Machine, node: syntax.For, run: Callable[[], None]) -> None:
    """Run the rounds of a loop, then its ``else``, and continue where its paths meet."""
    base, depth, raises, outer = (
        machine.path,
        machine.heap.depth,
        machine.raises,
        machine.frame.loop,
    )
    loop = machine.loop_at(depth)
    machine.frame.loop = loop
    alive = True
    try:
        run()
    except Stop:
        alive = False
    finally:
        machine.frame.loop = outer
    if alive and node.orelse is not None:
        alive = _run_else(machine, node.orelse)
    _leave(machine, loop.breaks, depth, base, alive=alive, raised=machine.raises != raises)


def _run_else(machine: Machine, block: Block) -> bool:
    try:
        machine.execute(block)
    except Stop:
        return False
    return True


def _leave(
    machine: Machine,
    breaks: list[Exit],
    depth: int,
    base: tuple[Condition, ...],
    *,
    alive: bool,
    raised: bool,
) -> None:
    """Continue after a loop, on the paths that broke out and the one that finished."""
    if not breaks:
        if not alive:
            raise Stop
        return
    ends = list(breaks)
    if alive:
        ends.append(machine.exit_at(depth, None))
    machine.heap.cut(depth)
    returned = bool(machine.frame.returns)
    machine.meet(ends, base)
    if not raised and not returned:
        machine.path = base


def _round(machine: Machine, node: syntax.For, guard: Condition, value: Value) -> None:
    if guard is ALWAYS:
        _run_round(machine, node, value)
        return
    machine.branch([(guard, lambda: _run_round(machine, node, value)), (negate(guard), _skip)])


def _skip() -> None:
    return None


def _run_round(machine: Machine, node: syntax.For, value: Value) -> None:
    assign(machine, node.target, value, node.iterable)
    run_body(machine, node.body)


def run_body(machine: Machine, body: Block) -> None:
    """Run one round of a loop; paths that ``continue`` meet those that reach its end."""
    loop = machine.frame.loop
    if loop is None:  # nothing can leave the round
        machine.execute(body)
        return
    base, depth = machine.path, machine.heap.depth
    kept = loop.round_depth, loop.continues
    loop.round_depth, loop.continues = depth, []
    try:
        alive = True
        try:
            machine.execute(body)
        except Stop:
            alive = False
        ends = loop.continues
    finally:
        loop.round_depth, loop.continues = kept
    if not ends:
        if not alive:
            raise Stop
        return
    if alive:
        ends.append(machine.exit_at(depth, None))
    machine.heap.cut(depth)
    machine.meet(ends, base)


def _once(machine: Machine, node: syntax.For, value: Value) -> None:
    """Follow a loop's body once, for what is not known: it may run any number of times."""
    machine.may_raise()
    source = f"for {machine.text(node.target)} in {machine.text(node.iterable)}"
    condition = Opaque(source, options_in(value))
    for name in machine.assigned_in(node):
        _forget(machine, name, node, "changes in a loop over what is not known")
    loop_depth = machine.heap.depth
    outer = machine.frame.loop
    loop = machine.loop_at(loop_depth)
    machine.frame.loop = loop

    def run() -> None:
        member = value.member(machine, node.target) if isinstance(value, Native) else None
        if member is None:
            member = machine.unknown(node.target, "one of what is not known", value)
            if machine.outlined and isinstance(node.target, syntax.Name):
                member.source = f"each of {machine.text(node.iterable)}"
        assign(machine, node.target, member, node.iterable)
        run_body(machine, node.body)

    base, raises = machine.path, machine.raises
    try:
        _either(machine, condition, run, [] if node.orelse is not None else loop.breaks)
    finally:
        machine.frame.loop = outer
    if node.orelse is not None:
        alive = _run_else(machine, node.orelse)
        raised = machine.raises != raises
        _leave(machine, loop.breaks, loop_depth, base, alive=alive, raised=raised)


def _either(machine: Machine, condition: Condition, run: object, breaks: list[Exit]) -> None:
    base, depth = machine.path, machine.heap.depth
    path = machine.extended(condition)
    ends = []
    if path is not None:
        machine.path = path
        machine.heap.push()
        try:
            run()  # type: ignore[operator] # a function
        except Stop:
            machine.heap.cut(depth)
        else:
            ends.append(machine.exit_at(depth, None))
            machine.heap.cut(depth)
    ends += breaks
    machine.path = base
    rest = machine.extended(negate(condition))
    if rest is not None:
        machine.path = rest
        ends.append(machine.exit_at(depth, None))
    machine.meet(ends if machine.outlined else _by_path(ends), base)


def _by_path(ends: list[Exit]) -> list[Exit]:
    """Keep one end for each path: several rounds of an unknown loop look alike."""
    kept: list[Exit] = []
    for end in ends:  # conditions hold lists, so that paths have no hash
        same = next((i for i, known in enumerate(kept) if known.path == end.path), None)
        if same is None:
            kept.append(end)
        else:
            kept[same] = end
    return kept


def _forget(machine: Machine, name: str, node: Node, reason: str) -> None:
    if machine.is_bound(name):
        machine.bind(name, Unknown(node, machine.frame.home.parsed, reason, source=name))


def execute_while(machine: Machine, node: syntax.While) -> None:
    """Run a ``while`` loop."""
    base, depth, raises, outer = (
        machine.path,
        machine.heap.depth,
        machine.raises,
        machine.frame.loop,
    )
    loop = machine.loop_at(depth)
    machine.frame.loop = loop
    machine.heap.push()
    alive = True
    try:
        traces: list[_Trace] = []
        for number in range(MAX_OUTLINED_ROUNDS if machine.outlined else MAX_ITERATIONS):
            value = machine.evaluate(node.test)
            condition = truth(machine, value, node.test)
            settled = machine.settle(condition)
            filled = machine.outlined and isinstance(value, Object)  # by other code before, maybe
            if settled is False and not filled:
                break
            if settled is not True:
                _unsure(machine, node, loop, value)
                break
            run_body(machine, node.body)
            if number < _SETTLES and machine.events is not None:  # a module is read to its end
                traces.append(_trace(machine, loop))
                if len(traces) == _SETTLES and _goes_on_for_ever(*traces):
                    machine.end("an endless loop", node)
        else:
            give_up(machine, node, limit_reached(MAX_ITERATIONS, "rounds of a loop"), depth)
    except Stop:
        alive = False
    finally:
        machine.frame.loop = outer
    if alive and node.orelse is not None:
        alive = _run_else(machine, node.orelse)
    if alive and not loop.breaks:
        machine.settle_layers(depth)
    _leave(machine, loop.breaks, depth, base, alive=alive, raised=machine.raises != raises)


_SETTLES: Final = 2
"""Rounds after which a loop that changes nothing more is one that never ends."""


class _Trace(NamedTuple):
    """Effects of a round of a loop: names and objects, and how many paths left it."""

    path: tuple[Condition, ...]
    left: tuple[int, int, int]
    changed: Layer


def _trace(machine: Machine, loop: Loop) -> _Trace:
    left = (len(machine.frame.returns), len(loop.breaks), machine.raises)
    return _Trace(machine.path, left, machine.heap.snapshot(loop.depth))


def _goes_on_for_ever(one: _Trace, other: _Trace) -> bool:
    """Return whether two rounds leave the same, so that all further ones do."""
    return (
        one.path == other.path
        and one.left == other.left
        and one.changed.keys() == other.changed.keys()
        and all(_alike(content, other.changed[found]) for found, content in one.changed.items())
    )


def _alike(one: Any, other: Any) -> bool:  # noqa: ANN401 - a list or a dict
    if len(one) != len(other):
        return False
    if isinstance(one, list):
        return all(map(_same, one, other))
    return all(key in other and _same(value, other[key]) for key, value in one.items())


def _same(one: Value, other: Value) -> bool:
    if type(one) is Unknown and type(other) is Unknown:
        return one.node is other.node
    return same(one, other)


def _unsure(machine: Machine, node: syntax.While, loop: Loop, value: Value) -> None:
    """Follow the body once if it is not known how often it runs."""
    for name in machine.assigned_in(node):
        _forget(machine, name, node, "changes in a loop whose test is not known")
    source = f"while {machine.text(node.test)}"
    breaks = list(loop.breaks)
    loop.breaks.clear()
    condition = Opaque(source, options_in(value))
    if node.orelse is not None:
        _either(machine, condition, lambda: run_body(machine, node.body), [])
        loop.breaks[:0] = breaks
        return
    _either(machine, condition, lambda: run_body(machine, node.body), loop.breaks)
    loop.breaks[:] = breaks
