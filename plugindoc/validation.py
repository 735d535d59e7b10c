"""What Packstack's own validators accept, in words, and what they refuse.

Values are checked if that needs no host.

Facts: ``packstack.installer.validators``. Installers made after it keep that module in a package of
their own; a function of any other module is not recognised by its name. A value that is empty
passes most of them. Validators that ask a network or a disk (``validate_ssh``, ``validate_file``)
are not checked, nor are regular expressions that could take long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from plugindoc.model.outcomes import Outcome
from plugindoc.model.project import Option
from plugindoc.model.values import (
    Dynamic,
    Known,
    Reference,
    Value,
    is_absent,
    members,
    truth,
    words,
)

__all__ = [
    "ACCEPTS",
    "MATCHING",
    "choices_of",
    "complaint",
    "known",
    "outcome_of",
    "processed",
    "refusal_words",
    "unfit_default",
]

ACCEPTS: Final = {
    "validate_choices": "one of the choices, or several of them, separated by commas",
    "validate_file": "the path of a file that exists on the installer's machine",
    "validate_float": "a decimal number",
    "validate_integer": "an integer",
    "validate_ip": "an IPv4 or IPv6 address",
    "validate_ldap_dn": "an LDAP distinguished name, or nothing",
    "validate_ldap_url": "an LDAP URL",
    "validate_multi_export": "NFS exports, separated by commas",
    "validate_multi_ip": "IP addresses, separated by commas",
    "validate_multi_options": "choices, separated by commas",
    "validate_multi_ping": "hosts that answer a ping, separated by commas",
    "validate_multi_regexp": "values that match the regular expression, separated by commas",
    "validate_multi_ssh": "hosts that can be reached by SSH, separated by commas",
    "validate_neutron": "one of the choices",
    "validate_not_empty": "any text that is not empty",
    "validate_options": "one of the choices",
    "validate_ping": "a host that answers a ping",
    "validate_port": "a port, from 0 to 65534",
    "validate_regexp": "a value that matches the regular expression",
    "validate_ssh": "a host that can be reached by SSH",
    "validate_sshkey": "a file that holds an SSH public key",
    "validate_writeable_directory": "a folder that can be written to, or made",
}
"""What the installer's own validators accept, in words, by their short names."""

MATCHING: Final = frozenset({"validate_multi_regexp", "validate_regexp"})
"""Validators that take what is listed as choices for regular expressions, by their short names."""

_NAMED_ALIKE: Final = re.compile(r"\w+\.installer\.validators\.(\w+)")

_PORTS: Final = range(65535)

_CHOOSING: Final = MATCHING | {"validate_multi_options", "validate_options"}

_Judge = Callable[[str, Sequence[str]], str | None]


def known(target: str, *, here: bool = False) -> str:
    """Return which of Packstack's validators a dotted name means; "" for others.

    Installers made after it keep functions of the same names in a package of their own: if their
    code is `here`, it shows whether they are alike.
    """
    found = _NAMED_ALIKE.fullmatch(target)
    if found is None or found[1] not in ACCEPTS:
        return ""
    return found[1] if here or target.startswith("packstack.") else ""


def complaint(name: str, value: object, choices: Sequence[str] = ()) -> str | None:
    """Return the message of Packstack's validator of a short name for a value, "" if it accepts it.

    None if that is not known: for other functions, those that ask a network or a disk, patterns
    that could take long, and values that are no texts.
    """
    judge = _JUDGES.get(name)
    if judge is None or (name in _CHOOSING and not choices):
        return None
    if not isinstance(value, str):
        refused = value is None or value == ""
        return ("is empty" if refused else "") if name == "validate_not_empty" else None
    if name in MATCHING and not all(_tame(pattern, value) for pattern in choices):
        return None
    return judge(value, choices) or ""


def outcome_of(
    option: Option, answer: object, like: Callable[[str], str] = lambda _: ""
) -> Outcome:
    """Return the outcome of an answer, as far as the model has it: no code is followed.

    `like` returns, by the name of a validator, which of Packstack's it is like, "" for others.
    """
    for told in option.outcomes:
        if told.answer == answer and type(told.answer) is type(answer):
            return told
    if truth(option.processors) is not False:
        return Outcome(answer=answer, accepted=None, by=words(option.processors))
    choices = choices_of(option)
    unclear = truth(option.validators) is not False and not members(option.validators)
    for member in members(option.validators):
        name = member.name if isinstance(member, Reference) else ""
        why = complaint(like(name), answer, choices)
        if why:
            return Outcome(answer=answer, accepted=False, by=name, why=why)
        unclear = unclear or why is None
    return Outcome(answer=answer, accepted=None if unclear else True)


def refusal_words(option: Option, outcome: Outcome, *, secret: bool = False) -> str:
    """Return how an answer is refused, as it follows the answer in a sentence.

    The choices are named if the functions accept each of them. The message for a secret is left
    out, since it may quote the answer.
    """
    choices = choices_of(option)
    accepted = {str(told.answer) for told in option.outcomes if told.accepted is True}
    if choices and set(choices) <= accepted:
        return f"is none of {', '.join(choices)}"
    return f"is refused by {outcome.by}" + (
        f": {outcome.why}" if outcome.why and not secret else ""
    )


