"""Expressions to values, one small function per kind of syntax."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise
from typing import Any, Final

from plugindoc.evaluation.builtin_names import BUILTINS
from plugindoc.evaluation.config import Configuration
from plugindoc.evaluation.limits import MAX_MEMBERS, MEMBERS_A_STEP, Exhausted, Unfit, limit_reached
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.attributes import get_attribute
from plugindoc.evaluation.operations.comparison import as_value, compare, truth
from plugindoc.evaluation.operations.conversion import listed, row
from plugindoc.evaluation.operations.items import get_item, present
from plugindoc.evaluation.python.formatting import format_field, joined
from plugindoc.evaluation.python.operators import binary, unary
from plugindoc.evaluation.state.heap import choose
from plugindoc.evaluation.state.paths import MAX_TERMS, condition_of, relative
from plugindoc.evaluation.state.values import (
    Arguments,
    Choice,
    External,
    Function,
    Maybe,
    Object,
    Pending,
    StandIn,
    Truth,
    Value,
    is_constant,
    is_settled,
    is_unhashable,
)
from plugindoc.evaluation.transfer.calls import call_value
from plugindoc.evaluation.transfer.comprehensions import comprehension
from plugindoc.model.conditions import (
    ALWAYS,
    NEVER,
    Always,
    Condition,
    Never,
    Opaque,
    all_of,
    any_of,
    negate,
)
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Node

__all__ = ["EVALUATORS", "arguments_of", "make_function"]


def _name(machine: Machine, node: syntax.Name) -> Value:
    name = node.id
    frame = machine.frame
    scopes = (frame.shared[name],) if name in frame.shared else frame.scopes
    layers = machine.heap.layers
    own = frame.function and len(frame.function.scopes)
    for index in range(len(scopes) - 1, -1, -1):
        scope = scopes[index]
        content = machine.heap.read(scope) if layers else scope.content
        if name in content:
            value: Value = content[name]
            if type(value) is Choice:
                return present(machine, value, node, "UnboundLocalError")
            if type(value) is Pending:
                value = machine.program.resolve(value)
                machine.heap.write(scope)[name] = value
            return value
        if index == own and len(scopes) > 1 and name in machine.locals_of(frame.function):  # type: ignore[arg-type] # as `own` says
            machine.fail("NameError" if frame.comprehensions else "UnboundLocalError", None, node)
    if name in BUILTINS:
        return External(f"builtins.{name}")
    if machine.try_frames and machine.binds_nothing_else(frame) and name[0] != "_":
        machine.fail("NameError", None, node)
    machine.may_raise()
    if f"*.{name}" in machine.natives:  # `from elsewhere import *` may bind it
        return External(name)
    return machine.unknown(node, "the name is not bound")


def _attribute(machine: Machine, node: syntax.Attribute) -> Value:
    value = machine.evaluate(node.value)
    if type(value) is Choice:
        return machine.each(value, lambda one: get_attribute(machine, one, node.name, node))
    return get_attribute(machine, value, node.name, node)


def _subscript(machine: Machine, node: syntax.Subscript) -> Value:
    value = machine.evaluate(node.value)
    index = machine.evaluate(node.index)
    return machine.charge(get_item(machine, value, index, node))


def _slice(machine: Machine, node: syntax.Slice) -> Value:
    found = [
        None if part is None else machine.evaluate(part)
        for part in (node.lower, node.upper, node.step)
    ]
    if all(part is None or type(part) in (int, bool) for part in found):
        return slice(*found)
    if all(map(is_constant, found)):
        machine.fail("TypeError", None, node)
    return machine.unknown(node, "", *found)


def _call(machine: Machine, node: syntax.Call) -> Value:
    function = machine.evaluate(node.function)
    return call_value(machine, function, arguments_of(machine, node), node)


def arguments_of(machine: Machine, node: syntax.Call) -> Arguments:
    """Return a call's arguments, each evaluated."""
    found = Arguments([], {}, nodes=tuple(argument.value for argument in node.arguments))
    for argument in node.arguments:
        value = machine.evaluate(argument.value)
        if argument.name == "":
            found.positional.append(value)
        elif argument.name == "*":
            _spread(machine, value, found, argument)
        elif argument.name == "**":
            _spread_named(machine, value, found)
        else:
            found.named[argument.name] = value
    return found


