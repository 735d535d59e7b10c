"""A contributor adds a plugin with an undocumented option: every gate, in every clone, notices."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from tests.plugindoc.checking.installers import git, plugin, port
from tests.trees import write_tree

ROOT = Path(__file__).parents[3]
BIN = Path(sys.executable).parent
UNDOCUMENTED = plugin(port("CONFIG_NEW_PORT", USAGE=None)).replace("EXAMPLE", "NEW")
DOCUMENTED = plugin(port("CONFIG_NEW_PORT")).replace("EXAMPLE", "NEW")

LAYOUTS = {
    "a package": ("inst", ["inst/__init__.py", "inst/plugins/__init__.py"]),
    "folders without __init__.py": ("inst", []),
    "a package under src": ("src/inst", ["src/inst/__init__.py"]),
    "folders under src": ("src/inst", []),
}

CLONES = {
    "a full clone": [],
    "a shallow clone": ["--depth", "1", "--no-single-branch"],
    "a blobless clone": ["--filter", "blob:none"],
}


def run(script: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a script as a host does: bash that stops at the first error."""
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=folder,
        env={**os.environ, "PATH": f"{BIN}:{os.environ['PATH']}", **environment},
        capture_output=True,
        text=True,
        check=False,
    )


Gate = Callable[[Path, str, str], subprocess.CompletedProcess[str]]


def github(clone: Path, installer: str, base: str) -> subprocess.CompletedProcess[str]:
    """Run the script of the action."""
    steps = yaml.safe_load((ROOT / "action.yml").read_text())["runs"]["steps"]
    (step,) = (step for step in steps if step.get("id") == "check")
    given = {"PATHS": installer, "SINCE": base, "SARIF": "found.sarif"}
    outside = clone.parent
    files = {
        "GITHUB_OUTPUT": str(outside / "output"),
        "GITHUB_STEP_SUMMARY": str(outside / "summary"),
    }
    return run(step["run"], clone, **{name: given.get(name, "") for name in step["env"]}, **files)


def gitlab(clone: Path, installer: str, base: str) -> subprocess.CompletedProcess[str]:
    """Run the script of the page about GitLab, without its installation of plugindoc."""
    page = (ROOT / "docs/how-to/check-in-ci-gitlab.md").read_text()
    (snippet,) = re.findall(
        r"^```\{code-block\} yaml\n.*?\n\n(.*?)^```", page, re.DOTALL | re.MULTILINE
    )
    install, *script = yaml.safe_load(snippet)["plugins"]["script"]
    assert install.startswith("pip install")
    branch = base.removeprefix("origin/")
    lines = "\n".join(script).replace("my_installer", installer)
    return run(lines, clone, CI_MERGE_REQUEST_TARGET_BRANCH_NAME=branch)


