"""``plugindoc check``: the gate in CI."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, Literal

import click

from plugindoc.checking.baseline import BaselineError
from plugindoc.checking.reporters import FORMATS, render
from plugindoc.checking.reporters.outcome import Outcome, shown_path
from plugindoc.checking.selection import SelectionError
from plugindoc.commands import check_run
from plugindoc.commands.completion import complete_rules
from plugindoc.commands.failures import COULD_NOT_RUN, CannotRunError, base_option
from plugindoc.extraction.modules import NoModulesError
from plugindoc.loading import LoadError
from plugindoc.model.modules import Classes
from plugindoc.model.printing import in_one_line
from plugindoc.model.wording import count
from plugindoc.settings import SettingsError

__all__ = ["check"]

CLEAN, FINDINGS = 0, 1

_RARELY = (50_000, 20, 20)
"""Garbage is collected less often: a model is many small things that all stay."""

FailOn = Literal["error", "warning", "never"]


def _split(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> list[str]:
    return [part.strip() for each in given for part in each.split(",") if part.strip()]


_GROUPS: Final = {
    "Rules": ("select", "extend_select", "ignore"),
    "Report": ("form", "output", "statistics", "fail_on"),
    "Fixes": ("fix", "diff", "unsafe_fixes"),
    "Accepted and earlier findings": ("since", "baseline", "accept", "prune"),
    "Reading": ("bases", "puppet_modules"),
}


class _GroupedCommand(click.Command):
    """A command whose help lists its options under headings."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        parameters = {
            each.name: each for each in self.get_params(ctx) if isinstance(each, click.Option)
        }
        rest = tuple(
            name for name in parameters if not any(name in names for names in _GROUPS.values())
        )
        for title, names in {**_GROUPS, "Options": rest}.items():
            records = (parameters[name].get_help_record(ctx) for name in names)
            with formatter.section(title):
                formatter.write_dl([record for record in records if record])


@click.command(cls=_GroupedCommand)
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path))
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
    "--select",
    multiple=True,
    callback=_split,
    shell_complete=complete_rules,
    help="Rules to run: codes, names or prefixes.",
)
@click.option(
    "--extend-select",
    multiple=True,
    callback=_split,
    shell_complete=complete_rules,
    help="Rules to run in addition.",
)
@click.option(
    "--ignore",
    multiple=True,
    callback=_split,
    shell_complete=complete_rules,
    help="Rules to skip.",
)
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "never"]),
    help="Lowest severity that fails the check.  [default: error]",
)
@click.option("--statistics", is_flag=True, help="Show only the number of findings per rule.")
@click.option("--fix", is_flag=True, help="Apply safe fixes.")
@click.option(
    "--diff", is_flag=True, help="Show what --fix would change without changing any files."
)
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: include unsafe fixes.")
@click.option(
    "--since",
    default="",
    metavar="REV|PATH|EXPORT",
    help="Report only findings that are new since a git revision, another tree or an export.",
)
@base_option
@click.option(
    "--puppet-modules",
    type=click.Path(path_type=Path),
    help="Folder of the Puppet modules that the manifests use: check classes and parameters too.",
)
@click.option(
    "--baseline", type=click.Path(path_type=Path), help="File that lists accepted findings."
)
@click.option("--accept", is_flag=True, help="Add all findings to the baseline.")
@click.option("--prune", is_flag=True, help="Remove fixed findings from the baseline.")
def check(  # noqa: PLR0913 - one parameter a command-line option
    paths: tuple[Path, ...],
    *,
    form: str,
    output: Path | None,
    select: list[str],
    extend_select: list[str],
    ignore: list[str],
    fail_on: FailOn | None,
    statistics: bool,
    fix: bool,
    diff: bool,
    unsafe_fixes: bool,
    since: str,
    bases: tuple[str, ...],
    puppet_modules: Path | None,
    baseline: Path | None,
    accept: bool,
    prune: bool,
) -> None:
    """Check the installer plugins at PATHS (default: current directory).

    A path inside an installer limits what is reported, not what is read. Exit status 0: clean;
    1: findings; 2: the check could not run, or could not parse a file.
    """
    if unsafe_fixes and not (fix or diff):
        message = "--unsafe-fixes needs --fix or --diff"
        raise click.UsageError(message)
    gc.set_threshold(*_RARELY)
    with _one_line_each():
        asked = check_run.request(
            paths,
            select=select,
            extend_select=extend_select,
            ignore=ignore,
            since=since,
            bases=bases,
            baseline=baseline,
            puppet_modules=puppet_modules,
        )
        _say_unread(asked.modules)
        outcome = check_run.look(asked, new_baseline=accept)
        pending = False
        if diff:
            pending = _print_diff(outcome, unsafe=unsafe_fixes)
        elif fix:
            outcome, fixed = check_run.mend(asked, outcome, unsafe=unsafe_fixes)
            click.echo(f"Fixed {count(fixed, 'finding')}.", err=True)
        if accept or prune:
            done = check_run.rewrite_baseline(asked, outcome, accept=accept, prune=prune)
            click.echo(done, err=True)
            outcome = check_run.look(asked)
        if not diff:
            _report(outcome, form, output, statistics=statistics)
        status = _status(outcome, fail_on or asked.settings.settings.check.fail_on)
    sys.exit(max(status, FINDINGS if pending else CLEAN))


@contextmanager
def _one_line_each() -> Iterator[None]:
    """Turn what keeps a check from running into one line and exit status 2."""
    try:
        yield
    except (LoadError, SettingsError, SelectionError, BaselineError, NoModulesError) as error:
        raise CannotRunError(str(error)) from error


def _say_unread(modules: Classes | None) -> None:
    """Report the files of Puppet modules that could not be read; their classes are not checked."""
    if modules is None:
        return
    for problem in modules.problems:
        click.echo(in_one_line(f"{modules.root}/{problem.location}: {problem.message}"), err=True)


def _print_diff(outcome: Outcome, *, unsafe: bool) -> bool:
    changes = check_run.planned(outcome, unsafe=unsafe)
    for root, change in changes:
        click.echo(change.diff(shown_path(root, change.path)), nl=False)
    return bool(changes)


def _report(outcome: Outcome, form: str, output: Path | None, *, statistics: bool) -> None:
    if statistics:
        # The usual report needs neither this nor the summary below.
        from plugindoc.checking.reporters.terminal import statistics as table  # noqa: PLC0415

        text = table(outcome)
    else:
        terminal = output is None and sys.stdout.isatty()
        colour = terminal and "NO_COLOR" not in os.environ
        text = render(form, outcome, colour=colour)
    if output is None:
        click.echo(text, nl=False)
    else:
        _write(output, text)
    if form == "github":
        _summarise(outcome)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:  # a full disk does not say for which file
        raise OSError(error.errno, error.strerror, str(file)) from error


def _summarise(outcome: Outcome) -> None:
    file = os.environ.get("GITHUB_STEP_SUMMARY")
    if file:
        from plugindoc.checking.reporters.github import summary  # noqa: PLC0415 - see `_report`

        with Path(file).open("a", encoding="utf-8") as stream:
            stream.write(summary(outcome))


def _status(outcome: Outcome, fail_on: FailOn) -> int:
    if any(report.broken for report in outcome.reports):
        return COULD_NOT_RUN
    if any(report.unread for report in outcome.reports):
        return FINDINGS
    counts = outcome.by_severity
    failing = counts["error"] + (counts["warning"] if fail_on == "warning" else 0)
    return FINDINGS if failing and fail_on != "never" else CLEAN
