"""``plugindoc answers``: what an installer will make of an answer file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click
import msgspec

from plugindoc.answers.checking import Remark, Unchecked, unchecked
from plugindoc.answers.checking import check as check_answers
from plugindoc.answers.parsing import AnswerFile, parse
from plugindoc.answers.settling import settle
from plugindoc.commands.failures import CannotRunError, base_option, reading_at
from plugindoc.model.bases import together
from plugindoc.model.printing import in_one_line
from plugindoc.model.questions import Questions

__all__ = ["answers"]


@click.group()
def answers() -> None:
    """Work with answer files."""


@answers.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.argument("path", type=click.Path(path_type=Path), default=".")
@base_option
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="What to print: lines, or JSON for programs.",
)
def check(file: Path, path: Path, *, bases: tuple[str, ...], form: Literal["text", "json"]) -> None:
    """Check the answer FILE against the installer at PATH (by default, where you are).

    Names lines that cannot be read; names unknown, old and answered twice; values and combinations
    that are refused; options that must be answered; answers that are not looked at; and functions
    that check an answer, but cannot be followed. Values of secrets are never shown. Exit status 0:
    nothing is wrong; 1: the installer does not take it; 2: the check could not run.
    """
    given = _read(file)
    reading, protocol = reading_at(path, bases=bases)
    questions = Questions(together(reading.project, reading.base))
    settled = settle(given.answers, questions, reading.outcome, protocol)
    remarks, left = check_answers(given, settled, questions), unchecked(settled)
    if form == "json":
        _print_json(remarks, left)
    else:
        _print_text(remarks, left, len(given.answers))
    sys.exit(1 if any(remark.severity == "error" for remark in remarks) else 0)


_MOST_BYTES = 10_000_000


def _read(file: Path) -> AnswerFile:
    """Return an answer file; more than anybody answers is refused before it is read."""
    with file.open("rb") as stream:
        data = stream.read(_MOST_BYTES + 1)
    if len(data) > _MOST_BYTES:
        message = f"{file}: larger than {_MOST_BYTES:,} bytes; no answer file"
        raise CannotRunError(message)
    try:
        return parse(data.decode("utf-8"), str(file))
    except UnicodeDecodeError as error:
        message = f"{file}: not UTF-8 (byte {error.start})"
        raise CannotRunError(message) from error


def _print_json(remarks: tuple[Remark, ...], left: tuple[Unchecked, ...]) -> None:
    data = {"version": 1, "remarks": remarks, "unchecked": left}
    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())


def _print_text(remarks: tuple[Remark, ...], left: tuple[Unchecked, ...], count: int) -> None:
    for remark in remarks:
        hint = f" ({remark.hint})" if remark.hint else ""
        place = f"{remark.location.path}:{remark.location.line}"
        click.echo(in_one_line(f"{place}: {remark.severity}: {remark.message}{hint}"))
    for one in left:
        options = ", ".join(one.options)
        click.echo(in_one_line(f"not checked by {one.function} ({one.reason}): {options}"))
    errors = sum(remark.severity == "error" for remark in remarks)
    found = f"{errors} error{'' if errors == 1 else 's'}" if errors else "nothing wrong"
    click.echo(f"{count} answers, {found}.")
