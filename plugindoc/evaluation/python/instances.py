"""Classes and instances: how one is made, what its special methods do, what it inherits."""

from __future__ import annotations

from itertools import chain
from typing import Final

from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.names import bound_names
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.classes import (
    FIELDS,
    MIXED,
    builtin_base,
    class_member,
    class_of,
    decorators_of,
    fields_of,
    is_followed,
    lineage,
)
from plugindoc.evaluation.operations.comparison import compare_values
from plugindoc.evaluation.operations.conversion import plain
from plugindoc.evaluation.operations.havoc import let_change
from plugindoc.evaluation.operations.items import get_item, set_item
from plugindoc.evaluation.operations.records import Record, fill
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Arguments,
    Bound,
    Choice,
    ClassValue,
    External,
    Function,
    Object,
    Value,
)
from plugindoc.reading.syntax import ClassDefinition, For, Node, While

__all__ = [
    "CLASS_DECORATORS",
    "Property",
    "Super",
    "bare_instance",
    "builtin_method",
    "declare",
    "decorate_class",
    "instantiate",
    "new_error",
]


_DATA: Final = frozenset(
    {"dataclasses.dataclass", "attr.s", "attr.attrs", "attr.define", "attrs.define"}
)
CLASS_DECORATORS: Final = frozenset(
    {*_DATA, "enum.unique", "functools.total_ordering", "typing.final"}
)
"""Decorators that give back the class itself."""

_DATA_ARGUMENTS: Final = frozenset({"auto_attribs", "eq", "frozen", "order", "repr", "slots"})


class Property(Native):
    """A property: the functions that read and write it."""

    name = "property"

    def __init__(self, read: Value, write: Value = None, erase: Value = None) -> None:
        self.read = read
        self.write = write
        self.erase = erase

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return what decorates the functions that write and delete it."""
        return _Setter(self, name) if name in ("setter", "deleter") else UNSUPPORTED


class _Setter(Native):
    """``name.setter`` or ``name.deleter``."""

    name = "setter"

    def __init__(self, found: Property, what: str) -> None:
        self.found = found
        self.what = what

    def call(self, machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the property with the function that writes or deletes it."""
        found, function = self.found, arguments.get(0, "function", None)
        if self.what == "setter":
            return Property(found.read, function, found.erase)
        return Property(found.read, found.write, function)


class Super(Native):
    """``super()``: the members of the classes after one in the line of ancestors."""

    name = "super"

    def __init__(self, behind: ClassValue, receiver: Value) -> None:
        self.behind = behind
        self.receiver = receiver

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:
        """Return a method of a class further up; UNSUPPORTED where Python's own has it."""
        owner = class_of(self.receiver)
        if owner is None and isinstance(self.receiver, ClassValue):
            owner = self.receiver
        line = lineage(owner or self.behind)
        places = [i for i, one in enumerate(line) if one is self.behind]
        for kind in line[places[0] + 1 :] if places else line:
            if isinstance(kind, ClassValue) and name in machine.heap.read(kind.scope):
                member = machine.heap.read(kind.scope)[name]
                if isinstance(member, Property):
                    return machine.call(member.read, [self.receiver], node)
                return Bound(self.receiver, name, member) if _is_method(member) else member
        return UNSUPPORTED

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Evaluate a method of the Python type at the end of the line of ancestors."""
        return builtin_method(machine, self.receiver, name, arguments, node)


def _is_method(member: Value) -> bool:
    return isinstance(member, Function) and "staticmethod" not in decorators_of(member)


def instantiate(machine: Machine, kind: ClassValue, arguments: Arguments, node: Node) -> Value:
    """Return a new instance; an enum's member is looked up by its value."""
    if not is_followed(machine, kind):
        machine.may_raise()
        functions = [
            member
            for one in lineage(kind)
            if isinstance(one, ClassValue)
            for member in machine.heap.read(one.scope).values()
        ]
        let_change(machine, [*functions, *arguments.positional, *arguments.named.values()], node)
        return machine.unknown(node, f"the class {kind.name} makes its instances itself")
    base = builtin_base(kind)
    if base == "enum":
        return _member_by_value(machine, kind, arguments, node)
    if base in ("dict", "list", "set"):
        found = machine.new(base, [] if base == "list" else {}, node)
        found.family = kind
        found.members = machine.heap.new(Object("scope", {}))
    else:
        made = _new_instance(machine, kind, arguments, node)
        if not isinstance(made, Object) or made.owner is not kind:
            return made
        found = made
        if base == "error" or (base == "" and _is_open(kind)):
            machine.heap.write(found)["args"] = tuple(arguments.positional)
    start = class_member(machine, kind, "__init__")
    if isinstance(start, Function):
        whole = Arguments([found, *arguments.positional], arguments.named, arguments.open)
        machine.call_with(start, whole, node)
    elif base in ("dict", "list", "set"):
        builtin_method(machine, found, "__init__", arguments, node)
    elif base == "row" or class_member(machine, kind, "__dataclass__") is True:
        names, defaults = _data_of(machine, kind)
        fill(machine, found, names, defaults, arguments, node)
        behind = class_member(machine, kind, "__post_init__")
        if isinstance(behind, Function):
            machine.call(behind, [found], node)
    elif start is ABSENT and _has(arguments) and _takes_none(machine, kind):
        machine.fail("TypeError", None, node)
    return found


