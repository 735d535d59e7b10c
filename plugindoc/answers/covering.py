"""Few answer files that together try every condition both ways.

The conditions are those of groups, sequences and steps; each is to hold with one file and not to
hold with another. Changes that go together share a file.
"""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from plugindoc.answers.consequences import Consequences
from plugindoc.answers.search import ChangeSearch
from plugindoc.answers.targets import Target, run_targets
from plugindoc.model.conditions import Always, Condition, Never

__all__ = ["Cover", "cover"]


class Cover(msgspec.Struct, frozen=True):
    """Answers that differ from the defaults, file by file; `missed` are targets without a file."""

    files: tuple[dict[str, str], ...]
    missed: tuple[Target, ...]


class _File(msgspec.Struct, eq=False):
    """A file that grows: its answers, their consequences, and the targets that need it."""

    changes: dict[str, str]
    after: Consequences
    targets: list[Target]


def cover(search: ChangeSearch) -> Cover:
    """Return few sets of answers under which every condition holds once, and once does not."""
    files = [_File({}, search.start, [])]
    missed: list[Target] = []
    for target in _both_ways(search):
        held = (file for file in files if target.holds(file.after, search.questions))
        file = next(held, None)
        if file is not None:
            file.targets.append(target)
            continue
        proposals, _ = search.proposals(target)
        if not _placed(target, proposals, files, search):
            missed.append(target)
    return Cover(tuple(file.changes for file in files), tuple(missed))


def _both_ways(search: ChangeSearch) -> Iterator[Target]:
    """Yield each condition's target, then its opposite; conditions that never vary are left out."""
    found: list[tuple[Condition, Target]] = []
    for target in run_targets(search.questions):
        varies = not isinstance(target.when, Always | Never)
        if varies and all(target.when != when for when, _ in found):
            found.append((target.when, target))
    possible = [target for _, target in found if not search.impossible(target.when)]
    yield from possible
    yield from (target.opposite() for target in possible)


def _placed(
    target: Target, proposals: list[dict[str, str]], files: list[_File], search: ChangeSearch
) -> bool:
    """Add changes that make a target hold to the first file where they fit, or to a new one.

    The file of the plain defaults stays as it is.
    """
    for file in files[1:]:
        for proposal in proposals:
            if any(file.changes.get(name, value) != value for name, value in proposal.items()):
                continue
            changes = {**file.changes, **proposal}
            after = search.after(changes)
            kept = all(one.holds(after, search.questions) for one in (*file.targets, target))
            if kept and not search.refuses_more(after):
                file.changes, file.after = changes, after
                file.targets.append(target)
                return True
    for proposal in proposals:
        after = search.after(proposal)
        if target.holds(after, search.questions):
            files.append(_File(dict(proposal), after, [target]))
            return True
    return False
