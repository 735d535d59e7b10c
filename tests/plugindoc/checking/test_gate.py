"""The story of the gate, in a real repository: only what a branch brings speaks."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from click.testing import Result

from plugindoc.loading import load
from plugindoc.model.export import encode
from tests.plugindoc.checking.installers import Check, git, plugin, port

OLD = port("CONFIG_EXAMPLE_OLD", USAGE=None)
"""An undocumented option that was there before anybody checked."""


def codes(result: Result) -> list[tuple[str, str]]:
    return [(d["code"], d["object"]) for d in json.loads(result.stdout)["diagnostics"]]


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "repository"
    plugins = root / "example" / "plugins"
    plugins.mkdir(parents=True)
    (root / "example" / "__init__.py").touch()
    (plugins / "example_100.py").write_text(plugin(OLD))
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "as it was")
    git(root, "checkout", "-q", "-b", "feature")
    monkeypatch.chdir(root)
    return root


def test_the_story_of_the_gate(repository: Path, check: Check) -> None:
    new = repository / "example" / "plugins" / "other_200.py"
    step = '"Preparing example entries"', '"Preparing other entries"'

    assert 1 == check().exit_code, "the old finding is there"
    assert 0 == check("--since", "main").exit_code, "but it never speaks"

    text = plugin(port("CONFIG_OTHER_PORT", USAGE=None)).replace("EXAMPLE", "OTHER")
    new.write_text(text.replace("Example options", "Other options").replace(*step))
    failed = check("--since", "main", "--format", "json")
    assert 1 == failed.exit_code
    assert [("PD101", "CONFIG_OTHER_PORT")] == codes(failed)

    new.write_text(new.read_text().replace('"PROMPT"', '"USAGE": "Port of it.", "PROMPT"'))
    passed = check("--since", "main", "--format", "json")
    assert [] == codes(passed)
    assert 0 == passed.exit_code


def test_an_old_finding_stays_old_when_its_code_moves(repository: Path, check: Check) -> None:
    old = repository / "example" / "plugins" / "example_100.py"
    old.write_text("# one more line\n" + old.read_text())
    old.rename(old.with_name("moved_150.py"))
    assert [] == codes(check("--since", "main", "--select", "PD1", "--format", "json"))


def test_a_finding_that_changed_speaks_again(repository: Path, check: Check) -> None:
    old = repository / "example" / "plugins" / "example_100.py"
    old.write_text(plugin(port("CONFIG_EXAMPLE_OLD", USAGE="Port. Defaults to '1'.")))
    git(repository, "commit", "-q", "-a", "-m", "a wrong default")
    assert [] == codes(check("--since", "HEAD", "--select", "PD107", "--format", "json"))
    old.write_text(plugin(port("CONFIG_EXAMPLE_OLD", USAGE="Port. Defaults to '2'.")))
    changed = check("--since", "HEAD", "--select", "PD107", "--format", "json")
    assert [("PD107", "CONFIG_EXAMPLE_OLD")] == codes(changed)


def test_a_suppression_that_is_taken_out_speaks_again(repository: Path, check: Check) -> None:
    old = repository / "example" / "plugins" / "example_100.py"
    reason = "# plugindoc: ignore[PD101] before our time"
    old.write_text(plugin(OLD).replace(f"{OLD},", f"{OLD},  {reason}"))
    git(repository, "commit", "-q", "-a", "-m", "silence it")
    assert 0 == check().exit_code
    old.write_text(plugin(OLD))
    spoken = check("--since", "HEAD", "--format", "json")
    assert [("PD101", "CONFIG_EXAMPLE_OLD")] == codes(spoken)


def test_a_single_file_is_held_against_the_whole_base(repository: Path, check: Check) -> None:
    file = repository / "example" / "plugins" / "example_100.py"
    documented = plugin(port("CONFIG_EXAMPLE_OLD", USAGE=None)).replace(
        "def initConfig(controller):\n    controller.addGroup(",
        "def initConfig(controller):\n    params = ["
        '{"CONF_NAME": "CONFIG_EXAMPLE_DOC", "CMD_OPTION": "doc", "PROMPT": "Doc"}]\n'
        "    update_params_usage(basedefs.PACKSTACK_DOC, params, sectioned=False)\n"
        '    controller.addGroup({"GROUP_NAME": "DOC", "DESCRIPTION": "Doc",\n'
        '                         "PRE_CONDITION_MATCH": True}, params)\n'
        "    controller.addGroup(",
    )
    document = repository / "docs" / "source" / "packstack.rst"
    document.parent.mkdir(parents=True)
    head = "SYNOPSIS\n========\n\nexample\n\nOPTIONS\n=======\n\nExample\n-------\n\n"
    document.write_text(f"{head}**CONFIG_EXAMPLE_DOC**\n    Documented.\n")
    file.write_text(documented)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "keep texts in a document")
    document.write_text(f"{head}Nothing.\n")
    words = ("--select", "PD101", "--format", "json")
    assert [("PD101", "CONFIG_EXAMPLE_DOC")] == codes(check(file, "--since", "HEAD", *words))


@pytest.mark.parametrize("kind", ["tree", "export"])
def test_the_base_may_be_a_tree_or_an_export(
    kind: str, repository: Path, check: Check, tmp_path: Path
) -> None:
    old = repository / "example" / "plugins" / "example_100.py"
    mistake = '    messages.append(config["CONFIG_EXAMPLE_NOWHERE"])\n'
    old.write_text(plugin(OLD) + mistake)
    base = tmp_path / "base"
    subprocess.run(["cp", "-r", str(repository / "example"), str(base)], check=True)
    if kind == "export":
        (tmp_path / "base.json").write_bytes(encode(load(base)))
        base = tmp_path / "base.json"
    assert 0 == check("--since", base).exit_code
    old.write_text(plugin(OLD, port("CONFIG_EXAMPLE_NEW", USAGE=None)) + mistake)
    changed = check("--since", base, "--format", "json")
    assert [("PD101", "CONFIG_EXAMPLE_NEW")] == codes(changed)


def test_an_installer_that_the_base_does_not_have_is_all_new(
    repository: Path, check: Check
) -> None:
    git(repository, "checkout", "-q", "--orphan", "empty")
    git(repository, "rm", "-rq", "--cached", ".")
    git(repository, "commit", "-q", "--allow-empty", "-m", "nothing yet")
    found = check("--since", "empty", "--format", "json")
    assert [("PD101", "CONFIG_EXAMPLE_OLD")] == codes(found)


def test_changes_that_hurt_those_with_an_answer_file(repository: Path, check: Check) -> None:
    old = repository / "example" / "plugins" / "example_100.py"
    old.write_text(plugin(port("CONFIG_EXAMPLE_NEW")))
    removed = check("--since", "main", "--select", "PD7", "--format", "json")
    assert [("PD702", "CONFIG_EXAMPLE_OLD")] == codes(removed)
    assert 0 == removed.exit_code, "a warning fails only where that is asked for"
    assert 1 == check("--since", "main", "--fail-on", "warning").exit_code


@pytest.mark.parametrize(
    ("since", "complaint"),
    [
        ("no-such-revision", "no revision no-such-revision in the repository of"),
        ("--help-me", "'--help-me' is no revision"),
    ],
)
@pytest.mark.usefixtures("repository")
def test_a_base_that_does_not_exist(since: str, complaint: str, check: Check) -> None:
    result = check(f"--since={since}")
    assert 2 == result.exit_code
    assert complaint in result.stderr
    assert 1 == len(result.stderr.splitlines())


def test_a_base_that_a_shallow_clone_lacks(
    repository: Path, check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = git(repository, "rev-parse", "HEAD")
    git(repository, "commit", "-q", "--allow-empty", "-m", "later")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "clone")
    monkeypatch.chdir(tmp_path / "clone")
    result = check("--since", first)
    assert 2 == result.exit_code
    assert "this is a shallow clone: fetch the whole history (`fetch-depth: 0`" in result.stderr


@pytest.mark.usefixtures("repository")
def test_an_export_that_is_none(check: Check, tmp_path: Path) -> None:
    file = tmp_path / "base.json"
    file.write_text("[]")
    result = check("--since", file)
    assert 2 == result.exit_code
    assert "not an export of plugindoc" in result.stderr


def test_an_export_with_places_that_do_not_exist(repository: Path, check: Check) -> None:
    data = re.sub(rb'"(end_)?line": \d+', rb'"\1line": 2000000000', encode(load(repository)))
    file = repository.parent / "base.json"
    file.write_bytes(data)
    assert 0 == check("--since", file).exit_code
