"""Puppet syntax to what it means: keys that are looked up, classes that are brought in, and when.

A key or name holds ``*`` for each part that only Puppet knows. Conditions speak of the keys as
they are when Puppet runs, after all steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import reduce
from typing import Final

import msgspec

from plugindoc.evaluation.state.simplify import tidied
from plugindoc.extraction.puppet_values import HIERA_HOLE, LOOKUP, MAX_TESTS, Expressions
from plugindoc.model.conditions import ALWAYS, AllOf, Condition, Opaque, all_of, negate
from plugindoc.model.things import Include, TemplateKind, Use
from plugindoc.model.values import Value
from plugindoc.reading.puppet import Manifest, Node

__all__ = ["Definition", "read_manifest"]

_INCLUDING: Final = frozenset({"include", "require", "contain"})
_TITLES: Final = frozenset({"string", "array", "variable"})
_DECLARING: Final = frozenset({"create_resources", "ensure_resource", "ensure_resources"})
_RENDERING: Final = frozenset({"template", "epp"})
_DEFINITIONS: Final[dict[str, TemplateKind]] = {
    "class_definition": "class",
    "defined_resource_type": "define",
    "function_declaration": "function",
}
_MORE_TESTS: Final = Opaque("more tests")
_HIERA_LOOKUP: Final = re.compile(r"(?:lookup|hiera)\(\s*[\"']([^\"']+)[\"']")


class Definition(msgspec.Struct):
    """A class, define or function, or what stands outside of any (`class_name` is "" then).

    Offsets count bytes; `name_end` is that behind the name.
    """

    type: TemplateKind
    class_name: str
    start: int
    end: int
    name_end: int = 0
    uses: list[Use] = msgspec.field(default_factory=list)
    includes: list[Include] = msgspec.field(default_factory=list)


def read_manifest(manifest: Manifest) -> list[Definition]:
    """Return what a manifest's classes and defines do, behind what stands outside of them."""
    reader = _Reader(manifest)
    for node in manifest.nodes(tuple(_READERS)):
        reader.read(node)
    return reader.definitions


