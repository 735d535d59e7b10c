"""When a group is asked and a sequence runs: callables and matches, read as conditions."""

from __future__ import annotations

from plugindoc.evaluation.config import Configuration
from plugindoc.evaluation.limits import Exhausted, Stop, Unfit, mistake
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.comparison import equal, for_each, truth
from plugindoc.evaluation.operations.conversion import listed
from plugindoc.evaluation.state.paths import Path, condition_of
from plugindoc.evaluation.state.simplify import tidied
from plugindoc.evaluation.state.values import (
    ABSENT,
    Answer,
    Bound,
    Choice,
    External,
    Function,
    Object,
    Unknown,
    Value,
    is_constant,
)
from plugindoc.extraction.freeze import reference
from plugindoc.model.conditions import (
    ALWAYS,
    NEVER,
    Always,
    Condition,
    Never,
    Opaque,
    all_of,
    any_of,
    negate,
)
from plugindoc.model.project import Need
from plugindoc.reading.syntax import Lambda, Node

__all__ = ["group_condition", "group_needs", "post_condition", "sequence_condition"]


class _Answers(Configuration):
    """A configuration that holds all answers and nothing else, and notes what cannot be missing."""

    def __init__(self) -> None:
        super().__init__()
        self.answered = True
        self.needed: list[tuple[str, Path]] = []

    def item(self, machine: Machine, key: Value, node: Node) -> Value:
        """Return ``config[key]``, which fails if the key is missing."""
        if isinstance(key, str):
            self.needed.append((key, machine.path))
            machine.may_raise()
        return super().item(machine, key, node)


def group_needs(machine: Machine, value: Value, node: Node) -> tuple[Need, ...]:
    """Return the keys without which a pre-condition's function fails."""
    if not isinstance(value, Function | Bound):
        return ()
    given = _Answers()
    _call(machine, value, True, node, given)  # noqa: FBT003 - a value, not a flag
    found: list[Need] = []
    for key, path in given.needed:
        need = Need(key=key, guard=tidied(condition_of(path), machine.scale))
        if need not in found and Need(key=key) not in found:
            found.append(need)
    return tuple(found)


def group_condition(machine: Machine, value: Value, match: Value, node: Node) -> Condition:
    """Return when a pre- or post-condition's value equals its match.

    A falsy one counts as True; a text is an option's name; a function is asked.
    """
    if value is ABSENT:
        value = None
    if type(value) is Choice:
        return for_each(machine, value, lambda one: group_condition(machine, one, match, node))
    matched = None if match is ABSENT else match
    holds = truth(machine, value, node)
    if isinstance(holds, Never):
        return equal(machine, True, matched, node)  # noqa: FBT003 - a value, not a flag
    if not isinstance(holds, Always) and not isinstance(value, External | Unknown):
        given = equal(machine, True, matched, node)  # noqa: FBT003 - a value, not a flag
        return any_of(
            (all_of((negate(holds), given)), all_of((holds, _opaque(machine, value, node))))
        )
    return _asked(machine, value, matched, node)


def post_condition(machine: Machine, value: Value, match: Value, node: Node) -> Condition:
    """Return when a post-condition's value equals its match; a falsy one is not looked at."""
    if value is ABSENT:
        return ALWAYS
    if type(value) is Choice:
        return for_each(machine, value, lambda one: post_condition(machine, one, match, node))
    if isinstance(truth(machine, value, node), Never):
        return ALWAYS
    return group_condition(machine, value, match, node)


def _asked(machine: Machine, value: Value, match: Value, node: Node) -> Condition:
    if isinstance(value, str):
        return equal(machine, Answer(value), match, node)
    if isinstance(value, Function | Bound):
        return _call(machine, value, match, node)
    return _opaque(machine, value, node)


def _opaque(machine: Machine, value: Value, node: Node) -> Condition:
    if isinstance(value, Unknown) and value.module is not None and value.node is not None:
        return Opaque(value.source or value.module.text(value.node.at), value.options)
    if is_constant(value):
        return Opaque(repr(value))
    named = reference(value)
    return machine.opaque(node, value) if named is None else Opaque(named.name)


def _call(
    machine: Machine, function: Value, match: Value, node: Node, given: _Answers | None = None
) -> Condition:
    """Follow a condition's function over all answers, on a path of its own."""
    try:
        with machine.apart([*machine.heap.layers, {}]):
            found = machine.call(function, [given or _Answers()], node)
            if isinstance(found, Unknown):
                return _as_written(function, found, match)
            return equal(machine, found, match, node)
    except Stop:
        return NEVER
    except (Exhausted, RecursionError):
        return _opaque(machine, function, node)
    except Exception as error:  # noqa: BLE001 - one function must not end the reading of all
        machine.report_limit(node, mistake(error))
        return _opaque(machine, function, node)


def _as_written(function: Value, found: Unknown, match: Value) -> Condition:
    """Keep a condition that is not understood: a lambda by its body, a function by its name."""
    named = reference(function)
    source = named.name if named is not None else found.source
    if isinstance(function, Function) and isinstance(function.node, Lambda):
        parsed = function.home.parsed
        source = source if parsed is None else parsed.text(function.node.body.at)
    if match is True or match is False:
        held = Opaque(source, found.options)
        return held if match else negate(held)
    return Opaque(f"{source} == {match!r}", found.options)


def sequence_condition(
    machine: Machine,
    value: Value,
    match: Value,
    node: Node,
    *,
    lists: bool,
) -> Condition:
    """Return when a sequence runs; of lists, all members must match.

    With `lists` a condition is one in any case; Packstack's first releases had such as well.
    """
    value, match = machine.narrow(value), machine.narrow(match)
    if value is ABSENT or value is None:
        return ALWAYS
    if lists or (isinstance(value, Object) and value.kind == "list"):
        return _all_match(machine, value, match, node)
    holds = truth(machine, value, node)
    if isinstance(holds, Never):
        return ALWAYS
    if isinstance(value, str):
        return equal(machine, Answer(value), None if match is ABSENT else match, node)
    return _opaque(machine, value, node)


def _all_match(machine: Machine, value: Value, match: Value, node: Node) -> Condition:
    try:
        conditions, matches = listed(machine, value, node), listed(machine, match, node)
    except Unfit:
        return _opaque(machine, value, node)
    found = []
    for one, wanted in zip(conditions, matches, strict=False):
        if isinstance(one, str | Function | Bound):
            found.append(_asked(machine, one, wanted, node))
        elif isinstance(one, Object):
            found.append(_opaque(machine, one, node))
        else:
            found.append(equal(machine, one, wanted, node))
    return all_of(found)
