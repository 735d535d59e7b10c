"""What several rooms of the tests share."""

from __future__ import annotations

import fcntl
import hashlib
import shlex
import shutil
import signal
import subprocess
import sys
import sysconfig
import venv
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# No test is timed: a machine that is busy with other things would fail it.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")

ROOT = Path(__file__).parent.parent


def pytest_configure() -> None:
    """Let Ctrl-C work in what the tests start, also when the tests run in the background.

    A shell without job control starts background jobs with SIGINT ignored, and every child
    inherits that; a handler of one's own is not inherited.
    """
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.fixture(scope="session")
def wheel_bin() -> Path:
    """Return the folder of the commands as the built wheel installs them.

    The environment holds the wheel alone and borrows its dependencies, so that it is made in
    seconds; it is made again when a source file changed.
    """
    environments = ROOT / "build" / "wheel-environments"
    environments.mkdir(parents=True, exist_ok=True)
    home = environments / _fingerprint()
    with (environments / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)  # of parallel tests, the first makes it for all
        if not (home / "ready").exists():
            shutil.rmtree(home, ignore_errors=True)
            _install_wheel(home)
    return home / "bin"


def _fingerprint() -> str:
    digest = hashlib.sha256()
    for folder in ("plugindoc", "source_packstack"):
        for path in sorted((ROOT / folder).rglob("*")):
            if path.is_file() and "__pycache__" not in path.parts:
                digest.update(str(path.relative_to(ROOT)).encode())
                digest.update(path.read_bytes())
    for path in (ROOT / "pyproject.toml", Path(__file__)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _install_wheel(home: Path) -> None:
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    built = ["wheel", "--no-deps", "--no-build-isolation", "-w", str(home / "wheel"), str(ROOT)]
    subprocess.run([*pip, *built], check=True)
    venv.create(home, symlinks=True)
    (wheel,) = (home / "wheel").glob("*.whl")
    python = ["--python", str(home / "bin" / "python")]
    subprocess.run([*pip, *python, "install", "--no-deps", "--no-index", str(wheel)], check=True)
    (site_packages,) = (home / "lib").glob("python*/site-packages")
    (site_packages / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    _write_command(home / "bin" / "sphinx-build", home / "bin" / "python", "sphinx")
    (home / "ready").touch()


def _write_command(path: Path, python: Path, module: str) -> None:
    """Write the command that a dependency would have installed beside the wheel's own."""
    path.write_text(f'#!/bin/sh\nexec {shlex.quote(str(python))} -m {module} "$@"\n')
    path.chmod(0o755)
