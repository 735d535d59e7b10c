"""Puppet modules of Debian's releases: fetched with apt and unpacked, never installed.

``python -m tests.puppet_modules trixie`` prints the folder of the modules of a release. They lie
under ``build/puppet-modules``; a second call reaches for no network. apt has a sources list, lists
and a cache of its own there, and checks signatures with Debian's keys.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

__all__ = ["PINS", "modules"]

PINS: Final = {
    "bookworm": {
        "cinder": "21.0.0-1",
        "glance": "21.0.0-1",
        "heat": "21.0.0-1",
        "horizon": "21.0.0-3",
        "keystone": "21.0.0-1",
        "neutron": "21.0.0-1",
        "nova": "21.0.0-1",
        "openstacklib": "21.0.0-1",
        "oslo": "21.0.0-1",
        "placement": "8.0.0-1",
        "swift": "21.0.0-2",
        "puppetlabs-apache": "5.5.0-2",
        "puppetlabs-apt": "9.0.1-1",
        "puppetlabs-concat": "7.3.1-2",
        "puppetlabs-firewall": "3.4.0-1",
        "puppetlabs-haproxy": "2.1.0-5",
        "puppetlabs-mysql": "8.1.0-7",
        "puppetlabs-ntp": "7.2.0-1",
        "puppetlabs-postgresql": "6.7.0-2",
        "puppetlabs-rabbitmq": "8.5.0-7",
        "puppetlabs-stdlib": "8.5.0-1",
    },
    "trixie": {
        "cinder": "25.0.0-3",
        "glance": "25.0.0-3",
        "heat": "25.0.0-5",
        "horizon": "25.0.0-4",
        "keystone": "25.0.0-4",
        "neutron": "25.0.0-6",
        "nova": "25.0.0-4",
        "openstacklib": "25.0.0-1",
        "oslo": "25.0.0-2",
        "placement": "12.0.0-1",
        "swift": "25.0.0-1",
        "puppetlabs-apache": "12.2.0-1",
        "puppetlabs-apt": "9.4.0-1",
        "puppetlabs-concat": "7.3.1-2",
        "puppetlabs-firewall": "8.1.7-1",
        "puppetlabs-haproxy": "8.2.0-1",
        "puppetlabs-mysql": "15.0.0-3",
        "puppetlabs-ntp": "7.2.0-1",
        "puppetlabs-postgresql": "10.5.0-1",
        "puppetlabs-rabbitmq": "8.5.0-8+deb13u1",
        "puppetlabs-stdlib": "9.4.1-1",
    },
}
"""The version of each module's package that the tests read."""

_CACHE: Final = Path(__file__).parent.parent / "build" / "puppet-modules"
_MIRROR: Final = "http://deb.debian.org/debian"
_KEYS: Final = "/usr/share/keyrings/debian-archive-keyring.gpg"
_MODULES: Final = "usr/share/puppet/modules.available"


def modules(release: str) -> Path:
    """Return the folder of the modules of a Debian release; fetches them once.

    Raises KeyError for a release that is not pinned, and subprocess.CalledProcessError where apt
    does not have a package in the pinned version, or cannot verify it.
    """
    pinned = hashlib.sha256(repr(sorted(PINS[release].items())).encode()).hexdigest()
    folder = _CACHE / f"{release}-{pinned[:12]}"
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / f"{release}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of parallel tests, the first fetches for all
        if not folder.is_dir():
            _make(release, folder)
    return folder / _MODULES


def _make(release: str, folder: Path) -> None:
    scratch = _CACHE / f"{release}.new"
    shutil.rmtree(scratch, ignore_errors=True)
    for name in ("lists/partial", "cache/archives/partial", "packages", "unpacked"):
        (scratch / name).mkdir(parents=True)
    packages = [f"puppet-module-{name}={version}" for name, version in PINS[release].items()]
    _fetch(release, scratch, packages)
    for package in sorted((scratch / "packages").glob("*.deb")):
        subprocess.run(["dpkg", "-x", str(package), str(scratch / "unpacked")], check=True)
    (scratch / "unpacked").rename(folder)
    shutil.rmtree(scratch)


def _fetch(release: str, scratch: Path, packages: list[str]) -> None:
    sources = scratch / "sources.list"
    sources.write_text(f"deb [signed-by={_KEYS}] {_MIRROR} {release} main\n")
    settings = {
        "Dir::Etc::sourcelist": sources,
        "Dir::Etc::sourceparts": "/dev/null",
        "Dir::State::lists": scratch / "lists",
        "Dir::State::status": "/dev/null",
        "Dir::Cache": scratch / "cache",
        "APT::Sandbox::User": "",  # apt's own user may not see this folder
    }
    options = [word for name, value in settings.items() for word in ("-o", f"{name}={value}")]
    for words in (["update"], ["download", *packages]):
        command = ["apt-get", "-qq", *options, *words]
        subprocess.run(command, cwd=scratch / "packages", check=True, capture_output=True)


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        sys.stdout.write(f"{modules(wanted)}\n")