def _spread(machine: Machine, value: Value, found: Arguments, node: Node) -> None:
    try:
        members = listed(machine, machine.narrow(value), node)
    except Unfit:
        found.open = True
        return
    if not is_settled(members):
        found.open = True
        members = [member for member in members if not isinstance(member, Maybe)]
    found.positional.extend(members)
    if len(found.positional) > MAX_MEMBERS:
        raise Exhausted(limit_reached(MAX_MEMBERS, "members"))


def _spread_named(machine: Machine, value: Value, found: Arguments) -> None:
    value = machine.narrow(value)
    if not isinstance(value, Object) or value.kind != "dict":
        found.open = True
        return
    for key, one in machine.heap.read(value).items():
        if isinstance(key, str):
            found.named[key] = one
        else:
            found.open = True


def _binary(machine: Machine, node: syntax.Binary) -> Value:
    chain = [node]
    while type(chain[-1].left) is syntax.Binary:
        chain.append(chain[-1].left)
    value = machine.evaluate(chain[-1].left)
    for link in reversed(chain):
        machine.spend()
        value = binary(machine, link.operator, value, machine.evaluate(link.right), link)
    return value


def _unary(machine: Machine, node: syntax.Unary) -> Value:
    value = machine.evaluate(node.operand)
    if node.operator == "not":
        condition = truth(machine, value, node.operand)
        if machine.outlined and isinstance(condition, Opaque):  # outlines keep tests as written
            return as_value(machine.opaque(node, value))
        return as_value(negate(condition))
    return unary(machine, node.operator, value, node)


def _compare(machine: Machine, node: syntax.Compare) -> Value:
    left = machine.evaluate(node.left)
    if len(node.links) > MAX_TERMS:
        return machine.unknown(node, limit_reached(MAX_TERMS, "comparisons in a condition"))
    are_equal = len(node.links) > 1 and all(sign == "==" for sign, _ in node.links)
    if are_equal and all(_is_safe_early(machine, right) for _, right in node.links[1:]):
        return _all_equal(machine, node, left)
    return _chained(machine, node, left, 0)


def _chained(machine: Machine, node: syntax.Compare, left: Value, index: int) -> Value:
    """Return whether a comparison and those after it hold; they are made only if it does."""
    sign, right_node = node.links[index]
    right = machine.evaluate(right_node)
    condition = compare(machine, sign, left, right, node)
    if index == len(node.links) - 1 or isinstance(condition, Never):
        return as_value(condition)
    if isinstance(condition, Always):
        return _chained(machine, node, right, index + 1)
    return machine.either(
        condition, lambda: _chained(machine, node, right, index + 1), lambda: False
    )


def _is_safe_early(machine: Machine, node: syntax.Expression) -> bool:
    """Return whether an operand can be evaluated before Python does: it neither raises nor acts."""
    match node:
        case syntax.Name() | syntax.Const():
            return True
        case syntax.Subscript(value=syntax.Name() as whole, index=syntax.Const()):
            return isinstance(machine.evaluate(whole), Configuration)
        case syntax.Call(function=syntax.Attribute(value=syntax.Name() as whole, name="get")):
            return isinstance(machine.evaluate(whole), Configuration) and all(
                isinstance(one.value, syntax.Const) for one in node.arguments
            )
        case _:
            return False


def _all_equal(machine: Machine, node: syntax.Compare, left: Value) -> Value:
    """Return whether all are the same: each is compared with a known one, if there is one."""
    operands = [left]
    for _, right in node.links:
        operands.append(machine.evaluate(right))
        one, other = operands[-2:]
        if is_constant(one) and is_constant(other) and one != other:
            return False
    pairs = list(pairwise(operands))
    for index, known in enumerate(operands):
        if is_constant(known):
            pairs = [(one, known) for at, one in enumerate(operands) if at != index]
            break
    return as_value(all_of(compare(machine, "==", one, other, node) for one, other in pairs))


def _boolean(machine: Machine, node: syntax.Boolean) -> Value:
    return _operands(machine, node, 0)


