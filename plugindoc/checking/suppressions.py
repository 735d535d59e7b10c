"""Suppressions in the checked files: ``# plugindoc: ignore[PD208] shown on purpose``.

A suppression after code applies to its line; one on a line of its own applies to the next line that
is neither blank nor a comment. In both cases it covers a finding whose span contains that line, so
that it can be anywhere in an option's dict. In a usage document it is a comment of reStructuredText
(``.. plugindoc: ignore[PD103] why``) in front of the entry, and applies to all of it.
"""

from __future__ import annotations

import io
import re
import tokenize
from typing import Final

import msgspec

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.sources import Sources
from plugindoc.model.locations import Location

__all__ = ["Suppression", "find"]

_MARKER: Final = "plugindoc: ignore"
_COMMENT: Final = re.compile(
    r"(?P<lead>#|\.\.)[ \t]*plugindoc:[ \t]*ignore\[(?P<rules>[^\]\n]*)\](?P<reason>[^\n]*)"
)


class Suppression(msgspec.Struct, frozen=True):
    """A comment that suppresses rules.

    `rules` are as written, `line` to `last` are the lines that it applies to. `whole` is what is
    deleted with it: the blanks in front of it, or its line if nothing else is there.
    """

    rules: tuple[str, ...]
    reason: str
    line: int
    last: int
    location: Location
    whole: Location

    def covers(self, finding: Finding) -> bool:
        """Return whether a finding is on the lines that it applies to."""
        at = finding.location
        ends = max(at.line, at.end_line)
        return at.path == self.location.path and at.line <= self.last and self.line <= ends


def find(path: str, sources: Sources) -> tuple[Suppression, ...]:
    """Return the suppressions of one file, in order."""
    text = sources.text(path)
    if _MARKER not in text:
        return ()
    lines = sources.lines(path)
    comments = _comments(text) if path.endswith(".py") else None
    found = []
    for number, line in enumerate(lines, 1):
        match = _COMMENT.search(line)
        if match is None or (comments is not None and (number, match.start()) not in comments):
            continue
        alone = not line[: match.start()].strip()
        first = _next_code(lines, number) if alone else number
        found.append(
            Suppression(
                tuple(rule.strip() for rule in match["rules"].split(",") if rule.strip()),
                match["reason"].strip(" \t-:"),
                first,
                _last_indented(lines, first) if match["lead"] == ".." else first,
                Location(path, number, match.start() + 1, number, len(line) + 1),
                _whole(path, number, line, match.start()),
            )
        )
    return tuple(found)


def _whole(path: str, number: int, line: str, start: int) -> Location:
    code = line[:start].rstrip()
    if not code:
        return Location(path, number, 1, number + 1, 1)
    return Location(path, number, len(code) + 1, number, len(line) + 1)


def _comments(text: str) -> set[tuple[int, int]] | None:
    """Return where Python comments start (line from 1, column from 0); None if it is unclear."""
    found = set()
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                found.add(token.start)
    except (tokenize.TokenError, SyntaxError):  # half a file, or another age's Python
        return None
    return found


def _last_indented(lines: list[str], first: int) -> int:
    """Return the last line of the entry of a document that starts on a line."""
    last = first
    for number in range(first + 1, len(lines) + 1):
        line = lines[number - 1]
        if line.strip() and not line[0].isspace():
            break
        last = number if line.strip() else last
    return last


def _next_code(lines: list[str], number: int) -> int:
    for later in range(number + 1, len(lines) + 1):
        line = lines[later - 1].strip()
        if line and not line.startswith(("#", "..")):
            return later
    return number
