"""All kinds of change, options first."""

from __future__ import annotations

from typing import Final

from plugindoc.changes.change import Kind
from plugindoc.changes.kinds import answers, fields, options, running, things

__all__ = ["KINDS"]

KINDS: Final[tuple[Kind, ...]] = (
    *options.KINDS,
    *fields.KINDS,
    *answers.KINDS,
    *running.KINDS,
    *things.KINDS,
)
