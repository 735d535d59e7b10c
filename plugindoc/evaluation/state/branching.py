"""Branches: the paths that are followed, where they part, meet and end.

If a test is not known, both its sides are followed, each on its own path (`branch`), and their
changes are merged where they meet again. A path that ends keeps what it changed until it is
resumed.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final, NoReturn, overload

import msgspec

from plugindoc.evaluation.limits import Stop, Unfit
from plugindoc.evaluation.state.heap import Heap, Layer, choose, same, too_many
from plugindoc.evaluation.state.paths import (
    MAX_MET,
    Path,
    Scale,
    condition_of,
    extend,
    holds,
    in_common,
    is_shown,
    join,
    outline,
    relative,
    sketch,
)
from plugindoc.evaluation.state.values import Choice, Function, ModuleValue, Object, Value, one_of
from plugindoc.model.conditions import (
    AllOf,
    Always,
    AnyOf,
    Condition,
    Never,
    Opaque,
    negate,
    options_of,
)
from plugindoc.reading.python import Module
from plugindoc.reading.syntax import Node

__all__ = ["Branching", "Exit", "Frame", "Loop", "Raised", "TryFrame"]

_COMPOUND: Final = frozenset({AllOf, AnyOf})
"""Conditions that a path may rule out by their parts alone."""


_COPIED_A_STEP: Final = 64
"""Members for one step, when layers copy and compare what they change."""

_STEPS_OF_A_BRANCH: Final = 4
"""Steps that it takes to part the path and to let its branches meet, whatever runs in them."""


class Exit(msgspec.Struct, eq=False):
    """The end of a path in a function or loop: its place, its changes, its value."""

    path: Path
    changed: Layer
    value: Value = None


class Loop(msgspec.Struct, eq=False):
    """The loop that is being run; `depth` and `round_depth` are those of the heap at its start."""

    depth: int
    round_depth: int
    outer: Loop | None = None
    breaks: list[Exit] = []
    continues: list[Exit] = []


class Frame(msgspec.Struct, eq=False):
    """A function, module or class body that is being run.

    `scopes` are those that names are looked up in, innermost last; `shared` names belong to the
    scope of a ``global`` or ``nonlocal`` statement. `yields` takes what a generator gives;
    `on_yield` runs the body of ``with`` where a generator that manages a context gives its value.
    `comprehensions` says how many of the scopes are those of comprehensions.
    """

    home: ModuleValue
    scopes: tuple[Object, ...]
    function: Function | None = None
    depth: int = 0
    outermost: bool = False
    shared: dict[str, Object] = {}
    locals: frozenset[str] = frozenset()
    returns: list[Exit] = []
    yields: Object | None = None
    on_yield: Callable[[Value], None] | None = None
    loop: Loop | None = None
    call: Node | None = None
    class_path: str = ""
    comprehensions: int = 0


class Raised(msgspec.Struct, eq=False):
    """An error that a path raises: its class or instance, its text, and the path."""

    error: Value
    text: Value
    node: Node
    module: Module | None
    path: Path
    changed: dict[Any, Any]
    via: tuple[str, ...] = ()


class TryFrame(msgspec.Struct, eq=False):
    """A ``try`` that is being run: what was raised in it, and where something may be raised."""

    depth: int
    raised: list[Raised] = []
    uncertain: Exit | None = None


class Branching:
    """The path that is followed, with all that it has changed and all that ended before it.

    Where `outlined`, paths that meet keep only what is short to say (see `paths.outline`).
    `on_yield` is what the next function that is followed does where it yields.
    """

    def __init__(self) -> None:
        self.scale = Scale()
        self.heap = Heap(self.scale)
        self.path: Path = ()
        self.raised: list[Raised] = []
        self.try_frames: list[TryFrame] = []
        self.calls: list[Frame] = []
        self.frame: Frame = Frame(ModuleValue("", None), ())
        self.raises = 0
        self.steps = 0
        self.outlined = False
        self.on_yield: Callable[[Value], None] | None = None

    def branch(self, options: Sequence[tuple[Condition, Callable[[], Value]]]) -> Value:
        """Follow each option under its condition, and return the merged value.

        Raises Stop if all of them end.
        """
        base, depth = self.path, self.heap.depth
        ends: list[Exit] = []
        straight = True
        guards: list[Condition] = []
        for condition, run in options:
            path = (
                sketch(base, condition, self.scale)
                if self.outlined
                else extend(base, condition, self.scale)
            )
            if path is None:
                continue
            self.path = path
            guards.append(condition)
            self.heap.push()
            try:
                value = run()
            except Stop:
                self.heap.cut(depth)
                straight = False
            except Unfit:  # if the operation becomes unknown, evaluation continues from before it
                self.heap.cut(depth)
                self.path = base
                raise
            else:
                straight = straight and self.path is path
                ends.append(Exit(self.path, self.heap.cut(depth), value))
        self.steps -= _STEPS_OF_A_BRANCH
        self.pay_for_copies()
        if straight and len(ends) > 1:
            return self._meet_all(ends, guards, base)
        return self.meet(ends, base)

    def _meet_all(self, ends: list[Exit], guards: list[Condition], base: Path) -> Value:
        """Continue where all branches meet again and none has ended."""
        if self._exposed():
            self.heap.push()
        self.heap.merge([(g, end.changed) for g, end in zip(guards, ends, strict=True)])
        self.path = base
        return choose([(g, end.value) for g, end in zip(guards, ends, strict=True)], self.scale)

    def meet(self, ends: Sequence[Exit], base: Path) -> Value:
        """Continue where paths that started from `base` meet; raises Stop if there are none."""
        if not ends:
            self.path = base
            raise Stop
        if self._exposed():
            self.heap.push()
        if len(ends) == 1:
            end = ends[0]
            self.path = end.path
            self.heap.commit(end.changed)
            return end.value
        rests = [relative(end.path, base) for end in ends]
        if sum(map(len, rests)) > MAX_MET:
            return self._meet_blurred(ends)
        guards = [condition_of(rest) for rest in rests]
        if self.outlined:
            guards = _told_apart(guards)
        self.heap.merge([(guard, end.changed) for guard, end in zip(guards, ends, strict=True)])
        paths = [end.path for end in ends]
        self.path = outline(paths) if self.outlined else join(paths)
        return choose(
            [(guard, end.value) for guard, end in zip(guards, ends, strict=True)], self.scale
        )

    def _meet_blurred(self, ends: Sequence[Exit]) -> Value:
        """Continue where more paths meet than can be kept apart."""
        paths = [end.path for end in ends]
        self.path = in_common(paths)
        names = dict.fromkeys(name for part in max(paths, key=len) for name in options_of(part))
        unknown = too_many(tuple(names))
        self.heap.blur([end.changed for end in ends], unknown)
        first = ends[0].value
        return first if all(same(first, end.value) for end in ends) else unknown

    def _exposed(self) -> bool:
        """Return whether a path that has ended counts on what lies below to stay as it is."""
        depth, frame = self.heap.depth, self.frame
        if frame.returns and frame.depth >= depth:
            return True
        loop = frame.loop
        while loop is not None:
            if (loop.breaks and loop.depth >= depth) or (
                loop.continues and loop.round_depth >= depth
            ):
                return True
            loop = loop.outer
        return any(
            (t.raised or t.uncertain is not None) and t.depth >= depth for t in self.try_frames
        )

    def settle(self, condition: Condition) -> bool | None:
        """Return whether a condition holds on the path that is followed; None if it may."""
        if isinstance(condition, Always):
            return True
        if isinstance(condition, Never):
            return False
        if self.outlined and not is_shown(condition):
            return None
        if not self.path:
            return None
        settled = holds(self.path, condition, self.scale)
        if settled is not None:
            return settled
        if type(condition) in _COMPOUND and extend(self.path, condition, self.scale) is None:
            return False
        return True if extend(self.path, negate(condition), self.scale) is None else None

    def narrow(self, value: Value) -> Value:
        """Return a value without the alternatives that this path rules out."""
        if type(value) is not Choice:
            return value
        possible = [(g, one) for g, one in value.branches if self.settle(g) is not False]
        if not possible or len(possible) == len(value.branches) > 1:
            return value
        return one_of(possible)

    def each(self, value: Value, use: Callable[[Value], Value]) -> Value:
        """Apply an operation to a value, or to each of its alternatives."""
        value = self.narrow(value)
        if type(value) is not Choice:
            return use(value)
        return self.branch([(guard, _later(use, one)) for guard, one in value.branches])

    def each_of(self, values: Sequence[Value], use: Callable[[list[Value]], Value]) -> Value:
        """Apply an operation to values, for each alternative of those that have several."""
        index = next((i for i, one in enumerate(values) if type(one) is Choice), None)
        if index is None:
            return use(list(values))
        before, behind = values[:index], values[index + 1 :]
        return self.each(values[index], lambda one: self.each_of((*before, one, *behind), use))

    def either(
        self, condition: Condition, first: Callable[[], Value], second: Callable[[], Value]
    ) -> Value:
        """Return the first value if a condition holds, else the second."""
        return self.branch([(condition, first), (negate(condition), second)])

    # Raising

    @overload
    def fail(self, error: Value, text: Value, node: Node) -> NoReturn: ...

    @overload
    def fail(self, error: Value, text: Value, node: Node, when: Condition) -> None: ...

    def fail(self, error: Value, text: Value, node: Node, when: Condition | None = None) -> None:
        """Record that the path raises here, always or under a condition.

        Raises Stop if no path continues.
        """
        path = self.path if when is None else extend(self.path, when, self.scale)
        if path is not None:
            self.raises += 1
            changed = self.heap.snapshot(self.try_frames[-1].depth) if self.try_frames else {}
            found = Raised(error, text, node, self.frame.home.parsed, path, changed, self.via())
            (self.try_frames[-1].raised if self.try_frames else self.raised).append(found)
        if when is None:
            raise Stop
        rest = extend(self.path, negate(when), self.scale)
        if rest is None:
            raise Stop
        self.path = rest
        self._keep_below()

    def end(self, error: Value, node: Node) -> NoReturn:
        """Record that the path ends the installer here; no handler catches that."""
        module = self.frame.home.parsed
        self.raised.append(Raised(error, None, node, module, self.path, {}, self.via()))
        raise Stop

    def _keep_below(self) -> None:
        """Add a layer for later changes if a handler needs the state before them."""
        if self.try_frames and self.try_frames[-1].depth >= self.heap.depth:
            self.heap.push()

    def may_raise(self) -> None:
        """Record that something here may raise an error."""
        if self.try_frames and self.try_frames[-1].uncertain is None:
            attempt = self.try_frames[-1]
            attempt.uncertain = Exit(self.path, self.heap.snapshot(attempt.depth))
            self._keep_below()

    def settle_layers(self, depth: int) -> None:
        """Move the changes above a depth to the layer where they belong."""
        changed = self.heap.cut(depth)
        if self._exposed():
            self.heap.push()
        self.heap.commit(changed)

    def pay_for_copies(self) -> None:
        """Use up steps for the members that the heap has copied or compared since the last time."""
        self.steps -= self.heap.copied // _COPIED_A_STEP
        self.heap.copied %= _COPIED_A_STEP

    def via(self) -> tuple[str, ...]:
        """Return the names of the functions that led here, outermost first, without the first."""
        return tuple([f.function.name for f in self.calls[1:] if f.function is not None])

    def extended(self, condition: Condition) -> Path | None:
        """Return the path where a condition holds too; None if that cannot be."""
        return (
            sketch(self.path, condition, self.scale)
            if self.outlined
            else extend(self.path, condition, self.scale)
        )

    def exit_at(self, depth: int, value: Value) -> Exit:
        """Return an end of the path that is followed, with what changed above a depth."""
        return Exit(self.path, self.heap.snapshot(depth), value)

    def loop_at(self, depth: int) -> Loop:
        """Return a loop that starts at a depth of the heap."""
        return Loop(depth, depth, self.frame.loop)

    def enter_try(self, depth: int) -> TryFrame:
        """Start a ``try``."""
        attempt = TryFrame(depth)
        self.try_frames.append(attempt)
        return attempt

    def pass_on(self, raised: Raised) -> None:
        """Pass an error that no handler catches to the enclosing ``try``."""
        if self.try_frames:
            raised.changed = self.heap.snapshot(self.try_frames[-1].depth)
            self.try_frames[-1].raised.append(raised)
        else:
            self.raised.append(raised)

    def leaving(self) -> list[tuple[list[Exit], int, int]]:
        """Return where paths that leave are kept: the list, its length, and the depth."""
        frame, loop = self.frame, self.frame.loop
        found = [(frame.returns, len(frame.returns), frame.depth)]
        if loop is not None:
            found.append((loop.breaks, len(loop.breaks), loop.depth))
            found.append((loop.continues, len(loop.continues), loop.round_depth))
        return found

    def effects(self) -> int:
        """Return a number that grows when a path returns, or leaves a loop."""
        loop = self.frame.loop
        left = len(loop.breaks) + len(loop.continues) if loop is not None else 0
        return len(self.frame.returns) + left


def _later(use: Callable[[Value], Value], value: Value) -> Callable[[], Value]:
    return lambda: use(value)


def _told_apart(guards: list[Condition]) -> list[Condition]:
    """Return conditions for ways whose paths are only outlined, and may be the same."""
    return [
        guard
        if not isinstance(guard, Always) and guard not in guards[:number]
        else Opaque(f"for way {number}")
        for number, guard in enumerate(guards)
    ]
