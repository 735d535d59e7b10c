"""What becomes of an answer: processed, then accepted or refused."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from plugindoc.model.values import Value

__all__ = ["FOREIGN", "Outcome"]

FOREIGN: Final = "plugindoc-none-of-these"
"""An arbitrary answer: what accepts it accepts any text."""


class Outcome(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """The result of an option's processors and validators for one answer.

    `value` is what the configuration then holds, None if that is the answer unchanged.
    `accepted` is None if it is not known. `by` names the function that refuses the answer, or
    whose result is not known, and `why` is its message, or the reason.
    """

    answer: Any
    value: Value | None = None
    accepted: bool | None = True
    by: str = ""
    why: str = ""
