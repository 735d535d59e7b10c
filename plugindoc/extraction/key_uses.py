"""The keys that a function uses: those met when it is followed, and those that it names."""

from __future__ import annotations

import re
from bisect import bisect_right, insort
from collections import defaultdict
from collections.abc import Iterator
from typing import Final

import msgspec

from plugindoc.evaluation.events import Event
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.state.paths import MAX_SKETCHED, Path, condition_of, relative
from plugindoc.evaluation.state.values import ABSENT, Function, Joined, ModuleValue, Value
from plugindoc.extraction.freeze import freeze
from plugindoc.extraction.guards import told_any
from plugindoc.extraction.keys import ANYTHING, Named, search, speaks_of_keys
from plugindoc.model.conditions import ALWAYS, Condition
from plugindoc.model.locations import Location
from plugindoc.model.project import Use
from plugindoc.model.uses import can_be
from plugindoc.model.values import Known
from plugindoc.reading.python import Module
from plugindoc.reading.syntax import (
    Attribute,
    Block,
    Expression,
    FunctionDefinition,
    Lambda,
    Name,
    Node,
)

__all__ = ["KeyUses", "Searched"]

_NEARBY: Final = 10
"""How many places that name keys are looked at above a line that sets one."""

_MAX_COMPARED: Final = 100_000
"""How many keys are compared with patterns in one step; more may be reported twice."""


class Searched:
    """What functions name and call, and where nodes are: each looked up once."""

    def __init__(self) -> None:
        self._found: dict[int, Named] = {}
        self._called: dict[int, tuple[Function, ...]] = {}
        self._locations: dict[int, Location] = {}

    def location(self, module: Module, node: Node) -> Location:
        """Return the location of a node of a module."""
        found = self._locations.get(id(node))
        if found is None:
            found = self._locations[id(node)] = module.location(node.at)
        return found

    def called(self, machine: Machine, function: Function) -> tuple[Function, ...]:
        """Return the installer's functions that a function calls by name, on whatever path."""
        found = self._called.get(id(function.node))
        if found is None:
            meant = (_function(machine, one, function) for one in self.of(function.node).called)
            found = tuple(one for one in meant if one is not None)
            self._called[id(function.node)] = found
        return found

    def of(self, node: FunctionDefinition | Lambda) -> Named:
        """Return what a function's syntax names, but for its parameters and decorators."""
        found = self._found.get(id(node))
        if found is None:
            body = node.body
            if not isinstance(body, Block):
                found = search((body,))
            elif speaks_of_keys(body.source):
                found = search(body.statements)
            else:
                found = Named((), ())
            self._found[id(node)] = found
        return found


class _Use(msgspec.Struct):
    use: Use
    paths: list[Condition]


class _Keys:
    """Keys, some of them patterns."""

    def __init__(self) -> None:
        self.all: dict[str, None] = {}
        self.patterns: dict[str, None] = {}

    def add(self, key: str) -> None:
        self.all[key] = None
        if "*" in key:
            self.patterns[key] = None


class _Place(msgspec.Struct):
    """Where keys are named."""

    location: Location
    keys: _Keys


