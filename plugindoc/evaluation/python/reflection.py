"""Built-in functions that ask values for their types, members and scopes, or set members."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from plugindoc.evaluation.limits import Unfit
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.attributes import has_attribute, read_attribute, set_attribute
from plugindoc.evaluation.python.instances import Super
from plugindoc.evaluation.python.library_objects import Partial
from plugindoc.evaluation.python.types import is_instance, is_subclass, type_of
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    Bound,
    ClassValue,
    External,
    Function,
    Object,
    Value,
    is_constant,
)
from plugindoc.reading.syntax import Node

__all__ = [
    "REFLECTING",
]

_Call = Callable[[Machine, Arguments, Node], Value]


def _isinstance(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, kinds = arguments.positional[:2]
    return machine.each(value, lambda one: is_instance(machine, one, kinds, node))


def _type(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    if len(arguments.positional) != 1:
        raise Unfit
    found = type_of(machine.narrow(arguments.positional[0]))
    if found is None:
        raise Unfit
    return found


def _getattr(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, name = arguments.positional[:2]
    if not isinstance(name, str):
        raise Unfit
    default = arguments.get(2, "default")
    if default is not ABSENT and has_attribute(machine, value, name) is False:
        return default
    return read_attribute(machine, value, name, node)


def _setattr(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value, name, given = arguments.positional[:3]
    if not isinstance(name, str):
        raise Unfit
    set_attribute(machine, value, name, given, node)
    return None


def _hasattr(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    value, name = arguments.positional[:2]
    found = has_attribute(machine, value, name) if isinstance(name, str) else None
    if found is None:
        raise Unfit
    return found


def _callable(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    value = machine.narrow(arguments.positional[0])
    if isinstance(value, Function | ClassValue | Bound | Partial):
        return True
    if isinstance(value, External) and value.name.startswith("builtins."):
        return True
    if is_constant(value) or (isinstance(value, Object) and value.kind != "instance"):
        return False
    raise Unfit


def _locals(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    scope = machine.frame.scopes[-1]
    return machine.new("dict", dict(machine.heap.read(scope)), node)


def _super(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    """Return ``super()``, or Python 2's ``super(Class, self)``."""
    if len(arguments.positional) > 1:
        kind, receiver = arguments.positional[:2]
    else:
        function = machine.frame.function
        parameters = () if function is None else function.node.parameters
        if function is None or not parameters:
            raise Unfit
        kind = function.owner
        scope = machine.heap.read(machine.frame.scopes[len(function.scopes)])
        receiver = scope.get(parameters[0].name)
    if not isinstance(kind, ClassValue):
        raise Unfit
    return Super(kind, receiver)


def _issubclass(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    kind, wanted = arguments.positional[0], arguments.positional[1]
    found = [is_subclass(kind, one) for one in (wanted if isinstance(wanted, tuple) else (wanted,))]
    if True in found:
        return True
    if None in found:
        raise Unfit
    return False


REFLECTING: Final[dict[str, _Call]] = {
    "builtins.isinstance": _isinstance,
    "builtins.type": _type,
    "builtins.getattr": _getattr,
    "builtins.setattr": _setattr,
    "builtins.hasattr": _hasattr,
    "builtins.callable": _callable,
    "builtins.locals": _locals,
    "builtins.super": _super,
    "builtins.issubclass": _issubclass,
}
