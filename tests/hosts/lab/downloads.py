"""What test hosts are made of, downloaded once and kept under a name that tells its content.

A change of the package lists or of the machine's Debian sources gives another key, and so another
download; nothing is ever changed in place. Remove `CACHE` to start afresh.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["CACHE", "CLOUD", "LIGHT", "PUPPET", "base_image", "cached", "repository"]

CACHE = Path("/var/cache/packstack-lab")

BASE = (
    "openssh-server",
    "iproute2",
    "procps",
    "sudo",
    "tini",
    "python3",
)
"""On every host from the start: what a small Debian 12 server has, and an init of one process."""

PUPPET = ("puppet-agent", "puppet-module-saz-memcached")
"""What the installer puts on a host that only carries memcached."""

LIGHT_SERVICES = (
    "puppet-module-puppetlabs-mysql",
    "puppet-module-puppetlabs-rabbitmq",
    "puppet-module-aboe-chrony",
    "puppet-module-keystone",
    "puppet-module-glance",
    "mariadb-server",
    "mariadb-client",
    "rabbitmq-server",
    "memcached",
    "chrony",
    "keystone",
    "glance",
    "glance-api",
    "python3-openstackclient",
    "python3-glanceclient",
    "python3-keystoneclient",
    "python3-memcache",
    "python3-mysqldb",
    "python3-pymysql",
)
"""What the light stack installs through Puppet."""

CLOUD_SERVICES = (
    "puppet-module-horizon",
    "puppet-module-neutron",
    "puppet-module-nova",
    "puppet-module-placement",
    "puppet-module-vswitch",
    "apache2",
    "bridge-utils",
    "conntrack",
    "dnsmasq-base",
    "ebtables",
    "genisoimage",
    "ipset",
    "iptables",
    "keepalived",
    "libapache2-mod-wsgi-py3",
    "libvirt-clients",
    "libvirt-daemon-system",
    "mime-support",
    "neutron-dhcp-agent",
    "neutron-l3-agent",
    "neutron-linuxbridge-agent",
    "neutron-metadata-agent",
    "neutron-openvswitch-agent",
    "neutron-server",
    "nova-api",
    "nova-compute-qemu",
    "nova-conductor",
    "nova-scheduler",
    "openstack-dashboard",
    "openstack-dashboard-apache",
    "openvswitch-switch",
    "placement-api",
    "python3-libvirt",
    "python3-neutronclient",
    "python3-novaclient",
    "python3-osc-placement",
    "qemu-system-x86",
    "qemu-utils",
    "uwsgi-plugin-python3",
)
"""What a cloud with servers, networks and Horizon installs on top of that."""

SERVER_IMAGE = ("busybox-static", "isolinux", "linux-image-cloud-amd64", "syslinux-common")
"""What the tiny server's image is made of."""

WITHOUT_SYSTEMD = ("libvirt-daemon-system-sysv",)
"""Init scripts in the place of units; the packages with the units cannot stand beside them."""

LIGHT = PUPPET + LIGHT_SERVICES
CLOUD = LIGHT + CLOUD_SERVICES + SERVER_IMAGE

_BASE_HOOKS = (
    # Hosts know one source of packages, which the lab mounts read-only.
    'rm -f "$1"/etc/apt/sources.list "$1"/etc/apt/sources.list.d/*',
    'rm -f "$1"/etc/resolv.conf "$1"/etc/hostname "$1"/etc/ssh/ssh_host_*',
    'mkdir -p "$1"/srv/repository',
    'echo "deb [trusted=yes] file:/srv/repository ./" > "$1"/etc/apt/sources.list.d/lab.list',
    # Without systemd nothing starts services at installation; no policy is needed either.
    'rm -f "$1"/usr/sbin/policy-rc.d',
    'printf "UseDNS no\\n" > "$1"/etc/ssh/sshd_config.d/lab.conf',
    'chroot "$1" useradd --create-home --shell /bin/bash deploy',
    'echo "deploy ALL=(ALL) NOPASSWD: ALL" > "$1"/etc/sudoers.d/deploy',
)
_SLIM = (
    "path-exclude=/usr/share/man/*",
    "path-exclude=/usr/share/doc/*",
    "path-exclude=/usr/share/locale/*",
    "force-unsafe-io",
)


