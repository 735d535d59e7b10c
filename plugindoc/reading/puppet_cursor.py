"""A place in the tokens of Puppet source, and the nodes that are made of them."""

from __future__ import annotations

from typing import Final

from plugindoc.reading.puppet_tokens import Tokens

__all__ = ["Cursor", "Node", "Unexpected"]

MAX_DEPTH: Final = 120
"""Blocks and expressions within each other; a statement that is nested deeper is an error."""


class Node:
    """A piece of syntax: its kind, its offsets, and what it is made of, in source order.

    `role` is what it is to the node around it; `sign` an operator.
    """

    __slots__ = ("children", "end", "kind", "role", "sign", "start")

    def __init__(
        self,
        kind: str,
        start: int,
        end: int,
        children: list[Node] | None = None,
        role: str = "",
        sign: str = "",
    ) -> None:
        self.kind = kind
        self.start = start
        self.end = end
        self.children: list[Node] = [] if children is None else children
        self.role = role
        self.sign = sign

    def part(self, role: str) -> Node | None:
        """Return the first child of a role."""
        return next((child for child in self.children if child.role == role), None)

    def parts(self, role: str) -> list[Node]:
        """Return the children of a role."""
        return [child for child in self.children if child.role == role]


class Unexpected(Exception):  # noqa: N818 - the parser's own, which no caller sees
    """A token in the wrong place."""


class Cursor:
    """Tokens, and which is read next: `at`. `depth` counts what is read within other things."""

    def __init__(self, tokens: Tokens) -> None:
        self.tokens = tokens
        self.kinds = tokens.kinds
        self.starts = tokens.starts
        self.ends = tokens.ends
        self.at = 0
        self.depth = 0

    def take(self, kind: str) -> int:
        """Skip a token of a kind and return where it ends."""
        if self.kinds[self.at] != kind:
            raise Unexpected
        self.at += 1
        return self.ends[self.at - 1]

    def skip(self, kind: str) -> bool:
        """Skip a token if it is of a kind."""
        if self.kinds[self.at] != kind:
            return False
        self.at += 1
        return True

    def leaf(self, role: str = "", kind: str = "") -> Node:
        """Return a node of the next token, whatever its kind."""
        at = self.at
        if self.kinds[at] == "end":
            raise Unexpected
        self.at += 1
        return Node(kind or self.kinds[at], self.starts[at], self.ends[at], role=role)

    def text(self, at: int) -> str:
        """Return a token's text."""
        return self.tokens.source[self.starts[at] : self.ends[at]]

    def finished(self, kind: str, start: int, children: list[Node], sign: str = "") -> Node:
        """Return a node that ends with the token before the next one.

        Code in a heredoc comes after what follows its opening.
        """
        return Node(kind, start, max(start, self.ends[self.at - 1]), children, sign=sign)

    def on_same_line(self) -> bool:
        """Return whether the next token is on the line of the one before it."""
        return not self.tokens.starts_line(self.at)

    def deeper(self) -> None:
        """Count the start of something that can be nested."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise Unexpected
