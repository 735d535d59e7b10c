"""How commands end when they cannot run: one clear line, and exit status 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

__all__ = ["COULD_NOT_RUN", "could_not_run"]

COULD_NOT_RUN = 2


@contextmanager
def could_not_run() -> Iterator[None]:
    """Turn a failure of the file system into one line and exit status 2."""
    try:
        yield
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        click.echo(f"Error: {place}{error.strerror or error}", err=True)
        raise click.exceptions.Exit(COULD_NOT_RUN) from error
