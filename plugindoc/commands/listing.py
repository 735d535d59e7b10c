"""``plugindoc list``: options, plugins and steps that a filter leaves, one a line."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Final

import click

from plugindoc.commands.completion import complete_options
from plugindoc.commands.failures import CannotRunError, base_option, project_at
from plugindoc.model.names import nearest
from plugindoc.model.project import Project
from plugindoc.model.values import words
from plugindoc.model.wording import count
from plugindoc.rendering.blocks import Row, plain_text
from plugindoc.rendering.catalogue import Catalogue, Layout
from plugindoc.rendering.depending import Dependence
from plugindoc.rendering.filtering import better_words, fitting
from plugindoc.rendering.options import matches_choices, told_choices
from plugindoc.rendering.overviews import option_rows, plugin_rows, step_rows, template_rows
from plugindoc.rendering.requests import OptionFilter

__all__ = ["list_things"]

_NOTHING_FITS: Final = 1
_NARROWEST: Final = 40
_MOST: Final = 3
"""How many options are suggested."""
_ROWS: Final[dict[str, Callable[[Catalogue, Dependence], tuple[Row, ...]]]] = {
    "option": lambda catalogue, _: option_rows(catalogue, OptionFilter()).rows,
    "plugin": lambda catalogue, _: plugin_rows(catalogue).rows,
    "step": step_rows,
    "template": lambda catalogue, depends: template_rows(catalogue, depends).rows,
}


@click.command("list")
@click.argument("words", nargs=-1)
@click.option("--kind", type=click.Choice(list(_ROWS)), help="What to list.  [default: options]")
@click.option(
    "--depends-on",
    default="",
    metavar="OPTION[=VALUE]",
    shell_complete=complete_options,
    help="Only what depends on this answer.",
)
@click.option(
    "--path",
    type=click.Path(path_type=Path),
    default=".",
    help="Folder of the installer.  [default: current directory]",
)
@base_option
def list_things(
    words: tuple[str, ...],
    *,
    kind: str | None,
    depends_on: str,
    path: Path,
    bases: tuple[str, ...],
) -> None:
    """List the options that match all WORDS, with matches in names first.

    Words match as they do in the filter of a site: in names (L2AGENT matches L2_AGENT, and
    NEUTRON_* is a pattern), flags, descriptions and conditions. Where no option matches, the
    plugins, steps and templates that do are listed. Exit status 1: nothing matches.

    With --depends-on, options are listed that this answer enables; steps that it enables, that run
    on the hosts it names or that read it; and templates likewise, also through what includes them.
    With =VALUE, what only reads the option is left out.
    """
    _refuse_paths(words)
    catalogue = Catalogue("", _project(words, path, bases), Layout(""))
    if depends_on:
        _refuse_unknown(catalogue, depends_on)
    depends = Dependence(catalogue, reads="=" not in depends_on)
    kinds = [kind] if kind else _ROWS
    rows = {each: _ROWS[each](catalogue, depends) for each in kinds}
    found = {each: fitting(rows[each], words, depends_on) for each in kinds}
    found = {each: listed for each, listed in found.items() if listed}
    if not found:
        wanted = kind or "option"
        better = better_words(rows[wanted], words)
        hint = f" Did you mean: {better}?" if better else _meant_path(words)
        click.echo(f"No {wanted} matches.{hint}", err=True)
        raise click.exceptions.Exit(_NOTHING_FITS)
    first = next(iter(found))
    others = [count(len(found[each]), each) for each in found if each != "option"]
    for each, listed in found.items():
        if first != "option" and not kind:
            click.echo(f"{count(len(listed), each)}:", err=True)
        if first != "option" or each == "option":
            _print(listed)
    if first == "option" and depends_on and others:
        click.echo(f"{', '.join(others)} depend on it as well: use --kind", err=True)
    elif kind and sys.stdout.isatty():
        click.echo(f"{count(len(found[kind]), kind)} of {len(rows[kind])}", err=True)


def _print(rows: Iterable[Row]) -> None:
    for line in _lines(rows):
        click.echo(line)


def _project(words: Sequence[str], path: Path, bases: Sequence[str]) -> Project:
    """Return the project at a path; a failure explains how to give the path, if a word is one."""
    try:
        return project_at(path, bases=bases)
    except CannotRunError as error:
        message = f"{error.message}.{meant}" if (meant := _meant_path(words)) else error.message
        raise CannotRunError(message) from error


def _refuse_paths(words: Sequence[str]) -> None:
    """Raise UsageError if a word is a path that no name can be."""
    for word in words:
        if (word in {".", ".."} or os.sep in word) and Path(word).exists():
            message = f"{word} is a path; use --path {word}"
            raise click.UsageError(message)


def _meant_path(words: Sequence[str]) -> str:
    """Return a hint if a word may be meant as the path of the installer."""
    word = next((word for word in words if Path(word).is_dir()), "")
    return f" To list another installer, use --path {word}" if word else ""


def _refuse_unknown(catalogue: Catalogue, depends_on: str) -> None:
    """Raise BadParameter if `depends_on` names no option, or a value that is not a choice."""
    wanted, equals, value = depends_on.strip().partition("=")
    options = catalogue.questions.options
    names = sorted({option.name for option in options})
    if equals:
        named = [option for option in options if option.name == wanted.upper()]
    else:
        named = [option for option in options if wanted.upper() in option.name.upper()]
    if not named:
        held = [name for name in names if wanted.upper() in name]
        better = " or ".join(held[:_MOST]) or nearest(wanted.upper(), names)
        message = f"no option is called {wanted}" + (f"; did you mean {better}?" if better else "")
        raise click.BadParameter(message, param_hint="--depends-on")
    choices = [
        words(choice)
        for option in named
        if not matches_choices(catalogue, option)
        for choice in told_choices(option)
    ]
    if value and choices and value not in choices:
        message = f"{value} is not a choice of {wanted}: {', '.join(choices)}"
        raise click.BadParameter(message, param_hint="--depends-on")


def _lines(rows: Iterable[Row]) -> Iterable[str]:
    """Yield a row as a line that fits into the terminal; a pipe gets whole ones."""
    rows = list(rows)
    names = [plain_text(row.title) for row in rows]
    wide = min(max(map(len, names)), _NARROWEST)
    most = shutil.get_terminal_size().columns if sys.stdout.isatty() else None
    for row, name in zip(rows, names, strict=True):
        about = (plain_text(part).strip() for part in (row.detail, row.place, row.summary))
        line = "  ".join((name.ljust(wide), *filter(None, about)))
        yield line[:most].rstrip()
