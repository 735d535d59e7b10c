"""Classes and instances: how one is made, what its special methods do, what it inherits."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from plugindoc.evaluation.names import bound_names
from plugindoc.evaluation.operations.conversion import plain
from plugindoc.evaluation.operations.members import class_member, decorators_of
from plugindoc.evaluation.python.builtin_names import ERRORS
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    Bound,
    Choice,
    ClassValue,
    External,
    Function,
    Native,
    Object,
    Value,
)
from plugindoc.reading.syntax import ClassDefinition, For, Node, While

if TYPE_CHECKING:
    from plugindoc.evaluation.machine import Machine

__all__ = [
    "CLASS_DECORATORS",
    "MIXED",
    "Attributes",
    "FieldDefault",
    "Property",
    "Record",
    "RowMethod",
    "Super",
    "ancestors_through",
    "bare_instance",
    "builtin_base",
    "declare",
    "decorate_class",
    "fields_of",
    "has_known_bases",
    "instantiate",
    "is_followed",
    "item_of",
    "lineage",
    "members_of",
    "new_error",
    "row_names",
    "special",
]

_CONTAINERS: Final = {
    "builtins.dict": "dict",
    "collections.OrderedDict": "dict",
    "collections.UserDict": "dict",
    "UserDict.UserDict": "dict",
    "builtins.list": "list",
    "collections.UserList": "list",
    "builtins.set": "set",
}
_ENUMS: Final = frozenset({"enum.Enum", "enum.IntEnum", "enum.StrEnum"})
MIXED: Final[dict[str, type]] = {
    "builtins.int": int,
    "builtins.str": str,
    "enum.IntEnum": int,
    "enum.StrEnum": str,
}
"""What an enum's members are beside members, by what it inherits from."""
_PLAIN_BASES: Final = frozenset(
    {"builtins.object", "abc.ABC", "builtins.Exception", "typing.NamedTuple", *_ENUMS, *_CONTAINERS}
)
_SPECIAL_WORDS = """
__add__ __all__ __annotations__ __author__ __bool__ __call__ __contains__ __dataclass__ __doc__
__enter__ __eq__ __exit__ __fields__ __frozen__ __getattr__ __getitem__ __hash__ __iadd__ __imul__
__init__ __init_subclass__ __ior__ __isub__ __iter__ __len__ __members__ __mod__ __module__ __mul__
__name__ __new__ __next__ __nonzero__ __or__ __post_init__ __qualname__ __repr__ __setattr__
__setitem__ __slots__ __str__ __sub__ __unicode__ __version__
"""
_SPECIAL: Final = frozenset(_SPECIAL_WORDS.split())
"""Special members of classes that are followed; a class with any other is not."""

_OF_CONTAINERS: Final = frozenset(
    {"__init__", "__str__", "__repr__", "__doc__", "__module__", "__getattr__", "__setattr__"}
)
"""Those that a class may have that inherits from a container, and none of its methods."""
_DATA: Final = frozenset(
    {"dataclasses.dataclass", "attr.s", "attr.attrs", "attr.define", "attrs.define"}
)
CLASS_DECORATORS: Final = frozenset(
    {*_DATA, "enum.unique", "functools.total_ordering", "typing.final"}
)
"""Decorators that give back the class itself."""

_DATA_ARGUMENTS: Final = frozenset({"auto_attribs", "eq", "frozen", "order", "repr", "slots"})
_FIELDS: Final = "__fields__"


