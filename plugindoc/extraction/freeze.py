"""From the evaluator's values to the model's: plain frozen data that outlives the syntax."""

from __future__ import annotations

import math
from typing import Any, Final

from plugindoc.evaluation.limits import MAX_CHARACTERS_IN_ALL, MAX_MEMBERS_IN_ALL, limit_reached
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.attributes import Attributes
from plugindoc.evaluation.operations.classes import row_names
from plugindoc.evaluation.state.heap import MAX_BRANCHES
from plugindoc.evaluation.state.values import (
    Answer,
    Bound,
    Choice,
    ClassValue,
    External,
    Function,
    Joined,
    Maybe,
    ModuleValue,
    Object,
    Pieces,
    Truth,
    Unknown,
    Value,
    bound_branches,
)
from plugindoc.model import values as model
from plugindoc.model.conditions import negate
from plugindoc.model.locations import Location
from plugindoc.reading.python import Module
from plugindoc.reading.syntax import Node

__all__ = ["Place", "freeze", "location_of", "reference"]

Place = tuple[Node, "Module | None"] | Location
"""The place of something: a node and its file, or a place outside of Python."""

_MAX_SOURCE: Final = 300
_MAX_DEPTH: Final = 20
_INTEGERS: Final = range(-(2**63), 2**63)


def location_of(place: Place | None) -> Location | None:
    """Return a place as a location."""
    if place is None or isinstance(place, Location):
        return place
    node, module = place
    return None if module is None else module.location(node.at)


def freeze(
    machine: Machine, value: Value, place: Place | None = None, depth: int = 0
) -> model.Value:
    """Return a value as the model has it; `place` is where it is used."""
    if type(value) is str:
        machine.characters -= len(value)
        if machine.characters < 0:
            return _dynamic(place, limit_reached(MAX_CHARACTERS_IN_ALL, "characters in all"))
        return model.Known(value if value.isascii() else _clean(value))
    if type(value) is bool or value is None:
        return model.Known(value)
    if type(value) is int:
        return (
            model.Known(value)
            if value in _INTEGERS
            else _dynamic(place, "limit: more than 64 bits")
        )
    if type(value) is float:
        return (
            model.Known(value) if math.isfinite(value) else _dynamic(place, "not a finite number")
        )
    if type(value) is bytes:
        return model.Known(value.decode("utf-8", "replace"))
    if depth == 0:
        machine.spare = MAX_MEMBERS_IN_ALL
    machine.spare -= 1
    if machine.spare < 0:
        return _dynamic(place, limit_reached(MAX_MEMBERS_IN_ALL, "members"))
    if depth > _MAX_DEPTH:
        return _dynamic(place, limit_reached(_MAX_DEPTH, "levels of nesting"))
    if isinstance(value, tuple | frozenset):
        members = value if isinstance(value, tuple) else sorted(value, key=repr)
        return model.items([freeze(machine, one, place, depth + 1) for one in members])
    if type(value) is Object:
        return _freeze_object(machine, value, place, depth)
    return _freeze_other(machine, value, place, depth)


def _clean(text: str) -> str:
    return text.encode("utf-8", "replace").decode("utf-8")


def _freeze_object(machine: Machine, value: Object, place: Place | None, depth: int) -> model.Value:
    content = machine.heap.read(value)
    machine.spare -= len(content)
    if machine.spare < 0:
        return _dynamic(place, limit_reached(MAX_MEMBERS_IN_ALL, "members"))
    if value.kind == "list":
        return model.items([_freeze_member(machine, one, place, depth) for one in content])
    if value.kind == "set":
        members = [freeze(machine, one, place, depth + 1) for one in sorted(content, key=repr)]
        return model.items(members)
    if value.kind == "dict":
        return _freeze_dict(machine, value, content, place, depth)
    names = row_names(machine, value.owner)
    if names:
        members = [freeze(machine, content[name], place, depth + 1) for name in names]
        return model.items(members)
    owner = value.owner.name if isinstance(value.owner, ClassValue | External) else "an object"
    return _dynamic(place, f"an instance of {owner}")


