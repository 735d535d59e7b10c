"""The functions and classes that steps talk to, as the protocol names them.

They are not followed (but for the hosts): what they are given is noted in the account of the step.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from typing import Any

import msgspec

from plugindoc.evaluation.events import Event
from plugindoc.evaluation.machine import Handler, Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.classes import class_member
from plugindoc.evaluation.operations.conversion import listed_or_none
from plugindoc.evaluation.state.paths import relative
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Arguments,
    Choice,
    External,
    Function,
    Joined,
    Object,
    Unknown,
    Value,
    guarded,
    options_in,
)
from plugindoc.evaluation.transfer.calls import call_function
from plugindoc.extraction.actions import Action, Recorder
from plugindoc.extraction.freeze import freeze
from plugindoc.model.locations import Location
from plugindoc.model.values import Value as ModelValue
from plugindoc.model.values import words
from plugindoc.protocol import StepHelpers
from plugindoc.reading.syntax import Node

__all__ = ["Helpers"]


class Helpers:
    """What takes the place of the protocol's helpers; notes go into `recorder`."""

    def __init__(self, protocol: StepHelpers) -> None:
        self.protocol = protocol
        self.recorder = Recorder()
        self._told: dict[int, list[Event]] = {}
        self.messages = _Messages(self)

    def natives(self) -> dict[str, Handler]:
        """Return what takes the place of functions, by the names that the machine looks for."""
        protocol = self.protocol
        found: dict[str, Handler] = {}
        for names, handler in (
            (protocol.hosts, self._hosts),
            (protocol.shell, self._shell),
            (protocol.execute, self._execute),
            (protocol.read_template, self._read_template),
            (protocol.add_manifest, self._add_manifest),
            (protocol.add_resource, self._add_resource),
            (protocol.add_data, self._add_data),
        ):
            found.update((f"*.{name}", handler) for name in names)
        return found

    def note(
        self, machine: Machine, value: Value, node: Node, host: Value = None, target: Value = None
    ) -> Action | None:
        """Return what is being done at a node of the code that is run now."""
        location = machine.location(node)
        if location is None:
            return None
        place = (node, machine.frame.home.parsed)
        shown = None if value is None else freeze(machine, value, place)
        return Action(
            value=shown,
            location=location,
            via=machine.via(),
            path=machine.path,
            host=_frozen(machine, host, location),
            target=_frozen(machine, target, location),
        )

    # Shell

    def _shell(self, machine: Machine, function: Value, arguments: Arguments, node: Node) -> Value:  # noqa: ARG002 - the table's signature
        return _Shell(self, function, arguments.get(0, "ip", None))

    def _execute(
        self, machine: Machine, function: Value, arguments: Arguments, node: Node
    ) -> Value:
        if not _is_helper(function):
            return UNSUPPORTED
        line = arguments.get(0, "cmd", None)
        if isinstance(line, Object) and line.kind == "list":
            line = machine.call_method(" ", "join", Arguments([line], {}), node)
        self.command(machine, line, None, node)
        return self.outcome(machine, node)

    def command(self, machine: Machine, line: Value, host: Value, node: Node) -> None:
        """Record a shell line."""
        action = self.note(machine, line, node, host=host)
        if action is not None:
            self.recorder.log.commands.append(action)

    @staticmethod
    def outcome(machine: Machine, node: Node) -> Value:
        """Return the exit status and output of a command, which may fail instead."""
        machine.may_raise()
        status = machine.unknown(node, "the exit status of a command")
        return (status, machine.unknown(node, "the output of a command"))

    # Templates

    def _read_template(
        self, machine: Machine, function: Value, arguments: Arguments, node: Node
    ) -> Value:
        name = arguments.get(0, "template_name", ABSENT)
        if type(name) is Choice:
            return machine.each(
                name,
                lambda one: self._read_template(machine, function, Arguments([one], {}), node),
            )
        action = self.note(machine, None if name is ABSENT else name, node)
        if action is None:
            return UNSUPPORTED
        self.recorder.log.templates.append(action)
        text = machine.unknown(node, "the text of a template")
        action.marker = id(text)
        self.recorder.log.texts.append(text)
        return Joined((text,))

    def _add_manifest(
        self, machine: Machine, function: Value, arguments: Arguments, node: Node
    ) -> Value:
        name, data = arguments.get(0, "manifest_name", ABSENT), arguments.get(1, "data", ABSENT)
        if type(name) is Choice or type(data) is Choice:
            return machine.each_of(
                (name, data),
                lambda both: self._add_manifest(machine, function, Arguments(both, {}), node),
            )
        parts = data.parts if isinstance(data, Joined) else ()
        markers = {id(part) for part in parts if isinstance(part, Unknown)}
        location = machine.location(node)
        for action in self.recorder.log.templates:
            if action.marker in markers and action.target is None:
                action.target = None if name is ABSENT else _frozen(machine, name, location)
                action.host = _host_of(machine, name, location)
        return None

    def _add_resource(
        self,
        machine: Machine,
        function: Value,  # noqa: ARG002 - the table's signature
        arguments: Arguments,
        node: Node,
    ) -> Value:
        content = arguments.get(0, "content", None)
        path, host = arguments.get(1, "path", None), arguments.get(2, "host", None)
        action = self.note(machine, content, node, host=host, target=path)
        if action is not None:
            self.recorder.log.resources.append(action)
        return None

    @staticmethod
    def _add_data(
        machine: Machine,
        function: Value,  # noqa: ARG004 - the table's signature
        arguments: Arguments,
        node: Node,
    ) -> Value:
        """Record the keys of a dict as written: Puppet gets them with the configuration."""
        given = [*arguments.positional, *arguments.named.values()]
        data = machine.narrow(given[-1]) if given else None
        keys: Iterable[Value] = (machine.unknown(node, "not known"),)
        if isinstance(data, Object) and data.kind == "dict":
            keys = machine.heap.read(data)
        for key in keys:
            module, path, via = machine.frame.home.parsed, machine.path, machine.via()
            machine.note(Event("write", node, module, path, key=key, via=via))
        return UNSUPPORTED

    # Hosts

    def _hosts(self, machine: Machine, function: Value, arguments: Arguments, node: Node) -> Value:
        given = arguments.get(0, "config", None)
        if isinstance(function, Function):
            self._follow_hosts(machine, function, arguments, node)
        if isinstance(given, Native) or given is None:
            return _Hosts(machine.text(node), ())
        location = machine.location(node)
        return _Hosts(words(_frozen(machine, given, location)), options_in(given))

    def _follow_hosts(
        self, machine: Machine, function: Function, arguments: Arguments, node: Node
    ) -> None:
        """Follow a helper that returns hosts once; report its actions each time it is called."""
        if machine.events is None:
            return
        path, via = machine.path, machine.via()
        known = self._told.get(id(function.node))
        if known is None:
            start = len(machine.events)
            call_function(machine, function, arguments, node)
            self._told[id(function.node)] = [
                msgspec.structs.replace(
                    event, path=relative(event.path, path), via=event.via[len(via) :]
                )
                for event in machine.events[start:]
            ]
            return
        for event in known:
            whole = msgspec.structs.replace(
                event, path=(*path, *event.path), via=(*via, *event.via)
            )
            machine.events.append(whole)


