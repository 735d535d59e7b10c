"""The formats *markdown*, a release note, and *comment*, for a pull or merge request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from plugindoc.changes.change import IMPACTS, Change, Impact
from plugindoc.changes.reporters.report import Group, Report, grouped
from plugindoc.model.printing import in_markdown, in_one_line
from plugindoc.model.wording import count, listed

__all__ = ["MARKER", "comment", "render"]

MARKER: Final = "<!-- plugindoc diff -->"
"""The first line of a comment, by which the next run finds it."""

_MOST: Final = 65_000
"""Characters; GitHub refuses a comment of more than 65,536, GitLab one of a million."""
_LONGEST_ITEM: Final = 4_000
_HEADS: Final[dict[Impact, str]] = {
    "breaking": "Breaking changes",
    "notable": "Notable changes",
    "cosmetic": "Other changes",
}
_CODE: Final = re.compile(r"[A-Z][A-Z0-9]*_[A-Z0-9_*]+|--[a-z0-9][a-z0-9-]+|\w+://\S*[\w/]")


def render(report: Report) -> str:
    """Return a release note: a sentence for each change, and what a user has to do."""
    parts = [f"## Changes {in_markdown(report.title)}"]
    for impact, groups in grouped(report).items():
        if groups:
            parts += [f"### {_HEADS[impact]}", "\n".join(_item(group, report) for group in groups)]
    if len(parts) == 1:
        parts.append("Nothing changed.")
    if report.comparison.problems:
        parts += ["### Not compared", "\n".join(_unread(report))]
    return "\n\n".join(parts) + "\n"


def comment(report: Report) -> str:
    """Return a comment of less than 65,536 characters, whatever changed."""
    counts = report.comparison.summary()
    told = ", ".join(count(counts[impact], f"{impact} change") for impact in IMPACTS)
    text = f"{MARKER}\n### What changes for users\n\n{told} {in_markdown(report.title)[:500]}.\n"
    closing = "\n</details>\n"
    unread = len(report.comparison.problems)
    if unread:
        text += f"\n**Not compared**\n\n{_fitting(_unread(report), unread, _MOST // 4)}"
    for impact, groups in grouped(report).items():
        if not groups:
            continue
        head = _HEADS[impact]
        if impact == "breaking":
            start, end = f"\n**{head}**\n\n", ""
        else:
            size = sum(len(group.changes) for group in groups)
            start, end = f"\n<details><summary>{head} ({size})</summary>\n\n", closing
        items = (_item(group, report, places=True) for group in groups)
        text += (
            start + _fitting(items, len(groups), _MOST - len(text) - len(start) - len(end)) + end
        )
    return text


def _fitting(items: Iterable[str], number: int, room: int) -> str:
    """Return the items that fit, and how many of `number` do not."""
    more = "- … and {} more: `plugindoc diff` lists all\n"
    room -= len(more) + 10
    found = ""
    for at, item in enumerate(items):
        if len(found) + len(item) + 1 > room:
            return found + more.format(number - at)
        found += f"{item}\n"
    return found


def _item(group: Group, report: Report, *, places: bool = False) -> str:
    change, names = group.first, group.names
    if len(names) == 1:
        told = _told(change.message, change)
    else:
        told = f"{listed(map(_code, names), len(names))}: each{_told(group.says, change)}"
    told += f" {_told(group.hint, change)}" if group.hint else ""
    if change.id in report.accepted:
        told += f" *Accepted:* {in_markdown(report.accepted[change.id])}"
    if places:
        told += f" ({', '.join(_places(change))})"
    if places and len(told) > _LONGEST_ITEM:  # a release note has no limit
        told = f"{listed(map(_code, names))}: {change.thing} {change.kind}"[:_LONGEST_ITEM]
    return f"- {told}"


def _places(change: Change) -> Iterator[str]:
    if change.old_location is not None:
        yield f"old {_code(str(change.old_location))}"
    if change.new_location is not None:
        yield f"new {_code(str(change.new_location))}"


def _unread(report: Report) -> Iterator[str]:
    for each in report.comparison.problems:
        yield f"- {each.side}: {in_markdown(each.problem.message)}"[:_LONGEST_ITEM]


def _told(text: str, change: Change) -> str:
    """Return a sentence with the names in it as code, and nothing in it as markup."""
    own = sorted({re.escape(name) for name in (change.name, change.old_name) if name}, reverse=True)
    names = re.compile("|".join([*own, _CODE.pattern]))
    found, end = "", 0
    for match in names.finditer(text):
        found += in_markdown(text[end : match.start()]) + _code(match[0])
        end = match.end()
    return found + in_markdown(text[end:])


def _code(text: str) -> str:
    return f"`{in_one_line(text).replace('`', chr(39))}`"
