"""``plugindoc why``: why something is asked or runs, or why not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import click
import msgspec

from plugindoc.answers.parsing import AnswerFile
from plugindoc.answers.reporting import as_text, outline_of_explanation
from plugindoc.answers.targets import UnknownTargetError, find_target
from plugindoc.answers.why import Explainer
from plugindoc.answers.why import schema as schema_of_why
from plugindoc.commands.completion import complete_options
from plugindoc.commands.failures import CannotRunError
from plugindoc.commands.planning import Planner, read_answers

__all__ = ["why"]


@click.command()
@click.argument("name", required=False, shell_complete=complete_options)
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option(
    "--answers",
    "file",
    type=click.Path(path_type=Path),
    help="Start from this answer file instead of the defaults.",
)
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --format json instead.")
def why(
    name: str | None,
    path: Path,
    *,
    file: Path | None,
    form: Literal["text", "json"],
    schema: bool,
) -> None:
    """Explain why NAME applies or not, and the smallest change that makes it apply.

    NAME is an option, a group, the title of a sequence or step, a template, a class, or the text of
    an error that the installer at PATH raises (default: current directory). Only changes that the
    installer accepts are suggested; each one was tried. Exit status 0: NAME was found; 2: it was
    not.
    """
    if schema:
        click.echo(json.dumps(schema_of_why(), indent=2))
        return
    if name is None:
        message = "Missing argument 'NAME', or use --schema"
        raise click.UsageError(message)
    given = AnswerFile("") if file is None else read_answers(file)
    planner = Planner(path)
    try:
        target = find_target(name, planner.questions)
    except UnknownTargetError as error:
        raise CannotRunError(str(error)) from error
    reading = planner.reading
    explainer = Explainer(
        given.answers, planner.questions, reading.outcome, reading.hook, planner.protocol
    )
    explanation = explainer.explain(target)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(explanation), indent=2).decode())
    else:
        click.echo(as_text(outline_of_explanation(explanation)), nl=False)
