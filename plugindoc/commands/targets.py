"""Which installers the given paths mean, and what of them is to be reported."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from plugindoc.loading import LoadError, read
from plugindoc.model.patterns import LONGEST_NAME
from plugindoc.model.project import Project
from plugindoc.protocol import PACKSTACK, Protocol
from plugindoc.reading.discovery import NoPluginsError, discover

__all__ = ["Target", "find", "package_of"]

_ABOVE = 8
"""Folders above a path in which its installer is looked for."""
_MARKS = (".git", "pyproject.toml", "setup.py", "setup.cfg")
"""Files at the top of a source tree."""


class Target(msgspec.Struct, frozen=True):
    """An installer, and the paths in it (relative to its root) to report; everything if it is None.

    `base` is what the installers that it adds to declare and do.
    """

    path: Path
    project: Project
    within: tuple[str, ...] | None
    base: Project | None = None


def find(
    paths: Iterable[Path], protocol: Protocol = PACKSTACK, bases: Sequence[str] = ()
) -> tuple[list[Target], int]:
    """Return the installers that the paths are, or lie in, each once, and the files skipped.

    A path that is an installer (its source tree or package) or holds one selects all of it; a path
    inside selects what lies there. What is *read* is always the whole installer. Files outside any
    installer are skipped: pre-commit passes every changed file.

    Raises LoadError for a path that does not exist, and for a folder in and above which there is no
    installer.
    """
    found: dict[Path, Target] = {}
    skipped = 0
    for path in paths:
        if not path.exists():
            message = f"{path}: No such file or directory"
            raise LoadError(message)
        place = _place(path)
        known = next((t for t in found.values() if _holds(t, place)), None)
        target = known or _loaded(path, place, protocol, bases)
        if target is None:
            skipped += 1
            continue
        root = Path(target.project.root).resolve()
        within = _within(place, root, target.project)
        before = found[root].within if root in found else ()
        both = None if within is None or before is None else (*before, *within)
        found[root] = msgspec.structs.replace(target, within=both)
    return [*found.values()], skipped


def _place(path: Path) -> Path:
    """Return where a path is: a file that is a link is where the link is."""
    return path.resolve() if path.is_dir() else path.parent.resolve() / path.name


def _holds(target: Target, place: Path) -> bool:
    return place.is_relative_to(Path(target.project.root).resolve())


def _loaded(path: Path, place: Path, protocol: Protocol, bases: Sequence[str]) -> Target | None:
    """Load the installer at a path, or the nearest above it; None for a file outside of any."""
    start = path if path.is_dir() else path.absolute().parent
    try:
        found = discover(start, protocol)
    except NoPluginsError as error:
        above = _above(start.resolve(), protocol, bases)
        if above is None and not path.is_file():
            raise LoadError(str(error)) from error
        return above
    if path.is_file() and not place.is_relative_to(found.root):
        return None
    return _target(start, protocol, bases)


def _target(folder: Path, protocol: Protocol, bases: Sequence[str]) -> Target:
    found = read(folder, protocol=protocol, bases=bases)
    return Target(folder, found.project, None, found.base)


def _above(start: Path, protocol: Protocol, bases: Sequence[str]) -> Target | None:
    """Return the installer that a folder lies in; the search ends with the repository."""
    for folder in (start, *start.parents[:_ABOVE]):
        if _is_too_wide(folder):
            break
        marked = any((folder / mark).exists() for mark in _MARKS)
        if folder != start and (marked or _is_around_plugins(folder, protocol)):
            with contextlib.suppress(NoPluginsError):
                if start.is_relative_to(discover(folder, protocol).root):
                    return _target(folder, protocol, bases)
        if (folder / ".git").exists():
            break
    return None


def _is_around_plugins(folder: Path, protocol: Protocol) -> bool:
    """Return whether a folder is an installer's package, or holds one."""
    name = re.compile(protocol.plugin_pattern)
    found = (
        file
        for pattern in (f"{protocol.plugins_folder}/*", f"*/{protocol.plugins_folder}/*")
        for file in folder.glob(pattern)
    )
    return any(len(file.name) <= LONGEST_NAME and name.match(file.name) for file in found)


def _is_too_wide(folder: Path) -> bool:
    """Return whether a folder is no place to look for an installer: the root, or a home."""
    whole = folder.resolve()
    return whole == whole.parent or whole == Path.home()


def package_of(project: Project) -> list[Path]:
    """Return the folders that hold the installer's plugin folders."""
    root = Path(project.root).resolve()
    return [Path(os.path.normpath(root / source)).parent for source in project.sources]


def _within(path: Path, root: Path, project: Project) -> tuple[str, ...] | None:
    """Return what a path selects, relative to the root: None for the whole installer."""
    if any(package.is_relative_to(path) for package in package_of(project)):
        return None
    return (Path(os.path.relpath(path, root)).as_posix(),)
