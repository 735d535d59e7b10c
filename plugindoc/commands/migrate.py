"""``plugindoc answers migrate``: an old answer file brought to a new release."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from plugindoc.answers import migrating
from plugindoc.commands.failures import CannotRunError, base_option, project_with_history
from plugindoc.commands.planning import read_text
from plugindoc.loading import LoadError
from plugindoc.model.printing import in_one_line
from plugindoc.model.project import Project
from plugindoc.settings import SettingsError, find
from plugindoc.states import LoadOptions, state

__all__ = ["migrate"]


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("path", type=click.Path(path_type=Path), default=".")
@base_option
@click.option(
    "--from",
    "old",
    metavar="TREE|REV|EXPORT",
    help="Release that the file was written for: then new options are added, too.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write.  [default: FILE.migrated]",
)
@click.option("--diff", is_flag=True, help="Write nothing: show what would change.")
def migrate(
    file: Path,
    path: Path,
    *,
    bases: tuple[str, ...],
    old: str | None,
    output: Path | None,
    diff: bool,
) -> None:
    """Bring the answer FILE to the release of the installer at PATH (by default, where you are).

    Options that have a new name are renamed, choices that the plugin maps (VALUE_CHANGES) are
    mapped, removed options are commented out with the reason, and new options that apply are added
    with their defaults. All other lines stay as they are, and so does FILE. Values of secrets are
    never shown. Exit status 0: done; 1: a decision is left to you; 2: it could not run.
    """
    text = read_text(file)
    new = project_with_history(path, bases=bases)
    before = None if old is None else _old_release(old, path, bases)
    done = migrating.migrate(text, str(file), before, new)
    if diff:
        is_secret = migrating.secret_names(*filter(None, (before, new)))
        for line in migrating.difference(text, done.text, str(file), is_secret):
            click.echo(in_one_line(line))
    else:
        _write(output or file.with_name(f"{file.name}.migrated"), done.text)
    for note in done.notes:
        place = f"{file}:{note.line}" if note.line else str(file)
        mark = "decide: " if note.kind == "undecided" else ""
        click.echo(in_one_line(f"{place}: {mark}{note.message}"), err=diff)
    sys.exit(0 if done.is_decided else 1)


def _old_release(named: str, path: Path, bases: tuple[str, ...]) -> Project:
    try:
        found = find(path)
        options = LoadOptions(found.settings.protocol, (*bases, *found.bases))
        return state(named, options, beside=str(path)).project
    except (LoadError, SettingsError) as error:
        raise CannotRunError(str(error)) from error


def _write(output: Path, text: str) -> None:
    """Write a file that only its owner can read; one that is there and says otherwise stays."""
    content = text.encode("utf-8")
    if output.exists():
        if output.is_file() and output.read_bytes() == content:
            return
        message = f"{output} is there already: name another file with --output"
        raise CannotRunError(message)
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