class Record(Native):
    """A class that ``namedtuple`` makes."""

    name = "record"

    def __init__(self, title: str, fields: tuple[str, ...], defaults: tuple[Value, ...]) -> None:
        self.title = title
        self.fields = fields
        self.defaults = dict(zip(fields[::-1], defaults[::-1], strict=False))

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the names, or what takes defaults in the way of old Pythons."""
        if name == "_fields":
            return self.fields
        return _New(self) if name == "__new__" else NotImplemented

    def call(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        """Return a tuple with names."""
        found = machine.new("instance", {}, node)
        found.owner = self
        fill(machine, found, self.fields, self.defaults, arguments, node)
        return found


class _New(Native):
    """``__new__`` of a named tuple, whose defaults are set before Python 3.7."""

    name = "new"

    def __init__(self, record: Record) -> None:
        self.record = record

    def set_attribute(self, machine: Machine, name: str, value: Value, node: Node) -> bool:
        """Take the defaults of the last members."""
        members = machine.members(value, node)
        if name not in ("__defaults__", "func_defaults") or members is None:
            return False
        self.record.defaults = dict(zip(self.record.fields[::-1], members[::-1], strict=False))
        return True


class RowMethod(Native):
    """A method of a named tuple."""

    name = "row"

    def __init__(self, found: Object, name: str) -> None:
        self.found = found
        self.what = name

    def call(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        """Return the tuple as a dict, or with other values."""
        content = {**machine.heap.read(self.found), **arguments.named}
        if self.what == "_asdict":
            return machine.new("dict", content, node)
        made = machine.new("instance", content, node)
        made.owner = self.found.owner
        return made


class FieldDefault(Native):
    """What ``dataclasses.field`` says: a value, or a function that makes it."""

    name = "field"

    def __init__(self, value: Value, factory: Value) -> None:
        self.value = value
        self.factory = factory

    def made(self, machine: Machine, node: Node) -> Value:
        """Return the default of a new instance; `ABSENT` where there is none."""
        if self.factory is ABSENT:
            return self.value
        return machine.call(self.factory, [], node)


class Property(Native):
    """A property: the functions that read and write it."""

    name = "property"

    def __init__(self, read: Value, write: Value = None, erase: Value = None) -> None:
        self.read = read
        self.write = write
        self.erase = erase

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return what decorates the functions that write and delete it."""
        return _Setter(self, name) if name in ("setter", "deleter") else NotImplemented


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


class Attributes(Native):
    """The names of an instance or a module as a dict: ``self.__dict__``, ``globals()``."""

    name = "attributes"

    def __init__(self, found: Object) -> None:
        self.found = found

    def item(self, machine: Machine, key: Value, node: Node) -> Value:
        """Return what a name is bound to."""
        return machine.item(self.copied(machine), key, node)

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
        return machine.test("in", key, self.copied(machine), node)

    def members(self, machine: Machine, node: Node) -> list[Value] | None:
        """Return the names."""
        return machine.members(self.copied(machine), node)

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


class Super(Native):
    """``super()``: the members that the classes behind one in the line have."""

    name = "super"

    def __init__(self, behind: ClassValue, receiver: Value) -> None:
        self.behind = behind
        self.receiver = receiver

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:
        """Return a method of a class further up; NotImplemented where Python's own has it."""
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
        return NotImplemented

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Carry out a method of the Python type that the line ends with."""
        return builtin_method(machine, self.receiver, name, arguments, node)


def _is_method(member: Value) -> bool:
    return isinstance(member, Function) and "staticmethod" not in decorators_of(member)


def class_of(value: Value) -> ClassValue | None:
    """Return the class of the installer's or a plugin's that a value is an instance of."""
    if not isinstance(value, Object):
        return None
    owner = value.owner if value.kind == "instance" else value.family
    return owner if isinstance(owner, ClassValue) else None


def lineage(kind: Value) -> list[Value]:
    """Return a class and all that it inherits from, in the order of look-up."""
    return [kind, *kind.ancestors] if isinstance(kind, ClassValue) else [kind]


def ancestors_through(bases: Sequence[Value]) -> tuple[Value, ...]:
    """Return all that a class with these bases inherits from, in the order of look-up."""
    found = [one for base in bases for one in lineage(base)]
    last = {_identity(one): index for index, one in enumerate(found)}
    return tuple(one for index, one in enumerate(found) if last[_identity(one)] == index)


def _identity(kind: Value) -> object:
    return kind.name if isinstance(kind, External) else id(kind)


def builtin_base(kind: ClassValue) -> str:
    """Return what Python's own a class inherits from: a container, error, enum, row, or ""."""
    for one in lineage(kind):
        if isinstance(one, Record):
            return "row"
        if isinstance(one, External):
            short = one.name.removeprefix("builtins.")
            if one.name in _CONTAINERS:
                return _CONTAINERS[one.name]
            if short in ERRORS and short != one.name:
                return "error"
            if one.name in _ENUMS:
                return "enum"
            if one.name == "typing.NamedTuple":
                return "row"
    return ""


