"""The baseline: findings that a project has accepted for now.

A finding is known by rule, path and object, never by a line; entries count how many of one kind
are accepted. The file has one entry a line, sorted, so that reviewers see what a change accepts.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from plugindoc.checking.diagnostics import Diagnostic
from plugindoc.opening import read_file
from plugindoc.settings import LARGEST

__all__ = ["NEVER_ACCEPTED", "Baseline", "BaselineError", "Entry", "Key", "key", "read", "write"]

VERSION: Final = 1

NEVER_ACCEPTED: Final = ("PD001", "PD003")
"""What no baseline takes: a file that could not be read, and what silences nothing."""


class BaselineError(ValueError):
    """A baseline that cannot be read or written; the message is one line for the user."""


class Entry(msgspec.Struct, frozen=True, order=True, forbid_unknown_fields=True):
    """What is accepted: `count` findings of a rule about an object of a path."""

    rule: str
    path: str
    object: str
    count: int = 1


class _File(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    version: int
    entries: list[Entry]


Key = tuple[str, str, str]


class Baseline:
    """Accepted findings, counted."""

    def __init__(self, entries: Iterable[Entry] = ()) -> None:
        self.counts: Counter[Key] = Counter()
        for entry in entries:
            self.counts[entry.rule, entry.path, entry.object] += entry.count

    def entries(self) -> list[Entry]:
        """Return what is accepted, sorted."""
        return sorted(Entry(*key, count) for key, count in self.counts.items() if count > 0)

    def accepting(self, diagnostics: Iterable[Diagnostic]) -> Baseline:
        """Return a baseline that accepts these findings as well, and nothing less than before."""
        wider = Baseline(self.entries())
        for each, count in Counter(key(diagnostic) for diagnostic in diagnostics).items():
            wider.counts[each] = max(wider.counts[each], count)
        return wider

    def pruned(self, stale: Iterable[Entry]) -> Baseline:
        """Return a baseline without what is stale."""
        narrower = Baseline(self.entries())
        for entry in stale:
            narrower.counts[entry.rule, entry.path, entry.object] -= entry.count
        return narrower


def key(diagnostic: Diagnostic) -> Key:
    """Return what a baseline knows a finding by."""
    return (diagnostic.code, diagnostic.location.path, diagnostic.object)


def read(file: Path) -> Baseline:
    """Return the baseline of a file.

    Raises BaselineError if it is missing, no JSON, or of another form.
    """
    try:
        found = msgspec.json.decode(read_file(file, LARGEST), type=_File)
    except OSError as error:
        message = f"{file}: {error.strerror}"
        raise BaselineError(message) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        message = f"{file}: not a baseline: {error}"
        raise BaselineError(message) from error
    if found.version != VERSION:
        message = (
            f"{file}: unsupported baseline version {found.version}; "
            f"this plugindoc reads version {VERSION}"
        )
        raise BaselineError(message)
    if any(entry.count < 1 for entry in found.entries):
        message = f"{file}: not a baseline: a count below 1"
        raise BaselineError(message)
    return Baseline(found.entries)


def write(file: Path, baseline: Baseline) -> None:
    """Write a baseline, one entry a line.

    Raises BaselineError if the file cannot be written.
    """
    lines = ",\n".join(
        "    " + json.dumps(msgspec.to_builtins(entry), ensure_ascii=False)
        for entry in baseline.entries()
    )
    entries = f"[\n{lines}\n  ]" if lines else "[]"
    try:
        file.write_text(f'{{\n  "version": {VERSION},\n  "entries": {entries}\n}}\n', "utf-8")
    except OSError as error:
        message = f"{file}: {error.strerror}"
        raise BaselineError(message) from error
