"""The keys that a function uses: those met when it is followed, and those that it names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import msgspec

from plugindoc.evaluation.events import Event
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.state.paths import Path, condition_of, relative
from plugindoc.evaluation.state.values import ABSENT, Function, Joined, ModuleValue, Value
from plugindoc.extraction.freeze import freeze
from plugindoc.extraction.guards import told_any
from plugindoc.extraction.keys import ANYTHING, Named, NamedKey, search, speaks_of_keys
from plugindoc.model.conditions import ALWAYS, Condition
from plugindoc.model.locations import Location
from plugindoc.model.things import Use
from plugindoc.model.uses import can_be
from plugindoc.model.values import Known
from plugindoc.reading.syntax import Attribute, Block, Expression, Name, Node

if TYPE_CHECKING:
    from plugindoc.reading.python import Module

__all__ = ["KeyUses", "Searched"]


class Searched:
    """What functions name and call, and where nodes stand: each looked up once."""

    def __init__(self) -> None:
        self._found: dict[int, Named] = {}
        self._called: dict[int, tuple[Function, ...]] = {}
        self._locations: dict[int, Location] = {}

    def location(self, module: Module, node: Node) -> Location:
        """Return where a node of a module stands."""
        found = self._locations.get(id(node))
        if found is None:
            found = self._locations[id(node)] = module.location(node.at)
        return found

    def called(self, machine: Machine, function: Function) -> tuple[Function, ...]:
        """Return the installer's functions that a function calls by name, on whatever path."""
        found = self._called.get(id(function.node))
        if found is None:
            meant = (_function(machine, one, function) for one in self.of(function).called)
            found = tuple(one for one in meant if one is not None)
            self._called[id(function.node)] = found
        return found

    def of(self, function: Function) -> Named:
        """Return what a function's syntax names."""
        found = self._found.get(id(function.node))
        if found is None:
            body = function.node.body
            if not isinstance(body, Block):
                found = search((body,))
            else:
                found = search(body.statements) if speaks_of_keys(body) else Named((), ())
            self._found[id(function.node)] = found
        return found


class _Use(msgspec.Struct):
    use: Use
    paths: list[Condition]


class KeyUses:
    """The uses of keys, merged where the same line uses the same key on several paths."""

    def __init__(self, machine: Machine, searched: Searched, base: Path) -> None:
        self.machine = machine
        self.base = base
        self.searched = searched
        self.seen: dict[tuple[object, ...], _Use] = {}
        self.reached: dict[int, tuple[Function, tuple[str, ...]]] = {}
        self.covered: set[tuple[str, str, str]] = set()

    def take(self, event: Event) -> None:
        """Note what an event says of keys, and which function it calls."""
        if event.kind == "call":
            if isinstance(event.function, Function):
                self.reach(event.function, (*event.via, event.function.name))
        elif event.kind in {"read", "write"} and event.module is not None:
            guard = condition_of(relative(event.path, self.base))
            for key, location in self._places(event, event.module):
                self.add(event, key, location, guard)

    def reach(self, function: Function, via: tuple[str, ...]) -> None:
        """Note that a function is reached, through helpers."""
        self.reached.setdefault(id(function.node), (function, via))

    def _places(self, event: Event, module: Module) -> Iterator[tuple[str, Location]]:
        """Yield what the key of an event can be, each with where it is named."""
        key = _pattern(event.key)
        here = self.searched.location(module, event.node)
        if key != ANYTHING and event.kind == "read":
            yield key, here
            return
        named = self._named_near(event, module, here)
        if key != ANYTHING:
            same = [location for other, location in named if can_be(key, other)]
            yield key, (same[-1] if same else here)
        elif named:
            yield from dict.fromkeys(named)
        else:
            yield key, here

    def _named_near(
        self, event: Event, module: Module, here: Location
    ) -> list[tuple[str, Location]]:
        """Return the keys that the function's syntax names on the lines of an event's node."""
        found = []
        for function, _ in self.reached.values():
            if function.home.parsed is not module:
                continue
            for named in self.searched.of(function).keys:
                if named.access != event.kind:
                    continue
                location = self.searched.location(module, named.node)
                if location.line <= here.line <= location.end_line or (
                    event.kind == "write" and location.line <= here.line
                ):
                    found.append((named.key, location))
        if event.key is None or not isinstance(event.key, str | Joined):
            last = max((location.line for _, location in found), default=0)
            found = [one for one in found if one[1].line == last]
        return found

    def add(self, event: Event, key: str, location: Location, guard: Condition) -> None:
        """Note one use."""
        self.covered.add((key, event.kind, location.path))
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
            msgspec.structs.replace(one.use, guard=told_any(one.paths))
            for one in self.seen.values()
        )

    def _reach_all(self) -> None:
        """Reach the functions that are called by name in what is reached, on whatever path."""
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
            for named in self.searched.of(function).keys if module is not None else ():
                if named.key == ANYTHING or module is None or self._is_covered(named, module):
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

    def _is_covered(self, named: NamedKey, module: Module) -> bool:
        if (named.key, named.access, module.path) in self.covered:
            return True
        return any(
            access == named.access and path == module.path and can_be(named.key, key)
            for key, access, path in self.covered
            if key != ANYTHING
        )


def _pattern(key: Value) -> str:
    """Return a key as a pattern."""
    if isinstance(key, str):
        return key
    if isinstance(key, Joined):
        parts = [one if isinstance(one, str) else ANYTHING for one in key.parts]
        return re.sub(r"\*+", ANYTHING, "".join(parts))
    return ANYTHING


def _function(machine: Machine, called: Expression, within: Function) -> Function | None:
    """Return the installer's function that a name or a module's member stands for."""
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
