"""The command line, made out of the plugins' options."""

from __future__ import annotations

import io
import logging
import shlex
import signal
import sys
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import Any

import click
from rich.console import Console
from rich.markup import escape

from source_packstack.installer.addresses import get_localhost_ip, is_host, split_hosts
from source_packstack.installer.answers import (
    Answer,
    Answers,
    check_given,
    read_answers,
    resolve,
    seed,
    write_answers,
)
from source_packstack.installer.controller import Controller, load_plugins
from source_packstack.installer.errors import AnswersError, ExitCode, InstallerError
from source_packstack.installer.parameters import Parameter
from source_packstack.installer.runner import plan, run_steps, show_plan, show_summary
from source_packstack.installer.runs import Run, default_run_dir, latest_run, log_to, use_run
from source_packstack.installer.ssh import close_connections

__all__ = ["build_command", "main"]

log = logging.getLogger(__name__)

_EPILOG = """\
Exit codes: 0 done; 1 the installer failed; 2 wrong command line; 3 wrong answers;
4 a host is not fit, and nothing was changed; 5 a host failed; 6 a time limit was reached;
130 interrupted.
"""


@dataclass(frozen=True)
class Request:
    """What the command line asks for; at most one of the modes is set."""

    gen_answer_file: Path | None
    answer_file: Path | None
    validate_answer_file: Path | None
    allinone: bool
    install_hosts: str
    resume: bool
    options: bool
    list_plugins: bool
    dry_run: bool
    run_dir: Path | None
    timeout: float
    debug: bool

    @property
    def base(self) -> Path:
        """The folder of all runs."""
        return (self.run_dir or default_run_dir()).absolute()


def main() -> None:
    """Run the command; every failure ends in a message and an exit code, never a traceback."""
    signal.signal(signal.SIGTERM, _interrupt)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")
    try:
        controller = load_plugins()
    except InstallerError as error:
        _show_error(error, _errors())
        sys.exit(error.exit_code)
    build_command(controller).main()


def build_command(controller: Controller) -> click.Command:
    """Make the command, with one flag for each option of the plugins."""
    flags = {_variable(option): option for option in controller.parameters() if option.has_flag}

    def run(**arguments: Any) -> None:  # noqa: ANN401 -- click hands over all flags by name
        given = {flags[name].name: arguments.pop(name) for name in flags}
        answers = {name: value for name, value in given.items() if value is not None}
        request = Request(**arguments)
        _refuse_two_modes(request)
        sys.exit(_serve(request, controller, answers))

    return _GroupedCommand(
        name="source-packstack",
        callback=run,
        params=[*_own_options(), *_plugin_options(controller)],
        help=(
            "Install OpenStack on Debian 12 hosts, over SSH and with Puppet. Without "
            "--answer-file, --allinone or --install-hosts it asks for everything it needs to know."
        ),
        epilog=_EPILOG,
        context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
        controller=controller,
    )


class _GroupedCommand(click.Command):
    """A command whose help lists the plugins' options by their groups."""

    def __init__(self, *, controller: Controller, **settings: Any) -> None:  # noqa: ANN401 -- click's
        super().__init__(**settings)
        self._controller = controller

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        records = {option.name: option.get_help_record(ctx) for option in self.get_params(ctx)}
        sections: dict[str, list[tuple[str, str]]] = {"Modes and settings": []}
        for group in self._controller.groups:
            names = [_variable(option) for option in group.parameters.values() if option.has_flag]
            sections[group.description] = [row for name in names if (row := records.pop(name))]
        sections["Modes and settings"] = [row for row in records.values() if row]
        for title, rows in sections.items():
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


_FILES = {
    "--gen-answer-file": "Write an answer file and end.",
    "--answer-file": "Install with the answers in FILE.",
    "--validate-answer-file": "Say everything that is wrong with FILE and end.",
}
_SWITCHES = {
    "--allinone": "Install everything on this machine.",
    "--resume": "Go on with the latest run, after its failure was mended.",
    "--dry-run": "Write what every host would get; touch no host.",
    "--options": "List all options and end.",
    "--list-plugins": "List all plugins and end.",
    "--debug": "Show the log, secrets masked, as it grows.",
}


def _own_options() -> Iterator[click.Option]:
    path = click.Path(path_type=Path, dir_okay=False)
    for flag, text in _FILES.items():
        yield click.Option([flag], type=path, metavar="FILE", help=text)
    yield click.Option(
        ["--install-hosts"],
        metavar="HOST,HOST…",
        default="",
        help="Install on these hosts, the first of which is the controller.",
    )
    for flag, text in _SWITCHES.items():
        yield click.Option([flag], is_flag=True, help=text)
    yield click.Option(
        ["--run-dir"],
        type=click.Path(path_type=Path, file_okay=False),
        metavar="DIR",
        help="Folder for runs: logs, answers. Default: source-packstack in your state folder.",
    )
    yield click.Option(
        ["--timeout"],
        type=click.FloatRange(min=0, min_open=True),
        metavar="SECONDS",
        default=3600.0,
        show_default=True,
        help="Time that Puppet may take for one phase on one host.",
    )
    yield click.Option(
        ["--version"],
        is_flag=True,
        expose_value=False,
        is_eager=True,
        callback=_show_version,
        help="Print the version and end.",
    )


