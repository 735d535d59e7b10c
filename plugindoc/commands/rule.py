"""``plugindoc rule`` and ``plugindoc rules``: the pages of the check's rules."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import click
import msgspec

from plugindoc.checking.pages import page, write_pages
from plugindoc.checking.rules import RULES
from plugindoc.checking.selection import SelectionError, rule_named
from plugindoc.commands.completion import complete_rules
from plugindoc.commands.failures import CannotRunError

__all__ = ["rule", "rules"]


@click.command()
@click.argument("name", shell_complete=complete_rules)
def rule(name: str) -> None:
    """Explain a rule, given its code or name: `plugindoc rule PD101`.

    The output is formatted in a terminal, and Markdown when piped.
    """
    try:
        text = page(rule_named(name))
    except SelectionError as error:
        raise CannotRunError(str(error)) from error
    if not sys.stdout.isatty():
        click.echo(text, nl=False)
        return
    from rich.console import Console  # noqa: PLC0415 - only a terminal needs rich
    from rich.markdown import Markdown  # noqa: PLC0415 - as above

    Console().print(Markdown(text, code_theme="ansi_dark"))


@click.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="Output format: one line per rule, or JSON.",
)
@click.option(
    "--pages",
    type=click.Path(file_okay=False, path_type=Path),
    help="Write one documentation page per rule into this folder instead.",
)
def rules(*, form: Literal["text", "json"], pages: Path | None) -> None:
    """List all rules of the check."""
    if pages is not None:
        write_pages(pages)
    elif form == "json":
        listed = [
            {
                "code": each.code,
                "name": each.name,
                "severity": each.severity,
                "summary": each.summary(),
                "default": each.severity != "info",
            }
            for each in RULES
        ]
        click.echo(msgspec.json.format(msgspec.json.encode(listed), indent=2).decode())
    else:
        width = max(len(each.name) for each in RULES)
        for each in RULES:
            click.echo(f"{each.code}  {each.severity:<7}  {each.name:<{width}}  {each.summary()}")