def _operands(machine: Machine, node: syntax.Boolean, index: int) -> Value:
    operand = node.operands[index]
    value = machine.evaluate(operand)
    if index == len(node.operands) - 1:
        return value
    condition = truth(machine, value, operand)
    settled = machine.settle(condition)
    goes_on = node.operator == "and"
    if settled is not None:
        return _operands(machine, node, index + 1) if settled is goes_on else value
    further = condition if goes_on else negate(condition)
    path, depth = machine.path, machine.heap.depth
    rest = machine.branch(
        [(further, lambda: _operands(machine, node, index + 1)), (negate(further), _nothing)]
    )
    if machine.heap.depth == depth:
        machine.path = path
    others = _alternatives(rest, further)
    combined = _combine(node.operator, condition, value, further, others)
    if combined is not None:
        return combined
    return choose([(negate(further), value), *others], machine.scale)


def _nothing() -> Value:
    return _LEFT


_LEFT: Final = StandIn()


def _alternatives(rest: Value, further: Condition) -> list[tuple[Condition, Value]]:
    """Return what the operands after one may give, each with its condition."""
    branches = rest.branches if isinstance(rest, Choice) else ((further, rest),)
    return [(guard, one) for guard, one in branches if one is not _LEFT]


def _combine(
    operator: str,
    condition: Condition,
    value: Value,
    further: Condition,
    others: list[tuple[Condition, Value]],
) -> Value:
    """Return ``value and rest`` or ``value or rest`` if all are truth values; else None."""
    if _is_truth(value) and all(_is_truth(one) for _, one in others):
        second = any_of(all_of((_beyond(guard, further), _condition(one))) for guard, one in others)
        join = all_of if operator == "and" else any_of
        return as_value(join((condition, second)))
    return None


def _beyond(guard: Condition, further: Condition) -> Condition:
    """Return a guard without the condition under which the operand is looked at."""
    return condition_of(relative(_terms(guard), _terms(further)))


def _terms(condition: Condition) -> tuple[Condition, ...]:
    parts = getattr(condition, "conditions", None)
    return parts if parts is not None and type(condition).__name__ == "AllOf" else (condition,)


def _is_truth(value: Value) -> bool:
    return isinstance(value, Truth | bool)


def _condition(value: Value) -> Condition:
    if isinstance(value, Truth):
        return value.condition
    return ALWAYS if value else NEVER


def _conditional(machine: Machine, node: syntax.Conditional) -> Value:
    condition = truth(machine, machine.evaluate(node.test), node.test)
    path, depth = machine.path, machine.heap.depth
    value = machine.branch(
        [
            (condition, lambda: machine.evaluate(node.body)),
            (negate(condition), lambda: machine.evaluate(node.orelse)),
        ]
    )
    if machine.heap.depth == depth:
        machine.path = path
    return value


def _lambda(machine: Machine, node: syntax.Lambda) -> Value:
    return make_function(machine, node, "<lambda>")


def make_function(
    machine: Machine, node: syntax.FunctionDefinition | syntax.Lambda, name: str
) -> Function:
    """Return a function that is defined here, its defaults evaluated."""
    frame = machine.frame
    defaults = {
        parameter.name: machine.evaluate(parameter.default)
        for parameter in node.parameters
        if parameter.default is not None
    }
    if frame.class_path:
        return Function(node, frame.home, f"{frame.class_path}.{name}", frame.scopes[:-1], defaults)
    outer = frame.function.path + "." if frame.function is not None else ""
    return Function(node, frame.home, outer + name, frame.scopes, defaults)


def _display(machine: Machine, node: syntax.Display) -> Value:
    if len(node.members) > MAX_MEMBERS:
        return machine.unknown(node, limit_reached(MAX_MEMBERS, "members"))
    found: list[Value] = []
    for member in node.members:
        if isinstance(member, syntax.Starred):
            value = machine.narrow(machine.evaluate(member.value))
            try:
                found.extend(listed(machine, value, member))
            except Unfit as reason:
                return machine.unknown(node, reason.why, value)
        else:
            found.append(machine.evaluate(member))
    if node.kind == "tuple":
        return row(machine, found, node)
    if node.kind == "set" and any(map(is_unhashable, found)):
        machine.fail("TypeError", None, node)
    content = dict.fromkeys(found, True) if node.kind == "set" else found
    return machine.made(node.kind, content, node)


