"""Comprehensions: their rounds, each under the conditions of its members and tests."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from plugindoc.evaluation.limits import MAX_MEMBERS, Stop, Unfit, limit_reached
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.comparison import truth
from plugindoc.evaluation.operations.conversion import listed, remaining, unordered
from plugindoc.evaluation.state.paths import condition_of, extend, relative
from plugindoc.evaluation.state.values import (
    Deferred,
    Object,
    Pieces,
    Value,
    guarded,
    is_key,
    member_if,
    set_content,
)
from plugindoc.evaluation.transfer.assignment import assign
from plugindoc.model.conditions import Condition, Parts
from plugindoc.reading import syntax
from plugindoc.reading.syntax import Node

__all__ = ["comprehension"]


def comprehension(machine: Machine, node: syntax.Comprehension) -> Value:
    """Return what a comprehension gives: a list, set, dict, or iterator."""
    if node.kind == "generator" and not machine.outlined:
        return _generator(machine, node)
    return _made(machine, node, None)


def _generator(machine: Machine, node: syntax.Comprehension) -> Value:
    """Return a generator: what it iterates over is found now, its members when requested."""
    first = machine.narrow(machine.evaluate(node.clauses[0].value))
    if not isinstance(first, Object | tuple | str | bytes | Native):
        return _made(machine, node, [first])
    frame, depth = machine.frame, len(machine.calls)

    def find() -> list[Value]:
        kept = machine.frame
        machine.frame = frame
        try:
            found = _made(machine, node, [first])
        finally:
            machine.frame = kept
            del machine.calls[max(depth, len(machine.calls)) :]
        return listed(machine, found, node)

    return machine.new("iterator", [Deferred(find, (first,), (node, frame.scopes))], node)


def _made(machine: Machine, node: syntax.Comprehension, first: list[Value] | None) -> Value:
    """Return what a comprehension gives; `first` holds what it iterates over, if that was found."""
    frame, path = machine.frame, machine.path
    if first is None:
        first = [machine.evaluate(node.clauses[0].value)]
    if node.kind != "list" or not machine.python2:  # where a list's names stay bound after it
        machine.enter(machine.heap.new(Object("scope", {})))
    found: list[tuple[Condition, Value]] = []
    try:
        _rounds(machine, node, node.clauses, path, found, first)
    except _OverPieces as over:
        return over.pieces
    except Unfit as reason:
        if machine.outlined:
            _sketch(machine, node)
        return machine.unknown(node, reason.why, *reason.values)
    finally:
        machine.frame, machine.path = frame, path
    members = [member_if(guard, value) for guard, value in found]
    if node.kind == "dict":
        return _dict_of(machine, members, node)
    if node.kind == "set":
        return machine.new("set", set_content(members), node)
    return machine.new("list", members, node)


def _sketch(machine: Machine, node: syntax.Comprehension) -> None:
    """Follow a comprehension over what is not known once, for what it does on the way."""
    try:
        for clause in node.clauses:
            value = machine.evaluate(clause.value)
            if clause.target is not None:
                member = machine.unknown(clause.target, "one of what is not known", value)
                assign(machine, clause.target, member, clause.value)
        machine.evaluate(node.element)
    except (Stop, Unfit):
        return


def _dict_of(machine: Machine, members: list[Value], node: Node) -> Value:
    content: dict[Any, Value] = {}
    for member in members:
        if not isinstance(member, tuple) or not is_key(member[0]):
            return machine.unknown(node, "a key is not known")
        content[member[0]] = member[1]
    return machine.new("dict", content, node)


class _OverPieces(Exception):  # noqa: N818 - the comprehension's value, found at once
    """The comprehension only trims the pieces of an option's answer."""

    def __init__(self, pieces: Pieces) -> None:
        super().__init__()
        self.pieces = pieces


def _rounds(
    machine: Machine,
    node: syntax.Comprehension,
    clauses: tuple[syntax.Clause, ...],
    base: tuple[Condition, ...],
    found: list[tuple[Condition, Value]],
    first: list[Value] | None = None,
) -> None:
    if not clauses:
        value = machine.evaluate(node.element)
        if node.value is not None:
            value = (value, machine.evaluate(node.value))
        found.append((condition_of(relative(machine.path, base)), value))
        if len(found) > MAX_MEMBERS:
            raise Unfit(limit_reached(MAX_MEMBERS, "members"))
        return
    clause, path = clauses[0], machine.path
    if clause.target is None:
        value = machine.evaluate(clause.value)
        further = extend(path, truth(machine, value, clause.value), machine.scale)
        if further is not None:
            machine.path = further
            _rounds(machine, node, clauses[1:], base, found)
        machine.path = path
        return
    value = machine.evaluate(clause.value) if first is None else first[0]
    for member in _members_of(machine, node, clause, machine.narrow(value)):
        machine.spend()
        guard, value = guarded(member)
        further = extend(path, guard, machine.scale)
        if further is not None:
            machine.path = further
            assign(machine, clause.target, value, clause)
            _rounds(machine, node, clauses[1:], base, found)
            machine.path = path


def _members_of(
    machine: Machine, node: syntax.Comprehension, clause: syntax.Clause, value: Value
) -> Iterable[Value]:
    if isinstance(value, Pieces):
        pieces = _same_pieces(node, value)
        if pieces is not None:
            raise _OverPieces(pieces)
    if isinstance(value, Object) and value.kind == "iterator":
        return _taken(machine, value, clause)
    try:
        return (unordered if node.kind == "set" else listed)(machine, value, clause)
    except Unfit as reason:
        raise Unfit(reason.why, value) from None


def _taken(machine: Machine, value: Object, clause: Node) -> Iterator[Value]:
    """Yield what an iterator has left, of which the code in between may take some itself."""
    try:
        remaining(machine, value)
    except Unfit:
        yield from listed(machine, value, clause)
        return
    while content := machine.heap.write(value):
        yield content.pop(0)


def _same_pieces(node: syntax.Comprehension, pieces: Pieces) -> Pieces | None:
    """Return the pieces of a comprehension that only trims them and leaves out empty ones."""
    clause, *filters = node.clauses
    target = clause.target
    if not isinstance(target, syntax.Name) or node.value is not None or node.kind == "set":
        return None
    trims = _is_piece(node.element, target.id)
    parts = pieces.parts
    filled = parts.filled
    for one in filters:
        by = _is_piece(one.value, target.id) if one.target is None else None
        if by is None:
            return None
        filled = "trimmed" if by or parts.trimmed or filled == "trimmed" else "raw"
    if trims is None:
        return None
    return Pieces(pieces.option, Parts(parts.separator, parts.trimmed or trims, filled))


def _is_piece(node: syntax.Expression, name: str) -> bool | None:
    """Return whether an expression is a name trimmed, or as it is; None if it is neither."""
    if isinstance(node, syntax.Call) and isinstance(node.function, syntax.Attribute):
        inner = node.function.value
        trims = node.function.name == "strip" and not node.arguments
        return True if trims and isinstance(inner, syntax.Name) and inner.id == name else None
    return False if isinstance(node, syntax.Name) and node.id == name else None
