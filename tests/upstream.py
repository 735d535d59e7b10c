"""Releases of upstream Packstack from PyPI: pinned, cached and unpacked, never installed.

``python -m tests.upstream 26.0.0`` prints the folder of an unpacked release. They lie under
``build/upstream-releases``, which ``all`` prints once all are there; a second call reaches for no
network.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Final

import pytest

__all__ = ["PINS", "VERSIONS", "every_release", "groups", "release"]

PINS: Final = {
    "15.0.1": "6f3b77bfc9c1068b5f4f50128891e2f6cf99d292714d78cb427f1e83d8c65046",
    "18.0.0": "7a60fd425ceb5ffcbe0f6630f6899d04c774fc449d6d6a58ac02aff00ab50b99",
    "20.0.0": "be2f72b67db4082ea7635f2586cd75f4eecb58bc4dc59673697eb5b1a9c6a462",
    "23.0.0": "548c3a812c8735b0f2c41c8406a275112def036c99ed1f35e35ab1083d451e13",
    "26.0.0": "2699f282474a357ff03832634bdc5ac1538bad34745bd3797749d0fdb184d35c",
}
"""SHA-256 of the wheel of each release that the tests read."""

_OTHERS: Final = {
    "12.0.2": "61fc6e4e70ae50ab523a141a310482ae10c05c211da84f32f40bba05ae8a7f63",
    "15.0.0": "3ddc7341f18c6950422999eebb35a46f4cb396f07a77a7cf58467e8f61558a90",
    "15.1.0": "345122fa79c67a4a6d2aecbc4dbff168c1d68ea549c5f8062edac5c7e9c8fea1",
    "16.0.0": "14479fe67ebb0d17c9608d0014adf683281f878574785f2d758c10507d2368a8",
    "16.0.2": "f9079a5c64fab01a970a9554ee7f367abfaabdf9661e0b714b1bc194cea46694",
    "16.1.0": "ff1bec41416adc39b40f99c72e9324cedb4d2c7ca30048174bfcbafd1c6d883c",
    "17.0.0": "cd2ac25663c65de7b1a289acdf255c677727767a359fa2a0a4a6d8a1ff07b282",
    "18.0.1": "4348db3e32c631c074e3a0280d9bb23b617e54455113de90a0aa3362b2fd09d2",
    "19.0.1": "bd3cb62b8065baaf190279c3b666116d84d8ac2be42203af1bf9ddac6c8e2d3c",
    "20.0.1": "5c10cad42ee01c1ca5490a60c1f5a99c9f16a6e6d7cae1ee0e99567bafd44217",
    "21.0.0": "43d754668f7d973e1163622079b69694a44979139520cab22c65d2bcd838d8cf",
    "21.0.1": "6e7b2633388e7fbc33c7e2208e7c6ba9eaa7ec7bd3fc9810d49dec4b730f8367",
    "22.0.0": "8c91f4d8e0907e9cd53da0051fb7ea79c284b63fb7f88987154aeaeadc7758ab",
    "25.0.0": "37be463fc692b26a665f4140c0e8a68b6e3fd70677802fc6c22e4500d4e2252c",
}
"""The same of all other final releases on PyPI, which the site's history shows."""

VERSIONS: Final = tuple(
    sorted((*PINS, *_OTHERS), key=lambda each: [int(part) for part in each.split(".")])
)
"""All releases, the oldest first."""

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
    pin.write_text(f"packstack=={version} --hash=sha256:{(PINS | _OTHERS)[version]}\n")
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


def groups(size: int) -> list[Any]:
    """Return test parameters: releases in order, so many together; those not in `PINS` are deep."""
    return [
        pytest.param(
            group if size > 1 else group[0],
            id="-".join(group),
            marks=[] if PINS.keys() >= {*group} else [pytest.mark.deep],
        )
        for group in itertools.combinations(VERSIONS, size)
    ]


def every_release() -> Path:
    """Return the folder that holds all releases, each unpacked in a folder of its own."""
    for version in VERSIONS:
        release(version)
    return _CACHE


if __name__ == "__main__":
    for wanted in sys.argv[1:]:
        sys.stdout.write(f"{every_release() if wanted == 'all' else release(wanted)}\n")
