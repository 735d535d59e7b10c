"""Puppet syntax to what it means: keys that are looked up, classes that are brought in, and when.

A key or name holds ``*`` for each part that only Puppet knows. Conditions speak of the keys as
they are when Puppet runs, after all steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import msgspec

from plugindoc.extraction.puppet_values import HIERA_HOLE, LOOKUP, Expressions
from plugindoc.model.conditions import ALWAYS, Condition, all_of, negate
from plugindoc.model.things import Include, TemplateKind, Use
from plugindoc.model.values import Value
from plugindoc.reading.puppet import Manifest, Marks, Node

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
_INTERESTING: Final = (
    # Apart, since a search that knows its first letters is several times as fast.
    re.compile(
        rb"(?:lookup|hiera|include|require|contain|class|define|inherits|template|epp"
        rb"|function|create_resources|ensure_resource)"
    ),
    re.compile(rb"\$\w+\s*=(?![=>~])"),
    re.compile(rb"::\w+\s*[({]"),
)
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
    reader.visit(manifest.root, ALWAYS)
    if manifest.heredocs is not None:
        reader.visit_heredocs(manifest.heredocs)
    return reader.definitions


class _Reader:
    """One pass over a manifest; keeps the definition and the variables that are in scope."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.marks = Marks(_INTERESTING, manifest.source)
        self.definitions = [Definition("manifest", "", 0, len(manifest.source))]
        self.values = Expressions(manifest)
        self.guarded: list[tuple[int, int, Condition]] = []

    def visit(self, node: Node, guard: Condition) -> None:
        self.visit_each(node.named_children, guard)

    def visit_each(self, nodes: list[Node], guard: Condition) -> None:
        for node in self.marks.among(nodes):
            self.visit_one(node, guard)

    def visit_one(self, node: Node, guard: Condition) -> None:
        read = _READERS.get(node.type, _Reader.visit)
        read(self, node, guard)

    def pass_over(self, node: Node, guard: Condition) -> None:
        pass

    def visit_heredocs(self, code: Node) -> None:
        for child in code.named_children:
            holding = [g for start, end, g in self.guarded if start <= child.start_byte < end]
            self.visit_one(child, holding[-1] if holding else ALWAYS)

    def under(self, node: Node, guard: Condition) -> None:
        """Visit a branch, and remember where its guard holds."""
        self.guarded.append((node.start_byte, node.end_byte, guard))
        self.visit(node, guard)

    # Definitions

    def define(self, node: Node, guard: Condition) -> None:
        names = [c for c in node.named_children if c.type in {"class_identifier", "identifier"}]
        name = self.manifest.text(names[0]).removeprefix("::") if names else ""
        kind = _DEFINITIONS[node.type]
        name_end = names[0].end_byte if names else node.start_byte
        self.definitions.append(Definition(kind, name, node.start_byte, node.end_byte, name_end))
        outer, self.values.variables = self.values.variables, {}
        for child in node.named_children:
            if child.type == "class_inherits":
                self.include(child.named_children, guard)
        self.visit(node, guard)
        self.values.variables = outer

    def definition_at(self, node: Node) -> Definition:
        found = self.definitions[0]
        for definition in self.definitions[1:]:
            if definition.start <= node.start_byte < definition.end:
                found = definition
        return found

    # Branches

    def choose(self, node: Node, guard: Condition) -> None:
        self.branch(node, guard)

    def branch(self, node: Node, guard: Condition) -> Condition:
        """Visit an if, elsif or unless; return what its else is under."""
        parts = node.named_children
        if not parts:
            return guard
        condition = self.values.condition(parts[0])
        if node.type == "unless_statement":
            condition = negate(condition)
        self.visit_one(parts[0], guard)
        taken, otherwise = all_of((guard, condition)), all_of((guard, negate(condition)))
        for part in parts[1:]:
            if part.type == "elsif_statement":
                otherwise = self.branch(part, otherwise)
            elif part.type == "else_statement":
                self.under(part, otherwise)
            elif part.type == "block":
                self.under(part, taken)
            else:
                self.visit_one(part, guard)
        return otherwise

    def cases(self, node: Node, guard: Condition) -> None:
        parts = node.named_children
        subject = parts[0] if parts else node
        self.visit_one(subject, guard)
        option = self.values.option(subject)
        before: list[Condition] = []
        for part in parts[1:]:
            if part.type == "case_item":
                values = [c for c in part.named_children if c.type != "block"]
                condition = self.values.equals(subject, option, values)
                before.append(condition)
            elif part.type == "default_case":
                condition = all_of(negate(earlier) for earlier in before)
            else:
                self.visit_one(part, guard)
                continue
            for child in part.named_children:
                self.under(child, all_of((guard, condition)))

    def selector(self, node: Node, guard: Condition) -> None:
        parts = node.named_children
        for part in parts:
            if part.type != "attribute":
                self.visit_one(part, guard)
        subject = parts[0]
        if subject.type == "assignment" and subject.named_children:
            variable = self.manifest.text(subject.named_children[0])
            self.values.variables[variable] = [node]
            subject = subject.named_children[-1]
        option = self.values.option(subject)
        before: list[Condition] = []
        for part in parts[1:]:
            value = part.child_by_field_name("value")
            name = part.child_by_field_name("name")
            if part.type != "attribute" or value is None or name is None:
                continue
            if self.manifest.text(name) == "default":
                condition = all_of(negate(earlier) for earlier in before)
            else:
                condition = self.values.equals(subject, option, [name])
                before.append(condition)
            self.visit_each([value], all_of((guard, condition)))

    # Calls

    def call(self, node: Node, guard: Condition) -> None:
        name, arguments = self.values.called(node)
        if LOOKUP.match(name) and arguments:
            default = self.values.default(name, arguments)
            self.add_uses(self.values.keys(arguments), default, guard)
            if name == "hiera_include":
                return
        elif name in _INCLUDING:
            self.include(arguments, guard)
        elif name in _RENDERING or (name in _DECLARING and self.is_qualified(arguments)):
            self.include(arguments[:1], guard)
        elif "::" in name:
            self.include(node.named_children[:1], guard)
        self.visit(node, guard)

    def is_qualified(self, arguments: list[Node]) -> bool:
        return bool(arguments) and "::" in self.manifest.text(arguments[0])

    def chained(self, node: Node, guard: Condition) -> None:
        """Read ``'KEY'.lookup``."""
        parts = node.named_children
        if len(parts) > 1 and LOOKUP.match(self.manifest.text(parts[-1])):
            self.add_uses([(key, parts[0]) for key in self.values.texts(parts[0])], None, guard)
        self.visit(node, guard)

    def add_uses(
        self, keys: list[tuple[str, Node]], default: Value | None, guard: Condition
    ) -> None:
        for key, node in keys:
            location = self.manifest.location(node)
            uses = self.definition_at(node).uses
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
        for node in nodes:
            if node.type in {"array", "parenthesized_expression"}:
                self.include(node.named_children, guard)
            elif node.type in {"string", "class_identifier", "identifier", "variable"}:
                for name in self.values.names(node):
                    self.add_include(name, node, guard)

    def add_include(self, name: str, node: Node, guard: Condition) -> None:
        location = self.manifest.location(node)
        include = Include(name=name.removeprefix("::"), location=location, guard=guard)
        self.definition_at(node).includes.append(include)

    def declare(self, node: Node, guard: Condition) -> None:
        kind = node.child_by_field_name("type")
        if kind is not None and self.manifest.text(kind) == "class":
            self.include([c for c in node.named_children if c.type in _TITLES], guard)
        elif kind is not None and kind.type == "class_identifier":
            self.include([kind], guard)
        self.visit(node, guard)

    def assign(self, node: Node, guard: Condition) -> None:
        self.visit(node, guard)
        parts = node.named_children
        if len(parts) > 1 and parts[0].type != "variable":
            parts = [p for p in parts if p.type != "builtin_type"]
        if len(parts) > 1 and parts[0].type == "variable":
            self.values.variables.setdefault(self.manifest.text(parts[0]), []).append(parts[-1])


_READERS: Final[dict[str, Callable[[_Reader, Node, Condition], None]]] = {
    "class_definition": _Reader.define,
    "defined_resource_type": _Reader.define,
    "function_declaration": _Reader.define,
    "if_statement": _Reader.choose,
    "elsif_statement": _Reader.choose,
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
    "identifier": _Reader.pass_over,
    "comment": _Reader.pass_over,
}
