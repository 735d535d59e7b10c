"""The heap: what objects hold, path by path.

Outside of branches an object's content is changed in place. Inside, changes go to a layer on top;
when branches meet, their layers are merged, and what differs becomes a `Choice` or a `Maybe`.
"""

from __future__ import annotations

from collections.abc import Sequence
from graphlib import CycleError, TopologicalSorter
from itertools import pairwise
from operator import is_, lt
from typing import Any, Final, TypeAlias

from plugindoc.evaluation.state.paths import MAX_TERMS, Scale, both, disjoin, size
from plugindoc.evaluation.state.simplify import simplified
from plugindoc.evaluation.state.values import (
    ABSENT,
    Choice,
    Maybe,
    Object,
    Unknown,
    Value,
    guarded,
    is_constant,
    is_settled,
    one_of,
)
from plugindoc.model.conditions import Condition, Never, Opaque, all_of, negate, options_of

__all__ = ["MAX_BRANCHES", "Heap", "Layer", "choose", "merge_lists", "same", "too_many"]

Layer: TypeAlias = dict[Object, Any]

MAX_BRANCHES: Final = 12
"""How many alternatives one value may have."""


class Heap:
    """All that can be changed, under the branch that is being followed.

    `copied` counts the members that were copied or compared for layers, so that this can be
    bounded.
    """

    __slots__ = ("copied", "layers", "scale")

    def __init__(self, scale: Scale) -> None:
        self.scale = scale
        self.layers: list[Layer] = []
        self.copied = 0

    def new(self, found: Object) -> Object:
        """Add a new object."""
        if self.layers:
            self.layers[-1][found] = found.content
            found.content = type(found.content)()
            found.layered = True
        return found

    def read(self, found: Object) -> Any:  # noqa: ANN401 - a list or a dict
        """Return an object's content, to be looked at only."""
        for layer in reversed(self.layers):
            content = layer.get(found)
            if content is not None:
                return content
        return found.content

    def write(self, found: Object) -> Any:  # noqa: ANN401 - a list or a dict
        """Return an object's content, to be changed."""
        if not self.layers:
            return found.content
        top = self.layers[-1]
        content = top.get(found)
        if content is None:
            content = top[found] = self.read(found).copy()
            self.copied += len(content)
        return content

    def replace(self, found: Object, content: Any) -> None:  # noqa: ANN401 - a list or a dict
        """Replace the content of an object."""
        if self.layers:
            self.layers[-1][found] = content
        else:
            found.content = content
            found.layered = False

    @property
    def depth(self) -> int:
        """How many layers there are."""
        return len(self.layers)

    def push(self) -> None:
        """Start a branch."""
        self.layers.append({})

    def cut(self, depth: int) -> Layer:
        """Remove all layers above a depth and return what they change."""
        changed: Layer = {}
        for layer in self.layers[depth:]:
            changed.update(layer)
        del self.layers[depth:]
        return changed

    def snapshot(self, depth: int) -> Layer:
        """Return a copy of what the layers above a depth change."""
        changed: Layer = {}
        for layer in self.layers[depth:]:
            changed.update(layer)
        self.copied += sum(map(len, changed.values()))
        return {found: content.copy() for found, content in changed.items()}

    def commit(self, changed: Layer) -> None:
        """Make changes on the path that is followed now."""
        for found, content in changed.items():
            self.replace(found, content)

    def merge(self, branches: Sequence[tuple[Condition, Layer]]) -> None:
        """Merge branches: the changes of each apply under its condition."""
        if len(branches) == 1:
            self.commit(branches[0][1])
            return
        touched: dict[Object, None] = {}
        for _, layer in branches:
            touched.update(dict.fromkeys(layer))
        for found in touched:
            before = self._before(found)
            if before is None:  # made in a branch: the others do not know it
                versions = [(guard, layer[found]) for guard, layer in branches if found in layer]
            else:
                versions = [(guard, layer.get(found, before)) for guard, layer in branches]
            first = versions[0][1]
            # Merging looks each member up several times in every version.
            self.copied += len(first) * (3 * len(versions) if len(versions) > 1 else 1)
            merged = first if len(versions) == 1 else _merge_content(versions, first, self.scale)
            if found.kind == "dict" and len(versions) > 1:
                merged = _in_order(merged, [content for _, content in versions])
            self.replace(found, merged)

    def blur(self, layers: Sequence[Layer], unknown: Unknown) -> None:
        """Merge more branches than can be kept apart: what differs between them is unknown."""
        for found in dict.fromkeys(found for layer in layers for found in layer):
            before = self._before(found)
            versions = [layer.get(found, before) for layer in layers]
            known = [content for content in versions if content is not None]
            self.replace(found, _blurred(known, unknown, found.kind))

    def is_old(self, found: Object) -> bool:
        """Return whether an object was there before what was just cut off."""
        return self._before(found) is not None

    def _before(self, found: Object) -> Any:  # noqa: ANN401 - a list, a dict or None
        for layer in reversed(self.layers):
            if found in layer:
                return layer[found]
        return None if found.layered else found.content