def pre_commit(clone: Path, _installer: str, base: str) -> subprocess.CompletedProcess[str]:
    """Run the hook, from this environment, on what differs from the base."""
    (hook,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    local = {**hook, "language": "system", "args": ["--since", base]}
    config = {"repos": [{"repo": "local", "hooks": [local]}]}
    (clone / ".git" / "pre-commit.yaml").write_text(yaml.safe_dump(config))
    listed = "$(git diff --name-only --diff-filter=d HEAD~1)" if base == "HEAD~1" else ""
    files = f"--files {listed}" if listed else f"--from-ref {base} --to-ref HEAD"
    script = f"pre-commit run --config .git/pre-commit.yaml --verbose {files}"
    return run(script, clone, PRE_COMMIT_HOME=str(clone.parent / "cache"))


GATES: dict[str, Gate] = {"GitHub": github, "GitLab": gitlab, "pre-commit": pre_commit}


def said(done: subprocess.CompletedProcess[str], clone: Path) -> str:
    """Return all that a gate tells its users: what it prints, and its report."""
    reports = [file.read_text() for file in clone.glob("*.json")]
    return "\n".join([done.stdout, done.stderr, *reports])


@pytest.fixture
def origin(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Path, str]:
    """Return the project's repository, and where its installer is."""
    installer, packages = LAYOUTS[request.param]
    folder = write_tree(
        tmp_path / "origin",
        {
            **dict.fromkeys(packages, ""),
            f"{installer}/plugins/example_100.py": plugin(port()),
            "docs/conf.py": "",
            "pyproject.toml": "[project]\nname = 'inst'\n",
        },
    )
    git(folder, "init", "-q", "-b", "main")
    git(folder, "config", "uploadpack.allowFilter", "true")
    commit(folder, "the installer")
    return folder, installer


def commit(folder: Path, message: str) -> None:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", message)


def pull_request(origin: Path, installer: str, text: str) -> None:
    """Add a plugin on a branch, with a change that has nothing to do with installers."""
    git(origin, "checkout", "-q", "-B", "feature", "main")
    write_tree(
        origin,
        {f"{installer}/plugins/new_200.py": text, "docs/more.py": "x = 1\n", "docs/a.rst": "A\n"},
    )
    commit(origin, "a plugin")


def cloned(origin: Path, words: list[str]) -> Path:
    clone = origin.parent / "clone"
    if clone.exists():
        clone.rename(origin.parent / "before")
    git(origin, "clone", "-q", *words, "--branch", "feature", f"file://{origin}", str(clone))
    return clone


PAIRS = [
    (layout, [*CLONES][(row + column) % len(CLONES)], gate)
    for row, layout in enumerate(LAYOUTS)
    for column, gate in enumerate(GATES)
]
"""A Latin square: every layout with every clone, and every gate with both."""


@pytest.mark.parametrize(("origin", "words", "name"), PAIRS, indirect=["origin"])
def test_a_plugin_needs_documentation(origin: tuple[Path, str], words: str, name: str) -> None:
    folder, installer = origin
    gate = GATES[name]
    pull_request(folder, installer, UNDOCUMENTED)
    clone = cloned(folder, CLONES[words])
    done = gate(clone, installer, "origin/main")
    assert 1 == done.returncode, said(done, clone)
    assert "CONFIG_NEW_PORT" in said(done, clone)
    assert "PD101" in said(done, clone) or "undocumented-option" in said(done, clone)
    pull_request(folder, installer, DOCUMENTED)
    clone = cloned(folder, CLONES[words])
    done = gate(clone, installer, "origin/main")
    assert 0 == done.returncode, said(done, clone)


@pytest.mark.parametrize("origin", ["a package"], indirect=True)
@pytest.mark.parametrize(
    "words",
    [["--depth", "1"], ["--filter", "blob:none"]],
    ids=["a shallow clone", "a blobless clone"],
)
@pytest.mark.parametrize("gate", [github, gitlab], ids=["GitHub", "GitLab"])
def test_a_base_that_is_missing_is_named_with_the_way_out(
    origin: tuple[Path, str], words: list[str], gate: Gate
) -> None:
    folder, installer = origin
    pull_request(folder, installer, UNDOCUMENTED)
    write_tree(folder, {f"{installer}/plugins/example_100.py": plugin(port(DEFAULT_VALUE="8"))})
    commit(folder, "what the base has is changed")
    clone = cloned(folder, words)
    done = gate(clone, installer, "origin/main")
    assert 2 == done.returncode
    assert "fetch-depth: 0" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("origin", LAYOUTS, indirect=True)
def test_a_commit_of_other_files_passes_the_hook(origin: tuple[Path, str]) -> None:
    folder, _ = origin
    write_tree(folder, {"docs/conf.py": "x = 1\n", "setup.py": "y = 2\n"})
    commit(folder, "docs")
    done = pre_commit(folder, "", "HEAD~1")
    assert 0 == done.returncode, done.stdout
    assert "Nothing to report" in done.stdout


def test_what_is_no_file_outside_an_installer_is_refused(tmp_path: Path) -> None:
    write_tree(tmp_path, {"docs/conf.py": "", "inst/plugins/example_100.py": plugin(port())})
    for words, status, message in [
        ("docs/conf.py", 0, "1 file outside any installer skipped"),
        ("docs/conf.py inst", 0, "1 plugin with 1 option (1 file outside any installer skipped)"),
        ("docs", 2, "docs: no plugins here"),
        ("docs/conf.py docs/gone.py", 2, "docs/gone.py: No such file or directory"),
        ("docs/conf.py docs", 2, "docs: no plugins here"),
    ]:
        done = run(f"plugindoc check {words}", tmp_path)
        assert (status, True) == (done.returncode, message in done.stdout + done.stderr), words
