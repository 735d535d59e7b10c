"""Two states of an installer to a list of what changed, for release notes and the check."""

from __future__ import annotations

from collections import Counter
from typing import Literal

import msgspec

from plugindoc.changes.change import IMPACTS, Change, Impact
from plugindoc.changes.kinds import KINDS
from plugindoc.changes.matching import Pair
from plugindoc.model.project import Problem, Project

__all__ = ["Comparison", "Side", "Unread", "compare"]


class Side(msgspec.Struct, frozen=True):
    """One of two compared states, as the user named it; `revision` is "" outside of git."""

    path: str = ""
    revision: str = ""


class Unread(msgspec.Struct, frozen=True):
    """A file of one side that could not be read."""

    side: Literal["old", "new"]
    problem: Problem


class Comparison(msgspec.Struct, frozen=True):
    """What changed, the gravest first, and what could not be compared."""

    changes: tuple[Change, ...]
    problems: tuple[Unread, ...] = ()

    def summary(self) -> dict[Impact, int]:
        """Return how many changes there are of each impact."""
        found = Counter(change.impact for change in self.changes)
        return {impact: found[impact] for impact in IMPACTS}


def compare(old: Project, new: Project) -> Comparison:
    """Return what changed from `old` to `new`.

    What may be in a file that could not be read is neither added nor removed.
    """
    pair = Pair(old, new)
    found = [(at, change) for at, kind in enumerate(KINDS) for change in kind.find(pair)]
    found.sort(key=lambda each: (IMPACTS.index(each[1].impact), each[0], each[1].name))
    return Comparison(
        tuple(change for _, change in found),
        tuple(Unread(side, problem) for side, problem in pair.problems),
    )