def _dict(machine: Machine, node: syntax.DictDisplay) -> Value:
    if len(node.pairs) > MAX_MEMBERS:
        return machine.unknown(node, limit_reached(MAX_MEMBERS, "members"))
    content: dict[Any, Value] = {}
    found = Object("dict", content, node, machine.frame.home.parsed)
    places, module = found.places, machine.frame.home.parsed
    for key_node, value_node in node.pairs:
        if key_node is None:
            value = machine.narrow(machine.evaluate(value_node))
            if not isinstance(value, Object) or value.kind != "dict":
                return machine.unknown(node, "", value)
            content.update(machine.heap.read(value))
            places.update(value.places)
            if len(content) > MAX_MEMBERS:
                return machine.unknown(node, limit_reached(MAX_MEMBERS, "members"))
            machine.steps -= len(content) // MEMBERS_A_STEP
            continue
        key = machine.evaluate(key_node)
        if is_unhashable(key):
            machine.fail("TypeError", None, key_node)
        if type(key) is Choice or (type(key) is Object and key.kind != "instance"):
            return machine.unknown(node, "a key is not known", key)
        content[key] = machine.evaluate(value_node)
        places[key] = (value_node, module)
    return machine.heap.new(found)


def _formatted(machine: Machine, node: syntax.Formatted) -> Value:
    found = [part if isinstance(part, str) else format_field(machine, part) for part in node.parts]
    return machine.charge(joined(machine, found))


def _starred(machine: Machine, node: syntax.Starred) -> Value:
    return machine.unknown(node, "a star outside of a list")


def _named(machine: Machine, node: syntax.Named) -> Value:
    value = machine.evaluate(node.value)
    frame = machine.frame
    scope = frame.shared.get(node.target) or frame.scopes[-1 - frame.comprehensions]
    machine.heap.write(scope)[node.target] = value
    return value


def _yield(machine: Machine, node: syntax.Yield) -> Value:
    value = None if node.value is None else machine.evaluate(node.value)
    yields = machine.frame.yields
    if machine.frame.on_yield is not None:
        _hand_over(machine, node, value, machine.frame.on_yield)
    elif yields is not None:
        members = machine.heap.write(yields)
        if node.every:
            try:
                members.extend(listed(machine, value, node))
                if len(members) > MAX_MEMBERS:
                    raise Exhausted(limit_reached(MAX_MEMBERS, "members"))
            except Unfit:
                members.append(Maybe(machine.opaque(node), machine.unknown(node, "", value)))
        else:
            members.append(value)
    return None


def _hand_over(
    machine: Machine, node: syntax.Yield, value: Value, on_yield: Callable[[Value], None]
) -> None:
    """Run the consumer of a generator's members, for one or, after ``yield from``, for each."""
    members = listed(machine, machine.narrow(value), node) if node.every else [value]
    for member in members:
        if type(member) is Maybe:
            machine.branch(
                [
                    (member.condition, lambda one=member.value: on_yield(one)),  # type: ignore[misc] # bound at once
                    (negate(member.condition), _nothing),
                ]
            )
        else:
            on_yield(member)


def _unsupported(machine: Machine, node: syntax.Unsupported) -> Value:
    machine.may_raise()
    return machine.unknown(node, node.reason)


EVALUATORS: Final[dict[type[Node], Callable[[Machine, Any], Value]]] = {
    syntax.Name: _name,
    syntax.Attribute: _attribute,
    syntax.Subscript: _subscript,
    syntax.Slice: _slice,
    syntax.Call: _call,
    syntax.Binary: _binary,
    syntax.Unary: _unary,
    syntax.Compare: _compare,
    syntax.Boolean: _boolean,
    syntax.Conditional: _conditional,
    syntax.Lambda: _lambda,
    syntax.Display: _display,
    syntax.DictDisplay: _dict,
    syntax.Comprehension: comprehension,
    syntax.Formatted: _formatted,
    syntax.Starred: _starred,
    syntax.Named: _named,
    syntax.Yield: _yield,
    syntax.Unsupported: _unsupported,
}
