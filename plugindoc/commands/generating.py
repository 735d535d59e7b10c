"""Answer files that are made from an installer's defaults, and where they are written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import click

from plugindoc.answers.covering import cover
from plugindoc.answers.search import ChangeSearch
from plugindoc.commands.failures import CannotRunError
from plugindoc.commands.planning import Planner
from plugindoc.model.printing import in_one_line
from plugindoc.rendering.answer_files import answer_file
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.layout import Layout

__all__ = ["write_cover", "write_file"]

_MARK: Final = "# An answer file for "
"""Begins every file that is written here."""
_COVER: Final = re.compile(r"cover-\d{2}\.txt")


def write_file(planner: Planner, output: Path | None) -> None:
    """Print an answer file with all defaults, or write it."""
    text = answer_file(_catalogue(planner))
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)


def write_cover(planner: Planner, folder: Path) -> None:
    """Write a few answer files that try every condition both ways; report what is not tried."""
    reading = planner.reading
    search = ChangeSearch(
        (), planner.questions, reading.outcome, reading.hook, planner.protocol, reading.steps
    )
    found = cover(search)
    folder.mkdir(parents=True, exist_ok=True)
    catalogue = _catalogue(planner)
    names = [f"cover-{number:02}.txt" for number in range(1, len(found.files) + 1)]
    for name, answers in zip(names, found.files, strict=True):
        _write(folder / name, answer_file(catalogue, answers))
    for file in sorted(folder.iterdir()):
        if _COVER.fullmatch(file.name) and file.name not in names and _is_ours(file):
            file.unlink()
    for target in found.missed:
        way = "is always true" if target.negated else "is never true"
        message = (
            f"{target.kind} {target.name}: no file found: its condition {way} in every attempt"
        )
        click.echo(in_one_line(message), err=True)
    click.echo(f"{len(names)} files in {folder}", err=True)


def _catalogue(planner: Planner) -> Catalogue:
    return Catalogue("", planner.reading.project, Layout(""))


def _write(file: Path, text: str) -> None:
    if file.exists() and not _is_ours(file):
        message = f"{file}: this file was not written by plugindoc; move it, or choose another name"
        raise CannotRunError(message)
    file.write_text(text, encoding="utf-8")


def _is_ours(file: Path) -> bool:
    if not file.is_file() or file.is_symlink():
        return False
    with file.open("rb") as stream:
        return stream.read(len(_MARK)) == _MARK.encode()
