"""Texts that are put together: ``%``, ``.format``, f-strings; holes for what is not known."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from plugindoc.evaluation.limits import MAX_TEXT, Unfit, limit_reached
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.attributes import read_attribute
from plugindoc.evaluation.operations.classes import row_of, special
from plugindoc.evaluation.operations.conversion import join_text, plain
from plugindoc.evaluation.operations.items import get_item
from plugindoc.evaluation.python.python2 import float_text, source_of
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Answer,
    Arguments,
    Choice,
    Joined,
    Object,
    Truth,
    Unknown,
    Value,
    is_constant,
)
from plugindoc.model.conditions import negate
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Field, Node

__all__ = ["as_source", "as_text", "brace", "format_field", "joined", "joined_texts", "percent"]

_PERCENT: Final = re.compile(
    r"%(?:\((?P<key>[^)]{0,200})\))?(?P<flags>[#0\- +]*+)(?P<width>\*|\d++)?"
    r"(?:\.(?P<precision>\*|\d++))?[hlL]?(?P<type>[a-zA-Z%])"
)
_MAX_WIDTH: Final = 1000


def percent(machine: Machine, template: Value, values: Value, node: Node) -> Value:
    """Return ``template % values``."""
    values = machine.narrow(values)
    if type(values) is Choice:
        return machine.each(values, lambda one: percent(machine, template, one, node))
    if not isinstance(template, str):
        return machine.unknown(node, "", template, values)
    values = row_of(machine, values) or values
    key = _uncertain_key(machine, template, values)
    if key is not None and isinstance(values, Object):
        return _percent_each(machine, template, values, key, node)
    if isinstance(values, tuple) and any(type(one) is Choice for one in values):
        return machine.each_of(values, lambda row: percent(machine, template, tuple(row), node))
    given: list[Value] = list(values) if isinstance(values, tuple) else [values]
    try:
        return _fill(machine, template, values, given, node)
    except Unfit as reason:
        machine.may_raise()
        return machine.unknown(node, reason.why, values)
    except (TypeError, ValueError, KeyError, OverflowError) as error:
        return machine.fail(type(error).__name__, None, node)


def _uncertain_key(machine: Machine, template: str, values: Value) -> str | None:
    """Return a key that the template uses and whose value depends on the path."""
    if not isinstance(values, Object) or values.kind != "dict":
        return None
    content = machine.heap.read(values)
    for spec in _PERCENT.finditer(template):
        if type(content.get(spec["key"])) is Choice:
            return spec["key"]
    return None


def _percent_each(machine: Machine, template: str, values: Object, key: str, node: Node) -> Value:
    """Fill a template in for each alternative of the value at a key."""
    content = machine.heap.read(values)

    def fill(one: Value) -> Value:
        filled = Object("dict", {**content, key: one}, values.node, values.module)
        return percent(machine, template, machine.heap.new(filled), node)

    return machine.each(content[key], fill)


def _fill(machine: Machine, template: str, values: Value, given: list[Value], node: Node) -> Value:
    found: list[Value] = []
    end = used = 0
    for spec in _PERCENT.finditer(template):
        literal = template[end : spec.start()]
        if "%" in literal:
            raise ValueError(template)
        found.append(literal)
        end = spec.end()
        if spec["type"] == "%":
            found.append("%")
        elif spec["key"] is not None:
            value = _by_key(machine, values, spec["key"], node)
            found.append(_one(machine, spec, value, _operand(node, spec["key"])))
        else:
            if "*" in (spec["width"], spec["precision"]):
                return _with_widths(machine, template, given, node)
            if used >= len(given):
                if isinstance(values, tuple) or used:
                    raise TypeError(template)
                raise Unfit
            found.append(_one(machine, spec, given[used], _operand(node, used)))
            used += 1
    rest = template[end:]
    if "%" in rest:
        raise ValueError(template)
    if not used and isinstance(values, Object) and values.kind == "instance":
        raise Unfit
    if used < len(given) and (isinstance(values, tuple) or (not used and _is_alone(values))):
        raise TypeError(template)
    return _bounded([*found, rest])


def _is_alone(values: Value) -> bool:
    """Return whether a value has no members that a template could name."""
    return isinstance(values, str | int | float | None)


def _operand(node: Node, place: int | str) -> Node:
    """Return the expression that fills a field, if it is written out behind the ``%``."""
    right = node.right if isinstance(node, syntax.Binary) else None
    if isinstance(right, syntax.DictDisplay):
        for key, value in right.pairs:
            if isinstance(key, syntax.Const) and key.value == place:
                return value
    if isinstance(right, syntax.Display) and right.kind == "tuple" and isinstance(place, int):
        return right.members[place] if place < len(right.members) else node
    return right if place == 0 and right is not None else node


def _with_widths(machine: Machine, template: str, given: list[Value], node: Node) -> Value:
    """Fill a template after the widths that it takes from the values were put into it."""
    found, rest = "", list(given)
    kept: list[Value] = []
    end = 0
    for spec in _PERCENT.finditer(template):
        text = spec[0]
        while "*" in text:
            width = rest.pop(0) if rest else None
            if not isinstance(width, int):
                message = "a width that is computed"
                raise Unfit(message)
            text = text.replace("*", str(width), 1)
        found += template[end : spec.start()] + text
        end = spec.end()
        if spec["type"] != "%":
            kept += rest[:1]
            rest = rest[1:]
    values = [*kept, *rest]
    return _fill(machine, found + template[end:], tuple(values), values, node)


def _bounded(parts: list[Value]) -> Value:
    if sum(len(part) for part in parts if isinstance(part, str)) > MAX_TEXT:
        raise Unfit(limit_reached(MAX_TEXT, "characters"))
    return join_text(parts)


def _by_key(machine: Machine, values: Value, key: str, node: Node) -> Value:
    if isinstance(values, Object) and values.kind == "dict":
        content: dict[str, Value] = machine.heap.read(values)
        return content[key]
    found: Value = UNSUPPORTED
    item = getattr(values, "item", None)
    if callable(item):
        found = item(machine, key, node)
    if found is UNSUPPORTED:
        raise Unfit
    return found


def _one(machine: Machine, spec: re.Match[str], value: Value, node: Node) -> Value:
    plain_spec = not spec["flags"] and not spec["width"] and not spec["precision"]
    if spec["type"] in "sr" and _spoken(machine, value):
        value = (as_text if spec["type"] == "s" else as_source)(machine, value, node)
        if plain_spec:
            return value
        spec = (
            _PERCENT.match("%" + spec["flags"] + (spec["width"] or "") + _fraction(spec) + "s")
            or spec
        )
    data = plain(machine, value)
    if data is not ABSENT and not _has_set(data):
        if int(spec["width"] or 0) > _MAX_WIDTH or int(spec["precision"] or 0) > _MAX_WIDTH:
            raise Unfit(limit_reached(_MAX_WIDTH, "characters of width"))
        wanted = "%" + spec["flags"] + (spec["width"] or "")
        wanted += _fraction(spec)
        return (wanted + spec["type"]) % (data,)
    if isinstance(value, Joined | Answer | Unknown) and plain_spec:
        return value
    if isinstance(value, Truth) and plain_spec:
        message = "depends on answers"
        raise Unfit(message)
    return machine.unknown(node, "", value)


def _fraction(spec: re.Match[str]) -> str:
    return f".{spec['precision']}" if spec["precision"] else ""


def _spoken(machine: Machine, value: Value) -> bool:
    """Return whether a value's text is more than what Python 3's own data gives."""
    if isinstance(value, Native) or (isinstance(value, Object) and value.kind == "instance"):
        return True
    known = isinstance(value, str | int | Unknown | Joined | Answer | Truth)
    return not known and machine.python2


def as_source(machine: Machine, value: Value, node: Node) -> Value:
    """Return ``repr(value)``."""
    made = special(machine, value, "__repr__", [], node)
    if made is not ABSENT:
        return made
    if isinstance(value, Truth):
        return as_text(machine, value, node)
    data = plain(machine, value)
    if data is not ABSENT and not _has_set(data):
        try:
            return source_of(machine, data)
        except Unfit as reason:
            return machine.unknown(node, reason.why)
    name, given = _error_of(machine, value)
    inner = as_source(machine, given, node) if given else "()"
    if not name or not isinstance(inner, str):
        return machine.unknown(node, "", value)
    return f"{name}{inner.removesuffix(',)')}{')' if inner.endswith(',)') else ''}"


def _error_of(machine: Machine, value: Value) -> tuple[str, Any]:
    """Return an error's class and arguments; "" if it is none, or they are not known."""
    if not isinstance(value, Object) or value.kind != "instance":
        return "", ()
    name = getattr(value.owner, "name", "").rpartition(".")[2]
    given = machine.heap.read(value).get("args")
    return (name, given) if isinstance(given, tuple) else ("", ())


