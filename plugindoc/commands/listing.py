"""``plugindoc list``: options, plugins and steps that a filter leaves, one a line."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final

import click

from plugindoc.commands.completion import complete_options
from plugindoc.commands.failures import base_option, project_at
from plugindoc.model.names import nearest
from plugindoc.model.values import words
from plugindoc.rendering.blocks import Row, plain_text
from plugindoc.rendering.catalogue import Catalogue, Layout
from plugindoc.rendering.filtering import better_words, fitting
from plugindoc.rendering.options import matches_choices, told_choices
from plugindoc.rendering.overviews import option_rows, plugin_rows, step_rows, template_rows
from plugindoc.rendering.requests import OptionFilter
from plugindoc.rendering.texts import count

__all__ = ["list_things"]

_NOTHING_FITS: Final = 1
_NARROWEST: Final = 40
_ROWS: Final[dict[str, Callable[[Catalogue], tuple[Row, ...]]]] = {
    "option": lambda catalogue: option_rows(catalogue, OptionFilter()).rows,
    "plugin": lambda catalogue: plugin_rows(catalogue).rows,
    "step": step_rows,
    "template": lambda catalogue: template_rows(catalogue).rows,
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
    NEUTRON_* is a pattern), flags, descriptions and conditions. Exit status 1: nothing matches.
    """
    catalogue = Catalogue("", project_at(path, bases=bases), Layout(""))
    kind = kind or "option"
    rows = _ROWS[kind](catalogue)
    found = fitting(rows, words, depends_on)
    if not found:
        _refuse_unknown(catalogue, depends_on)
        better = better_words(rows, words)
        hint = f" Did you mean: {better}?" if better else ""
        click.echo(f"No {kind} matches.{hint}", err=True)
        raise click.exceptions.Exit(_NOTHING_FITS)
    for line in _lines(found):
        click.echo(line)
    if sys.stdout.isatty():
        click.echo(f"{count(len(found), kind)} of {len(rows)}", err=True)


def _refuse_unknown(catalogue: Catalogue, depends_on: str) -> None:
    """Raise BadParameter where `depends_on` names no option, or a value that is not a choice."""
    wanted, equals, value = depends_on.strip().partition("=")
    options = catalogue.questions.options
    names = sorted({option.name for option in options})
    if equals:
        named = [option for option in options if option.name == wanted.upper()]
    else:
        named = [option for option in options if wanted.upper() in option.name.upper()]
    if not named:
        better = nearest(wanted.upper(), names)
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
