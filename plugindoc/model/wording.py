"""Words that reports, pages and messages share: counted nouns, and lists in a sentence."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["count", "listed", "quoted_list"]

_MOST: Final = 6


def count(number: int, noun: str) -> str:
    """Return a number with its noun: ``1 step``, ``2 steps``."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def listed(names: Iterable[str], most: int = _MOST) -> str:
    """Return ``a, b and c``; beyond `most` names, how many more there are."""
    every = [*names]
    if len(every) > most:
        return f"{', '.join(every[:most])} and {len(every) - most} more"
    return " and ".join(filter(None, (", ".join(every[:-1]), *every[-1:])))


def quoted_list(values: Iterable[str]) -> str:
    """Return ``'a', 'b'``."""
    return ", ".join(map(repr, values))
