"""The meaning of Puppet syntax: keys that are looked up, classes that are included, and when.

A key or name holds ``*`` for each part that only Puppet knows. Conditions are about the keys as
they are when Puppet runs, after all steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Final

import msgspec

from plugindoc.evaluation.state.paths import Scale
from plugindoc.evaluation.state.simplify import tidied
from plugindoc.extraction.puppet_strings import Said, said_of
from plugindoc.extraction.puppet_values import HIERA_HOLE, MAX_TESTS, Expressions
from plugindoc.model.conditions import ALWAYS, AllOf, Condition, Opaque, all_of, negate
from plugindoc.model.project import Argument, Include, IncludeRole, TemplateKind, Use
from plugindoc.model.values import Value
from plugindoc.reading.puppet import Manifest, Node

__all__ = ["Definition", "read_manifest"]

_INCLUDING: Final = frozenset({"include", "require", "contain"})
_DECLARING: Final = frozenset({"create_resources", "ensure_resource", "ensure_resources"})
_RENDERING: Final = frozenset({"template", "epp"})
_DEFINITIONS: Final[dict[str, TemplateKind]] = {
    "class": "class",
    "define": "define",
    "function": "function",
}
_MORE_TESTS: Final = Opaque("more tests")
_HIERA_LOOKUP: Final = re.compile(r"(?:lookup|hiera)\(\s*[\"']([^\"']+)[\"']")


class Definition(msgspec.Struct):
    """A class, define or function, or what is outside of any (`class_name` is "" then).

    Offsets count characters; `name_end` is that after the name. `declares` are resources of types
    without a module's name: most are Puppet's own, some are defines of the same tree.
    """

    type: TemplateKind
    class_name: str
    start: int
    end: int
    name_end: int = 0
    said: Said = Said()
    uses: list[Use] = msgspec.field(default_factory=list)
    includes: list[Include] = msgspec.field(default_factory=list)
    declares: list[Include] = msgspec.field(default_factory=list)


def read_manifest(manifest: Manifest, lookups: tuple[str, ...]) -> list[Definition]:
    """Return what a manifest's classes and defines do, after what is outside of them.

    `lookups` are the names of the functions that look a key up.
    """
    reader = _Reader(manifest, lookups)
    for node in manifest.nodes():
        if node.kind in _READERS:
            reader.read(node)
    return reader.definitions


class _Reader:
    """One pass over a manifest, in source order.

    `around` are the definitions that are open, each with the variables of the one around it, and
    `guards` where conditions hold, from the last place to the first.
    """

    def __init__(self, manifest: Manifest, lookups: tuple[str, ...]) -> None:
        self.manifest = manifest
        self.values = Expressions(manifest, lookups)
        self.definitions = [Definition("manifest", "", 0, len(manifest.source))]
        self.around: list[tuple[Definition, dict[str, list[Node]]]] = []
        self.guards: list[tuple[int, int, Condition]] = []

    def read(self, node: Node) -> None:
        start = node.start
        while self.around and self.around[-1][0].end <= start:
            _, self.values.variables = self.around.pop()
        while self.guards and self.guards[-1][1] <= start:
            self.guards.pop()
        guard = next((held for begin, _, held in reversed(self.guards) if begin <= start), ALWAYS)
        _READERS[node.kind](self, node, guard)

    def under(self, places: Sequence[tuple[Node, Condition]]) -> None:
        """Record which guards hold in some places, given in source order."""
        self.guards += [
            (node.start, node.end, tidied(guard, Scale())) for node, guard in reversed(places)
        ]

    @property
    def definition(self) -> Definition:
        return self.around[-1][0] if self.around else self.definitions[0]

    # Definitions

    def define(self, node: Node, guard: Condition) -> None:
        named = node.children[0]
        name = self.manifest.text(named).removeprefix("::")
        definition = Definition(_DEFINITIONS[node.kind], name, node.start, node.end, named.end)
        if node.kind != "function":
            definition.said = said_of(self.manifest, node)
        self.definitions.append(definition)
        self.around.append((definition, self.values.variables))
        self.values.variables = {}
        self.include(node.parts("parent"), guard)

    # Branches

    def choose(self, node: Node, guard: Condition) -> None:
        """Read an if or unless with all of its branches."""
        places: list[tuple[Node, Condition]] = []
        otherwise = guard
        for branch in (node, *node.children[2:]):
            if branch.kind == "else":
                places.append((branch, otherwise))
                break
            test, block = branch.children[:2]
            places.append((test, otherwise))
            condition = self.values.condition(test)
            if node.kind == "unless" == branch.kind:
                condition = negate(condition)
            places.append((block, _under_both(otherwise, condition)))
            otherwise = _under_both(otherwise, negate(condition))
        self.under(places)

    def cases(self, node: Node, guard: Condition) -> None:
        subject, *items = node.children
        self.under(self.chosen(subject, [(item, item.children[:-1]) for item in items], guard))

    def selector(self, node: Node, guard: Condition) -> None:
        subject, *pairs = node.children
        matched = [(value, [name]) for name, value in (pair.children for pair in pairs)]
        self.under(self.chosen(subject, matched, guard))

    def chosen(
        self, subject: Node, choices: list[tuple[Node, list[Node]]], guard: Condition
    ) -> list[tuple[Node, Condition]]:
        """Return when each of some places is taken, which belong to values of a subject.

        The default is taken if no other value matches, wherever it is.
        """
        option = self.values.option(subject)
        before: list[Condition] = []
        places: list[tuple[Node, Condition]] = []
        defaults: list[Node] = []
        for place, values in choices:
            if any(value.kind == "default" for value in values):
                defaults.append(place)
            else:
                before.append(self.values.equals(subject, option, values))
                places.append((place, _under_both(guard, before[-1])))
        otherwise = reduce(_under_both, map(negate, before), guard)
        places += [(place, otherwise) for place in defaults]
        return sorted(places, key=lambda placed: placed[0].start)

    # Calls

    def call(self, node: Node, guard: Condition) -> None:
        name, arguments = self.values.called(node)
        if self.values.looks_up(name) and arguments:
            default = self.values.default(name, arguments)
            self.add_uses(self.values.keys(arguments), default, guard)
        elif name in _INCLUDING:
            self.include(arguments, guard)
        elif name in _RENDERING:
            self.include(arguments[:1], guard, role="file")
        elif name in _DECLARING and self.is_qualified(arguments):
            self.include(arguments[:1], guard)
        elif "::" in name:
            self.include(node.children[:1], guard, role="function")

    def is_qualified(self, arguments: list[Node]) -> bool:
        return bool(arguments) and "::" in self.manifest.text(arguments[0])

    def chained(self, node: Node, guard: Condition) -> None:
        """Read ``'KEY'.lookup``."""
        receiver, called, *arguments = node.children
        name = self.manifest.text(called)
        if self.values.looks_up(name):
            default = self.values.default(name, [receiver, *arguments])
            self.add_uses(self.values.keys([receiver]), default, guard)

    def add_uses(
        self, keys: list[tuple[str, Node]], default: Value | None, guard: Condition
    ) -> None:
        for key, node in keys:
            location = self.manifest.location(node)
            uses = self.definition.uses
            for inner in HIERA_HOLE.findall(self.manifest.text(node)):
                uses.extend(
                    Use(key=name, access="read", location=location, guard=guard)
                    for name in _HIERA_LOOKUP.findall(inner)
                )
            uses.append(
                Use(
                    key=key,
                    access="read",
                    location=location,
                    pattern="*" in key,
                    default=default,
                    guard=guard,
                )
            )

    # What is brought in

    def include(
        self,
        nodes: list[Node],
        guard: Condition,
        arguments: tuple[Argument, ...] = (),
        role: IncludeRole = "class",
    ) -> None:
        waiting = nodes[::-1]
        while waiting:
            node = waiting.pop()
            if node.kind in {"array", "group"}:
                waiting.extend(node.children[::-1])
            elif node.kind in {"string", "name", "variable", "selector"}:
                for name in self.values.names(node):
                    include = self.included(name, node, guard, arguments, role)
                    self.definition.includes.append(include)

    def included(
        self,
        name: str,
        node: Node,
        guard: Condition,
        arguments: tuple[Argument, ...] = (),
        role: IncludeRole = "class",
    ) -> Include:
        return Include(
            name=name.removeprefix("::"),
            location=self.manifest.location(node),
            guard=guard,
            role=role,
            arguments=arguments,
        )

    def declare(self, node: Node, guard: Condition) -> None:
        kind, *bodies = node.children
        name = self.manifest.text(kind)
        if name == "class":
            defaults = [one for one in bodies if self.is_default(one)]
            for body in (one for one in bodies if one not in defaults):
                own = self.arguments([body])
                named = {one.name for one in own}
                shared = [one for one in self.arguments(defaults) if one.name not in named]
                self.include(body.parts("title"), guard, (*own, *shared))
        elif "::" in name:
            self.include([kind], guard, self.arguments(bodies))
        else:
            include = self.included(name, kind, guard, self.arguments(bodies))
            self.definition.declares.append(include)

    def is_default(self, body: Node) -> bool:
        """Return whether a body gives what the other bodies of its declaration leave out."""
        return [self.manifest.text(one) for one in body.parts("title")] == ["default"]

    def arguments(self, bodies: list[Node]) -> tuple[Argument, ...]:
        """Return what the bodies of a declaration give to its parameters."""
        found: list[Argument] = []
        for attribute in (one for body in bodies for one in body.children[1:]):
            for name, value in self.values.attributes(attribute):
                keys, variables = self.values.sources(value)
                argument = Argument(
                    name=name,
                    location=self.manifest.location(attribute),
                    keys=keys,
                    parameters=tuple(one for one in variables if one in self.definition.said.names),
                )
                found.append(argument)
        return tuple(found)

    def assign(self, node: Node, guard: Condition) -> None:  # noqa: ARG002 - the table's signature
        name = node.part("left") or node.part("name")
        value = node.part("right") or node.part("value")
        if name is not None and value is not None and name.kind == "variable":
            self.values.variables.setdefault(self.values.variable(name), []).append(value)


def _under_both(guard: Condition, condition: Condition) -> Condition:
    """Return when both hold; of more than `MAX_TESTS`, only that there are more."""
    if not isinstance(guard, AllOf) or len(guard.conditions) < MAX_TESTS:
        return all_of((guard, condition))
    return guard if guard.conditions[-1] == _MORE_TESTS else AllOf((*guard.conditions, _MORE_TESTS))


_READERS: Final[dict[str, Callable[[_Reader, Node, Condition], None]]] = {
    "class": _Reader.define,
    "define": _Reader.define,
    "function": _Reader.define,
    "if": _Reader.choose,
    "unless": _Reader.choose,
    "case": _Reader.cases,
    "selector": _Reader.selector,
    "resource": _Reader.declare,
    "call": _Reader.call,
    "method": _Reader.chained,
    "assignment": _Reader.assign,
    "parameter": _Reader.assign,
}
