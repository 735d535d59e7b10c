"""``plugindoc answers``: what an installer will make of an answer file, and what that will do."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click
import msgspec

from plugindoc.answers.checking import Remark, Unchecked, unchecked
from plugindoc.answers.checking import check as check_answers
from plugindoc.answers.settling import settle
from plugindoc.commands.failures import base_option, reading_at
from plugindoc.commands.migrate import migrate
from plugindoc.commands.planning import Planner, read_answers
from plugindoc.model.bases import together
from plugindoc.model.printing import in_one_line
from plugindoc.model.questions import Questions
from plugindoc.model.wording import count

if TYPE_CHECKING:
    from plugindoc.answers.plan import Plan
    from plugindoc.answers.reporting import Item

__all__ = ["answers"]


@click.group()
def answers() -> None:
    """Work with answer files."""


answers.add_command(migrate)


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
    help="Output format: lines, or JSON.",
)
def check(file: Path, path: Path, *, bases: tuple[str, ...], form: Literal["text", "json"]) -> None:
    """Check the answer FILE against the installer at PATH (default: current directory).

    Reports lines that cannot be read; unknown, former and duplicate names; values and combinations
    that are refused; options that must be answered; answers that are ignored; and validators that
    could not be followed. Secret values are never shown. Exit status 0: no problems; 1: the
    installer refuses the file; 2: the check could not run.
    """
    given = read_answers(file)
    reading, protocol = reading_at(path, bases=bases)
    questions = Questions(together(reading.project, reading.base))
    settled = settle(given.answers, questions, reading.outcome, protocol)
    remarks, left = check_answers(given, settled, questions), unchecked(settled)
    if form == "json":
        _print_json(remarks, left)
    else:
        _print_text(remarks, left, len(given.answers))
    sys.exit(1 if any(remark.severity == "error" for remark in remarks) else 0)


@answers.command()
@click.argument("file", required=False, type=click.Path(path_type=Path))
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="Output format.",
)
@click.option(
    "--against",
    type=click.Path(path_type=Path),
    help="Show only the differences from this answer file.",
)
@click.option("--strict", is_flag=True, help="Also exit with status 1 if anything is not known.")
@click.option("--schema", is_flag=True, help="Print the JSON Schema of --format json instead.")
def plan(
    file: Path | None,
    path: Path,
    *,
    form: Literal["text", "json", "markdown"],
    against: Path | None,
    strict: bool,
    schema: bool,
) -> None:
    """Show what the answer FILE will do with the installer at PATH (default: current directory).

    Lists, in run order: groups that are asked; answers, defaults, and answers without effect;
    values and combinations that are refused; then sequences and steps with their hosts, templates,
    keys and shell commands. No code of the installer runs. Anything that depends on the run itself
    is marked as not known, with the reason. Secret values are never shown. Exit status 0: not
    refused; 1: refused, or with --strict something is not known; 2: there is no plan.
    """
    from plugindoc.answers.plan import schema as schema_of_plan  # noqa: PLC0415 - commands start fast

    if schema:
        click.echo(json.dumps(schema_of_plan(), indent=2))
        return
    if file is None:
        message = "Missing argument 'FILE', or use --schema"
        raise click.UsageError(message)
    planner = Planner(path)
    found = planner.plan(read_answers(file))
    if against is None:
        _print_plan(found, form)
    else:
        _print_difference(planner.plan(read_answers(against)), found, form)
    unknown = list(_unknown_parts(found)) if strict else []
    for part in unknown:
        click.echo(f"Not known: {in_one_line(part)}", err=True)
    sys.exit(1 if found.outcome == "refused" or unknown else 0)


@answers.command()
@click.argument("path", type=click.Path(path_type=Path), default=".")
@click.option(
    "--output", "-o", type=click.Path(path_type=Path), help="File to write, or folder for --cover."
)
@click.option(
    "--cover",
    "covers",
    is_flag=True,
    help="Write a small set of files in which every condition holds once and fails once.",
)
def generate(path: Path, output: Path | None, *, covers: bool) -> None:
    """Write an answer file with all defaults of the installer at PATH (default: current directory).

    Each option comes with its description, choices and condition. Values that the installer
    computes and values that you have to choose are commented out with #. With --cover, the files
    are for testing the installer: every group, sequence and step is enabled by at least one file
    and disabled by another. Only files that this command wrote are replaced. Exit status 0: files
    written; 2: not written.
    """
    from plugindoc.commands.generating import write_cover, write_file  # noqa: PLC0415 - as above

    if covers:
        if output is None:
            message = "--cover writes several files: choose a folder with --output"
            raise click.UsageError(message)
        write_cover(Planner(path), output)
    else:
        write_file(Planner(path), output)


def _unknown_parts(found: Plan) -> Iterator[str]:
    """Yield what is not known in a plan, in the order of the run."""
    for group in found.groups:
        if group.asked is None:
            yield f"whether group {group.name} is asked"
    for answer in found.answers:
        if answer.effect is None:
            yield f"whether {answer.option} has an effect"
        elif answer.unchecked:
            yield f"whether {answer.option} is accepted ({answer.unchecked})"
    for refusal in found.refusals:
        if refusal.applies is None:
            yield f"whether this applies: {refusal.message}"
    for sequence in found.sequences:
        if sequence.runs is None:
            yield f"whether the sequence {sequence.title} runs"
        for step in sequence.steps:
            if step.runs is None:
                yield f"whether the step {step.title} runs"


def _print_plan(found: Plan, form: str) -> None:
    from plugindoc.answers.reporting import outline_of_plan  # noqa: PLC0415 - as above

    _print(found, outline_of_plan(found), form)


def _print_difference(before: Plan, after: Plan, form: str) -> None:
    from plugindoc.answers.difference import compare  # noqa: PLC0415 - as above
    from plugindoc.answers.reporting import outline_of_difference  # noqa: PLC0415 - as above

    difference = compare(before, after)
    _print(difference, outline_of_difference(difference), form)


def _print(data: object, outline: list[Item], form: str) -> None:
    from plugindoc.answers.reporting import as_markdown, as_text  # noqa: PLC0415 - as above

    if form == "json":
        click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())
    else:
        click.echo(as_markdown(outline) if form == "markdown" else as_text(outline), nl=False)


def _print_json(remarks: tuple[Remark, ...], left: tuple[Unchecked, ...]) -> None:
    data = {"version": 1, "remarks": remarks, "unchecked": left}
    click.echo(msgspec.json.format(msgspec.json.encode(data), indent=2).decode())


def _print_text(remarks: tuple[Remark, ...], left: tuple[Unchecked, ...], answers: int) -> None:
    for remark in remarks:
        hint = f" ({remark.hint})" if remark.hint else ""
        place = f"{remark.location.path}:{remark.location.line}"
        click.echo(in_one_line(f"{place}: {remark.severity}: {remark.message}{hint}"))
    for one in left:
        options = ", ".join(one.options)
        click.echo(in_one_line(f"not checked by {one.function} ({one.reason}): {options}"))
    errors = sum(remark.severity == "error" for remark in remarks)
    found = count(errors, "error") if errors else "no problems"
    click.echo(f"{count(answers, 'answer')}, {found}.")
