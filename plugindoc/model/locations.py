"""Locations in a source tree."""

from __future__ import annotations

import msgspec

__all__ = ["Location"]


class Location(msgspec.Struct, frozen=True, gc=False, order=True):
    """A span of a file.

    `path` is relative to the source's root, with ``/``. Lines and columns count from 1, columns
    in code points; `end_line` and `end_column` point after the last character.
    """

    path: str
    line: int
    column: int = 1
    end_line: int = 0
    end_column: int = 0

    def __str__(self) -> str:
        """Return ``path:line``, which editors and terminals open."""
        return f"{self.path}:{self.line}"

    def __contains__(self, other: Location) -> bool:
        """Return whether a place lies within this one."""
        start, end = (self.line, self.column), (self.end_line, self.end_column)
        return self.path == other.path and start <= (other.line, other.column) < end
