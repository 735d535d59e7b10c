"""Conditions of actions: short, and about what a reader can decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final, TypeVar

import msgspec

from plugindoc.evaluation.limits import Exhausted
from plugindoc.evaluation.state.paths import (
    MAX_SKETCHED,
    MORE,
    Path,
    Scale,
    condition_of,
    disjoin,
    is_shown,
    size,
)
from plugindoc.evaluation.state.simplify import tidied
from plugindoc.model.conditions import AllOf, Condition, Opaque, all_of
from plugindoc.model.project import Command, Failure, Message, Resource, TemplateUse, Use

__all__ = ["bounded_guards", "told_any", "told_raise", "told_raises"]

_Action = TypeVar("_Action", Use, Command, TemplateUse, Resource, Message, Failure)

_MAX_COMPARISONS: Final = 20_000
"""How many comparisons the guards of one kind of action in one account are made of."""


def bounded_guards(actions: Iterable[_Action]) -> Iterator[_Action]:
    """Yield the actions of one step, with short guards if all guards together are long."""
    left = _MAX_COMPARISONS
    for one in actions:
        comparisons = size(one.guard)
        left -= comparisons
        fits = left >= 0 or comparisons <= 1
        yield one if fits else msgspec.structs.replace(one, guard=MORE)


def told_any(conditions: list[Condition], scale: Scale) -> Condition:
    """Return when any of the conditions holds, as far as a reader wants to know."""
    found = conditions[0] if len(conditions) == 1 else disjoin(map(_told, conditions))
    return _short(_told(found), scale)


def told_raise(path: Path, scale: Scale) -> Condition:
    """Return when an error is raised on a path, including the errors that lead to it."""
    return all_of((_short(_told(condition_of(path)), scale), *filter(_is_raised, path)))


def told_raises(conditions: list[Condition], scale: Scale) -> Condition:
    """Return when one of several same errors is raised, with what all of them come from."""
    shared = [
        part
        for part in _parts(conditions[0])
        if _is_raised(part) and all(part in _parts(one) for one in conditions)
    ]
    return all_of((told_any(conditions, scale), *shared))


def _short(condition: Condition, scale: Scale) -> Condition:
    """Return the condition without spare parts, if that does not take long to find."""
    try:
        return tidied(condition, scale)
    except Exhausted:
        return condition


def _parts(condition: Condition) -> tuple[Condition, ...]:
    return condition.conditions if isinstance(condition, AllOf) else (condition,)


def _told(condition: Condition) -> Condition:
    """Return a condition without what is no use to a reader (see `paths.is_shown`)."""
    parts = [part for part in _parts(condition) if is_shown(part) and not _is_raised(part)]
    if len(parts) > MAX_SKETCHED:
        parts[MAX_SKETCHED:] = [MORE]
    return condition_of(tuple(parts))


def _is_raised(part: Condition) -> bool:
    return isinstance(part, Opaque) and part.source.endswith(" is raised")