def _plugin_options(controller: Controller) -> Iterator[click.Option]:
    for option in controller.parameters():
        if option.has_flag:
            yield click.Option(
                [f"--{option.flag}", _variable(option)],
                metavar="PASSWORD" if option.masked else _metavar(option),
                help=" ".join(option.usage.split()),
                shell_complete=_completion(option),
            )


def _metavar(option: Parameter) -> str:
    if any(check.__name__ == "validate_options" for check in option.validators):
        return "|".join(option.choices)
    return "VALUE"


def _completion(option: Parameter) -> Any:  # noqa: ANN401 -- click's type for it is private
    choices = option.choices if "|" in _metavar(option) else ()

    def complete(_: click.Context, __: click.Parameter, incomplete: str) -> list[str]:
        return [choice for choice in choices if choice.startswith(incomplete)]

    return complete


def _variable(option: Parameter) -> str:
    return option.name.lower()


def _refuse_two_modes(request: Request) -> None:
    hosts = {"--allinone": request.allinone, "--install-hosts": request.install_hosts}
    modes = {
        "--gen-answer-file": request.gen_answer_file,
        "--answer-file": request.answer_file,
        "--validate-answer-file": request.validate_answer_file,
        "--resume": request.resume,
        "--options": request.options,
        "--list-plugins": request.list_plugins,
        **hosts,
    }
    first, *others = [name for name, value in modes.items() if value] or [""]
    if first == "--gen-answer-file" and others in (["--allinone"], ["--install-hosts"]):
        return
    if others:
        message = f"{' and '.join([first, *others])} exclude each other"
        raise click.UsageError(message)


def _show_version(ctx: click.Context, _: click.Parameter, value: bool) -> None:  # noqa: FBT001 -- click's
    if value:
        from importlib.metadata import version  # noqa: PLC0415 -- costs 40 ms

        click.echo(f"source-packstack {version('plugindoc')}")
        ctx.exit()


def _serve(request: Request, controller: Controller, given: dict[str, str]) -> int:
    console = Console(highlight=False)
    if request.options:
        return _print_options(controller, console)
    if request.list_plugins:
        return _print_plugins(controller)
    try:
        if request.validate_answer_file:
            return _validate(request.validate_answer_file, controller, given, console)
        if request.gen_answer_file:
            return _generate(request.gen_answer_file, request, controller, given, console)
        return _install(request, controller, given, console)
    except click.ClickException:
        raise
    except InstallerError as error:
        _show_error(error, _errors())
        return error.exit_code
    except (KeyboardInterrupt, EOFError) as error:
        _show_lines(["Interrupted.", *_notes(error)], _errors())
        return ExitCode.INTERRUPTED
    except Exception as error:  # noqa: BLE001 -- a fault of the installer's own
        name = type(error).__name__
        _show_error(InstallerError(f"unexpected {name}: {error}; please report it"), _errors())
        return ExitCode.FAILED


def _validate(path: Path, controller: Controller, given: dict[str, str], console: Console) -> int:
    answers = _with_flags(read_answers(path, controller), given)
    resolve(controller, answers)
    with use_run(Run()):
        plan(controller)
    _show_notes(answers, console)
    console.print(f"{escape(str(path))}: no problems found", soft_wrap=True)
    return ExitCode.DONE


def _generate(
    path: Path,
    request: Request,
    controller: Controller,
    given: dict[str, str],
    console: Console,
) -> int:
    if path.exists():  # with passwords that may be in use
        message = f"{path} exists already; choose another name, or remove it first"
        raise click.UsageError(message)
    controller.earlier = _earlier_answers(request, controller)
    resolve(controller, _with_flags(_host_answers(request, controller), given))
    try:
        write_answers(path, controller, controller.CONF)
    except OSError as error:
        message = f"{path}: cannot be written ({error.strerror})"
        raise InstallerError(message) from error
    shown = escape(str(path))
    console.print(f"Answer file written to {shown}; it has passwords in it.", soft_wrap=True)
    return ExitCode.DONE


def _install(
    request: Request, controller: Controller, given: dict[str, str], console: Console
) -> int:
    started = time.monotonic()
    run = _collect(request, controller, given, console)
    run.hide(controller.CONF[option.name] for option in controller.parameters() if option.masked)
    with use_run(run):
        plan(controller)
        if not run.resumed:
            run.make_folder(request.base)
        _carry_out(run, request, controller, console, started)
    return ExitCode.DONE


def _carry_out(
    run: Run, request: Request, controller: Controller, console: Console, started: float
) -> None:
    with log_to(run, echo=request.debug):
        try:
            write_answers(run.folder / "answers.txt", controller, controller.CONF)
            messages = run_steps(controller, run, console)
            if run.dry_run:
                show_plan(run, console)
            else:
                show_summary(controller, run, messages, console, time.monotonic() - started)
        except BaseException as error:
            log.info("ended by %s: %s", type(error).__name__, error)
            _advise(run, request, error)
            raise
        finally:
            close_connections()


