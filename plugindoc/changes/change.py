"""What a kind of change is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import msgspec

from plugindoc.examples import Example
from plugindoc.model.changes import IMPACTS, Change, Impact, ThingKind, kind_id

if TYPE_CHECKING:
    from plugindoc.changes.matching import Pair

__all__ = ["IMPACTS", "Change", "Impact", "Kind", "Sample", "ThingKind", "kind_id"]


class Sample(msgspec.Struct, frozen=True):
    """An example of a kind of change: an installer before and after, and the change's impact."""

    before: Example
    after: Example
    impact: Impact


class Kind(msgspec.Struct, frozen=True, kw_only=True):
    """A kind of change: what it is, how it is found, and its documentation page.

    `summary` completes “Changes where …”, `text` is Markdown. The samples are the page's examples
    and the kind's tests.
    """

    thing: ThingKind
    name: str
    summary: str
    text: str
    find: Callable[[Pair], Iterator[Change]]
    samples: tuple[Sample, ...] = ()

    @property
    def id(self) -> str:
        """The name of the kind among all: ``option-removed``."""
        return kind_id(self.thing, self.name)
