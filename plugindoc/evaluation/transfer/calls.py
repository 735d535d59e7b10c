"""Calls: which function is meant, its arguments bound, its body followed."""

from __future__ import annotations

from typing import Final

from plugindoc.evaluation.events import Event
from plugindoc.evaluation.limits import MAX_CALLS, Stop, Unfit, limit_reached
from plugindoc.evaluation.machine import Handler, Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.classes import class_member, class_of
from plugindoc.evaluation.operations.conversion import listed, row
from plugindoc.evaluation.operations.havoc import let_change
from plugindoc.evaluation.python.instances import instantiate
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Arguments,
    Bound,
    Choice,
    ClassValue,
    Deferred,
    External,
    Function,
    Object,
    Unknown,
    Value,
    options_in,
)
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Node

__all__ = ["call_function", "call_value", "dotted_name"]


def dotted_name(value: Value) -> str:
    """Return the dotted name of a function, class or external thing; "" for anything else."""
    if isinstance(value, Function | ClassValue):
        return f"{value.home.name}.{value.path}"
    if isinstance(value, External):
        return value.name
    if isinstance(value, Bound) and isinstance(value.function, Function):
        return dotted_name(value.function)
    return ""


def call_value(machine: Machine, function: Value, arguments: Arguments, node: Node) -> Value:
    """Return what a call gives."""
    machine.steps -= 1  # functions of the library, such as map, may make many calls
    if type(function) is Choice:
        return machine.each(function, lambda one: call_value(machine, one, arguments, node))
    if machine.events is not None:
        machine.note(
            Event(
                "call",
                node,
                machine.frame.home.parsed,
                machine.path,
                function=function,
                arguments=arguments,
                via=machine.via(),
            )
        )
    native = _native_for(machine, function)
    if native is not None:
        found = native(machine, function, arguments, node)
        if found is not UNSUPPORTED:
            return found
    return machine.charge(_call(machine, function, arguments, node))


def _native_for(machine: Machine, function: Value) -> Handler | None:
    """Return what takes a function's place, if anything does."""
    if not machine.natives:
        return None
    name = dotted_name(function)
    if not name:
        return None
    return machine.natives.get(name) or machine.natives.get(f"*.{name.rpartition('.')[2]}")


def _call(machine: Machine, function: Value, arguments: Arguments, node: Node) -> Value:
    if type(function) is Function:
        return call_function(machine, function, arguments, node)
    if type(function) is Bound:
        return _call_bound(machine, function, arguments, node)
    if type(function) is External:
        return machine.call_external(function, arguments, node)
    if type(function) is ClassValue:
        return instantiate(machine, function, arguments, node)
    if isinstance(function, Native):
        machine.native_calls += 1
        found = function.call(machine, arguments, node)
        if found is not UNSUPPORTED:
            return found
    member = class_member(machine, class_of(function), "__call__")
    if member is not ABSENT:
        return call_value(machine, Bound(function, "__call__", member), arguments, node)
    if function is None or isinstance(function, str | int | tuple):
        return machine.fail("TypeError", None, node)
    machine.may_raise()
    values = [*arguments.positional, *arguments.named.values()]
    let_change(machine, [function, *values], node)
    return machine.unknown(node, "", function, *values)


def _call_bound(machine: Machine, bound: Bound, arguments: Arguments, node: Node) -> Value:
    if bound.function is not None:
        whole = Arguments(
            [bound.receiver, *arguments.positional],
            arguments.named,
            arguments.open,
            arguments.nodes,
        )
        return call_value(machine, bound.function, whole, node)
    if isinstance(bound.receiver, Native):
        machine.native_calls += bound.receiver.name != "configuration"
        found = bound.receiver.method(machine, bound.name, arguments, node)
    else:
        found = machine.call_method(bound.receiver, bound.name, arguments, node)
    if found is UNSUPPORTED:
        machine.may_raise()
        values = [*arguments.positional, *arguments.named.values()]
        let_change(machine, [bound.receiver, *values], node)
        return machine.unknown(node, "", bound.receiver, *values)
    return found


_ROUNDS: Final = 2


def _goes_round(machine: Machine, function: Function, arguments: Arguments) -> bool:
    """Return whether a function is about to call itself again with what is not known.

    It was followed with the same before, so that another round would show nothing new.
    """
    rounds = [f for f in machine.calls if f.function and f.function.node is function.node]
    given = (*arguments.positional, *arguments.named.values())
    return len(rounds) >= _ROUNDS and any(type(value) is Unknown for value in given)