def base_image() -> Path:
    """Return the root file system that every host starts from."""
    command = ["mmdebstrap", "--mode=root", "--variant=minbase"]
    command += ["--aptopt=APT::Install-Recommends false", f"--include={','.join(BASE)}"]
    command += [f"--aptopt={line}" for line in _proxies()]
    command += [f"--dpkgopt={option}" for option in _SLIM]
    command += [f"--customize-hook={hook}" for hook in _BASE_HOOKS]
    key = _key(*command, _debian_sources().read_text())

    def build(directory: Path) -> None:
        _run(*command, "bookworm", str(directory), str(_debian_sources()))

    return cached(f"base-{key}", build)


def repository(packages: tuple[str, ...] = LIGHT) -> Path:
    """Return an apt repository of `packages` with everything that they depend on."""
    sources = _debian_sources()
    key = _key(*packages, *WITHOUT_SYSTEMD, sources.read_text())

    def build(directory: Path) -> None:
        state = directory.with_suffix(".apt")
        (state / "lists" / "partial").mkdir(parents=True)
        (directory / "partial").mkdir()
        (state / "status").touch()
        options = {
            "Dir::State": state,
            "Dir::State::status": state / "status",
            "Dir::Cache": state,
            "Dir::Cache::archives": directory,
            "Dir::Etc::sourcelist": sources if sources.suffix == ".list" else "/dev/null",
            "Dir::Etc::sourceparts": _only(sources, state / "parts"),
            "APT::Install-Recommends": "false",
            "APT::Sandbox::User": "root",
        }
        apt = ["apt-get", "-qq", "-y", *(f"-o{name}={value}" for name, value in options.items())]
        _run(*apt, "update")
        # An empty status file makes apt fetch the essential packages too.
        _run(*apt, "--download-only", "install", *packages)
        _run(*apt, "download", *WITHOUT_SYSTEMD, cwd=directory)
        shutil.rmtree(directory / "partial")
        index = _run("dpkg-scanpackages", "-m", ".", "/dev/null", cwd=directory)
        (directory / "Packages").write_text(index)
        shutil.rmtree(state)

    return cached(f"repository-{key}", build)


def cached(name: str, build: Callable[[Path], None]) -> Path:
    """Return `CACHE/name`, made by `build` on first use; half a build is never mistaken for one."""
    CACHE.mkdir(mode=0o755, exist_ok=True)
    directory = CACHE / name
    with _locked(CACHE / f"{name}.lock"):
        if not directory.exists():
            partial = CACHE / f"{name}.partial"
            for remains in CACHE.glob(f"{name}.partial*"):
                shutil.rmtree(remains)
            partial.mkdir()
            build(partial)
            partial.rename(directory)
    return directory


def _debian_sources() -> Path:
    """Return the machine's own list of Debian's sources, and of nobody else's."""
    deb822 = Path("/etc/apt/sources.list.d/debian.sources")
    return deb822 if deb822.exists() else Path("/etc/apt/sources.list")


def _proxies() -> list[str]:
    """Return the machine's own settings of apt that say how to reach the mirrors."""
    names = ("Acquire::http::Proxy", "Acquire::https::Proxy")
    dump = _run("apt-config", "dump", "--format", '%F "%v";%n', *names)
    return [line for line in dump.splitlines() if not line.endswith('"";')]


def _only(sources: Path, parts: Path) -> Path:
    parts.mkdir()
    if sources.suffix == ".sources":
        shutil.copy(sources, parts)
    return parts


def _key(*content: str) -> str:
    return hashlib.sha256("\0".join(content).encode()).hexdigest()[:12]


def _run(*command: str, cwd: Path | None = None) -> str:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        command, cwd=cwd, env=environment, capture_output=True, text=True, check=False
    )
    if done.returncode:
        message = f"{command[0]} failed ({done.returncode}):\n{done.stdout}{done.stderr}"
        raise RuntimeError(message)
    return done.stdout


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