def _has(arguments: Arguments) -> bool:
    return bool(arguments.positional or arguments.named)


def _takes_none(machine: Machine, kind: ClassValue) -> bool:
    """Return whether a class without ``__init__`` takes no arguments."""
    bases = [one for one in kind.ancestors if not isinstance(one, ClassValue)]
    plain = all(getattr(one, "name", "") == "builtins.object" for one in bases)
    return plain and class_member(machine, kind, "__new__") is ABSENT


def _new_instance(machine: Machine, kind: ClassValue, arguments: Arguments, node: Node) -> Value:
    """Return what a class's own ``__new__`` gives, else an empty instance."""
    make = class_member(machine, kind, "__new__")
    if not isinstance(make, Function):
        return bare_instance(machine, kind, node)
    whole = Arguments([kind, *arguments.positional], arguments.named, arguments.open)
    return machine.call_with(make, whole, node)


def bare_instance(machine: Machine, kind: Value, node: Node) -> Value:
    """Return an instance that nothing was done with; unknown for what is not a class."""
    if not isinstance(kind, ClassValue) or builtin_base(kind) not in ("", "error", "row"):
        return UNSUPPORTED
    found = machine.new("instance", {}, node)
    found.owner = kind
    return found


def _is_open(kind: ClassValue) -> bool:
    """Return whether a class inherits from something that is not known."""
    return any(
        not isinstance(one, ClassValue | External)
        or (isinstance(one, External) and one.name != "builtins.object")
        for one in lineage(kind)
    )


def _data_of(machine: Machine, kind: ClassValue) -> tuple[tuple[str, ...], dict[str, Value]]:
    record = next((one for one in lineage(kind) if isinstance(one, Record)), None)
    if record is not None:
        return record.fields, record.defaults
    names = fields_of(machine, kind)
    found = {name: class_member(machine, kind, name) for name in names}
    return names, {name: value for name, value in found.items() if value is not ABSENT}


def declare(machine: Machine, name: str) -> None:
    """Record a member that a class's body annotates."""
    if machine.frame.class_path:
        content = machine.heap.write(machine.frame.scopes[-1])
        known = content.get(FIELDS, ())
        if type(known) is Choice:  # a member that only some answers declare counts for all
            known = chain(*(one for _, one in known.branches if isinstance(one, tuple)))
        content[FIELDS] = tuple(dict.fromkeys((*known, name)))


