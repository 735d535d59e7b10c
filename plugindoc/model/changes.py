"""What differs between two states of an installer, and from release to release, as data."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias

import msgspec

from plugindoc.model.locations import Location
from plugindoc.model.values import Value

__all__ = ["IMPACTS", "Affected", "Change", "Impact", "ReleaseChanges", "ThingKind", "kind_id"]

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


class Affected(msgspec.Struct, frozen=True):
    """What depends on a class or parameter: names of templates, steps, options and plugins."""

    templates: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    plugins: tuple[str, ...] = ()


class Change(msgspec.Struct, frozen=True, kw_only=True, gc=False, omit_defaults=True):
    """One difference between an old and a new state.

    `name` is the identity in the new state (in the old one for what was removed), `old_name` that
    in the old one where it differs. `old` and `new` hold what changed from and to: a value of the
    model, a text, or None if it was absent or is a secret. `message` is a sentence for a release
    note, `hint` says what a user has to do. `rename` says whether a renamed thing declares its old
    name, or only looks renamed. `affects` is what depends on a Puppet class or parameter.
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
        """Its location: in the new state, or in the old one if it was removed."""
        return self.new_location or self.old_location


class ReleaseChanges(msgspec.Struct, frozen=True, omit_defaults=True):
    """What a release changed; `since` is the release before it.

    `unread` names what could not be read of the two, and is therefore not compared.
    """

    release: str
    since: str
    changes: tuple[Change, ...]
    unread: tuple[str, ...] = ()


def kind_id(thing: str, name: str) -> str:
    """Return the name of a kind of change among all: ``option-removed``."""
    return f"{thing}-{name}"