def _merge_content(versions: list[tuple[Condition, Any]], before: Any, scale: Scale) -> Any:  # noqa: ANN401 - a list or a dict
    if isinstance(before, list):
        return merge_lists(versions, scale)
    return _merge_dicts(versions, scale)


def _merge_dicts(
    versions: list[tuple[Condition, dict[Any, Value]]], scale: Scale
) -> dict[Any, Value]:
    merged: dict[Any, Value] = {}
    for _, content in versions:
        merged.update(content)
    for key, last in merged.items():
        for _, content in versions:
            if content.get(key, ABSENT) is not last:  # most are the same: only others are chosen
                merged[key] = choose([(g, one.get(key, ABSENT)) for g, one in versions], scale)
                break
    return merged


def _in_order(merged: dict[Any, Value], versions: list[dict[Any, Value]]) -> dict[Any, Value]:
    """Return a merged dict with its keys in the order that all its versions have them in.

    Where they have them in different orders, nothing is known of the dict but that.
    """
    lengths = list(map(len, versions))
    if list(merged) == list(versions[lengths.index(max(lengths))]):
        places = {key: place for place, key in enumerate(merged)}
        if all(_ascends([places[key] for key in content]) for content in versions):
            return merged
    behind: dict[Any, set[Any]] = {key: set() for key in merged}
    for content in versions:
        keys = list(content)
        for before, key in pairwise(keys):
            behind[key].add(before)
    try:
        keys = list(TopologicalSorter(behind).static_order())
    except CycleError:
        unknown = Unknown(None, None, "the order of its keys depends on answers", source="…")
        return {unknown: unknown}
    return {key: merged[key] for key in keys}


def _ascends(places: list[int]) -> bool:
    return all(map(lt, places, places[1:]))


def _blurred(versions: list[Any], unknown: Unknown, kind: str) -> Any:  # noqa: ANN401 - a list or a dict
    """Return what contents have in common; a member that only some have is there or not."""
    doubtful = Opaque(unknown.reason, unknown.options)
    if kind == "list":
        head, tail = _common_ends(versions)
        if all(len(content) == head + tail for content in versions):
            return versions[0]
        middle = Maybe(doubtful, unknown)
        return [*versions[0][:head], middle, *versions[0][len(versions[0]) - tail :]]
    merged: dict[Any, Value] = {}
    for content in versions:
        merged.update(content)
    for key, last in merged.items():
        found = [content.get(key, ABSENT) for content in versions]
        if any(one is ABSENT for one in found):
            there = last if kind == "set" else unknown
            merged[key] = Choice(((doubtful, there), (negate(doubtful), ABSENT)))
        elif any(one is not last for one in found):
            merged[key] = unknown
    return merged


def merge_lists(versions: list[tuple[Condition, list[Value]]], scale: Scale) -> list[Value]:
    """Return one list for several, each of which exists under its condition."""
    lists = [content for _, content in versions]
    head, tail = _common_ends(lists)
    ends = [len(content) - tail for content in lists]
    middles = [content[head:end] for content, end in zip(lists, ends, strict=True)]
    guards = [guard for guard, _ in versions]
    return [*lists[0][:head], *_merge_middles(guards, middles, scale), *lists[0][ends[0] :]]


