"""The ``plugindoc`` command: each subcommand is imported only when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Final

import click

from plugindoc.commands.failures import COULD_NOT_RUN, CannotRunError, could_not_run
from plugindoc.commands.streams import finish_output, prepare_streams
from plugindoc.model.names import nearest

__all__ = ["COMMANDS", "main"]

_LONGEST: Final = 200
"""Characters of a command's first sentence."""

COMMANDS: Final = {
    "answers": "plugindoc.commands.answers:answers",
    "build": "plugindoc.commands.build:build",
    "check": "plugindoc.commands.check:check",
    "diff": "plugindoc.commands.diff:diff",
    "diff-modules": "plugindoc.commands.diff_modules:diff_modules",
    "export": "plugindoc.commands.export:export",
    "history": "plugindoc.commands.history:history",
    "list": "plugindoc.commands.listing:list_things",
    "new": "plugindoc.commands.new:new",
    "rule": "plugindoc.commands.rule:rule",
    "rules": "plugindoc.commands.rule:rules",
    "serve": "plugindoc.commands.serve:serve",
    "show": "plugindoc.commands.show:show",
    "why": "plugindoc.commands.why:why",
}
"""Name and place of each subcommand, as ``module:attribute``."""


class _LazyGroup(click.Group):
    """A group whose subcommands are imported when they are asked for."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the subcommand; any failure ends in one line and exit status 2."""
        try:
            with could_not_run():
                return super().invoke(ctx)
        except click.NoSuchOption as error:
            raise _no_such_option(error) from error
        except click.UsageError as error:
            raise _too_many_words(error) from error
        except (click.ClickException, click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise
        except Exception as error:
            # A crash must neither pass nor look like findings.
            message = f"internal error in plugindoc: {type(error).__name__}: {error}"
            raise CannotRunError(message) from error

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return sorted(COMMANDS)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands, each with its whole first sentence."""
        found = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, one.get_short_help_str(_LONGEST)) for name, one in found if one is not None]
            )

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            guess = nearest(cmd_name, COMMANDS)
            if guess is not None and not ctx.resilient_parsing:
                message = f"No such command {cmd_name!r}. Did you mean {guess!r}?"
                raise click.UsageError(message, ctx)
            return None
        return _loaded(COMMANDS[cmd_name])


def _no_such_option(error: click.NoSuchOption) -> click.UsageError:
    """Return an error that suggests the nearest option, or the commands that have this one."""
    name, context = error.option_name, error.ctx
    options = [] if context is None else _options_of(context.command)
    near = nearest(name, options)
    if near is None:
        near = next((one for one in options if one.startswith(name)), None)
    hint = f" Did you mean {near}?" if near else ""
    if not hint:
        having = [
            f"`plugindoc {command} {name}`"
            for command, place in COMMANDS.items()
            if name in _options_of(_loaded(place))
        ]
        hint = f" There is {' and '.join(having)}." if having else ""
    return click.UsageError(f"No such option {name}.{hint}", context)


def _too_many_words(error: click.UsageError) -> click.UsageError:
    """Return an error that says how to give a name of several words, if that may be meant."""
    named = error.ctx is not None and any(one.name == "name" for one in error.ctx.command.params)
    if named and error.message.startswith("Got unexpected extra argument"):
        return click.UsageError(f"{error.message}. Quote a NAME of several words.", error.ctx)
    return error


def _options_of(command: click.Command) -> list[str]:
    return [name for one in command.params if one.param_type_name == "option" for name in one.opts]


def _loaded(place: str) -> click.Command:
    module, attribute = place.split(":")
    command = getattr(importlib.import_module(module), attribute)
    if not isinstance(command, click.Command):
        message = f"{place} is no click command"
        raise TypeError(message)
    return command


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="plugindoc", message="%(prog)s %(version)s")
def plugindoc() -> None:
    """Document and check installer plugins, read without importing them."""


def main() -> None:
    """Run the command line; exits 0 for success, 1 for findings, 2 for what could not run."""
    prepare_streams()
    status = _status()
    failure = finish_output()
    if failure is not None and status != COULD_NOT_RUN:
        CannotRunError(str(failure.strerror)).show()
        status = COULD_NOT_RUN
    sys.exit(status)


def _status() -> int | str | None:
    """Run the command line and return its exit status."""
    try:
        plugindoc(prog_name="plugindoc")
    except SystemExit as end:
        return end.code
    except OSError as error:  # a help text that cannot be written
        CannotRunError(str(error.strerror)).show()
    return COULD_NOT_RUN
