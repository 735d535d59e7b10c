"""Methods of Python's own types, on what is known of them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from plugindoc.evaluation.limits import (
    CHARACTERS_A_STEP,
    MAX_TEXT,
    MEMBERS_A_STEP,
    Unfit,
    limit_reached,
)
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.conversion import from_plain, listed, plain
from plugindoc.evaluation.operations.havoc import let_change
from plugindoc.evaluation.python.containers import (
    ITERATOR_METHODS,
    LIST_METHODS,
    MOST_ARGUMENTS,
    NAMED,
)
from plugindoc.evaluation.python.formatting import as_text, brace, joined
from plugindoc.evaluation.python.library import decode, encode
from plugindoc.evaluation.python.mappings import DICT_METHODS, SET_METHODS
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Answer,
    Arguments,
    Choice,
    Joined,
    Maybe,
    Object,
    Pieces,
    Value,
    is_constant,
    is_settled,
)
from plugindoc.model.conditions import Compare, Parts
from plugindoc.reading.syntax import Node

__all__ = ["call_method"]

_TEXT_METHODS: Final = frozenset(
    {
        "capitalize",
        "casefold",
        "count",
        "decode",
        "encode",
        "hex",
        "endswith",
        "find",
        "format_map",
        "index",
        "isalnum",
        "isalpha",
        "isascii",
        "isdecimal",
        "isdigit",
        "isidentifier",
        "islower",
        "isnumeric",
        "isprintable",
        "isspace",
        "istitle",
        "isupper",
        "lower",
        "lstrip",
        "partition",
        "removeprefix",
        "removesuffix",
        "rfind",
        "rindex",
        "rpartition",
        "rsplit",
        "rstrip",
        "split",
        "splitlines",
        "startswith",
        "strip",
        "swapcase",
        "title",
        "upper",
    }
)
_GROWING: Final = frozenset({"center", "expandtabs", "ljust", "rjust", "zfill"})
_OTHER: Final[dict[type, frozenset[str]]] = {
    int: frozenset({"bit_length", "conjugate"}),
    float: frozenset({"is_integer", "hex"}),
    tuple: frozenset({"index", "count"}),
    frozenset: frozenset(
        {"difference", "intersection", "isdisjoint", "issubset", "issuperset", "union"}
    ),
}


def call_method(
    machine: Machine, receiver: Value, name: str, arguments: Arguments, node: Node
) -> Value:
    """Return what a method of a built-in type gives; UNSUPPORTED if that is not known."""
    if isinstance(receiver, Object):
        return _of_object(machine, receiver, name, arguments, node)
    return machine.each_of(
        arguments.positional,
        lambda given: _of_constant(machine, receiver, name, arguments.with_positional(given), node),
    )


def _of_constant(
    machine: Machine, receiver: Value, name: str, arguments: Arguments, node: Node
) -> Value:
    """Return what a method gives of a value that cannot be changed."""
    if isinstance(receiver, str | bytes):
        return _of_text(machine, receiver, name, arguments, node)
    if isinstance(receiver, Answer):
        return _of_answer(machine, receiver, name, arguments, node)
    if isinstance(receiver, Joined):
        return machine.unknown(node, "", receiver)
    if is_constant(receiver) and name in _OTHER.get(type(receiver), ()):
        return _carry_out(machine, receiver, name, arguments, node)
    machine.may_raise()
    return UNSUPPORTED


def _of_answer(
    machine: Machine, receiver: Answer, name: str, arguments: Arguments, node: Node
) -> Value:
    """Return what a method gives for each of the answers that the path leaves possible."""
    for part in machine.path:
        if type(part) is Compare and part.option == receiver.option and part.operator == "in":
            values = part.value if isinstance(part.value, list) else []
            if values and all(isinstance(one, str) for one in values) and not machine.outlined:
                branches = tuple((Compare(part.option, "==", one), one) for one in values)
                return machine.each(
                    Choice(branches), lambda one: call_method(machine, one, name, arguments, node)
                )
    if name != "split" or arguments.open or arguments.named or len(arguments.positional) > 1:
        return UNSUPPORTED
    separator = arguments.get(0, "sep", None)
    if separator is not None and (not isinstance(separator, str) or not separator):
        return UNSUPPORTED
    return Pieces(receiver.option, Parts(separator or ""))


_SHORT: Final = frozenset({"add", "append", "extend", "get", "setdefault", "update"})
"""Methods that take no longer the more members there are."""


def _of_object(
    machine: Machine, receiver: Object, name: str, arguments: Arguments, node: Node
) -> Value:
    tables: dict[str, dict[str, Callable[..., Value]]] = {
        "list": LIST_METHODS,
        "dict": DICT_METHODS,
        "set": SET_METHODS,
        "iterator": ITERATOR_METHODS,
    }
    method = tables.get(receiver.kind, {}).get(name)
    if method is None:
        return UNSUPPORTED
    given = len(arguments.positional)
    followed, most = MOST_ARGUMENTS.get(name, (given, given))
    if name == "sort" and machine.python2:
        followed = most
    if given > most:
        return machine.fail("TypeError", None, node)
    named = NAMED.get(name, frozenset())
    if arguments.open or given > followed or (named is not None and arguments.named.keys() - named):
        return UNSUPPORTED
    if name not in _SHORT:
        machine.steps -= len(machine.heap.read(receiver)) // MEMBERS_A_STEP
    try:
        return method(machine, receiver, arguments, node)
    except Unfit as reason:
        machine.may_raise()
        unknown = machine.unknown(node, reason.why, *arguments.positional)
        if name == "insert":  # the old members are still there, in an unknown place
            added = Maybe(machine.opaque(node, receiver), unknown)
            machine.heap.write(receiver)[:] = [added, *machine.heap.read(receiver), added]
        else:
            let_change(machine, [receiver, *arguments.positional, *arguments.named.values()], node)
        return unknown
    except IndexError:
        return machine.fail("TypeError", None, node)


def _of_text(
    machine: Machine, receiver: str | bytes, name: str, arguments: Arguments, node: Node
) -> Value:
    machine.steps -= len(receiver) // CHARACTERS_A_STEP
    if name == "format" and isinstance(receiver, str):
        return brace(machine, receiver, arguments, node)
    if name == "join" and isinstance(receiver, str) and arguments.positional:
        return _join(machine, receiver, arguments.positional[0], node)
    if name == "translate":
        return _translate(machine, receiver, arguments, node)
    if name == "replace":
        return _replace(machine, receiver, arguments, node)
    if name in _GROWING:
        size = arguments.positional[0] if arguments.positional else 8
        if isinstance(size, int) and size > MAX_TEXT:
            return machine.unknown(node, limit_reached(MAX_TEXT, "characters"))
        return _carry_out(machine, receiver, name, arguments, node)
    if name in _TEXT_METHODS:
        return _carry_out(machine, receiver, name, arguments, node)
    return UNSUPPORTED


def _carry_out(
    machine: Machine,
    receiver: Value,
    name: str,
    arguments: Arguments,
    node: Node,
) -> Value:
    given = [plain(machine, one) for one in arguments.positional]
    named = {key: plain(machine, one) for key, one in arguments.named.items()}
    if arguments.open or any(one is ABSENT for one in (*given, *named.values())):
        machine.may_raise()
        return machine.unknown(node, "", *arguments.positional, *arguments.named.values())
    if name in ("encode", "decode") and machine.python2:
        return _coded(machine, receiver, name, given, node)
    method = getattr(receiver, name, None)
    if method is None:
        return machine.fail("AttributeError", None, node)
    try:
        return from_plain(machine, method(*given, **named), node)
    except Unfit as reason:
        machine.may_raise()
        return machine.unknown(node, reason.why, receiver)
    except (TypeError, ValueError, LookupError) as error:
        return machine.fail(type(error).__name__, None, node)


def _coded(machine: Machine, text: Value, name: str, given: list[Value], node: Node) -> Value:
    """Return a text of Python 2 in another encoding, which only some encodings can."""
    codec = given[0] if given else "ascii"
    if not isinstance(text, str) or not isinstance(codec, str):
        return text
    try:
        return (encode if name == "encode" else decode)(text, codec)
    except Unfit:
        return machine.unknown(node, f"text in the code {codec}")
    except ValueError:
        return machine.fail("ValueError", None, node)


def _translate(machine: Machine, receiver: Value, arguments: Arguments, node: Node) -> Value:
    """Return ``translate``, with Python 2's second argument: what is left out."""
    given = [plain(machine, one) for one in arguments.positional]
    if not isinstance(receiver, str) or not given or any(one is ABSENT for one in given):
        return machine.unknown(node, "", *arguments.positional)
    table, left_out = given[0], given[1] if len(given) > 1 else ""
    if not isinstance(table, dict | None) or not isinstance(left_out, str):
        return machine.unknown(node, "", *arguments.positional)
    return receiver.translate(dict.fromkeys(map(ord, left_out))).translate(table or {})


