"""A lab: one network of test hosts and the person who installs on them.

The bridge lives in a network namespace of its own (`…-person`), and so does every host. No
namespace has a way out, so nothing that is done in a lab is seen outside. The addresses are of
192.0.2.0/24, which is reserved for examples: outside the lab they are not the lab's, which is why
all of a person's commands go through `Person.run`.
"""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
from pathlib import Path
from typing import Self

from tests.hosts.lab.downloads import LIGHT, base_image, repository
from tests.hosts.lab.host import Disk, Host
from tests.hosts.lab.person import Person
from tests.hosts.lab.teardown import STATE, founding, identity

__all__ = ["Lab"]

_FIRST_HOST = 11
_CLIENT = "192.0.2.200"


class Lab:
    """A network with a person on it; hosts are added one by one. Use it as a context."""

    def __init__(self, layers: tuple[Path, ...] = (), packages: tuple[str, ...] = LIGHT) -> None:
        self.name = f"lab{secrets.token_hex(3)}"
        self.directory = STATE / self.name
        self.hosts: dict[str, Host] = {}
        self._layers = layers
        self._packages = packages
        with founding():
            self.directory.mkdir()
            (self.directory / "owner").write_text(identity(os.getpid()) or "")
        self._janitor = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("teardown.py")), str(self.directory)],
            stdin=subprocess.PIPE,
            start_new_session=True,
        )
        namespace = f"{self.name}-person"
        _ip("netns", "add", namespace)
        _ip("-n", namespace, "link", "set", "lo", "up")
        _ip("-n", namespace, "link", "add", "bridge", "type", "bridge")
        _ip("-n", namespace, "address", "add", "192.0.2.1/24", "dev", "bridge")
        _ip("-n", namespace, "link", "set", "bridge", "up")
        self.person = Person(self.directory / "person", namespace)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def janitor(self) -> int:
        """The process that takes the lab down."""
        return self._janitor.pid

    def close(self) -> None:
        """Take everything down and wait until it is gone."""
        self._janitor.communicate()
        for host in self.hosts.values():
            host.stop()
        if self._janitor.returncode:
            message = f"the janitor of {self.name} ended with {self._janitor.returncode}"
            raise RuntimeError(message)

    def add(
        self,
        name: str,
        *,
        size: str = "",
        shared: tuple[Path, ...] = (),
        password: str = "",
        second_cable: bool = False,
        start: bool = True,
    ) -> Host:
        """Add a host that lets the person's key in and that the person's known_hosts knows.

        With `password`, root may log in with that password instead, and no key is let in. A
        `second_cable` leads from its interface eth1, without an address, to the same network.
        """
        index = len(self.hosts)
        host = Host(
            name=name,
            address=f"192.0.2.{_FIRST_HOST + index}",
            namespace=f"{self.name}-{name}",
            directory=self.directory / "hosts" / name,
            disk=Disk((*self._layers, base_image()), repository(self._packages), size, shared),
        )
        self.hosts[name] = host
        _ip("netns", "add", host.namespace)
        _ip("-n", host.namespace, "link", "set", "lo", "up")
        self._plug_in(host.namespace, "eth0", f"port{index}", host.address)
        if second_cable:
            self._plug_in(host.namespace, "eth1", f"second{index}")
        self._make_disk(host)
        self._let_in(host, password)
        if start:
            host.start()
        return host

    def add_client(self) -> str:
        """Add somebody on the same network who has no part in the cloud; return the namespace."""
        namespace = f"{self.name}-client"
        _ip("netns", "add", namespace)
        _ip("-n", namespace, "link", "set", "lo", "up")
        self._plug_in(namespace, "eth0", "client", _CLIENT)
        return namespace

    def _plug_in(self, namespace: str, interface: str, port: str, address: str = "") -> None:
        peer = ("type", "veth", "peer", "name", interface, "netns", namespace)
        _ip("link", "add", port, "netns", self.person.namespace, *peer)
        _ip("-n", self.person.namespace, "link", "set", port, "master", "bridge", "up")
        if address:
            _ip("-n", namespace, "address", "add", f"{address}/24", "dev", interface)
        _ip("-n", namespace, "link", "set", interface, "up")

    def _make_disk(self, host: Host) -> None:
        disk = host.directory / "disk"
        disk.mkdir(parents=True)
        (host.directory / "root").mkdir()
        if host.disk.size:
            _run("mount", "-t", "tmpfs", "-o", f"mode=755,size={host.disk.size}", "tmpfs", disk)
        (disk / "work").mkdir()
        host.files.mkdir()
        etc = host.files / "etc"
        etc.mkdir()
        (etc / "hostname").write_text(f"{host.name}\n")
        (etc / "hosts").write_text(
            f"127.0.0.1 localhost\n192.0.2.1 installer\n{host.address} {host.name}\n"
        )

    def _let_in(self, host: Host, password: str) -> None:
        base = host.disk.layers[-1]
        key = host.files / "etc" / "ssh" / "ssh_host_ed25519_key"
        key.parent.mkdir()
        _run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", host.name, "-f", key)
        self.person.know(host.address, host.name, key.with_suffix(".pub").read_text())
        if password:
            hashed = _run("openssl", "passwd", "-6", password).strip()
            _, *others = (base / "etc" / "shadow").read_text().splitlines()
            shadow = host.files / "etc" / "shadow"
            shadow.touch(mode=0o600)
            shadow.write_text("\n".join([f"root:{hashed}:19000:0:99999:7:::", *others, ""]))
            allow = host.files / "etc" / "ssh" / "sshd_config.d"
            allow.mkdir()
            (allow / "password.conf").write_text("PermitRootLogin yes\n")
            return
        for home, owner in ((host.files / "root", 0), (host.files / "home" / "deploy", 1000)):
            (home / ".ssh").mkdir(parents=True)
            authorized = home / ".ssh" / "authorized_keys"
            authorized.write_text(self.person.public_key)
            for path in (home, home / ".ssh", authorized):
                os.chown(path, owner, owner)
                path.chmod(0o600 if path.is_file() else 0o700)


def _ip(*arguments: str) -> None:
    _run("ip", *arguments)


def _run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        message = f"{' '.join(map(str, command))}: {done.stderr}"
        raise RuntimeError(message)
    return done.stdout
