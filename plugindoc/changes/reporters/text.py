"""The format *text*: for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from plugindoc.changes.reporters.report import Group, Report, grouped, shown_place
from plugindoc.model.printing import in_one_line
from plugindoc.model.wording import count, listed

__all__ = ["render"]

_PLACES: Final = 3
"""Places that are listed for equal changes."""


def render(report: Report) -> str:
    """Return the changes, the gravest first, with what to do and both places, and a summary."""
    lines = [
        line
        for groups in grouped(report).values()
        for group in groups
        for line in _lines(group, report)
    ]
    for unread in report.comparison.problems:
        problem = unread.problem
        lines.append(f"not compared: {problem.location} ({unread.side}): {problem.message}\n")
    counts = report.comparison.summary()
    told = ", ".join(count(n, f"{each} change") for each, n in counts.items() if n) or "no change"
    if report.accepted:
        told += f"; {len(report.accepted)} accepted"
    if report.comparison.problems:
        told += f"; {count(len(report.comparison.problems), 'file')} could not be read"
    lines.append(f"{told[0].upper()}{told[1:]} {report.title}.")
    return "".join(f"{_safe(line)}\n" for line in lines)


def _lines(group: Group, report: Report) -> Iterator[str]:
    change = group.first
    names = group.names
    each = f"{listed(names, len(names))}: each{group.says}"
    yield f"{change.impact}: {change.message if len(names) == 1 else each}"
    if group.hint:
        yield f"  {group.hint}"
    if change.id in report.accepted:
        yield f"  accepted: {report.accepted[change.id]}"
    for one in group.changes[:_PLACES]:
        places = [
            f"{side} {shown_place(root, place)}"
            for side, root, place in (
                ("old", report.roots[0], one.old_location),
                ("new", report.roots[1], one.new_location),
            )
            if place is not None
        ]
        yield f"  {one.id}  {', '.join(places)}"
    if len(names) > _PLACES:
        yield f"  … and {len(names) - _PLACES} more"
    yield ""


def _safe(line: str) -> str:
    return in_one_line(line.removesuffix("\n"))
