"""``plugindoc answers migrate``: an old answer file brought to a new release."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import click

from plugindoc.answers import migrating
from plugindoc.answers.migrating import NoAnswersError, Note
from plugindoc.commands.failures import CannotRunError, base_option, project_with_history
from plugindoc.commands.planning import read_text
from plugindoc.loading import LoadError
from plugindoc.model.printing import in_one_line
from plugindoc.model.project import Project
from plugindoc.settings import SettingsError, find
from plugindoc.states import LoadOptions, state

__all__ = ["migrate"]

_MOST_NOTES = 1_000
"""That are printed one by one: no answer file needs more."""


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("path", type=click.Path(path_type=Path), default=".")
@base_option
@click.option(
    "--from",
    "old",
    metavar="TREE|REV|EXPORT",
    help="Release that the file was written for; adds the options that are new since then.",
)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write.  [default: FILE.migrated]",
)
@click.option("--diff", is_flag=True, help="Show what would change without writing a file.")
def migrate(
    file: Path,
    path: Path,
    *,
    bases: tuple[str, ...],
    old: str | None,
    output: Path | None,
    diff: bool,
) -> None:
    """Migrate the answer FILE to the installer at PATH (default: current directory).

    Renames options that have a new name, converts values that the plugin maps (VALUE_CHANGES),
    comments out removed options and says why, and adds new options that apply, with their defaults.
    All other lines stay as they are, and FILE itself is not changed. Secret values are never shown.
    Exit status 0: done; 1: some options need your decision; 2: the command could not run.
    """
    text = read_text(file)
    new = project_with_history(path, bases=bases)
    before = None if old is None else _old_release(old, path, bases)
    try:
        done = migrating.migrate(text, str(file), before, new)
    except NoAnswersError as error:
        raise CannotRunError(str(error)) from error
    if diff:
        is_secret = migrating.secret_names(*filter(None, (before, new)))
        for line in migrating.difference(text, done.text, str(file), is_secret):
            click.echo(in_one_line(line))
    else:
        _write(output or file.with_name(f"{file.name}.migrated"), done.text)
    for line in _told(done.notes, file):
        click.echo(in_one_line(line), err=diff)
    sys.exit(0 if done.is_decided else 1)


def _told(notes: Sequence[Note], file: Path) -> Iterator[str]:
    for note in notes[:_MOST_NOTES]:
        place = f"{file}:{note.line}" if note.line else str(file)
        mark = "decide: " if note.kind == "undecided" else ""
        yield f"{place}: {mark}{note.message}"
    left = notes[_MOST_NOTES:]
    if left:
        undecided = sum(note.kind == "undecided" for note in left)
        yield f"{file}: and {len(left)} more, {undecided} of them to decide"


def _old_release(named: str, path: Path, bases: tuple[str, ...]) -> Project:
    try:
        found = find(path)
        options = LoadOptions(found.settings.protocol, (*bases, *found.bases))
        return state(named, options, beside=str(path)).project
    except (LoadError, SettingsError) as error:
        raise CannotRunError(str(error)) from error


def _write(output: Path, text: str) -> None:
    """Write a file that only its owner can read; a different one that exists is kept."""
    content = text.encode("utf-8")
    if output.exists():
        if output.is_file() and output.read_bytes() == content:
            return
        message = f"{output} already exists: choose another file with --output"
        raise CannotRunError(message)
    handle = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as stream:
        stream.write(content)