def _common_ends(lists: list[list[Value]]) -> tuple[int, int]:
    """Return how many members lists have in common at their start, and at their end."""
    shortest = min(map(len, lists))
    head = 0
    while head + _CHUNK < shortest and _all_identical(lists, head):
        head += _CHUNK
    while head < shortest and _all_same([content[head] for content in lists]):
        head += 1
    tail = 0
    while tail < shortest - head and _all_same([content[-1 - tail] for content in lists]):
        tail += 1
    return head, tail


_CHUNK: Final = 256
"""Members that are compared at once: lists that branches made of one start alike."""


def _all_identical(lists: list[list[Value]], start: int) -> bool:
    first, *others = [content[start : start + _CHUNK] for content in lists]
    return all(all(map(is_, first, other)) for other in others)


def _merge_middles(
    guards: list[Condition], middles: list[list[Value]], scale: Scale
) -> list[Value]:
    """Merge members by position if all branches have equally many, else one after the other."""
    if all(map(is_settled, middles)) and len({len(middle) for middle in middles}) == 1:
        return [
            choose(list(zip(guards, members, strict=True)), scale)
            for members in zip(*middles, strict=True)
        ]
    return [
        maybe(guard, member)
        for guard, middle in zip(guards, middles, strict=True)
        for member in middle
    ]


def maybe(guard: Condition, member: Value) -> Maybe:
    """Return a member that is there only if the condition holds."""
    inner, value = guarded(member)
    return Maybe(all_of((guard, inner)), value)


def _all_same(values: list[Value]) -> bool:
    return all(same(values[0], other) for other in values[1:])


def same(one: Value, other: Value) -> bool:
    """Return whether two values are certainly the same."""
    if one is other:
        return True
    if type(one) is not type(other):
        return False
    if type(one) is str:
        return one == other
    if type(one) is Choice and type(other) is Choice:
        return len(one.branches) == len(other.branches) and all(
            mine == theirs and same(value, another)
            for (mine, value), (theirs, another) in zip(one.branches, other.branches, strict=True)
        )
    if type(one) is tuple and type(other) is tuple:
        return len(one) == len(other) and all(map(same, one, other))
    if is_constant(one) or getattr(type(one), "__struct_config__", None) is not None:
        return bool(one == other)
    return False


def choose(branches: Sequence[tuple[Condition, Value]], scale: Scale) -> Value:
    """Return one value for several: the value itself if they are all the same."""
    first = branches[0][1]
    for _, value in branches[1:]:
        if not same(first, value):
            break
    else:
        return first
    merged = [(_shortened(guard, scale), value) for guard, value in _regrouped(branches, scale)]
    if len(merged) > MAX_BRANCHES or any(size(guard) > MAX_TERMS for guard, _ in merged):
        return _too_many(merged)
    return one_of([one for one in merged if type(one[0]) is not Never])


def _shortened(guard: Condition, scale: Scale) -> Condition:
    """Return a condition, simplified if it has too many comparisons."""
    return guard if size(guard) <= MAX_TERMS else simplified(guard, scale) or guard


def _regrouped(
    branches: Sequence[tuple[Condition, Value]], scale: Scale
) -> list[tuple[Condition, Value]]:
    """Return alternatives without choices within choices, each value once."""
    found: list[tuple[list[Condition], Value]] = []
    for guard, value in branches:
        inner = value.branches if isinstance(value, Choice) else ((None, value),)
        for nested, one in inner:
            condition = guard if nested is None else both(guard, nested, scale)
            for guards, known in found:
                if same(known, one):
                    guards.append(condition)
                    break
            else:
                found.append(([condition], one))
    return [(guards[0] if len(guards) == 1 else disjoin(guards), value) for guards, value in found]


def _too_many(branches: Sequence[tuple[Condition, Value]]) -> Unknown:
    """Return the value for more alternatives than are followed."""
    names = dict.fromkeys(name for guard, _ in branches for name in options_of(guard))
    return too_many(tuple(names))


def too_many(options: tuple[str, ...]) -> Unknown:
    """Return the value for one that depends on more answers than are distinguished."""
    reason = "limit: depends on too many answers at once"
    return Unknown(None, None, reason, options, source="…")
