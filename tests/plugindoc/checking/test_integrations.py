"""The action, the hook and the pages that show them: run as their hosts run them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.plugindoc.checking.installers import Write, git, plugin, port

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
PLUGIN = "example/plugins/example_100.py"


@pytest.fixture
def action() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / "action.yml").read_text())
    return found


def run_step(step: dict[str, Any], folder: Path, **inputs: str) -> subprocess.CompletedProcess[str]:
    """Run a step's script as a runner does: bash that stops at the first error."""
    for name in ("output", "summary"):
        (folder / name).touch()
    environment = {
        **os.environ,
        "PATH": f"{BIN}:{os.environ['PATH']}",
        "GITHUB_OUTPUT": str(folder / "output"),
        "GITHUB_STEP_SUMMARY": str(folder / "summary"),
        **{name: inputs.get(name, "") for name in step["env"]},
    }
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    return subprocess.run(
        command, check=False, cwd=folder, env=environment, capture_output=True, text=True
    )


def test_the_action_annotates_summarises_and_reports(action: dict[str, Any], write: Write) -> None:
    root = write({PLUGIN: plugin(port(USAGE=None))})
    (step,) = (step for step in action["runs"]["steps"] if step.get("id") == "check")
    done = run_step(step, root, PATHS="example", SARIF="found.sarif")
    assert 1 == done.returncode
    assert done.stdout.startswith(f"::error file={PLUGIN},line=")
    assert "PD101" in (root / "summary").read_text()
    assert "PD101" in (root / "found.sarif").read_text()
    assert "sarif=found.sarif\n" == (root / "output").read_text()


def test_the_action_says_what_could_not_be_read(action: dict[str, Any], write: Write) -> None:
    root = write({PLUGIN: plugin(port()), "example/plugins/half_200.py": "def initConfig(:\n"})
    (step,) = (step for step in action["runs"]["steps"] if step.get("id") == "check")
    done = run_step(step, root, PATHS="example", SARIF="found.sarif")
    assert 2 == done.returncode
    assert "::error file=example/plugins/half_200.py,line=1," in done.stdout
    assert "PD001" in (root / "summary").read_text()
    assert "PD001" in (root / "found.sarif").read_text()
    assert "sarif=found.sarif\n" == (root / "output").read_text()


def test_the_action_compares_and_passes_words_on(action: dict[str, Any], write: Write) -> None:
    root = write({PLUGIN: plugin(port(USAGE=None))})
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "as it was")
    (step,) = (step for step in action["runs"]["steps"] if step.get("id") == "check")
    inputs = {"PATHS": "example README.md", "SARIF": "found.sarif"}
    (root / "README.md").touch()
    assert 0 == run_step(step, root, **inputs, SINCE="main").returncode
    words = "--ignore PD101 --fail-on warning"
    assert 0 == run_step(step, root, **inputs, ARGUMENTS=words).returncode
    assert 2 == run_step(step, root, **inputs, SINCE="$(touch x)").returncode
    assert not (root / "x").exists()


def test_the_action_uploads_nothing_where_it_could_not_run(
    action: dict[str, Any], write: Write
) -> None:
    root = write({"README.md": ""})
    (step,) = (step for step in action["runs"]["steps"] if step.get("id") == "check")
    done = run_step(step, root, PATHS="nowhere", SARIF="found.sarif")
    assert (2, "") == (done.returncode, (root / "output").read_text())
    assert "nowhere: No such file or directory" in done.stderr


def test_actions_are_pinned_by_commit() -> None:
    files = [ROOT / "action.yml", *(ROOT / "docs").rglob("*.md")]
    used = {
        name
        for file in files
        for name in re.findall(r"uses: (\S+)", file.read_text())
        if not name.startswith("OWNER/")
    }
    assert len(used) >= 5
    assert [] == [name for name in used if not re.fullmatch(r"[\w/-]+@[0-9a-f]{40}", name)]


def test_inputs_never_stand_in_a_script(action: dict[str, Any]) -> None:
    scripts = [step["run"] for step in action["runs"]["steps"] if "run" in step]
    assert [] == [script for script in scripts if "${{" in script]
    used = set(re.findall(r"inputs\.(\w+)", (ROOT / "action.yml").read_text()))
    assert set(action["inputs"]) == used


def test_the_hook_checks_the_files_that_it_gets(write: Write) -> None:
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {"id", "name", "entry", "language"} <= set(hook)
    assert re.search(hook["files"], PLUGIN)
    root = write(
        {
            PLUGIN: plugin(port(USAGE=None)),
            "example/plugins/sound_200.py": plugin(port("CONFIG_B")).replace("EXAMPLE", "B"),
            "setup.py": "",
        }
    )
    program, *words = hook["entry"].split()

    def status(*files: str) -> int:
        command = [str(BIN / program), *words, *files]
        return subprocess.run(command, check=False, cwd=root, capture_output=True).returncode

    assert 1 == status(PLUGIN)
    assert 0 == status("example/plugins/sound_200.py", "setup.py")


def test_the_pages_show_what_there_is() -> None:
    pages = {page.name: page.read_text() for page in (ROOT / "docs/how-to").glob("check-in-ci*.md")}
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert f"id: {hook['id']}" in pages["check-in-ci-pre-commit.md"]
    inputs = yaml.safe_load((ROOT / "action.yml").read_text())["inputs"]
    named = re.findall(r"^          (\w+): ", pages["check-in-ci-github.md"], re.MULTILINE)
    assert set(named) - {"fetch"} <= set(inputs)


GH = """#!/bin/sh
case "$*" in
  *--paginate*) cat "$0.comments" ;;
  *) printf '%s\\n' "$*" >>"$0.asked" ;;
esac
"""


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        ("", "api --silent repos/o/p/issues/7/comments -F body=@"),
        ("42\n", "api --silent -X PATCH repos/o/p/issues/comments/42 -F body=@"),
    ],
)
def test_the_action_comments_what_changes(
    action: dict[str, Any], write: Write, before: str, asked: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = write({PLUGIN: plugin(port())})
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "as it was")
    (root / PLUGIN).write_text(plugin(port(DEFAULT_VALUE="8081")))
    gh = root / "bin" / "gh"
    gh.parent.mkdir()
    gh.write_text(GH)
    gh.chmod(0o755)
    (root / "bin" / "gh.comments").write_text(before)
    monkeypatch.setenv("PATH", f"{gh.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("GITHUB_REPOSITORY", "o/p")
    monkeypatch.setenv("RUNNER_TEMP", str(root))
    (step,) = (step for step in action["runs"]["steps"] if "GH_TOKEN" in step.get("env", ()))
    done = run_step(step, root, PATHS="example", SINCE="main", NUMBER="7")
    assert 0 == done.returncode, done.stderr
    assert (root / "bin" / "gh.asked").read_text().startswith(asked)
    assert "8081 instead of 8080" in (root / "changes.md").read_text()
