"""The state of one run: where the machine is, under which conditions, with which values.

The `Interpreter` follows code with it. It returns known data or substitutes for it (see `values`),
never raises because of what plugins do, and never runs their code. Branches whose test is not known
are all followed (`branch`).
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeAlias

import msgspec

from plugindoc.evaluation.events import Event, EventKind
from plugindoc.evaluation.limits import (
    CHARACTERS_A_STEP,
    MAX_CHARACTERS_IN_ALL,
    MAX_MEMBERS,
    MAX_PATH_PARTS,
    MAX_STEPS,
    MAX_STEPS_AGAIN,
    MAX_STEPS_AT_LAST,
    MAX_STEPS_IN_ALL,
    MEMBERS_A_STEP,
    Exhausted,
    is_mistake,
    limit_reached,
)
from plugindoc.evaluation.names import assigned_names, has_yield, local_names
from plugindoc.evaluation.program import Program
from plugindoc.evaluation.state.branching import Branching, Frame, Loop, Raised, TryFrame
from plugindoc.evaluation.state.heap import Layer
from plugindoc.evaluation.state.paths import Path
from plugindoc.evaluation.state.values import (
    Arguments,
    External,
    Function,
    ModuleValue,
    Object,
    Unknown,
    Value,
    options_in,
)
from plugindoc.model.conditions import Condition, Opaque
from plugindoc.model.locations import Location
from plugindoc.reading.syntax import Block, Expression, Node, Statement

__all__ = ["Handler", "Machine", "Position"]

Handler: TypeAlias = Callable[..., Value]


class Position(msgspec.Struct, eq=False):
    """Where a machine is in the code that it follows: what other code must leave as it was.

    `tries` and `called` are how many ``try`` statements and calls it is in. The heap and the steps
    are no part of it: what was changed and spent stays so.
    """

    path: Path
    frame: Frame
    loop: Loop | None
    try_frames: list[TryFrame]
    tries: int
    calls: list[Frame]
    called: int
    raised: list[Raised]
    events: list[Event] | None


class Machine(Branching, ABC):
    """The state of following code; one machine reads one installer.

    `natives` maps names of functions (whole dotted names, or ``*.name`` for a name anywhere) to
    their replacements. `ended` are the modules whose end is not reached, `escaped` the values that
    were passed to code that is not followed. `events` is None, or the list of what happened in
    order; `limits` are those that modules have reached. If `outlined`, paths that meet keep only
    what is short (see `paths.outline`).
    """

    def __init__(self, program: Program, natives: dict[str, Handler] | None = None) -> None:
        super().__init__()
        self.program = program
        self.natives = natives or {}
        self.events: list[Event] | None = None
        self.limits: list[Event] = []
        self.steps = self.allowed = MAX_STEPS
        self.left = MAX_STEPS_IN_ALL
        self._left: dict[str, int] = {}
        self.spare, self.characters, self.weighable = 0, MAX_CHARACTERS_IN_ALL, MAX_PATH_PARTS
        self._assigned: dict[Node, tuple[str, ...]] = {}
        self.handling: Raised | None = None
        self.ended: dict[str, list[Raised]] = {}
        self.escaped: dict[int, Value] = {}
        self.native_calls = 0
        self.patched: set[str] = set()
        self.opened: set[Object] = set()
        self._locals: dict[Node, frozenset[str]] = {}
        program.runner = self.run_module

    # Following code, which the interpreter does

    @abstractmethod
    def evaluate(self, node: Expression) -> Value:
        """Return an expression's value."""

    @abstractmethod
    def execute(self, block: Block) -> None:
        """Run statements; raises Stop if no path continues."""

    @abstractmethod
    def run_module(self, module: ModuleValue) -> None:
        """Run a module's statements, once."""

    @abstractmethod
    def call_with(self, function: Value, arguments: Arguments, node: Node) -> Value:
        """Return what a call gives, with arguments of any kind."""

    @abstractmethod
    def call_external(self, function: External, arguments: Arguments, node: Node) -> Value:
        """Return what a function from outside gives."""

    @abstractmethod
    def call_method(self, receiver: Value, name: str, arguments: Arguments, node: Node) -> Value:
        """Return what a method of a built-in type gives, UNSUPPORTED where that is unknown."""

    def call(self, function: Value, positional: list[Value], node: Node) -> Value:
        """Return what a call with these arguments gives."""
        return self.call_with(function, Arguments(positional, {}), node)

    # Steps

    def spend(self) -> None:
        """Use up one step."""
        self.steps -= 1
        if self.steps < 0:
            raise Exhausted(limit_reached(MAX_STEPS, "steps"))

    def charge(self, value: Value) -> Value:
        """Return a value that was made just now; a long text costs steps."""
        if type(value) is str and len(value) > CHARACTERS_A_STEP:
            self.steps -= len(value) // CHARACTERS_A_STEP
        return value

    def _allow_more(self) -> None:
        """Allow the next outermost statement a few steps; raises Exhausted where none are left."""
        if self.left < -MAX_STEPS_IN_ALL:
            raise Exhausted(limit_reached(MAX_STEPS_IN_ALL, "steps in one file"))
        more = (MAX_STEPS_AGAIN if self.left > 0 else MAX_STEPS_AT_LAST) - self.steps
        if more > 0:
            self.left -= more
            self.steps += more

    def _begin(self, module: ModuleValue, steps: int = MAX_STEPS) -> None:
        """Allow what a module may use of its steps for a hook, or for its own statements."""
        self.left = self._left.get(module.name, MAX_STEPS_IN_ALL)
        self.steps = self.allowed = min(steps, max(self.left, MAX_STEPS_AT_LAST))
        self.left -= self.steps

    def _end(self, module: ModuleValue) -> None:
        """Keep what is left of a module's steps."""
        self._left[module.name] = self.left + max(self.steps, 0)

    # Saying what is not known

    def unknown(self, node: Node, reason: str, *operands: Value) -> Unknown:
        """Return an unknown value that comes from here, for its own reason or its operands'."""
        options: dict[str, None] = {}
        for operand in operands:
            if type(operand) is Unknown and not reason:
                reason = operand.reason
            options.update(dict.fromkeys(options_in(operand)))
        return Unknown(node, self.frame.home.parsed, reason or "not known", tuple(options))

    def opaque(self, node: Node, *operands: Value) -> Condition:
        """Return a condition that is kept as it is written."""
        options: dict[str, None] = {}
        for operand in operands:
            options.update(dict.fromkeys(options_in(operand)))
            if type(operand) is Unknown and operand.reason.startswith("limit"):
                self.report_limit(node, operand.reason)
        return Opaque(self.text(node), tuple(options))

    def text(self, node: Node) -> str:
        """Return a node's source in one line; the node is in the code that is run now."""
        parsed = self.frame.home.parsed
        return parsed.text(node.at) if parsed is not None else ""

    def location(self, node: Node) -> Location | None:
        """Return the location of a node of the code that is run now."""
        parsed = self.frame.home.parsed
        return parsed.location(node.at) if parsed is not None else None

    def note(self, event: Event) -> None:
        """Report an event to the listeners."""
        if self.events is not None:
            self.events.append(event)

    def report_limit(self, node: Node, text: str) -> None:
        """Report that a limit was reached, or that plugindoc itself failed."""
        told = self.limits if self.events is None else self.events
        kind: EventKind = "mistake" if is_mistake(text) else "limit"
        told.append(Event(kind, node, self.frame.home.parsed, self.path, text=text))

    # Going elsewhere, and coming back

    def position(self) -> Position:
        """Return the machine's position, to return to it."""
        return Position(
            self.path,
            self.frame,
            self.frame.loop,
            self.try_frames,
            len(self.try_frames),
            self.calls,
            len(self.calls),
            self.raised,
            self.events,
        )

    def go_back(self, position: Position) -> None:
        """Restore the machine to a position."""
        self.path, self.frame = position.path, position.frame
        self.frame.loop = position.loop
        self.try_frames, self.calls = position.try_frames, position.calls
        del self.try_frames[position.tries :]
        del self.calls[position.called :]
        self.raised, self.events = position.raised, position.events

    @contextmanager
    def apart(self, layers: list[Layer]) -> Iterator[None]:
        """Follow other code on these layers of the heap, unconditionally, then continue from here.

        It reports no events, and no ``try`` from here catches what it raises.
        """
        position, kept = self.position(), self.heap.layers
        self.path, self.heap.layers = (), layers
        self.raised, self.events, self.try_frames = [], None, []
        try:
            yield
        finally:
            self.heap.layers = kept
            self.go_back(position)

    @contextmanager
    def steps_of(self, module: ModuleValue) -> Iterator[None]:
        """Spend a module's own steps, then go on with those that are left here."""
        kept = self.steps, self.allowed, self.left
        self._begin(module)
        try:
            yield
        finally:
            self._end(module)
            self.steps, self.allowed, self.left = kept

    # Hooks

    @contextmanager
    def trial(
        self, module: ModuleValue, steps: int = MAX_STEPS, *, afresh: bool = False
    ) -> Iterator[None]:
        """Follow code of a module as a hook of its own; what it changes is undone afterwards.

        With `afresh`, it has all of its steps, whatever the module has used before.
        """
        left = self._left.pop(module.name, MAX_STEPS_IN_ALL) if afresh else None
        self.start(module, steps)
        depth = self.heap.depth
        self.heap.push()
        try:
            yield
        finally:
            self.heap.cut(depth)
            self.finish()
            if left is not None:
                self._left[module.name] = left

    def start(self, module: ModuleValue, steps: int = MAX_STEPS) -> None:
        """Make ready for a hook of a module, or for something smaller that has fewer steps."""
        self.path, self.raised, self.try_frames, self.calls = (), [], [], []
        self._begin(module, steps)
        self.raises, self.handling = 0, None
        self.characters, self.weighable = MAX_CHARACTERS_IN_ALL, MAX_PATH_PARTS
        self.scale.left = MAX_PATH_PARTS
        self.frame = Frame(module, (module.scope,))

    def finish(self) -> None:
        """End a hook: what it changed stays."""
        self._end(self.frame.home)
        self.characters = MAX_CHARACTERS_IN_ALL
        self.scale.left = None
        self.heap.commit(self.heap.cut(0))
        self.path, self.raised, self.events = (), [], None

    # Making and asking

    @property
    def python2(self) -> bool:
        """Whether the code that is run now is Python 2."""
        parsed = self.frame.home.parsed
        return parsed is not None and parsed.python2

    def new(self, kind: str, content: Any, node: Node) -> Object:  # noqa: ANN401 - a list or a dict
        """Return a new object that comes from a node of the code that is run now.

        Many members cost steps.
        """
        self.steps -= len(content) // MEMBERS_A_STEP
        return self.heap.new(Object(kind, content, node, self.frame.home.parsed))

    def made(self, kind: str, content: Any, node: Node) -> Value:  # noqa: ANN401 - a list or a dict
        """Return a new object made of others; unknown if it has too many members."""
        if len(content) > MAX_MEMBERS:
            return self.unknown(node, limit_reached(MAX_MEMBERS, "members"))
        return self.new(kind, content, node)

    def locals_of(self, function: Function) -> frozenset[str]:
        """Return the names that belong to a function, looked up once for each."""
        found = self._locals.get(function.node)
        if found is None:
            found = self._locals[function.node] = local_names(function.node)
        return found

    def binds_nothing_else(self, frame: Frame) -> bool:
        """Return whether all names are known that the code of a frame sees."""
        return frame.home.name not in self.ended and self.opened.isdisjoint(frame.scopes)

    def assigned_in(self, node: Statement) -> tuple[str, ...]:
        """Return the names that a statement binds, looked up once for each."""
        found = self._assigned.get(node)
        if found is None:
            found = self._assigned[node] = assigned_names(node)
        return found

    def enter(self, scope: Object) -> None:
        """Bind names in a scope inside the one that is followed.

        A class's own names are not seen from there.
        """
        frame = self.frame
        outer = frame.scopes[:-1] if frame.class_path else frame.scopes
        self.frame = msgspec.structs.replace(
            frame,
            scopes=(*outer, scope),
            class_path="",
            comprehensions=frame.comprehensions + 1,
        )

    @contextmanager
    def inside(self, function: Function, scope: Object, node: Node) -> Iterator[Frame]:
        """Follow a function's body."""
        outer, calls = self.frame, len(self.calls)
        frame = Frame(function.home, (*function.scopes, scope), function, call=node)
        frame.depth = self.heap.depth
        frame.outermost = not self.calls
        self.frame = frame
        self.calls.append(frame)
        try:
            yield frame
        finally:
            self.frame = outer
            del self.calls[calls:]

    @contextmanager
    def in_class(self, scope: Object, path: str) -> Iterator[None]:
        """Follow a class's body."""
        outer = self.frame
        self.frame = msgspec.structs.replace(
            outer, scopes=(*outer.scopes, scope), shared={}, class_path=path
        )
        try:
            yield
        finally:
            self.frame = outer

    def is_generator(self, body: Block) -> bool:
        """Return whether a function's body makes it a generator."""
        return "yield" in body.source and has_yield(body)

    def is_bound(self, name: str) -> bool:
        """Return whether a name is bound in the innermost scope."""
        frame = self.frame
        scope = frame.shared.get(name) or frame.scopes[-1]
        return name in self.heap.read(scope)

    def bind(self, name: str, value: Value) -> None:
        """Bind a name in the scope that it belongs to."""
        frame = self.frame
        scope = frame.shared.get(name) or frame.scopes[-1]
        self.heap.write(scope)[name] = value