def row_names(machine: Machine, owner: Value) -> tuple[str, ...]:
    """Return the names of a named tuple's members; () for any other class."""
    if isinstance(owner, Record):
        return owner.fields
    if isinstance(owner, ClassValue) and builtin_base(owner) == "row":
        record = next((one for one in lineage(owner) if isinstance(one, Record)), None)
        return record.fields if record is not None else fields_of(machine, owner)
    return ()


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
        machine.let_change([*functions, *arguments.positional, *arguments.named.values()], node)
        return machine.unknown(node, f"the class {kind.name} makes its instances itself")
    base = builtin_base(kind)
    if base == "enum":
        return _member_by_value(machine, kind, arguments, node)
    if base in ("dict", "list", "set"):
        found = machine.new(base, [] if base == "list" else {}, node)
        found.family = kind
        found.members = machine.heap.new(Object("scope", {}))
    else:
        found = _new_instance(machine, kind, arguments, node)
        if not isinstance(found, Object) or found.owner is not kind:
            return found
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
    """Tell whether a class without ``__init__`` takes no arguments."""
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
        return NotImplemented
    found = machine.new("instance", {}, node)
    found.owner = kind
    return found


def is_followed(machine: Machine, kind: ClassValue) -> bool:
    """Tell whether all that a class does with its instances is followed."""
    is_container = builtin_base(kind) in ("dict", "list", "set")
    known = _OF_CONTAINERS if is_container else _SPECIAL
    if not has_known_bases(kind):
        return False
    for one in lineage(kind):
        if not isinstance(one, ClassValue):
            continue
        names = machine.heap.read(one.scope)
        if any(name[:2] == "__" == name[-2:] and name not in known for name in names):
            return False
        if is_container and any(hasattr(_TYPES[builtin_base(kind)], name) for name in names):
            return not any(
                name not in known and hasattr(_TYPES[builtin_base(kind)], name) for name in names
            )
    return True


_TYPES: Final[dict[str, type]] = {"dict": dict, "list": list, "set": set}


def has_known_bases(kind: ClassValue) -> bool:
    """Tell whether all that a class inherits from is followed."""
    is_enum = builtin_base(kind) == "enum"
    return all(
        isinstance(one, ClassValue | Record)
        or (isinstance(one, External) and _is_plain_base(one.name))
        or (is_enum and isinstance(one, External) and one.name in MIXED)
        for one in lineage(kind)
    )


def _is_plain_base(name: str) -> bool:
    return name in _PLAIN_BASES or name.removeprefix("builtins.") in ERRORS


def _is_open(kind: ClassValue) -> bool:
    """Tell whether a class inherits from something that is not known."""
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


def fields_of(machine: Machine, kind: ClassValue) -> tuple[str, ...]:
    """Return the names that a class's body gives types, its bases' first."""
    names: dict[str, None] = {}
    for one in reversed(lineage(kind)):
        if isinstance(one, ClassValue):
            names.update(dict.fromkeys(machine.heap.read(one.scope).get(_FIELDS, ())))
    return tuple(names)


def fill(
    machine: Machine,
    found: Object,
    names: tuple[str, ...],
    defaults: dict[str, Value],
    arguments: Arguments,
    node: Node,
) -> None:
    """Bind an instance's members to arguments or defaults; a call that does not fit fails."""
    content = machine.heap.write(found)
    if len(arguments.positional) > len(names) or set(arguments.named) - set(names):
        machine.fail("TypeError", None, node)
    for index, name in enumerate(names):
        value = arguments.get(index, name, defaults.get(name, ABSENT))
        if isinstance(value, FieldDefault):
            value = value.made(machine, node)
        if value is ABSENT:
            if not arguments.open:
                machine.fail("TypeError", None, node)
            value = machine.unknown(node, "the arguments are not known")
        content[name] = value