def _text_of_instance(machine: Machine, value: Object, node: Node) -> Value:
    """Return what ``__str__`` or ``__repr__`` gives, or an error's message."""
    for name in ("__str__", "__repr__"):
        made = special(machine, value, name, [], node)
        if made is not ABSENT:
            return made
    name, given = _error_of(machine, value)
    if not name:
        return machine.unknown(node, "", value)
    if not given:
        return ""
    if len(given) > 1:
        if name in ("OSError", "IOError", "EnvironmentError"):
            return machine.unknown(node, "", value)
        return as_source(machine, given, node)
    return as_source(machine, given[0], node) if name == "KeyError" else given[0]


def as_text(machine: Machine, value: Value, node: Node) -> Value:
    """Return ``str(value)``."""
    if isinstance(value, str | Joined | Unknown | Answer):
        return value
    if isinstance(value, Object) and value.kind == "instance":
        made = _text_of_instance(machine, value, node)
        return as_text(machine, made, node) if is_constant(made) else made
    if isinstance(value, Native) and isinstance(getattr(value, "text", None), str):
        made = value.method(machine, "__str__", Arguments([], {}), node)
        return machine.unknown(node, "", value) if made is UNSUPPORTED else made
    if isinstance(value, Truth):
        return Choice(((value.condition, "True"), (negate(value.condition), "False")))
    data = plain(machine, value)
    if data is ABSENT or _has_set(data):
        return machine.unknown(node, "", value)
    try:
        text = _text_of(machine, data)
    except Unfit as reason:
        return machine.unknown(node, reason.why)
    if len(text) > MAX_TEXT:
        return machine.unknown(node, limit_reached(MAX_TEXT, "characters"))
    return text


