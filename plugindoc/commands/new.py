"""``plugindoc new``."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from plugindoc.commands.failures import CannotRunError, base_option
from plugindoc.loading import LoadError, read
from plugindoc.model.bases import together
from plugindoc.model.project import Project
from plugindoc.scaffolding.layout import Layout, find_layout
from plugindoc.scaffolding.names import (
    NameProblem,
    Names,
    check_name,
    check_number,
    free_number,
    names_for,
    title_for,
)
from plugindoc.scaffolding.writing import ScaffoldError, render, write
from plugindoc.settings import Found, SettingsError, find

__all__ = ["new"]

Answer = TypeVar("Answer")


@click.command()
@click.argument("name", required=False)
@click.argument("path", default=".", type=click.Path(path_type=Path))
@click.option("--title", help="Display title.  [default: derived from the name]")
@click.option("--number", type=int, help="Position in the load order.  [default: next free number]")
@base_option
@click.option("--dry-run", is_flag=True, help="List the files without writing them.")
def new(
    name: str | None,
    path: Path,
    title: str | None,
    number: int | None,
    *,
    bases: tuple[str, ...],
    dry_run: bool,
) -> None:
    """Create a plugin NAME in the installer at PATH (default: current directory).

    Writes the plugin, its manifest, its Puppet class, a test, and a page for docs that use
    plugindoc. Existing files are never overwritten: either all files are written or none. In a
    terminal, you are prompted for anything you leave out.
    """
    try:
        found = find(path)
        reading = read(path, protocol=found.settings.protocol, bases=(*bases, *found.bases))
        names = _names(together(reading.project, reading.base), name, title, number)
        for key in ("tests", "docs"):
            found.inside(f"new.{key}", getattr(found.settings.new, key))
        layout = find_layout(
            reading.project,
            found.settings.new,
            found.folder,
            found.settings.protocol.steps.templates_folder,
        )
        _refuse_surprise(path, layout)
        texts = render(layout, names, _templates(found))
        if not dry_run:
            write(layout.base, texts)
    except (LoadError, SettingsError, NameProblem, ScaffoldError) as error:
        raise CannotRunError(str(error)) from error
    _report(layout, names, list(texts), dry_run=dry_run)


def _names(project: Project, name: str | None, title: str | None, number: int | None) -> Names:
    if not sys.stdin.isatty():
        if name is None:
            message = "missing name: plugindoc new NAME"
            raise NameProblem(message)
        return names_for(project, name, number, title or "")
    if name is None:
        name = _ask("Name (lowercase, without number)", str, lambda text: check_name(project, text))
    check_name(project, name)
    if title is None:
        title = _ask("Display title", str, title_for, title_for("", name))
    if number is None:
        number = _ask(
            "Number (position in the load order)",
            int,
            lambda wanted: check_number(project, wanted),
            free_number(project),
        )
    return names_for(project, name, number, title)


def _ask(
    question: str,
    kind: type[Answer],
    check: Callable[[Answer], object],
    default: Answer | None = None,
) -> Answer:
    """Ask until the answer passes the check."""
    while True:
        answer: Answer = click.prompt(question, type=kind, default=default)
        try:
            check(answer)
        except NameProblem as problem:
            click.echo(f"{problem}.")
        else:
            return answer


def _refuse_surprise(path: Path, layout: Layout) -> None:
    """Raise ScaffoldError if the installer was found somewhere below, in another project."""
    if not path.resolve().is_relative_to(layout.base):
        message = (
            f"found the plugins of {layout.installer}; to use them, run:"
            f" plugindoc new NAME {os.path.relpath(layout.installer)}"
        )
        raise ScaffoldError(message)


def _templates(found: Found) -> Path | None:
    return found.inside("new.templates", found.settings.new.templates)


def _report(layout: Layout, names: Names, paths: list[Path], *, dry_run: bool) -> None:
    click.echo(f"{'Would write' if dry_run else 'Wrote'} the plugin {names.module}:")
    for path in paths:
        click.echo(f"  {os.path.relpath(path)}")
    if layout.docs is None:
        click.echo("No page was created: no conf.py in docs/ or doc/ uses plugindoc.")
    if not dry_run:
        click.echo("Next, replace the texts marked TODO; `plugindoc check` lists them.")
