"""A state of an installer, named by a user: a tree, a git revision, or an export."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from plugindoc.changes.comparison import Side
from plugindoc.commands.targets import Target
from plugindoc.loading import LoadError, load, read
from plugindoc.model.export import ExportError, decode
from plugindoc.model.things import Project
from plugindoc.opening import read_file
from plugindoc.protocol import Protocol
from plugindoc.settings import LARGEST

__all__ = ["State", "base_of", "state"]


class State(msgspec.Struct, frozen=True):
    """What a user named, and what is there."""

    side: Side
    project: Project


def state(named: str, protocol: Protocol, *, beside: str = "") -> State:
    """Return a state: an export or a tree by its path, or ``REVISION[:FOLDER]`` of git.

    `beside` names the other side. Where that is a tree in a repository, a revision means the same
    folder of that repository; where it is none, the folder and repository of the working directory.

    Raises LoadError, with one line for the user.
    """
    path = Path(named)
    if path.is_file():
        return State(Side(named), _export(path))
    if path.is_dir():
        return State(Side(named), load(path, protocol=protocol))
    return _of_revision(named, protocol, Path(beside) if Path(beside).is_dir() else Path())


def _export(path: Path) -> Project:
    try:
        return decode(read_file(path, LARGEST))
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise LoadError(message) from error
    except ExportError as error:
        message = f"{path}: {error}"
        raise LoadError(message) from error


def _of_revision(named: str, protocol: Protocol, beside: Path) -> State:
    # Only a comparison with a revision needs git.
    from plugindoc.reading.git import GitError, Repository  # noqa: PLC0415
    from plugindoc.reading.history import checked_out  # noqa: PLC0415

    revision, colon, folder = named.partition(":")
    said = f"{named}: no such file or folder, and "
    try:
        repository = Repository(beside)
        commit = repository.commit(revision)
        said = f"{named}: "
        here = beside.resolve().relative_to(repository.top).as_posix()
        wanted = folder.strip("/") or "." if colon else here
        with checked_out(repository, commit) as top:
            place = (top / wanted).resolve()
            if not place.is_relative_to(top.resolve()) or not place.is_dir():
                message = f"{said}{revision} has no folder {wanted}"
                raise LoadError(message)
            try:
                project = load(place, protocol=protocol)
            except LoadError as error:
                message = f"{said}no plugins in {wanted} of {revision}"
                raise LoadError(message) from error
    except GitError as error:
        message = f"{said}{error}"
        raise LoadError(message) from error
    return State(Side(wanted, revision), msgspec.structs.replace(project, root=""))


class Before(msgspec.Struct, frozen=True):
    """An earlier state of an installer, and what the installers that it adds to declare and do."""

    project: Project
    base: Project | None = None


def _before(path: Path, protocol: Protocol, bases: Sequence[str]) -> Before:
    reading = read(path, protocol=protocol, bases=bases)
    return Before(reading.project, reading.base)


def base_of(
    target: Target, since: str, protocol: Protocol, bases: Sequence[str], stack: ExitStack
) -> Before:
    """Return the state to compare an installer with: an export, a tree, or a git revision.

    A revision's files stay readable until `stack` is closed. Where a revision does not have the
    installer yet, an empty one is returned: everything is new.

    Raises LoadError, with one line for the user.
    """
    path = Path(since)
    if path.is_file():
        return Before(_export(path), target.base)
    if path.is_dir():
        return _before(path, protocol, bases)
    folder = _out_of_git(target, since, stack)
    try:
        return _before(folder, protocol, bases)
    except LoadError:
        empty = msgspec.structs.replace(target.project, plugins=(), templates=(), root=str(folder))
        return Before(empty, target.base)


def _out_of_git(target: Target, since: str, stack: ExitStack) -> Path:
    # Only a comparison needs git.
    from plugindoc.reading.git import GitError, Repository  # noqa: PLC0415
    from plugindoc.reading.history import checked_out  # noqa: PLC0415

    said = f"--since {since}: no such file or folder, and "
    try:
        repository = Repository(target.path)
        commit = repository.commit(since)
        said = f"--since {since}: "
        folder = _whole(target, repository.top).relative_to(repository.top).as_posix()
        return stack.enter_context(checked_out(repository, commit, folder))
    except GitError as error:
        message = f"{said}{error}"
        raise LoadError(message) from error


def _whole(target: Target, top: Path) -> Path:
    """Return the folder that holds the whole installer, as far as it lies in the repository.

    A path inside it will not do: without its usage document and templates the base would be
    another installer.
    """
    root = Path(target.project.root).resolve()
    return root if root.is_relative_to(top) else top
