"""The runner: takes the plan through its steps and says how it went."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from functools import partial

from rich.console import Console
from rich.markup import escape
from rich.status import Status
from rich.table import Table

from source_packstack.installer.controller import Controller
from source_packstack.installer.errors import AnswersError, InstallerError, PluginError
from source_packstack.installer.runs import Run
from source_packstack.installer.sequences import Step

__all__ = ["plan", "run_steps", "show_plan", "show_summary"]

log = logging.getLogger(__name__)


def plan(controller: Controller) -> None:
    """Have the plugins plan their sequences.

    Raises AnswersError for a combination of answers that a plugin does not allow, which plugins
    say with a RuntimeError, and PluginError when a plugin fails in any other way.
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
    """Run all steps in order and give the messages that they leave for the user.

    Raises the first step's InstallerError; what is no InstallerError is told as one, with its
    traceback in the log only.
    """
    console = Console(highlight=False)
    messages: list[str] = []
    for step in _planned_steps(controller):
        started = time.monotonic()
        run.step = step.title
        log.info("step: %s", step.title)
        with console.status(escape(step.title)) as status:
            run.report = lambda text: console.print(f"    {escape(text)}")
            run.show = partial(_show_activity, status, step.title, console.width)
            _run_step(step, controller, messages)
        outcome = "(dry run)" if run.dry_run else f"{time.monotonic() - started:.1f} s"
        console.print(f"[green]✔[/] {escape(step.title)} [dim]{outcome}[/]")
    return messages


def show_plan(run: Run) -> None:
    """Print what each host would get, and what would run there."""
    console = Console(highlight=False)
    console.print("\n[bold]Hosts[/]")
    for host in run.plan.hosts:
        folder = escape(str(run.host_folder(host)))
        console.print(f"  {host}: {folder}", highlight=False, soft_wrap=True)
        for service in run.plan.services:
            if service.host == host:
                console.print(f"    {escape(service.name)}, port {service.port}")
    console.print(
        "\nNo host was touched. Each host's folder has its commands (commands.sh) and the files "
        "that it would get (tree/).",
        soft_wrap=True,
    )


def show_summary(controller: Controller, run: Run, messages: list[str], seconds: float) -> None:
    """Print what runs where now, what was changed, and what the user should know."""
    console = Console(highlight=False)
    table = Table("Service", "Host", "Port", title="What runs where", title_justify="left")
    for service in run.plan.services:
        table.add_row(escape(service.name), service.host, str(service.port))
    console.print()
    console.print(table)
    if run.changed:
        hosts = [host for host in run.plan.hosts if host in run.changed]
        console.print(f"Changed: {', '.join(hosts)}", highlight=False, soft_wrap=True)
    else:
        console.print("Nothing had to be changed.")
    for message in [*messages, *_option_messages(controller)]:
        console.print(f"• {escape(message)}", highlight=False, soft_wrap=True)
    folder = escape(str(run.folder))
    console.print(f"Done in {seconds:.0f} s. Answers and logs: {folder}", soft_wrap=True)


def _planned_steps(controller: Controller) -> Iterator[Step]:
    for sequence in controller.sequences:
        if sequence.applies(controller.CONF):
            yield from sequence.steps


def _show_activity(status: Status, title: str, width: int, text: str) -> None:
    room = max(width - len(title) - 8, 0)
    status.update(f"{escape(title)}  [dim]{escape(text[:room])}[/]")


def _run_step(step: Step, controller: Controller, messages: list[str]) -> None:
    try:
        step.function(controller.CONF, messages)
    except InstallerError:
        raise
    except Exception as error:  # a plugin may fail in any way
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
