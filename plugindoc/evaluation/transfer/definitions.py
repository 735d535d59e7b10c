"""Definitions of functions and classes, with what their decorators make of them."""

from __future__ import annotations

from typing import Final

from plugindoc.evaluation.limits import (
    MAX_ANCESTORS,
    MAX_MEMBERS,
    MEMBERS_A_STEP,
    Exhausted,
    limit_reached,
)
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.classes import (
    ancestors_through,
    class_member,
    lineage,
)
from plugindoc.evaluation.operations.havoc import let_change
from plugindoc.evaluation.python.instances import CLASS_DECORATORS, decorate_class
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    ClassValue,
    External,
    Object,
    Value,
)
from plugindoc.evaluation.transfer.calls import call_value
from plugindoc.evaluation.transfer.expressions import make_function
from plugindoc.reading import syntax

__all__ = [
    "define_class",
    "define_function",
]


def define_function(machine: Machine, node: syntax.FunctionDefinition) -> Value:
    """Return a function, as its decorators leave it."""
    value: Value = make_function(machine, node, node.name)
    for decorator in reversed(node.decorators):
        made = machine.evaluate(decorator)
        if isinstance(made, External) and made.name.rpartition(".")[2] in _FOLLOWED_DECORATORS:
            continue
        value = call_value(machine, made, Arguments([value], {}), decorator)
    return value


_FOLLOWED_DECORATORS: Final = frozenset(
    {"abstractmethod", "classmethod", "contextmanager", "final", "override", "staticmethod"}
)
"""Decorators that leave a function as it is; the others are looked up where it is used."""


def define_class(machine: Machine, node: syntax.ClassDefinition) -> Value:
    """Return a class, as its decorators leave it."""
    bases = [machine.evaluate(base.value) for base in node.bases if not base.name]
    inherited = sum(len(lineage(base)) for base in bases)
    machine.steps -= inherited // MEMBERS_A_STEP
    if inherited > MAX_MEMBERS:
        raise Exhausted(limit_reached(MAX_ANCESTORS, "classes that one inherits from"))
    ancestors = ancestors_through(bases)
    if len(ancestors) > MAX_ANCESTORS:
        raise Exhausted(limit_reached(MAX_ANCESTORS, "classes that one inherits from"))
    scope = machine.heap.new(Object("scope", {}))
    frame = machine.frame
    outer = frame.function.path + "." if frame.function is not None else ""
    with machine.in_class(scope, outer + node.name):
        machine.execute(node.body)
    found = ClassValue(node, frame.home, outer + node.name, ancestors, scope)
    decorators = [_decorator(machine, one) for one in node.decorators]
    decorate_class(machine, found, decorators, _arguments_of_decorators(machine, node))
    return _decorated(machine, found, node, bases, decorators)


def _arguments_of_decorators(machine: Machine, node: syntax.ClassDefinition) -> dict[str, Value]:
    return {
        argument.name: machine.evaluate(argument.value)
        for decorator in node.decorators
        if isinstance(decorator, syntax.Call)
        for argument in decorator.arguments
    }


def _decorator(machine: Machine, node: syntax.Expression) -> Value:
    """Return what decorates a class, without its arguments."""
    return machine.evaluate(node.function if isinstance(node, syntax.Call) else node)


def _decorated(
    machine: Machine,
    found: ClassValue,
    node: syntax.ClassDefinition,
    bases: list[Value],
    decorators: list[Value],
) -> Value:
    """Return a class after its bases and decorators processed it."""
    named = {one.name: machine.evaluate(one.value) for one in node.bases if one.name}
    meta = named.pop("metaclass", External("builtins.type"))
    if not _is_plain_metaclass(machine, meta) or (
        named and not any(_takes_subclasses(machine, base) for base in bases)
    ):
        let_change(machine, [*machine.heap.read(found.scope).values(), meta], node)
        return machine.unknown(node, "a class that another class makes")
    for base in bases:
        start = class_member(machine, base, "__init_subclass__")
        if start is not ABSENT:
            machine.call_with(start, Arguments([found], named), node)
            break
    value: Value = found
    for decorator, written in zip(reversed(decorators), reversed(node.decorators), strict=True):
        if isinstance(decorator, External) and decorator.name in CLASS_DECORATORS:
            continue
        made = machine.evaluate(written) if isinstance(written, syntax.Call) else decorator
        value = call_value(machine, made, Arguments([value], {}), written)
    return value


_PLAIN_METACLASSES: Final = (External("builtins.type"), External("abc.ABCMeta"))


def _is_plain_metaclass(machine: Machine, meta: Value) -> bool:
    """Return whether classes of a metaclass are as those of ``type``."""
    if isinstance(meta, ClassValue):
        names = machine.heap.read(meta.scope).keys() - _NOT_MEMBERS
        return not names and all(one in _PLAIN_METACLASSES for one in meta.ancestors)
    return meta in _PLAIN_METACLASSES


_NOT_MEMBERS: Final = frozenset({"__doc__", "__fields__", "__module__", "__qualname__"})


def _takes_subclasses(machine: Machine, base: Value) -> bool:
    return class_member(machine, base, "__init_subclass__") is not ABSENT
