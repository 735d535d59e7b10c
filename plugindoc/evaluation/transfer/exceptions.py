"""``try`` and ``raise``: which handler runs, on which path."""

from __future__ import annotations

from plugindoc.evaluation.builtin_names import ERRORS
from plugindoc.evaluation.limits import Stop
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.python.formatting import as_text
from plugindoc.evaluation.python.instances import new_error
from plugindoc.evaluation.state.branching import Exit, Raised, TryFrame
from plugindoc.evaluation.state.paths import extend
from plugindoc.evaluation.state.values import (
    Arguments,
    Choice,
    ClassValue,
    External,
    Joined,
    Object,
    Unknown,
    Value,
    is_constant,
)
from plugindoc.evaluation.transfer.assignment import assign, delete
from plugindoc.evaluation.transfer.expressions import arguments_of
from plugindoc.model.conditions import Opaque, negate
from plugindoc.reading import syntax

__all__ = ["error_name", "execute_raise", "execute_try"]


def error_name(error: Value) -> str:
    """Return the name of an error's class; "" if it is not known."""
    if isinstance(error, str):
        return error
    if isinstance(error, External):
        return error.name.rpartition(".")[2]
    if isinstance(error, ClassValue):
        return error.name
    if isinstance(error, Object):
        return error_name(error.owner)
    return ""


def _ancestors(error: Value) -> tuple[set[str], bool]:
    """Return the names of an error's classes, and whether they are all known."""
    if isinstance(error, Object):
        return _ancestors(error.owner)
    if isinstance(error, ClassValue):
        names, whole = {error.name}, True
        for one in error.ancestors:
            inherited, known = (
                ({one.name}, True) if isinstance(one, ClassValue) else _ancestors(one)
            )
            names |= inherited
            whole = whole and known
        return names, whole
    name = error_name(error)
    return {name, *ERRORS.get(name, ())}, name in ERRORS


def _catches(types: Value, error: Value) -> bool | None:
    """Return whether a handler's types catch an error; None if that is not known."""
    if isinstance(types, tuple):
        found = {_catches(one, error) for one in types}
        return True if True in found else None if None in found else False
    name = error_name(types)
    names, known = _ancestors(error)
    if name and name in names:
        return True
    if not name or not known:
        return None if name not in ERRORS or not known else False
    return False


def execute_raise(machine: Machine, node: syntax.Raise) -> None:
    """Evaluate ``raise``."""
    text: Value = None if node.text is None else machine.evaluate(node.text)
    error: Value = "an error"
    if isinstance(node.error, syntax.Call):
        error, text = _made(machine, node.error)
    elif node.error is not None:
        error = machine.evaluate(node.error)
        if isinstance(error, Object) and error.kind == "instance":
            text = _first_argument(machine, error)
        elif is_constant(error):  # texts Python has not raised since 2.6, all else never
            error, text = External("builtins.TypeError"), None
        elif node.text is not None and isinstance(error, External | ClassValue):
            given = text if isinstance(text, tuple) else (text,)
            error = new_error(machine, error, Arguments(list(given), {}), node)
            text = _first_argument(machine, error)
    elif machine.handling is not None:
        error, text = machine.handling.error, machine.handling.text
    if isinstance(error, Unknown):
        error = machine.text(node.error or node)
    machine.fail(error, text, node)


def _made(machine: Machine, node: syntax.Call) -> tuple[Value, Value]:
    """Return the error that a call makes, and its text."""
    kind = machine.evaluate(node.function)
    arguments = arguments_of(machine, node)
    if not isinstance(kind, External | ClassValue):
        return kind, arguments.positional[0] if arguments.positional else None
    error = new_error(machine, kind, arguments, node)
    if isinstance(kind, ClassValue):
        message = as_text(machine, error, node)
        if message != "" and isinstance(message, str | Joined | Choice):
            return error, message
    if arguments.positional:
        return error, arguments.positional[0]
    text = _first_argument(machine, error)
    return error, None if isinstance(text, Unknown) else text


def _first_argument(machine: Machine, error: Value) -> Value:
    if not isinstance(error, Object) or error.kind != "instance":
        return None
    given = machine.heap.read(error).get("args")
    return given[0] if isinstance(given, tuple) and given else None


def execute_try(machine: Machine, node: syntax.Try) -> None:
    """Run a ``try`` with its handlers."""
    base, depth = machine.path, machine.heap.depth
    ends: list[Exit] = []
    uncaught: list[Raised] = []
    leaving = machine.leaving()
    attempt = machine.enter_try(depth)
    try:
        alive = _runs(machine, node.body)
    finally:
        machine.try_frames.pop()
    behind = machine.enter_try(depth) if node.final is not None else None
    try:
        if alive and node.orelse is not None:
            alive = _runs(machine, node.orelse)
        if alive:
            ends.append(machine.exit_at(depth, None))
        machine.heap.cut(depth)
        for raised in attempt.raised:
            _handle(machine, node, raised, (ends, uncaught))
        if attempt.uncertain is not None:
            if not _catches_all(machine, node):
                _pass_on_uncertain(machine, attempt.uncertain, behind)
            left = [end for exits, known, _ in leaving for end in exits[known:]]
            _handle_uncertain(machine, node, attempt.uncertain, ends, left)
    finally:
        if behind is not None:  # what else and handlers raise passes through finally too
            machine.try_frames.remove(behind)
            uncaught += behind.raised
    if node.final is not None:
        _run_finally(machine, node.final, leaving)
        _finally(machine, node.final, ends)
    for raised in uncaught:
        _go_on(machine, raised, node.final)
    machine.path = base
    machine.meet(ends, base)


def _catches_all(machine: Machine, node: syntax.Try) -> bool:
    """Return whether handlers catch whatever is raised."""
    return any(
        one.types is None or machine.text(one.types) in ("Exception", "BaseException")
        for one in node.handlers
    )


