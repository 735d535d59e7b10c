"""``plugindoc build``: a whole site for an installer, with no ``conf.py``."""

from __future__ import annotations

import os
import shlex
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plugindoc.commands.artefacts import Artefacts, stale, write
from plugindoc.commands.failures import (
    CannotRunError,
    base_option,
    could_not_run,
    package_at,
    project_with_history,
    puppet_modules_option,
    with_classes,
)

if TYPE_CHECKING:
    from plugindoc.model.project import Project

__all__ = ["build"]

_FILE = click.Path(dir_okay=False, path_type=Path)

BUILDERS = ("html", "dirhtml", "text", "man", "latex", "gettext", "dummy")


@click.command()
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder to build into.",
)
@click.option(
    "-b",
    "--builder",
    type=click.Choice(BUILDERS),
    default="html",
    show_default=True,
    help="What to build.",
)
@click.option("--name", help="The installer's name in the site.  [default: its package's name]")
@base_option
@click.option("--title", default="", help="The site's title.")
@click.option("--theme", default="furo", show_default=True, help="An installed Sphinx theme.")
@click.option(
    "--language", default="en", show_default=True, help="Language of the site, such as de."
)
@click.option(
    "--base-url",
    default="",
    help="URL that the site is published at. Adds a description, a canonical link and OpenGraph"
    " data to each page, a sitemap and a page for 404. Needs plugindoc[site].",
)
@click.option(
    "--source-url",
    default="",
    help="URL of a source line, with {path}, {line}, {end} and {revision}.",
)
@click.option("--source-revision", default="main", show_default=True, help="Replaces {revision}.")
@click.option("--tags", default="", help="Pattern of the git tags to show the history of.")
@click.option(
    "--releases",
    type=click.Path(file_okay=False, path_type=Path),
    help="Folder with one tree or export per release to show the history of, named by version.",
)
@puppet_modules_option
@click.option(
    "-j", "--jobs", type=click.IntRange(min=1), help="Number of processes.  [default: all cores]"
)
@click.option("--strict", is_flag=True, help="Treat warnings as errors.")
@click.option("--export", type=_FILE, help="Also write the model as JSON to this file.")
@click.option("--answers", type=_FILE, help="Also write an example answer file to this file.")
@click.option("--anchors", type=_FILE, help="Also write the list of the site's anchors.")
@click.option(
    "--check",
    is_flag=True,
    help="Build nothing; check that the files of --export, --answers and --anchors are up to date.",
)
@click.option("-q", "--quiet", is_flag=True, help="Print only warnings and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Print all of Sphinx's output.")
def build(  # noqa: PLR0913, PLR0917 - one parameter a command-line option
    path: Path,
    output: Path | None,
    builder: str,
    name: str | None,
    bases: tuple[str, ...],
    title: str,
    theme: str,
    language: str,
    base_url: str,
    source_url: str,
    source_revision: str,
    tags: str,
    releases: Path | None,
    puppet_modules: Path | None,
    jobs: int | None,
    strict: bool,  # noqa: FBT001 - click hands over flags by name
    export: Path | None,
    answers: Path | None,
    anchors: Path | None,
    check: bool,  # noqa: FBT001 - click hands over flags by name
    quiet: bool,  # noqa: FBT001 - click hands over flags by name
    verbose: bool,  # noqa: FBT001 - click hands over flags by name
) -> None:
    """Build a documentation site of the plugins at PATH.

    PATH is an installer's source tree, an installed or unpacked package, or its plugins folder.
    """
    wanted = {"export": export, "answers": answers, "anchors": anchors}
    artefacts = {kind: file for kind, file in wanted.items() if file is not None}
    if check and not artefacts:
        message = "--check needs files to compare: add --export, --answers or --anchors"
        raise click.UsageError(message)
    if artefacts:
        again = ["plugindoc", "build", str(path), *(("--name", name) if name else ())]
        again += [word for base in bases for word in ("--base", base)]
        again += ["--tags", tags] if tags else []
        again += ["--releases", str(releases)] if releases else []
        again += ["--puppet-modules", str(puppet_modules)] if puppet_modules else []
        with could_not_run():
            project = project_with_history(path, name, bases, tags=tags, releases=releases)
            project = with_classes(project, path, puppet_modules)
            _deal_with(artefacts, project, again, check=check)
    if check:
        return
    if output is None:
        if artefacts:
            return
        message = "missing output folder: add --output FOLDER"
        raise click.UsageError(message)
    from sphinx.cmd.build import build_main  # noqa: PLC0415 - other commands need no Sphinx

    from plugindoc.sphinx.site import Site, installed_themes, site_name  # noqa: PLC0415 - as above

    if theme not in installed_themes():
        message = f"no theme named {theme!r}; installed themes: {', '.join(installed_themes())}"
        raise CannotRunError(message)
    address = _address(base_url)
    package = package_at(path)
    site = Site(
        path=path,
        bases=bases,
        output=output,
        name=name or site_name(package),
        title=title,
        theme=theme,
        language=language,
        base_url=address,
        source_url=source_url,
        source_revision=source_revision,
        tags=tags,
        releases="" if releases is None else str(releases.resolve()),
        puppet_modules="" if puppet_modules is None else str(puppet_modules.resolve()),
    )
    with could_not_run():
        if site.is_foreign:
            message = (
                f"{output} contains other files: choose a new folder, or one that plugindoc built"
            )
            raise CannotRunError(message)
        site.write()
        anew = site.unfinished.exists()
        site.unfinished.touch()
    arguments = ["-b", builder, "-n", "-j", str(jobs or os.cpu_count() or 1)]
    arguments += ["-W", "--keep-going"] if strict else []
    if not verbose:
        arguments += ["-q"] if quiet else ["-q", "-D", "plugindoc_progress=1"]
    # What a build that was cut short left looks up to date, and one that failed has to warn again.
    arguments += ["-E", "-a"] if anew else []
    arguments += ["-d", str(site.environment), str(site.source), str(site.output)]
    status = build_main(arguments)
    if status:
        raise click.exceptions.Exit(1 if strict and status == 1 else 2)
    site.unfinished.unlink(missing_ok=True)
    if not quiet and builder in {"html", "dirhtml"}:
        click.echo(output.resolve() / "index.html")


def _address(base_url: str) -> str:
    """Return the site's address in its normal form; fails with one line if that is impossible."""
    from plugindoc.sphinx.publishing import missing_extensions, normal_address  # noqa: PLC0415 - other commands need no Sphinx

    address = normal_address(base_url)
    if base_url and not address:
        message = f"--base-url is no URL of a site: {base_url!r}; expected https://HOST/PATH"
        raise click.UsageError(message)
    missing = missing_extensions() if address else []
    if missing:
        message = f"--base-url needs {', '.join(missing)}: run `pip install 'plugindoc[site]'`"
        raise CannotRunError(message)
    return address


def _deal_with(artefacts: Artefacts, project: Project, again: list[str], *, check: bool) -> None:
    """Write the committed files, or fail if they are stale; the command `again` writes them."""
    from plugindoc.rendering.catalogue import Catalogue, Layout  # noqa: PLC0415 - only who asks for it pays

    catalogue = Catalogue(project.name, project, Layout("plugins", "walkthroughs"))
    if not check:
        write(catalogue, artefacts)
    elif stale(catalogue, artefacts):
        files = [word for kind, file in artefacts.items() for word in (f"--{kind}", str(file))]
        click.echo(
            f"plugindoc: out of date; to update, run: {shlex.join([*again, *files])}", err=True
        )
        raise click.exceptions.Exit(1)
