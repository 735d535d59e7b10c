"""Sequences and steps: registered calls to the model, and the order in which they run."""

from __future__ import annotations

from collections import defaultdict

import msgspec

from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.conversion import listed_or_none
from plugindoc.evaluation.state.paths import Scale, condition_of
from plugindoc.evaluation.state.simplify import tidied
from plugindoc.evaluation.state.values import ABSENT, ClassValue, Function, Object, Unknown, Value
from plugindoc.extraction.conditions import sequence_condition
from plugindoc.extraction.controller import Call
from plugindoc.extraction.freeze import freeze, location_of, reference
from plugindoc.extraction.groups import Expanded, expand, meet
from plugindoc.model import values as model
from plugindoc.model.conditions import Condition, negate
from plugindoc.model.locations import Location
from plugindoc.model.project import Insertion, Sequence, Step
from plugindoc.protocol import Protocol
from plugindoc.reading.syntax import Node

__all__ = ["DeclaredSequence", "DeclaredStep", "RunOrder", "make_sequence"]


class DeclaredStep(msgspec.Struct, eq=False):
    """A step, and the functions that it runs."""

    step: Step
    functions: tuple[Value, ...]
    replaced: bool = False


class DeclaredSequence(msgspec.Struct, eq=False):
    """A sequence without its steps, and the steps."""

    sequence: Sequence
    steps: list[DeclaredStep]


def make_sequence(
    machine: Machine, protocol: Protocol, call: Call, plugin: str
) -> DeclaredSequence:
    """Return what a declaring call registers."""
    values = call.values
    location = location_of((call.node, call.module)) or Location("", 1)
    title = model.words(freeze(machine, values["desc"], (call.node, call.module)))
    steps = (
        listed_or_none(machine, values["steps"], call.node) if values["steps"] is not ABSENT else []
    )
    keys = protocol.step_keys
    declared = [
        step
        for one in expand(machine, steps or [], (keys.title, keys.functions))
        if (step := _step(machine, protocol, one, plugin, title)) is not None
    ]
    _tell_limits(machine, declared, call.node)
    if protocol.steps_by_title:
        declared = _in_force(declared, machine.scale)
    place = (call.node, call.module)
    condition = values["cond"]
    sequence = Sequence(
        title=title,
        plugin=plugin,
        location=location,
        condition_value=_frozen(machine, condition, place),
        condition_match=_frozen(machine, values["cond_match"], place),
        condition=tidied(
            sequence_condition(
                machine,
                condition,
                values["cond_match"],
                call.node,
                lists=protocol.condition_lists,
            ),
            machine.scale,
        ),
        guard=tidied(condition_of(call.path), machine.scale),
        insertion=_insertion(machine, call),
    )
    return DeclaredSequence(sequence, declared)


def _tell_limits(machine: Machine, declared: list[DeclaredStep], node: Node) -> None:
    """Report steps whose title or function depends on code that is not followed."""
    for one in declared:
        title = one.step.title
        reasons = [value.reason for value in one.functions if isinstance(value, Unknown)]
        reasons += [title.reason] if isinstance(title, model.Dynamic) else []
        for reason in reasons:
            if reason.startswith("limit"):
                machine.report_limit(node, reason)


def _frozen(machine: Machine, value: Value, place: tuple[object, object]) -> model.Value | None:
    return None if value is ABSENT else freeze(machine, value, place)  # type: ignore[arg-type] # a place


def _insertion(machine: Machine, call: Call) -> Insertion | None:
    place = (call.node, call.module)
    if "index" in call.values:
        return Insertion(index=freeze(machine, call.values["index"], place))
    if "sequenceName" in call.values:
        return Insertion(before=freeze(machine, call.values["sequenceName"], place))
    return None


