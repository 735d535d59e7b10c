"""``plugindoc diff``: sides, formats, exit status, accepted changes."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import msgspec
import pytest
from click.testing import CliRunner, Result

from plugindoc.changes.change import Change
from plugindoc.changes.comparison import Comparison, Side
from plugindoc.changes.reporters import FORMATS, Report, render
from plugindoc.changes.reporters.json import schema
from plugindoc.changes.reporters.markdown import MARKER
from plugindoc.commands.main import plugindoc
from plugindoc.loading import load
from plugindoc.model.export import encode
from plugindoc.model.locations import Location
from tests.plugindoc.checking.installers import git, plugin, port
from tests.trees import write_tree

PLUGIN = "example/plugins/example_100.py"
OLD = {PLUGIN: plugin(port(), port("CONFIG_EXAMPLE_HOST", CMD_OPTION="example-host"))}
NEW = {PLUGIN: plugin(port(DEFAULT_VALUE="8081"))}


def diff(*words: str | Path) -> Result:
    return CliRunner().invoke(plugindoc, ["diff", *map(str, words)])


@pytest.fixture
def sides(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, str]:
    monkeypatch.chdir(tmp_path)
    write_tree(tmp_path / "old", OLD)
    write_tree(tmp_path / "new", NEW)
    return "old", "new"


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = write_tree(tmp_path / "repository", {f"src/{name}": text for name, text in OLD.items()})
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "as it was")
    git(root, "tag", "v1")
    write_tree(root, {f"src/{name}": text for name, text in NEW.items()})
    monkeypatch.chdir(root)
    return root


def ids(result: Result) -> list[str]:
    found = json.loads(result.stdout)
    return [f"{change['kind']} {change['thing']} {change['name']}" for change in found["changes"]]


CHANGED = ["removed option CONFIG_EXAMPLE_HOST", "default option CONFIG_EXAMPLE_PORT"]


def test_two_trees(sides: tuple[str, str]) -> None:
    result = diff(*sides)
    assert 1 == result.exit_code
    assert result.stdout.startswith(
        "breaking: CONFIG_EXAMPLE_HOST was removed; no option replaces it.\n"
        "  Remove CONFIG_EXAMPLE_HOST from answer files: it is ignored.\n"
        "  option-removed:CONFIG_EXAMPLE_HOST  old old/example/plugins/example_100.py:"
    )
    assert result.stdout.endswith("\n2 breaking changes from old to new.\n")


def test_a_tree_and_itself(sides: tuple[str, str]) -> None:
    result = diff(sides[0], sides[0])
    assert (0, "No change from old to old.\n") == (result.exit_code, result.stdout)


@pytest.mark.usefixtures("sides")
def test_an_export_says_what_its_tree_says(tmp_path: Path) -> None:
    (tmp_path / "old.json").write_bytes(encode(load("old")))
    assert CHANGED == ids(diff("old.json", "new", "--format", "json"))
    assert ids(diff("old", "new", "--format", "json")) == ids(
        diff("old.json", "new", "--format", "json")
    )


@pytest.mark.parametrize(
    ("old", "new", "folder"),
    [
        ("v1", "src", "."),
        ("main...", "src", "."),
        ("HEAD:src", "src", "."),
        ("v1", ".", "src"),
        ("v1", "v2", "src"),
        ("v1:src", "v2:src", "."),
    ],
)
def test_a_revision(
    repository: Path, old: str, new: str, folder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if new.startswith("v2"):
        git(repository, "commit", "-q", "-a", "-m", "as it is")
        git(repository, "tag", "v2")
    monkeypatch.chdir(repository / folder)
    result = diff(old, new, "--format", "json")
    assert CHANGED == ids(result)
    assert {"path": "src", "revision": old.partition(":")[0]} == json.loads(result.stdout)["old"]


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("", "src"), "'' is no tree, git revision or export"),
        (("/dev/null", "src"), "/dev/null is no tree, git revision or export"),
        (("nowhere", "src"), "nowhere: No such file or directory, and no revision nowhere"),
        (("v1:nowhere", "src"), "v1:nowhere: the revision has no folder nowhere"),
        (("v1:../..", "src"), "v1:../..: the revision has no folder ../.."),
        (("--", "-x", "src"), "'-x' is no revision"),
        (("newer.json", "src"), "newer.json: schema_version is 99, this plugindoc reads 1"),
        (("broken.json", "src"), "broken.json: not an export of plugindoc"),
        (("src", "empty"), "empty"),
        ((), "Missing argument 'OLD'"),
    ],
)
def test_a_side_that_cannot_be_read(
    repository: Path, words: tuple[str, ...], complaint: str
) -> None:
    (repository / "newer.json").write_text('{"schema_version": 99}')
    (repository / "broken.json").write_bytes(b"\xff{")
    (repository / "empty").mkdir()
    result = diff(*words)
    assert 2 == result.exit_code
    assert complaint in result.stderr
    assert "" == result.stdout


def test_a_shallow_clone_is_told_how_to_get_the_rest(repository: Path, tmp_path: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    git(repository, "commit", "-q", "-a", "-m", "as it is")
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "clone")
    result = diff(first, tmp_path / "clone" / "src")
    assert 2 == result.exit_code
    assert "this is a shallow clone" in result.stderr


@pytest.mark.parametrize("side", ["old", "new"])
def test_what_could_not_be_read_is_said_and_is_no_change(
    sides: tuple[str, str], tmp_path: Path, side: str
) -> None:
    write_tree(tmp_path / side, {"example/plugins/half_200.py": "def initConfig(:\n"})
    other = "new" if side == "old" else "old"
    whole = {"example/plugins/half_200.py": plugin(port("CONFIG_HALF", CMD_OPTION="half"))}
    write_tree(tmp_path / other, whole)
    result = diff(*sides, "--format", "json", "--fail-on", "never")
    assert 2 == result.exit_code
    assert CHANGED == [each for each in ids(result) if " option " in each]
    (problem,) = json.loads(result.stdout)["problems"]
    assert (side, "parse-error") == (problem["side"], problem["kind"])
    assert "1 file could not be read" in diff(*sides).stdout
    assert r"half\_200" in diff(*sides, "--format", "comment").stdout


@pytest.mark.parametrize(("fail_on", "status"), [("breaking", 1), ("notable", 1), ("never", 0)])
def test_from_which_impact_on_it_fails(sides: tuple[str, str], fail_on: str, status: int) -> None:
    assert status == diff(*sides, "--fail-on", fail_on).exit_code


def test_a_notable_change_fails_only_if_asked(sides: tuple[str, str]) -> None:
    back = (sides[1], sides[1])
    assert 0 == diff(*back).exit_code
    more = {PLUGIN: plugin(port(), port("CONFIG_EXAMPLE_HOST", CMD_OPTION="h", USAGE="Host."))}
    write_tree(Path("more"), more)
    write_tree(Path("few"), {PLUGIN: plugin(port())})
    assert 0 == diff("few", "more").exit_code
    assert 1 == diff("few", "more", "--fail-on", "notable").exit_code


def accepting(folder: Path, *entries: tuple[str, str]) -> None:
    rows = "".join(
        f'[[tool.plugindoc.diff.accepted]]\nchange = "{change}"\nreason = "{reason}"\n'
        for change, reason in entries
    )
    (folder / "pyproject.toml").write_text(rows)


def test_an_accepted_change_is_reported_and_fails_nothing(
    sides: tuple[str, str], tmp_path: Path
) -> None:
    accepting(
        tmp_path,
        ("option-removed:CONFIG_*_HOST", "hosts are found"),
        ("option-default:CONFIG_EXAMPLE_PORT", "8080 is taken"),
        ("option-default:CONFIG_GONE", "long ago"),
    )
    result = diff(*sides)
    assert 0 == result.exit_code
    assert "accepted: hosts are found" in result.stdout
    assert "no change matches option-default:CONFIG_GONE; remove the entry" in result.stderr
    changes = json.loads(diff(*sides, "--format", "json").stdout)["changes"]
    assert ["hosts are found", "8080 is taken"] == [change["accepted"] for change in changes]


def test_one_that_is_not_accepted_still_fails(sides: tuple[str, str], tmp_path: Path) -> None:
    accepting(tmp_path, ("option-removed:CONFIG_EXAMPLE_HOST", "hosts are found"))
    assert 1 == diff(*sides).exit_code


def test_the_json_is_what_its_schema_says(sides: tuple[str, str]) -> None:
    found: dict[str, Any] = json.loads(diff(*sides, "--format", "json").stdout)
    published = json.loads(diff("--schema").stdout)
    jsonschema.validate(found, published)
    assert json.loads(json.dumps(schema())) == published
    assert ["version", "old", "new", "changes", "problems", "summary"] == [*found]
    assert [
        "kind", "thing", "name", "old_name", "impact", "old", "new",
        "old_location", "new_location", "message", "hint",
    ] == [*found["changes"][0]]  # fmt: skip
    assert {"breaking": 2, "notable": 0, "cosmetic": 0} == found["summary"]


def test_annotations_stand_at_the_new_place(sides: tuple[str, str]) -> None:
    lines = diff(*sides, "--format", "github").stdout.splitlines()
    assert lines[0].startswith("::error title=breaking%3A option-removed%3ACONFIG_EXAMPLE_HOST::")
    assert lines[1].startswith("::error file=new/example/plugins/example_100.py,line=")


def test_a_report_goes_to_a_file(sides: tuple[str, str], tmp_path: Path) -> None:
    result = diff(*sides, "--format", "markdown", "--output", "notes.md")
    assert "" == result.stdout
    assert (tmp_path / "notes.md").read_text().startswith("## Changes from old to new\n")


def test_a_release_note_names_everything(tmp_path: Path) -> None:
    many = [port(f"CONFIG_A_{n}", USAGE=f"Text {n} of many.") for n in range(400)]
    write_tree(tmp_path / "old", {PLUGIN: plugin(port(), *many)})
    write_tree(tmp_path / "new", {PLUGIN: plugin(port())})
    sides = (tmp_path / "old", tmp_path / "new")
    assert "`CONFIG_A_399`" in diff(*sides, "--format", "markdown").stdout
    assert len(diff(*sides, "--format", "comment").stdout) < 65_536


HOSTILE = "<img src=x> @all #1 **b** [a](http://evil.example) `c` | <!-- -->\n\x1b[31m\u202e" * 40


def reported(count: int) -> Report:
    changes = [
        Change(
            kind="removed" if number % 2 else "default",
            thing="option",
            name=f"CONFIG_{number}{HOSTILE[: number % 9 * 40]}",
            impact=("breaking", "notable", "cosmetic")[number % 3],  # type: ignore[arg-type] # an impact
            old_location=Location(f"a{HOSTILE}.py", number + 1),
            message=f"The option changed for reason {number}: {HOSTILE}.",
            hint=HOSTILE,
        )
        for number in range(count)
    ]
    return Report(Comparison(tuple(changes)), Side(HOSTILE), Side("new"))


@pytest.mark.parametrize("count", [0, 1, 30, 3_000])
def test_a_comment_is_never_too_long(count: int) -> None:
    text = render("comment", reported(count))
    assert len(text) < 65_536
    assert text.startswith(f"{MARKER}\n")
    assert text.count("<details>") == text.count("</details>")


@pytest.mark.parametrize("form", FORMATS)
def test_no_text_of_a_plugin_steers_a_terminal_or_a_page(form: str) -> None:
    text = render(form, reported(9))
    assert "\x1b" not in text
    if form in {"markdown", "comment"}:
        rendered = re.sub(r"`[^`\n]*`", "", text)
        assert "<img" not in rendered
        assert "@all" not in rendered
        assert "**b**" not in rendered
        assert rendered.count("<!--") == (1 if "comment" == form else 0)
    if form == "json":
        msgspec.json.decode(text)
    else:
        assert "\u202e" not in text
