"""Members: attributes and items of values, read and written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from plugindoc.evaluation.limits import MAX_MEMBERS, MEMBERS_A_STEP, Exhausted, limit_reached
from plugindoc.evaluation.operations.comparison import equal
from plugindoc.evaluation.operations.constants import member_of_library
from plugindoc.evaluation.state.paths import disjoin
from plugindoc.evaluation.state.values import (
    ABSENT,
    Answer,
    Bound,
    Choice,
    ClassValue,
    External,
    Function,
    Joined,
    Maybe,
    ModuleValue,
    Native,
    Object,
    Pieces,
    Truth,
    Unknown,
    Value,
    is_constant,
    is_key,
)
from plugindoc.model.conditions import Compare, Never, negate
from plugindoc.reading.syntax import Block, Node

if TYPE_CHECKING:
    from plugindoc.evaluation.machine import Machine

__all__ = [
    "class_member",
    "delete_attribute",
    "get_attribute",
    "get_item",
    "present",
    "set_attribute",
    "set_item",
]


def present(machine: Machine, value: Value, node: Node, error: str) -> Value:
    """Return a value where it is bound; the path goes on only there."""
    value = machine.narrow(value)
    if value is ABSENT:
        machine.fail(error, None, node)
    if type(value) is not Choice:
        return value
    missing = [guard for guard, one in value.branches if one is ABSENT]
    if not missing:
        return value
    machine.fail(error, None, node, when=disjoin(missing))
    rest = tuple((guard, one) for guard, one in value.branches if one is not ABSENT)
    return machine.narrow(Choice(rest)) if len(rest) > 1 else rest[0][1]


def get_attribute(machine: Machine, value: Value, name: str, node: Node) -> Value:
    """Return a member by name."""
    kind = type(value)
    if kind is ModuleValue:
        return _module_member(machine, value, name, node)
    if kind is Object and (value.kind == "instance" or value.family is not None):
        return _instance_member(machine, value, name, node)
    if isinstance(value, Native):
        found = value.attribute(machine, name, node)
        return Bound(value, name) if found is NotImplemented else found
    if kind is External:
        return _external_member(machine, value, name)
    if kind is ClassValue:
        return _class_attribute(machine, value, name, node)
    if kind is Unknown:
        if value.reason.startswith("limit"):
            machine.report_limit(node, value.reason)
        machine.may_raise()
        return machine.unknown(node, "", value)
    if kind is Function:
        return _function_member(machine, value, name, node)
    if kind is Answer:
        return Bound(value, name)
    if kind in (Object, Joined, Pieces) or is_constant(value):
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


def docstring_of(value: Function | ClassValue) -> str | None:
    """Return the docstring of a function or class; None where it has none."""
    parsed, body = value.home.parsed, value.node.body
    return (parsed.docstring_of(body) or None) if parsed and isinstance(body, Block) else None


def _class_attribute(machine: Machine, kind: ClassValue, name: str, node: Node) -> Value:
    if name == "__name__":
        return kind.name
    if name == "__dict__":
        return machine.names_of(kind.scope)
    member = class_member(machine, kind, name)
    if member is ABSENT and name == "__doc__":
        return docstring_of(kind)
    unusual = class_member(machine, kind, "__unusual__") is not ABSENT
    if (unusual or not machine.has_known_bases(kind)) and not isinstance(member, Function):
        machine.may_raise()
        return machine.unknown(node, "the class inherits from what is not known")
    if member is ABSENT:
        machine.may_raise()
        return machine.unknown(node, "the class has no such member")
    if type(member) is Function and "classmethod" in decorators_of(member):
        return Bound(kind, name, member)
    return member


def decorators_of(function: Function) -> set[str]:
    """Return the names of a function's decorators, without the modules that they are from."""
    found = getattr(function.node, "decorators", ())
    return {getattr(one, "id", "") or getattr(one, "name", "") for one in found}


def _instance_member(machine: Machine, value: Object, name: str, node: Node) -> Value:
    own = value if value.kind == "instance" else value.members
    kind = value.owner if value.kind == "instance" else value.family
    content = {} if own is None else machine.heap.read(own)
    if name in content:
        return present(machine, content[name], node, "AttributeError")
    if name == "__class__":
        return kind
    if name == "__dict__" and own is not None:
        return machine.names_of(own)
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
    made = machine.special(value, "__getattr__", [name], node)
    if made is ABSENT:
        made = machine.row_method(value, name)
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


