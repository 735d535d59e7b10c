"""``plugindoc diff``: what changed between two states of an installer."""

from __future__ import annotations

import json
import sys
from collections.abc import Collection
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Literal, NoReturn

import click

from plugindoc.changes.comparison import Comparison, Side, compare
from plugindoc.changes.kinds import KINDS
from plugindoc.changes.pages import kind_named, page, write_pages
from plugindoc.changes.reporters import FORMATS, Report, render
from plugindoc.commands.failures import COULD_NOT_RUN, CannotRunError, base_option
from plugindoc.loading import LoadError
from plugindoc.model.printing import in_one_line
from plugindoc.settings import Accepted, Found, SettingsError, find
from plugindoc.states import LoadOptions, state

__all__ = ["FailOn", "conclude", "diff"]

FailOn = Literal["breaking", "notable", "never"]
_FAILING = {"breaking": ("breaking",), "notable": ("breaking", "notable"), "never": ()}


@click.command()
@click.argument("old", required=False)
@click.argument("new", default=".")
@click.option(
    "--format",
    "form",
    type=click.Choice(FORMATS),
    default="text",
    show_default=True,
    help="Report format.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write the report to."
)
@click.option(
    "--fail-on",
    type=click.Choice(["breaking", "notable", "never"]),
    default="breaking",
    show_default=True,
    help="Lowest impact that fails the comparison.",
)
@base_option
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --format json instead.")
@click.option("--kinds", is_flag=True, help="List the kinds of change instead.")
@click.option("--explain", metavar="KIND", help="Explain a kind of change instead.")
@click.option(
    "--pages",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write one documentation page per kind of change into this folder instead.",
)
def diff(  # noqa: PLR0913 - one parameter a command-line option
    old: str | None,
    new: str,
    *,
    bases: tuple[str, ...],
    form: str,
    output: Path | None,
    fail_on: FailOn,
    schema: bool,
    kinds: bool,
    explain: str | None,
    pages: Path | None,
) -> None:
    """Show what changed from OLD to NEW (default: current directory) and what it means for users.

    OLD and NEW are source trees of an installer, plugindoc exports, or git revisions: REVISION for
    the same folder as the other side, or REVISION:FOLDER. A change is breaking if an answer file or
    a command line that worked stops working or changes its meaning. Exit status 0: no breaking
    changes; 1: breaking changes that the settings do not accept; 2: a side, or one of its files,
    could not be read.
    """
    if pages is not None:
        write_pages(pages)
    elif schema or kinds or explain:
        click.echo(_schema() if schema else _explained(explain), nl=False)
    elif old is None:
        message = "Missing argument 'OLD', or use --kinds, --explain or --schema"
        raise click.UsageError(message)
    else:
        _compare(old, new, bases, form=form, output=output, fail_on=fail_on)


def _compare(
    old: str,
    new: str,
    bases: tuple[str, ...],
    *,
    form: str,
    output: Path | None,
    fail_on: FailOn,
) -> None:
    try:
        settings = find(Path(new) if Path(new).is_dir() else Path())
        options = LoadOptions(settings.settings.protocol, (*bases, *settings.bases))
        after = state(new, options, beside=old)
        before = state(old, options, beside=new)
    except (LoadError, SettingsError) as error:
        raise CannotRunError(str(error)) from error
    conclude(
        compare(before.project, after.project),
        settings,
        sides=(before.side, after.side),
        roots=(before.project.root, after.project.root),
        kinds=[kind.id for kind in KINDS],
        form=form,
        output=output,
        fail_on=fail_on,
    )


def conclude(  # noqa: PLR0913 - a comparison, and what a command line says of its report
    found: Comparison,
    settings: Found,
    *,
    sides: tuple[Side, Side],
    roots: tuple[str, str],
    kinds: Collection[str],
    form: str,
    output: Path | None,
    fail_on: FailOn,
) -> NoReturn:
    """Report a comparison and end with its exit status.

    `kinds` are the kinds of change that the command can find: entries of the settings that accept
    others are left to the command that finds those.
    """
    accepted = _accepted(found, settings, kinds)
    text = render(form, Report(found, *sides, accepted, roots))
    if output is None:
        encoding = getattr(sys.stdout, "encoding", None) or "utf-8"
        click.echo(text.encode(encoding, "replace").decode(encoding), nl=False)
    else:
        output.write_text(text, encoding="utf-8")
    fails = any(
        change.impact in _FAILING[fail_on] and change.id not in accepted for change in found.changes
    )
    sys.exit(COULD_NOT_RUN if found.problems else int(fails))


def _accepted(found: Comparison, settings: Found, kinds: Collection[str]) -> dict[str, str]:
    """Return the reason for each accepted change; entries that match nothing are reported."""
    accepted: dict[str, str] = {}
    for entry in settings.settings.diff.accepted:
        if not any(fnmatchcase(kind, entry.change.partition(":")[0]) for kind in kinds):
            continue
        matched = [change.id for change in found.changes if fnmatchcase(change.id, entry.change)]
        accepted.update(dict.fromkeys(matched, entry.reason or "no reason given"))
        if not matched:
            click.echo(in_one_line(_idle(entry)), err=True)
    return accepted


def _idle(entry: Accepted) -> str:
    return f"tool.plugindoc.diff.accepted: no change matches {entry.change}; remove the entry"


def _schema() -> str:
    from plugindoc.changes.reporters.json import schema  # noqa: PLC0415 - only for the schema

    return json.dumps(schema(), indent=2) + "\n"


def _explained(name: str | None) -> str:
    if name is None:
        width = max(len(kind.id) for kind in KINDS)
        return "".join(f"{kind.id:<{width}}  {kind.summary}\n" for kind in KINDS)
    try:
        return page(kind_named(name))
    except LookupError as error:
        raise CannotRunError(str(error.args[0])) from error