def _has_set(data: Any) -> bool:  # noqa: ANN401 - any data
    """Return whether a text of data depends on the order of a set, which differs between runs."""
    if isinstance(data, frozenset):
        return len(data) > 1
    if isinstance(data, dict):
        return any(map(_has_set, data)) or any(map(_has_set, data.values()))
    return isinstance(data, list | tuple) and any(map(_has_set, data))


def _text_of(machine: Machine, data: Any) -> str:  # noqa: ANN401 - any data
    if not machine.python2:
        return str(data)
    if isinstance(data, bytes):
        return data.decode("utf-8", "replace")
    if isinstance(data, float):
        return float_text(data)
    return source_of(machine, data) if isinstance(data, list | dict | tuple | set) else str(data)


_CONVERSIONS: Final[dict[str, Callable[[Any], Any]]] = {
    "": lambda data: data,
    "r": repr,
    "s": str,
    "a": ascii,
}


def format_field(machine: Machine, field: Field) -> Value:
    """Return what a replacement field of an f-string gives."""
    value = machine.narrow(machine.evaluate(field.value))
    spec = [part if isinstance(part, str) else format_field(machine, part) for part in field.spec]
    return machine.each(
        value, lambda one: _format_one(machine, one, field.conversion, join_text(spec), field.value)
    )