class _Hosts(Native):
    """The hosts that a helper gives."""

    name = "hosts"

    def __init__(self, source: str, options: tuple[str, ...]) -> None:
        self.source = source
        self.options = options

    def member(self, machine: Machine, node: Node) -> Value:
        """Return what a loop over the hosts binds."""
        source = f"each host of {self.source.strip('⟨⟩')}"
        module = machine.frame.home.parsed
        return Unknown(node, module, "one of several hosts", self.options, source)


class _Shell(Native):
    """An instance of the class that takes shell lines; `host` is None on this machine."""

    name = "shell"

    def __init__(self, helpers: Helpers, owner: Value, host: Value) -> None:
        self.helpers = helpers
        self.owner = owner
        self.host = host

    def set_attribute(self, machine: Machine, name: str, value: Value, node: Node) -> bool:  # noqa: ARG002 - the base's signature
        """Accept anything: lines are recorded when they are passed in."""
        return True

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Record a line, run the lines, or follow another method of the class."""
        protocol = self.helpers.protocol
        if name in protocol.shell_append:
            line = arguments.get(0, "s", None)
            self._each(machine, line, node)
            return None
        if name in protocol.shell_execute:
            return self.helpers.outcome(machine, node)
        member = class_member(machine, self.owner, name)
        if isinstance(member, Function):
            whole = Arguments([self, *arguments.positional], arguments.named, arguments.open)
            return call_function(machine, member, whole, node)
        return UNSUPPORTED

    def _each(self, machine: Machine, line: Value, node: Node) -> None:
        def note(one: Value) -> Any:  # noqa: ANN401 - the machine's values
            self.helpers.command(machine, one, self.host, node)

        machine.each(line, note)


class _Messages(Native):
    """The list of messages for the user."""

    name = "messages"

    def __init__(self, helpers: Helpers) -> None:
        self.helpers = helpers

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Record one or several messages."""
        if name not in {"append", "extend", "insert"}:
            return UNSUPPORTED
        given = arguments.positional[-1] if arguments.positional else None
        several = listed_or_none(machine, given, node) if name == "extend" else None
        for one in several if several is not None else (given,):
            self._take(machine, guarded(one)[1], node)
        return None

    def _take(self, machine: Machine, text: Value, node: Node) -> None:
        def note(one: Value) -> None:
            action = self.helpers.note(machine, one, node)
            if action is not None:
                self.helpers.recorder.log.messages.append(action)

        machine.each(text, note)


def _is_helper(function: Value) -> bool:
    """Return whether a function can be one of the installer's, read or not; no method is one."""
    if isinstance(function, External):
        return function.name.partition(".")[0] not in sys.stdlib_module_names
    return isinstance(function, Function) and function.owner is None


def _frozen(machine: Machine, value: Value, location: Location | None) -> ModelValue | None:
    return None if value is None else freeze(machine, value, location)


def _host_of(machine: Machine, manifest: Value, location: Location | None) -> ModelValue | None:
    """Return the host in a manifest's name, which begins with it."""
    if not isinstance(manifest, Joined):
        return None
    hole = next((part for part in manifest.parts if not isinstance(part, str)), None)
    return _frozen(machine, hole, location)
