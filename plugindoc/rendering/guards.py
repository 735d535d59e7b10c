"""When something holds, as blocks: short conditions in the line, long ones as a list of parts."""

from __future__ import annotations

from typing import Final

from plugindoc.model.conditions import AllOf, Always, AnyOf, Condition, leaves
from plugindoc.rendering.blocks import Block, Bullets, Paragraph, Part
from plugindoc.rendering.texts import LinkTo, condition_parts

__all__ = ["condition_blocks", "guarded"]

_MOST_IN_A_LINE: Final = 4
"""Readers lose the thread of more comparisons than these in one sentence."""


def guarded(parts: tuple[Part, ...], condition: Condition, link_to: LinkTo) -> tuple[Block, ...]:
    """Return a text followed by when it holds; nothing follows if it always does."""
    if isinstance(condition, Always):
        return (Paragraph(parts),)
    if _is_short(condition):
        when = (Part(" when ", "muted"), *condition_parts(condition, link_to))
        return (Paragraph((*parts, *when)),)
    lead = Part(f" when {_lead(condition)}", "muted")
    return (Paragraph((*parts, lead)), _listed(condition, link_to))


def condition_blocks(condition: Condition, link_to: LinkTo) -> tuple[Block, ...]:
    """Return a condition alone."""
    if _is_short(condition):
        return (Paragraph(condition_parts(condition, link_to)),)
    return (Paragraph((Part(_lead(condition), "muted"),)), _listed(condition, link_to))


def _is_short(condition: Condition) -> bool:
    return (
        not isinstance(condition, AllOf | AnyOf)
        or sum(1 for _ in leaves(condition)) <= _MOST_IN_A_LINE
    )


def _lead(condition: Condition) -> str:
    return "all of these hold:" if isinstance(condition, AllOf) else "any of these holds:"


def _listed(condition: Condition, link_to: LinkTo) -> Bullets:
    parts = condition.conditions if isinstance(condition, AllOf | AnyOf) else ()
    return Bullets(tuple(condition_blocks(part, link_to) for part in parts))
