"""Releases of upstream Packstack from PyPI: pinned, cached and unpacked, never installed.

``python -m tests.upstream 26.0.0`` prints the folder of an unpacked release. They lie under
``build/upstream-releases``; a second call reaches for no network.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Final

__all__ = ["PINS", "release"]

PINS: Final = {
    "15.0.1": "6f3b77bfc9c1068b5f4f50128891e2f6cf99d292714d78cb427f1e83d8c65046",
    "18.0.0": "7a60fd425ceb5ffcbe0f6630f6899d04c774fc449d6d6a58ac02aff00ab50b99",
    "20.0.0": "be2f72b67db4082ea7635f2586cd75f4eecb58bc4dc59673697eb5b1a9c6a462",
    "23.0.0": "548c3a812c8735b0f2c41c8406a275112def036c99ed1f35e35ab1083d451e13",
    "26.0.0": "2699f282474a357ff03832634bdc5ac1538bad34745bd3797749d0fdb184d35c",
}
"""SHA-256 of the wheel of each release that the tests read."""

_CACHE: Final = Path(__file__).parent.parent / "build" / "upstream-releases"


def release(version: str) -> Path:
    """Return the folder of an unpacked release; downloads it once.

    Raises KeyError for a release that is not pinned, and subprocess.CalledProcessError where pip
    cannot download it or its hash differs.
    """
    folder = _CACHE / f"packstack-{version}"
    if not folder.is_dir():
        _CACHE.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=_CACHE) as scratch:
            _unpack(_download(version, Path(scratch)), Path(scratch) / "unpacked")
            _put_in_place(Path(scratch) / "unpacked", folder)
    return folder


def _download(version: str, scratch: Path) -> Path:
    pin = scratch / "requirements.txt"
    pin.write_text(f"packstack=={version} --hash=sha256:{PINS[version]}\n")
    command = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check", "download"]
    options = ["--no-deps", "--only-binary=:all:", "--require-hashes", "-d", str(scratch)]
    subprocess.run([*command, *options, "-r", str(pin)], check=True, stderr=subprocess.PIPE)
    return next(scratch.glob("*.whl"))


def _unpack(wheel: Path, folder: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder)


def _put_in_place(unpacked: Path, folder: Path) -> None:
    try:
        unpacked.rename(folder)
    except OSError:  # a parallel test was first: its copy is as good
        if not folder.is_dir():
            raise


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        sys.stdout.write(f"{release(wanted)}\n")