def class_member(machine: Machine, owner: Value, name: str) -> Value:
    """Return a class's member, its own or a base's; `ABSENT` where there is none."""
    if not isinstance(owner, ClassValue):
        return ABSENT
    for one in (owner, *owner.ancestors):
        content = machine.heap.read(one.scope) if isinstance(one, ClassValue) else {}
        if name in content:
            return content[name]
    return ABSENT


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
        machine.let_change([value, given], node)


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
    """Tell whether instances may have a member by that name, which ``__slots__`` limits."""
    for one in (kind, *getattr(kind, "ancestors", ())):
        if isinstance(one, External) and one.name == "builtins.object":
            continue
        scope = machine.heap.read(one.scope) if isinstance(one, ClassValue) else {}
        slots = scope.get("__slots__")
        names = [slots] if isinstance(slots, str) else None
        if slots is not None and names is None:
            names = machine.members(slots, one.node)
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
        machine.let_change([value], node)
    elif machine.heap.write(scope).pop(name, ABSENT) is ABSENT:
        machine.fail("AttributeError", None, node)


def get_item(machine: Machine, value: Value, index: Value, node: Node) -> Value:
    """Return a member by index or key."""
    for one in (value, index):
        if type(one) is Choice:
            return machine.each(
                one,
                lambda branch, one=one: get_item(  # type: ignore[misc] # bound at once
                    machine,
                    branch if one is value else value,
                    branch if one is index else index,
                    node,
                ),
            )
    if type(index) is Truth and not isinstance(value, Unknown | Answer):
        choice = Choice(((index.condition, True), (negate(index.condition), False)))
        return get_item(machine, value, choice, node)
    kind = type(value)
    if kind is Object and value.kind == "dict":
        return _dict_item(machine, value, index, node)
    if (kind is Object and value.kind in ("list", "range")) or kind in (tuple, str, bytes):
        return _sequence_item(machine, value, index, node)
    if isinstance(value, Native):
        found = value.item(machine, index, node)
        return machine.unknown(node, "", index) if found is NotImplemented else found
    if kind is Object and value.kind == "instance":
        found = machine.item_of_instance(value, index, node)
        if found is not ABSENT:
            return found
    if kind is External and value.name == "sys.modules" and isinstance(index, str):
        module = machine.program.package(index)
        if module is not None:
            return module
    machine.may_raise()
    reason = f"{value.name} is set on the installer's machine" if kind is External else ""
    return machine.unknown(node, reason, value, index)


def _dict_item(machine: Machine, value: Object, key: Value, node: Node) -> Value:
    content = machine.heap.read(value)
    if isinstance(key, Answer) and all(map(is_key, content)) and content:
        return _chosen_by_answer(machine, content, key, node)
    if not is_key(key):
        machine.may_raise()
        return machine.unknown(node, "the key is not known", key)
    try:
        if key in content:
            return present(machine, content[key], node, "KeyError")
    except TypeError:
        machine.fail("TypeError", None, node)
    if value.owner is not None:  # what a defaultdict makes
        made = machine.call(value.owner, [], node)
        machine.heap.write(value)[key] = made
        return made
    if not all(map(is_key, content)):
        machine.may_raise()
        return machine.unknown(node, "the dict has keys that are not known")
    return machine.fail("KeyError", key, node)


def _chosen_by_answer(
    machine: Machine, content: dict[Any, Value], key: Answer, node: Node
) -> Value:
    found = [(Compare(key.option, "==", one), value) for one, value in content.items()]
    known = disjoin([guard for guard, _ in found])
    machine.fail("KeyError", key, node, when=negate(known))
    return machine.narrow(Choice(tuple(found))) if len(found) > 1 else found[0][1]


def _sequence_item(machine: Machine, value: Value, index: Value, node: Node) -> Value:
    members = machine.heap.read(value) if type(value) is Object else value
    if not isinstance(index, int | slice):
        if is_constant(index):
            machine.fail("TypeError", None, node)
        machine.may_raise()
        return machine.unknown(node, "the index is not known", index)
    if isinstance(members, list):
        machine.steps -= len(members) // MEMBERS_A_STEP
    if isinstance(members, list) and any(type(member) is Maybe for member in members):
        return _uncertain_item(machine, members, index, node)
    try:
        found = members[index]
    except IndexError:
        return machine.fail("IndexError", None, node)
    if isinstance(found, list):
        return machine.new(value.kind, found, node)
    return found


