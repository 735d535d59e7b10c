"""What a change is, and what a kind of change is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from plugindoc.examples import Example
from plugindoc.model.class_uses import Affected
from plugindoc.model.locations import Location
from plugindoc.model.values import Value

if TYPE_CHECKING:
    from plugindoc.changes.matching import Pair

__all__ = ["IMPACTS", "Change", "Impact", "Kind", "Sample", "ThingKind", "kind_id"]

Impact: TypeAlias = Literal["breaking", "notable", "cosmetic"]

IMPACTS: Final[tuple[Impact, ...]] = ("breaking", "notable", "cosmetic")
"""From the gravest on."""

ThingKind: TypeAlias = Literal[
    "plugin",
    "group",
    "option",
    "sequence",
    "step",
    "template",
    "fact",
    "constraint",
    "class",
    "parameter",
]


class Change(msgspec.Struct, frozen=True, kw_only=True):
    """One difference between an old and a new state.

    `name` is the identity in the new state (in the old one for what was removed), `old_name` that
    in the old one where it differs. `old` and `new` hold what changed from and to: a value of the
    model, a text, or None where it was absent or is a secret. `message` is a sentence for a release
    note, `hint` says what a user has to do. `rename` says of a renamed thing whether its new state
    declares that, or whether it only looks so. `affects` is what depends on a Puppet class or
    parameter.
    """

    kind: str
    thing: ThingKind
    name: str
    old_name: str = ""
    impact: Impact
    old: Value | str | None = None
    new: Value | str | None = None
    old_location: Location | None = None
    new_location: Location | None = None
    message: str
    hint: str = ""
    rename: Literal["declared", "likely"] | None = None
    affects: Affected | None = None

    @property
    def id(self) -> str:
        """The change in one word, as the settings name it: ``option-removed:CONFIG_X``."""
        return f"{kind_id(self.thing, self.kind)}:{self.name}"

    @property
    def location(self) -> Location | None:
        """Where it stands: in the new state, in the old one for what was removed."""
        return self.new_location or self.old_location


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


def kind_id(thing: str, name: str) -> str:
    """Return the name of a kind of change among all: ``option-removed``."""
    return f"{thing}-{name}"
