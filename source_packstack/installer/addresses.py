"""Hosts in answers: addresses, names, and lists of them."""

from __future__ import annotations

import fcntl
import functools
import ipaddress
import re
import socket
import struct

__all__ = ["get_localhost_ip", "is_host", "is_local", "split_hosts"]

_NAME = re.compile(r"(?=.{1,253}\Z)(?!-)[a-zA-Z0-9-]{1,63}(?<!-)(\.(?!-)[a-zA-Z0-9-]{1,63}(?<!-))*")
_SIOCGIFADDR = 0x8915  # linux/sockios.h: the IPv4 address of an interface
_DOCUMENTATION_ADDRESS = "203.0.113.1"  # RFC 5737, documentation; nothing is sent to it


def get_localhost_ip() -> str:
    """Return the IPv4 address at which other hosts reach this machine.

    It is that of the default route, or else of the first interface that has one, or 127.0.0.1.
    Nothing is sent: connecting a datagram socket only looks up the route.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect((_DOCUMENTATION_ADDRESS, 9))
            return str(probe.getsockname()[0])
        except OSError:
            return _first_interface_address(probe) or "127.0.0.1"


def _first_interface_address(probe: socket.socket) -> str | None:
    for _, name in socket.if_nameindex():
        if name == "lo":
            continue
        try:
            answer = fcntl.ioctl(probe, _SIOCGIFADDR, struct.pack("256s", name.encode()[:15]))
        except OSError:  # the interface has no IPv4 address
            continue
        return socket.inet_ntoa(answer[20:24])
    return None


def split_hosts(hosts: str) -> list[str]:
    """Split a comma-separated list of hosts; drop spaces and duplicates, and keep the order."""
    return list(dict.fromkeys(host.strip() for host in hosts.split(",") if host.strip()))


def is_host(text: str) -> bool:
    """Return whether a text is an IPv4 address or a host name (RFC 1123).

    IPv6 addresses are not supported: Debian's Keystone and Glance listen on IPv4 only.
    """
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        digits_only = text.replace(".", "").isdigit()
        return bool(_NAME.fullmatch(text)) and not digits_only
    return True


@functools.cache
def is_local(host: str) -> bool:
    """Return whether an address or name belongs to this machine.

    For its own address, the kernel chooses that same address as the source. Nothing is sent.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(host, 9, type=socket.SOCK_DGRAM)[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.connect(address)
            loopback = ipaddress.ip_address(address[0]).is_loopback
            return loopback or bool(probe.getsockname()[0] == address[0])
    except OSError:
        return False
