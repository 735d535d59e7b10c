"""Nothing that upstream's steps really read, write or run is missing from their accounts.

The truth comes from running the steps under many sets of answers (`recording`).
"""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from plugindoc.loading import load
from plugindoc.model.project import Actions
from plugindoc.model.questions import Questions
from plugindoc.model.uses import can_be
from plugindoc.model.values import Text, Value, words
from tests.upstream import release

SETS = 120


@pytest.fixture(scope="module")
def questions() -> Questions:
    return Questions(load(release("26.0.0")))


@pytest.fixture(scope="module")
def recorded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    home = tmp_path_factory.mktemp("home")
    command = [sys.executable, str(Path(__file__).with_name("recording.py"))]
    found = subprocess.run(
        [*command, str(release("26.0.0")), str(SETS)],
        cwd=home,
        env={"HOME": str(home), "PATH": "/usr/bin:/bin"},
        check=True,
        capture_output=True,
        text=True,
    )
    notes: dict[str, Any] = json.loads(found.stdout)
    return notes


def accounts(questions: Questions) -> dict[str, Actions]:
    found = {plugin.module: plugin.actions for plugin in questions.project.plugins}
    found |= {f"{s.plugin}/{words(s.title)}": s.actions for s in questions.steps}
    return found


def missing(questions: Questions, recorded: dict[str, Any], access: str) -> dict[str, list[str]]:
    told = accounts(questions)
    return {
        name: lost
        for name, notes in recorded.items()
        if name in told
        and (
            lost := [
                key
                for key in notes.get(access, ())
                if not any(use.access == access and can_be(use.key, key) for use in told[name].uses)
            ]
        )
    }


def test_the_recording_reaches_every_step(questions: Questions, recorded: dict[str, Any]) -> None:
    assert [] == [name for name in accounts(questions) if name not in recorded]


def test_what_really_is_read_is_told(questions: Questions, recorded: dict[str, Any]) -> None:
    assert {} == missing(questions, recorded, "read")


def test_what_really_is_written_is_told(questions: Questions, recorded: dict[str, Any]) -> None:
    assert {} == missing(questions, recorded, "write")


def test_every_shell_line_that_really_runs_is_told(
    questions: Questions, recorded: dict[str, Any]
) -> None:
    told = {
        name: [
            *(_pattern(command.line) for command in actions.commands),
            *(re.compile("grep -- .*", re.DOTALL) for _ in actions.resources),
        ]
        for name, actions in accounts(questions).items()
    }

    assert {} == {
        name: lost
        for name, notes in recorded.items()
        if name in told
        and (
            lost := [
                line
                for line in notes.get("command", ())
                if not any(pattern.fullmatch(line) for pattern in told[name])
            ]
        )
    }


def _pattern(line: Value) -> re.Pattern[str]:
    if isinstance(line, Text):
        parts = (re.escape(part) if isinstance(part, str) else ".*" for part in line.parts)
        return re.compile("".join(parts), re.DOTALL)
    return re.compile(re.escape(words(line)) if "⟨" not in words(line) else ".*", re.DOTALL)


def test_the_account_is_not_everything(questions: Questions, recorded: dict[str, Any]) -> None:
    """A step that is said to read every key would pass the tests above."""
    read = {name: set(notes.get("read", ())) for name, notes in recorded.items()}
    told = accounts(questions)
    surplus = {
        (name, use.key)
        for name in read
        if name in told
        for use in told[name].uses
        if use.access == "read" and not any(can_be(use.key, key) for key in read[name])
    }

    assert len(surplus) < 60
    assert not any("*" == use.key for actions in told.values() for use in actions.uses)
