"""What expressions in a manifest mean: keys, names, literals and conditions.

A text holds ``*`` for each part that only Puppet knows. Variables are looked up where they are set
in the same class; one that is set in several places can be any of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from plugindoc.model.conditions import Compare, Condition, Opaque, all_of, any_of, negate
from plugindoc.model.values import Dynamic, Known, Value
from plugindoc.reading.puppet import Manifest, Node

__all__ = ["HIERA_HOLE", "LOOKUP", "MAX_TESTS", "Expressions"]

MAX_TESTS: Final = 32
"""Tests that one condition is made of; one of more is kept as it is written."""

MAX_VALUES: Final = 12
"""Places that set a variable; one that is set in more can be anything."""

MAX_READ: Final = 100_000
"""Values of variables that are read in one manifest; behind so many, they can be anything."""

MAX_NESTED: Final = 20
"""Parentheses, negations and lists within each other that are understood."""


LOOKUP: Final = re.compile(r"(?:lookup|hiera(?:_\w+)?)\Z")
"""The names of functions that look a key up."""

HIERA_HOLE: Final = re.compile(r"%\{([^{}]*)\}")
"""What Hiera interpolates in a text."""

_LOGICAL: Final = frozenset({"binary_expression", "unary_expression", "parenthesized_expression"})
_NO_ARGUMENTS: Final = frozenset({"comment", "ERROR"})
_STARS: Final = re.compile(r"\*+")
_INDEX: Final = re.compile(rb"\[[^\]\n]*\]")
_INDIRECTION: Final = 5
"""How much of the nesting a variable takes up."""

_DEFAULT_AT: Final = 3
_LITERALS: Final = {"true": True, "false": False, "undef": None}


class Expressions:
    """Expressions of one manifest; `variables` are those of the class that is being read."""

    def __init__(self, manifest: Manifest) -> None:
        self.manifest = manifest
        self.variables: dict[str, list[Node]] = {}
        self._spare = MAX_READ

    def values(self, variable: Node) -> list[Node]:
        """Return what a variable is set to; nothing where that is too much, or not known."""
        found = self.variables.get(self.manifest.text(variable), [])
        self._spare -= len(found)
        return found if len(found) <= MAX_VALUES and self._spare >= 0 else []

    # Conditions

    def condition(self, node: Node, depth: int = MAX_NESTED) -> Condition:
        """Return a test as a condition over keys."""
        found = self._understood(node, depth) if depth > 0 else None
        return Opaque(self.shown(node), self.options_in(node)) if found is None else found

    def _understood(self, node: Node, depth: int) -> Condition | None:
        if node.type == "parenthesized_expression" and len(node.named_children) == 1:
            return self.condition(node.named_children[0], depth - 1)
        if node.type == "unary_expression" and node.children and node.children[0].type == "!":
            return negate(self.condition(node.named_children[-1], depth - 1))
        if node.type == "binary_expression":
            return self._binary(node, depth)
        value = self.only_value(node)
        if value is not None and value.type in _LOGICAL and depth > _INDIRECTION:
            return self.condition(value, depth - _INDIRECTION)
        return None

    def _binary(self, node: Node, depth: int) -> Condition | None:
        left, operator, right = (
            node.child_by_field_name(name) for name in ("left", "operator", "right")
        )
        if left is None or operator is None or right is None:
            return None
        sign = operator.type
        if sign in {"and", "or"}:
            terms = [right, *_terms(left, sign)][::-1]
            if len(terms) > MAX_TESTS:
                return None
            conditions = [self.condition(term, depth - 1) for term in terms]
            return all_of(conditions) if sign == "and" else any_of(conditions)
        if sign == "in":
            return self._contains(left, right)
        if sign in {"==", "!="}:
            for subject, other in ((left, right), (right, left)):
                option, value = self.option(subject), self.literal(other)
                if option and isinstance(value, Known):
                    return Compare(option, "==" if sign == "==" else "!=", value.value)
        return None

    def _contains(self, member: Node, whole: Node) -> Condition | None:
        option, value = self.option(whole), self.literal(member)
        if option and isinstance(value, Known):
            return Compare(option, "contains", value.value)
        option, value = self.option(member), self.literal(whole)
        if option and isinstance(value, Known):
            return Compare(option, "in", value.value)
        return None

    def equals(self, subject: Node, option: str, values: list[Node]) -> Condition:
        """Return when a case's or selector's subject is one of some values."""
        known = [self.literal(value) for value in values]
        if option and known and all(isinstance(value, Known) for value in known):
            plain = [value.value for value in known if isinstance(value, Known)]
            if len(plain) == 1:
                return Compare(option, "==", plain[0])
            return Compare(option, "in", plain)
        listed = ", ".join(self.manifest.text(value) for value in values)
        source = f"{self.shown(subject)} matches {listed}"
        return Opaque(source, self.options_in(subject))

    def option(self, node: Node, depth: int = 4) -> str:
        """Return the key whose value an expression is, "" where it is anything else."""
        value = self.only_value(node)
        if value is not None and depth:
            return self.option(value, depth - 1)
        if node.type != "function_call":
            return ""
        name, arguments = self.called(node)
        keys = self.keys(arguments) if LOOKUP.match(name) else []
        return keys[0][0] if len(keys) == 1 and "*" not in keys[0][0] else ""

    def only_value(self, node: Node) -> Node | None:
        """Return what a variable is set to, if that happens in one place."""
        if node.type != "variable" or _INDEX.match(self.manifest.source, node.end_byte):
            return None
        values = self.values(node)
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
                waiting.extend(self.values(one))
            waiting.extend(reversed(one.named_children))
        return tuple(dict.fromkeys(found))

    def shown(self, node: Node) -> str:
        """Return an expression in one line, with the index that is masked behind a variable."""
        start, end = node.start_byte, node.end_byte
        index = _INDEX.match(self.manifest.source, end)
        source = self.manifest.source[start : index.end() if index else end]
        return _one_line(source.decode(errors="replace"))

    # Lookups

    def called(self, node: Node) -> tuple[str, list[Node]]:
        """Return the name of the function that a call is of, and its arguments."""
        parts = node.named_children
        name = self.manifest.text(parts[0]) if parts else ""
        return name, [part for part in parts[1:] if part.type not in _NO_ARGUMENTS]

    def keys(self, arguments: list[Node]) -> list[tuple[str, Node]]:
        """Return the keys that a lookup asks for, each with where it is named."""
        if not arguments:
            return []
        first = arguments[0]
        named = self._attribute(first, "name") if first.type == "hash" else first
        if named is None:
            return []
        listed = named.named_children if named.type == "array" else [named]
        return [(_first_segment(key), one) for one in listed for key in self.texts(one)]

    def default(self, name: str, arguments: list[Node]) -> Value | None:
        """Return what a lookup by a function falls back to, None where it has nothing."""
        if name == "lookup":
            options = [a for a in arguments[:2] if a.type == "hash"]
            value = self._attribute(options[0], "default_value") if options else None
            if value is None and len(arguments) > _DEFAULT_AT:
                value = arguments[_DEFAULT_AT]
        else:
            value = arguments[1] if len(arguments) > 1 else None
        return None if value is None else self.literal(value)

    def _attribute(self, node: Node, wanted: str) -> Node | None:
        for child in node.named_children:
            name = child.child_by_field_name("name") if child.type == "attribute" else None
            if name is not None and self.manifest.text(name).strip("'\"") == wanted:
                return child.child_by_field_name("value")
        return None

    # Values

    def literal(self, node: Node, depth: int = MAX_NESTED) -> Value:
        """Return a literal's value, or its source where it is computed."""
        source = self.manifest.text(node)
        if node.type == "string" and "*" not in self.string(node):
            return Known(source[1:-1])
        if source in _LITERALS:
            return Known(_LITERALS[source])
        if node.type == "number" and source.isdigit():
            return Known(int(source))
        if node.type == "array" and depth:
            members = [self.literal(child, depth - 1) for child in node.named_children]
            if all(isinstance(member, Known) for member in members):
                return Known([member.value for member in members if isinstance(member, Known)])
        if node.type == "hash" and not node.named_children:
            return Known({})
        return Dynamic(_one_line(source), "Puppet computes it", self.manifest.location(node))

    def texts(self, node: Node, depth: int = 4) -> list[str]:
        """Return the texts that an expression can be, ``*`` for each unknown part."""
        if node.type == "string":
            return [_pattern(self.string(node))]
        if node.type == "variable" and depth:
            found = [text for value in self.values(node) for text in self.texts(value, depth - 1)]
            return list(dict.fromkeys(found)) or ["*"]
        if node.type == "selector" and depth:
            values = [
                value
                for part in node.named_children
                if (value := part.child_by_field_name("value")) is not None
            ]
            return [text for value in values for text in self.texts(value, depth - 1)] or ["*"]
        if node.type == "array" and depth:
            members = node.named_children
            return [text for member in members for text in self.texts(member, depth - 1)]
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

    def names(self, node: Node) -> list[str]:
        """Return the classes, defines or files that an expression names."""
        if node.type in {"class_identifier", "identifier"}:
            return [self.manifest.text(node)]
        return self.texts(node)


def _terms(node: Node, sign: str) -> Iterator[Node]:
    """Yield what ``and`` or ``or`` stands between, from the last to the first."""
    while node.type == "binary_expression":
        left, operator = node.child_by_field_name("left"), node.child_by_field_name("operator")
        right = node.child_by_field_name("right")
        if left is None or operator is None or right is None or operator.type != sign:
            break
        yield right
        node = left
    yield node


def _pattern(text: str) -> str:
    return _STARS.sub("*", HIERA_HOLE.sub("*", text))


def _first_segment(key: str) -> str:
    """Return the key of a dotted path into its value."""
    return key.split(".", 1)[0] if not key.startswith(("'", '"')) else key.strip("'\"")


def _one_line(text: str) -> str:
    return " ".join(text.split())