def unfit_default(option: Option, like: Callable[[str], str]) -> str:
    """Return why an answer file has to answer an option; "" if its default is enough.

    `like` is that of `outcome_of`.
    """
    if is_absent(option.default):
        return "has no default"
    known = option.default.value if isinstance(option.default, Known) else None
    refused = known is not None and outcome_of(option, known, like).accepted is False
    return "its default is refused" if refused else ""


def choices_of(option: Option) -> list[str]:
    """Return an option's choices, or patterns, as texts; none if they are not known."""
    listed = option.choices.value if isinstance(option.choices, Known) else None
    return [str(choice) for choice in listed] if isinstance(listed, list) else []


def processed(target: str, value: object) -> Value | None:
    """Return the result of Packstack's processor of a dotted name for a value, if it is known."""
    found = _PACKSTACK_PROCESSORS.fullmatch(target)
    if found is None or not isinstance(value, str):
        return None
    if found[1] == "process_bool":
        return Known(_BOOLEANS.get(value.lower()))
    if found[1] == "process_password":
        generated = Dynamic(value, "a password is generated, unless there is a default one")
        return generated if value == "PW_PLACEHOLDER" else Known(value)
    return None


_PACKSTACK_PROCESSORS: Final = re.compile(r"packstack\.installer\.processors\.(\w+)")
_BOOLEANS: Final = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}


def _integer(value: str, _: Sequence[str]) -> str | None:
    return _unless(_number(value, int), "is no integer", value)


def _float(value: str, _: Sequence[str]) -> str | None:
    return _unless(_number(value, float), "is no number", value)


def _number(value: str, kind: type[int | float]) -> bool:
    try:
        kind(value)
    except ValueError:
        return False
    return True


def _port(value: str, choices: Sequence[str]) -> str | None:
    if not value:
        return None
    wrong = _integer(value, choices)
    return wrong or _unless(int(value) in _PORTS, "is no port (0 to 65534)", value)


def _not_empty(value: str, _: Sequence[str]) -> str | None:
    return None if value else "is empty"


def _options(value: str, choices: Sequence[str]) -> str | None:
    return _unless(value in choices, f"is none of {', '.join(choices)}", value)


def _multi_options(value: str, choices: Sequence[str]) -> str | None:
    return _each(value, lambda part: _options(part, choices))


def _ip(value: str, _: Sequence[str]) -> str | None:
    return _unless(_address(value), "is no IP address", value)


def _multi_ip(value: str, choices: Sequence[str]) -> str | None:
    return _each(value, lambda part: _ip(part.partition("/")[0], choices))


def _address(value: str) -> bool:
    import ipaddress  # noqa: PLC0415 - only addresses need it

    try:
        ipaddress.ip_address(value)
    except ValueError:
        return False
    return "%" not in value


_REPEATED_GROUP: Final = re.compile(r"\)[*+{?]|\\\d")
_REPEAT: Final = re.compile(r"[*+{]")
_MOST_REPEATS: Final = 3
_LONGEST: Final = 200


def _tame(pattern: str, value: str) -> bool:
    """Return whether a pattern ends in time: patterns are the plugins', and may be hostile."""
    repeats = len(_REPEAT.findall(pattern))
    return (
        repeats <= _MOST_REPEATS
        and len(value) <= _LONGEST
        and _REPEATED_GROUP.search(pattern) is None
    )


def _regexp(value: str, choices: Sequence[str]) -> str | None:
    if not all(_tame(pattern, value) for pattern in choices):
        return None
    try:
        matches = any(re.search(pattern, value) for pattern in choices)
    except (re.error, RecursionError):
        return None
    return _unless(matches, f"does not match {' or '.join(choices)}", value)


def _multi_regexp(value: str, choices: Sequence[str]) -> str | None:
    return _each(value, lambda part: _regexp(part, choices))


def _export(value: str, _: Sequence[str]) -> str | None:
    host, colon, path = value.partition(":/")
    squared = re.fullmatch(r"\[([^]]+)\]", host)
    sound = bool(colon and path) and _address(squared[1] if squared else host)
    return _unless(sound, "is no NFS export (address:/path)", value)


def _multi_export(value: str, choices: Sequence[str]) -> str | None:
    return _each(value, lambda part: _export(part, choices))


def _unless(fine: bool, complaint: str, value: str) -> str | None:  # noqa: FBT001 - the judgement
    return None if fine or not value else complaint


def _each(value: str, judge: Callable[[str], str | None]) -> str | None:
    found = (judge(part.strip()) for part in value.split(","))
    return next((complaint for complaint in found if complaint), None)


_JUDGES: Final[dict[str, _Judge]] = {
    "validate_export": _export,
    "validate_float": _float,
    "validate_integer": _integer,
    "validate_ip": _ip,
    "validate_multi_export": _multi_export,
    "validate_multi_ip": _multi_ip,
    "validate_multi_options": _multi_options,
    "validate_multi_regexp": _multi_regexp,
    "validate_not_empty": _not_empty,
    "validate_options": _options,
    "validate_port": _port,
    "validate_regexp": _regexp,
}
