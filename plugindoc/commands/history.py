"""``plugindoc history``: since when options are there, and what each release changed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import click
import msgspec

from plugindoc.changes.history import newest_name, timeline
from plugindoc.commands.completion import complete_options
from plugindoc.commands.failures import CannotRunError, base_option, project_at
from plugindoc.loading import LoadError
from plugindoc.model.changes import ReleaseChanges
from plugindoc.model.names import nearest
from plugindoc.model.printing import in_one_line
from plugindoc.model.project import Project
from plugindoc.releases import History, Wanted, cache_folder, wanted_by
from plugindoc.releases import history as history_of
from plugindoc.settings import SettingsError, find
from plugindoc.states import LoadOptions

__all__ = ["history"]


@click.command()
@click.argument("name", required=False, shell_complete=complete_options)
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "--releases",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with one source tree, unpacked package or export per release, named by version.",
)
@click.option("--tags", metavar="PATTERN", help="Pattern of the git tags that are releases.")
@base_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format: lines, or JSON.",
)
def history(
    name: str | None,
    path: Path | None,
    bases: tuple[str, ...],
    *,
    releases: Path | None,
    tags: str | None,
    form: Literal["text", "json"],
) -> None:
    """Show what each release changed, or what happened to the option NAME.

    Releases are the git tags that end in a version, unless the settings, --tags or --releases say
    otherwise. PATH is an installer (default: current directory). Nothing is checked out. Results
    are cached in the user's cache folder (plugindoc/history), which you can delete at any time.
    """
    if name is not None and path is None and Path(name).is_dir():
        path, name = Path(name), None
    path = path or Path()
    project = project_at(path, bases=bases)
    found = _history(path, project, bases, releases, tags)
    for warning in found.warnings:
        click.echo(in_one_line(f"Warning: {warning}"), err=True)
    shown = found.releases
    if name is not None:
        known = {option.name for p in project.plugins for g in p.groups for option in g.options}
        shown = _of_option(name.upper(), found.releases, known)
    if form == "json":
        document = {"version": 1, "releases": shown, "warnings": found.warnings}
        click.echo(msgspec.json.format(msgspec.json.encode(document), indent=2).decode())
    else:
        _print(shown, name, found)


def _history(
    path: Path, project: Project, bases: tuple[str, ...], releases: Path | None, tags: str | None
) -> History:
    try:
        found = find(path)
        options = LoadOptions(found.settings.protocol, (*bases, *found.bases))
        wanted = wanted_by(found)
        if releases is not None or tags is not None:
            wanted = Wanted(tags or "", releases)
        elif not (wanted.tags or wanted.folder):
            wanted = Wanted("*")
        return history_of(path, project, options, wanted, cache_folder())
    except (LoadError, SettingsError) as error:
        raise CannotRunError(str(error)) from error


def _of_option(
    name: str, releases: Sequence[ReleaseChanges], known: set[str]
) -> tuple[ReleaseChanges, ...]:
    """Return what happened to an option, by release; under its old names too.

    Fails for a name that no release knows.
    """
    newest = newest_name(releases, name)
    events = timeline(releases, newest)
    names = {change.name for release in releases for change in release.changes} | known
    if not events and newest not in known:
        guess = nearest(name, names)
        hint = f"; did you mean {guess}?" if guess else ""
        message = f"no release has an option {name}{hint}"
        raise CannotRunError(message)
    return tuple(
        msgspec.structs.replace(release, changes=mine)
        for release in releases
        if (mine := tuple(e.change for e in events if e.release == release.release))
    )


def _print(shown: Sequence[ReleaseChanges], name: str | None, found: History) -> None:
    if name is not None:
        changes = [change for release in shown for change in release.changes]
        first = found.releases[0].since if found.releases else "the only release"
        if not any(change.kind == "added" for change in changes):
            click.echo(f"{first}  first release on record")
    for release in shown:
        if name is None:
            click.echo(in_one_line(f"{release.release} (after {release.since})"))
        for change in release.changes:
            mark = f"  {change.impact}:" if name is None else f"{release.release} "
            click.echo(in_one_line(f"{mark} {change.message}"))
        if name is None:
            unchanged = "no change in what could be read" if release.unread else "nothing changed"
            click.echo("" if release.changes else f"  {unchanged}\n")
