"""``plugindoc diff-modules``: what new Puppet modules change for an installer that uses them."""

from __future__ import annotations

from pathlib import Path

import click

from plugindoc.changes.comparison import Side
from plugindoc.changes.modules import KINDS, compare_modules
from plugindoc.commands.diff import FailOn, conclude
from plugindoc.commands.failures import CannotRunError
from plugindoc.extraction.modules import NoModulesError, read_modules
from plugindoc.loading import LoadError, load
from plugindoc.settings import SettingsError, find

__all__ = ["diff_modules"]


@click.command("diff-modules")
@click.argument("old", type=click.Path(path_type=Path))
@click.argument("new", type=click.Path(path_type=Path))
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "markdown", "json"]),
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
def diff_modules(
    old: Path, new: Path, path: Path, *, form: str, output: Path | None, fail_on: FailOn
) -> None:
    """Compare the Puppet modules in OLD and NEW, as used by the installer at PATH.

    Only classes and parameters that its manifests use are compared. Exit status 0: no breaking
    changes; 1: breaking changes that the settings do not accept; 2: a side, or a file of a module
    that is used, could not be read.
    """
    try:
        settings = find(path)
        project = load(path, protocol=settings.settings.protocol)
        before, after = read_modules(old), read_modules(new)
    except (LoadError, SettingsError, NoModulesError) as error:
        raise CannotRunError(str(error)) from error
    conclude(
        compare_modules(before, after, project),
        settings,
        sides=(Side(str(old)), Side(str(new))),
        roots=(before.root, after.root),
        kinds=KINDS,
        form=form,
        output=output,
        fail_on=fail_on,
    )
