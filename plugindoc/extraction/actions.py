"""What a function does when it is followed: keys, hosts, shell lines, templates, messages, errors.

A function is followed through its helpers, in its plugin and in the installer's own modules, as
deep as the evaluator goes (`limits.MAX_CALLS`). Loops over what is not known are followed once.
Every function that is reached is also searched for keys that it names (`keys`), so that none is
lost if following gave up.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from plugindoc.evaluation.events import Event
from plugindoc.evaluation.limits import MAX_PATH_PARTS, Stop, is_mistake, reason_of
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.state.branching import Raised
from plugindoc.evaluation.state.paths import (
    Path,
    Scale,
    condition_of,
    extend,
    relative,
)
from plugindoc.evaluation.state.values import Arguments, External, Function, Object, Value
from plugindoc.evaluation.transfer.calls import call_function
from plugindoc.evaluation.transfer.exceptions import error_name
from plugindoc.extraction.freeze import freeze
from plugindoc.extraction.guards import bounded_guards, told_any, told_raise, told_raises
from plugindoc.extraction.key_uses import KeyUses, Searched
from plugindoc.model.conditions import Condition
from plugindoc.model.locations import Location
from plugindoc.model.project import (
    Actions,
    Command,
    Failure,
    Message,
    Problem,
    ProblemKind,
    Resource,
    TemplateUse,
)
from plugindoc.model.values import Dynamic, Known, Text, words
from plugindoc.model.values import Value as ModelValue
from plugindoc.reading import syntax
from plugindoc.reading.python import Module
from plugindoc.reading.syntax import Node

__all__ = ["Action", "ActionLog", "Recorder", "actions_from", "follow"]

_COLOUR: Final = re.compile(r"\x1b\[[0-9;]*m")
_UNREAD: Final = re.compile("calls|steps|nested|weigh")
_HARMLESS: Final = re.compile(
    r"(?:builtins|copy|json|yaml|pprint|logging|itertools|operator|collections|six)\b"
)
"""Modules outside of the installer whose functions ask a configuration for no key of its own."""


class Action(msgspec.Struct):
    """Something that the code does: its place, the helpers on the way, and the path."""

    value: ModelValue | None
    location: Location
    via: tuple[str, ...]
    path: Path
    host: ModelValue | None = None
    target: ModelValue | None = None
    marker: int = 0


class ActionLog:
    """What helpers saw while a function was followed (see `helpers`).

    `texts` keeps the stand-ins for the templates' texts, so that their identities stay their own.
    """

    def __init__(self) -> None:
        self.commands: list[Action] = []
        self.templates: list[Action] = []
        self.resources: list[Action] = []
        self.messages: list[Action] = []
        self.texts: list[Value] = []


class Recorder(msgspec.Struct):
    """The log that helpers write just now, and what has been searched."""

    log: ActionLog = msgspec.field(default_factory=ActionLog)
    searched: Searched = msgspec.field(default_factory=Searched)

    def start(self) -> None:
        """Begin a new log."""
        self.log = ActionLog()


def follow(
    machine: Machine, recorder: Recorder, function: Function, arguments: Arguments, guard: Condition
) -> Actions:
    """Return what a function does, called with these arguments under the guard.

    What it changes is undone afterwards: each function is followed as if it were the first.
    """
    path = extend((), guard, machine.scale)
    if path is None:
        return Actions()
    events: list[Event] = []
    troubles: tuple[Problem, ...] = ()
    with machine.trial(function.home):
        machine.path, machine.events, machine.outlined = path, events, True
        try:
            call_function(machine, function, arguments, function.node)
        except Stop:
            pass
        except Exception as error:  # noqa: BLE001 - one step must not end the reading of all
            troubles = tuple(_gave_up(function, error))
        machine.scale.left = MAX_PATH_PARTS  # reported conditions have their own limit
        try:
            found = actions_from(machine, recorder, events, machine.raised, path, function)
        except Exception as error:  # noqa: BLE001 - as above
            found, troubles = Actions(), (*troubles, *_gave_up(function, error))
        machine.outlined = False
    return msgspec.structs.replace(found, incomplete=(*found.incomplete, *troubles))


def _gave_up(function: Function, error: Exception) -> Iterator[Problem]:
    what = reason_of(error)
    if function.home.parsed is not None:
        location = function.home.parsed.location(function.node.at)
        kind: ProblemKind = "mistake" if is_mistake(what) else "limit"
        yield Problem(kind=kind, message=what, location=location)


def actions_from(
    machine: Machine,
    recorder: Recorder,
    events: Iterable[Event],
    raised: Iterable[Raised],
    base: Path,
    function: Value = None,
) -> Actions:
    """Return what was seen as actions; guards are relative to `base`."""
    events = list(events)
    log = recorder.log
    uses = KeyUses(machine, recorder.searched, base)
    if isinstance(function, Function):
        uses.reach(function, ())
    for event in events:
        uses.take(event)
    commands = tuple(bounded_guards(_commands(log, base, machine.scale)))
    templates = tuple(bounded_guards(_templates(log, base, machine.scale)))
    hosts = [one.host for one in commands if one.host is not None]
    hosts += [one.hosts for one in templates if one.hosts is not None]
    return Actions(
        uses=tuple(bounded_guards(uses.found())),
        hosts=tuple(_distinct(hosts)),
        commands=commands,
        templates=templates,
        resources=tuple(bounded_guards(_resources(log, base, machine.scale))),
        messages=tuple(bounded_guards(_messages(log, base, machine.scale))),
        failures=tuple(bounded_guards(_failures(machine, raised, base))),
        incomplete=tuple(_incomplete(events)),
    )


def _distinct(values: Iterable[ModelValue]) -> Iterator[ModelValue]:
    seen: set[str] = set()
    for value in values:
        told = words(value)
        if told not in seen:
            seen.add(told)
            yield value


def _guard(action: Action, base: Path) -> Condition:
    return condition_of(relative(action.path, base))


def _merged(seen: Iterable[Action], base: Path, scale: Scale) -> Iterator[tuple[Action, Condition]]:
    """Yield each thing that is done once, with when it is done.

    Two texts of the same line that differ only in what is not known are one.
    """
    found: dict[bytes, tuple[Action, list[Condition]]] = {}
    for one in seen:
        told = msgspec.json.encode((_bare(one.value), one.host, one.target, one.location, one.via))
        known = found.get(told)
        if known is None:
            found[told] = one, [_guard(one, base)]
        else:
            known[1].append(_guard(one, base))
            if isinstance(known[0].value, Known):
                found[told] = one, known[1]
    for one, guards in found.values():
        yield one, told_any(guards, scale)


def _bare(value: ModelValue | None) -> str:
    """Return the known parts of a text."""
    if isinstance(value, Text):
        return "".join(part for part in value.parts if isinstance(part, str))
    return "" if isinstance(value, Dynamic) else words(value)


def _commands(log: ActionLog, base: Path, scale: Scale) -> Iterator[Command]:
    for one, guard in _merged(log.commands, base, scale):
        line = one.value or Known("")
        yield Command(line=line, location=one.location, host=one.host, via=one.via, guard=guard)


def _templates(log: ActionLog, base: Path, scale: Scale) -> Iterator[TemplateUse]:
    for one, guard in _merged(log.templates, base, scale):
        yield TemplateUse(
            name=one.value or Known(""),
            location=one.location,
            manifest=one.target,
            hosts=one.host,
            via=one.via,
            guard=guard,
        )


def _resources(log: ActionLog, base: Path, scale: Scale) -> Iterator[Resource]:
    for one, guard in _merged(log.resources, base, scale):
        yield Resource(
            source=one.value or Known(""),
            location=one.location,
            destination=one.target,
            host=one.host,
            via=one.via,
            guard=guard,
        )


def _messages(log: ActionLog, base: Path, scale: Scale) -> Iterator[Message]:
    for one, guard in _merged(log.messages, base, scale):
        text = _without_colours(one.value or Known(""))
        yield Message(text=text, location=one.location, via=one.via, guard=guard)


def _without_colours(value: ModelValue) -> ModelValue:
    if isinstance(value, Known) and isinstance(value.value, str):
        return Known(_COLOUR.sub("", value.value))
    if isinstance(value, Text):
        parts = (_COLOUR.sub("", part) if isinstance(part, str) else part for part in value.parts)
        return Text(tuple(part for part in parts if part != ""))
    return value


def _failures(machine: Machine, raised: Iterable[Raised], base: Path) -> Iterator[Failure]:
    """Yield what the code raises itself; what an operation may raise is Python's own business."""
    found: dict[tuple[object, ...], tuple[Failure, list[Condition]]] = {}
    for one in raised:
        name = error_name(one.error)
        raises = isinstance(one.node, syntax.Raise) or name == "SystemExit"
        if not raises or one.module is None:
            continue
        if not name.isidentifier():
            continue  # an error that is only passed on was reported where it comes from
        failure = Failure(
            error=name,
            text=_failure_text(machine, one, one.node, one.module),
            location=one.module.location(one.node.at),
            via=one.via,
        )
        guard = told_raise(relative(one.path, base), machine.scale)
        identity = (failure.location, failure.via)
        found.setdefault(identity, (failure, []))[1].append(guard)
    for failure, guards in found.values():
        same = all(guard == guards[0] for guard in guards)
        yield msgspec.structs.replace(
            failure, guard=guards[0] if same else told_raises(guards, machine.scale)
        )


