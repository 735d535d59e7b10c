"""The earlier state that a check compares an installer with."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from plugindoc.commands.targets import Target
from plugindoc.loading import LoadError, read
from plugindoc.model.project import Project
from plugindoc.protocol import Protocol
from plugindoc.states import export_at

__all__ = ["Before", "base_of"]


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
        return Before(export_at(path), target.base)
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

    said = f"--since {since}: No such file or directory, and "
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
