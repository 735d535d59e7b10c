"""Effects of code that is not followed: everything that it may have changed is unknown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

from plugindoc.evaluation.limits import MEMBERS_A_STEP
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.names import assigned_names, mentioned_names
from plugindoc.evaluation.state.heap import Layer
from plugindoc.evaluation.state.values import (
    ABSENT,
    Arguments,
    Bound,
    Choice,
    Deferred,
    External,
    Function,
    Maybe,
    ModuleValue,
    Object,
    Unknown,
    Value,
)
from plugindoc.model.conditions import Opaque
from plugindoc.reading.syntax import Node, Statement

__all__ = [
    "give_up",
    "let_change",
    "let_external_change",
]

_REASON: Final = "code that is not followed may have changed it"

_ONLY_READS_WORDS = """
abc array ast base64 binascii builtins calendar codecs csv datetime decimal difflib email errno
fractions getopt getpass glob grp gettext hashlib hmac html inspect io ipaddress json locale
logging math netaddr numbers optparse os pathlib pipes platform posixpath pprint pwd re select
shlex shutil socket ssl stat string struct subprocess sys syslog tarfile tempfile textwrap time
traceback types typing unicodedata urllib urllib2 urlparse uuid warnings xml yaml zipfile zlib
"""
_ONLY_READS: Final = frozenset(_ONLY_READS_WORDS.split())
"""Modules whose functions change none of the lists, dicts and sets that they are given."""

_CHANGES: Final = frozenset({"builtins.delattr", "builtins.setattr", "struct.pack_into"})


def give_up(machine: Machine, statement: Statement, what: str, depth: int) -> None:
    """Give up a statement: make all that it changed or might have changed unknown."""
    machine.may_raise()
    machine.report_limit(statement, what)
    leave_unknown(machine, statement, what, machine.heap.cut(depth))


def leave_unknown(machine: Machine, statement: Statement, what: str, changed: Layer) -> None:
    """Make unknown what a statement changed so far, and what the rest of it might change.

    An outline gives up every loop that continues, and shows what code does, not which values
    result: there, only lists and dicts are marked.
    """
    unknown = Unknown(statement, machine.frame.home.parsed, what)
    for found, after in changed.items():
        if machine.outlined and found.kind not in ("list", "dict", "set", "iterator"):
            continue
        machine.heap.replace(found, _settled(found, machine.heap.read(found), after, unknown))
    for found in () if machine.outlined else _in_reach(machine, statement):
        if found not in changed:
            content = machine.heap.read(found)
            machine.heap.replace(found, _settled(found, content, content, unknown))
    for name in assigned_names(statement):
        value = Unknown(statement, machine.frame.home.parsed, what, source=name)
        machine.bind(name, value)


def _settled(found: Object, before: Any, after: Any, unknown: Unknown) -> Any:  # noqa: ANN401 - a list or a dict
    """Return what of an object's content is known still: what the statement has let be."""
    if found.kind == "range":
        return before
    if isinstance(before, list):
        same = 0
        while same < min(len(before), len(after)) and before[same] is after[same]:
            same += 1
        return [*before[:same], Maybe(Opaque(unknown.reason), unknown)]
    kept = {key: one if after.get(key) is one else unknown for key, one in before.items()}
    if found.kind in ("dict", "set"):
        return {**kept, unknown: unknown}
    return {**dict.fromkeys(after, unknown), **kept}


def let_external_change(
    machine: Machine, function: External, arguments: Arguments, node: Node
) -> None:
    """Make unknown what a function from outside may change."""
    values = (*arguments.positional, *arguments.named.values())
    reads = function.name.partition(".")[0] in _ONLY_READS and function.name not in _CHANGES
    if reads:
        values = tuple(one for one in values if _may_run(one))
        if not values:
            return
    let_change(machine, values, node)


def _may_run(value: Value) -> bool:
    """Return whether giving a value away lets code run, or uses it up."""
    return isinstance(value, Function | Bound) or (
        isinstance(value, Object) and value.kind == "iterator"
    )


def let_change(machine: Machine, values: Iterable[Value], node: Node) -> None:
    """Make unknown what code that is not followed may change if it gets these values.

    It may keep them as well, and change them whenever such code runs again.
    """
    values = list(values)
    for module in (one for one in values if isinstance(one, ModuleValue)):
        names = machine.heap.write(module.scope)
        names.update(dict.fromkeys(names, Unknown(node, machine.frame.home.parsed, _REASON)))
    given = [one for one in values if isinstance(one, Object | Function | Bound | Choice | tuple)]
    machine.escaped.update((id(one), one) for one in given)
    if not machine.escaped or machine.outlined:
        return
    unknown = Unknown(node, machine.frame.home.parsed, _REASON)
    for found in _reachable(machine, machine.escaped.values()):
        content = machine.heap.read(found)
        if found.kind in ("list", "iterator"):
            machine.heap.write(found)[:] = [Maybe(Opaque(_REASON), unknown)]
        elif found.kind == "range":
            continue
        elif found.kind == "instance":
            machine.heap.write(found).update(dict.fromkeys(content, unknown))
        else:
            machine.heap.replace(found, {unknown: unknown})


def _in_reach(machine: Machine, statement: Statement) -> Iterator[Object]:
    """Yield the lists, dicts and sets that are reachable from the names in a statement."""
    for found in _reachable(machine, _named(machine, statement, machine.frame.scopes)):
        if found.kind != "instance":
            yield found


def _reachable(machine: Machine, values: Iterable[Value]) -> Iterator[Object]:
    """Yield the objects that are reachable from values, through members, closures and receivers."""
    waiting = list(values)
    seen: set[int] = set()
    visits = 0
    while waiting:
        value = waiting.pop()
        visits += 1
        if id(value) in seen:
            continue
        seen.add(id(value))
        waiting.extend(_led_to(machine, value))
        if isinstance(value, Object) and value.kind != "scope":
            yield value
    machine.steps -= visits // MEMBERS_A_STEP


def _led_to(machine: Machine, value: Value) -> Iterable[Value]:
    """Return the values that a value refers to directly."""
    if isinstance(value, Object):
        content = machine.heap.read(value)
        found = content if isinstance(content, list) else content.values()
        return found if value.members is None else (*found, value.members)
    if isinstance(value, Function):
        return _named(machine, value.node, value.scopes)
    if isinstance(value, Bound):
        return (value.receiver, value.function)
    if isinstance(value, Choice):
        return [one for _, one in value.branches]
    if isinstance(value, Maybe):
        return (value.value,)
    if isinstance(value, Deferred):
        return (*value.values, *(_named(machine, *value.code) if value.code else ()))
    return value if isinstance(value, tuple) else ()


def _named(machine: Machine, node: Node, scopes: tuple[Object, ...]) -> Iterator[Value]:
    """Yield the values of the names in a piece of code."""
    for name in mentioned_names(node):
        for scope in reversed(scopes):
            value = machine.heap.read(scope).get(name, ABSENT)
            if value is not ABSENT:
                yield value
                break
