"""``plugindoc why``: why something is asked or runs, or why not."""

from __future__ import annotations

import json
from contextlib import suppress
from pathlib import Path
from typing import Literal

import click
import msgspec

from plugindoc.answers.explaining import outline_of_explanation
from plugindoc.answers.parsing import AnswerFile
from plugindoc.answers.reporting import as_text
from plugindoc.answers.search import ChangeSearch
from plugindoc.answers.targets import Target, UnknownTargetError, find_target
from plugindoc.answers.why import Explainer
from plugindoc.answers.why import schema as schema_of_why
from plugindoc.commands.completion import complete_options
from plugindoc.commands.failures import CannotRunError
from plugindoc.commands.planning import Planner, read_answers
from plugindoc.model.questions import Questions

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

    NAME is an option, an answer (OPTION=VALUE, or a choice that only one option has), a group or
    plugin, the title of a sequence or step, a template, a class, or the text of an error that the
    installer at PATH raises (default: current directory). The answers that decide it are shown. An
    answer shows the options and steps that come with it. Only changes that the installer accepts
    are suggested; each one was tried. Exit status 0: NAME was found; 2: it was not.
    """
    if schema:
        click.echo(json.dumps(schema_of_why(), indent=2))
        return
    if name is None:
        message = "Missing argument 'NAME', or use --schema"
        raise click.UsageError(message)
    given = AnswerFile("") if file is None else read_answers(file)
    planner = Planner(path)
    target = _target(name, planner.questions)
    reading = planner.reading
    search = ChangeSearch(
        given.answers,
        planner.questions,
        reading.outcome,
        reading.hook,
        planner.protocol,
        reading.steps,
    )
    explanation = Explainer(search).explain(target)
    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(explanation), indent=2).decode())
    else:
        click.echo(as_text(outline_of_explanation(explanation)), nl=False)


def _target(name: str, questions: Questions) -> Target:
    """Return what a name means, as `show` finds it; a choice that only one option has is that."""
    try:
        return find_target(name, questions)
    except UnknownTargetError as error:
        from plugindoc.rendering.catalogue import (  # noqa: PLC0415 - few names need it
            Catalogue,
            Layout,
        )
        from plugindoc.rendering.lookup import (  # noqa: PLC0415 - as above
            hint,
            look_up,
            options_with_choice,
        )

        catalogue = Catalogue("", questions.project, Layout(""))
        found = look_up(catalogue, name)
        answered = [f"{one.name}={name}" for one in options_with_choice(questions, name)]
        for other in (*(one.name for one in found), *(answered if len(answered) == 1 else ())):
            with suppress(UnknownTargetError):
                return find_target(other, questions)
        said = f"Did you mean {' or '.join(answered)}?" if answered else hint(catalogue, name)
        message = f"{error}. {said}"
        if found:
            message = f"no answer decides directly about {name}; use `plugindoc show {name}`"
        raise CannotRunError(message) from error
