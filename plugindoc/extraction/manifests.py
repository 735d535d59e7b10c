"""Puppet syntax to what it means: keys that are looked up, classes that are brought in, and when.

A key or name holds ``*`` for each part that only Puppet knows. Conditions speak of the keys as
they are when Puppet runs, after all steps.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Final

import msgspec

from plugindoc.model.conditions import (
    ALWAYS,
    Compare,
    Condition,
    Opaque,
    all_of,
    any_of,
    negate,
)
from plugindoc.model.things import Include, TemplateKind, Use
from plugindoc.model.values import Dynamic, Known, Value
from plugindoc.reading.puppet import Manifest, Marks, Node

__all__ = ["Definition", "read_manifest"]

_LOOKUP: Final = re.compile(r"(?:lookup|hiera(?:_\w+)?)\Z")
_INCLUDING: Final = frozenset({"include", "require", "contain"})
_LOGICAL: Final = frozenset({"binary_expression", "unary_expression", "parenthesized_expression"})
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
_INDEX: Final = re.compile(rb"\[[^\]\n]*\]")
_HIERA_HOLE: Final = re.compile(r"%\{([^}]*)\}")
_HIERA_LOOKUP: Final = re.compile(r"(?:lookup|hiera)\(\s*[\"']([^\"']+)[\"']")
_DEFAULT_AT: Final = 3
_LITERALS: Final = {"true": True, "false": False, "undef": None}


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
        self.variables: dict[str, list[Node]] = {}
        self.guarded: list[tuple[int, int, Condition]] = []

    def visit(self, node: Node, guard: Condition) -> None:
        for child in node.named_children:
            if self.marks.within(child):
                self.visit_one(child, guard)

    def visit_one(self, node: Node, guard: Condition) -> None:
        read = _READERS.get(node.type, _Reader.visit)
        read(self, node, guard)

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
        outer, self.variables = self.variables, {}
        for child in node.named_children:
            if child.type == "class_inherits":
                self.include(child.named_children, guard)
        self.visit(node, guard)
        self.variables = outer

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
        condition = self.condition(parts[0])
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
        option = self.option(subject)
        before: list[Condition] = []
        for part in parts[1:]:
            if part.type == "case_item":
                values = [c for c in part.named_children if c.type != "block"]
                condition = self.equals(subject, option, values)
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
            self.variables[variable] = [node]
            subject = subject.named_children[-1]
        option = self.option(subject)
        before: list[Condition] = []
        for part in parts[1:]:
            value = part.child_by_field_name("value")
            name = part.child_by_field_name("name")
            if part.type != "attribute" or value is None or name is None:
                continue
            if self.manifest.text(name) == "default":
                condition = all_of(negate(earlier) for earlier in before)
            else:
                condition = self.equals(subject, option, [name])
                before.append(condition)
            if self.marks.within(value):
                self.visit_one(value, all_of((guard, condition)))

    def equals(self, subject: Node, option: str, values: list[Node]) -> Condition:
        known = [self.literal(value) for value in values]
        if option and known and all(isinstance(value, Known) for value in known):
            plain = [value.value for value in known if isinstance(value, Known)]
            if len(plain) == 1:
                return Compare(option, "==", plain[0])
            return Compare(option, "in", plain)
        listed = ", ".join(self.manifest.text(value) for value in values)
        source = f"{self.shown(subject)} matches {listed}"
        return Opaque(source, self.options_in(subject))

    # Conditions

    def condition(self, node: Node, depth: int = 4) -> Condition:
        if node.type == "parenthesized_expression" and len(node.named_children) == 1:
            return self.condition(node.named_children[0])
        if node.type == "unary_expression" and node.children and node.children[0].type == "!":
            return negate(self.condition(node.named_children[-1]))
        if node.type == "binary_expression":
            found = self.binary(node)
            if found is not None:
                return found
        value = self.only_value(node)
        if value is not None and value.type in _LOGICAL and depth:
            return self.condition(value, depth - 1)
        return Opaque(self.shown(node), self.options_in(node))

    def binary(self, node: Node) -> Condition | None:
        left, operator, right = (
            node.child_by_field_name(name) for name in ("left", "operator", "right")
        )
        if left is None or operator is None or right is None:
            return None
        sign = operator.type
        if sign in {"and", "or"}:
            both = (self.condition(left), self.condition(right))
            return all_of(both) if sign == "and" else any_of(both)
        if sign == "in":
            return self.contains(left, right)
        if sign in {"==", "!="}:
            for subject, other in ((left, right), (right, left)):
                option, value = self.option(subject), self.literal(other)
                if option and isinstance(value, Known):
                    return Compare(option, "==" if sign == "==" else "!=", value.value)
        return None

    def contains(self, member: Node, whole: Node) -> Condition | None:
        option, value = self.option(whole), self.literal(member)
        if option and isinstance(value, Known):
            return Compare(option, "contains", value.value)
        option, value = self.option(member), self.literal(whole)
        if option and isinstance(value, Known):
            return Compare(option, "in", value.value)
        return None

    def option(self, node: Node, depth: int = 4) -> str:
        """Return the key whose value an expression is, "" where it is anything else."""
        value = self.only_value(node)
        if value is not None and depth:
            return self.option(value, depth - 1)
        if node.type != "function_call" or not _LOOKUP.match(self.called(node)):
            return ""
        keys = self.keys(node)
        return keys[0][0] if len(keys) == 1 and "*" not in keys[0][0] else ""

    def only_value(self, node: Node) -> Node | None:
        """Return what a variable is set to, if that happens in one place."""
        if node.type != "variable" or _INDEX.match(self.manifest.source, node.end_byte):
            return None
        values = self.variables.get(self.manifest.text(node), [])
        return values[0] if len(values) == 1 else None

    def options_in(self, node: Node) -> tuple[str, ...]:
        """Return the keys that an expression depends on, as far as they are named."""
        found: list[str] = []
        waiting = [node]
        seen: set[str] = set()
        while waiting:
            one = waiting.pop()
            option = self.option(one)
            if option:
                found.append(option)
            elif one.type == "variable" and (name := self.manifest.text(one)) not in seen:
                seen.add(name)
                waiting.extend(self.variables.get(name, ()))
            waiting.extend(reversed(one.named_children))
        return tuple(dict.fromkeys(found))

    def shown(self, node: Node) -> str:
        """Return an expression in one line, with the index that is masked behind a variable."""
        start, end = node.start_byte, node.end_byte
        index = _INDEX.match(self.manifest.source, end)
        source = self.manifest.source[start : index.end() if index else end]
        return _one_line(source.decode(errors="replace"))

    # Calls

    def called(self, node: Node) -> str:
        return self.manifest.text(node.named_children[0]) if node.named_children else ""

    def call(self, node: Node, guard: Condition) -> None:
        name = self.called(node)
        arguments = [c for c in node.named_children[1:] if c.type != "comment"]
        if _LOOKUP.match(name) and arguments:
            self.look_up(node, guard)
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
        if len(parts) > 1 and _LOOKUP.match(self.manifest.text(parts[-1])):
            self.add_uses([(key, parts[0]) for key in self.texts(parts[0])], None, guard)
        self.visit(node, guard)

    def look_up(self, node: Node, guard: Condition) -> None:
        self.add_uses(self.keys(node), self.default(node), guard)

    def add_uses(
        self, keys: list[tuple[str, Node]], default: Value | None, guard: Condition
    ) -> None:
        for key, node in keys:
            location = self.manifest.location(node)
            uses = self.definition_at(node).uses
            for inner in _HIERA_HOLE.findall(self.manifest.text(node)):
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

    def keys(self, node: Node) -> list[tuple[str, Node]]:
        """Return the keys that a lookup asks for, each with where it is named."""
        arguments = [c for c in node.named_children[1:] if c.type not in {"comment", "ERROR"}]
        if not arguments:
            return []
        first = arguments[0]
        named = self.attribute(first, "name") if first.type == "hash" else first
        if named is None:
            return []
        listed = named.named_children if named.type == "array" else [named]
        return [(_first_segment(key), one) for one in listed for key in self.texts(one)]

    def default(self, node: Node) -> Value | None:
        arguments = [c for c in node.named_children[1:] if c.type not in {"comment", "ERROR"}]
        if self.called(node) == "lookup":
            options = [a for a in arguments[:2] if a.type == "hash"]
            value = self.attribute(options[0], "default_value") if options else None
            if value is None and len(arguments) > _DEFAULT_AT:
                value = arguments[_DEFAULT_AT]
        else:
            value = arguments[1] if len(arguments) > 1 else None
        return None if value is None else self.literal(value)

    def attribute(self, node: Node, wanted: str) -> Node | None:
        for child in node.named_children:
            name = child.child_by_field_name("name") if child.type == "attribute" else None
            if name is not None and self.manifest.text(name).strip("'\"") == wanted:
                return child.child_by_field_name("value")
        return None

    # What is brought in

    def include_statement(self, node: Node, guard: Condition) -> None:
        self.include(node.named_children, guard)

    def include(self, nodes: list[Node], guard: Condition) -> None:
        for node in nodes:
            if node.type in {"array", "parenthesized_expression"}:
                self.include(node.named_children, guard)
            elif node.type in {"string", "class_identifier", "identifier", "variable"}:
                for name in self.names(node):
                    self.add_include(name, node, guard)

    def names(self, node: Node) -> list[str]:
        if node.type in {"class_identifier", "identifier"}:
            return [self.manifest.text(node)]
        return self.texts(node)

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

    # Values

    def assign(self, node: Node, guard: Condition) -> None:
        self.visit(node, guard)
        parts = node.named_children
        if len(parts) > 1 and parts[0].type != "variable":
            parts = [p for p in parts if p.type != "builtin_type"]
        if len(parts) > 1 and parts[0].type == "variable":
            self.variables.setdefault(self.manifest.text(parts[0]), []).append(parts[-1])

    def literal(self, node: Node) -> Value:
        """Return a literal's value, or its source where it is computed."""
        source = self.manifest.text(node)
        if node.type == "string" and "*" not in self.string(node):
            return Known(source[1:-1])
        if source in _LITERALS:
            return Known(_LITERALS[source])
        if node.type == "number" and source.isdigit():
            return Known(int(source))
        members = [self.literal(child) for child in node.named_children]
        if node.type == "array" and all(isinstance(member, Known) for member in members):
            return Known([member.value for member in members if isinstance(member, Known)])
        if node.type == "hash" and not members:
            return Known({})
        return Dynamic(_one_line(source), "Puppet computes it", self.manifest.location(node))

    def texts(self, node: Node, depth: int = 4) -> list[str]:
        """Return the texts that an expression can be, ``*`` for each unknown part."""
        if node.type == "string":
            return [_pattern(self.string(node))]
        if node.type == "variable" and depth:
            values = self.variables.get(self.manifest.text(node), [])
            found = [text for value in values for text in self.texts(value, depth - 1)]
            return list(dict.fromkeys(found)) or ["*"]
        if node.type == "selector" and depth:
            values = [
                value
                for part in node.named_children
                if (value := part.child_by_field_name("value")) is not None
            ]
            return [text for value in values for text in self.texts(value, depth - 1)] or ["*"]
        if node.type == "array":
            return [text for member in node.named_children for text in self.texts(member, depth)]
        return ["*"]

    def string(self, node: Node) -> str:
        """Return a string's text, ``*`` for what is interpolated."""
        text = self.manifest.text(node)
        if text.startswith("'"):
            return text[1:-1]
        parts: list[str] = []
        for child in node.named_children:
            known = child.type == "string_content"
            parts.append(self.manifest.text(child) if known else "*")
        return "".join(parts)


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
}


def _pattern(text: str) -> str:
    return re.sub(r"\*+", "*", _HIERA_HOLE.sub("*", text))


def _first_segment(key: str) -> str:
    """Return the key of a dotted path into its value."""
    return key.split(".", 1)[0] if not key.startswith(("'", '"')) else key.strip("'\"")


def _one_line(text: str) -> str:
    return " ".join(text.split())
