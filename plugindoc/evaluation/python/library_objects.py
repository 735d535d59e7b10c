"""What stands for objects of Python's library: templates, partial functions, matches, paths."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from plugindoc.evaluation.limits import Unfit
from plugindoc.evaluation.operations.conversion import from_plain, plain
from plugindoc.evaluation.python.instances import Attributes, FieldDefault, Property, Record
from plugindoc.evaluation.python.library import effort, pattern
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    ClassValue,
    External,
    ModuleValue,
    Native,
    Object,
    Value,
)
from plugindoc.reading.syntax import Node

if TYPE_CHECKING:
    from plugindoc.evaluation.machine import Machine

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
        """Return what the function gives with these arguments behind the given ones."""
        positional = [*self.given.positional, *arguments.positional]
        named = {**self.given.named, **arguments.named}
        is_open = self.given.open or arguments.open
        return machine.call_with(self.function, Arguments(positional, named, is_open), node)

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the function itself."""
        return self.function if name == "func" else NotImplemented


class _Template(Native):
    """``string.Template``: a text with ``$name`` in it."""

    name = "template"

    def __init__(self, text: str) -> None:
        self.text = text

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the text."""
        return self.text if name == "template" else NotImplemented

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Return the text with values filled in; what is not there stays or fails."""
        if name not in ("substitute", "safe_substitute") or arguments.open:
            return NotImplemented
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
                parts.append(machine.item(values, key, node))
            else:
                return machine.fail("KeyError", key, node)
        return machine.joined([*parts, self.text[end:]], node)


class _Getter(Native):
    """``operator.itemgetter`` and ``attrgetter``."""

    name = "getter"

    def __init__(self, keys: list[Value], get: str) -> None:
        self.keys = keys
        self.get = get

    def call(self, machine: Machine, arguments: Arguments, node: Node) -> Value:
        """Return the member, or a tuple of members where there are several keys."""
        value = arguments.positional[0]
        found = [getattr(machine, self.get)(value, key, node) for key in self.keys]
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
        """Return groups and where they stand."""
        if name not in ("group", "groups", "groupdict", "start", "end", "span"):
            return NotImplemented
        given = [plain(machine, one) for one in arguments.positional]
        if any(one is ABSENT for one in given) or arguments.named:
            return NotImplemented
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
        return self.text if name == "pattern" else NotImplemented

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
        """Return what the function of ``re`` gives."""
        whole = Arguments([self.text, *arguments.positional], arguments.named, arguments.open)
        return machine.call_external(External(f"re.{name}"), whole, node)


class FilePath(Native):
    """A path as ``pathlib`` has it."""

    name = "path"

    def __init__(self, text: str) -> None:
        self.text = posixpath.normpath(text) if ".." not in text else text

    def joined(self, other: Value) -> Value:
        """Return the path of something below this one; None where that is not known."""
        text = other.text if isinstance(other, FilePath) else other
        return FilePath(posixpath.join(self.text, text)) if isinstance(text, str) else None

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return a part of the path."""
        base = posixpath.basename(self.text)
        stem, suffix = posixpath.splitext(base)
        known = {"name": base, "stem": stem, "suffix": suffix}
        if name == "parent":
            return FilePath(posixpath.dirname(self.text) or ".")
        return known.get(name, NotImplemented)

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return the path as a text, or one below it."""
        if name in ("as_posix", "__str__", "__fspath__"):
            return self.text
        if name == "joinpath":
            found: Value = self
            for one in arguments.positional:
                found = None if found is None else found.joined(one)
            return NotImplemented if found is None else found
        return NotImplemented


def _partial(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    function, *rest = arguments.positional
    return Partial(function, Arguments(rest, arguments.named))


def _template(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    text = machine.narrow(arguments.get(0, "template"))
    if not isinstance(text, str):
        raise Unfit
    return _Template(text)


def _getter(get: str) -> _Call:
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
    values = machine.members(defaults, node) if defaults is not None else ()
    if not isinstance(title, str) or not isinstance(fields, list | tuple) or values is None:
        raise Unfit
    return Record(title, tuple(fields), tuple(values))


def _property(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    return Property(arguments.get(0, "fget", None), arguments.get(1, "fset", None))


def _field(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    named = arguments.named
    return FieldDefault(
        named.get("default", ABSENT), named.get("default_factory", named.get("factory", ABSENT))
    )


def _as_dict(machine: Machine, arguments: Arguments, node: Node) -> Value:
    value = machine.narrow(arguments.positional[0])
    if not isinstance(value, Object) or value.kind != "instance":
        raise Unfit
    return machine.new("dict", dict(machine.heap.read(value)), node)


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
    "functools.partial": _partial,
    "operator.attrgetter": _getter("attribute"),
    "operator.itemgetter": _getter("item"),
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
