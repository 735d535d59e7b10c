"""Validators: functions `(param, options=None)` that raise ParamValidationError.

`param` is the answer, `options` the option's `OPTION_LIST`. The messages describe valid values. The
engine adds the option's name and the line of the answer, but never the value, which may be secret.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from source_packstack.installer.addresses import is_host, split_hosts
from source_packstack.installer.errors import ParamValidationError

__all__ = [
    "validate_absolute_path",
    "validate_file",
    "validate_host",
    "validate_hosts",
    "validate_integer",
    "validate_not_empty",
    "validate_options",
    "validate_regexp",
    "validate_source",
]

Options = Sequence[str] | None


def validate_not_empty(param: str, options: Options = None) -> None:
    """Refuse answers that are empty or contain only spaces."""
    if not str(param).strip():
        _refuse("must not be empty")


def validate_integer(param: str, options: Options = None) -> None:
    """Accept positive integers in decimal digits."""
    if not re.fullmatch(r"[1-9][0-9]{0,8}", str(param)):
        _refuse("must be a whole number from 1 to 999999999")


def validate_options(param: str, options: Options = None) -> None:
    """Accept one of the choices in `options`, with exactly the same spelling."""
    if param not in (options or ()):
        _refuse(f"must be one of: {', '.join(options or ())}")


def validate_regexp(param: str, options: Options = None) -> None:
    """Accept values that fully match at least one of the regular expressions in `options`."""
    if not any(re.fullmatch(pattern, str(param)) for pattern in options or ()):
        _refuse(f"must match {' or '.join(options or ())}")


def validate_host(param: str, options: Options = None) -> None:
    """Accept one IPv4 address or host name. The host is not contacted."""
    if not is_host(param):
        _refuse("must be one IPv4 address or host name")


def validate_hosts(param: str, options: Options = None) -> None:
    """Accept a comma-separated list of at least one IPv4 address or host name."""
    hosts = split_hosts(param)
    if not hosts:
        _refuse("must name at least one host")
    for position, host in enumerate(hosts, start=1):
        if not is_host(host):
            _refuse(
                f"must be IPv4 addresses or host names separated by commas; no. {position} is not"
            )


def validate_file(param: str, options: Options = None) -> None:
    """Accept the path of a readable file on this machine, or an empty answer."""
    if not param:
        return
    try:
        with Path(param).open("rb"):
            pass
    except (OSError, ValueError) as error:
        _refuse(f"must be a file that can be read here ({getattr(error, 'strerror', error)})")


def validate_absolute_path(param: str, options: Options = None) -> None:
    """Accept an absolute path on the hosts, which starts with `/` and contains no `..`."""
    path = Path(param)
    if not path.is_absolute() or ".." in path.parts or "\0" in param:
        _refuse("must be an absolute path without '..'")


def validate_source(param: str, options: Options = None) -> None:
    """Accept an http or https address, or the path of a readable file on this machine."""
    try:
        address = urlsplit(param)
    except ValueError:  # for example, brackets without an IPv6 address
        _refuse("is not a valid URL")
    if address.scheme in ("http", "https"):
        if not address.hostname:
            _refuse("is a URL without a host")
        return
    validate_not_empty(param)
    validate_file(param)


def _refuse(message: str) -> NoReturn:
    raise ParamValidationError(message)
