"""Attributes: members of values by name, read and written."""

from __future__ import annotations

from typing import Any, Final

from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.classes import (
    class_member,
    decorators_of,
    docstring_of,
    has_known_bases,
    match_args,
    row_method,
    special,
)
from plugindoc.evaluation.operations.comparison import compare_values
from plugindoc.evaluation.operations.constants import member_of_library
from plugindoc.evaluation.operations.conversion import listed_or_none
from plugindoc.evaluation.operations.havoc import let_change
from plugindoc.evaluation.operations.items import get_item, present
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Answer,
    Arguments,
    Bound,
    Choice,
    ClassValue,
    External,
    Function,
    Joined,
    ModuleValue,
    Object,
    Pieces,
    Unknown,
    Value,
    is_constant,
)
from plugindoc.reading.syntax import Node

__all__ = [
    "Attributes",
    "delete_attribute",
    "get_attribute",
    "has_attribute",
    "read_attribute",
    "set_attribute",
]


def get_attribute(machine: Machine, value: Value, name: str, node: Node) -> Value:
    """Return a member by name."""
    if type(value) is ModuleValue:
        return _module_member(machine, value, name, node)
    if type(value) is Object and (value.kind == "instance" or value.family is not None):
        return _instance_member(machine, value, name, node)
    if isinstance(value, Native):
        found = value.attribute(machine, name, node)
        return Bound(value, name) if found is UNSUPPORTED else found
    if type(value) is External:
        return _external_member(machine, value, name)
    if type(value) is ClassValue:
        return _class_attribute(machine, value, name, node)
    if type(value) is Unknown:
        if value.reason.startswith("limit"):
            machine.report_limit(node, value.reason)
        machine.may_raise()
        return machine.unknown(node, "", value)
    if type(value) is Function:
        return _function_member(machine, value, name, node)
    if type(value) is Answer:
        return Bound(value, name)
    if isinstance(value, Object | Joined | Pieces) or is_constant(value):
        return _builtin_member(machine, value, name, node)
    machine.may_raise()
    return machine.unknown(node, "", value)


def _builtin_member(machine: Machine, value: Value, name: str, node: Node) -> Value:
    """Return a method or a member of a value of one of Python's own types."""
    kind = _KINDS.get(value.kind) if type(value) is Object else _KINDS.get(type(value), type(value))
    if kind is None or name in _PYTHON2_MEMBERS:
        return Bound(value, name)
    if not hasattr(kind, name):
        machine.fail("AttributeError", None, node)
    if is_constant(value) and not callable(getattr(value, name)):
        found = getattr(value, name)
        return found if is_constant(found) else machine.unknown(node, "")
    return Bound(value, name)


_KINDS: Final[dict[Any, type]] = {
    "dict": dict,
    "list": list,
    "set": set,
    "range": range,
    Joined: str,
    Pieces: list,
}
_PYTHON2_MEMBERS: Final = frozenset(
    {"decode", "has_key", "iteritems", "iterkeys", "itervalues", "next", "viewitems", "viewkeys"}
)
"""What only Python 2's types have; which of the two runs a file is not always known."""


def _module_member(machine: Machine, module: ModuleValue, name: str, node: Node) -> Value:
    found = machine.program.member(module, name)
    if found is ABSENT:
        machine.may_raise()
        return machine.unknown(node, f"the module {module.name} has no {name}")
    return present(machine, found, node, "AttributeError") if type(found) is Choice else found


def _external_member(machine: Machine, value: External, name: str) -> Value:
    if name == "__name__" and value.name.startswith("builtins."):
        return value.name.removeprefix("builtins.")
    return member_of_library(machine, f"{value.name}.{name}")


def _function_member(machine: Machine, value: Function, name: str, node: Node) -> Value:
    content = {} if value.attributes is None else machine.heap.read(value.attributes)
    if name in content:
        return present(machine, content[name], node, "AttributeError")
    if name in ("__name__", "func_name"):
        return value.name
    if name == "__doc__":
        return docstring_of(value)
    machine.may_raise()
    return machine.unknown(node, "an attribute of a function")


