"""How commands end when they cannot run: one clear line, and exit status 2."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plugindoc.model.printing import in_one_line

if TYPE_CHECKING:
    from plugindoc.loading import Reading
    from plugindoc.model.project import Project
    from plugindoc.protocol import Protocol

__all__ = [
    "COULD_NOT_RUN",
    "CannotRunError",
    "base_option",
    "could_not_run",
    "package_at",
    "project_at",
    "project_with_history",
    "puppet_modules_option",
    "reading_at",
    "with_classes",
]

COULD_NOT_RUN = 2


class CannotRunError(click.ClickException):
    """A command that cannot be carried out; the message is made one line that is safe to print."""

    exit_code = COULD_NOT_RUN

    def __init__(self, message: str) -> None:
        super().__init__(in_one_line(message))


base_option = click.option(
    "--base",
    "bases",
    multiple=True,
    metavar="PATH|PACKAGE|EXPORT",
    help="Installer that the plugins extend; can be repeated.",
)


@contextmanager
def could_not_run() -> Iterator[None]:
    """Turn a failure of the file system into one line and exit status 2.

    Who reads the output may stop reading: a broken pipe is no failure, and passes.
    """
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        place = f"{os.fsdecode(error.filename)}: " if isinstance(error.filename, _PATH) else ""
        message = f"{place}{error.strerror or error}"
        raise CannotRunError(message) from error


_PATH = (str, bytes, os.PathLike)


def package_at(path: Path) -> Path:
    """Return the folder of the installer's package, which gives it its name.

    Says in one line, with exit status 2, that a path has no plugins, or settings of no use.
    """
    from plugindoc.reading.discovery import NoPluginsError, discover  # noqa: PLC0415 - commands start fast
    from plugindoc.settings import SettingsError, find  # noqa: PLC0415 - as above

    try:
        found = discover(path, find(path).settings.protocol)
    except (NoPluginsError, SettingsError) as error:
        raise CannotRunError(str(error)) from error
    return (found.root / found.folders[0]).parent.resolve()


def project_at(path: Path, name: str | None = None, bases: Sequence[str] = ()) -> Project:
    """Return what the plugins at a path declare and do, read as its settings say.

    `name` is the project's, by default that of its package; `bases` are named beside those of the
    settings. Fails as `package_at` does.
    """
    return reading_at(path, name, bases)[0].project


def reading_at(
    path: Path, name: str | None = None, bases: Sequence[str] = ()
) -> tuple[Reading, Protocol]:
    """Return a project with the means to ask what becomes of answers, and its protocol.

    A path may also be an export's file, ``*.json``, which has its name already.
    """
    from plugindoc.loading import LoadError, read  # noqa: PLC0415 - as above
    from plugindoc.settings import SettingsError, find  # noqa: PLC0415 - as above

    try:
        found = find(path)
        protocol, whole = found.settings.protocol, (*bases, *found.bases)
        if path.suffix == ".json" and path.is_file():
            from plugindoc.states import reading_of_export  # noqa: PLC0415 - as above

            return reading_of_export(path), protocol
        return read(path, protocol=protocol, name=name, bases=whole), protocol
    except (LoadError, SettingsError) as error:
        raise CannotRunError(str(error)) from error


puppet_modules_option = click.option(
    "--puppet-modules",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder of the Puppet modules that the manifests use: show their parameters' texts.",
)


def with_classes(project: Project, path: Path, folder: Path | None) -> Project:
    """Return the project at a path with the classes that it uses of the modules in a folder.

    Without `folder`, the settings name it. Warnings go to standard error. Fails as `package_at`
    does.
    """
    from plugindoc.loading import LoadError  # noqa: PLC0415 - as above
    from plugindoc.settings import SettingsError, find  # noqa: PLC0415 - as above
    from plugindoc.states import with_classes as completed  # noqa: PLC0415 - as above

    try:
        project, warnings = completed(project, find(path), folder)
    except (LoadError, SettingsError) as error:
        raise CannotRunError(str(error)) from error
    for warning in warnings:
        click.echo(in_one_line(f"Warning: {warning}"), err=True)
    return project


def project_with_history(
    path: Path,
    name: str | None = None,
    bases: Sequence[str] = (),
    *,
    wanted: bool = False,
    tags: str = "",
    releases: Path | None = None,
) -> Project:
    """Return the plugins at a path with the history that the settings name.

    `tags` and `releases` come before the settings. Where the history is `wanted`, git's tags are
    taken if nothing is named. Warnings go to standard error. Fails as `package_at` does.
    """
    from plugindoc.loading import LoadError  # noqa: PLC0415 - as above
    from plugindoc.releases import Wanted, wanted_by, with_history  # noqa: PLC0415 - as above
    from plugindoc.settings import SettingsError, find  # noqa: PLC0415 - as above
    from plugindoc.states import LoadOptions  # noqa: PLC0415 - as above

    project = project_at(path, name, bases)
    try:
        found = find(path)
        options = LoadOptions(found.settings.protocol, (*bases, *found.bases))
        where = Wanted(tags, releases) if tags or releases else wanted_by(found)
        if wanted and where == Wanted():
            where = Wanted("*")
        project, warnings = with_history(project, path, options, where)
    except (LoadError, SettingsError) as error:
        raise CannotRunError(str(error)) from error
    for warning in warnings:
        click.echo(in_one_line(f"Warning: {warning}"), err=True)
    return project
