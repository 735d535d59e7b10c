"""Disks with Puppet on them already, for tests that are about something else."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from tests.hosts.lab.downloads import PUPPET, base_image, cached, repository
from tests.hosts.lab.lab import Lab

__all__ = ["puppet_layer"]


def puppet_layer() -> Path:
    """Return a layer that holds what the installer puts on a host that only gets memcached."""
    made_of = "\0".join([*PUPPET, base_image().name, repository().name])
    key = hashlib.sha256(made_of.encode()).hexdigest()[:12]
    return cached(f"puppet-{key}", _install_puppet)


def _install_puppet(directory: Path) -> None:
    with Lab() as lab:
        host = lab.add("prepared")
        packages = " ".join(PUPPET)
        host.shell(
            "export DEBIAN_FRONTEND=noninteractive; apt-get -qq update; "
            f"apt-get -qq -y --no-install-recommends install {packages}",
            timeout=300,
        )
        files = host.files
        host.stop()
        for own in ("root", "home", "etc/ssh", "etc/hosts", "etc/hostname"):
            _forget(files / own)
        subprocess.run(["cp", "-a", f"{files}/.", str(directory)], check=True)


def _forget(path: Path) -> None:
    """Remove a path from a layer, so that the layer below shows through."""
    if path.is_dir():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