def _replace(machine: Machine, receiver: str | bytes, arguments: Arguments, node: Node) -> Value:
    given = [plain(machine, one) for one in arguments.positional]
    if len(given) > 1 and isinstance(given[0], str) and isinstance(given[1], str):
        found = receiver.count(given[0]) if isinstance(receiver, str) else 0
        if len(receiver) + found * len(given[1]) > MAX_TEXT:
            return machine.unknown(node, limit_reached(MAX_TEXT, "characters"))
    return _carry_out(machine, receiver, "replace", arguments, node)


def _join(machine: Machine, separator: str, value: Value, node: Node) -> Value:
    value = machine.narrow(value)
    if type(value) is Choice:
        return machine.each(value, lambda one: _join(machine, separator, one, node))
    try:
        members = listed(machine, value, node)
    except Unfit as reason:
        machine.may_raise()
        return machine.unknown(node, reason.why, value)
    if not is_settled(members):
        return _join_uncertain(machine, separator, members, node)
    parts: list[Value] = []
    for member in members:
        if is_constant(member) and not isinstance(member, str):
            return machine.fail("TypeError", None, node)
        parts += [separator, member]
    known = [part for part in parts if isinstance(part, str)]
    if sum(map(len, known)) > MAX_TEXT:
        return machine.unknown(node, limit_reached(MAX_TEXT, "characters"))
    if len(known) == len(parts):
        return "".join(known[1:])
    texts = [one if type(one) is Choice else as_text(machine, one, node) for one in parts[1:]]
    return joined(machine, texts)


def _join_uncertain(machine: Machine, separator: str, members: list[Value], node: Node) -> Value:
    """Join for each way in which the members that depend on answers can be there."""
    index, one = next((i, member) for i, member in enumerate(members) if type(member) is Maybe)
    before, behind = members[:index], members[index + 1 :]
    if sum(type(member) is Maybe for member in members) > _MAX_UNCERTAIN:
        return machine.unknown(
            node, limit_reached(_MAX_UNCERTAIN, "members that depend on answers")
        )
    with_it = (*before, one.value, *behind)
    without = (*before, *behind)
    return machine.either(
        one.condition,
        lambda: _join_any(machine, separator, with_it, node),
        lambda: _join_any(machine, separator, without, node),
    )


_MAX_UNCERTAIN: Final = 4


def _join_any(machine: Machine, separator: str, members: tuple[Value, ...], node: Node) -> Value:
    if not is_settled(members):
        return _join_uncertain(machine, separator, list(members), node)
    return _join(machine, separator, members, node)