def _freeze_member(machine: Machine, value: Value, place: Place | None, depth: int) -> model.Value:
    if type(value) is Maybe:
        inner = freeze(machine, value.value, place, depth + 1)
        return model.Alternatives((model.Branch(value.condition, inner),))
    return freeze(machine, value, place, depth + 1)


def _freeze_dict(
    machine: Machine, value: Object, content: dict[Any, Value], place: Place | None, depth: int
) -> model.Value:
    pairs = []
    for key, one in content.items():
        where = value.places.get(key, place)
        pairs.append(
            (freeze(machine, key, place, depth + 1), freeze(machine, one, where, depth + 1))
        )
    if all(isinstance(k, model.Known) and isinstance(k.value, str) for k, _ in pairs) and all(
        isinstance(v, model.Known) for _, v in pairs
    ):
        return model.Known({k.value: v.value for k, v in pairs})  # type: ignore[union-attr] # as just seen
    return model.Entries(tuple(pairs))


def _freeze_other(machine: Machine, value: Value, place: Place | None, depth: int) -> model.Value:
    if isinstance(value, Unknown):
        return _freeze_unknown(value)
    if isinstance(value, Choice):
        branches = bound_branches(value)
        if len(branches) > MAX_BRANCHES:
            return _dynamic(place, limit_reached(MAX_BRANCHES, "alternatives"))
        return model.Alternatives(
            tuple(model.Branch(g, freeze(machine, one, place, depth + 1)) for g, one in branches)
        )
    if isinstance(value, Joined):
        parts = [
            one if isinstance(one, str) else _hole(freeze(machine, one, place, depth + 1))
            for one in value.parts
        ]
        return model.text([part if not isinstance(part, str) else _clean(part) for part in parts])
    if isinstance(value, Answer | Pieces):
        return model.Dynamic(value.option, f"the answer to {value.option}", location_of(place))
    if isinstance(value, Truth):
        yes = model.Branch(value.condition, model.Known(value=True))
        return model.Alternatives(
            (yes, model.Branch(negate(value.condition), model.Known(value=False)))
        )
    if isinstance(value, Attributes):
        return _freeze_object(machine, value.copied(machine), place, depth)
    found = reference(value)
    return _dynamic(place, "only the running installer knows it") if found is None else found


def _hole(value: model.Value) -> model.Dynamic:
    if isinstance(value, model.Dynamic):
        return value
    return model.Dynamic(model.words(value), "depends on the path")


def _freeze_unknown(value: Unknown) -> model.Dynamic:
    if value.module is None or value.node is None:
        return model.Dynamic(value.source, value.reason)
    source = value.source or value.module.text(value.node.at)
    return model.Dynamic(_shortened(source), value.reason, value.module.location(value.node.at))


def _dynamic(place: Place | None, reason: str) -> model.Dynamic:
    node, module = place if isinstance(place, tuple) else (None, None)
    if node is None or module is None:
        return model.Dynamic("", reason, location_of(place))
    return model.Dynamic(_shortened(module.text(node.at)), reason, module.location(node.at))


def _shortened(source: str) -> str:
    return source if len(source) <= _MAX_SOURCE else f"{source[:_MAX_SOURCE]}…"


def reference(value: Value) -> model.Reference | None:
    """Return a function, class, method or module by name; None for anything else."""
    if isinstance(value, Function | ClassValue):
        module = value.home.name
        parsed = value.home.parsed
        location = None if parsed is None else parsed.location(value.node.at)
        name = f"{module.rpartition('.')[2]}.{value.name}"
        return model.Reference(name, f"{module}.{value.path}", location)
    if isinstance(value, External):
        name = ".".join(value.name.split(".")[-2:]).removeprefix("builtins.")
        return model.Reference(name, value.name)
    if isinstance(value, Bound):
        inner = None if value.function is None else reference(value.function)
        if isinstance(value.receiver, Native):
            return inner
        return inner or model.Reference(value.name)
    if isinstance(value, ModuleValue):
        return model.Reference(value.name.rpartition(".")[2], value.name)
    return None
