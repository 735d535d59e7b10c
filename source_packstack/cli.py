"""The command line, with a flag for each option of the plugins."""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from source_packstack.installer.controller import Controller, load_plugins
from source_packstack.installer.errors import ExitCode, InstallerError
from source_packstack.installer.parameters import PASSWORD_PLACEHOLDER, Parameter
from source_packstack.installer.processors import process_path
from source_packstack.pipeline import Given, Request, serve
from source_packstack.streams import finish_output, prepare_streams

__all__ = ["build_command", "main"]

_HELP = """\
Install OpenStack on Debian 12 hosts, over SSH and with Puppet. Without --answer-file, --allinone
or --install-hosts, it asks you for the answers.
"""
_EXIT_CODES = """\
Exit codes: 0 done; 1 the installer failed; 2 invalid command line; 3 invalid answers;
4 a host does not meet the requirements, and nothing was changed; 5 a host failed; 6 a time limit
was reached; 130 interrupted.
"""
_WEEK = 7 * 24 * 3600
_FILE = click.Path(path_type=Path, dir_okay=False)
_FOLDER = click.Path(path_type=Path, file_okay=False)

# flag, metavar, type, default, help
_OWN_OPTIONS: tuple[tuple[str, str, Any, Any, str], ...] = (
    ("--gen-answer-file", "FILE", _FILE, None, "Write an answer file and exit."),
    ("--answer-file", "FILE", _FILE, None, "Install with the answers in FILE."),
    ("--validate-answer-file", "FILE", _FILE, None, "Check FILE, report all problems, and exit."),
    ("--install-hosts", "HOST,HOST…", str, None, "Install on these hosts, the controller first."),
    ("--run-dir", "DIR", _FOLDER, None, "Folder for the runs, instead of the one in your home."),
    ("--timeout", "SECONDS", click.IntRange(1, _WEEK), 3600, "Time limit for a phase on a host."),
)
_SWITCHES = {
    "--allinone": "Install everything on this machine.",
    "--resume": "Continue the latest run after you have fixed its failure.",
    "--dry-run": "Write the files for every host, but connect to none.",
    "--options": "List all options with their defaults and choices, and exit.",
    "--list-plugins": "List all plugins and exit.",
    "--debug": "Show the log while it is written; secrets are masked.",
    "--show-changes": "After the run, list each change: resource, value before, value after.",
}
_MODES = (
    *("gen_answer_file", "answer_file", "validate_answer_file", "resume", "options"),
    *("list_plugins", "allinone", "install_hosts", "dry_run"),
)
_PAIRS_OF_MODES = (
    *(("gen_answer_file", hosts) for hosts in ("allinone", "install_hosts")),
    *((answers, "dry_run") for answers in ("answer_file", "allinone", "install_hosts")),
)


def main() -> None:
    """Run the command; report failures with a message and an exit code, without a traceback."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is not signal.SIG_IGN:  # as `nohup` has it
        signal.signal(signal.SIGHUP, signal.default_int_handler)
    prepare_streams()
    status = _status()
    failure = finish_output()
    if failure is not None and status == ExitCode.DONE:
        status = _show_failure(failure)
    sys.exit(status)


def _status() -> int | str | None:
    """Run the command and return its exit code."""
    try:
        build_command(load_plugins()).main()
    except SystemExit as end:
        return end.code
    except InstallerError as error:
        return _show_error(error)
    except OSError as error:  # a help text that cannot be written
        return _show_failure(error)
    return ExitCode.DONE


def build_command(controller: Controller) -> click.Command:
    """Build the command, with a flag for each option of the plugins."""
    flags = {_variable(option): option for option in controller.parameters() if option.has_flag}

    def run(**arguments: Any) -> None:  # noqa: ANN401 -- click hands over all flags by name
        values = {option: arguments.pop(name) for name, option in flags.items()}
        given = {option: value for option, value in values.items() if value is not None}
        request = Request(**arguments)
        _refuse_two_modes(request)
        sys.exit(_serve(request, controller, given))

    command = _GroupedCommand(
        name="source-packstack",
        callback=run,
        params=[*_own_options(), *map(_plugin_option, flags.values())],
        help=_HELP,
        epilog=_EXIT_CODES,
        context_settings={"max_content_width": 100, "help_option_names": ["-h", "--help"]},
        controller=controller,
    )
    version = click.version_option(package_name="plugindoc", message="%(prog)s %(version)s")
    return version(command)


class _GroupedCommand(click.Command):
    """A command whose help lists the plugins' options by their groups."""

    def __init__(self, *, controller: Controller, **settings: Any) -> None:  # noqa: ANN401 -- click's
        super().__init__(**settings)
        self._controller = controller

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        rows = {option.name: option.get_help_record(ctx) for option in self.get_params(ctx)}
        sections: dict[str, list[tuple[str, str]]] = {"Modes and settings": []}
        for group in self._controller.groups:
            names = [_variable(option) for option in group.parameters.values() if option.has_flag]
            sections[group.description] = [row for name in names if (row := rows.pop(name))]
        sections["Modes and settings"] = [row for row in rows.values() if row]
        for title, section in sections.items():
            if section:
                with formatter.section(title):
                    formatter.write_dl(section)


