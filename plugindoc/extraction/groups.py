"""Option groups and options: registered dicts to the model."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.conversion import listed_or_none
from plugindoc.evaluation.state.paths import (
    Scale,
    bounded,
    condition_of,
    extend,
)
from plugindoc.evaluation.state.simplify import tidied
from plugindoc.evaluation.state.values import (
    ABSENT,
    Choice,
    Object,
    Unknown,
    Value,
    guarded,
    is_constant,
)
from plugindoc.extraction.conditions import group_condition, group_needs, post_condition
from plugindoc.extraction.freeze import Place, freeze, location_of
from plugindoc.model import values as model
from plugindoc.model.conditions import ALWAYS, Always, Condition, Never, all_of, negate
from plugindoc.model.locations import Location
from plugindoc.model.project import Option, OptionGroup
from plugindoc.protocol import Protocol
from plugindoc.reading.syntax import Node

__all__ = ["Expanded", "expand", "make_group", "meet"]

_LISTS: Final = frozenset({"choices", "processors", "validators"})
_MAX_CASES: Final = 16
_STEPS_A_DECLARATION: Final = 4
"""What one option or step of a list costs, which may be the same one many times."""


class Expanded(msgspec.Struct, eq=False):
    """A member of a list of declarations, on the path where it is one."""

    guard: Condition
    value: Value


def expand(machine: Machine, members: list[Value], keys: tuple[str, ...]) -> list[Expanded]:
    """Return members one by one: guarded ones, alternatives, and dicts that differ in a key."""
    found: list[Expanded] = []
    machine.steps -= len(members) * _STEPS_A_DECLARATION
    for member in members:
        guard, value = guarded(member)
        branches = value.branches if type(value) is Choice else ((ALWAYS, value),)
        for inner, one in branches:
            condition = all_of((guard, inner))
            if not isinstance(condition, Never) and one is not ABSENT:
                found.extend(_cases(machine, Expanded(condition, one), keys))
    return found


def _cases(machine: Machine, one: Expanded, keys: tuple[str, ...]) -> list[Expanded]:
    """Split a dict whose named entries depend on the path."""
    if not isinstance(one.value, Object) or one.value.kind != "dict":
        return [one]
    content = machine.heap.read(one.value)
    for key in keys:
        choice = _choice_in(machine, content.get(key))
        if choice is None:
            continue
        found: list[Expanded] = []
        for guard, value in choice.branches:
            condition = meet(one.guard, guard, machine.scale)
            if condition is None or value is ABSENT:
                continue
            copy = machine.new(
                "dict", {**content, key: _chosen(machine, content[key], value)}, _node(one.value)
            )
            copy.module = one.value.module
            copy.places = one.value.places
            found.extend(_cases(machine, Expanded(condition, copy), keys))
        return found[:_MAX_CASES]
    return [one]


def _node(value: Object) -> Node:
    return value.node or Node(None)


def _choice_in(machine: Machine, value: Value) -> Choice | None:
    if type(value) is Choice:
        return value
    if isinstance(value, Object) and value.kind == "list":
        members = machine.heap.read(value)
        if members and type(members[0]) is Choice:
            return members[0]
    return None


def _chosen(machine: Machine, old: Value, value: Value) -> Value:
    if isinstance(old, Object) and old.kind == "list":
        rest = machine.heap.read(old)[1:]
        copy = machine.new("list", [value, *rest], _node(old))
        copy.module = old.module
        return copy
    return value


def meet(one: Condition, other: Condition, scale: Scale) -> Condition | None:
    """Return when both conditions hold; None if they cannot."""
    path = extend((), one, scale)
    both = None if path is None else extend(path, other, scale)
    if both is None:
        return None
    found = bounded(tidied(condition_of(both), scale))
    return None if isinstance(found, Never) else found


def make_group(
    machine: Machine,
    protocol: Protocol,
    group: Object,
    params: list[Value],
    place: tuple[str, Location, Node],
) -> OptionGroup:
    """Return a group with its options; `place` is its plugin, and where it is registered."""
    plugin, location, node = place
    content = machine.heap.read(group)
    keys = protocol.group_keys
    values, locations, extra = _fields(machine, group, content, msgspec.structs.asdict(keys))
    name = model.words(values.pop("name", None))
    options = tuple(
        option
        for one in expand(machine, params, (protocol.option_keys.name,))
        if (option := _option(machine, protocol, one, plugin, name)) is not None
    )
    kept, replaced = _in_force(options, machine.scale)
    defined = location_of((group.node, group.module)) if group.node is not None else None
    return OptionGroup(
        name=name,
        plugin=plugin,
        location=defined or location,
        condition=tidied(
            group_condition(
                machine,
                content.get(keys.pre_condition, ABSENT),
                content.get(keys.pre_condition_match, ABSENT),
                node,
            ),
            machine.scale,
        ),
        post=tidied(
            post_condition(
                machine,
                content.get(keys.post_condition, ABSENT),
                content.get(keys.post_condition_match, ABSENT),
                node,
            ),
            machine.scale,
        ),
        needs=group_needs(machine, content.get(keys.pre_condition, ABSENT), node),
        guard=tidied(condition_of(machine.path), machine.scale),
        options=kept,
        replaced=replaced,
        extra=extra,
        fields=locations,
        **values,
    )


def _option(
    machine: Machine, protocol: Protocol, one: Expanded, plugin: str, group: str
) -> Option | None:
    param = one.value
    if not isinstance(param, Object) or param.kind != "dict":
        return None
    content = machine.heap.read(param)
    keys = msgspec.structs.asdict(protocol.option_keys)
    values, locations, extra = _fields(machine, param, content, keys)
    name = values.pop("name", None)
    if name is None:
        return None
    if protocol.single_validator and isinstance(values.get("validators"), model.Reference):
        values["validators"] = model.items([values["validators"]])
    location = location_of((param.node, param.module)) if param.node is not None else None
    return Option(
        name=model.words(name),
        plugin=plugin,
        group=group,
        location=location or Location("", 1),
        usage_location=locations.get("usage"),
        extra=extra,
        fields=locations,
        guard=tidied(one.guard, machine.scale),
        **values,
    )


def _fields(
    machine: Machine, found: Object, content: dict[Any, Value], keys: dict[str, str]
) -> tuple[dict[str, Any], dict[str, Location], dict[str, model.Value]]:
    """Return a dict's known fields, their places, and the keys that are not known."""
    fields = {key: field for field, key in keys.items() if key}
    values: dict[str, Any] = {}
    locations: dict[str, Location] = {}
    extra: dict[str, model.Value] = {}
    for key, value in content.items():
        place: Place | None = found.places.get(key)
        if value is ABSENT:
            continue
        if type(key) is Unknown:
            unknown = freeze(machine, key)
            values.update({name: unknown for name in fields.values() if name not in values})
            continue
        field = fields.get(key) if is_constant(key) else None
        frozen = freeze(machine, _as_list(machine, value) if field in _LISTS else value, place)
        if field is None:
            extra[key if isinstance(key, str) else model.words(freeze(machine, key))] = frozen
            continue
        values[field] = frozen
        where = location_of(place)
        if where is not None:
            locations[field] = where
    return values, locations, extra


def _as_list(machine: Machine, value: Value) -> Value:
    """Return an iterator as a list, since its reader iterates over it."""
    if not isinstance(value, Object) or value.kind != "iterator" or value.node is None:
        return value
    members = listed_or_none(machine, value, value.node)
    return value if members is None else machine.new("list", members, value.node)


def _in_force(
    options: tuple[Option, ...], scale: Scale
) -> tuple[tuple[Option, ...], tuple[Option, ...]]:
    """Replace an earlier option of the same name with a later one, if both can exist."""
    kept: list[Option] = []
    replaced: list[Option] = []
    for option in options:
        index = next((i for i, one in enumerate(kept) if one.name == option.name), None)
        earlier = None if index is None else kept[index]
        if index is None or earlier is None:
            kept.append(option)
        elif isinstance(option.guard, Always) or option.guard == earlier.guard:
            replaced.append(earlier)
            kept[index] = option
        else:
            rest = meet(earlier.guard, negate(option.guard), scale)
            if rest is None:
                replaced.append(earlier)
                kept[index] = option
            else:
                kept[index] = msgspec.structs.replace(earlier, guard=rest)
                kept.append(option)
    return tuple(kept), tuple(replaced)
