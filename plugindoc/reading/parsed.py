"""The parser's nodes, and how one file of them is read."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final, TypeAlias

__all__ = [
    "EXTRAS",
    "MAX_DEPTH",
    "MAX_LITERAL",
    "Parsed",
    "Reader",
    "parts",
]

MAX_DEPTH: Final = 150
"""How deeply expressions may nest before they are left unread."""

MAX_LITERAL: Final = 500_000
"""The longest list, dict or text that is read, in characters of its source."""


Parsed: TypeAlias = Any
"""A node of the parser, whose own type only `plugindoc.reading.python` knows."""

EXTRAS: Final = frozenset({"comment", "line_continuation"})
"""Kinds of nodes without a meaning, which may be between any others."""


class Reader:
    """How one file is read: is it Python 2, can it hold a literal too long, how deep are we."""

    def __init__(self, *, python2: Callable[[], bool], length: int) -> None:
        self.depth = 0
        self.is_long = length > MAX_LITERAL
        self._python2 = python2

    @property
    def python2(self) -> bool:
        """Whether the file is written in Python 2."""
        return self._python2()


def parts(node: Parsed, count: int = 0) -> list[Parsed]:
    """Return a node's named children without comments.

    Where there are `count`, as many as the syntax asks for, none of them can be a comment.
    """
    children: list[Parsed] = node.named_children()
    if len(children) == count:
        return children
    return [child for child in children if child.kind() not in EXTRAS]
