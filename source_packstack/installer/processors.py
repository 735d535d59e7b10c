"""Processors: functions `(param, param_name, config=None)` that return the value to be used.

They run before the validators, so they can convert an answer to the form that validators expect.
"""

from __future__ import annotations

import secrets
from pathlib import Path

from source_packstack.installer.addresses import split_hosts
from source_packstack.installer.errors import ParamProcessingError
from source_packstack.installer.parameters import PASSWORD_PLACEHOLDER, Config

__all__ = [
    "process_bool",
    "process_controller",
    "process_hosts",
    "process_password",
    "process_path",
]

_YES = frozenset({"y", "yes", "true", "on", "1"})
_NO = frozenset({"n", "no", "false", "off", "0"})
_PASSWORD_BYTES = 24


def process_bool(param: str, param_name: str, config: Config | None = None) -> str:
    """Convert the usual spellings of yes and no to `y` and `n`; keep any other value."""
    answer = str(param).strip().lower()
    if answer in _YES:
        return "y"
    return "n" if answer in _NO else param


def process_hosts(param: str, param_name: str, config: Config | None = None) -> str:
    """Remove spaces and duplicates from a list of hosts, and keep its order."""
    return ",".join(split_hosts(param))


def process_controller(param: str, param_name: str, config: Config | None = None) -> str:
    """Replace an empty answer by the controller."""
    return param or str(config["CONFIG_CONTROLLER_HOST"] if config else "")


def process_path(param: str, param_name: str, config: Config | None = None) -> str:
    """Make a path on this machine absolute, and expand `~`; URLs are not changed."""
    if not param or "://" in param or "\0" in param:
        return param
    try:
        return str(Path(param).expanduser().absolute())
    except RuntimeError as error:
        raise ParamProcessingError("begins with the home folder of an unknown user") from error


def process_password(param: str, param_name: str, config: Config | None = None) -> str:
    """Replace the placeholder by a password: `CONFIG_DEFAULT_PASSWORD`, or a random one.

    A random password has 192 bits from the operating system's source, in URL-safe characters.
    """
    if param != PASSWORD_PLACEHOLDER:
        return param
    default = config.get("CONFIG_DEFAULT_PASSWORD") if config else ""
    return str(default) if default else secrets.token_urlsafe(_PASSWORD_BYTES)
