"""What a change of one field of an option means, and the record of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final, TypeAlias

import msgspec

from plugindoc.changes.change import Change, Impact
from plugindoc.changes.matching import Pair
from plugindoc.changes.wording import hides, same_value
from plugindoc.model.locations import Location
from plugindoc.model.project import Option
from plugindoc.model.values import Value

__all__ = ["Effect", "EffectOf", "change_of", "location_of", "where_changed"]


class Effect(msgspec.Struct, frozen=True):
    """What a change means for users.

    `words` follow the option's name in the message; `hint` says what a user has to do.
    """

    impact: Impact
    words: str
    hint: str = ""


EffectOf: TypeAlias = Callable[[Option, Option], Effect | None]
"""Returns the effect of a changed field of an old and a new option; None if there is none."""

_FIELD_OF: Final = {
    "secrecy": "mask_input",
    "asking": "use_default",
    "confirmation": "need_confirm",
    "looseness": "loose_validation",
    "former-names": "deprecates",
}
"""Fields of the model by kinds of change; all others have the name of their kind."""


def location_of(option: Option, field: str) -> Location:
    """Return where a field is declared; the option's own location if the field is not."""
    if field == "usage" and option.usage_location is not None:
        return option.usage_location
    return option.fields.get(field, option.location)


def change_of(kind: str, old: Option, new: Option, effect: Effect) -> Change:
    """Return the change of the field that a kind of change is about; secrets have no values."""
    field = _FIELD_OF.get(kind, kind)
    hidden = kind == "default" and hides(old, new)
    return Change(
        kind=kind,
        thing="option",
        name=new.name,
        old_name=old.name if old.name != new.name else "",
        impact=effect.impact,
        old=None if hidden else getattr(old, field, None),
        new=None if hidden else getattr(new, field, None),
        old_location=location_of(old, field),
        new_location=location_of(new, field),
        message=f"{new.name} {effect.words}.",
        hint=effect.hint,
    )


def where_changed(kind: str, effect_of: EffectOf) -> Callable[[Pair], Iterator[Change]]:
    """Return a function that yields the changes of the field that a kind of change is about."""
    field = _FIELD_OF.get(kind, kind)

    def find(pair: Pair) -> Iterator[Change]:
        for old, new in pair.kept_options:
            was: Value | None = getattr(old, field)
            effect = None if same_value(was, getattr(new, field)) else effect_of(old, new)
            if effect is not None:
                yield change_of(kind, old, new, effect)

    return find
