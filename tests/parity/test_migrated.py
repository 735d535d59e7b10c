"""Upstream's own code takes the answer files that were migrated to it."""

from __future__ import annotations

import json
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

from plugindoc.answers.migrating import migrate
from plugindoc.loading import load
from plugindoc.model.project import Project
from plugindoc.rendering.answer_files import answer_file
from plugindoc.rendering.catalogue import Catalogue, Layout
from tests.upstream import PINS, VERSIONS, release

RUNNING = Path(__file__).with_name("running.py")
PINNED = tuple(version for version in VERSIONS if version in PINS)


@cache
def upstream(version: str) -> Project:
    return load(release(version))


@cache
def answers_of(version: str) -> str:
    return answer_file(Catalogue("upstream", upstream(version), Layout("")))


def run_with(version: str, files: dict[str, str], scratch: Path) -> dict[str, str]:
    """Return why a release refuses each of some answer files; "" for one that it takes."""
    folder, out = scratch / "answers", scratch / "found.json"
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    command = [sys.executable, "-W", "ignore", "-B", str(RUNNING), str(release(version))]
    subprocess.run([*command, str(folder), str(out), str(scratch / "home")], check=True)
    return {name: each["refused"] for name, each in json.loads(out.read_text()).items()}


def refused(version: str, among: tuple[str, ...], scratch: Path) -> dict[str, str]:
    """Return what a release refuses of its own answers and those of the releases before it."""
    older = among[: among.index(version)]
    migrated = {
        old: migrate(answers_of(old), old, upstream(old), upstream(version)).text for old in older
    }
    found = run_with(version, migrated | {version: answers_of(version)}, scratch)
    assert {*older, version} == {*found}
    return {name: why for name, why in found.items() if why}


@pytest.mark.parametrize("version", PINNED[1:])
def test_a_release_takes_what_was_migrated_to_it(version: str, tmp_path: Path) -> None:
    assert {} == refused(version, PINNED, tmp_path)


@pytest.mark.deep
@pytest.mark.parametrize("version", VERSIONS[1:])  # the first does not run in Python 3
def test_each_release_takes_what_was_migrated_from_all_before(version: str, tmp_path: Path) -> None:
    assert {} == refused(version, VERSIONS, tmp_path)
