"""The machine that follows a plugin's code: where it is, under which conditions, with which values.

It answers `Known` data or stands-ins for it (see `values`), never raises on what plugins do, and
never runs anything of theirs. Branches whose test is not known are all followed (`branch`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, TypeAlias

import msgspec

from plugindoc.evaluation.access import (
    class_member,
    get_attribute,
    get_item,
    set_attribute,
    set_item,
)
from plugindoc.evaluation.calls import call_function, call_value, dotted_name
from plugindoc.evaluation.convert import listed, plain
from plugindoc.evaluation.events import Event, Raised
from plugindoc.evaluation.expressions import EVALUATORS
from plugindoc.evaluation.externals import call_external
from plugindoc.evaluation.heap import Heap, Layer, choose
from plugindoc.evaluation.judge import as_value, compare
from plugindoc.evaluation.limits import MAX_STEPS, Exhausted, Stop, Unfit, said
from plugindoc.evaluation.methods import call_method
from plugindoc.evaluation.names import assigned_names, has_yield
from plugindoc.evaluation.operators import binary
from plugindoc.evaluation.paths import (
    Path,
    condition_of,
    extend,
    holds,
    is_told,
    join,
    outline,
    relative,
)
from plugindoc.evaluation.program import Program
from plugindoc.evaluation.statements import EXECUTORS
from plugindoc.evaluation.targets import assign_name
from plugindoc.evaluation.values import (
    ABSENT,
    Arguments,
    Choice,
    ClassValue,
    External,
    Function,
    Maybe,
    ModuleValue,
    Native,
    Object,
    Unknown,
    Value,
    is_constant,
    options_in,
)
from plugindoc.model.conditions import Always, Condition, Never, Opaque, negate
from plugindoc.model.locations import Location
from plugindoc.reading.syntax import Block, Const, Expression, Node, Statement

__all__ = ["Exit", "Frame", "Loop", "Machine"]

Handler: TypeAlias = Callable[..., Value]


class Exit(msgspec.Struct, eq=False):
    """A path's end within a function or loop: where, what it changed, what it gives."""

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
    scope that a ``global`` or ``nonlocal`` says.
    """

    home: ModuleValue
    scopes: tuple[Object, ...]
    function: Function | None = None
    depth: int = 0
    outermost: bool = False
    shared: dict[str, Object] = {}
    locals: frozenset[str] = frozenset()
    returns: list[Exit] = []
    yields: list[Value] | None = None
    loop: Loop | None = None
    call: Node | None = None
    class_path: str = ""


class Trial(msgspec.Struct, eq=False):
    """A ``try`` that is being run: what was raised in it, and where something may be raised."""

    depth: int
    raised: list[Raised] = []
    doubt: Exit | None = None


class Machine:
    """Follows code; one machine reads one installer.

    `natives` maps names of functions (whole dotted names, or ``*.name`` for a name anywhere) to
    what takes their place. `events` is None, or the list that tells what happened in order. Where
    `outlined`, paths that meet keep only what is short to say (see `paths.outline`).
    """

    def __init__(self, program: Program, natives: dict[str, Handler] | None = None) -> None:
        self.program = program
        self.natives = natives or {}
        self.heap = Heap()
        self.path: Path = ()
        self.events: list[Event] | None = None
        self.raised: list[Raised] = []
        self.trials: list[Trial] = []
        self.steps = MAX_STEPS
        self.calls: list[Frame] = []
        self.frame: Frame = Frame(ModuleValue("", None), ())
        self.raises = 0
        self.outlined = False
        self.spare = 0
        self._assigned: dict[Node, tuple[str, ...]] = {}
        self.handling: Raised | None = None
        program.runner = self.run_module

    # Following code

    def evaluate(self, node: Expression) -> Value:
        """Return an expression's value."""
        if type(node) is Const:
            return node.value
        self.steps -= 1
        if self.steps < 0:
            raise Exhausted(said(MAX_STEPS, "steps"))
        return EVALUATORS[type(node)](self, node)

    def spend(self) -> None:
        """Use up one step."""
        self.steps -= 1
        if self.steps < 0:
            raise Exhausted(said(MAX_STEPS, "steps"))

    def execute(self, block: Block) -> None:
        """Run statements; raises Stop where no path goes on."""
        guarded = self.frame.outermost and not self.calls[1:]
        for statement in block.statements:
            if guarded:
                self._execute_guarded(statement)
            else:
                self.steps -= 1
                if self.steps < 0:
                    raise Exhausted(said(MAX_STEPS, "steps"))
                EXECUTORS[type(statement)](self, statement)

    def _execute_guarded(self, statement: Statement) -> None:
        """Run a statement; where that gives up, go on behind it with what it left unknown."""
        path, frame, depth, trials = self.path, self.frame, self.heap.depth, len(self.trials)
        calls, loop = len(self.calls), self.frame.loop
        self.heap.push()
        frame.outermost = False
        try:
            EXECUTORS[type(statement)](self, statement)
        except (Exhausted, RecursionError) as error:
            what = error.what if isinstance(error, Exhausted) else "limit: nested too deeply"
            self.path, self.frame = path, frame
            self.frame.loop = loop
            del self.trials[trials:]
            del self.calls[calls:]
            self.steps = MAX_STEPS // 4
            self.give_up(statement, what, depth)
        else:
            self.settle_layers(depth)
        finally:
            frame.outermost = True

    def settle_layers(self, depth: int) -> None:
        """Put what changed above a depth where it can stay."""
        changed = self.heap.cut(depth)
        if self._exposed():
            self.heap.push()
        self.heap.commit(changed)

    def give_up(self, statement: Statement, what: str, depth: int) -> None:
        """Leave a statement, with all that it has touched unknown."""
        self.doubt()
        self.tell_limit(statement, what)
        changed = self.heap.cut(depth)
        parsed = self.frame.home.parsed
        unknown = Unknown(statement, parsed, what)
        for found in changed:
            if found.kind == "list":
                mark = Maybe(Opaque(what), unknown)
                self.heap.replace(found, [*self.heap.read(found), mark])
            elif found.kind in ("dict", "set"):
                self.heap.replace(found, {**self.heap.read(found), unknown: unknown})
        for name in assigned_names(statement):
            assign_name(self, name, Unknown(statement, parsed, what, source=name))

    def run_module(self, module: ModuleValue) -> None:
        """Run a module's statements, once."""
        if module.ready or module.parsed is None:
            return
        module.ready = True
        kept = (self.path, self.frame, self.heap.layers, self.steps, self.trials, self.calls)
        raised, events = self.raised, self.events
        self.path, self.heap.layers, self.steps, self.trials = (), [], MAX_STEPS, []
        self.raised, self.events = [], None
        self.frame = Frame(module, (module.scope,), outermost=True)
        self.calls = [self.frame]
        module.scope.content["__name__"] = module.name
        try:
            self.execute(Block(lambda: module.parsed.statements))
        except (Stop, Exhausted, RecursionError):
            pass
        finally:
            self.heap.commit(self.heap.cut(0))
            self.path, self.frame, self.heap.layers, self.steps, self.trials, self.calls = kept
            self.raised, self.events = raised, events

    # Branches

    def branch(self, options: Sequence[tuple[Condition, Callable[[], Value]]]) -> Value:
        """Follow each option where its condition holds, and return the value of them all.

        Raises Stop where all of them end.
        """
        base, depth = self.path, self.heap.depth
        ends: list[Exit] = []
        straight = True
        guards: list[Condition] = []
        for condition, run in options:
            path = base if self.outlined and not is_told(condition) else extend(base, condition)
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
            else:
                straight = straight and self.path is path
                ends.append(Exit(self.path, self.heap.cut(depth), value))
        if straight and len(ends) > 1:
            return self._meet_all(ends, guards, base)
        return self.meet(ends, base)

    def _meet_all(self, ends: list[Exit], guards: list[Condition], base: Path) -> Value:
        """Go on where all branches meet again and none has ended."""
        if self._exposed():
            self.heap.push()
        self.heap.merge([(g, end.changed) for g, end in zip(guards, ends, strict=True)])
        self.path = base
        return choose([(g, end.value) for g, end in zip(guards, ends, strict=True)])

    def meet(self, ends: Sequence[Exit], base: Path) -> Value:
        """Go on where paths that started from `base` meet; raises Stop where there is none."""
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
        guards = [condition_of(relative(end.path, base)) for end in ends]
        if self.outlined:
            guards = _told_apart(guards)
        self.heap.merge([(guard, end.changed) for guard, end in zip(guards, ends, strict=True)])
        paths = [end.path for end in ends]
        self.path = outline(paths) if self.outlined else join(paths)
        return choose([(guard, end.value) for guard, end in zip(guards, ends, strict=True)])

    def _exposed(self) -> bool:
        """Tell whether a path that has ended counts on what lies below to stay as it is."""
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
        return any((t.raised or t.doubt is not None) and t.depth >= depth for t in self.trials)

    def settle(self, condition: Condition) -> bool | None:
        """Tell whether a condition holds on the path that is followed; None where it may."""
        if isinstance(condition, Always):
            return True
        if self.outlined and not is_told(condition):
            return None
        if isinstance(condition, Never):
            return False
        if not self.path:
            return None
        settled = holds(self.path, condition)
        if settled is not None:
            return settled
        if extend(self.path, condition) is None:
            return False
        return True if extend(self.path, negate(condition)) is None else None

    def narrow(self, value: Value) -> Value:
        """Return a value without the alternatives that this path rules out."""
        if type(value) is not Choice:
            return value
        possible = [(g, one) for g, one in value.branches if self.settle(g) is not False]
        if len(possible) == 1:
            return possible[0][1]
        if len(possible) == len(value.branches):
            return value
        return Choice(tuple(possible)) if possible else value

    def each(self, value: Value, use: Callable[[Value], Value]) -> Value:
        """Apply an operation to a value, or to each of its alternatives."""
        value = self.narrow(value)
        if type(value) is not Choice:
            return use(value)
        return self.branch([(guard, _later(use, one)) for guard, one in value.branches])

    # Raising

    def fail(self, error: Value, text: Value, node: Node, when: Condition | None = None) -> None:
        """Say that the path raises here, or does so where a condition holds.

        Raises Stop where no path goes on.
        """
        path = self.path if when is None else extend(self.path, when)
        if path is not None:
            self.raises += 1
            changed = self.heap.snapshot(self.trials[-1].depth) if self.trials else {}
            found = Raised(error, text, node, self.frame.home.parsed, path, changed, self.via())
            (self.trials[-1].raised if self.trials else self.raised).append(found)
        if when is None:
            raise Stop
        rest = extend(self.path, negate(when))
        if rest is None:
            raise Stop
        self.path = rest
        self._keep_below()

    def _keep_below(self) -> None:
        """Let later changes go to a layer of their own, where a handler counts on what was."""
        if self.trials and self.trials[-1].depth >= self.heap.depth:
            self.heap.push()

    def doubt(self) -> None:
        """Say that something here may raise, nobody knows whether."""
        if self.trials and self.trials[-1].doubt is None:
            trial = self.trials[-1]
            trial.doubt = Exit(self.path, self.heap.snapshot(trial.depth))
            self._keep_below()

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
        return Opaque(self.text(node), tuple(options))

    def text(self, node: Node) -> str:
        """Return a node's source in one line; the node stands in the code that is run now."""
        parsed = self.frame.home.parsed
        return parsed.text(node.at) if parsed is not None else ""

    def location(self, node: Node) -> Location | None:
        """Return where a node of the code that is run now stands."""
        parsed = self.frame.home.parsed
        return parsed.location(node.at) if parsed is not None else None

    def via(self) -> tuple[str, ...]:
        """Return the names of the functions that led here, outermost first, without the first."""
        return tuple(f.function.name for f in self.calls[1:] if f.function is not None)

    def note(self, event: Event) -> None:
        """Tell an event to who wants to know."""
        if self.events is not None:
            self.events.append(event)

    def tell_limit(self, node: Node, text: str) -> None:
        """Tell that a limit was reached."""
        self.note(Event("limit", node, self.frame.home.parsed, self.path, text=text))

    # Hooks

    def start(self, module: ModuleValue) -> None:
        """Make ready for a hook of a module."""
        self.path, self.raised, self.trials, self.calls = (), [], [], []
        self.steps, self.raises, self.handling = MAX_STEPS, 0, None
        self.frame = Frame(module, (module.scope,))

    def finish(self) -> None:
        """End a hook: what it changed stays."""
        self.heap.commit(self.heap.cut(0))
        self.path, self.raised, self.events = (), [], None

    def call_hook(self, function: Function, arguments: Arguments) -> Value:
        """Follow a hook's body from the top."""
        return call_function(self, function, arguments, function.node)

    def bare(self, value: Value) -> Value:
        """Return a member without its guard, the first of its alternatives."""
        if type(value) is Maybe:
            return self.bare(value.value)
        return self.bare(value.branches[0][1]) if type(value) is Choice else value

    # Making and asking, for the rooms that carry out single kinds of syntax

    @property
    def python2(self) -> bool:
        """Whether the code that is run now is Python 2."""
        parsed = self.frame.home.parsed
        return parsed is not None and parsed.python2

    def new(self, kind: str, content: Any, node: Node) -> Object:  # noqa: ANN401 - a list or a dict
        """Return a new object that comes from a node of the code that is run now."""
        return self.heap.new(Object(kind, content, node, self.frame.home.parsed))

    def assigned_in(self, node: Node) -> tuple[str, ...]:
        """Return the names that a statement binds, looked up once for each."""
        found = self._assigned.get(node)
        if found is None:
            found = self._assigned[node] = assigned_names(node)
        return found

    def extended(self, condition: Condition) -> Path | None:
        """Return the path where a condition holds too; None where that cannot be."""
        if self.outlined and not is_told(condition):
            return self.path
        return extend(self.path, condition)

    def exit_at(self, depth: int, value: Value) -> Exit:
        """Return an end of the path that is followed, with what changed above a depth."""
        return Exit(self.path, self.heap.snapshot(depth), value)

    def loop_at(self, depth: int) -> Loop:
        """Return a loop that starts at a depth of the heap."""
        return Loop(depth, depth, self.frame.loop)

    def trial_at(self, depth: int) -> Trial:
        """Start a ``try``."""
        trial = Trial(depth)
        self.trials.append(trial)
        return trial

    def pass_on(self, raised: Raised) -> None:
        """Let an error that no handler catches go on to the next ``try`` outside."""
        if self.trials:
            raised.changed = self.heap.snapshot(self.trials[-1].depth)
            self.trials[-1].raised.append(raised)
        else:
            self.raised.append(raised)

    def leaving(self) -> list[tuple[list[Exit], int, int]]:
        """Return where paths that leave are kept: the list, how many there are, and the depth."""
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

    def enter(self, scope: Object) -> None:
        """Let names be bound in a scope inside of the one that is followed."""
        frame = self.frame
        self.frame = msgspec.structs.replace(frame, scopes=(*frame.scopes, scope))

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
        """Tell whether a function's body makes it a generator."""
        return body.mentions("yield") and has_yield(body)

    def is_bound(self, name: str) -> bool:
        """Tell whether a name is bound in the innermost scope."""
        frame = self.frame
        scope = frame.shared.get(name) or frame.scopes[-1]
        return name in self.heap.read(scope)

    def entered(self, value: Value, node: Node) -> Value:
        """Return what ``with value as name`` binds."""
        if isinstance(value, Native):
            return value
        return self.unknown(node, "", value)

    def call(self, function: Value, positional: list[Value], node: Node) -> Value:
        """Return what a call with these arguments gives."""
        return call_value(self, function, Arguments(positional, {}), node)

    def call_external(self, function: External, arguments: Arguments, node: Node) -> Value:
        """Return what a function from outside gives."""
        if function.name.startswith("builtins.str.") and arguments.positional:
            rest = Arguments(arguments.positional[1:], arguments.named, arguments.open)
            name = function.name.rpartition(".")[2]
            receiver = arguments.positional[0]
            return self.each(receiver, lambda one: self.call_method(one, name, rest, node))
        return call_external(self, function, arguments, node)

    def call_method(self, receiver: Value, name: str, arguments: Arguments, node: Node) -> Value:
        """Return what a method of a built-in type gives, NotImplemented where that is unknown."""
        return call_method(self, receiver, name, arguments, node)

    def native_for(self, function: Value) -> Handler | None:
        """Return what takes a function's place, if anything does."""
        if not self.natives:
            return None
        name = dotted_name(function)
        if not name:
            return None
        return self.natives.get(name) or self.natives.get(f"*.{name.rpartition('.')[2]}")

    def members(self, value: Value, node: Node) -> list[Value] | None:
        """Return what a loop over a value gives; None where that is not known."""
        try:
            return listed(self, self.narrow(value), node)
        except Unfit:
            return None

    def attribute(self, value: Value, name: str, node: Node) -> Value:
        """Return ``value.name``."""
        return self.each(value, lambda one: get_attribute(self, one, name, node))

    def has_attribute(self, value: Value, name: str) -> bool | None:
        """Tell whether a value has a member; None where that is not known."""
        value = self.narrow(value)
        if isinstance(value, ModuleValue):
            return self.program.member(value, name) is not ABSENT
        if isinstance(value, Object) and value.kind == "instance":
            known = (
                name in self.heap.read(value) or class_member(self, value.owner, name) is not ABSENT
            )
            return known or (False if isinstance(value.owner, ClassValue) else None)
        if isinstance(value, ClassValue):
            return class_member(self, value, name) is not ABSENT
        return hasattr(value, name) if is_constant(value) else None

    def set_attribute(self, value: Value, name: str, given: Value, node: Node) -> None:
        """Carry out ``value.name = given``."""
        set_attribute(self, value, name, given, node)

    def item(self, value: Value, index: Value, node: Node) -> Value:
        """Return ``value[index]``."""
        return get_item(self, value, index, node)

    def set_item(self, value: Value, index: Value, given: Value, node: Node) -> None:
        """Carry out ``value[index] = given``."""
        set_item(self, value, index, given, node)

    def binary(self, sign: str, one: Value, other: Value, node: Node) -> Value:
        """Return ``one sign other``."""
        return binary(self, sign, one, other, node)

    def test(self, sign: str, one: Value, other: Value, node: Node) -> Value:
        """Return ``one sign other`` for a comparison."""
        return as_value(compare(self, sign, one, other, node))

    def either(
        self, condition: Condition, first: Callable[[], Value], second: Callable[[], Value]
    ) -> Value:
        """Return the first where a condition holds, else the second."""
        return self.branch([(condition, first), (negate(condition), second)])

    def sorted(self, value: Value, named: dict[str, Value], node: Node) -> list[Value]:
        """Return the members of a value in order; raises Unfit where that is not known."""
        members = listed(self, self.narrow(value), node)
        keys = members
        key = named.get("key")
        if key is not None:
            keys = [self.call(key, [member], node) for member in members]
        data = [plain(self, one) for one in keys]
        if "cmp" in named or any(one is ABSENT for one in data):
            raise Unfit("")
        order = sorted(
            range(len(members)), key=data.__getitem__, reverse=bool(named.get("reverse"))
        )
        return [members[index] for index in order]


def _told_apart(guards: list[Condition]) -> list[Condition]:
    """Return conditions for ways whose paths are only outlined, and may be the same."""
    return [
        guard
        if not isinstance(guard, Always) and guard not in guards[:number]
        else Opaque(f"for way {number}")
        for number, guard in enumerate(guards)
    ]


def _later(use: Callable[[Value], Value], value: Value) -> Callable[[], Any]:
    return lambda: use(value)
