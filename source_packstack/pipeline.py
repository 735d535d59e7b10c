"""The pipeline for all modes: collects and checks answers, plans the run, and executes it.

The mode determines where the answers come from and where the pipeline ends.
"""

from __future__ import annotations

import logging
import shlex
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from getpass import getpass
from pathlib import Path

import click

from source_packstack.installer.addresses import get_localhost_ip, split_hosts
from source_packstack.installer.answers import (
    Answers,
    check_given,
    read_answers,
    resolve,
    write_answers,
)
from source_packstack.installer.controller import Controller
from source_packstack.installer.errors import AnswersError, InstallerError, ParamValidationError
from source_packstack.installer.parameters import PASSWORD_FROM_STDIN, Parameter
from source_packstack.installer.runner import plan, run_steps, show_plan, show_summary
from source_packstack.installer.runs import Run, default_run_dir, latest_run, log_to, use_run
from source_packstack.installer.ssh import shared_connections
from source_packstack.installer.validators import validate_hosts
from source_packstack.modules.hieradata import mask_host_data

__all__ = ["Given", "Request", "serve"]

log = logging.getLogger(__name__)

Given = Mapping[Parameter, str]  # answers from flags
# Which of several hosts get a role that is not for all of them.
_PARTS = {"CONFIG_NETWORK_HOSTS": slice(1), "CONFIG_COMPUTE_HOSTS": slice(1, None)}


@dataclass(frozen=True)
class Request:
    """The request on the command line; at most one of the modes is set."""

    gen_answer_file: Path | None
    answer_file: Path | None
    validate_answer_file: Path | None
    install_hosts: str | None
    run_dir: Path | None
    timeout: int
    allinone: bool
    resume: bool
    dry_run: bool
    options: bool
    list_plugins: bool
    debug: bool
    show_changes: bool

    @property
    def base(self) -> Path:
        """The folder of all runs."""
        return (self.run_dir or default_run_dir()).absolute()


def serve(request: Request, controller: Controller, given: Given) -> None:
    """Run the pipeline for a request, as far as its mode requires.

    Raises InstallerError for every failure, and UsageError for an invalid request.
    """
    started = time.monotonic()
    if request.gen_answer_file and request.gen_answer_file.exists():  # passwords may be in use
        raise click.UsageError(
            f"{request.gen_answer_file} already exists; choose another name, or remove it first"
        )
    folder = latest_run(request.base)
    run = _make_run(request, folder)
    _answer(request, controller, given, folder)
    run.earlier = controller.earlier
    run.hide(controller.CONF[option.name] for option in controller.parameters() if option.masked)
    with use_run(run):
        if request.gen_answer_file:
            write_answers(request.gen_answer_file, controller, all_passwords=True)
            click.echo(f"Answer file written to {request.gen_answer_file}. It contains passwords.")
            return
        plan(controller)
        if request.validate_answer_file:
            click.echo(f"{request.validate_answer_file}: no problems found")
            return
        if not run.resumed:
            run.make_folder(request.base, folder)
        with log_to(run, echo=request.debug), shared_connections(run):
            _carry_out(run, request, controller, started)


def _make_run(request: Request, latest: Path | None) -> Run:
    if not request.resume:
        return Run(dry_run=request.dry_run, time_limit=request.timeout)
    if latest is None:
        raise InstallerError(f"there is no run to resume in {request.base}")
    return Run.reopen(latest, time_limit=request.timeout)


def _answer(request: Request, controller: Controller, given: Given, latest: Path | None) -> None:
    """Fill the configuration from a file, the command line, the latest run, or prompts."""
    path = request.answer_file or request.validate_answer_file
    if request.resume and latest:
        path = latest / "answers.txt"
    elif latest and not request.validate_answer_file:
        # The passwords of the latest run, so that a second run does not generate new ones.
        controller.earlier = read_answers(latest / "answers.txt", controller).given
    answers = read_answers(path, controller) if path else _host_answers(request, controller)
    for note in answers.notes:
        click.echo(f"{click.style('Note:', fg='yellow')} {note}")
    for option, value in given.items():
        is_read = option.masked and value == "-"
        answers.give(option.name, PASSWORD_FROM_STDIN if is_read else value, "command line")
    _read_passwords(controller, answers)
    if path or request.gen_answer_file or request.allinone or request.install_hosts is not None:
        resolve(controller, answers, resumed=request.resume)
    else:
        _ask(controller, answers)


def _carry_out(run: Run, request: Request, controller: Controller, started: float) -> None:
    try:
        write_answers(run.folder / "answers.txt", controller)
        messages = run_steps(controller, run)
        if run.dry_run:
            show_plan(run)
        else:
            seconds = time.monotonic() - started
            show_summary(controller, run, messages, seconds, show_changes=request.show_changes)
    except BaseException as error:
        if isinstance(error, InstallerError):  # it may contain output of a host or a plugin
            error.problems = tuple(map(run.masked, error.problems))
        expected = isinstance(error, InstallerError | KeyboardInterrupt)
        log.info("ended by %s: %s", type(error).__name__, error, exc_info=not expected)
        if not run.dry_run and not isinstance(error, AnswersError):
            place = f" --run-dir {shlex.quote(str(request.run_dir))}" if request.run_dir else ""
            error.add_note(f"Log: {run.folder / 'run.log'}")
            error.add_note(f"Fix that, and continue with: source-packstack{place} --resume")
        raise
    finally:
        mask_host_data(run, controller.unkept.values())


def _ask(controller: Controller, answers: Answers) -> None:
    from source_packstack.installer.prompts import ask_all, confirm_summary  # noqa: PLC0415 -- rare

    if not sys.stdin.isatty():
        raise click.UsageError(
            "standard input is not a terminal; use --answer-file, --allinone or --install-hosts"
        )
    check_given(controller, answers)
    ask_all(controller, frozenset(answers.given))
    while not confirm_summary(controller):
        ask_all(controller, frozenset(answers.given))


def _read_passwords(controller: Controller, answers: Answers) -> None:
    """Read the passwords that are given on standard input, in the order of the options."""
    for option in controller.parameters():
        if option.masked and answers.given.get(option.name) == PASSWORD_FROM_STDIN:
            password = _read_password(option)
            answers.give(option.name, password, "standard input")
            controller.unkept[option.name] = answers.given[option.name]


def _read_password(option: Parameter) -> str:
    if sys.stdin.isatty():
        return getpass(f"{option.prompt}: ")
    line = sys.stdin.readline()
    if not line:
        raise click.UsageError(
            f"{option.name} is to be read from standard input, but there is no line for it"
        )
    return line.rstrip("\n")


def _host_answers(request: Request, controller: Controller) -> Answers:
    """Answer every option that names hosts, for --allinone and --install-hosts."""
    answers = Answers()
    named = get_localhost_ip() if request.allinone else request.install_hosts
    if named is None:
        return answers
    try:
        validate_hosts(named)
    except ParamValidationError as error:
        raise click.UsageError(f"--install-hosts {error}") from error
    hosts = split_hosts(named)
    for option in controller.parameters():
        if option.name.endswith("_HOSTS"):
            shared = hosts[_PARTS.get(option.name, slice(None))] or hosts
            answers.give(option.name, ",".join(shared), "command line")
        elif option.name.endswith("_HOST"):
            answers.give(option.name, hosts[0], "command line")
    return answers