def _class_attribute(machine: Machine, kind: ClassValue, name: str, node: Node) -> Value:
    if name == "__name__":
        return kind.name
    if name == "__dict__":
        return Attributes(kind.scope)
    member = class_member(machine, kind, name)
    if member is ABSENT and name == "__doc__":
        return docstring_of(kind)
    unusual = class_member(machine, kind, "__unusual__") is not ABSENT
    if (unusual or not has_known_bases(kind)) and not isinstance(member, Function):
        machine.may_raise()
        return machine.unknown(node, "the class inherits from what is not known")
    if member is ABSENT and name == "__match_args__":
        member = match_args(machine, kind) or ABSENT
    if member is ABSENT:
        machine.may_raise()
        return machine.unknown(node, "the class has no such member")
    if type(member) is Function and "classmethod" in decorators_of(member):
        return Bound(kind, name, member)
    return member


def _instance_member(machine: Machine, value: Object, name: str, node: Node) -> Value:
    own = value if value.kind == "instance" else value.members
    kind = value.owner if value.kind == "instance" else value.family
    content = {} if own is None else machine.heap.read(own)
    if name in content:
        return present(machine, content[name], node, "AttributeError")
    if name == "__class__":
        return kind
    if name == "__dict__" and own is not None:
        return Attributes(own)
    found = class_member(machine, kind, name)
    if isinstance(found, Function):
        decorators = decorators_of(found)
        if "staticmethod" in decorators:
            return found
        return Bound(kind if "classmethod" in decorators else value, name, found)
    read = getattr(found, "read", None)
    if isinstance(found, Native) and read is not None:
        return machine.call(read, [value], node)
    if found is not ABSENT:
        return found
    return _made_member(machine, value, name, node)


_CONTAINERS: Final = {"dict": dict, "list": list, "set": set}


def _made_member(machine: Machine, value: Object, name: str, node: Node) -> Value:
    """Return a member that neither an instance nor its classes hold."""
    if hasattr(_CONTAINERS.get(value.kind), name):
        return Bound(value, name)
    made = special(machine, value, "__getattr__", [name], node)
    if made is ABSENT:
        made = row_method(machine, value, name)
    if made is not ABSENT:
        return made
    if value.kind != "instance":
        return Bound(value, name)
    content = machine.heap.read(value)
    if name == "message" and machine.python2 and isinstance(content.get("args"), tuple):
        return content["args"][0] if len(content["args"]) == 1 else ""
    if isinstance(value.owner, Native):
        return Bound(value, name)
    machine.may_raise()
    return machine.unknown(node, f"the instance has no {name}")


def set_attribute(machine: Machine, value: Value, name: str, given: Value, node: Node) -> None:
    """Set a member by name; what cannot be set is left as it is."""
    value = machine.narrow(value)
    if isinstance(value, Object):
        own = value if value.kind == "instance" else value.members
        if own is not None:
            _set_in_instance(machine, value, own, (name, given), node)
        return
    if isinstance(value, ModuleValue):
        machine.run_module(value)
    if isinstance(value, Function):
        value.attributes = value.attributes or Object("scope", {})
    scope = value.attributes if isinstance(value, Function) else getattr(value, "scope", None)
    if isinstance(scope, Object):
        machine.heap.write(scope)[name] = given
    elif isinstance(value, External):
        machine.patched.add(f"{value.name}.{name}")
    elif isinstance(value, Native):
        value.set_attribute(machine, name, given, node)
    elif is_constant(value):
        machine.fail("AttributeError", None, node)
    else:
        machine.may_raise()
        let_change(machine, [value, given], node)


def _set_in_instance(
    machine: Machine, value: Object, own: Object, named: tuple[str, Value], node: Node
) -> None:
    """Set a member of an instance in the way that its class has for that."""
    name, given = named
    kind = value.owner if value.kind == "instance" else value.family
    own_way = class_member(machine, kind, "__setattr__")
    write = getattr(class_member(machine, kind, name), "write", None)
    if own_way is not ABSENT:
        machine.call(own_way, [value, name, given], node)
    elif write is not None:
        machine.call(write, [value, given], node)
    elif not _may_have(machine, kind, name):
        machine.fail("AttributeError", None, node)
    elif class_member(machine, kind, "__frozen__") is not ABSENT:
        machine.fail(External("dataclasses.FrozenInstanceError"), None, node)
    else:
        machine.heap.write(own)[name] = given


