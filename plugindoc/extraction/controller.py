"""The controller that plugins talk to: it takes down what they declare, as the installer would."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from plugindoc.evaluation.config import Configuration
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.state.heap import merge_lists
from plugindoc.evaluation.state.paths import Path, condition_of
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Arguments,
    Choice,
    Object,
    Value,
)
from plugindoc.extraction.freeze import Place
from plugindoc.model.conditions import negate
from plugindoc.model.project import OptionGroup
from plugindoc.protocol import Protocol
from plugindoc.reading.python import Module
from plugindoc.reading.syntax import Node

__all__ = ["Call", "Controller", "Messages"]


class Call(msgspec.Struct, eq=False):
    """A declaring call: what it registers, its place, and its path.

    `what` is group or sequence; `values` are its arguments by name.
    """

    what: str
    values: dict[str, Value]
    node: Node
    module: Module | None
    path: Path


class Messages(Native):
    """The list of messages for the user."""

    name = "messages"

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Record a message."""
        return None if name in ("append", "extend", "insert") else UNSUPPORTED


class Handle(Native):
    """A registered option or group, as `getParamByName` and its like return it.

    `touched` are the keys that were set since, with the places, or whose list was given away.
    """

    name = "handle"

    def __init__(self, controller: Controller, values: dict[Any, Value]) -> None:
        self.controller = controller
        self.values = values
        self.touched: dict[Any, Place | None] = {}

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return a field."""
        if name in self.controller.fields or name in self.values:
            return self.field(name)
        return UNSUPPORTED

    def field(self, key: Value) -> Value:
        """Return the value of a key; the caller may change a list."""
        value = self.values.get(key)
        if isinstance(value, Object):
            self.touched.setdefault(key, None)
        return value

    def set_attribute(self, machine: Machine, name: Value, value: Value, node: Node) -> bool:
        """Set a field of what was registered."""
        if machine.path:
            guard = condition_of(machine.path)
            old = self.values.get(name, ABSENT)
            value = Choice(((guard, value), (negate(guard), old)))
        self.values[name] = value
        self.touched[name] = (node, machine.frame.home.parsed)
        return True

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Return or set a field by its key."""
        methods = self.controller.protocol.methods
        key = arguments.get(0, "key", None)
        if name in methods.option_key:
            return self.field(key)
        if name in methods.set_option_key:
            self.set_attribute(machine, key, arguments.get(1, "value", None), node)
            return None
        return UNSUPPORTED


