"""What Python 2 has and Python 3 has not, or not like that: functions by their dotted names."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from itertools import zip_longest
from typing import Any, Final

from plugindoc.evaluation.limits import Unfit
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.conversion import listed, plain
from plugindoc.evaluation.operations.ordering import order
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Arguments,
    Object,
    Value,
    is_settled,
)
from plugindoc.reading.syntax import Node

__all__ = ["PYTHON2", "float_text", "source_of"]

_Call = Callable[["Machine", Arguments, Node], Value]

_OF_TEXTS: Final = (
    "capitalize center count expandtabs find index ljust lower lstrip replace rfind rjust rstrip "
    "split splitlines strip swapcase upper zfill"
)


def _method(name: str) -> _Call:
    """Return ``string.name``, whose first argument is the text."""

    def call(machine: Machine, arguments: Arguments, node: Node) -> Value:
        if not arguments.positional:
            return UNSUPPORTED
        text, *rest = arguments.positional
        given = Arguments(rest, arguments.named)
        return machine.each(text, lambda one: machine.call_method(one, name, given, node))

    return call


def _join(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Return ``string.join(words, separator)``."""
    words = arguments.get(0, "words", ABSENT)
    separator = arguments.get(1, "sep", " ")
    given = Arguments([words], {})
    return machine.each(separator, lambda one: machine.call_method(one, "join", given, node))


def _map(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Return ``map(None, …)``: the lists side by side, the shorter ones filled up."""
    function, *values = arguments.positional
    if function is not None or not values:
        return UNSUPPORTED
    lists = [listed(machine, machine.narrow(value), node) for value in values]
    if not all(map(is_settled, lists)):
        raise Unfit
    found = lists[0] if len(lists) == 1 else [tuple(row) for row in zip_longest(*lists)]
    return machine.new("list", list(found), node)


def _apply(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Return ``apply(function, arguments)``."""
    if len(arguments.positional) == 1:
        return machine.call(arguments.positional[0], [], node)
    function, values, *rest = arguments.positional
    named = plain_names(machine, rest[0]) if rest else {}
    positional = listed(machine, machine.narrow(values), node)
    return machine.call_with(function, Arguments(positional, named), node)


def plain_names(machine: Machine, value: Value) -> dict[str, Value]:
    """Return a dict's values by their names; raises Unfit if they are not known."""
    value = machine.narrow(value)
    if not isinstance(value, Object) or value.kind != "dict":
        raise Unfit
    return dict(machine.heap.read(value))


def _cmp(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    one, other = (plain(machine, value) for value in arguments.positional)
    if one is ABSENT or other is ABSENT:
        return UNSUPPORTED
    try:
        return order(machine, one, other)
    except TypeError:
        raise Unfit from None


def _oct(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    value = plain(machine, arguments.get(0, "number", ABSENT))
    if not machine.python2 or not isinstance(value, int):
        return UNSUPPORTED
    return ("-" if value < 0 else "") + (f"0{abs(value):o}" if value else "0")


def _round(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    """Return a float, halves rounded away from zero."""
    value = plain(machine, arguments.get(0, "number", ABSENT))
    if not machine.python2:
        return UNSUPPORTED
    digits = arguments.get(1, "digits", 0)
    if not isinstance(value, int | float) or not isinstance(digits, int):
        raise Unfit
    if digits:
        return round(float(value), digits)
    return float(math.copysign(math.floor(abs(value) + 0.5), value))


def _coerced(machine: Machine, arguments: Arguments, node: Node) -> Value:  # noqa: ARG001 - the table's signature
    one, other = (plain(machine, value) for value in arguments.positional)
    if not isinstance(one, int | float) or not isinstance(other, int | float):
        raise Unfit
    return (
        (float(one), float(other))
        if isinstance(one, float) or isinstance(other, float)
        else (one, other)
    )


def _translation(machine: Machine, arguments: Arguments, node: Node) -> Value:
    """Return ``string.maketrans``."""
    before, after = (plain(machine, value) for value in arguments.positional)
    if not isinstance(before, str) or not isinstance(after, str):
        raise Unfit
    if len(before) != len(after):
        return machine.fail("ValueError", None, node)
    return machine.new("dict", dict(zip(map(ord, before), map(ord, after), strict=True)), node)


def float_text(value: float) -> str:
    """Return Python 2's ``str(value)``: twelve digits."""
    text = f"{value:.12g}"
    return text if any(c in text for c in ".ein") else f"{text}.0"


_UNICODE: Final = re.compile(r"""\b[uU][rR]?("|')(.*?)\1""")


def source_of(machine: Machine, data: Any) -> str:  # noqa: ANN401 - any data
    """Return ``repr(data)``; raises Unfit if it may be either of Python 2's two kinds of text."""
    if machine.python2:
        parsed = machine.frame.home.parsed
        if parsed is not None and _may_be_unicode(parsed.source, data):
            message = "a text of bytes or of characters"
            raise Unfit(message)
    return repr(data)


def _may_be_unicode(source: str, data: Any) -> bool:  # noqa: ANN401 - any data
    """Return whether a text may come from a literal of characters, of which a file has few."""
    texts = list(_texts(data))
    if "unicode" in source or not all(text.isascii() for text in texts):
        return True
    literals = [found[2] for found in _UNICODE.finditer(source)]
    return any(one in text for one in literals for text in texts)


def _texts(data: Any) -> Iterator[str]:  # noqa: ANN401 - any data
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        yield from _texts([*data, *data.values()])
    elif isinstance(data, list | tuple | set | frozenset):
        for one in data:
            yield from _texts(one)


PYTHON2: Final[dict[str, _Call]] = {
    **{f"string.{name}": _method(name) for name in _OF_TEXTS.split()},
    "string.join": _join,
    "string.joinfields": _join,
    "builtins.map": _map,
    "builtins.apply": _apply,
    "builtins.cmp": _cmp,
    "builtins.coerce": _coerced,
    "string.maketrans": _translation,
    "builtins.oct": _oct,
    "builtins.round": _round,
}
