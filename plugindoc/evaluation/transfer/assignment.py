"""Targets: the left side of an assignment."""

from __future__ import annotations

from plugindoc.evaluation.limits import Unfit
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.attributes import delete_attribute, set_attribute
from plugindoc.evaluation.operations.conversion import listed
from plugindoc.evaluation.operations.items import set_item
from plugindoc.evaluation.state.values import ABSENT, Choice, Value, is_settled
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Expression, Node

__all__ = [
    "assign",
    "delete",
]


def assign(machine: Machine, target: Expression, value: Value, node: Node) -> None:
    """Bind a target; `node` is what its value comes from."""
    kind = type(target)
    if kind is syntax.Name:
        frame = machine.frame
        scope = frame.shared.get(target.id) or frame.scopes[-1]  # type: ignore[union-attr] # a name
        machine.heap.write(scope)[target.id] = value  # type: ignore[union-attr] # a name
    elif isinstance(target, syntax.Display):
        _unpack(machine, target, value, node)
    elif isinstance(target, syntax.Attribute):
        set_attribute(machine, machine.evaluate(target.value), target.name, value, node)
    elif isinstance(target, syntax.Subscript):
        whole = machine.evaluate(target.value)
        set_item(machine, whole, machine.evaluate(target.index), value, node)


def _unpack(machine: Machine, target: syntax.Display, value: Value, node: Node) -> None:
    value = machine.narrow(value)
    if type(value) is Choice:
        machine.each(value, lambda one: _unpack(machine, target, one, node))
        return
    count = len(target.members)
    stars = [i for i, member in enumerate(target.members) if isinstance(member, syntax.Starred)]
    try:
        members = listed(machine, value, node)
    except Unfit as reason:
        members = []
        unknown: Value = machine.unknown(node, reason.why, value)
    else:
        unknown = None
        if not is_settled(members):
            unknown = machine.unknown(node, "the list's length depends on answers")
        elif len(members) != count and (not stars or len(members) < count - 1):
            machine.fail("ValueError", None, node)
    if unknown is not None:
        machine.may_raise()
        for member in target.members:
            inner = member.value if isinstance(member, syntax.Starred) else member
            assign(machine, inner, unknown, node)
        return
    if stars:
        first, behind = stars[0], count - stars[0] - 1
        middle = members[first : len(members) - behind]
        rest = machine.new("list", middle, node)
        members = [*members[:first], rest, *members[len(members) - behind :]]
    for member, one in zip(target.members, members, strict=True):
        assign(machine, member.value if isinstance(member, syntax.Starred) else member, one, node)


def delete(machine: Machine, target: Expression, node: Node) -> None:
    """Evaluate ``del target``."""
    if isinstance(target, syntax.Name):
        frame = machine.frame
        scope = frame.shared.get(target.id) or frame.scopes[-1]
        if machine.heap.write(scope).pop(target.id, ABSENT) is ABSENT:
            machine.fail("NameError" if frame.function is None else "UnboundLocalError", None, node)
    elif isinstance(target, syntax.Subscript):
        whole = machine.evaluate(target.value)
        set_item(machine, whole, machine.evaluate(target.index), ABSENT, node)
    elif isinstance(target, syntax.Attribute):
        delete_attribute(machine, machine.evaluate(target.value), target.name, node)
    elif isinstance(target, syntax.Display):
        for member in target.members:
            delete(machine, member, node)
