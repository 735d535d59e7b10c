"""``plugindoc answers generate``: defaults as a file, and few files that try every condition."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from plugindoc.commands.main import plugindoc
from tests.trees import write_tree

BUNDLED = Path(__file__).parents[3] / "source_packstack"
PLUGIN = """
from packstack.installer import validators


def initConfig(controller):
    def group(name, condition, match, *params):
        controller.addGroup({"GROUP_NAME": name, "PRE_CONDITION": condition,
                             "PRE_CONDITION_MATCH": match}, list(params))

    choice = {"OPTION_LIST": ["y", "n"], "VALIDATORS": [validators.validate_options]}
    group("GLOBAL", False, True,
          {"CONF_NAME": "CONFIG_A", "DEFAULT_VALUE": "n", **choice},
          {"CONF_NAME": "CONFIG_B", "DEFAULT_VALUE": "n", **choice},
          {"CONF_NAME": "CONFIG_C", "DEFAULT_VALUE": "y", **choice})
    group("A", "CONFIG_A", "y", {"CONF_NAME": "CONFIG_IN_A", "DEFAULT_VALUE": "1"})
    group("NEVER", "CONFIG_A", "yes", {"CONF_NAME": "CONFIG_NEVER", "DEFAULT_VALUE": "1"})


def initSequences(controller):
    config = controller.CONF
    if config["CONFIG_A"] == "y" and config["CONFIG_B"] == "y":
        raise RuntimeError("either a or b")
    steps = [{"title": "First", "functions": [first]}]
    if config["CONFIG_B"] == "y":
        steps.append({"title": "Second", "functions": [first]})
    if config["CONFIG_C"] == "y":
        steps.append({"title": "Third", "functions": [first]})
    controller.addSequence("All", [], [], steps)


def first(config, messages):
    pass
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "example", {"plugins/example_100.py": PLUGIN})


def generate(root: Path, *words: str) -> str:
    result = CliRunner().invoke(plugindoc, ["answers", "generate", str(root), *words])
    assert 0 == result.exit_code, result.output
    return result.stdout


def plan(file: Path, root: Path) -> dict[str, bool]:
    command = ["answers", "plan", str(file), str(root), "--format", "json"]
    found = json.loads(CliRunner().invoke(plugindoc, command).stdout)
    assert "accepted" == found["outcome"]
    steps = [step for sequence in found["sequences"] for step in sequence["steps"]]
    asked = {group["name"]: group["asked"] for group in found["groups"]}
    return asked | {step["title"]: step["runs"] for step in steps}


def test_a_file_with_all_defaults(root: Path, tmp_path: Path) -> None:
    text = generate(root)
    assert {"CONFIG_A=n", "CONFIG_B=n", "CONFIG_C=y", "CONFIG_IN_A=1"} <= set(text.splitlines())
    file = tmp_path / "answers.txt"
    assert "" == generate(root, "--output", str(file))
    assert text == file.read_text()


def test_a_cover_tries_each_condition_both_ways(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cover"
    generate(root, "--cover", "--output", str(folder))
    files = sorted(folder.iterdir())
    assert ["cover-01.txt", "cover-02.txt", "cover-03.txt"] == [file.name for file in files]
    plans = [plan(file, root) for file in files]
    for name in ("A", "Second", "Third"):
        assert {True, False} == {found[name] for found in plans}
    assert {False} == {found["NEVER"] for found in plans}


def test_only_own_files_are_replaced(root: Path, tmp_path: Path) -> None:
    folder = tmp_path / "cover"
    generate(root, "--cover", "--output", str(folder))
    kept = folder / "cover-77.txt"
    kept.write_text("mine\n")
    (folder / "cover-02.txt").rename(folder / "cover-08.txt")
    generate(root, "--cover", "--output", str(folder))
    names = ["cover-01.txt", "cover-02.txt", "cover-03.txt", "cover-77.txt"]
    assert names == sorted(file.name for file in folder.iterdir())
    assert "mine\n" == kept.read_text()
    foreign = tmp_path / "answers.txt"
    foreign.write_text("[general]\n")
    command = ["answers", "generate", str(root), "--output", str(foreign)]
    result = CliRunner().invoke(plugindoc, command)
    assert 2 == result.exit_code
    assert "answers.txt: this file was not written by plugindoc" in result.stderr
    assert "[general]\n" == foreign.read_text()


def test_a_cover_needs_a_folder(root: Path) -> None:
    result = CliRunner().invoke(plugindoc, ["answers", "generate", str(root), "--cover"])
    assert 2 == result.exit_code
    assert "--output" in result.stderr


def test_the_bundled_installer_takes_its_cover(tmp_path: Path) -> None:
    folder, home = tmp_path / "cover", tmp_path / "home"
    generate(BUNDLED, "--cover", "--output", str(folder))
    (home / ".ssh").mkdir(parents=True)
    (home / ".ssh" / "id_ed25519.pub").write_text("ssh-ed25519 AAAA example\n")
    for file in sorted(folder.iterdir()):
        command = [sys.executable, "-m", "source_packstack", "--answer-file", str(file)]
        done = subprocess.run(
            [*command, "--dry-run", "--run-dir", str(tmp_path / "runs")],
            cwd=BUNDLED.parent,
            env={"HOME": str(home), "PATH": "/usr/bin:/bin:/usr/sbin:/sbin"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert 0 == done.returncode, done.stderr