def _failure_text(
    machine: Machine, raised: Raised, node: Node, module: Module
) -> ModelValue | None:
    if raised.text is None or isinstance(raised.text, Object):  # only texts are messages
        return None
    return freeze(machine, raised.text, (node, module))


def _incomplete(events: Iterable[Event]) -> Iterator[Problem]:
    seen: set[tuple[Location, str]] = set()
    for event in events:
        message = _trouble(event)
        if not message or event.module is None:
            continue
        location = event.module.location(event.node.at)
        if (location, message) not in seen:
            seen.add((location, message))
            kind: ProblemKind = "mistake" if event.kind == "mistake" else "limit"
            yield Problem(kind=kind, message=message, location=location)


def _trouble(event: Event) -> str:
    if event.kind == "limit":  # other limits leave a value unknown, but no code unread
        return event.text if _UNREAD.search(event.text) else ""
    if event.kind in ("unfollowed", "mistake"):
        return event.text
    if event.kind != "call" or event.arguments is None or event.module is None:
        return ""
    if not isinstance(event.function, External) or _HARMLESS.match(event.function.name):
        return ""
    given = (*event.arguments.positional, *event.arguments.named.values())
    if any(isinstance(one, Native) and one.name == "configuration" for one in given):
        return f"{event.function.name} gets the whole configuration, and is not in the sources"
    return ""
