"""The runner: runs the planned steps and reports the outcome."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from source_packstack.installer.controller import Controller
from source_packstack.installer.errors import AnswersError, InstallerError, PluginError
from source_packstack.installer.progress import Progress
from source_packstack.installer.runs import Change, Run
from source_packstack.installer.sequences import Step

__all__ = ["plan", "run_steps", "show_plan", "show_summary"]

log = logging.getLogger(__name__)

_LONGEST_CELL = 80  # characters
_SECONDS_OF_A_SLOW_ONE = 5
_MOST_SLOW_ONES = 5


def plan(controller: Controller) -> None:
    """Have the plugins plan their sequences.

    Raises AnswersError if a plugin refuses a combination of answers with a RuntimeError, and
    PluginError if a plugin fails in any other way.
    """
    try:
        controller.plan_sequences()
    except InstallerError:
        raise
    except RuntimeError as error:
        raise AnswersError(str(error)) from error
    except Exception as error:
        raise PluginError(
            f"a plugin failed to plan its steps: {type(error).__name__}: {error}"
        ) from error


def run_steps(controller: Controller, run: Run) -> list[str]:
    """Run all steps in order; return their messages for the user.

    Raises the first step's InstallerError; any other exception is reported as one, with
    its traceback in the log only.
    """
    console = Console(highlight=False)
    messages: list[str] = []
    for step in _planned_steps(controller):
        started = time.monotonic()
        run.step = step.title
        log.info("step: %s", step.title)
        with Progress(console, step.title) as progress:
            run.report, run.show = progress.report, progress.show
            _run_step(step, controller, messages)
        outcome = "(dry run)" if run.dry_run else f"{time.monotonic() - started:.1f} s"
        console.print(f"[green]✔[/] {escape(step.title)} [dim]{outcome}[/]")
    return messages


def show_plan(run: Run) -> None:
    """Print the files and commands of each host."""
    console = Console(highlight=False)
    console.print("\n[bold]Hosts[/]")
    for host in run.plan.hosts:
        folder = escape(str(run.host_folder(host)))
        console.print(f"  {host}: {folder}", highlight=False, soft_wrap=True)
        for service in run.plan.services:
            if service.host == host:
                console.print(f"    {escape(service.name)}, port {service.port}")
    console.print(
        "\nNo host was contacted. The folder of each host contains its commands (commands.sh) and "
        "files (tree/).",
        soft_wrap=True,
    )


def show_summary(
    controller: Controller,
    run: Run,
    messages: list[str],
    seconds: float,
    *,
    show_changes: bool = False,
) -> None:
    """Print the services of each host, the changes, and messages for the user."""
    console = Console(highlight=False)
    table = Table("Service", "Host", "Port", title="What runs where", title_justify="left")
    for service in run.plan.services:
        table.add_row(escape(service.name), service.host, str(service.port))
    console.print()
    console.print(table)
    if show_changes and run.changes:
        console.print(_changes_table(run))
    if slowest := _slowest(run.changes):
        console.print(_slowest_table(run, slowest))
    if run.changed:
        hosts = [host for host in run.plan.hosts if host in run.changed]
        console.print(f"Changed: {', '.join(hosts)}", highlight=False, soft_wrap=True)
    else:
        console.print("Nothing had to be changed.")
    for message in [*messages, *_option_messages(controller)]:
        console.print(f"• {escape(message)}", highlight=False, soft_wrap=True)
    folder = escape(str(run.folder))
    console.print(f"Done in {seconds:.0f} s. Answers and logs: {folder}", soft_wrap=True)


def _changes_table(run: Run) -> Table:
    table = Table("Host", "Resource", "Property", "Before", "After")
    table.title, table.title_justify = "What changed", "left"
    for change in run.changes:
        texts = (change.resource, change.property, change.before, change.after)
        table.add_row(change.host, *(Text(_in_short(run.masked(text))) for text in texts))
    return table


def _in_short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 1]}…"


def _slowest(changes: Iterable[Change]) -> list[Change]:
    """Return a change of each of the slowest resources, starting with the slowest."""
    resources = {(change.host, change.resource): change for change in changes}
    slow = [change for change in resources.values() if change.seconds >= _SECONDS_OF_A_SLOW_ONE]
    return sorted(slow, key=lambda change: -change.seconds)[:_MOST_SLOW_ONES]


def _slowest_table(run: Run, slowest: Iterable[Change]) -> Table:
    table = Table("Host", "Resource", "Seconds", title="What took longest", title_justify="left")
    for change in slowest:
        resource = Text(_in_short(run.masked(change.resource)))
        table.add_row(change.host, resource, f"{change.seconds:.0f}")
    return table


def _planned_steps(controller: Controller) -> Iterator[Step]:
    for sequence in controller.sequences:
        if sequence.applies(controller.CONF):
            yield from sequence.steps


def _run_step(step: Step, controller: Controller, messages: list[str]) -> None:
    try:
        step.function(controller.CONF, messages)
    except InstallerError:
        raise
    except Exception as error:  # plugins can raise anything
        log.exception("the step %r failed", step.title)
        raise InstallerError(f"the step '{step.title}' failed: {error}") from error


def _option_messages(controller: Controller) -> list[str]:
    config = controller.CONF
    return [
        parameter.message
        for group in controller.groups
        if group.applies(config)
        for parameter in group.parameters.values()
        if parameter.message
        and (not parameter.message_values or config[parameter.name] in parameter.message_values)
    ]
