"""The machine that follows a plugin's code: where it is, under which conditions, with which values.

It answers `Known` data or stands-ins for it (see `values`), never raises on what plugins do, and
never runs anything of theirs. Branches whose test is not known are all followed (`branch`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeAlias

import msgspec

from plugindoc.evaluation.events import Event, EventKind, Raised
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
    Stop,
    Unfit,
    is_mistake,
    limit_reached,
    reason_of,
)
from plugindoc.evaluation.names import assigned_names, has_yield, local_names
from plugindoc.evaluation.operations.comparison import as_value, compare
from plugindoc.evaluation.operations.conversion import listed
from plugindoc.evaluation.operations.members import (
    class_member,
    get_attribute,
    get_item,
    set_attribute,
    set_item,
)
from plugindoc.evaluation.program import Program
from plugindoc.evaluation.python.builtin_names import ERRORS
from plugindoc.evaluation.python.formatting import as_text, joined
from plugindoc.evaluation.python.functions import call_external
from plugindoc.evaluation.python.instances import (
    MIXED,
    Attributes,
    RowMethod,
    builtin_method,
    has_known_bases,
    item_of,
    members_of,
    row_names,
    special,
)
from plugindoc.evaluation.python.methods import call_method
from plugindoc.evaluation.python.types import TYPES
from plugindoc.evaluation.state.branching import Branching, Exit, Frame, Loop
from plugindoc.evaluation.state.paths import limit_comparisons
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    Choice,
    ClassValue,
    Deferred,
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
from plugindoc.evaluation.transfer.calls import call_function, call_value, dotted_name
from plugindoc.evaluation.transfer.expressions import EVALUATORS, arguments_of
from plugindoc.evaluation.transfer.havoc import leave_unknown, let_change
from plugindoc.evaluation.transfer.operators import binary
from plugindoc.evaluation.transfer.statements import EXECUTORS, in_two_parts
from plugindoc.model.conditions import Condition, Opaque, negate
from plugindoc.model.locations import Location
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Block, Const, Expression, Node, Statement

__all__ = ["Exit", "Frame", "Handler", "Loop", "Machine"]

Handler: TypeAlias = Callable[..., Value]


_SMALL: Final = frozenset({syntax.Import, syntax.ImportFrom, syntax.Global, syntax.Pass})
"""Statements that cannot take long."""

_STEPS_OF_A_STATEMENT: Final = 3
"""Steps that it takes to keep what an outermost statement changes apart, whatever it does."""


class Machine(Branching):
    """Follows code; one machine reads one installer.

    `natives` maps names of functions (whole dotted names, or ``*.name`` for a name anywhere) to
    what takes their place. `ended` are the modules whose end is not reached, `escaped` the values
    that code which is not followed was given. `events` is None, or
    the list that tells what happened in order; `limits` are those that modules have reached. Where
    `outlined`, paths that meet keep only what is short to say (see `paths.outline`).
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

    # Following code

    def evaluate(self, node: Expression) -> Value:
        """Return an expression's value."""
        if type(node) is Const:
            return node.value
        self.steps -= 1
        if self.steps < 0:
            raise Exhausted(limit_reached(MAX_STEPS, "steps"))
        return EVALUATORS[type(node)](self, node)

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

    def execute(self, block: Block) -> None:
        """Run statements; raises Stop where no path goes on.

        An error of the reader itself costs the statement that it comes from.
        """
        frame = self.frame
        guarded = frame.outermost and not self.calls[1:]
        calls, tries, loop = len(self.calls), len(self.try_frames), frame.loop
        for statement in block.statements:
            path, depth = self.path, len(self.heap.layers)
            try:
                if not guarded:
                    self.spend()
                    EXECUTORS[type(statement)](self, statement)
                elif type(statement) in _SMALL:
                    EXECUTORS[type(statement)](self, statement)
                else:
                    self._execute_guarded(statement)
            except (Stop, Exhausted, RecursionError, MemoryError):
                raise
            except Exception as error:  # noqa: BLE001 - no plugin may end the reading of others
                self.path, self.frame, frame.loop = path, frame, loop
                del self.try_frames[tries:]
                del self.calls[calls:]
                self.give_up(statement, reason_of(error), depth)

    def _execute_guarded(self, statement: Statement) -> None:
        """Run a statement; where that gives up, go on behind it with what it left unknown.

        A layer keeps what it changes apart. What it binds is bound behind that: the layer would
        copy all names for each of them.
        """
        path, frame, depth, tries = self.path, self.frame, self.heap.depth, len(self.try_frames)
        calls, loop = len(self.calls), self.frame.loop
        find, bind = in_two_parts(statement)
        self._allow_more()
        self.steps -= _STEPS_OF_A_STATEMENT
        self.heap.push()
        frame.outermost = False
        try:
            value = find(self, statement)
        except (Exhausted, RecursionError, MemoryError, Unfit) as error:
            what = reason_of(error)
            self.path, self.frame = path, frame
            self.frame.loop = loop
            del self.try_frames[tries:]
            del self.calls[calls:]
            self.allowed = min(self.allowed // 4, max(self.left, MAX_STEPS_AT_LAST))
            self.steps, self.left = self.allowed, self.left - self.allowed
            self.weighable //= 4
            limit_comparisons(self.weighable)
            self.give_up(statement, what, depth)
        else:
            self.settle_layers(depth)
            if bind is not None:
                bind(self, statement, value)
        finally:
            frame.outermost = True
            self.pay_for_copies()

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

    def give_up(self, statement: Statement, what: str, depth: int) -> None:
        """Leave a statement, with all that it has changed or might have changed unknown."""
        self.may_raise()
        self.report_limit(statement, what)
        leave_unknown(self, statement, what, self.heap.cut(depth))

    def let_change(self, values: Iterable[Value], node: Node) -> None:
        """Leave unknown what code may change that is not followed and is given these values."""
        let_change(self, values, node)

    def run_module(self, module: ModuleValue) -> None:
        """Run a module's statements, once."""
        if module.ready or module.parsed is None:
            return
        module.ready = True
        kept = (self.path, self.frame, self.heap.layers, self.steps, self.try_frames, self.calls)
        raised, events, allowed, left = self.raised, self.events, self.allowed, self.left
        self.path, self.heap.layers, self.try_frames = (), [], []
        self._begin(module)
        self.raised, self.events = [], None
        self.frame = Frame(module, (module.scope,), outermost=True)
        self.calls = [self.frame]
        module.scope.content["__name__"] = module.name
        statements = module.parsed.statements
        try:
            self.execute(Block(lambda: statements))
        except Stop:
            self.ended[module.name] = self.raised
        except (Exhausted, RecursionError, MemoryError, Unfit) as error:
            self.ended[module.name] = self.raised
            if statements:
                self.report_limit(statements[0], reason_of(error))
        finally:
            self._end(module)
            self.heap.commit(self.heap.cut(0))
            self.path, self.frame, self.heap.layers, self.steps, self.try_frames, self.calls = kept
            self.raised, self.events = raised, events
            self.allowed, self.left = allowed, left

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
        """Return a node's source in one line; the node stands in the code that is run now."""
        parsed = self.frame.home.parsed
        return parsed.text(node.at) if parsed is not None else ""

    def location(self, node: Node) -> Location | None:
        """Return where a node of the code that is run now stands."""
        parsed = self.frame.home.parsed
        return parsed.location(node.at) if parsed is not None else None

    def note(self, event: Event) -> None:
        """Tell an event to who wants to know."""
        if self.events is not None:
            self.events.append(event)

    def report_limit(self, node: Node, text: str) -> None:
        """Tell that a limit was reached, or that the reader itself failed."""
        told = self.limits if self.events is None else self.events
        kind: EventKind = "mistake" if is_mistake(text) else "limit"
        told.append(Event(kind, node, self.frame.home.parsed, self.path, text=text))

    # Hooks

    def start(self, module: ModuleValue, steps: int = MAX_STEPS) -> None:
        """Make ready for a hook of a module, or for something smaller that has fewer steps."""
        self.path, self.raised, self.try_frames, self.calls = (), [], [], []
        self._begin(module, steps)
        self.raises, self.handling = 0, None
        self.characters, self.weighable = MAX_CHARACTERS_IN_ALL, MAX_PATH_PARTS
        limit_comparisons(MAX_PATH_PARTS)
        self.frame = Frame(module, (module.scope,))

    def finish(self) -> None:
        """End a hook: what it changed stays."""
        self._end(self.frame.home)
        self.characters = MAX_CHARACTERS_IN_ALL
        limit_comparisons(None)
        self.heap.commit(self.heap.cut(0))
        self.path, self.raised, self.events = (), [], None

    def call_hook(self, function: Function, arguments: Arguments) -> Value:
        """Follow a hook's body from the top."""
        return call_function(self, function, arguments, function.node)

    def without_effects(self, deferred: Deferred) -> list[Value]:
        """Return what an iterator gives; raises Unfit where finding that changes anything else."""
        own = [one for one in deferred.values if isinstance(one, Object) and one.kind == "scope"]
        depth, path, raises, natives = self.heap.depth, self.path, self.raises, self.native_calls
        self.heap.push()
        try:
            found = deferred.find()
        finally:
            changed = self.heap.cut(depth)
        if (
            self.path != path
            or (self.raises, self.native_calls) != (raises, natives)
            or any(self.heap.is_old(one) and one not in own for one in changed)
        ):
            message = "members that are found one by one, and change something"
            raise Unfit(message)
        self.heap.commit(changed)
        return found

    def alternatives(self, value: Value) -> list[Value]:
        """Return all that a member may be, without the conditions."""
        if type(value) is Maybe:
            return self.alternatives(value.value)
        if type(value) is Choice:
            return [one for _, branch in value.branches for one in self.alternatives(branch)]
        return [value]

    # Making and asking, for the rooms that carry out single kinds of syntax

    @property
    def python2(self) -> bool:
        """Whether the code that is run now is Python 2."""
        parsed = self.frame.home.parsed
        return parsed is not None and parsed.python2

    def new(self, kind: str, content: Any, node: Node) -> Object:  # noqa: ANN401 - a list or a dict
        """Return a new object that comes from a node of the code that is run now.

        What holds many members costs steps.
        """
        self.steps -= len(content) // MEMBERS_A_STEP
        return self.heap.new(Object(kind, content, node, self.frame.home.parsed))

    def made(self, kind: str, content: Any, node: Node) -> Value:  # noqa: ANN401 - a list or a dict
        """Return a new object made of others; unknown where it has too many members."""
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
        """Tell whether all names are known that the code of a frame sees."""
        return frame.home.name not in self.ended and self.opened.isdisjoint(frame.scopes)

    def assigned_in(self, node: Statement) -> tuple[str, ...]:
        """Return the names that a statement binds, looked up once for each."""
        found = self._assigned.get(node)
        if found is None:
            found = self._assigned[node] = assigned_names(node)
        return found

    def enter(self, scope: Object) -> None:
        """Let names be bound in a scope inside of the one that is followed.

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
        """Tell whether a function's body makes it a generator."""
        return "yield" in body.source and has_yield(body)

    def is_bound(self, name: str) -> bool:
        """Tell whether a name is bound in the innermost scope."""
        frame = self.frame
        scope = frame.shared.get(name) or frame.scopes[-1]
        return name in self.heap.read(scope)

    def has_known_truth(self, found: Object) -> bool:
        """Tell whether an instance of a class without special methods for that is true."""
        if self.row_of(found) is not None:
            return bool(self.row_of(found))
        return not any(
            isinstance(one, External) and one.name in MIXED for one in found.owner.ancestors
        )

    def has_known_bases(self, kind: ClassValue) -> bool:
        """Tell whether all that a class inherits from is followed."""
        return has_known_bases(kind)

    def entered(self, value: Value, node: Node) -> Value:
        """Return what ``with value as name`` binds."""
        if isinstance(value, Native):
            return value
        found = self.special(value, "__enter__", [], node)
        return self.unknown(node, "", value) if found is ABSENT else found

    def call(self, function: Value, positional: list[Value], node: Node) -> Value:
        """Return what a call with these arguments gives."""
        return call_value(self, function, Arguments(positional, {}), node)

    def arguments_of(self, node: syntax.Call) -> Arguments:
        """Return a call's arguments, each evaluated."""
        return arguments_of(self, node)

    def call_with(self, function: Value, arguments: Arguments, node: Node) -> Value:
        """Return what a call gives, with arguments of any kind."""
        return call_value(self, function, arguments, node)

    def joined(self, parts: list[Value], node: Node) -> Value:
        """Return the text that values make."""
        return joined(self, [self.each(one, lambda v: as_text(self, v, node)) for one in parts])

    def text_of(self, value: Value, node: Node) -> Value:
        """Return ``str(value)``."""
        return as_text(self, value, node)

    def special(self, value: Value, name: str, given: list[Value], node: Node) -> Value:
        """Return what a special method of an instance gives; `ABSENT` where it has none."""
        return special(self, value, name, given, node)

    def row_of(self, value: Value) -> tuple[Value, ...] | None:
        """Return a named tuple's members; None for anything else."""
        names = row_names(self, value.owner) if isinstance(value, Object) else ()
        if not names:
            return None
        content = self.heap.read(value)
        return tuple(content[name] for name in names)

    def row_method(self, value: Object, name: str) -> Value:
        """Return a method of a named tuple; `ABSENT` where the instance is none."""
        if name in ("_asdict", "_replace") and row_names(self, value.owner):
            return RowMethod(value, name)
        return ABSENT

    def names_of(self, found: Object) -> Value:
        """Return the names of an instance, class or module as a dict."""
        return Attributes(found)

    def item_of_instance(self, value: Object, index: Value, node: Node) -> Value:
        """Return an instance's member by index; `ABSENT` where its class has none."""
        return item_of(self, value, index, node)

    def members_of_instance(self, value: Value, node: Node) -> list[Value] | None:
        """Return what a loop over an instance or a class gives; None where that is not known."""
        return members_of(self, value, node)

    def call_external(self, function: External, arguments: Arguments, node: Node) -> Value:
        """Return what a function from outside gives."""
        owner, _, name = function.name.removeprefix("builtins.").rpartition(".")
        if (owner in TYPES or owner in ERRORS or owner == "object") and arguments.positional:
            rest = Arguments(arguments.positional[1:], arguments.named, arguments.open)
            receiver = arguments.positional[0]
            if owner == "str":
                return self.each(receiver, lambda one: self.call_method(one, name, rest, node))
            if isinstance(receiver, Object) and name != "fromkeys":
                return builtin_method(self, receiver, name, rest, node)
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
        if isinstance(value, Function) and not name.startswith("_"):
            return value.attributes is not None and name in self.heap.read(value.attributes)
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
