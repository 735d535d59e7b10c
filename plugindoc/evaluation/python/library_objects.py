"""Substitutes for objects of Python's library: templates, partial functions, matches, paths."""

from __future__ import annotations

import re
from collections import namedtuple
from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Final

from plugindoc.evaluation.limits import Unfit
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.attributes import Attributes, read_attribute, set_attribute
from plugindoc.evaluation.operations.classes import class_member, class_of, fields_of
from plugindoc.evaluation.operations.conversion import from_plain, listed_or_none, plain
from plugindoc.evaluation.operations.items import get_item
from plugindoc.evaluation.operations.records import FieldDefault, Record
from plugindoc.evaluation.python.formatting import joined_texts
from plugindoc.evaluation.python.instances import Property
from plugindoc.evaluation.python.library import effort, pattern
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Arguments,
    Choice,
    ClassValue,
    External,
    Function,
    ModuleValue,
    Object,
    Value,
    is_constant,
    is_settled,
)
from plugindoc.reading.syntax import Node

__all__ = ["LIBRARY_OBJECTS", "FilePath", "Partial"]

_Call = Callable[["Machine", Arguments, Node], Value]
_HOLE: Final = re.compile(r"\$(?:(\$)|([_a-z][_a-z0-9]*)|\{([_a-z][_a-z0-9]*)\}|)", re.IGNORECASE)


