"""The configuration that plugins read: all answers, and what plugins write into it."""

from __future__ import annotations

from collections.abc import Iterable

from plugindoc.evaluation.events import Event
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.comparison import compare_values
from plugindoc.evaluation.operations.items import present
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Answer,
    Arguments,
    Choice,
    Object,
    Truth,
    Value,
    is_constant,
    with_default,
)
from plugindoc.model.conditions import Compare, Opaque
from plugindoc.reading.syntax import Node

__all__ = ["Configuration"]


class Configuration(Native):
    """The configuration as a dict.

    While `answered` is false it holds only what plugins have written, as when they declare their
    options; afterwards every key that was not written is an answer.
    """

    name = "configuration"

    def __init__(self) -> None:
        self.written = Object("dict", {})
        self.answered = False
        self.options: frozenset[str] | None = None
        """The keys that are always there once answered; None if all are taken to be."""

    def forget(self, names: Iterable[str]) -> None:
        """Replace what was written for these keys with answers."""
        self.options = frozenset(names)
        for name in self.options:
            self.written.content.pop(name, None)

    def item(self, machine: Machine, key: Value, node: Node) -> Value:
        """Return ``config[key]``."""
        return self._read(machine, key, ABSENT, node)

    def get(self, machine: Machine, key: Value, default: Value, node: Node) -> Value:
        """Return ``config.get(key, default)``."""
        return self._read(machine, key, default, node)

    def _read(self, machine: Machine, key: Value, default: Value, node: Node) -> Value:
        if type(key) is Choice:
            return machine.each(key, lambda one: self._read(machine, one, default, node))
        self._tell(machine, "read", key, default, node)
        if not isinstance(key, str):
            machine.may_raise()
            return machine.unknown(node, "the key is not known", key)
        content = machine.heap.read(self.written)
        value = machine.narrow(content.get(key, ABSENT))
        if not self.answered:
            return self._read_written(machine, key, value, default, node)
        settled = _settled(machine, key)
        if value is ABSENT and settled is not None:
            return settled
        fallback = Answer(key) if default is ABSENT else Answer(key, _hashable(default))
        if value is ABSENT:
            if default is ABSENT and self.options is not None and key not in self.options:
                machine.may_raise()
            return fallback
        return machine.narrow(with_default(value, fallback))

    def _read_written(
        self, machine: Machine, key: str, value: Value, default: Value, node: Node
    ) -> Value:
        if default is ABSENT:
            if value is ABSENT:
                return machine.fail("KeyError", key, node)
            return present(machine, value, node, "KeyError")
        return with_default(value, default)

    def _tell(self, machine: Machine, kind: str, key: Value, value: Value, node: Node) -> None:
        if machine.events is not None:
            event = Event(
                kind,  # type: ignore[arg-type] # read or write
                node,
                machine.frame.home.parsed,
                machine.path,
                key=key,
                value=value,
                via=machine.via(),
            )
            machine.note(event)

    def set_item(self, machine: Machine, key: Value, value: Value, node: Node) -> bool:
        """Evaluate ``config[key] = value``."""
        self._tell(machine, "write", key, value, node)
        if not isinstance(key, str):
            return False
        content = machine.heap.write(self.written)
        if value is ABSENT:
            content.pop(key, None)
        else:
            content[key] = value
        return True

    def contains(self, machine: Machine, key: Value, node: Node) -> Value:
        """Return ``key in config``."""
        if not isinstance(key, str):
            return UNSUPPORTED
        value = machine.narrow(machine.heap.read(self.written).get(key, ABSENT))
        if value is not ABSENT and type(value) is not Choice:
            return True
        if not self.answered:
            return False if value is ABSENT else UNSUPPORTED
        source = machine.text(node).rpartition(" in ")[2].partition(".has_key")[0]
        return Truth(Opaque(f"{key!r} in {source}", (key,)))

    def members(self, machine: Machine, node: Node) -> list[Value] | None:  # noqa: ARG002 - the base's signature
        """Return the keys, while they are known."""
        if self.answered:
            return None
        return [key for key in machine.heap.read(self.written) if is_constant(key)]

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Return what a dict's method gives."""
        if arguments.open:
            return UNSUPPORTED
        if name == "get" and arguments.positional:
            return self.get(
                machine, arguments.positional[0], arguments.get(1, "default", None), node
            )
        if name == "has_key" and arguments.positional:
            return compare_values(machine, "in", arguments.positional[0], self, node)
        if name == "update":
            return self._update(machine, arguments, node)
        if name == "setdefault" and arguments.positional:
            return self._setdefault(machine, arguments, node)
        if name == "pop" and arguments.positional:
            value = self._read(machine, arguments.positional[0], arguments.get(1, "default"), node)
            self.set_item(machine, arguments.positional[0], ABSENT, node)
            return value
        if not self.answered and name in (
            "keys",
            "values",
            "items",
            "iteritems",
            "iterkeys",
            "copy",
        ):
            return machine.call_method(self.written, name, arguments, node)
        return UNSUPPORTED

    def _update(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        given = machine.new("dict", {}, node)
        machine.call_method(given, "update", arguments, node)
        for key, one in machine.heap.read(given).items():
            self.set_item(machine, key, one, node)
        return None

    def _setdefault(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        key, default = arguments.positional[0], arguments.get(1, "default", None)
        value = self._read(machine, key, default, node)
        if not self.answered or not isinstance(value, Answer):
            self.set_item(machine, key, value, node)
        return value


def _settled(machine: Machine, key: str) -> str | None:
    """Return the answer if the path determines it."""
    if machine.outlined:
        return None
    for part in machine.path:
        if type(part) is Compare and part.option == key and part.operator == "==":
            return part.value if isinstance(part.value, str) else None
    return None


def _hashable(value: Value) -> Value:
    """Return a fallback as data that can be compared; what cannot is left out."""
    return value if is_constant(value) else ABSENT