def decorate_class(
    machine: Machine, kind: ClassValue, decorators: list[Value], arguments: dict[str, Value]
) -> None:
    """Record what makes a class a data class, and create an enum's members.

    `arguments` are those of the decorators; a data class with unusual ones is not followed.
    """
    content = machine.heap.write(kind.scope)
    if any(isinstance(one, External) and one.name in _DATA for one in decorators):
        content["__dataclass__"] = True
        if arguments.keys() - _DATA_ARGUMENTS or arguments.get("eq", True) is not True:
            content["__unusual__"] = True
        if arguments.get("frozen", False) is not False:
            content["__frozen__"] = True
    for member in content.values():
        if isinstance(member, Function) and member.home is kind.home and member.owner is None:
            member.owner = kind
    if builtin_base(kind) == "enum":
        _make_members(machine, kind, content)


def _make_members(machine: Machine, kind: ClassValue, content: dict[str, Value]) -> None:
    """Make an enum's members; a repeated value makes an alias, which is not a member."""
    found: list[Object] = []
    if _says_names_again(kind.node):
        content["__unusual__"] = True
        return
    for name, value in list(content.items()):
        if name[0] == "_" or isinstance(value, Function | Native | ClassValue):
            continue
        bases = [one.name for one in lineage(kind) if isinstance(one, External)]
        mixed = [MIXED[base] for base in bases if base in MIXED]
        if (
            plain(machine, value) is ABSENT
            or "__init__" in content
            or not all(type(value) is each for each in mixed)
        ):
            content["__unusual__"] = True
            return
        known = next((one for one in found if machine.heap.read(one)["value"] == value), None)
        if known is None:
            known = machine.heap.new(Object("instance", {"name": name, "value": value}))
            known.owner = kind
            found.append(known)
        content[name] = known
    content["__members__"] = tuple(found)


def _says_names_again(node: Node) -> bool:
    """Return whether an enum's body may bind a name twice, which Python refuses."""
    statements = node.body.statements if isinstance(node, ClassDefinition) else ()
    names = [name for statement in statements for name in bound_names(statement)]
    return len({*names}) < len(names) or any(
        isinstance(statement, For | While) for statement in statements
    )


def _member_by_value(machine: Machine, kind: ClassValue, arguments: Arguments, node: Node) -> Value:
    wanted = arguments.get(0, "value", None)
    found = class_member(machine, kind, "__members__")
    members = found if isinstance(found, tuple) else ()
    for one in members:
        if not isinstance(one, Object):
            continue
        if compare_values(machine, "==", machine.heap.read(one)["value"], wanted, node) is True:
            return one
    return machine.unknown(node, "no member of the enum is known to have this value", wanted)


def new_error(machine: Machine, kind: Value, arguments: Arguments, node: Node) -> Value:
    """Return an instance of an error's class."""
    if isinstance(kind, ClassValue):
        return instantiate(machine, kind, arguments, node)
    found = machine.new("instance", {"args": tuple(arguments.positional)}, node)
    found.owner = kind
    return found


def builtin_method(
    machine: Machine, receiver: Value, name: str, arguments: Arguments, node: Node
) -> Value:
    """Return what a method of the Python type gives that a class inherits from."""
    if name == "__init__":
        if isinstance(receiver, Object) and receiver.kind == "instance":
            if arguments.positional and _error_like(receiver):
                machine.heap.write(receiver)["args"] = tuple(arguments.positional)
            return None
        name = "extend" if getattr(receiver, "kind", "") == "list" else "update"
        if not arguments.positional and name == "extend":
            return None
    if name == "__new__":
        return bare_instance(machine, arguments.get(0, "cls"), node)
    if name == "__setattr__" and isinstance(receiver, Object) and receiver.kind == "instance":
        key = arguments.get(0, "name")
        if not isinstance(key, str):
            return UNSUPPORTED
        machine.heap.write(receiver)[key] = arguments.get(1, "value")
        return None
    if name == "__setitem__":
        set_item(machine, receiver, arguments.get(0, "key"), arguments.get(1, "value"), node)
        return None
    if name == "__getitem__":
        return get_item(machine, receiver, arguments.get(0, "key"), node)
    if isinstance(receiver, Object) and receiver.kind == "instance":
        return UNSUPPORTED
    return machine.call_method(receiver, name, arguments, node)


def _error_like(receiver: Object) -> bool:
    kind = class_of(receiver)
    return kind is not None and builtin_base(kind) in ("error", "")
