"""What all reports are made of: a comparison, its two sides, and what was accepted of it."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import msgspec

from plugindoc.changes.change import IMPACTS, Change, Impact
from plugindoc.changes.comparison import Comparison, Side
from plugindoc.model.locations import Location

__all__ = ["Group", "Report", "grouped", "shown_place"]


class Report(msgspec.Struct, frozen=True):
    """A comparison as it is reported.

    `accepted` gives the reason for each accepted change, by its id. `roots` are the folders that
    the paths of the old and the new side are relative to; "" if there are none to open.
    """

    comparison: Comparison
    old: Side
    new: Side
    accepted: Mapping[str, str] = msgspec.field(default_factory=dict)
    roots: tuple[str, str] = ("", "")

    @property
    def title(self) -> str:
        """The two sides in words."""
        return f"from {_named(self.old)} to {_named(self.new)}"


def _named(side: Side) -> str:
    if not side.revision:
        return side.path
    return side.revision if side.path in {"", "."} else f"{side.revision}:{side.path}"


class Group(msgspec.Struct, frozen=True):
    """Equal changes of several things."""

    changes: tuple[Change, ...]

    @property
    def first(self) -> Change:
        """The change whose impact and kind they share."""
        return self.changes[0]

    @property
    def names(self) -> tuple[str, ...]:
        """What they are about."""
        return tuple(change.name for change in self.changes)

    @property
    def says(self) -> str:
        """What all messages have after the name."""
        return self.first.message.removeprefix(self.first.name)

    @property
    def hint(self) -> str:
        """What to do, of all of them."""
        name = self.first.name
        return self.first.hint.replace(name, "each") if len(self.changes) > 1 else self.first.hint


def grouped(report: Report) -> dict[Impact, list[Group]]:
    """Return the changes by impact, equal ones of several things together.

    Accepted changes are separate: each has its reason.
    """
    found: dict[Impact, dict[object, list[Change]]] = {impact: {} for impact in IMPACTS}
    for change in report.comparison.changes:
        about: object = change.id
        if change.message.startswith(f"{change.name} ") and change.id not in report.accepted:
            about = (change.kind, change.thing, change.message.removeprefix(change.name))
        found[change.impact].setdefault(about, []).append(change)
    return {
        impact: [Group(tuple(changes)) for changes in groups.values()]
        for impact, groups in found.items()
    }


def shown_place(root: str, place: Location) -> str:
    """Return a place as an editor opens it, relative to the working directory if it is below it."""
    if not root:
        return str(place)
    whole = os.path.normpath(Path(root).absolute() / place.path)
    here = os.path.relpath(whole)
    return f"{whole if here.startswith('..') else here.replace(os.sep, '/')}:{place.line}"
