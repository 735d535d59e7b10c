"""The format *github*: workflow commands, which GitHub shows beside the changed lines."""

from __future__ import annotations

from typing import Final

from plugindoc.changes.reporters.github import command
from plugindoc.checking.reporters.outcome import Outcome, Shown
from plugindoc.model.printing import in_one_line

__all__ = ["render", "summary"]

_COMMANDS: Final = {"error": "error", "warning": "warning", "info": "notice"}


def render(outcome: Outcome) -> str:
    """Return one command a finding, errors first: GitHub shows ten of each kind a step."""
    return "".join(f"{_command(each)}\n" for each in outcome.shown)


def _command(each: Shown) -> str:
    diagnostic = each.diagnostic
    line, column, end_line, end_column = each.bounds
    properties: dict[str, object] = {
        "file": each.path,
        "line": line,
        "endLine": end_line,
        "col": column,
        "endColumn": end_column,
        "title": f"{diagnostic.code} {diagnostic.name}",
    }
    message = ". ".join(part for part in (diagnostic.message, diagnostic.hint) if part)
    return command(_COMMANDS[diagnostic.severity], message, **properties)


def summary(outcome: Outcome) -> str:
    """Return the job summary as Markdown: every finding, since annotations are cut at ten."""
    if not outcome.shown:
        return "### plugindoc check\n\nNothing to report.\n"
    rows = [
        f"| {each.diagnostic.severity} | {_linked(each)} | {_cell(each.diagnostic.message)} "
        f"| `{_code(each.path)}:{each.bounds[0]}` |"
        for each in outcome.shown
    ]
    head = ["### plugindoc check", "", "| | rule | finding | location |", "|---|---|---|---|"]
    return "\n".join([*head, *rows]) + "\n"


def _linked(each: Shown) -> str:
    name = f"{each.diagnostic.code} {each.diagnostic.name}"
    return f"[{name}]({each.diagnostic.url})" if "://" in each.diagnostic.url else name


def _cell(text: str) -> str:
    escaped = in_one_line(text).replace("&", "&amp;").replace("<", "&lt;").replace("|", "\\|")
    return escaped.replace("`", "\\`").replace("[", "\\[").replace("*", "\\*").replace("_", "\\_")


def _code(text: str) -> str:
    return in_one_line(text).replace("`", "'").replace("|", "\\|")