def _pass_on_uncertain(machine: Machine, uncertain: Exit, behind: TryFrame | None) -> None:
    """Record in the enclosing ``try`` that an error may be raised that this one does not catch."""
    frames = [one for one in machine.try_frames if one is not behind]
    if frames and frames[-1].uncertain is None:
        changed = {**machine.heap.snapshot(frames[-1].depth), **uncertain.changed}
        frames[-1].uncertain = Exit(uncertain.path, changed)


def _runs(machine: Machine, block: syntax.Block) -> bool:
    try:
        machine.execute(block)
    except Stop:
        return False
    return True


def _handle(
    machine: Machine,
    node: syntax.Try,
    raised: Raised,
    found: tuple[list[Exit], list[Raised]],
) -> None:
    ends, uncaught = found
    depth = machine.heap.depth
    machine.path = raised.path
    machine.heap.layers.append(raised.changed)
    for handler in node.handlers:
        caught: bool | None = True
        if handler.types is not None:
            try:
                caught = _catches(machine.evaluate(handler.types), raised.error)
            except Stop:  # the types themselves raise, on this path only
                break
        if caught is None and _may_catch(machine, handler, raised, ends):
            continue
        if caught is not False:
            if _run_handler(machine, handler, raised):
                ends.append(machine.exit_at(depth, None))
            break
    else:
        uncaught.append(raised)
    machine.heap.cut(depth)


def _may_catch(machine: Machine, handler: syntax.Handler, raised: Raised, ends: list[Exit]) -> bool:
    """Follow a handler that may catch an error; return whether a path continues if it does not."""
    condition = Opaque(f"{machine.text(handler.types) if handler.types else ''} is raised")
    inside, outside = (
        extend(machine.path, condition, machine.scale),
        extend(machine.path, negate(condition), machine.scale),
    )
    if inside is None or outside is None:
        return False
    depth = machine.heap.depth
    machine.path = inside
    machine.heap.push()
    if _run_handler(machine, handler, raised):
        ends.append(machine.exit_at(depth - 1, None))
    machine.heap.cut(depth)
    machine.path = raised.path = outside
    return True


def _go_on(machine: Machine, raised: Raised, final: syntax.Block | None) -> None:
    """Pass on an error that was not caught, unless ``finally`` leaves the function."""
    depth = machine.heap.depth
    machine.path = raised.path
    machine.heap.layers.append(raised.changed)
    if final is None or _runs(machine, final):
        raised.path = machine.path
        machine.pass_on(raised)
    machine.heap.cut(depth)


def _run_finally(
    machine: Machine, final: syntax.Block, leaving: list[tuple[list[Exit], int, int]]
) -> None:
    """Run ``finally`` on the paths that left the ``try`` by return, break or continue."""
    for exits, known, depth in leaving:
        left = exits[known:]
        del exits[known:]
        kept = machine.heap.layers
        for end in left:
            machine.path = end.path
            machine.heap.layers = [*kept[:depth], end.changed]
            if _runs(machine, final):
                end.path = machine.path
                end.changed = machine.heap.snapshot(depth)
                exits.append(end)
        machine.heap.layers = kept


def _run_handler(machine: Machine, handler: syntax.Handler, raised: Raised) -> bool:
    kept = machine.handling
    machine.handling = raised
    caught = raised.error
    if (handler.name or handler.names is not None) and not isinstance(caught, Object):
        caught = machine.new("instance", {}, handler)
        caught.owner = raised.error
        if raised.error in ERRORS:  # one that Python itself raises, with its own text
            caught.owner = External(f"builtins.{raised.error}")
            if raised.text is None:
                raised.text = machine.unknown(handler, "the text of the error")
        if raised.text is not None:
            machine.heap.write(caught)["args"] = (raised.text,)
    if handler.names is not None:
        assign(machine, handler.names, caught, handler)
    elif handler.name:
        machine.bind(handler.name, caught)
    try:
        alive = _runs(machine, handler.body)
        if alive and handler.name and not machine.python2:
            delete(machine, syntax.Name(handler.at, handler.name), handler)
        return alive
    finally:
        machine.handling = kept


def _handle_uncertain(
    machine: Machine, node: syntax.Try, uncertain: Exit, ends: list[Exit], left: list[Exit]
) -> None:
    """Follow the handlers of what may be raised.

    If a handler continues, the paths through the body, to its end or out of it as in `left`, are
    those on which nothing is raised.
    """
    depth = machine.heap.depth
    main = len(ends)
    effects = machine.effects()
    met: list[Opaque] = []
    for handler in node.handlers:
        types = machine.text(handler.types) if handler.types is not None else "an error"
        condition = Opaque(f"{types} is raised")
        path = extend(uncertain.path, condition, machine.scale)
        if path is None:
            continue
        machine.path = path
        machine.heap.layers.append({key: value.copy() for key, value in uncertain.changed.items()})
        raised = Raised("an error", None, handler, None, path, {})
        if _run_handler(machine, handler, raised):
            ends.append(machine.exit_at(depth, None))
            met.append(condition)
        elif machine.effects() != effects:
            met.append(condition)
        machine.heap.cut(depth)
    for end in (*ends[:main], *left):
        for condition in met:
            end.path = extend(end.path, negate(condition), machine.scale) or end.path


def _finally(machine: Machine, block: syntax.Block, ends: list[Exit]) -> None:
    depth = machine.heap.depth
    kept = list(ends)
    ends.clear()
    for end in kept:
        machine.path = end.path
        machine.heap.layers.append(end.changed)
        if _runs(machine, block):
            ends.append(machine.exit_at(depth, None))
        machine.heap.cut(depth)
