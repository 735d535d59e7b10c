"""``plugindoc answers``: what an installer will make of an answer file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click
import msgspec

from plugindoc.answers import AnswersError, Remark, parse
from plugindoc.answers import check as check_answers
from plugindoc.commands.failures import CannotRunError, project_at
from plugindoc.model.printing import in_one_line
from plugindoc.model.questions import Questions

__all__ = ["answers"]


@click.group()
def answers() -> None:
    """Work with answer files."""


@answers.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print: lines, or JSON for programs.",
)
def check(file: Path, path: Path, *, form: Literal["text", "json"]) -> None:
    """Check the answer FILE against the installer at PATH (by default, where you are).

    Names unknown, old and answered twice; values that are refused; options that must be answered;
    answers that are not looked at. Values of secrets are never shown. Exit status 0: the installer
    takes it; 1: it does not; 2: the check could not run.
    """
    try:
        given = parse(_text(file), str(file))
    except AnswersError as error:
        raise CannotRunError(str(error)) from error
    except UnicodeDecodeError as error:
        message = f"{file}: not UTF-8 (byte {error.start})"
        raise CannotRunError(message) from error
    questions = Questions(project_at(path))
    remarks = check_answers(given, questions, str(file))
    if form == "json":
        _print_json(remarks)
    else:
        _print_text(remarks, len(given))
    sys.exit(1 if any(remark.severity == "error" for remark in remarks) else 0)


_MOST_BYTES = 10_000_000


def _text(file: Path) -> str:
    """Return an answer file's text; more than anybody answers is refused before it is read."""
    with file.open("rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        message = f"{file}: larger than {_MOST_BYTES:,} bytes; no answer file"
        raise AnswersError(message)
    return data.decode("utf-8")


def _print_json(remarks: tuple[Remark, ...]) -> None:
    data = {"version": 1, "remarks": remarks}
    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())


def _print_text(remarks: tuple[Remark, ...], count: int) -> None:
    for remark in remarks:
        hint = f" ({remark.hint})" if remark.hint else ""
        place = f"{remark.location.path}:{remark.location.line}"
        click.echo(in_one_line(f"{place}: {remark.severity}: {remark.message}{hint}"))
    errors = sum(remark.severity == "error" for remark in remarks)
    found = f"{errors} error{'' if errors == 1 else 's'}" if errors else "nothing wrong"
    click.echo(f"{count} answers, {found}.")