def _collect(
    request: Request, controller: Controller, given: dict[str, str], console: Console
) -> Run:
    """Get the answers into the configuration and give the run that uses them."""
    if request.resume:
        folder = latest_run(request.base)
        if folder is None or not (folder / "answers.txt").exists():
            message = f"there is no run in {request.base} to go on with"
            raise InstallerError(message)
        resolve(controller, _with_flags(read_answers(folder / "answers.txt", controller), given))
        return Run.reopen(folder, time_limit=request.timeout)
    controller.earlier = _earlier_answers(request, controller)
    if request.answer_file:
        answers = _with_flags(read_answers(request.answer_file, controller), given)
        resolve(controller, answers)
        _show_notes(answers, console)
    elif request.allinone or request.install_hosts:
        resolve(controller, _with_flags(_host_answers(request, controller), given))
    else:
        _ask(controller, given, console)
    return Run(dry_run=request.dry_run, time_limit=request.timeout)


def _ask(controller: Controller, given: dict[str, str], console: Console) -> None:
    from source_packstack.installer.prompts import ask_all, confirm_summary  # noqa: PLC0415 -- rare

    if not sys.stdin.isatty():
        message = "there is no terminal to ask in; use --answer-file, --allinone or --install-hosts"
        raise click.UsageError(message)
    answers = _with_flags(Answers(), given)
    seed(controller, answers)
    check_given(controller, answers)
    ask_all(controller, frozenset(given), console)
    while not confirm_summary(controller, console):
        ask_all(controller, frozenset(given), console)


def _with_flags(answers: Answers, given: Mapping[str, str]) -> Answers:
    for name, value in given.items():
        text = sys.stdin.readline() if value == "-" and name == "CONFIG_DEFAULT_PASSWORD" else value
        answers.given[name] = Answer(text, "command line")
    return answers


def _host_answers(request: Request, controller: Controller) -> Answers:
    """Answer every option that names hosts, for --allinone and --install-hosts."""
    hosts = [get_localhost_ip()] if request.allinone else split_hosts(request.install_hosts)
    wrong = [host for host in hosts if not is_host(host)]
    if wrong:
        message = f"--install-hosts: {wrong[0]!r} is no IP address or host name"
        raise click.UsageError(message)
    answers = Answers()
    for option in controller.parameters():
        if hosts and option.name.endswith(("_HOST", "_HOSTS")):
            value = hosts[0] if option.name.endswith("_HOST") else ",".join(hosts)
            answers.given[option.name] = Answer(value, "command line")
    return answers


def _earlier_answers(request: Request, controller: Controller) -> dict[str, str]:
    """Give the latest run's answers, so that a second run does not make new passwords."""
    folder = latest_run(request.base)
    if folder is None or not (folder / "answers.txt").exists():
        return {}
    answers = read_answers(folder / "answers.txt", controller).given
    return {name: answer.value for name, answer in answers.items()}


def _show_notes(answers: Answers, console: Console) -> None:
    for note in answers.notes:
        console.print(f"[yellow]Note:[/] {escape(note)}", soft_wrap=True)


def _errors() -> Console:
    return Console(stderr=True, highlight=False)


def _show_error(error: InstallerError, console: Console) -> None:
    """Show each problem with its own mark, what belongs to it below, and the advice in the end."""
    for problem in getattr(error, "problems", None) or [str(error)]:
        first, *more = problem.splitlines() or [""]
        console.print(f"[bold red]Error:[/] {escape(first)}", soft_wrap=True)
        _show_lines([f"  {line}" for line in more], console)
    _show_lines(_notes(error), console)


def _show_lines(lines: Iterable[str], console: Console) -> None:
    for line in lines:
        console.print(escape(line), soft_wrap=True)


def _notes(error: BaseException) -> list[str]:
    return getattr(error, "__notes__", [])


def _advise(run: Run, request: Request, error: BaseException) -> None:
    """Note on the error where to look and how to go on, unless nothing was begun."""
    if run.dry_run or isinstance(error, AnswersError):
        return
    place = f" --run-dir {shlex.quote(str(request.run_dir))}" if request.run_dir else ""
    error.add_note(f"Log: {run.folder / 'run.log'}")
    error.add_note(f"Once that is mended, go on with: source-packstack{place} --resume")


def _print_options(controller: Controller, console: Console) -> int:
    for group in controller.groups:
        console.print(f"[bold]{escape(group.description)}[/]")
        for option in group.parameters.values():
            flag = f" (--{option.flag})" if option.has_flag else ""
            console.print(f"  {option.name}{flag}\n    {escape(option.usage)}", soft_wrap=True)
    return ExitCode.DONE


def _print_plugins(controller: Controller) -> int:
    for plugin in controller.plugins:
        summary = (plugin.__doc__ or "").strip().splitlines()[:1] or [""]
        click.echo(f"{plugin.__name__.rpartition('.')[2]}: {summary[0]}")
    return ExitCode.DONE


def _interrupt(_: int, __: FrameType | None) -> None:
    raise KeyboardInterrupt
