"""Configuration keys that a piece of Python names, found in its syntax alone.

No value is computed and no branch is followed: every line counts. That is enough for the
installer's own modules, and a step's actions are checked against it, so that nothing a step names
is lost if following its code gave up. A key holds ``*`` for each part that is not known.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from operator import itemgetter
from typing import Any, Final, Literal, TypeAlias

import msgspec

from plugindoc.reading import syntax
from plugindoc.reading.syntax import Block, Expression, Node

__all__ = [
    "ANYTHING",
    "Named",
    "NamedKey",
    "is_configuration",
    "named_keys",
    "nodes_of",
    "search",
    "speaks_of_keys",
]

ANYTHING: Final = "*"
"""The pattern of a key of which nothing is known."""

_Access: TypeAlias = Literal["read", "write"]

_CONFIGURATIONS: Final = frozenset({"config", "conf", "CONF"})
_READERS: Final = frozenset({"get", "has_key", "pop"})
_EVERY: Final = frozenset({"items", "keys", "iteritems", "iterkeys"})
_COPIES: Final = frozenset({"list", "sorted", "tuple", "set", "dict", "iter"})
_SPOKEN: Final = (
    # Apart, and each beginning with plain letters, which the search then jumps to.
    re.compile(r"conf(?<=\bconf)(?:ig)?\b"),
    re.compile(r"CONF(?<=\bCONF)\b"),
)
_BINDING: Final = frozenset({syntax.Assign, syntax.For, syntax.Clause})
_TESTING: Final = frozenset({syntax.Call, syntax.Compare})
_CHANGING: Final = frozenset({syntax.Assign, syntax.Delete, syntax.AugmentedAssign})
_ASKING: Final = frozenset({syntax.Subscript, syntax.Call, syntax.Compare})
_TELLING: Final = _BINDING | _TESTING | _CHANGING | _ASKING
_TESTS: Final = {"startswith": "{}*", "endswith": "*{}", "find": "*{}*", "index": "*{}*"}
_DEPTH: Final = 6
_MOST_LOOKS: Final = 2_000
_MOST_KEYS: Final = 200
_CONVERSION: Final = re.compile(r"%(?:\(\w+\))?[#0\- +]*\d*[diouxXeEfFgGcrs]")
_FIELD: Final = re.compile(r"\{[^{}]*\}")


class NamedKey(msgspec.Struct, frozen=True):
    """A key, what is done with it, and the node that does so."""

    key: str
    access: _Access
    node: Node
    default: Expression | None = None


def is_configuration(value: Expression) -> bool:
    """Return whether an expression looks like the configuration, as ``controller.CONF`` does."""
    if isinstance(value, syntax.Name):
        return value.id in _CONFIGURATIONS
    return isinstance(value, syntax.Attribute) and value.name == "CONF"


def speaks_of_keys(source: str) -> bool:
    """Return whether the configuration is spoken of in a source, without reading it."""
    return any(word.search(source) for word in _SPOKEN)


def nodes_of(kinds: frozenset[type], nodes: Iterable[Node]) -> list[Node]:
    """Return the nodes of some kinds, those given and those inside them, in source order."""
    found: list[Node] = []
    waiting: list[Any] = [*nodes][::-1]
    while waiting:
        one = waiting.pop()
        kind = type(one)
        if kind is tuple:
            waiting.extend(one[::-1])
        elif kind is Block:
            waiting.extend(one.statements[::-1])
        else:
            if kind in kinds:
                found.append(one)
            fields = _FIELDS.get(kind)
            if fields is None:
                fields = _FIELDS[kind] = _holding(kind)
            if fields:
                waiting.extend([getattr(one, name) for name in fields])
    return found


def _holding(kind: type) -> tuple[str, ...]:
    """Return the fields of a kind of node that can hold others, from the last to the first."""
    written = kind.__annotations__.items() if issubclass(kind, Node) else ()
    return tuple(name for name, told in written if told not in _PLAIN)[::-1]


_FIELDS: Final[dict[type, tuple[str, ...]]] = {}
"""What `_holding` returns, for each kind of node and of plain value that was met."""

_PLAIN: Final = frozenset({"Any", "bool", "str", "tuple[str, ...]"})
"""Annotations of fields that hold no node."""


class Named(msgspec.Struct, frozen=True):
    """What a piece of code names: keys, and the functions that it calls, in source order."""

    keys: tuple[NamedKey, ...]
    called: tuple[Expression, ...]


def search(statements: Iterable[Node]) -> Named:
    """Return what statements name."""
    nodes = nodes_of(_TELLING, statements)
    called = tuple(node.function for node in nodes if isinstance(node, syntax.Call))
    return Named(tuple(_Finder(nodes).find()), called)


def named_keys(statements: Iterable[Node]) -> tuple[NamedKey, ...]:
    """Return the keys that statements name."""
    return search(statements).keys


class _Finder:
    """One look through the nodes of a function: what its names hold, then what it asks for."""

    def __init__(self, nodes: list[Node]) -> None:
        self.nodes = nodes
        self.looks = 0
        self.bound: dict[str, list[tuple[int, Expression]]] = {}
        self.here = 0
        self.over_all: dict[str, Node] = {}
        self.tested: dict[str, list[str]] = {}
        for place, node in enumerate(nodes):
            kind = type(node)
            if kind in _BINDING:
                self.here = place
                self._bind(node)
            elif kind in _TESTING:
                self.here = place
                self._test(node)

    # What names hold

    def _bind(self, node: Node) -> None:
        match node:
            case syntax.Assign(targets=targets, value=value):
                for target in targets:
                    self._bind_target(target, value)
            case syntax.For(target=target, iterable=value):
                self._bind_loop(target, value)
            case syntax.Clause(target=target, value=value) if target is not None:
                self._bind_loop(target, value)
            case _:
                pass

    def _bind_target(self, target: Expression, value: Expression) -> None:
        if isinstance(target, syntax.Name):
            self.bound.setdefault(target.id, []).append((self.here, value))
        elif isinstance(target, syntax.Display) and isinstance(value, syntax.Display):
            for one, member in zip(target.members, value.members, strict=False):
                self._bind_target(one, member)

    def _bind_loop(self, target: Expression, value: Expression) -> None:
        if self._is_every_key(value):
            first = target.members[0] if isinstance(target, syntax.Display) else target
            if isinstance(first, syntax.Name):
                self.over_all[first.id] = value
            return
        self.looks = _MOST_LOOKS
        for member in self._members(value, _DEPTH):
            self._bind_target(target, member)

    def _is_every_key(self, value: Expression) -> bool:
        if isinstance(value, syntax.Call) and isinstance(value.function, syntax.Attribute):
            asked = value.function.value
            if len(value.arguments) == 1:  # six.iteritems(config)
                asked = value.arguments[0].value
            return value.function.name in _EVERY and is_configuration(asked)
        if isinstance(value, syntax.Call) and isinstance(value.function, syntax.Name):
            copied = value.function.id in _COPIES and len(value.arguments) == 1
            return copied and self._is_every_key(value.arguments[0].value)
        return is_configuration(value)

    def _members(self, value: Expression, depth: int) -> Iterator[Expression]:
        self.looks -= 1
        if self.looks < 0:
            return
        if isinstance(value, syntax.Display):
            yield from value.members
        elif isinstance(value, syntax.Name) and depth:
            for one in self._values(value.id):
                yield from self._members(one, depth - 1)
        elif isinstance(value, syntax.Comprehension) and depth:
            yield from self._members(value.clauses[0].value, depth - 1)

    def _values(self, name: str) -> list[Expression]:
        """Return what a name may hold at the current place: earlier values, else any."""
        bound = self.bound.get(name, [])
        before = bound[: bisect_left(bound, self.here, key=itemgetter(0))]
        return [value for _, value in before or bound]

    def _test(self, node: Node) -> None:
        """Record a test of a text: ``key.endswith("_HOST")``."""
        match node:
            case syntax.Call(
                function=syntax.Attribute(value=value, name=name), arguments=(argument, *_)
            ) if name in _TESTS:
                for text in self._texts(argument.value):
                    self._note_test(value, _TESTS[name].format(text))
            case syntax.Compare(left=syntax.Const(value=str() as text), links=((sign, value),)):
                if sign in {"in", "not in"} and not is_configuration(value):
                    self._note_test(value, f"*{text}*")
            case _:
                pass

    def _note_test(self, value: Expression, pattern: str) -> None:
        if isinstance(value, syntax.Name):
            self.tested.setdefault(value.id, []).append(pattern)

    def _texts(self, value: Expression) -> list[str]:
        if isinstance(value, syntax.Const) and isinstance(value.value, str):
            return [value.value]
        if isinstance(value, syntax.Display):
            return [text for member in value.members for text in self._texts(member)]
        return []

    # What is asked for

    def find(self) -> Iterator[NamedKey]:
        changing = [node for node in self.nodes if type(node) in _CHANGING]
        written = {id(target) for node in changing for target in _written(node)}
        also_read = {id(node.target) for node in changing if type(node) is syntax.AugmentedAssign}
        for place, node in enumerate(self.nodes):
            if type(node) not in _ASKING:
                continue
            self.here = place
            if isinstance(node, syntax.Subscript) and is_configuration(node.value):
                keys = self.keys(node.index)
                if id(node) not in written or id(node) in also_read:
                    yield from (NamedKey(key, "read", node) for key in keys)
                if id(node) in written:
                    yield from (NamedKey(key, "write", node) for key in keys)
            elif isinstance(node, syntax.Call):
                yield from self._asked(node)
            elif isinstance(node, syntax.Compare):
                yield from self._compared(node)
        for name, node in self.over_all.items():
            for pattern in dict.fromkeys(self.tested.get(name, ())):
                yield NamedKey(pattern, "read", node)

    def _asked(self, node: syntax.Call) -> Iterator[NamedKey]:
        function = node.function
        if not isinstance(function, syntax.Attribute) or not is_configuration(function.value):
            return
        arguments = [argument.value for argument in node.arguments if not argument.name]
        default = arguments[1] if len(arguments) > 1 else None
        if function.name in _READERS and arguments:
            yield from (NamedKey(k, "read", node, default) for k in self.keys(arguments[0]))
        elif function.name == "setdefault" and arguments:
            for key in self.keys(arguments[0]):
                yield NamedKey(key, "read", node, default)
                yield NamedKey(key, "write", node)
        elif function.name == "update":
            yield from self._updated(node)

    def _compared(self, node: syntax.Compare) -> Iterator[NamedKey]:
        sign, right = node.links[0]
        if sign in {"in", "not in"} and is_configuration(right):
            yield from (NamedKey(key, "read", node) for key in self.keys(node.left))

    def _updated(self, node: syntax.Call) -> Iterator[NamedKey]:
        for argument in node.arguments:
            if argument.name and not argument.name.startswith("*"):
                yield NamedKey(argument.name, "write", node)
            elif isinstance(argument.value, syntax.DictDisplay):
                for key, _ in argument.value.pairs:
                    keys = [ANYTHING] if key is None else self.keys(key)
                    yield from (NamedKey(one, "write", node) for one in keys)
            else:
                yield NamedKey(ANYTHING, "write", node)

    def keys(self, index: Expression, depth: int = _DEPTH) -> list[str]:
        """Return what a key can be, ``*`` for what is not known, or takes long to find."""
        self.looks = _MOST_LOOKS
        try:
            found = [_tidy(text) for text in self._patterns(index, depth)]
        except RecursionError:
            return [ANYTHING]
        return list(dict.fromkeys(found)) if self.looks >= 0 else [ANYTHING]

    def _patterns(self, index: Expression, depth: int) -> list[str]:
        self.looks -= 1
        if self.looks < 0:
            return [ANYTHING]
        match index:
            case syntax.Const(value=str() as text):
                return [text]
            case syntax.Binary(operator="%", left=left):
                return [_percent(text) for text in self._patterns(left, depth)]
            case syntax.Binary(operator="+", left=left, right=right):
                firsts, seconds = self._patterns(left, depth), self._patterns(right, depth)
                if len(firsts) * len(seconds) > _MOST_KEYS:
                    return [ANYTHING]
                return [one + other for one in firsts for other in seconds]
            case syntax.Formatted(parts=parts):
                return ["".join(part if isinstance(part, str) else ANYTHING for part in parts)]
            case syntax.Call(function=syntax.Attribute(value=value, name="format")):
                return [_braces(text) for text in self._patterns(value, depth)]
            case syntax.Conditional(body=body, orelse=orelse):
                return [*self._patterns(body, depth), *self._patterns(orelse, depth)]
            case syntax.Name(id=name) if depth:
                return self._named(name, depth)
            case _:
                return [ANYTHING]

    def _named(self, name: str, depth: int) -> list[str]:
        values = self._values(name)
        if len(values) > _MOST_KEYS:
            return [ANYTHING]
        found = [t for value in values for t in self._patterns(value, depth - 1)]
        if name in self.over_all:
            found += self.tested.get(name) or [ANYTHING]
        known = [text for text in found if text != ANYTHING]
        return known or [ANYTHING]


def _written(node: Node) -> Iterator[Node]:
    match node:
        case syntax.Assign(targets=targets) | syntax.Delete(targets=targets):
            for target in targets:
                yield from target.members if isinstance(target, syntax.Display) else (target,)
        case syntax.AugmentedAssign(target=target):
            yield target
        case _:
            return


def _percent(text: str) -> str:
    return _CONVERSION.sub(ANYTHING, text).replace("%%", "%")


def _braces(text: str) -> str:
    return _FIELD.sub(ANYTHING, text)


def _tidy(text: str) -> str:
    while "**" in text:
        text = text.replace("**", ANYTHING)
    return text
