"""``with``: contexts are entered, the body is followed, and contexts are left."""

from __future__ import annotations

from typing import Any

from plugindoc.evaluation.limits import (
    Unfit,
)
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.names import children
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.classes import (
    class_member,
    decorators_of,
    special,
)
from plugindoc.evaluation.operations.havoc import let_change
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    External,
    Function,
    Object,
    Value,
)
from plugindoc.evaluation.transfer.assignment import assign
from plugindoc.evaluation.transfer.calls import call_value
from plugindoc.evaluation.transfer.exceptions import execute_try
from plugindoc.evaluation.transfer.expressions import arguments_of
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Node

__all__ = [
    "Leave",
    "execute_with",
    "leave_context",
]


def execute_with(machine: Machine, node: syntax.With) -> None:
    """Run a ``with``."""
    _enter(machine, node, 0)


def _enter(machine: Machine, node: syntax.With, index: int) -> None:
    """Enter the contexts from an index on, then run the body."""
    if index == len(node.items):
        machine.execute(node.body)
        return
    context, target = node.items[index]
    function = machine.evaluate(context.function) if isinstance(context, syntax.Call) else None
    if isinstance(function, External) and function.name == "contextlib.suppress":
        _suppress(machine, node, index)
        return
    if isinstance(function, Function) and "contextmanager" in decorators_of(function):
        _manage(machine, node, index, function)
        return
    value = machine.evaluate(context)
    if target is not None:
        assign(machine, target, _entered(machine, value, context), context)
    elif isinstance(value, Object):
        special(machine, value, "__enter__", [], context)
    leave = _leaving(machine, value, context)
    if leave is None:
        _enter(machine, node, index + 1)
        return
    rest = syntax.With(node.at, node.items[index + 1 :], node.body)
    body, final = syntax.Block(lambda: (rest,)), syntax.Block(lambda: (leave,))
    execute_try(machine, syntax.Try(node.at, body, (), None, final))


def _entered(machine: Machine, value: Value, node: Node) -> Value:
    """Return what ``with value as name`` binds."""
    if isinstance(value, Native):
        return value
    found = special(machine, value, "__enter__", [], node)
    return machine.unknown(node, "", value) if found is ABSENT else found


class Leave(syntax.Broken, eq=False):
    """The end of a ``with``: what its context does there."""

    value: Any = None
    function: Any = None


def _leaving(machine: Machine, value: Value, node: Node) -> Leave | None:
    """Return what a context does at the end of its ``with``; None if that is nothing."""
    if not isinstance(value, Object) or value.kind != "instance":
        return None if isinstance(value, Native) else Leave(node.at, "", value)
    function = class_member(machine, value.owner, "__exit__")
    if not isinstance(function, Function) or _may_suppress(function.node):
        message = "a context that may catch errors"
        raise Unfit(message)
    return Leave(node.at, "", value, function)


def _may_suppress(node: Node) -> bool:
    """Return whether an ``__exit__`` may return what is true, which ends an error."""
    body = getattr(node, "body", None)
    waiting: list[Node] = list(body.statements) if isinstance(body, syntax.Block) else [node]
    while waiting:
        one = waiting.pop()
        if isinstance(one, syntax.Return):
            if one.value is not None and getattr(one.value, "value", True) not in (None, False):
                return True
        elif not isinstance(one, syntax.FunctionDefinition | syntax.ClassDefinition):
            waiting.extend(children(one))
    return not isinstance(body, syntax.Block)


def leave_context(machine: Machine, node: Leave) -> None:
    """Evaluate ``__exit__``, with or without an error."""
    if node.function is None:
        machine.may_raise()
        let_change(machine, [node.value], node)
        return
    unknown = machine.unknown(node, "an error, if there is one")
    arguments = Arguments([node.value, unknown, unknown, unknown], {})
    call_value(machine, node.function, arguments, node)


def _suppress(machine: Machine, node: syntax.With, index: int) -> None:
    """Run the body of ``with suppress(…)`` as a ``try`` that continues after these errors."""
    context = node.items[index][0]
    given = context.arguments if isinstance(context, syntax.Call) else ()
    types = syntax.Display(node.at, "tuple", tuple(argument.value for argument in given))
    handler = syntax.Handler(node.at, types, "", syntax.Block(tuple))
    rest = syntax.With(node.at, node.items[index + 1 :], node.body)
    execute_try(machine, syntax.Try(node.at, syntax.Block(lambda: (rest,)), (handler,), None, None))


def _manage(machine: Machine, node: syntax.With, index: int, function: Function) -> None:
    """Run the body where the generator that manages the context yields."""
    context, target = node.items[index]
    outer = machine.frame

    given = machine.heap.new(Object("scope", {}))

    def run(value: Value) -> None:
        inner = machine.frame
        if machine.heap.read(given):
            machine.fail("RuntimeError", None, context)
        machine.heap.write(given)["once"] = True
        machine.frame = outer
        try:
            if target is not None:
                assign(machine, target, value, context)
            _enter(machine, node, index + 1)
        finally:
            machine.frame = inner

    arguments = arguments_of(machine, context)  # type: ignore[arg-type] # a call, as its function was found
    machine.on_yield = run
    try:
        machine.call_with(function, arguments, context)
    finally:
        machine.on_yield = None
