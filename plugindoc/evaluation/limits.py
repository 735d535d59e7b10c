"""How far evaluation goes before it gives up: every limit and the words that name it."""

from __future__ import annotations

from typing import Final

__all__ = [
    "CHARACTERS_A_STEP",
    "MAX_ANCESTORS",
    "MAX_BITS",
    "MAX_CALLS",
    "MAX_ITERATIONS",
    "MAX_MEMBERS",
    "MAX_MEMBERS_IN_ALL",
    "MAX_OUTLINED_ROUNDS",
    "MAX_STEPS",
    "MAX_STEPS_AGAIN",
    "MAX_TEXT",
    "MAX_WEIGHED",
    "MEMBERS_A_STEP",
    "Exhausted",
    "Stop",
    "Unfit",
    "said",
]

MAX_STEPS: Final = 60_000
"""Expressions and statements evaluated for one hook or module."""

MAX_STEPS_AGAIN: Final = 500
"""Those that each outermost statement has in any case, so that many short ones all are followed."""

MAX_ITERATIONS: Final = 5_000
"""Rounds of one loop."""

MAX_OUTLINED_ROUNDS: Final = 3
"""Rounds of a ``while`` loop where only a sketch is asked for: what it does, not what it gives."""

MAX_CALLS: Final = 40
"""Calls within calls."""

MAX_TEXT: Final = 200_000
"""Characters of a text that is computed."""

MAX_MEMBERS: Final = 20_000
"""Members of a list, dict or set that is computed."""

MAX_MEMBERS_IN_ALL: Final = 50_000
"""Members of a value that is looked at whole, those of its members counted."""

MEMBERS_A_STEP: Final = 16
"""Members of a list that one step pays for."""

CHARACTERS_A_STEP: Final = 4096
"""Characters of a text that one step pays for."""

MAX_WEIGHED: Final = 100_000
"""Parts of paths that conditions are held against for one hook."""

MAX_ANCESTORS: Final = 200
"""Classes that one class inherits from."""

MAX_BITS: Final = 512
"""Bits of an integer that is computed."""


class Exhausted(Exception):  # noqa: N818 - no error: a limit of the reader was reached
    """Evaluation has used up its steps; `what` names the limit."""

    def __init__(self, what: str) -> None:
        super().__init__(what)
        self.what = what


class Stop(Exception):  # noqa: N818 - no error: the path that is followed ends here
    """The path that is followed ends: it returned, raised, or left the loop."""


class Unfit(Exception):  # noqa: N818 - no error: the answer is an unknown value
    """An operation cannot be carried out on what is known.

    `why` says why, where the values that it is about (`values`) do not say it themselves.
    """

    def __init__(self, why: str = "", *values: object) -> None:
        super().__init__(why)
        self.why = why
        self.values = values


def said(limit: int, what: str) -> str:
    """Return the words that name a limit."""
    return f"limit: more than {limit:,} {what}"
