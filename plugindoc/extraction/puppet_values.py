"""The meaning of expressions in a manifest: keys, names, literals and conditions.

A text holds ``*`` for each part that only Puppet knows. Variables are looked up where they are set
in the same class; one that is set in several places can be any of these.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from plugindoc.model.conditions import Compare, Condition, Opaque, all_of, any_of, negate
from plugindoc.model.patterns import names_pattern
from plugindoc.model.values import Dynamic, Known, Value
from plugindoc.reading.puppet import Manifest, Node

__all__ = ["HIERA_HOLE", "MAX_TESTS", "Expressions"]

MAX_TESTS: Final = 32
"""Tests that one condition is made of; one of more is kept as it is written."""

MAX_VALUES: Final = 12
"""Places that set a variable; one that is set in more can be anything."""

MAX_READ: Final = 100_000
"""Values of variables that are read in one manifest; after that many, they can be anything."""

MAX_NESTED: Final = 20
"""Parentheses, negations and lists within each other that are understood."""


HIERA_HOLE: Final = re.compile(r"%\{([^{}]*)\}")
"""What Hiera interpolates in a text."""

_LOGICAL: Final = frozenset({"binary", "unary", "group"})
_STARS: Final = re.compile(r"\*+")
_INDIRECTION: Final = 5
"""How much of the nesting a variable takes up."""

_DEFAULT_AT: Final = 3
_LITERALS: Final = {"true": True, "false": False, "undef": None}


class Expressions:
    """Expressions of one manifest; `variables` are those of the class that is being read.

    `lookups` are the names of the functions that look a key up.
    """

    def __init__(self, manifest: Manifest, lookups: tuple[str, ...]) -> None:
        self.manifest = manifest
        self._lookup = re.compile(names_pattern(lookups))
        self.variables: dict[str, list[Node]] = {}
        self._spare = MAX_READ

    def looks_up(self, name: str) -> bool:
        """Return whether a function of a name looks a key up."""
        return bool(self._lookup.fullmatch(name))

    def values(self, variable: Node) -> list[Node]:
        """Return what a variable is set to; nothing if that is too much, or not known."""
        found = self.variables.get(self.variable(variable), [])
        self._spare -= len(found)
        return found if len(found) <= MAX_VALUES and self._spare >= 0 else []

    def variable(self, node: Node) -> str:
        """Return a variable's name, which has no ``$`` if a text interpolates it."""
        return self.manifest.text(node).removeprefix("$")

    # Conditions

    def condition(self, node: Node, depth: int = MAX_NESTED) -> Condition:
        """Return a test as a condition over keys."""
        found = self._understood(node, depth) if depth > 0 else None
        return Opaque(self.shown(node), self.options_in(node)) if found is None else found

    def _understood(self, node: Node, depth: int) -> Condition | None:
        if node.kind == "group":
            return self.condition(node.children[0], depth - 1)
        if node.kind == "unary" and node.sign == "!":
            return negate(self.condition(node.children[0], depth - 1))
        if node.kind == "binary":
            return self._binary(node, depth)
        value = self.only_value(node)
        if value is not None and value.kind in _LOGICAL and depth > _INDIRECTION:
            return self.condition(value, depth - _INDIRECTION)
        return None

    def _binary(self, node: Node, depth: int) -> Condition | None:
        left, right = node.children
        sign = node.sign
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
                value = self.literal(other)
                if isinstance(value, Known):
                    found = self._is(subject, self.option(subject), value.value)
                    if found is not None:
                        return found if sign == "==" else negate(found)
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
        plain = [value.value for value in known if isinstance(value, Known)]
        if plain and len(plain) == len(known):
            if option and len(plain) > 1:
                return Compare(option, "in", plain)
            found = [self._is(subject, option, value) for value in plain]
            told = [one for one in found if one is not None]
            if told:
                return any_of(told)
        listed = ", ".join(self.manifest.text(value) for value in values)
        source = f"{self.shown(subject)} matches {listed}"
        return Opaque(source, self.options_in(subject))

    def _is(self, subject: Node, option: str, value: object) -> Condition | None:
        """Return when a subject, which may be an option's value, is a value."""
        if option:
            return Compare(option, "==", value)
        first = self._first_of(subject)
        return Compare(first, "begins with", value) if first else None

    def _first_of(self, node: Node) -> str:
        """Return the key of whose list an expression is the first member, "" for anything else.

        Only some lookups always return a list: the first of a text is its first letter.
        """
        if node.kind != "access":
            return ""
        whole, *index = node.children
        if [self.manifest.text(one) for one in index] != ["0"]:
            return ""
        call = self.call_of(whole)
        if call is None:
            return ""
        name, arguments = self.called(call)
        merges = [self._attribute(one, "merge") for one in arguments if one.kind == "hash"]
        listed = name.endswith("_array") or "unique" in [
            text for one in merges if one is not None for text in self.names(one)
        ]
        return self.option(call) if listed else ""

    def call_of(self, node: Node, depth: int = 4) -> Node | None:
        """Return the call whose result an expression is, None for anything else."""
        value = self.only_value(node)
        if value is not None and depth:
            return self.call_of(value, depth - 1)
        return node if node.kind == "call" else None

    def option(self, node: Node) -> str:
        """Return the key whose value an expression is, "" if it is anything else."""
        call = self.call_of(node)
        if call is None:
            return ""
        name, arguments = self.called(call)
        keys = self.keys(arguments) if self.looks_up(name) else []
        return keys[0][0] if len(keys) == 1 and "*" not in keys[0][0] else ""

    def only_value(self, node: Node) -> Node | None:
        """Return what a variable, or one that is set right here, is set to in one place."""
        if node.kind == "assignment":
            return node.children[1]
        if node.kind == "group":
            return node.children[0]
        if node.kind != "variable":
            return None
        values = self.values(node)
        return values[0] if len(values) == 1 else None

    def options_in(self, node: Node) -> tuple[str, ...]:
        """Return the keys that an expression depends on, as far as they are named."""
        return self.sources(node)[0]

    def sources(self, node: Node) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the keys and the variables that an expression depends on."""
        found: list[str] = []
        waiting = [node]
        seen: dict[str, None] = {}
        while waiting:
            one = waiting.pop()
            found += self._looked_up(one)
            if one.kind == "variable" and (name := self.variable(one)) not in seen:
                seen[name] = None
                waiting.extend(self.values(one))
            waiting.extend(reversed(one.children))
        return tuple(dict.fromkeys(found)), tuple(seen)

    def _looked_up(self, node: Node) -> list[str]:
        """Return the keys that a call looks up; a variable may name one or the other."""
        name, arguments = self.called(node) if node.kind == "call" else ("", [])
        keys = self.keys(arguments) if self.looks_up(name) else []
        return [key for key, _ in keys if "*" not in key]

    def attributes(self, attribute: Node, depth: int = 4) -> Iterator[tuple[str, Node]]:
        """Yield the name and value of an attribute; of ``*``, those in the hash that it is.

        What is not known of that hash is yielded with ``*`` as its name.
        """
        name, value = attribute.children
        if self.manifest.text(name) != "*":
            yield self.manifest.text(name).strip("'\""), value
            return
        waiting = [(value, depth)]
        while waiting:
            node, left = waiting.pop()
            if node.kind == "hash":
                pairs = [one for one in node.children if one.kind == "attribute"]
                named = [one for one in pairs if one.children[0].kind in {"string", "name"}]
                for pair in named:
                    yield self.manifest.text(pair.children[0]).strip("'\""), pair.children[1]
                if len(named) < len(node.children):
                    yield "*", node
            elif node.kind == "variable" and left and (values := self.values(node)):
                waiting += [(one, left - 1) for one in values]
            elif node.kind == "selector" and left:
                waiting += [(pair.children[1], left - 1) for pair in node.children[1:]]
            elif node.kind == "binary" and node.sign == "+" and left:
                waiting += [(one, left - 1) for one in node.children]
            else:
                yield "*", node

    def shown(self, node: Node) -> str:
        """Return an expression in one line."""
        return _one_line(self.manifest.text(node))

    # Lookups

    def called(self, node: Node) -> tuple[str, list[Node]]:
        """Return the name of the function that a call is of, and its arguments."""
        called, *arguments = node.children
        return self.manifest.text(called), [one for one in arguments if one.kind != "lambda"]

    def keys(self, arguments: list[Node]) -> list[tuple[str, Node]]:
        """Return the keys that a lookup asks for, each with where it is named."""
        if not arguments:
            return []
        first = arguments[0]
        named = self._attribute(first, "name") if first.kind == "hash" else first
        if named is None:
            return []
        listed = named.children if named.kind == "array" else [named]
        return [(_first_segment(key), one) for one in listed for key in self.texts(one)]

    def default(self, name: str, arguments: list[Node]) -> Value | None:
        """Return what a lookup by a function falls back to, None if it has nothing."""
        if name == "lookup":
            options = [a for a in arguments[:2] if a.kind == "hash"]
            value = self._attribute(options[0], "default_value") if options else None
            if value is None and len(arguments) > _DEFAULT_AT:
                value = arguments[_DEFAULT_AT]
        else:
            value = arguments[1] if len(arguments) > 1 else None
        return None if value is None else self.literal(value)

    def _attribute(self, node: Node, wanted: str) -> Node | None:
        for child in node.children:
            if child.kind == "attribute":
                name, value = child.children
                if self.manifest.text(name).strip("'\"") == wanted:
                    return value
        return None

    # Values

    def literal(self, node: Node, depth: int = MAX_NESTED) -> Value:
        """Return a literal's value, or its source if it is computed."""
        source = self.manifest.text(node)
        if node.kind == "string" and "*" not in self.string(node):
            return Known(source[1:-1])
        if source in _LITERALS:
            return Known(_LITERALS[source])
        if node.kind == "number" and source.isdigit():
            return Known(int(source))
        if node.kind == "array" and depth:
            members = [self.literal(child, depth - 1) for child in node.children]
            if all(isinstance(member, Known) for member in members):
                return Known([member.value for member in members if isinstance(member, Known)])
        if node.kind == "hash" and not node.children:
            return Known({})
        return Dynamic(_one_line(source), "Puppet computes it", self.manifest.location(node))

    def texts(self, node: Node, depth: int = 4) -> list[str]:
        """Return the texts that an expression can be, ``*`` for each unknown part."""
        if node.kind == "string":
            return [_pattern(self.string(node))]
        if node.kind == "variable" and depth:
            found = [text for value in self.values(node) for text in self.texts(value, depth - 1)]
            return list(dict.fromkeys(found)) or ["*"]
        if node.kind == "selector" and depth:
            values = [pair.children[1] for pair in node.children[1:]]
            return [text for value in values for text in self.texts(value, depth - 1)] or ["*"]
        if node.kind == "array" and depth:
            members = node.children
            return [text for member in members for text in self.texts(member, depth - 1)]
        return ["*"]

    def string(self, node: Node) -> str:
        """Return a string's text, ``*`` for what is interpolated."""
        if not node.children:
            return self.manifest.text(node)[1:-1]
        known = (self.manifest.text(one) if one.kind == "text" else "*" for one in node.children)
        return "".join(known)

    def names(self, node: Node) -> list[str]:
        """Return the classes, defines or files that an expression names."""
        if node.kind == "name":
            return [self.manifest.text(node)]
        return self.texts(node)


def _terms(node: Node, sign: str) -> Iterator[Node]:
    """Yield what ``and`` or ``or`` stands between, from the last to the first."""
    while node.kind == "binary" and node.sign == sign:
        node, right = node.children
        yield right
    yield node


def _pattern(text: str) -> str:
    return _STARS.sub("*", HIERA_HOLE.sub("*", text))


def _first_segment(key: str) -> str:
    """Return the key of a dotted path into its value."""
    return key.split(".", 1)[0] if not key.startswith(("'", '"')) else key.strip("'\"")


def _one_line(text: str) -> str:
    return " ".join(text.split())
