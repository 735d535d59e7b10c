"""What the shell completes beside commands and options: rules, and names of an installer."""

from __future__ import annotations

from pathlib import Path

import click
from click.shell_completion import CompletionItem

__all__ = ["complete_options", "complete_rules"]


def complete_rules(
    _context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the codes and names of rules that start with the last of words joined by commas."""
    from plugindoc.checking.rules import RULES  # noqa: PLC0415 - only completion needs them here

    before, comma, word = incomplete.rpartition(",")
    return [
        CompletionItem(f"{before}{comma}{name}", help=rule.summary())
        for name, rule in (
            *((rule.code, rule) for rule in RULES),
            *((rule.name, rule) for rule in RULES),
        )
        if name.lower().startswith(word.lower())
    ]


def complete_options(
    context: click.Context, _parameter: click.Parameter, incomplete: str
) -> list[CompletionItem]:
    """Return the options that start with a word, of the installer in the `path` of the command.

    After ``OPTION=``, its choices. None if that path has no installer: a completion cannot show
    errors.
    """
    from plugindoc.commands.failures import project_at  # noqa: PLC0415 - only options need it

    try:
        project = project_at(Path(context.params.get("path") or "."))
    except (click.ClickException, OSError):
        return []
    name, equals, value = incomplete.partition("=")
    if equals:
        from plugindoc.model.questions import Questions  # noqa: PLC0415 - as above
        from plugindoc.validation import choices_of  # noqa: PLC0415 - as above

        named = Questions(project).options_named(name.upper())
        choices = dict.fromkeys(choice for option in named for choice in choices_of(option))
        return [CompletionItem(f"{name}={one}") for one in choices if one.startswith(value)]
    return [
        CompletionItem(option.name, help=group.name)
        for plugin in project.plugins
        for group in plugin.groups
        for option in group.options
        if option.name.startswith(incomplete.upper())
    ]
