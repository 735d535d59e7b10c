"""The format *json*, and its schema."""

from __future__ import annotations

from typing import Any, Final, Literal

import msgspec

from plugindoc.changes.change import Change, Impact, ThingKind
from plugindoc.changes.comparison import Side
from plugindoc.changes.reporters.report import Report
from plugindoc.model.changes import Affected
from plugindoc.model.locations import Location
from plugindoc.model.project import ProblemKind
from plugindoc.model.values import Value

__all__ = ["render", "schema"]

VERSION: Final = 1
"""Rises when a reader of the report has to change."""


class ChangeEntry(msgspec.Struct, frozen=True):
    """One difference; `name` is the identity in the new state, in the old one if it was removed.

    `old` and `new` hold what changed: a value of the export, a text, or null where it was absent
    or is a secret. `rename` is there for what was renamed, `accepted` for what the settings accept:
    the reason; `affects` for a Puppet class or parameter: what depends on it.
    """

    kind: str
    thing: ThingKind
    name: str
    old_name: str
    impact: Impact
    old: Value | str | None
    new: Value | str | None
    old_location: Location | None
    new_location: Location | None
    message: str
    hint: str
    rename: Literal["declared", "likely"] | msgspec.UnsetType = msgspec.UNSET
    accepted: str | msgspec.UnsetType = msgspec.UNSET
    affects: Affected | msgspec.UnsetType = msgspec.UNSET


class ProblemEntry(msgspec.Struct, frozen=True):
    """A file of one side that could not be read, so that its content is not compared."""

    side: Literal["old", "new"]
    kind: ProblemKind
    message: str
    location: Location


class Summary(msgspec.Struct, frozen=True):
    """How many changes there are of each impact, those that are accepted included."""

    breaking: int
    notable: int
    cosmetic: int


class Document(msgspec.Struct, frozen=True):
    """What changed from one state of an installer to another."""

    version: int
    old: Side
    new: Side
    changes: tuple[ChangeEntry, ...]
    problems: tuple[ProblemEntry, ...]
    summary: Summary


def render(report: Report) -> str:
    """Return the report as JSON."""
    found = Document(
        VERSION,
        report.old,
        report.new,
        tuple(
            _change(change, report.accepted.get(change.id)) for change in report.comparison.changes
        ),
        tuple(
            ProblemEntry(each.side, each.problem.kind, each.problem.message, each.problem.location)
            for each in report.comparison.problems
        ),
        Summary(**report.comparison.summary()),
    )
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode() + "\n"


def _change(change: Change, accepted: str | None) -> ChangeEntry:
    fields = msgspec.structs.asdict(change)
    for field in ("rename", "affects"):
        fields[field] = fields[field] or msgspec.UNSET
    return ChangeEntry(**fields, accepted=accepted or msgspec.UNSET)


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of the report."""
    found = msgspec.json.schema(Document)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
