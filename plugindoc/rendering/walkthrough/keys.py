"""The keys of an option's dict: which of them say something, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from plugindoc.model.project import Option
from plugindoc.model.values import Value, is_known, members, truth

__all__ = ["BASIC", "Key", "telling_keys"]


class Key(msgspec.Struct, frozen=True):
    """A key of the protocol with its meaning, in the words that follow its name.

    `case` tells apart what a key can mean; each is explained where it first occurs.
    """

    name: str
    meaning: str
    case: str = ""


BASIC = (
    Key("CONF_NAME", "its name: in the answer file, in the configuration, in templates"),
    Key("CMD_OPTION", "its flag on the command line, without the two dashes"),
    Key("USAGE", "its documentation: the help and the comment in the answer file"),
    Key("PROMPT", "the question that an interactive run asks"),
    Key("DEFAULT_VALUE", "the answer that counts where you give none"),
)
"""Keys that nearly every option has; explained at the first."""


def _is_true(value: Value | None) -> bool:
    return truth(value) is True


def _has_members(value: Value | None) -> bool:
    return bool(members(value))


def _is_computed(value: Value | None) -> bool:
    return value is not None and not is_known(value)


_TELLING: tuple[tuple[str, str, Callable[[Value | None], bool], str], ...] = (
    (
        "default",
        "DEFAULT_VALUE",
        _is_computed,
        "the answer that counts where you give none; this one the installer computes at its start",
    ),
    ("choices", "OPTION_LIST", _has_members, "the choices; each validator gets them"),
    (
        "validators",
        "VALIDATORS",
        _has_members,
        "functions that refuse a wrong answer, called in this order",
    ),
    (
        "processors",
        "PROCESSORS",
        _has_members,
        "functions that turn the answer into its final form, before the validators see it",
    ),
    (
        "mask_input",
        "MASK_INPUT",
        _is_true,
        "it is a secret: the prompt does not echo it, and logs mask it",
    ),
    (
        "loose_validation",
        "LOOSE_VALIDATION",
        _is_true,
        "an interactive run lets you keep an invalid answer after a question",
    ),
    (
        "use_default",
        "USE_DEFAULT",
        _is_true,
        "it is never asked and has no flag: only the answer file sets it",
    ),
    ("need_confirm", "NEED_CONFIRM", _is_true, "an interactive run asks for it twice"),
    (
        "condition",
        "CONDITION",
        _is_true,
        "it is left out when its group is asked; it is asked where a group depends on it",
    ),
    ("deprecates", "DEPRECATES", _has_members, "old names that answer files may still use"),
    ("message", "MESSAGE", _is_true, "a text that the end of the run shows"),
)


def telling_keys(option: Option) -> Iterator[Key]:
    """Yield the keys that say something about an option beyond what every option has."""
    for field, name, says_something, meaning in _TELLING:
        if says_something(getattr(option, field)):
            yield Key(name, meaning, field)