def _format_one(machine: Machine, value: Value, conversion: str, spec: Value, node: Node) -> Value:
    data = plain(machine, value)
    if _spoken(machine, value) and conversion in ("", "s", "r"):
        value = (as_source if conversion == "r" else as_text)(machine, value, node)
        data, conversion = plain(machine, value), ""
    if data is ABSENT or not isinstance(spec, str) or _has_set(data):
        bare = conversion in ("", "s") and spec == ""
        if bare and isinstance(value, Joined | Answer | Unknown):
            return value
        if bare and isinstance(value, Truth):
            return as_text(machine, value, node)
        return machine.unknown(node, "", value, spec)
    if any(int(width) > _MAX_WIDTH for width in re.findall(r"\d+", spec)):
        return machine.unknown(node, limit_reached(_MAX_WIDTH, "characters of width"))
    try:
        return format(_CONVERSIONS[conversion](data), spec)
    except Unfit as reason:
        return machine.unknown(node, reason.why, value)
    except (ValueError, TypeError, KeyError) as error:
        return machine.fail(type(error).__name__, None, node)


_BRACE: Final = re.compile(
    r"\{\{|\}\}|\{([^{}!:]*)(?:!([rsa]))?(?::((?:[^{}]|\{[^{}]*\})*))?\}|[{}]"
)
_PATH: Final = re.compile(r"\.(\w+)|\[([^\]]+)\]")


def brace(machine: Machine, template: str, arguments: Arguments, node: Node) -> Value:
    """Return ``template.format(...)``."""
    found: list[Value] = []
    end = automatic = 0
    for spec in _BRACE.finditer(template):
        found.append(template[end : spec.start()])
        end = spec.end()
        whole = spec.group()
        if whole in ("{{", "}}"):
            found.append(whole[0])
            continue
        if len(whole) == 1:
            return machine.fail("ValueError", None, node)
        name, conversion, width = spec.group(1), spec.group(2) or "", spec.group(3) or ""
        first = re.match(r"[^.\[]*", name).group()  # type: ignore[union-attr] # always matches
        if not first:
            first, name, automatic = str(automatic), f"{automatic}{name}", automatic + 1
        if "{" in width:
            width, automatic = _nested(machine, width, automatic, arguments, node)
        value = _argument(machine, first, arguments, node)
        for member, key in _PATH.findall(name[len(first) :]):
            value = _member(machine, value, member, key, node)
        place = int(first) if first.isdigit() else len(arguments.nodes)
        named = name == first and place < len(arguments.nodes)
        operand = arguments.nodes[place] if named else node
        found.append(_format_one(machine, value, conversion, width, operand))
    found.append(template[end:])
    return joined(machine, found)


def _nested(
    machine: Machine, width: str, automatic: int, arguments: Arguments, node: Node
) -> tuple[Value, int]:
    """Return a format whose own fields are filled in, and the number of the next argument."""
    numbered = re.split(r"(\{\})", width)
    for index, part in enumerate(numbered):
        if part == "{}":
            numbered[index], automatic = f"{{{automatic}}}", automatic + 1
    return brace(machine, "".join(numbered), arguments, node), automatic


def joined(machine: Machine, parts: list[Value]) -> Value:
    """Return the text that parts make, for each alternative that one of them has."""
    return machine.each_of(parts, join_text)


def joined_texts(machine: Machine, parts: list[Value], node: Node) -> Value:
    """Return the text that values make."""
    return joined(
        machine, [machine.each(one, lambda v: as_text(machine, v, node)) for one in parts]
    )


def _argument(machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:
    if name.isdigit():
        index = int(name)
        if index < len(arguments.positional):
            return arguments.positional[index]
    elif name in arguments.named:
        return arguments.named[name]
    if arguments.open:
        return machine.unknown(node, "the arguments are not known")
    return machine.fail("IndexError" if name.isdigit() else "KeyError", None, node)


def _member(machine: Machine, value: Value, name: str, key: str, node: Node) -> Value:
    if name:
        return read_attribute(machine, value, name, node)
    index: Any = int(key) if key.isdigit() else key
    return get_item(machine, value, index, node)
