"""How far evaluation goes before it gives up; limits of a single operation are next to it."""

from __future__ import annotations

from typing import Any, Final

__all__ = [
    "CHARACTERS_A_STEP",
    "MAX_ACTIONS",
    "MAX_ANCESTORS",
    "MAX_BITS",
    "MAX_CALLS",
    "MAX_CHARACTERS_IN_ALL",
    "MAX_ITERATIONS",
    "MAX_MEMBERS",
    "MAX_MEMBERS_IN_ALL",
    "MAX_OUTLINED_ROUNDS",
    "MAX_PARTS",
    "MAX_PATH_PARTS",
    "MAX_STEPS",
    "MAX_STEPS_AGAIN",
    "MAX_STEPS_AT_LAST",
    "MAX_STEPS_IN_ALL",
    "MAX_TEXT",
    "MEMBERS_A_STEP",
    "Exhausted",
    "Stop",
    "Unfit",
    "is_mistake",
    "limit_reached",
    "mistake",
    "reason_of",
]

MAX_STEPS: Final = 60_000
"""Expressions and statements evaluated for one hook or module."""

MAX_STEPS_AGAIN: Final = 500
"""Those that each outermost statement has in any case, so that many short ones all are followed."""

MAX_STEPS_IN_ALL: Final = 200_000
"""Those of all hooks, steps and outermost statements of one file together."""

MAX_STEPS_AT_LAST: Final = 20
"""Those that each outermost statement still has once the file has used up all of its own."""

MAX_ITERATIONS: Final = 5_000
"""Rounds of one loop."""

MAX_OUTLINED_ROUNDS: Final = 3
"""Rounds of a ``while`` loop in an outline: what it does, not what it gives."""

MAX_CALLS: Final = 40
"""Calls within calls."""

MAX_TEXT: Final = 200_000
"""Characters of a text that is computed."""

MAX_PARTS: Final = 2_000
"""Parts of a text with holes: pieces that are known, and what fills the holes between them."""

MAX_MEMBERS: Final = 20_000
"""Members of a list, dict or set that is computed."""

MAX_MEMBERS_IN_ALL: Final = 50_000
"""Members of a value that is looked at whole, those of its members counted."""

MAX_ACTIONS: Final = 15_000
"""Uses of keys, commands, templates and so on that the steps of one plugin may have in all."""

MEMBERS_A_STEP: Final = 16
"""Members of a list that one step pays for."""

CHARACTERS_A_STEP: Final = 512
"""Characters of a text that one step pays for."""

MAX_CHARACTERS_IN_ALL: Final = 4_000_000
"""Characters of all texts that one hook or step hands to the model."""

MAX_PATH_PARTS: Final = 100_000
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

    `why` is the reason, unless the values that it is about (`values`) have one themselves.
    """

    def __init__(self, why: str = "", *values: Any) -> None:  # noqa: ANN401 - of a layer above
        super().__init__(why)
        self.why = why
        self.values = values


def limit_reached(limit: int, what: str) -> str:
    """Return the words that name a limit."""
    return f"limit: more than {limit:,} {what}"


def is_mistake(reason: str) -> bool:
    """Return whether code was given up by an error of the reader itself."""
    return reason.startswith(_MISTAKE)


_MISTAKE: Final = "internal error in plugindoc"


def mistake(error: Exception) -> str:
    """Return the words for an error of the reader itself, which costs what was just read."""
    return " ".join(f"{_MISTAKE}: {type(error).__name__}: {error}".split())[:300]


def reason_of(error: Exception) -> str:
    """Return why code is given up."""
    if isinstance(error, Exhausted):
        return error.what
    if isinstance(error, Unfit):
        return error.why or "cannot be followed"
    if isinstance(error, RecursionError):
        return "limit: nested too deeply"
    if isinstance(error, MemoryError):
        return "limit: memory"
    text = str(error)
    return text if text.startswith("limit: ") else mistake(error)
