"""Fixtures: an installer, and fake hosts around it."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from source_packstack.installer.controller import Controller, load_plugins
from tests.source_packstack.bench import CONTROLLER, SECOND, Bench

FAKES = Path(__file__).parent / "fakes"


@pytest.fixture
def plugins() -> Controller:
    """Load the bundled plugins, freshly asked for their options."""
    return load_plugins()


@pytest.fixture
def bench(tmp_path: Path) -> Bench:
    (tmp_path / "hosts").mkdir()
    (tmp_path / "home" / ".ssh").mkdir(parents=True)
    fakes = tmp_path / "bin"
    fakes.mkdir()
    (fakes / "ssh").symlink_to(FAKES / "ssh")
    shutil.copytree(FAKES / "bin", fakes / "bin")
    environment = {
        "PATH": f"{fakes}:{os.environ['PATH']}",
        "HOME": str(tmp_path / "home"),
        "XDG_STATE_HOME": str(tmp_path / "state"),
        "FAKE_HOSTS": str(tmp_path / "hosts"),
        "LANG": "C.UTF-8",
        "COLUMNS": "200",
    }
    return Bench(tmp_path, environment)


@pytest.fixture
def controller(bench: Bench) -> Path:
    """Make a fake controller and give its folder."""
    return bench.add_host(CONTROLLER)


@pytest.fixture
def second(bench: Bench) -> Path:
    """Make another fake host and give its folder."""
    return bench.add_host(SECOND)
