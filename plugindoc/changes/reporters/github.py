"""The format *github*: workflow commands, which GitHub shows beside the changed lines.

Form and escapes: "Workflow commands for GitHub Actions" (setting a notice, warning or error
message) and ``escapeData``/``escapeProperty`` of ``@actions/core``.
"""

from __future__ import annotations

from typing import Final

from plugindoc.changes.change import Change
from plugindoc.changes.reporters.report import Report, shown_place
from plugindoc.model.printing import in_one_line

__all__ = ["command", "render"]

_COMMANDS: Final = {"breaking": "error", "notable": "warning", "cosmetic": "notice"}


def render(report: Report) -> str:
    """Return one command a change, the gravest first: GitHub shows ten of each kind a step.

    An accepted change is a notice. What has gone has no line in the new state to be shown at.
    """
    found = [_command(change, report) for change in report.comparison.changes]
    for each in report.comparison.problems:
        message = f"could not be read ({each.side}): {each.problem.message}"
        found.append(command("error", message, title="not compared"))
    return "".join(f"{line}\n" for line in found)


def _command(change: Change, report: Report) -> str:
    accepted = report.accepted.get(change.id)
    name = "notice" if accepted else _COMMANDS[change.impact]
    told = [change.message, change.hint, f"Accepted: {accepted}" if accepted else ""]
    place: dict[str, object] = {}
    if change.new_location is not None:
        path, _, line = shown_place(report.roots[1], change.new_location).rpartition(":")
        place = {"file": path, "line": line}
    return command(
        name, " ".join(filter(None, told)), **place, title=f"{change.impact}: {change.id}"
    )


def command(name: str, message: str, **properties: object) -> str:
    """Return a workflow command: ``::error file=a.py,line=3::message``."""
    listed = ",".join(f"{key}={_property(str(value))}" for key, value in properties.items())
    return in_one_line(f"::{name} {listed}::{_data(message)}")


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
