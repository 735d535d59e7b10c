"""Named tuples, and what data classes share with them: members that a call fills in order."""

from __future__ import annotations

from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.state.values import ABSENT, UNSUPPORTED, Arguments, Object, Value
from plugindoc.reading.syntax import Node

__all__ = [
    "FieldDefault",
    "Record",
    "RowMethod",
    "fill",
]


class Record(Native):
    """A class that ``namedtuple`` makes."""

    name = "record"

    def __init__(self, title: str, fields: tuple[str, ...], defaults: tuple[Value, ...]) -> None:
        self.title = title
        self.fields = fields
        self.defaults = dict(zip(fields[::-1], defaults[::-1], strict=False))

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the names, or what takes defaults in the way of old Pythons."""
        if name in ("_fields", "__match_args__"):
            return self.fields
        return _New(self) if name == "__new__" else UNSUPPORTED

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

    def set_attribute(self, machine: Machine, name: str, value: Value, node: Node) -> bool:  # noqa: ARG002 - the base's signature
        """Set the defaults of the last members."""
        members = machine.narrow(value)
        if name not in ("__defaults__", "func_defaults") or type(members) is not tuple:
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
    """The default in ``dataclasses.field``: a value, or a function that makes it."""

    name = "field"

    def __init__(self, value: Value, factory: Value) -> None:
        self.value = value
        self.factory = factory

    def made(self, machine: Machine, node: Node) -> Value:
        """Return the default of a new instance; `ABSENT` if there is none."""
        if self.factory is ABSENT:
            return self.value
        return machine.call(self.factory, [], node)


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