def _own_options() -> Iterator[click.Option]:
    for flag, metavar, kind, default, text in _OWN_OPTIONS:
        yield click.Option(
            [flag], metavar=metavar, type=kind, default=default, show_default=True, help=text
        )
    for flag, text in _SWITCHES.items():
        yield click.Option([flag], is_flag=True, help=text)


def _plugin_option(option: Parameter) -> click.Option:
    choices = option.choices if option.has_choices else ()
    metavar = "PASSWORD" if option.masked else "|".join(choices) or "VALUE"

    def complete(_: click.Context, __: click.Parameter, typed: str) -> list[CompletionItem]:
        if process_path in option.processors:
            return [CompletionItem(typed, type="file")]
        return [CompletionItem(word) for word in choices if word.startswith(typed)]

    return click.Option(
        [f"--{option.flag}", _variable(option)],
        metavar=metavar,
        help=" ".join(option.usage.split()),
        shell_complete=complete,
    )


def _variable(option: Parameter) -> str:
    return option.name.lower()


def _refuse_two_modes(request: Request) -> None:
    asked = tuple(mode for mode in _MODES if getattr(request, mode) not in (None, False))
    if len(asked) > 1 and asked not in _PAIRS_OF_MODES:
        flags = [f"--{mode.replace('_', '-')}" for mode in asked]
        raise click.UsageError(f"{' and '.join(flags)} cannot be used together")


def _serve(request: Request, controller: Controller, given: Given) -> int:
    try:
        if request.options:
            _print_options(controller)
        elif request.list_plugins:
            _print_plugins(controller)
        else:
            serve(request, controller, given)
    except click.ClickException:
        raise
    except InstallerError as error:
        return _show_error(error)
    except EOFError:  # a dialogue's end
        click.echo("Nothing was done.", err=True)
        return ExitCode.INTERRUPTED
    except KeyboardInterrupt as error:
        click.echo("\n".join(["Interrupted.", *getattr(error, "__notes__", [])]), err=True)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        raise
    except OSError as error:
        return _show_failure(error)
    except Exception as error:  # noqa: BLE001 -- a fault of the installer's own
        kind = type(error).__name__
        return _show_error(InstallerError(f"unexpected {kind}: {error}; please report it"))
    return ExitCode.DONE


def _show_failure(error: OSError) -> int:
    """Show an error of the operating system and the file that it concerns."""
    place = f"{error.filename}: " if error.filename is not None else ""
    return _show_error(InstallerError(f"{place}{error.strerror or error}"))


def _show_error(error: InstallerError) -> int:
    """Show each problem with a mark, its details below it, and the advice at the end."""
    mark = click.style("Error:", fg="red", bold=True)
    for problem in error.problems:
        click.echo(f"{mark} {problem}".replace("\n", "\n  "), err=True)
    for note in getattr(error, "__notes__", []):
        click.echo(note, err=True)
    return error.exit_code


def _print_options(controller: Controller) -> None:
    formatter = click.HelpFormatter(max_width=100)
    for group in controller.groups:
        if group.parameters:
            formatter.write(f"{click.style(group.description, bold=True)}\n")
        for option in group.parameters.values():
            formatter.write(f"  {option.name}{f' (--{option.flag})' if option.has_flag else ''}\n")
            with formatter.indentation(), formatter.indentation():
                formatter.write_text(option.usage)
                formatter.write_text(_answers_in_short(option))
    click.echo(formatter.getvalue(), nl=False)


def _answers_in_short(option: Parameter) -> str:
    """Return an option's default and choices in one line."""
    default = "" if option.masked else option.default
    if option.default == PASSWORD_PLACEHOLDER:
        default = "generated"
    parts = [f"default: {default}" if default else "no default"]
    if option.has_choices:
        parts.append(f"choices: {', '.join(option.choices)}")
    return f"[{'; '.join(parts)}]"


def _print_plugins(controller: Controller) -> None:
    for plugin in controller.plugins:
        summary = (plugin.__doc__ or "").strip().partition("\n")[0]
        click.echo(f"{plugin.__name__.rpartition('.')[2]}: {summary}")
