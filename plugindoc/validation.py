"""What Packstack's own validators let pass, in words, and what they refuse.

Values are judged where that needs no host.

Facts: ``packstack.installer.validators``. Installers made after it keep that module in a package of
their own; a function of any other module is not judged by its name. A value that is empty passes
most of them. Validators that ask a network or a disk (``validate_ssh``, ``validate_file``) are not
judged, nor are regular expressions that could take long.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

__all__ = ["ACCEPTS", "MATCHING", "known", "refusal"]

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
"""What the installer's own validators let pass, in words, by their short names."""

MATCHING: Final = frozenset({"validate_multi_regexp", "validate_regexp"})
"""Validators that take what is listed as choices for regular expressions, by their short names."""

_OWN: Final = re.compile(r"\w+\.installer\.validators\.(\w+)")

_PORTS: Final = range(65535)

_CHOOSING: Final = MATCHING | {"validate_multi_options", "validate_options"}

_Judge = Callable[[str, Sequence[str]], str | None]


def known(target: str) -> str:
    """Return the short name of one of the known validators by its dotted name; "" for others."""
    found = _OWN.fullmatch(target)
    return found[1] if found and found[1] in ACCEPTS else ""


def refusal(validator: str, value: object, choices: Sequence[str] = ()) -> str | None:
    """Return why a validator refuses a value: “is no integer”; None where it does not, or may not.

    `validator` is a short name (``validate_port``); `choices` what is passed to it, empty where
    that is not known: then those that choose are not judged.
    """
    judge = _JUDGES.get(validator)
    if judge is None or (validator in _CHOOSING and not choices):
        return None
    return judge(str(value), choices)


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
    """Tell whether a pattern ends in time: patterns are the plugins', and may be hostile."""
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
