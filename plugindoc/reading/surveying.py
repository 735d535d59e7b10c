"""The files of an installer's package that there are to read, and what of them cannot be read."""

from __future__ import annotations

import glob
import os
import stat
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path, PurePath
from typing import Final

from plugindoc.model.locations import Location
from plugindoc.model.project import Problem, ProblemKind
from plugindoc.opening import is_utf8
from plugindoc.protocol import Protocol

__all__ = ["survey"]

_PASSED_OVER: Final = frozenset(
    {"spec", "tests", "test", "fixtures", "__pycache__", "node_modules", "build", "dist"}
)
_DOCUMENTS: Final = frozenset({"docs", "doc"})
"""Folders whose Python files are no helper modules."""
_HOLDERS: Final = frozenset({"puppet", "templates", "manifests", "hieradata", "modules"})
"""Folders of templates and helper modules."""

IsTemplate = Callable[[str, str], bool]


def survey(
    root: Path, folders: Iterable[Path], protocol: Protocol, is_template: IsTemplate
) -> tuple[list[str], list[Problem]]:
    """Return the files under some folders of a tree, sorted, and what only looks like one.

    Paths are relative to the root, of regular files and of links to them in the tree. Links to
    folders of the tree are followed, each folder once. Hidden folders, ``spec``, ``tests`` and the
    like are passed over. `is_template` tells by folder and name what looks like a template.

    A problem is what looks like a plugin, helper module, template or usage document, or a folder of
    them, and is a link that leads nowhere or out of the tree, a pipe, socket or device, a folder in
    place of a file, or a folder that may not be listed.
    """
    looking = _Survey(root, protocol, is_template)
    looking.walk(folder.resolve().as_posix() for folder in folders)
    looking.look_for_documents()
    return sorted(looking.files), looking.problems


class _Survey:
    def __init__(self, root: Path, protocol: Protocol, is_template: IsTemplate) -> None:
        self.files: set[str] = set()
        self.problems: list[Problem] = []
        self._top = f"{root.resolve().as_posix().removesuffix('/')}/"
        self._protocol = protocol
        self._is_template = is_template
        self._seen: set[str] = set()
        self._left: list[str] = []

    def walk(self, folders: Iterable[str]) -> None:
        """Look at everything under some folders, and where links in them lead."""
        self._left = [each for each in folders if self._is_inside(each)]
        while self._left:
            self._list(self._left.pop())

    def _list(self, folder: str) -> None:
        if folder in self._seen:
            return
        self._seen.add(folder)
        try:
            with os.scandir(folder) as entries:
                found = list(entries)
        except OSError as error:
            self._report(folder, "unreadable", f"may not be listed: {error.strerror}; not read")
            return
        for entry in found:
            if not is_utf8(entry.name):
                self._look_at_name(folder, entry)
            elif entry.is_symlink():
                self._look_at_link(folder, entry.name)
            elif entry.is_dir(follow_symlinks=False):
                self._look_at_folder(folder, entry.name)
            elif entry.is_file(follow_symlinks=False):
                self.files.add(entry.path.removeprefix(self._top))
            elif self._is_wanted(folder, entry.name):
                self._report(entry.path, "unreadable", "is no regular file; not read")

    def _look_at_name(self, folder: str, entry: os.DirEntry[str]) -> None:
        """Report a name that is not in UTF-8: nothing could name it."""
        if entry.is_dir(follow_symlinks=False) or self._is_wanted(folder, entry.name):
            self._report(entry.path, "unreadable", "has a name that is not UTF-8; not read")

    def _look_at_folder(self, folder: str, name: str) -> None:
        if name in _PASSED_OVER or name.startswith("."):
            return
        if "." in name and self._is_wanted(folder, name) and not folder.endswith("/templates"):
            self._report(f"{folder}/{name}", "unreadable", "is a folder; not read")
        self._left.append(f"{folder}/{name}")

    def _look_at_link(self, folder: str, name: str) -> None:
        place = f"{folder}/{name}"
        real = os.path.realpath(place)
        wanted = self._is_wanted(folder, name) or self._is_holder(folder, name)
        try:
            mode = os.stat(real).st_mode  # noqa: PTH116 - a text is at hand
        except OSError:
            mode = 0
        if not self._is_inside(real) or not mode:
            if wanted:
                where = "nowhere or round" if not mode else "out of the tree"
                self._report(place, "link", f"is a symbolic link that leads {where}; not read")
        elif stat.S_ISDIR(mode):
            self._look_at_folder(*real.rsplit("/", 1))
        elif stat.S_ISREG(mode):
            self.files.add(place.removeprefix(self._top))
        elif wanted:
            self._report(place, "unreadable", "is no regular file; not read")

    def look_for_documents(self) -> None:
        """Look at the usage documents, which lie outside of the installer's package."""
        for pattern in self._protocol.usage.documents:
            for path in sorted(glob.glob(pattern, root_dir=self._top)) or [pattern]:  # noqa: PTH207 - finds links that lead nowhere
                self._look_for(path)

    def _look_for(self, path: str) -> None:
        try:
            os.lstat(self._top + path)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            above = [parent.as_posix() for parent in reversed(PurePath(path).parents)]
            closed = (each for each in above if not os.access(self._top + each, os.X_OK))
            self._report(
                next(closed, path), "unreadable", f"cannot be entered: {error.strerror}; not read"
            )
            return
        real = os.path.realpath(self._top + path)
        if not os.path.exists(real):  # noqa: PTH110 - a text is at hand
            self._report(path, "link", "is a symbolic link that leads nowhere or round; not read")
        elif not self._is_inside(real):
            self._report(path, "link", "is a symbolic link that leads out of the tree; not read")
        elif not os.path.isfile(real):  # noqa: PTH113 - as above
            self._report(path, "unreadable", "is no regular file; not read")

    def _is_inside(self, real: str) -> bool:
        return f"{real}/".startswith(self._top)

    def _is_wanted(self, folder: str, name: str) -> bool:
        """Return whether a name is that of a template, or of a Python file of the installer."""
        if name.endswith(".py"):
            return _DOCUMENTS.isdisjoint(self._parts(folder))
        return self._is_template(folder, name)

    def _is_holder(self, folder: str, name: str) -> bool:
        """Return whether a name is that of a folder with plugins, helpers or templates."""
        if name in _HOLDERS or name == self._protocol.plugins_folder:
            return True
        return not _HOLDERS.isdisjoint(self._parts(folder))

    def _parts(self, folder: str) -> Iterator[str]:
        return iter(folder.removeprefix(self._top).split("/"))

    def _report(self, path: str, kind: ProblemKind, message: str) -> None:
        inside = path.removeprefix(self._top).encode(errors="replace").decode()
        location = Location(inside, 1)
        message = f"{inside} {message}"
        self.problems.append(Problem(kind=kind, message=message, location=location))
