"""The texts of the checked files, each read once and only when something asks for it."""

from __future__ import annotations

import os
from pathlib import Path

from plugindoc.model.locations import Location
from plugindoc.model.printing import same_length_lines
from plugindoc.opening import read_file

__all__ = ["Sources"]


class Sources:
    """Texts by their path relative to a project's root; "" for what cannot be read.

    A link that leads out of the root cannot be read: reports are public. A root of "" (an export,
    which has no files) has no texts.
    """

    def __init__(self, root: str) -> None:
        self.root = Path(root) if root else None
        self._real_root = os.path.realpath(root)
        self._texts: dict[str, str] = {}
        self._lines: dict[str, list[str]] = {}

    def text(self, path: str) -> str:
        """Return a file's text, without a byte-order mark."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _read(self, path: str) -> str:
        if self.root is None or not path:
            return ""
        try:
            file = Path(os.path.realpath(self.root / path))
            if not file.is_relative_to(self._real_root):
                return ""
            return read_file(file).decode("utf-8-sig", errors="replace")
        except (OSError, ValueError):
            return ""

    def lines(self, path: str) -> list[str]:
        """Return a file's lines without their ends."""
        if path not in self._lines:
            text = same_length_lines(self.text(path))
            self._lines[path] = [line.removesuffix("\r") for line in text.split("\n")]
        return self._lines[path]

    def line(self, path: str, number: int) -> str:
        """Return one line, counted from 1; "" beyond the end."""
        lines = self.lines(path)
        return lines[number - 1] if 0 < number <= len(lines) else ""

    def at(self, span: Location) -> str:
        """Return the text of a span; "" if the span has no end."""
        if not span.end_line:
            return ""
        lines = self.lines(span.path)[span.line - 1 : span.end_line]
        if len(lines) != span.end_line - span.line + 1:
            return ""
        lines[-1] = lines[-1][: span.end_column - 1]
        lines[0] = lines[0][span.column - 1 :]
        return "\n".join(lines)