class _Reader:
    """One pass over a manifest, in source order.

    `around` are the definitions that are open, each with the variables of the one around it, and
    `guards` where conditions hold, from the last place to the first. `selected` are assignments
    that the selector behind them has read.
    """

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.values = Expressions(manifest)
        self.definitions = [Definition("manifest", "", 0, len(manifest.source))]
        self.around: list[tuple[Definition, dict[str, list[Node]]]] = []
        self.guards: list[tuple[int, int, Condition]] = []
        self.selected: set[int] = set()

    def read(self, node: Node) -> None:
        start = node.start_byte
        while self.around and self.around[-1][0].end <= start:
            _, self.values.variables = self.around.pop()
        while self.guards and self.guards[-1][1] <= start:
            self.guards.pop()
        guard = next((held for begin, _, held in reversed(self.guards) if begin <= start), ALWAYS)
        _READERS[node.type](self, node, guard)

    def under(self, places: Sequence[tuple[Node, Condition]]) -> None:
        """Note which guards hold in some places, which are given in source order."""
        self.guards += [
            (node.start_byte, node.end_byte, tidied(guard)) for node, guard in reversed(places)
        ]

    @property
    def definition(self) -> Definition:
        return self.around[-1][0] if self.around else self.definitions[0]

    # Definitions

    def define(self, node: Node, guard: Condition) -> None:
        names = [c for c in node.named_children if c.type in {"class_identifier", "identifier"}]
        name = self.manifest.text(names[0]).removeprefix("::") if names else ""
        kind = _DEFINITIONS[node.type]
        name_end = names[0].end_byte if names else node.start_byte
        definition = Definition(kind, name, node.start_byte, node.end_byte, name_end)
        self.definitions.append(definition)
        self.around.append((definition, self.values.variables))
        self.values.variables = {}
        for child in node.named_children:
            if child.type == "class_inherits":
                self.include(child.named_children, guard)

    # Branches

    def choose(self, node: Node, guard: Condition) -> None:
        """Read an if or unless with all of its branches."""
        parts = node.named_children
        places: list[tuple[Node, Condition]] = []
        otherwise = guard
        for branch in (node, *(part for part in parts if part.type == "elsif_statement")):
            test, *blocks = branch.named_children or [branch]
            places.append((test, otherwise))
            condition = self.values.condition(test)
            if node.type == "unless_statement":
                condition = negate(condition)
            taken = _under_both(otherwise, condition)
            places += [(block, taken) for block in blocks if block.type == "block"]
            otherwise = _under_both(otherwise, negate(condition))
        places += [(part, otherwise) for part in parts if part.type == "else_statement"]
        self.under(places)

    def cases(self, node: Node, guard: Condition) -> None:
        subject, *parts = node.named_children or [node]
        option = self.values.option(subject)
        before: list[Condition] = []
        places: list[tuple[Node, Condition]] = []
        for part in parts:
            if part.type == "case_item":
                values = [c for c in part.named_children if c.type != "block"]
                before.append(self.values.equals(subject, option, values))
                places.append((part, _under_both(guard, before[-1])))
            elif part.type == "default_case":
                places.append((part, reduce(_under_both, map(negate, before), guard)))
        self.under(places)

    def selector(self, node: Node, guard: Condition) -> None:
        subject, *parts = node.named_children or [node]
        if subject.type == "assignment" and subject.named_children:
            self.selected.add(subject.id)
            variable = self.manifest.text(subject.named_children[0])
            self.values.variables[variable] = [node]
            subject = subject.named_children[-1]
        option = self.values.option(subject)
        before: list[Condition] = []
        places: list[tuple[Node, Condition]] = []
        for part in parts:
            value = part.child_by_field_name("value")
            name = part.child_by_field_name("name")
            if part.type != "attribute" or value is None or name is None:
                continue
            if self.manifest.text(name) == "default":
                places.append((value, reduce(_under_both, map(negate, before), guard)))
            else:
                before.append(self.values.equals(subject, option, [name]))
                places.append((value, _under_both(guard, before[-1])))
        self.under(places)

    # Calls

    def call(self, node: Node, guard: Condition) -> None:
        name, arguments = self.values.called(node)
        if LOOKUP.match(name) and arguments:
            default = self.values.default(name, arguments)
            self.add_uses(self.values.keys(arguments), default, guard)
        elif name in _INCLUDING:
            self.include(arguments, guard)
        elif name in _RENDERING or (name in _DECLARING and self.is_qualified(arguments)):
            self.include(arguments[:1], guard)
        elif "::" in name:
            self.include(node.named_children[:1], guard)

    def is_qualified(self, arguments: list[Node]) -> bool:
        return bool(arguments) and "::" in self.manifest.text(arguments[0])

    def chained(self, node: Node, guard: Condition) -> None:
        """Read ``'KEY'.lookup``."""
        parts = node.named_children
        if len(parts) > 1 and LOOKUP.match(self.manifest.text(parts[-1])):
            self.add_uses([(key, parts[0]) for key in self.values.texts(parts[0])], None, guard)

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

    def include_statement(self, node: Node, guard: Condition) -> None:
        self.include(node.named_children, guard)

    def include(self, nodes: list[Node], guard: Condition) -> None:
        waiting = nodes[::-1]
        while waiting:
            node = waiting.pop()
            if node.type in {"array", "parenthesized_expression"}:
                waiting.extend(node.named_children[::-1])
            elif node.type in {"string", "class_identifier", "identifier", "variable"}:
                for name in self.values.names(node):
                    self.add_include(name, node, guard)

    def add_include(self, name: str, node: Node, guard: Condition) -> None:
        location = self.manifest.location(node)
        include = Include(name=name.removeprefix("::"), location=location, guard=guard)
        self.definition.includes.append(include)

    def declare(self, node: Node, guard: Condition) -> None:
        kind = node.child_by_field_name("type")
        if kind is not None and self.manifest.text(kind) == "class":
            self.include([c for c in node.named_children if c.type in _TITLES], guard)
        elif kind is not None and kind.type == "class_identifier":
            self.include([kind], guard)

    def assign(self, node: Node, guard: Condition) -> None:  # noqa: ARG002 - the table's signature
        parts = node.named_children
        if len(parts) > 1 and parts[0].type != "variable":
            parts = [p for p in parts if p.type != "builtin_type"]
        if len(parts) > 1 and parts[0].type == "variable" and node.id not in self.selected:
            self.values.variables.setdefault(self.manifest.text(parts[0]), []).append(parts[-1])


def _under_both(guard: Condition, condition: Condition) -> Condition:
    """Return when both hold; of more than `MAX_TESTS`, only that there are more."""
    if not isinstance(guard, AllOf) or len(guard.conditions) < MAX_TESTS:
        return all_of((guard, condition))
    return guard if guard.conditions[-1] == _MORE_TESTS else AllOf((*guard.conditions, _MORE_TESTS))


_READERS: Final[dict[str, Callable[[_Reader, Node, Condition], None]]] = {
    "class_definition": _Reader.define,
    "defined_resource_type": _Reader.define,
    "function_declaration": _Reader.define,
    "if_statement": _Reader.choose,
    "unless_statement": _Reader.choose,
    "case_statement": _Reader.cases,
    "selector": _Reader.selector,
    "include_statement": _Reader.include_statement,
    "require_statement": _Reader.include_statement,
    "resource_declaration": _Reader.declare,
    "function_call": _Reader.call,
    "field_expression": _Reader.chained,
    "assignment": _Reader.assign,
    "parameter": _Reader.assign,
}