def call_function(machine: Machine, function: Function, arguments: Arguments, node: Node) -> Value:
    """Return what a function of the installer or a plugin gives; its body is followed."""
    if _goes_round(machine, function, arguments):
        machine.may_raise()
        return machine.unknown(node, "it calls itself with what is not known")
    if len(machine.calls) > MAX_CALLS:
        machine.may_raise()
        machine.report_limit(node, limit_reached(MAX_CALLS, "calls within calls"))
        return machine.unknown(node, limit_reached(MAX_CALLS, "calls within calls"))
    scope = machine.heap.new(Object("scope", bind(machine, function, arguments, node)))
    definition = function.node
    if isinstance(definition, syntax.Lambda):
        with machine.inside(function, scope, node):
            value = machine.evaluate(definition.body)
        return _told_from_here(machine, value, node)
    body = definition.body
    if machine.on_yield is None and not machine.outlined and machine.is_generator(body):
        return _generator(machine, function, scope, body, node)
    value = _run(machine, function, scope, body, node)
    return _told_from_here(machine, value, node)


def _generator(
    machine: Machine, function: Function, scope: Object, body: syntax.Block, node: Node
) -> Object:
    """Return a generator; its body is followed when its members are asked for."""

    def find() -> list[Value]:
        found = machine.new("list", [], node)
        _run(machine, function, scope, body, node, found)
        return listed(machine, found, node)

    def start() -> None:
        _run(machine, function, scope, body, node)

    content = [Deferred(find, (function, scope), (function.node, function.scopes), start)]
    return machine.new("iterator", content, node)


def _told_from_here(machine: Machine, value: Value, node: Node) -> Value:
    """Return an unknown result as the call that it comes from.

    So is a choice of which the machine decides, and of which a branch is not known.
    """
    if type(value) is Unknown:
        return Unknown(node, machine.frame.home.parsed, value.reason, value.options)
    if type(value) is Choice:
        unknown = next((one for _, one in value.branches if type(one) is Unknown), None)
        if unknown is not None and not options_in(value):
            return Unknown(node, machine.frame.home.parsed, unknown.reason)
    return value


def _run(
    machine: Machine,
    function: Function,
    scope: Object,
    body: syntax.Block,
    node: Node,
    yields: Object | None = None,
) -> Value:
    base, depth, raises = machine.path, machine.heap.depth, machine.raises
    with machine.inside(function, scope, node) as frame:
        frame.depth = depth
        frame.on_yield, machine.on_yield = machine.on_yield, None
        frame.yields = yields
        if frame.on_yield is None and yields is None and machine.is_generator(body):
            frame.yields = machine.new("list", [], node)
        try:
            machine.execute(body)
        except Stop:
            pass
        else:
            frame.returns.append(machine.exit_at(depth, None))
        machine.heap.cut(depth)
    ends = frame.returns
    alone = machine.raises == raises
    value = machine.meet(ends, base)
    if alone:
        machine.path = base
    return value if frame.yields is None else frame.yields


def bind(
    machine: Machine, function: Function, arguments: Arguments, node: Node
) -> dict[str, Value]:
    """Return a function's parameters bound to arguments; a call that does not fit fails."""
    found: dict[str, Value] = {}
    positional = list(arguments.positional)
    named = dict(arguments.named)
    for parameter in function.node.parameters:
        if parameter.kind == "*":
            if parameter.name:
                rest = machine.unknown(node, "the arguments are not known")
                found[parameter.name] = rest if arguments.open else row(machine, positional, node)
            positional = []
        elif parameter.kind == "**":
            rest = machine.unknown(node, "the arguments are not known")
            found[parameter.name] = rest if arguments.open else machine.new("dict", named, node)
            named = {}
        else:
            found[parameter.name] = _argument(
                machine, function, parameter, (positional, named, arguments.open), node
            )
            if parameter.names is not None:
                _bind_names(machine, parameter.names, found.pop(""), found, node)
    if (positional or named) and not arguments.open:
        machine.fail("TypeError", None, node)
    return found


def _argument(
    machine: Machine,
    function: Function,
    parameter: syntax.Parameter,
    given: tuple[list[Value], dict[str, Value], bool],
    node: Node,
) -> Value:
    positional, named, is_open = given
    if positional and not parameter.keyword_only:
        return positional.pop(0)
    if parameter.name in named and not parameter.positional_only:
        return named.pop(parameter.name)
    if is_open:
        return machine.unknown(node, "the arguments are not known")
    default = function.defaults.get(parameter.name, ABSENT)
    return machine.fail("TypeError", None, node) if default is ABSENT else default


def _bind_names(
    machine: Machine, names: syntax.Expression, value: Value, found: dict[str, Value], node: Node
) -> None:
    """Bind Python 2's parameters in parentheses."""
    targets = names.members if isinstance(names, syntax.Display) else ()
    try:
        members = listed(machine, value, node)
    except Unfit:
        members = [machine.unknown(node, "", value)] * len(targets)
    for target, member in zip(targets, members, strict=False):
        if isinstance(target, syntax.Name):
            found[target.id] = member
