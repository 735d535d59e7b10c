"""Installers on disk and the command, for the tests of the check."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.main import plugindoc
from tests.plugindoc.checking.installers import Check, Write


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a source tree and gives its folder."""

    def write_tree(files: dict[str, str]) -> Path:
        root = tmp_path / "tree"
        for path, text in {"example/__init__.py": "", **files}.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return root

    return write_tree


@pytest.fixture
def check() -> Check:
    """Return what runs ``plugindoc check``; its result holds output and exit code."""

    def run(*words: object) -> Result:
        return CliRunner().invoke(plugindoc, ["check", *map(str, words)])

    return run
