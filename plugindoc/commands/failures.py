"""How commands end when they cannot run: one clear line, and exit status 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

__all__ = ["COULD_NOT_RUN", "CannotRunError", "could_not_run", "refuse_without_plugins"]

COULD_NOT_RUN = 2


class CannotRunError(click.ClickException):
    """A command that cannot be carried out; the message is one line for the user."""

    exit_code = COULD_NOT_RUN


@contextmanager
def could_not_run() -> Iterator[None]:
    """Turn a failure of the file system into one line and exit status 2."""
    try:
        yield
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        message = f"{place}{error.strerror or error}"
        raise CannotRunError(message) from error


def refuse_without_plugins(path: Path) -> None:
    """Say in one line, with exit status 2, that a path has no plugins, or settings of no use."""
    from plugindoc.reading.discovery import NoPluginsError, discover  # noqa: PLC0415 - commands start fast
    from plugindoc.settings import SettingsError, find  # noqa: PLC0415 - as above

    try:
        discover(path, find(path).settings.protocol)
    except (NoPluginsError, SettingsError) as error:
        raise CannotRunError(str(error)) from error