class Controller(Native):
    """The controller.

    `register` gets each declaring call at once, before later code changes its arguments.
    `elsewhere` returns why an option or group is not known, "" if it does not exist.
    """

    name = "controller"

    def __init__(self, protocol: Protocol, register: Callable[[Machine, Call], None]) -> None:
        self.protocol = protocol
        self.configuration = Configuration()
        self.messages: Native = Messages()
        self.options: dict[str, Handle] = {}
        self.groups: dict[Any, Handle] = {}
        self.handles: dict[tuple[int, Any], Handle] = {}
        self.put: dict[str, Value] = {}
        self.elsewhere: Callable[[str, Node], str] = lambda *_: ""
        self._register = register
        keys = (protocol.option_keys, protocol.group_keys)
        self.fields = {value for key in keys for value in msgspec.structs.astuple(key)}
        methods = protocol.methods
        self._methods: dict[str, Callable[[Machine, Arguments, Node], Value]] = {
            **dict.fromkeys(methods.add_group, self._add_group),
            **dict.fromkeys(methods.insert_group_before, self._insert_group),
            **dict.fromkeys(methods.add_sequence, self._add_sequence),
            **dict.fromkeys(methods.insert_sequence, self._insert_sequence),
            **dict.fromkeys(methods.insert_sequence_before, self._insert_before),
            **dict.fromkeys(methods.get_option, self._get_option),
            **dict.fromkeys(methods.get_option_key, self._get_option_key),
            **dict.fromkeys(methods.get_group, self._get_group),
            **dict.fromkeys(methods.get_groups, self._get_groups),
        }

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the configuration, the messages, or what plugins have put there."""
        if name in self.protocol.config.attributes:
            return self.configuration
        if name in self.protocol.config.messages:
            return self.messages
        return self.put.get(name, UNSUPPORTED)

    def set_attribute(self, machine: Machine, name: str, value: Value, node: Node) -> bool:  # noqa: ARG002 - the base's signature
        """Keep what a plugin puts on the controller."""
        self.put[name] = value
        return True

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Evaluate a method of the protocol."""
        method = self._methods.get(name)
        return UNSUPPORTED if method is None else method(machine, arguments, node)

    def _take(
        self, machine: Machine, what: str, names: tuple[str, ...], arguments: Arguments, node: Node
    ) -> Value:
        values = {name: arguments.get(i, name) for i, name in enumerate(names)}
        self._split(machine, what, values, list(names), node)
        return None

    def _split(
        self, machine: Machine, what: str, values: dict[str, Value], names: list[str], node: Node
    ) -> None:
        """Register once for each alternative of an argument, on its own path."""
        for index, name in enumerate(names):
            value = machine.narrow(values[name])
            if name in ("params", "steps"):
                value = values[name] = _as_one(machine, value, node)
            if type(value) is Choice and name in ("group", "params", "desc", "steps"):
                machine.each(
                    value,
                    lambda one, name=name, index=index: self._split(  # type: ignore[misc] # bound at once
                        machine, what, {**values, name: one}, names[index + 1 :], node
                    ),
                )
                return
        call = Call(what, values, node, machine.frame.home.parsed, machine.path)
        self._register(machine, call)

    def _add_group(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        return self._take(machine, "group", ("group", "params"), arguments, node)

    def _insert_group(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        return self._take(machine, "group", ("groupName", "group", "params"), arguments, node)

    def _add_sequence(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        names = ("desc", "cond", "cond_match", "steps")
        return self._take(machine, "sequence", names, arguments, node)

    def _insert_sequence(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        names = ("desc", "cond", "cond_match", "steps", "index")
        given = Arguments(arguments.positional, {"index": 0, **arguments.named}, arguments.open)
        return self._take(machine, "sequence", names, given, node)

    def _insert_before(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        names = ("sequenceName", "desc", "cond", "cond_match", "steps")
        return self._take(machine, "sequence", names, arguments, node)

    def changed(self, group: OptionGroup, name: str) -> Handle | None:
        """Return an option of a group if a plugin may have changed it since; else None."""
        handle = self.handles.get((id(group), name))
        return handle if handle is not None and handle.touched else None

    def remember(
        self, machine: Machine, group: Value, params: list[Value], made: OptionGroup
    ) -> None:
        """Keep what was registered, for plugins that ask for it later."""
        keys = self.protocol.option_keys
        found: dict[Any, Handle] = {}
        for param in params:
            if isinstance(param, Object) and param.kind == "dict":
                values = dict(machine.heap.read(param))
                found[_key(values.get(keys.name))] = Handle(self, values)
        for name, handle in found.items():
            self.options.setdefault(name, handle)
            self.handles[id(made), name] = handle
        if isinstance(group, Object) and group.kind == "dict":
            values = dict(machine.heap.read(group))
            members = Object("dict", found)
            name = _key(values.get(self.protocol.group_keys.name))
            self.groups.setdefault(name, Handle(self, {**values, "parameters": members}))

    def _get_option(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        name = arguments.get(0, "paramName", None)
        if type(name) is Choice:
            return machine.each(
                name, lambda one: self._get_option(machine, Arguments([one], {}), node)
            )
        if not isinstance(name, str):
            return machine.unknown(node, "the option's name is not known", name)
        return self._known(machine, self.options, name, node)

    def _get_option_key(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        handle = self._get_option(machine, arguments, node)
        key = arguments.get(1, "keyName", None)
        return handle.field(key) if isinstance(handle, Handle) else handle

    def _get_group(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        name = arguments.get(0, "groupName", ABSENT)
        if not isinstance(name, str):
            return machine.unknown(node, "the group's name is not known", name)
        return self._known(machine, self.groups, name, node)

    def _known(
        self, machine: Machine, handles: Mapping[Any, Handle], name: str, node: Node
    ) -> Value:
        """Return what is registered under a name: None if that is nothing, as installers do."""
        if name in handles:
            return handles[name]
        unknown = self.elsewhere(name, node)
        return machine.unknown(node, unknown) if unknown else None

    def _get_groups(self, machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG002 - the table's signature
        return machine.new("list", list(self.groups.values()), node)


def _as_one(machine: Machine, value: Value, node: Node) -> Value:
    """Return one list for alternatives that are all lists: its members differ, not the whole."""
    if type(value) is not Choice:
        return value
    lists = [
        (guard, machine.heap.read(one))
        for guard, one in value.branches
        if isinstance(one, Object) and one.kind == "list"
    ]
    if len(lists) < len(value.branches):
        return value
    merged = merge_lists(lists, machine.scale)
    return machine.new("list", merged, node)


def _key(value: Value) -> Any:  # noqa: ANN401 - a key of a dict
    return value if isinstance(value, str) else id(value)
