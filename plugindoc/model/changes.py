"""What differs between two states of an installer, as data."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from plugindoc.model.locations import Location
from plugindoc.model.values import Value

__all__ = ["Change", "ChangeKind"]

ChangeKind: TypeAlias = Literal[
    "added",
    "removed",
    "renamed",
    "moved",
    "default",
    "choices",
    "flag",
    "usage",
    "condition",
]


class Change(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One difference between an old and a new state.

    `name` is the identity in the new state (in the old one for what was removed), `old_name` that
    in the old one where it differs. `old` and `new` hold what a field changed from and to, None
    where it was absent. `location` lies in the new state but for what was removed.
    """

    kind: ChangeKind
    thing: Literal["plugin", "group", "option", "step"]
    name: str
    location: Location
    old_name: str = ""
    old: Value | str | None = None
    new: Value | str | None = None
