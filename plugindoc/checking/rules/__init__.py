"""All rules, by code."""

from __future__ import annotations

from typing import Final

from plugindoc.checking.rules import (
    analysis,
    choices,
    classes,
    conditions,
    contradictions,
    declarations,
    deprecation,
    docs,
    groups,
    joined_words,
    naming,
    presence,
    secrets,
    steps,
    templates,
    texts,
    uses,
)
from plugindoc.checking.rules.base import Rule

__all__ = ["RULES"]

_ROOMS: Final = (
    analysis,
    presence,
    texts,
    joined_words,
    contradictions,
    declarations,
    choices,
    secrets,
    uses,
    conditions,
    groups,
    steps,
    templates,
    classes,
    naming,
    deprecation,
    docs,
)

RULES: Final[tuple[type[Rule], ...]] = tuple(
    sorted(
        (getattr(room, name) for room in _ROOMS for name in room.__all__),
        key=lambda rule: rule.code,
    )
)