def _step(
    machine: Machine, protocol: Protocol, one: Expanded, plugin: str, sequence: str
) -> DeclaredStep | None:
    found = one.value
    if not isinstance(found, Object) or found.kind != "dict":
        return None
    content = machine.heap.read(found)
    keys = protocol.step_keys
    place = (found.node, found.module) if found.node is not None else None
    location = location_of(place) or Location("", 1)
    functions = content.get(keys.functions)
    if functions is None and found.node is not None:  # which the installer looks up at once
        error = "TypeError" if keys.functions in content else "KeyError"
        machine.fail(error, keys.functions, found.node, when=one.guard)
        return None
    members = listed_or_none(machine, functions, found.node) if found.node is not None else None
    listed = tuple(members or ())
    first = listed[0] if listed else None
    frozen = (
        None
        if functions is None
        else freeze(machine, functions, found.places.get(keys.functions, place))
    )
    step = Step(
        title=freeze(machine, content.get(keys.title), found.places.get(keys.title, place)),
        plugin=plugin,
        sequence=sequence,
        location=location,
        function=None if first is None else reference(first),
        functions=frozen,
        docstring=_docstring(first),
        guard=tidied(one.guard, machine.scale),
    )
    runs = listed[:1] if protocol.first_function_only else listed
    return DeclaredStep(step, runs)


def _docstring(function: Value) -> str:
    if not isinstance(function, Function | ClassValue) or function.home.parsed is None:
        return ""
    body = getattr(function.node, "body", None)
    statements = getattr(body, "statements", None)
    return "" if statements is None else function.home.parsed.docstring_of(body)  # type: ignore[arg-type] # a block


class _Slot(msgspec.Struct, eq=False):
    """A position in a sequence: where a title is first used, and the steps that end up there."""

    presence: Condition
    steps: list[DeclaredStep]


def _in_force(steps: list[DeclaredStep], scale: Scale) -> list[DeclaredStep]:
    """Replace an earlier step of the same title with a later one, if both exist.

    If only one of them exists, it is where it was declared.
    """
    slots: list[_Slot] = []
    by_title: defaultdict[str, list[_Slot]] = defaultdict(list)
    for declared in steps:
        title = model.known_text(declared.step.title)
        same = [] if title is None else by_title[title]
        rest: Condition | None = declared.step.guard
        for slot in same:
            both = meet(slot.presence, declared.step.guard, scale)
            if both is None:
                continue
            slot.steps = [_without(earlier, declared, scale) for earlier in slot.steps]
            slot.steps.append(_guarded(declared, both))
            rest = None if rest is None else meet(rest, negate(slot.presence), scale)
        if rest is not None:
            slot = _Slot(rest, [_guarded(declared, rest)])
            slots.append(slot)
            same.append(slot)
    return [step for slot in slots for step in slot.steps]


def _without(earlier: DeclaredStep, later: DeclaredStep, scale: Scale) -> DeclaredStep:
    """Return a step under the condition that the later one of its title does not exist."""
    if earlier.replaced:
        return earlier
    return _guarded(earlier, meet(earlier.step.guard, negate(later.step.guard), scale))


def _guarded(declared: DeclaredStep, guard: Condition | None) -> DeclaredStep:
    """Return a step under another guard; under None it is replaced."""
    if guard is None:
        return DeclaredStep(declared.step, declared.functions, replaced=True)
    step = msgspec.structs.replace(declared.step, guard=guard)
    return DeclaredStep(step, declared.functions)


class RunOrder:
    """The order of all sequences, as insertions make it."""

    def __init__(self) -> None:
        self._order: list[DeclaredSequence] = []
        self._positions: dict[int, int] = {}

    def add(self, found: DeclaredSequence) -> None:
        """Insert a sequence at the place that it names."""
        insertion = found.sequence.insertion
        if insertion is None:
            self._order.append(found)
        elif insertion.before is not None:
            name = model.words(insertion.before)
            titles = [one.sequence.title for one in self._order]
            index = titles.index(name) if name in titles else len(titles)
            self._order.insert(index, found)
        else:
            wanted = insertion.index.value if isinstance(insertion.index, model.Known) else 0
            self._order.insert(wanted if isinstance(wanted, int) else 0, found)

    def positions(self) -> dict[int, int]:
        """Return each sequence's place, from 1, by the identity of its object."""
        if len(self._positions) != len(self._order):  # each plugin asks, and all have been added
            self._positions = {id(found): index for index, found in enumerate(self._order, 1)}
        return self._positions
