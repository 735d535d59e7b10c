"""Python's and other libraries' functions for addresses and paths, carried out on known texts.

They look at nothing but their arguments. Whatever else they are given stays unknown.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.state.values import UNSUPPORTED, Arguments, External, Value
from plugindoc.reading.syntax import Node

__all__ = ["LIBRARY"]

_Handler = Callable[..., Value]
_LONGEST: Final = 10_000


class _Thing(Native):
    """An object of a library whose named members are plain data."""

    def __init__(self, thing: object, members: tuple[str, ...], methods: tuple[str, ...]) -> None:
        self.thing, self.known, self.methods = thing, members, methods

    def attribute(self, machine: Machine, name: str, node: Node) -> Value:
        """Return a member that is plain data."""
        if name not in self.known:
            return UNSUPPORTED
        try:
            found: Value = getattr(self.thing, name)
        except ValueError:  # such as a port that is no number
            return machine.fail("ValueError", None, node)
        return found

    def method(self, machine: Machine, name: str, arguments: Arguments, node: Node) -> Value:  # noqa: ARG002 - the base's signature
        """Return what a method without arguments gives."""
        plain = name in self.methods and not arguments.positional and not arguments.named
        return getattr(self.thing, name)() if plain else UNSUPPORTED


def _made(make: Callable[[str], _Thing], error: str) -> _Handler:
    """Return what takes the place of a function that makes an object of a text."""

    def handle(machine: Machine, _: Value, arguments: Arguments, node: Node) -> Value:
        text = machine.narrow(arguments.get(0, "", None))
        alone = len(arguments.positional) == 1 and not arguments.named and not arguments.open
        if not alone or not isinstance(text, str) or len(text) > _LONGEST:
            return UNSUPPORTED
        try:
            return make(text)
        except ValueError:
            return machine.fail(External(error), None, node)

    return handle


def _address(text: str) -> _Thing:
    return _Thing(ipaddress.ip_address(text), ("version",), ())


def _network(text: str) -> _Thing:
    return _Thing(ipaddress.ip_network(text, strict=False), ("version",), ())


def _ipv4(text: str) -> _Thing:
    return _Thing(ipaddress.IPv4Address(text), ("version",), ())


def _ipv6(text: str) -> _Thing:
    return _Thing(ipaddress.IPv6Address(text), ("version",), ())


def _path(text: str) -> _Thing:
    return _Thing(
        PurePosixPath(text), ("parts", "name", "stem", "suffix"), ("is_absolute", "as_posix")
    )


def _url(text: str) -> _Thing:
    members = ("scheme", "netloc", "path", "query", "fragment", "hostname", "port", "username")
    return _Thing(urlsplit(text), members, ("geturl",))


_FAMILIES: Final[dict[str, type[ipaddress.IPv4Address | ipaddress.IPv6Address]]] = {
    "socket.AF_INET": ipaddress.IPv4Address,
    "socket.AF_INET6": ipaddress.IPv6Address,
}


def _inet_pton(machine: Machine, _: Value, arguments: Arguments, node: Node) -> Value:
    family, text = (machine.narrow(arguments.get(i, "", None)) for i in range(2))
    kind = _FAMILIES.get(family.name) if isinstance(family, External) else None
    if kind is None or not isinstance(text, str):
        return UNSUPPORTED
    try:
        return kind(text).packed
    except ValueError:
        return machine.fail(External("socket.error"), None, node)


def _nothing(*_: Any) -> Value:  # noqa: ANN401 - as a handler is called
    return None


_ADDRESS_ERROR: Final = "netaddr.core.AddrFormatError"

LIBRARY: Final[dict[str, _Handler]] = {
    "ipaddress.ip_address": _made(_address, "builtins.ValueError"),
    "ipaddress.ip_network": _made(_network, "builtins.ValueError"),
    "ipaddress.IPv4Address": _made(_ipv4, "builtins.ValueError"),
    "ipaddress.IPv6Address": _made(_ipv6, "builtins.ValueError"),
    "netaddr.IPAddress": _made(_address, _ADDRESS_ERROR),
    "pathlib.Path": _made(_path, "builtins.ValueError"),
    "pathlib.PurePath": _made(_path, "builtins.ValueError"),
    "pathlib.PurePosixPath": _made(_path, "builtins.ValueError"),
    "socket.inet_pton": _inet_pton,
    "urllib.parse.urlparse": _made(_url, "builtins.ValueError"),
    "urllib.parse.urlsplit": _made(_url, "builtins.ValueError"),
    **{f"logging.{name}": _nothing for name in ("debug", "info", "warning", "error", "exception")},
}
"""Functions by their dotted names, each with what takes its place."""