def declare(machine: Machine, name: str) -> None:
    """Take note of a member that a class's body gives a type."""
    if machine.frame.class_path:
        content = machine.heap.write(machine.frame.scopes[-1])
        known = content.get(_FIELDS, ())
        if type(known) is Choice:  # a member that only some answers declare counts for all
            known = chain(*(one for _, one in known.branches if one is not ABSENT))
        content[_FIELDS] = tuple(dict.fromkeys((*known, name)))


def decorate_class(
    machine: Machine, kind: ClassValue, decorators: list[Value], arguments: dict[str, Value]
) -> None:
    """Take note of what makes a class a data class, and make an enum's members.

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
    """Make an enum's members; a value that stands twice makes an alias, which is no member."""
    found: list[Object] = []
    if _says_names_again(kind.node):
        content["__unusual__"] = True
        return
    for name, value in list(content.items()):
        if name[0] == "_" or isinstance(value, Function | Native | ClassValue):
            continue
        mixed = [MIXED[one.name] for one in lineage(kind) if getattr(one, "name", "") in MIXED]
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
    """Tell whether an enum's body may bind a name twice, which Python refuses."""
    statements = node.body.statements if isinstance(node, ClassDefinition) else ()
    names = [name for statement in statements for name in bound_names(statement)]
    return len({*names}) < len(names) or any(
        isinstance(statement, For | While) for statement in statements
    )


def _member_by_value(machine: Machine, kind: ClassValue, arguments: Arguments, node: Node) -> Value:
    wanted = arguments.get(0, "value", None)
    found = class_member(machine, kind, "__members__")
    for one in found if isinstance(found, tuple) else ():
        if machine.test("==", machine.heap.read(one)["value"], wanted, node) is True:
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
            return NotImplemented
        machine.heap.write(receiver)[key] = arguments.get(1, "value")
        return None
    if name == "__setitem__":
        machine.set_item(receiver, arguments.get(0, "key"), arguments.get(1, "value"), node)
        return None
    if name == "__getitem__":
        return machine.item(receiver, arguments.get(0, "key"), node)
    if isinstance(receiver, Object) and receiver.kind == "instance":
        return NotImplemented
    return machine.call_method(receiver, name, arguments, node)


def _error_like(receiver: Object) -> bool:
    kind = class_of(receiver)
    return kind is not None and builtin_base(kind) in ("error", "")


def item_of(machine: Machine, value: Object, index: Value, node: Node) -> Value:
    """Return an instance's member by index: a named tuple's, or what ``__getitem__`` gives."""
    names = row_names(machine, value.owner)
    if names:
        content = machine.heap.read(value)
        return machine.item(tuple(content[name] for name in names), index, node)
    return special(machine, value, "__getitem__", [index], node)


def members_of(machine: Machine, value: Value, node: Node) -> list[Value] | None:
    """Return what a loop over an instance or a class gives; None where that is not known."""
    if isinstance(value, ClassValue):
        found = class_member(machine, value, "__members__")
        return list(found) if isinstance(found, tuple) and is_followed(machine, value) else None
    names = row_names(machine, value.owner)
    if names:
        content = machine.heap.read(value)
        return [content[name] for name in names]
    given = special(machine, value, "__iter__", [], node)
    if given is not ABSENT and given is not value:
        return machine.members(given, node)
    args = machine.heap.read(value).get("args")
    kind = class_of(value)
    is_error = kind is not None and builtin_base(kind) == "error"
    is_error = is_error or isinstance(value.owner, External)
    return list(args) if is_error and machine.python2 and isinstance(args, tuple) else None


def special(machine: Machine, value: Value, name: str, given: list[Value], node: Node) -> Value:
    """Return what a special method of an instance gives; `ABSENT` where its class has none."""
    kind = class_of(value)
    if kind is None:
        return ABSENT
    member: Any = class_member(machine, kind, name)
    return ABSENT if member is ABSENT else machine.call(member, [value, *given], node)