class Partial(Native):
    """A function with some of its arguments given."""

    name = "partial"

    def __init__(self, function: Value, given: Arguments) -> None:
        self.function = function
        self.given = given

    def call(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        """Return what the function gives with these arguments after the given ones."""
        positional = [*self.given.positional, *arguments.positional]
        named = {**self.given.named, **arguments.named}
        is_open = self.given.open or arguments.open
        return machine.call_with(self.function, Arguments(positional, named, is_open), node)

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the function itself."""
        return self.function if name == "func" else UNSUPPORTED


class _Wraps(Native):
    """What ``functools.wraps`` gives: it names one function after another."""

    name = "wraps"

    def __init__(self, wrapped: Value) -> None:
        self.wrapped = wrapped

    def call(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        """Return the function, which has the other's name and docstring now."""
        function = arguments.get(0, "wrapper")
        if not isinstance(function, Function) or not isinstance(self.wrapped, Function):
            return UNSUPPORTED
        for name in ("__name__", "__doc__"):
            set_attribute(
                machine, function, name, read_attribute(machine, self.wrapped, name, node), node
            )
        return function


class _Cached(Native):
    """A function that ``functools.cache`` keeps the results of."""

    name = "cached"

    def __init__(self, function: Function) -> None:
        self.function = function
        self.results = Object("scope", {})

    def call(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        """Return what was found for these arguments before, else what the function gives now."""
        given = (*arguments.positional, *arguments.named.items())
        if arguments.open or not is_constant(given) or len(self.results.content) >= _CACHED:
            return UNSUPPORTED
        key = tuple((type(one), one) for one in given)
        known = machine.narrow(machine.heap.read(self.results).get(key, ABSENT))
        if known is ABSENT:
            known = machine.call_with(self.function, arguments, node)
            machine.heap.write(self.results)[key] = known
        return UNSUPPORTED if type(known) is Choice else known


_CACHED: Final = 100
"""Results that are kept at least, unless a function sets another number."""


def _cache(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    """Return ``functools.cache``, ``lru_cache``, or what ``lru_cache(…)`` gives."""
    function = arguments.get(0, "user_function", ABSENT)
    if isinstance(function, Function) and not machine.frame.class_path:
        return _Cached(function)
    if function is not ABSENT and function is not None:
        raise Unfit
    if arguments.named.get("maxsize", None) is not None:
        raise Unfit
    return External("functools.cache")


class _Template(Native):
    """``string.Template``: a text with ``$name`` in it."""

    name = "template"

    def __init__(self, text: str) -> None:
        self.text = text

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the text."""
        return self.text if name == "template" else UNSUPPORTED

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Return the text with values filled in; what is not there stays or fails."""
        if name not in ("substitute", "safe_substitute") or arguments.open:
            return UNSUPPORTED
        values = machine.new("dict", {}, node)
        machine.call_method(values, "update", arguments, node)
        content = machine.heap.read(values)
        parts: list[Value] = []
        end = 0
        for hole in _HOLE.finditer(self.text):
            parts.append(self.text[end : hole.start()])
            end = hole.end()
            key = hole[2] or hole[3]
            if hole[1] or (name == "safe_substitute" and key not in content):
                parts.append("$" if hole[1] else hole[0])
            elif key is None:
                return machine.fail("ValueError", None, node)
            elif key in content:
                parts.append(get_item(machine, values, key, node))
            else:
                return machine.fail("KeyError", key, node)
        return joined_texts(machine, [*parts, self.text[end:]], node)


class _Getter(Native):
    """``operator.itemgetter`` and ``attrgetter``."""

    name = "getter"

    def __init__(self, keys: list[Value], get: Callable[..., Value]) -> None:
        self.keys = keys
        self.get = get

    def call(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        """Return the member, or a tuple of members if there are several keys."""
        value = arguments.positional[0]
        found = [self.get(machine, value, key, node) for key in self.keys]
        return found[0] if len(found) == 1 else tuple(found)


class _Matched(Native):
    """What a pattern has found."""

    name = "match"

    def __init__(self, found: re.Match[str]) -> None:
        self.found = found

    def item(self, machine: Machine, key: Value, node: Node) -> Value:
        """Return a group."""
        return self.method(machine, "group", Arguments([key], {}), node)

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Return groups and their positions."""
        if name not in ("group", "groups", "groupdict", "start", "end", "span"):
            return UNSUPPORTED
        given = [plain(machine, one) for one in arguments.positional]
        if any(one is ABSENT for one in given) or arguments.named:
            return UNSUPPORTED
        try:
            return from_plain(machine, getattr(self.found, name)(*given), node)
        except (IndexError, TypeError) as error:
            return machine.fail(type(error).__name__, None, node)


class _Pattern(Native):
    """A compiled pattern."""

    name = "pattern"

    def __init__(self, text: str) -> None:
        self.text = text

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the pattern's text."""
        return self.text if name == "pattern" else UNSUPPORTED

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Return what the function of ``re`` gives."""
        whole = Arguments([self.text, *arguments.positional], arguments.named, arguments.open)
        return machine.call_external(External(f"re.{name}"), whole, node)


class FilePath(Native):
    """A path as ``pathlib`` has it."""

    name = "path"

    def __init__(self, text: str) -> None:
        self.path = PurePosixPath(text)

    @property
    def text(self) -> str:
        """The path as a text."""
        return str(self.path)

    def joined(self, other: Value) -> FilePath | None:
        """Return the path of something below this one; None if that is not known."""
        text = other.text if isinstance(other, FilePath) else other
        return FilePath(str(self.path / text)) if isinstance(text, str) else None

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:
        """Return a part of the path."""
        if name == "parent":
            return FilePath(str(self.path.parent))
        if name in _PARTS:
            return from_plain(machine, getattr(self.path, name), node)
        if callable(getattr(Path, name, None)):
            return UNSUPPORTED
        return machine.unknown(node, "a part of a path")

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Return the path as a text, or one below it."""
        if name in ("as_posix", "__str__", "__fspath__"):
            return self.text
        if name == "is_absolute":
            return self.path.is_absolute()
        if name in ("with_name", "with_suffix") and not arguments.named:
            return self._renamed(machine, name, arguments, node)
        if name == "joinpath":
            found: FilePath | None = self
            for one in arguments.positional:
                found = None if found is None else found.joined(one)
            return UNSUPPORTED if found is None else found
        return UNSUPPORTED

    def _renamed(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        given = [plain(machine, one) for one in arguments.positional]
        if len(given) != 1 or not isinstance(given[0], str):
            return UNSUPPORTED
        try:
            return FilePath(str(getattr(self.path, name)(given[0])))
        except ValueError:
            return machine.fail("ValueError", None, node)


_PARTS: Final = frozenset({"anchor", "name", "parts", "root", "stem", "suffix", "suffixes"})


def _partial(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    function, *rest = arguments.positional
    return Partial(function, Arguments(rest, arguments.named))


def _template(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    text = machine.narrow(arguments.get(0, "template"))
    if not isinstance(text, str):
        raise Unfit
    return _Template(text)


def _getter(get: Callable[..., Value]) -> _Call:
    def make(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
        return _Getter(list(arguments.positional), get)

    return make


def _found(how: str) -> _Call:
    """Return ``re.match`` or its like: a match or None."""

    def find(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
        given = [plain(machine, one) for one in arguments.positional]
        machine.steps -= effort(given)
        if len(given) != 2 or arguments.named:  # noqa: PLR2004 - without flags
            raise Unfit
        found = getattr(pattern(given[0], given[1]), how)(given[1])
        return None if found is None else _Matched(found)

    return find


def _compiled(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    if len(arguments.positional) != 1 or not isinstance(arguments.positional[0], str):
        raise Unfit
    return _Pattern(arguments.positional[0])


def _path(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    found = FilePath(".") if not arguments.positional else None
    for one in arguments.positional:
        text = one.text if isinstance(one, FilePath) else plain(machine, one)
        if not isinstance(text, str):
            raise Unfit
        found = FilePath(text) if found is None else found.joined(text)
    return found


def _namespace(machine: Machine, arguments: Arguments, node: Node) -> Value:
    found = machine.new("instance", dict(arguments.named), node)
    found.owner = External("types.SimpleNamespace")
    return found


def _record(machine: Machine, arguments: Arguments, node: Node) -> Value:
    title, fields = arguments.get(0, "typename"), plain(machine, arguments.get(1, "field_names"))
    if isinstance(fields, str):
        fields = fields.replace(",", " ").split()
    defaults = arguments.named.get("defaults", ())
    values = listed_or_none(machine, defaults, node) if defaults is not None else ()
    if not isinstance(title, str) or not isinstance(fields, list | tuple) or values is None:
        raise Unfit
    try:
        namedtuple(title, fields, defaults=values)  # noqa: PYI024 - it checks the names
    except (TypeError, ValueError) as error:
        return machine.fail(type(error).__name__, None, node)
    return Record(title, tuple(fields), tuple(values))


_ACCESS: Final = ("get", "set", "del")


def _property(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return Property(*(arguments.get(i, f"f{what}", None) for i, what in enumerate(_ACCESS)))


def _field(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    named = arguments.named
    return FieldDefault(
        named.get("default", ABSENT), named.get("default_factory", named.get("factory", ABSENT))
    )


def _as_dict(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value = machine.narrow(arguments.positional[0])
    if len(arguments.positional) > 1 or not isinstance(value, Object):
        raise Unfit
    if _data_class(machine, value) is None:
        raise Unfit
    return _plain_copy(machine, value, node)


def _data_class(machine: Machine, value: Object) -> ClassValue | None:
    """Return the data class that an object is an instance of; None for any other object."""
    kind = class_of(value) if value.kind == "instance" else None
    return kind if class_member(machine, kind, "__dataclass__") is True else None


def _plain_copy(machine: Machine, value: Value, node: Node) -> Value:
    """Return a copy in which all instances of data classes are dicts of their fields."""
    if isinstance(value, tuple):
        return tuple(_plain_copy(machine, one, node) for one in value)
    if not isinstance(value, Object):
        return value
    content = machine.heap.read(value)
    kind = _data_class(machine, value)
    if kind is not None:
        names = [name for name in fields_of(machine, kind) if name in content]
        made = {name: _plain_copy(machine, content[name], node) for name in names}
        return machine.new("dict", made, node)
    if value.kind == "list" and is_settled(content):
        return machine.new("list", [_plain_copy(machine, one, node) for one in content], node)
    if value.kind == "dict" and value.family is None:
        made = {key: _plain_copy(machine, one, node) for key, one in content.items()}
        return machine.new("dict", made, node)
    raise Unfit


def _names(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Return ``vars(value)``."""
    if not arguments.positional:
        scope = machine.frame.scopes[-1]
        return machine.new("dict", dict(machine.heap.read(scope)), node)
    value = machine.narrow(arguments.positional[0])
    if isinstance(value, Object) and value.kind == "instance":
        return Attributes(value)
    if isinstance(value, ClassValue | ModuleValue):
        return Attributes(value.scope)
    raise Unfit


def _globals(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return Attributes(machine.frame.home.scope)


LIBRARY_OBJECTS: Final[dict[str, _Call]] = {
    "attr.asdict": _as_dict,
    "attr.Factory": lambda machine, given, node: FieldDefault(ABSENT, given.positional[0]),  # noqa: ARG005 - the table's signature
    "attr.ib": _field,
    "builtins.globals": _globals,
    "builtins.property": _property,
    "builtins.vars": _names,
    "collections.namedtuple": _record,
    "dataclasses.asdict": _as_dict,
    "dataclasses.field": _field,
    "functools.cached_property": _property,
    "functools.cache": _cache,
    "functools.lru_cache": _cache,
    "functools.partial": _partial,
    "functools.wraps": lambda machine, given, node: _Wraps(given.positional[0]),  # noqa: ARG005 - the table's signature
    "operator.attrgetter": _getter(read_attribute),
    "operator.itemgetter": _getter(get_item),
    "pathlib.Path": _path,
    "pathlib.PurePath": _path,
    "pathlib.PurePosixPath": _path,
    "re.compile": _compiled,
    "re.fullmatch": _found("fullmatch"),
    "re.match": _found("match"),
    "re.search": _found("search"),
    "string.Template": _template,
    "types.SimpleNamespace": _namespace,
}
"""Functions and classes by their dotted names."""
