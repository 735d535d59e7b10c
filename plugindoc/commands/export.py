"""``plugindoc export``: the whole model as JSON."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plugindoc.commands.failures import (
    base_option,
    could_not_run,
    project_at,
    project_with_history,
    puppet_modules_option,
    with_classes,
)

if TYPE_CHECKING:
    from plugindoc.model.project import Project

__all__ = ["export"]


@click.command()
@click.argument("path", type=click.Path(path_type=Path), required=False)
@click.option(
    "-o",
    "--output",
    type=click.Path(dir_okay=False, path_type=Path),
    help="File to write to instead of the terminal.",
)
@click.option("--name", help="The installer's name.  [default: its package's name]")
@base_option
@puppet_modules_option
@click.option(
    "--history",
    is_flag=True,
    help="Include the history of releases: git tags, or what the settings name.",
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of the export instead.")
def export(  # noqa: PLR0913 - one parameter a command-line option
    path: Path | None,
    output: Path | None,
    name: str | None,
    bases: tuple[str, ...],
    *,
    puppet_modules: Path | None,
    history: bool,
    schema: bool,
) -> None:
    """Print everything the plugins at PATH declare and do, as JSON.

    PATH is an installer's source tree, an installed or unpacked package, or its plugins folder; the
    output is the same for each. `schema_version` is the first key and rises with every incompatible
    change.
    """
    if schema:
        _write(_schema(), output)
    elif path is None:
        message = "Missing argument 'PATH', or use --schema"
        raise click.UsageError(message)
    else:
        project = (
            project_with_history(path, name, bases, wanted=True)
            if history
            else project_at(path, name, bases)
        )
        _write(_encoded(with_classes(project, path, puppet_modules)), output)


def _schema() -> bytes:
    import json  # noqa: PLC0415 - only for the schema

    from plugindoc.model.export import schema  # noqa: PLC0415 - as above

    return json.dumps(schema(), indent=2).encode() + b"\n"


def _encoded(project: Project) -> bytes:
    from plugindoc.model.export import encode  # noqa: PLC0415 - commands start fast

    return encode(project)


def _write(data: bytes, output: Path | None) -> None:
    if output is None:
        sys.stdout.buffer.write(data)
        return
    with could_not_run():
        output.write_bytes(data)
