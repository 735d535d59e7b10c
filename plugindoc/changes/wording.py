"""Values and lists in the words of a release note; the values of secrets are never among them."""

from __future__ import annotations

from typing import Any, Final

import msgspec

from plugindoc.model.names import sounds_secret
from plugindoc.model.project import Option
from plugindoc.model.values import Known, Value, is_absent, truth, words

__all__ = ["from_to", "hides", "plain", "quoted", "same_value"]

_LONGEST: Final = 100
_PLACES: Final = frozenset({"location", "reason", "target"})
"""Where a value was found and why it is not known: no part of what it is."""


def same_value(old: Value | None, new: Value | None) -> bool:
    """Return whether two values are equal, apart from their locations."""
    if old == new:
        return True
    before, after = (_without_places(msgspec.to_builtins(value)) for value in (old, new))
    return bool(before == after)


def _without_places(data: Any) -> Any:  # noqa: ANN401 - JSON
    if isinstance(data, dict) and data.get("kind") == "known":
        return data
    if isinstance(data, dict):
        return {key: _without_places(each) for key, each in data.items() if key not in _PLACES}
    if isinstance(data, list | tuple):
        return [_without_places(member) for member in data]
    return data


def hides(*options: Option) -> bool:
    """Return whether the value of any of these options is a secret, or may be one."""
    return any(
        truth(option.mask_input) is not False or sounds_secret(option.name) for option in options
    )


def plain(value: Value | None) -> object:
    """Return a value as an answer file has it: a text, or a list of texts; None if not known."""
    if not isinstance(value, Known) or value.value is None:
        return None
    data = value.value
    return [str(member) for member in data] if isinstance(data, list) else str(data)


def quoted(value: Value | str | None) -> str:
    """Return a value in a few words: “empty”, “nothing”, or its text, cut where it is long."""
    if not isinstance(value, str) and is_absent(value):
        return "nothing"
    text = value if isinstance(value, str) else words(value)
    if not text.strip():
        return "empty"
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def from_to(old: Value | str | None, new: Value | str | None, *, secret: bool = False) -> str:
    """Return ``: B instead of A``; "" for a secret."""
    return "" if secret else f": {quoted(new)} instead of {quoted(old)}"
