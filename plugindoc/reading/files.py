"""The files of a source tree, read once each; nothing outside of the tree is ever opened."""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from plugindoc.model.locations import Location
from plugindoc.model.printing import same_length_lines
from plugindoc.model.project import Problem
from plugindoc.opening import is_utf8, read_file
from plugindoc.reading.python import Module, parse

__all__ = ["Tree", "Trees"]

_CODING: Final = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)", re.MULTILINE)
_CODING_LINES: Final = 2


class Tree:
    """A source tree; `problems` are what could not be read, and why.

    Paths are relative to `root`, with ``/``, and begin with `prefix`.
    """

    def __init__(self, root: Path, prefix: str = "") -> None:
        self.root = root
        self.prefix = prefix
        self.problems: list[Problem] = []
        self._reported: set[Problem] = set()
        self._texts: dict[str, str | None] = {}
        self._base = str(root)
        self._real_root = root.resolve()
        self._folders: dict[str, frozenset[str]] = {}
        self._real_folders: dict[str, str] = {}

    def _at(self, path: str) -> str:
        """Return a path as the file system knows it."""
        return f"{self._base}/{path.removeprefix(self.prefix)}"

    def entries(self, folder: str) -> frozenset[str]:
        """Return the names in a folder; none if it is not there."""
        if folder not in self._folders:
            try:
                found = frozenset(filter(is_utf8, os.listdir(self._at(folder))))  # noqa: PTH208 - names are all that is asked
            except OSError:
                found = frozenset()
            self._folders[folder] = found
        return self._folders[folder]

    def has_file(self, path: str) -> bool:
        """Return whether there is a file, inside of the tree."""
        folder, _, name = path.rpartition("/")
        return name in self.entries(folder or ".") and os.path.isfile(self._at(path))  # noqa: PTH113 - asked thousands of times

    def has_folder(self, path: str) -> bool:
        """Return whether there is a folder."""
        folder, _, name = path.rpartition("/")
        return name in self.entries(folder or ".") and os.path.isdir(self._at(path))  # noqa: PTH112 - asked thousands of times

    def inside(self, path: str) -> bool:
        """Return whether a path leads to something in the tree; if not, that is a problem."""
        whole = Path(self._at(path))
        try:
            real = whole.resolve(strict=True)
        except (RuntimeError, OSError):
            self._report(path, "link", "is a symbolic link that leads nowhere or round; not read")
            return False
        if real == self._real_root or self._real_root in real.parents:
            return True
        self._report(path, "link", "is a symbolic link that leads out of the tree; not read")
        return False

    def _report(self, path: str, kind: str, message: str, line: int = 1) -> None:
        problem = Problem(
            kind=kind,  # type: ignore[arg-type] # one of the kinds, by its callers
            message=f"{path} {message}",
            location=Location(path, line),
        )
        if problem not in self._reported:
            self._reported.add(problem)
            self.problems.append(problem)

    def read(self, path: str) -> str | None:
        """Return a file's text; None, and a problem, if it cannot be read."""
        if path not in self._texts:
            self._texts[path] = self._read(path)
        return self._texts[path]

    def _is_plain(self, path: str) -> bool:
        """Return whether a path is a regular file in a folder of the tree, and no link."""
        folder = path.rpartition("/")[0]
        if folder not in self._real_folders:
            self._real_folders[folder] = os.path.realpath(self._at(folder))
        real, root = self._real_folders[folder], str(self._real_root)
        if real != root and not real.startswith(f"{root.removesuffix('/')}/"):
            return False
        try:
            return stat.S_ISREG(os.lstat(self._at(path)).st_mode)
        except OSError:
            return False

    def _read(self, path: str) -> str | None:
        if not self._is_plain(path) and not self.inside(path):
            return None
        try:
            data = read_file(self._at(path))
        except OSError as error:
            self._report(path, "unreadable", f"cannot be read: {error.strerror}")
            return None
        try:
            return data.decode(_encoding(data))
        except UnicodeError as error:
            line = data.count(b"\n", 0, getattr(error, "start", 0)) + 1
            self._report(
                path, "unreadable", f"is not {_encoding(data)} (line {line}); not read", line
            )
            return None

    def parse(self, path: str, *, thorough: bool = False) -> Module | None:
        """Return a parsed Python file; None, and a problem, if it cannot be read."""
        text = self.read(path)
        if text is None:
            return None
        text = same_length_lines(text.replace("\0", "\ufffd"))
        module = parse(path, text, thorough=thorough)
        _ = module.statements
        for location in module.broken:
            self._report(
                path, "parse-error", f"cannot be parsed at line {location.line}", location.line
            )
        for location, why in module.refused:
            line = location.line
            self._report(path, "limit", f"is not read at line {line}: {why}", line)
        return module


class Trees:
    """A source tree with the trees of its bases beside it, read as if they were one.

    A base's paths begin with ``/`` and its name (``/packstack/plugins/nova_300.py``), which no path
    in the tree itself does.
    """

    def __init__(self, own: Tree, bases: Mapping[str, Tree]) -> None:
        self.own = own
        self.bases = bases

    def of(self, path: str) -> Tree:
        """Return the tree that a path lies in."""
        name = path.split("/", 2)[1] if path.startswith("/") else ""
        return self.bases.get(name, self.own)

    @property
    def problems(self) -> list[Problem]:
        """What could not be read of the tree itself."""
        return self.own.problems

    def entries(self, folder: str) -> frozenset[str]:
        """Return the names in a folder; none if it is not there."""
        return self.of(folder).entries(folder)

    def has_file(self, path: str) -> bool:
        """Return whether there is a file, inside of its tree."""
        return self.of(path).has_file(path)

    def has_folder(self, path: str) -> bool:
        """Return whether there is a folder."""
        return self.of(path).has_folder(path)

    def read(self, path: str) -> str | None:
        """Return a file's text; None, and a problem, if it cannot be read."""
        return self.of(path).read(path)

    def parse(self, path: str, *, thorough: bool = False) -> Module | None:
        """Return a parsed Python file; None, and a problem, if it cannot be read."""
        return self.of(path).parse(path, thorough=thorough)


def _encoding(data: bytes) -> str:
    """Return the encoding that a Python file declares in its first two lines, or UTF-8."""
    if data.startswith(codecs.BOM_UTF8):
        return "utf-8-sig"
    head = b"\n".join(data.split(b"\n", _CODING_LINES)[:_CODING_LINES])
    found = _CODING.search(head)
    if found is None:
        return "utf-8"
    name = found.group(1).decode("ascii", "replace")
    try:
        info = codecs.lookup(name)
    except LookupError:
        return "utf-8"
    return info.name if getattr(info, "_is_text_encoding", True) else "utf-8"
