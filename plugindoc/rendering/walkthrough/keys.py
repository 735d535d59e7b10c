"""The keys of an option's dict: which of them matter, and what they mean."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec

from plugindoc.model.project import Option
from plugindoc.model.values import Value, is_known, members, truth

__all__ = ["BASIC", "Key", "telling_keys"]


class Key(msgspec.Struct, frozen=True):
    """A key of the protocol with its meaning, in the words that follow its name.

    `case` distinguishes the meanings of a key; each is explained where it first occurs.
    """

    name: str
    meaning: str
    case: str = ""


BASIC = (
    Key("CONF_NAME", "the option's name in answer files, in the configuration and in templates"),
    Key("CMD_OPTION", "the flag on the command line, without the two dashes"),
    Key("USAGE", "the description, shown in --help and in the answer file"),
    Key("PROMPT", "the question in an interactive run"),
    Key("DEFAULT_VALUE", "the value used when you give no answer"),
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
        "the value used when you give no answer; this one is computed when the installer starts",
    ),
    ("choices", "OPTION_LIST", _has_members, "the choices, which are passed to each validator"),
    (
        "validators",
        "VALIDATORS",
        _has_members,
        "functions that reject invalid answers, called in this order",
    ),
    (
        "processors",
        "PROCESSORS",
        _has_members,
        "functions that convert the answer before the validators run",
    ),
    (
        "mask_input",
        "MASK_INPUT",
        _is_true,
        "the answer is a secret, hidden as you type and masked in logs",
    ),
    (
        "loose_validation",
        "LOOSE_VALIDATION",
        _is_true,
        "an interactive run accepts an invalid answer if you confirm it",
    ),
    (
        "use_default",
        "USE_DEFAULT",
        _is_true,
        "the option is never asked and has no flag: set it in an answer file",
    ),
    ("need_confirm", "NEED_CONFIRM", _is_true, "an interactive run asks for the answer twice"),
    (
        "condition",
        "CONDITION",
        _is_true,
        "the option is skipped when its group is asked, and asked if a group depends on it",
    ),
    ("deprecates", "DEPRECATES", _has_members, "former names that answer files can still use"),
    ("message", "MESSAGE", _is_true, "a message shown at the end of the run"),
)


def telling_keys(option: Option) -> Iterator[Key]:
    """Yield the keys of an option beyond those that every option has."""
    for field, name, says_something, meaning in _TELLING:
        if says_something(getattr(option, field)):
            yield Key(name, meaning, field)