def _may_have(machine: Machine, kind: Value, name: str) -> bool:
    """Return whether instances may have a member by that name, which ``__slots__`` limits."""
    for one in (kind, *getattr(kind, "ancestors", ())):
        if isinstance(one, External) and one.name == "builtins.object":
            continue
        scope = machine.heap.read(one.scope) if isinstance(one, ClassValue) else {}
        slots = scope.get("__slots__")
        names: list[Value] | None = [slots] if isinstance(slots, str) else None
        if slots is not None and names is None:
            names = listed_or_none(machine, slots, one.node)
        if names is None or name in names or "__dict__" in names:
            return True
    return False


def delete_attribute(machine: Machine, value: Value, name: str, node: Node) -> None:
    """Delete a member by name."""
    value = machine.narrow(value)
    scope = getattr(value, "scope", None)
    if isinstance(value, Object):
        scope = value if value.kind == "instance" else value.members
        kind = value.owner if value.kind == "instance" else value.family
        erase = getattr(class_member(machine, kind, name), "erase", None)
        if erase is not None:
            machine.call(erase, [value], node)
            return
    if not isinstance(scope, Object):
        machine.may_raise()
        let_change(machine, [value], node)
    elif machine.heap.write(scope).pop(name, ABSENT) is ABSENT:
        machine.fail("AttributeError", None, node)


def read_attribute(machine: Machine, value: Value, name: str, node: Node) -> Value:
    """Return a member by name, for each alternative of a value."""
    return machine.each(value, lambda one: get_attribute(machine, one, name, node))


def has_attribute(machine: Machine, value: Value, name: str) -> bool | None:
    """Return whether a value has a member; None if that is not known."""
    value = machine.narrow(value)
    if isinstance(value, ModuleValue):
        return machine.program.member(value, name) is not ABSENT
    if isinstance(value, Object) and value.kind == "instance":
        known = (
            name in machine.heap.read(value)
            or class_member(machine, value.owner, name) is not ABSENT
        )
        return known or (False if isinstance(value.owner, ClassValue) else None)
    if isinstance(value, ClassValue):
        return class_member(machine, value, name) is not ABSENT
    if isinstance(value, Function) and not name.startswith("_"):
        return value.attributes is not None and name in machine.heap.read(value.attributes)
    return hasattr(value, name) if is_constant(value) else None


class Attributes(Native):
    """The names of an instance or a module as a dict: ``self.__dict__``, ``globals()``."""

    name = "attributes"

    def __init__(self, found: Object) -> None:
        self.found = found

    def item(self, machine: Machine, key: Value, node: Node) -> Value:
        """Return what a name is bound to."""
        return get_item(machine, self.copied(machine), key, node)

    def set_item(self, machine: Machine, key: Value, value: Value, node: Node) -> bool:  # noqa: ARG002 - the base's signature
        """Bind a name, or unbind it."""
        if not isinstance(key, str):
            return False
        if value is ABSENT:
            machine.heap.write(self.found).pop(key, None)
        else:
            machine.heap.write(self.found)[key] = value
        return True

    def contains(self, machine: Machine, key: Value, node: Node) -> Value:
        """Return whether a name is bound."""
        return compare_values(machine, "in", key, self.copied(machine), node)

    def members(self, machine: Machine, node: Node) -> list[Value] | None:
        """Return the names."""
        return listed_or_none(machine, self.copied(machine), node)

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Return what a dict's method gives; ``update`` binds names."""
        copy = self.copied(machine)
        found = machine.call_method(copy, name, arguments, node)
        if name in ("update", "setdefault", "pop"):
            machine.heap.write(self.found).update(machine.heap.read(copy))
        return found

    def copied(self, machine: Machine) -> Object:
        """Return a dict of the names."""
        content = dict(machine.heap.read(self.found))
        return machine.heap.new(Object("dict", content, self.found.node, self.found.module))
