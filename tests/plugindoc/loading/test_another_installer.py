"""An installer of another make, documented by settings alone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from plugindoc import load
from plugindoc.commands.main import plugindoc
from plugindoc.model.conditions import Compare, all_of
from plugindoc.model.values import Known, Reference, words
from plugindoc.settings import find

SETTINGS = """
[tool.plugindoc.protocol]
name = "engine"
plugin-pattern = '^(.+_\\d\\d\\d)\\.py$'
plugins-folder = "setup_plugins"
first-function-only = false
condition-lists = true
single-validator = true

[tool.plugindoc.protocol.hooks]
declare = "declare"
sequences = "plan"

[tool.plugindoc.protocol.option-keys]
name = "NAME"
validators = "VALIDATION_FUNC"
default = "DEFAULT"

[tool.plugindoc.protocol.methods]
add-group = ["add_question_group"]
add-sequence = ["add_stage"]
insert-sequence-before = ["add_stage_before"]

[tool.plugindoc.protocol.config]
attributes = ["answers"]
"""

PLUGIN = '''
"""The engine's database."""

TITLE = "Database"


def check_port(value, options):
    """Accept a port."""


def declare(engine):
    options = [{"NAME": "DB_PORT", "DEFAULT": 5432, "VALIDATION_FUNC": check_port}]
    engine.add_question_group({"GROUP_NAME": "DB", "PRE_CONDITION": "DB_LOCAL",
                               "PRE_CONDITION_MATCH": "yes"}, options)


def plan(engine):
    steps = [{"title": "%s: Creating" % TITLE, "functions": [stop, create, start]}]
    engine.add_stage("Initial", [], [], [])
    engine.add_stage_before("Initial", "Database", [engine.answers["DB_LOCAL"], is_new],
                            ["yes", True], steps)


def is_new(answers):
    return answers["DB_AGE"] == "new"


def stop(answers): pass
def create(answers): pass
def start(answers): pass
'''


@pytest.fixture
def installer(tmp_path: Path) -> Path:
    (tmp_path / "pyproject.toml").write_text(SETTINGS)
    folder = tmp_path / "engine" / "setup_plugins"
    folder.mkdir(parents=True)
    (folder / "database_010.py").write_text(PLUGIN)
    (tmp_path / "answers.txt").write_text("[general]\nDB_PORT=5433\n")
    return tmp_path


def test_settings_alone_make_it_readable(installer: Path) -> None:
    project = load(installer, protocol=find(installer).settings.protocol)
    assert "engine" == project.protocol
    (plugin,) = project.plugins
    (group,) = plugin.groups
    assert Compare("DB_LOCAL", "==", "yes") == group.condition
    (option,) = group.options
    assert "DB_PORT" == option.name
    assert Known(5432) == option.default
    assert "[database_010.check_port]" == words(option.validators)
    initial, database = plugin.sequences
    assert (2, 1) == (initial.position, database.position)
    both = (Compare("DB_LOCAL", "==", "yes"), Compare("DB_AGE", "==", "new"))
    assert all_of(both) == database.condition
    (step,) = database.steps
    assert Known("Database: Creating") == step.title
    assert isinstance(step.function, Reference)
    assert "[database_010.stop, database_010.create, database_010.start]" == words(step.functions)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (["show", "DB_PORT", "."], "DB_PORT"),
        (["export", "."], '"name": "DB_PORT"'),
        (["answers", "check", "answers.txt", "."], "1 answer, no problems"),
        (["build", ".", "--answers", "example.txt"], ""),
        (["new", "queue", ".", "--dry-run"], "engine/setup_plugins/queue_020.py"),
    ],
)
def test_every_command_takes_the_settings(
    installer: Path, monkeypatch: pytest.MonkeyPatch, line: list[str], said: str
) -> None:
    monkeypatch.chdir(installer)
    result = CliRunner().invoke(plugindoc, line)
    assert (0, True) == (result.exit_code, said in result.output), result.output


def test_its_site_shows_its_options(installer: Path) -> None:
    command = [Path(sys.executable).parent / "plugindoc", "build", installer]
    options = ["-o", installer / "site", "-b", "text", "-q"]
    subprocess.run([str(word) for word in (*command, *options)], check=True)
    assert "DB_PORT" in (installer / "site/plugins/database_010.txt").read_text()
