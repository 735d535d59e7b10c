"""When something is done, as an account says it: short, and about what a reader can decide."""

from __future__ import annotations

from plugindoc.evaluation.paths import disjoin, is_told
from plugindoc.model.conditions import AllOf, Condition, Opaque, all_of

__all__ = ["told_any"]


def told_any(conditions: list[Condition]) -> Condition:
    """Return when any of the conditions holds, as far as a reader wants to know."""
    return _told(conditions[0] if len(conditions) == 1 else disjoin(map(_told, conditions)))


def _told(condition: Condition) -> Condition:
    """Return a condition without what is no use to a reader (see `paths.is_told`)."""
    parts = condition.conditions if isinstance(condition, AllOf) else (condition,)
    return all_of(part for part in parts if is_told(part) and not _is_raised(part))


def _is_raised(part: Condition) -> bool:
    return isinstance(part, Opaque) and part.source.endswith(" is raised")
