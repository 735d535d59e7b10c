"""Puppet source to syntax and places: manifests, and the code in EPP templates."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from typing import Final

from plugindoc.model.locations import Location
from plugindoc.reading.puppet_syntax import Node, parse
from plugindoc.reading.puppet_tokens import Tokens

__all__ = ["Manifest", "Node", "parse_epp", "parse_manifest"]

_PERCENT_KEY: Final = re.compile(r"%\((\w+)\)[sdr]")
_EPP_TAG: Final = re.compile(r"<%%|<%(?P<kind>[=#-]?)(?P<code>.*?)-?%>", re.DOTALL)
_EPP_PARAMETERS: Final = re.compile(r"\A\s*\|.*?\|\s*\Z", re.DOTALL)
_NO_LINE_END: Final = re.compile(r"[^\n]")


class Manifest:
    """A parsed manifest: its syntax, and texts and locations in its source.

    `code` is what is parsed if that is not all of it, at the same offsets.
    """

    def __init__(self, path: str, source: str, code: str | None = None) -> None:
        self.path = path
        self.source = source
        tokens = Tokens(_named(source if code is None else code))
        self.root: Node = parse(tokens)
        self.is_balanced = tokens.is_balanced
        """Whether every bracket, text and comment is closed; what is not is half a file."""
        self._line_starts = [0, *(match.end() for match in re.finditer(r"\n", source))]

    def text(self, node: Node) -> str:
        """Return the source text of a node."""
        return self.source[node.start : node.end]

    def line(self, number: int) -> str:
        """Return a line of the source, counted from 1."""
        start = self._line_starts[number - 1]
        end = self.source.find("\n", start)
        return self.source[start : end if end >= 0 else None]

    def location(self, node: Node) -> Location:
        """Return the location of a node."""
        return self.span(node.start, node.end)

    def span(self, start: int, end: int) -> Location:
        """Return the location of a range of characters."""
        return Location(self.path, *self._position(start), *self._position(end))

    def _position(self, offset: int) -> tuple[int, int]:
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def nodes(self) -> list[Node]:
        """Return all nodes in source order, each before those inside of it."""
        found = list(_walked(self.root))
        # The content of a heredoc is after its line, and a broken statement's parts are before the
        # place where it breaks.
        found.sort(key=lambda node: (node.start, -node.end))
        return found

    def errors(self) -> Iterator[Node]:
        """Yield the error nodes in no order; each starts where the syntax breaks."""
        return (node for node in _walked(self.root) if node.kind == "error")


def parse_manifest(path: str, source: str) -> Manifest:
    """Return the syntax of a manifest.

    Python's ``%(KEY)s`` in it counts as a name. Never raises on any source.
    """
    return Manifest(path, source)


def parse_epp(path: str, source: str) -> Manifest:
    """Return the syntax of the Puppet code in an EPP template, at its own offsets."""
    code: list[str] = []
    done = 0
    for tag in _EPP_TAG.finditer(source, 0, source.rfind("%>") + 2):
        if tag["code"] is None or tag["kind"] == "#" or _EPP_PARAMETERS.match(tag["code"]):
            continue
        start, end = tag.span("code")
        # The semicolon keeps what is printed apart from what the next tag prints.
        code += [_blanks(source[done:start]), tag["code"], ";"]
        done = end + 1
    return Manifest(path, source, "".join([*code, _blanks(source[done:])]))


def _named(source: str) -> str:
    if "%(" not in source:
        return source
    return _PERCENT_KEY.sub(lambda key: "x" * len(key[0]), source)


def _blanks(source: str) -> str:
    return _NO_LINE_END.sub(" ", source)


def _walked(root: Node) -> Iterator[Node]:
    waiting = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(reversed(node.children))