def _uncertain_item(
    machine: Machine, members: list[Value], index: int | slice, node: Node
) -> Value:
    """Return a member where those before it (or behind, from the end) are certainly there."""
    if isinstance(index, int):
        counted = members[: index + 1] if index >= 0 else members[index:]
        wanted = index + 1 if index >= 0 else -index
        if len(counted) == wanted and not any(type(one) is Maybe for one in counted):
            return members[index]
    machine.may_raise()
    return machine.unknown(node, "the list's length depends on answers")


def set_item(machine: Machine, value: Value, index: Value, given: Value, node: Node) -> None:
    """Set a member by index or key; `ABSENT` deletes it."""
    value = machine.narrow(value)
    if type(value) is Choice:
        machine.each(value, lambda one: set_item(machine, one, index, given, node))
    elif type(index) is Choice:
        machine.each(index, lambda one: set_item(machine, value, one, given, node))
    elif isinstance(value, Native):
        value.set_item(machine, index, given, node)
    elif isinstance(value, Object) and value.kind == "dict":
        _set_in_dict(machine, value, index, given, node)
    elif isinstance(value, Object) and value.kind == "list":
        _set_in_list(machine, value, index, given, node)
    elif is_constant(value):
        machine.fail("TypeError", None, node)
    elif given is ABSENT or machine.special(value, "__setitem__", [index, given], node) is ABSENT:
        machine.may_raise()
        machine.let_change([value, index, given], node)


def _set_in_dict(machine: Machine, value: Object, key: Value, given: Value, node: Node) -> None:
    content = machine.heap.write(value)
    if len(content) > MAX_MEMBERS:
        reason = limit_reached(MAX_MEMBERS, "members")
        content.clear()
        content[machine.unknown(node, reason)] = machine.unknown(node, reason)
        machine.report_limit(node, reason)
    if type(key) is slice or (type(key) is Object and key.kind != "instance"):
        machine.fail("TypeError", None, node)
    if given is ABSENT:
        if key not in content and is_key(key):
            machine.fail("KeyError", key, node)
        content.pop(key, None)
        return
    if not is_key(key):
        for known in content:
            if is_key(known) and not isinstance(equal(machine, key, known, node), Never):
                reason = "may be replaced under a key that is not known"
                content[known] = machine.unknown(node, reason, key)
    content[key] = given
    value.places[key] = (node, machine.frame.home.parsed)


def _set_in_list(machine: Machine, value: Object, index: Value, given: Value, node: Node) -> None:
    content = machine.heap.write(value)
    machine.steps -= len(content) // MEMBERS_A_STEP
    if isinstance(index, slice):
        _set_slice(machine, content, index, given, node)
        return
    if is_constant(index) and not isinstance(index, int):
        machine.fail("TypeError", None, node)
    if not isinstance(index, int) or any(type(member) is Maybe for member in content):
        _unsettle(machine, content, index, node, gone=given is ABSENT)
        return
    try:
        if given is ABSENT:
            del content[index]
        else:
            content[index] = given
    except IndexError:
        machine.fail("IndexError", None, node)


def _set_slice(
    machine: Machine, content: list[Value], index: slice, given: Value, node: Node
) -> None:
    """Set or delete several members at once; what is set in may have any length."""
    members = None if given is ABSENT else machine.members(given, node)
    if given is not ABSENT and members is None:
        _unsettle(machine, content, index, node, gone=True)
        return
    try:
        if members is None:
            del content[index]
        else:
            content[index] = members
    except ValueError:  # a step, and another number of members
        machine.fail("ValueError", None, node)
    if len(content) > MAX_MEMBERS:
        raise Exhausted(limit_reached(MAX_MEMBERS, "members"))


def _unsettle(
    machine: Machine, content: list[Value], index: Value, node: Node, *, gone: bool
) -> None:
    """Leave no member of a list known where one of them was changed, nobody knows which."""
    changed = machine.unknown(node, "the index is not known", index)
    if gone:
        there = machine.opaque(node, index)
        content[:] = [Maybe(there, changed) for _ in content]
    else:
        content[:] = [
            Maybe(one.condition, changed) if type(one) is Maybe else changed for one in content
        ]
