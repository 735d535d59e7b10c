"""Regular expressions out of settings, which come with the tree that is checked: only simple ones.

Python's matching backtracks: a pattern can take practically forever. One without nested
repetition and with few repetitions takes, for a name of bounded length, milliseconds.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["LONGEST_NAME", "names_pattern", "pattern_trouble"]

LONGEST_NAME: Final = 100
"""Characters of the longest file name that patterns are matched against."""

_MOST_REPETITIONS: Final = 4
_LONGEST: Final = 200
_TOKENS: Final = re.compile(
    r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|\(\?(?:P<\w+>|<?[=!]|:)?|\{\d+\}|\{\d*,\d*\}|.", re.DOTALL
)


_VARYING: Final = ("*", "+", "?")
_OPTIONAL: Final = ("?",)
_EITHER: Final = ("|",)
_COUNT: Final = re.compile(r"\{\d*,?\d*\}")


def pattern_trouble(pattern: str) -> str:
    """Return why a pattern is no good, "" for one that can be used: it has to hold a group."""
    if len(pattern) > _LONGEST:
        return f"the pattern has more than {_LONGEST} characters"
    try:
        groups = re.compile(pattern).groups
    except (re.error, RecursionError, OverflowError) as error:
        return f"{pattern!r} is no regular expression: {error}"
    if not groups:
        return f"{pattern!r} has no group in parentheses"
    return _costly(pattern)


def _costly(pattern: str) -> str:
    """Return what makes a pattern slow."""
    repeated = 0
    before = ""
    for token in _TOKENS.findall(pattern):
        varies = token in _VARYING or (_COUNT.fullmatch(token) is not None and "," in token)
        if varies and before in ("*", "+", "?", "}"):
            before = ""  # it only sets how the repetition continues: lazily, or possessively
            continue
        repeats = (varies and token not in _OPTIONAL) or _COUNT.fullmatch(token) is not None
        if repeats and before == ")":
            return f"{pattern!r} repeats a group"
        repeated += varies or token in _EITHER
        before = token[-1]
    if repeated > _MOST_REPETITIONS:
        return f"{pattern!r} has more than {_MOST_REPETITIONS} repetitions and alternatives"
    return ""


def names_pattern(names: tuple[str, ...]) -> str:
    """Return a regular expression of some names, in which ``*`` matches any letters."""
    return "|".join(re.escape(name).replace(r"\*", r"\w*") for name in names)