class KeyUses:
    """The uses of keys, merged where the same line uses the same key on several paths."""

    def __init__(self, machine: Machine, searched: Searched, base: Path) -> None:
        self.machine = machine
        self.base = base
        self.searched = searched
        self.seen: dict[tuple[object, ...], _Use] = {}
        self.reached: dict[int, tuple[Function, tuple[str, ...]]] = {}
        self._met: defaultdict[tuple[str, str], _Keys] = defaultdict(_Keys)
        self._named: defaultdict[tuple[str, str], list[_Place]] = defaultdict(list)
        self._unread: list[Function] = []
        self._spare = _MAX_COMPARED

    def take(self, event: Event) -> None:
        """Record the keys that an event uses, and which function it calls."""
        if event.kind == "call":
            if isinstance(event.function, Function):
                self.reach(event.function, (*event.via, event.function.name))
        elif event.kind in {"read", "write"} and event.module is not None:
            guard = condition_of(relative(event.path, self.base)[: MAX_SKETCHED + 1])
            for key, location in self._places(event, event.module):
                self.add(event, key, location, guard)

    def reach(self, function: Function, via: tuple[str, ...]) -> None:
        """Record that a function is reached, through helpers."""
        if id(function.node) not in self.reached:
            self.reached[id(function.node)] = (function, via)
            self._unread.append(function)

    def _places(self, event: Event, module: Module) -> Iterator[tuple[str, Location]]:
        """Yield the possible keys of an event, each with the place that names it."""
        key = _pattern(event.key)
        here = self.searched.location(module, event.node)
        if event.kind == "read" and key != ANYTHING:
            yield key, here
            return
        near = self._named_near(event.kind, here)
        if key != ANYTHING:
            yield key, next((p.location for p in near if self._is_among(key, p.keys)), here)
        elif near:
            on_line = [place for place in near if place.location.line == near[0].location.line]
            for place in reversed(on_line):
                yield from ((one, place.location) for one in place.keys.all)
        else:
            yield key, here

    def _named_near(self, kind: str, here: Location) -> list[_Place]:
        """Return the places of keys that an event may be about, from the nearest up.

        A write is reported at its value, which follows the key, maybe on a later line.
        """
        self._read_reached()
        named = self._named[kind, here.path]
        end = bisect_right(named, here.line, key=lambda place: place.location.line)
        above = named[max(end - _NEARBY, 0) : end][::-1]
        return [p for p in above if kind == "write" or p.location.end_line >= here.line]

    def _read_reached(self) -> None:
        """Record where functions that were reached since the last time name keys."""
        for function in self._unread:
            module = function.home.parsed
            if module is None:
                continue
            found: defaultdict[tuple[str, Location], _Keys] = defaultdict(_Keys)
            for named in self.searched.of(function.node).keys:
                location = self.searched.location(module, named.node)
                found[named.access, location].add(named.key)
            for (access, location), keys in found.items():
                place = _Place(location, keys)
                insort(self._named[access, location.path], place, key=lambda one: one.location)
        self._unread.clear()

    def _is_among(self, key: str, keys: _Keys) -> bool:
        """Return whether a key can be one of others."""
        if key in keys.all:
            return True
        others = keys.all if "*" in key else keys.patterns
        self._spare -= len(others)
        return self._spare >= 0 and any(can_be(key, other) for other in others)

    def add(self, event: Event, key: str, location: Location, guard: Condition) -> None:
        """Record one use."""
        if key != ANYTHING:
            self._met[event.kind, location.path].add(key)
        identity = (key, event.kind, location, event.via)
        known = self.seen.get(identity)
        if known is not None:
            known.paths.append(guard)
            return
        default = None
        if event.kind == "read" and event.value is not ABSENT and event.value is not None:
            default = freeze(self.machine, event.value, (event.node, event.module))
        elif event.kind == "read" and event.value is None:
            default = Known(None)
        use = Use(
            key=key,
            access="read" if event.kind == "read" else "write",
            location=location,
            pattern="*" in key,
            default=default,
            via=event.via,
        )
        self.seen[identity] = _Use(use, [guard])

    def found(self) -> tuple[Use, ...]:
        """Return all uses: those that were met in their order, then those only named."""
        self._reach_all()
        self._add_named()
        return tuple(
            msgspec.structs.replace(one.use, guard=told_any(one.paths, self.machine.scale))
            for one in self.seen.values()
        )

    def _reach_all(self) -> None:
        """Add the functions that reached functions call by name, on any path."""
        waiting = list(self.reached.values())
        while waiting:
            function, via = waiting.pop()
            for found in self.searched.called(self.machine, function):
                if id(found.node) not in self.reached:
                    self.reach(found, (*via, found.name))
                    waiting.append((found, (*via, found.name)))

    def _add_named(self) -> None:
        """Add the keys that reached functions name and that following them has not met."""
        for function, via in self.reached.values():
            module = function.home.parsed
            for named in self.searched.of(function.node).keys if module is not None else ():
                if module is None or named.key == ANYTHING:
                    continue
                if self._is_among(named.key, self._met[named.access, module.path]):
                    continue
                location = self.searched.location(module, named.node)
                use = Use(
                    key=named.key,
                    access=named.access,
                    location=location,
                    pattern="*" in named.key,
                    via=via,
                )
                self.seen[named.key, named.access, location, via] = _Use(use, [ALWAYS])


def _pattern(key: Value) -> str:
    """Return a key as a pattern."""
    if isinstance(key, str):
        return key
    if isinstance(key, Joined):
        parts = [one if isinstance(one, str) else ANYTHING for one in key.parts]
        return re.sub(r"\*+", ANYTHING, "".join(parts))
    return ANYTHING


def _function(machine: Machine, called: Expression, within: Function) -> Function | None:
    """Return the installer's function that a name or a module's member refers to."""
    program = machine.program
    name = called.value if isinstance(called, Attribute) else called
    if not isinstance(name, Name) or name.id not in machine.heap.read(within.home.scope):
        return None
    found = program.member(within.home, name.id)
    if isinstance(called, Attribute):
        if not isinstance(found, ModuleValue):
            return None
        machine.run_module(found)
        if called.name not in found.scope.content:
            return None
        found = program.member(found, called.name)
    return found if isinstance(found, Function) else None
