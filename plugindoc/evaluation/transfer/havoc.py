"""What a statement that is given up leaves behind: nothing that it may have changed is known."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from plugindoc.evaluation.names import assigned_names, mentioned_names
from plugindoc.evaluation.state.heap import Layer
from plugindoc.evaluation.state.values import (
    ABSENT,
    Bound,
    Choice,
    Function,
    Maybe,
    Object,
    Unknown,
    Value,
)
from plugindoc.evaluation.transfer.assignment import assign_name
from plugindoc.model.conditions import Opaque
from plugindoc.reading.syntax import Node, Statement

if TYPE_CHECKING:
    from plugindoc.evaluation.machine import Machine

__all__ = ["leave_unknown"]


def leave_unknown(machine: Machine, statement: Statement, what: str, changed: Layer) -> None:
    """Leave unknown what a statement changed so far, and what it might have gone on to change.

    An outline gives up every loop that goes on, and says what code does, not what values it leaves:
    there, lists and dicts alone are marked.
    """
    unknown = Unknown(statement, machine.frame.home.parsed, what)
    for found, after in changed.items():
        if machine.outlined and found.kind not in ("list", "dict", "set"):
            continue
        machine.heap.replace(found, _settled(found, machine.heap.read(found), after, unknown))
    for found in () if machine.outlined else _in_reach(machine, statement):
        if found not in changed:
            content = machine.heap.read(found)
            machine.heap.replace(found, _settled(found, content, content, unknown))
    for name in assigned_names(statement):
        value = Unknown(statement, machine.frame.home.parsed, what, source=name)
        assign_name(machine, name, value)


def _settled(found: Object, before: Any, after: Any, unknown: Unknown) -> Any:  # noqa: ANN401 - a list or a dict
    """Return what of an object's content is known still: what the statement has let be."""
    if found.kind == "list":
        same = 0
        while same < min(len(before), len(after)) and before[same] is after[same]:
            same += 1
        return [*before[:same], Maybe(Opaque(unknown.reason), unknown)]
    kept = {key: one if after.get(key) is one else unknown for key, one in before.items()}
    if found.kind in ("dict", "set"):
        return {**kept, unknown: unknown}
    return {**dict.fromkeys(after, unknown), **kept}


def _in_reach(machine: Machine, statement: Statement) -> Iterator[Object]:
    """Yield the lists, dicts and sets that the names in a statement lead to."""
    waiting = list(_named(machine, statement, machine.frame.scopes))
    seen: set[int] = set()
    while waiting:
        value = waiting.pop()
        if id(value) in seen:
            continue
        seen.add(id(value))
        if isinstance(value, Object):
            content = machine.heap.read(value)
            machine.heap.copied += len(content)
            if value.kind in ("list", "dict", "set"):
                yield value
            waiting.extend(content if value.kind == "list" else content.values())
        elif isinstance(value, Function):
            waiting.extend(_named(machine, value.node, value.scopes))
        elif isinstance(value, Bound):
            waiting += (value.receiver, value.function)
        elif isinstance(value, Choice):
            waiting.extend(one for _, one in value.branches)
        elif isinstance(value, Maybe):
            waiting.append(value.value)
        elif isinstance(value, tuple):
            waiting.extend(value)


def _named(machine: Machine, node: Node, scopes: tuple[Object, ...]) -> Iterator[Value]:
    """Yield what the names in a piece of code stand for."""
    for name in mentioned_names(node):
        for scope in reversed(scopes):
            value = machine.heap.read(scope).get(name, ABSENT)
            if value is not ABSENT:
                yield value
                break
