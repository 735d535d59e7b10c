"""Installers on disk and the command, for the tests of the check."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.main import plugindoc
from tests.plugindoc.checking.installers import Check, Write
from tests.trees import write_tree


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a source tree and gives its folder."""

    def write_example(files: dict[str, str]) -> Path:
        return write_tree(tmp_path / "tree", {"example/__init__.py": "", **files})

    return write_example


@pytest.fixture
def check() -> Check:
    """Return what runs ``plugindoc check``; its result holds output and exit code."""

    def run(*words: object) -> Result:
        return CliRunner().invoke(plugindoc, ["check", *map(str, words)])

    return run
