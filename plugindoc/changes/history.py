"""Questions about a project's history: since when an option is there, and what happened to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from plugindoc.model.changes import Change, ReleaseChanges

__all__ = ["Event", "GoneOption", "between", "gone_options", "newest_name", "timeline"]


class Event(msgspec.Struct, frozen=True):
    """Something that a release changed."""

    release: str
    change: Change


class GoneOption(msgspec.Struct, frozen=True):
    """A removed option; `successor` is its new name, if one is declared or likely."""

    name: str
    release: str
    change: Change
    successor: str = ""


def newest_name(history: Sequence[ReleaseChanges], name: str) -> str:
    """Return the name that an option has after all renames; its own if there are none."""
    for event in _options(history):
        if event.change.kind == "renamed" and event.change.old_name == name:
            name = event.change.name
    return name


def timeline(history: Sequence[ReleaseChanges], name: str) -> tuple[Event, ...]:
    """Return what happened to an option, under its old names too, oldest first.

    `name` is its newest one. Changes before it was added are left out.
    """
    found: list[Event] = []
    for event in reversed([*_options(history)]):
        change = event.change
        if change.name != name:
            continue
        found.append(event)
        if change.kind == "renamed":
            name = change.old_name
        elif change.kind == "added":
            break
    return tuple(reversed(found))


def gone_options(history: Sequence[ReleaseChanges], live: frozenset[str]) -> tuple[GoneOption, ...]:
    """Return the options that were removed and not added again, by name, with the last removal.

    `live` are the names that options have today, old names among them.
    """
    found: dict[str, GoneOption] = {}
    for event in _options(history):
        change = event.change
        if change.kind == "removed" and change.name not in live:
            found[change.name] = GoneOption(change.name, event.release, change)
        elif change.kind == "renamed" and change.old_name not in live:
            new = newest_name(history, change.name)
            found[change.old_name] = GoneOption(change.old_name, event.release, change, new)
    return tuple(found[name] for name in sorted(found))


def between(
    history: Sequence[ReleaseChanges], after: str = "", until: str = ""
) -> tuple[ReleaseChanges, ...]:
    """Return the releases after one, up to another; "" for the first and the last.

    Raises LookupError for a release that the history does not have.
    """
    names = [history[0].since, *(release.release for release in history)] if history else []
    for name in (after, until):
        if name and name not in names:
            message = f"the history has no release {name}; it has {', '.join(names) or 'none'}"
            raise LookupError(message)
    start = names.index(after) if after else 0
    end = names.index(until) if until else len(names)
    return tuple(history[start:end])


def _options(history: Sequence[ReleaseChanges]) -> Iterator[Event]:
    for release in history:
        for change in release.changes:
            if change.thing == "option":
                yield Event(release.release, change)
