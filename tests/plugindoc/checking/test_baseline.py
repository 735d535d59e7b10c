"""The baseline: counted by rule, path and object; never rewritten from a partial run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugindoc.checking.installers import Check, Write, plugin, port

BARE = port("CONFIG_EXAMPLE_OLD", USAGE=None)
PLUGIN = "example/plugins/example_100.py"


@pytest.fixture
def root(write: Write) -> Path:
    return write({PLUGIN: plugin(BARE)})


@pytest.fixture
def accepted(root: Path, check: Check, tmp_path: Path) -> Path:
    file = tmp_path / "baseline.json"
    result = check(root, "--baseline", file, "--accept")
    assert 0 == result.exit_code
    assert "1 accepted, 0 removed" in result.stderr
    return file


def test_what_is_accepted_does_not_fail(root: Path, accepted: Path, check: Check) -> None:
    result = check(root, "--baseline", accepted)
    assert 0 == result.exit_code
    assert "1 accepted by the baseline" in result.stdout


def test_the_file_has_a_line_an_entry_and_no_line_numbers(accepted: Path) -> None:
    assert (
        '{\n  "version": 1,\n  "entries": [\n'
        '    {"rule": "PD101", "path": "example/plugins/example_100.py", '
        '"object": "CONFIG_EXAMPLE_OLD", "count": 1}\n  ]\n}\n'
    ) == accepted.read_text()


def test_a_new_offender_fails(root: Path, accepted: Path, check: Check) -> None:
    (root / PLUGIN).write_text(plugin(BARE, port("CONFIG_EXAMPLE_NEW", USAGE=None)))
    result = check(root, "--baseline", accepted, "--format", "json")
    assert 1 == result.exit_code
    assert ["CONFIG_EXAMPLE_NEW"] == [
        each["object"] for each in json.loads(result.stdout)["diagnostics"]
    ]


def test_what_is_accepted_twice_is_accepted_once(root: Path, accepted: Path, check: Check) -> None:
    before = accepted.read_text()
    result = check(root, "--baseline", accepted, "--accept")
    assert "0 accepted, 0 removed" in result.stderr
    assert before == accepted.read_text()


def test_what_is_gone_stays_accepted_until_it_is_pruned(
    root: Path, accepted: Path, check: Check
) -> None:
    before = accepted.read_text()
    (root / PLUGIN).write_text(plugin(port()))
    check(root, "--baseline", accepted, "--accept")
    assert before == accepted.read_text()


def test_an_old_one_may_move_within_its_file(root: Path, accepted: Path, check: Check) -> None:
    (root / PLUGIN).write_text("\n\n\n" + plugin(port(), BARE))
    assert 0 == check(root, "--baseline", accepted).exit_code


def test_what_is_mended_is_a_finding_until_it_is_pruned(
    root: Path, accepted: Path, check: Check
) -> None:
    (root / PLUGIN).write_text(plugin(port("CONFIG_EXAMPLE_OLD")))
    result = check(root, "--baseline", accepted, "--format", "json")
    (stale,) = json.loads(result.stdout)["diagnostics"]
    assert ("PD003", "CONFIG_EXAMPLE_OLD", 4) == (stale["code"], stale["object"], stale["line"])
    assert "--prune" in stale["hint"]
    assert 1 == check(root, "--baseline", accepted, "--fail-on", "warning").exit_code
    assert "0 accepted, 1 removed" in check(root, "--baseline", accepted, "--prune").stderr
    assert {"version": 1, "entries": []} == json.loads(accepted.read_text())
    assert 0 == check(root, "--baseline", accepted, "--fail-on", "warning").exit_code


def test_an_entry_that_never_accepts_is_stale_and_pruned(
    root: Path, accepted: Path, check: Check
) -> None:
    (root / PLUGIN).write_text(plugin(port("CONFIG_EXAMPLE_OLD")) + "def initSequences(:\n")
    found = json.loads(check(root, "--baseline", accepted, "--format", "json").stdout)
    (broken,) = (each for each in found["diagnostics"] if each["code"] == "PD001")
    entry = {"rule": "PD001", "path": PLUGIN, "object": broken["object"]}
    accepted.write_text(json.dumps({"version": 1, "entries": [entry]}))
    found = json.loads(check(root, "--baseline", accepted, "--format", "json").stdout)
    codes = [each["code"] for each in found["diagnostics"]]
    assert {"PD001", "PD003"} <= {*codes}
    assert "0 accepted, 1 removed" in check(root, "--baseline", accepted, "--prune").stderr


def test_accepting_takes_nothing_away(root: Path, accepted: Path, check: Check) -> None:
    (root / PLUGIN).write_text(plugin(port("CONFIG_EXAMPLE_NEW", USAGE=None)))
    check(root, "--baseline", accepted, "--accept")
    entries = json.loads(accepted.read_text())["entries"]
    assert ["CONFIG_EXAMPLE_NEW", "CONFIG_EXAMPLE_OLD"] == [each["object"] for each in entries]


def test_accepting_again_changes_nothing(root: Path, accepted: Path, check: Check) -> None:
    before = accepted.read_text()
    check(root, "--baseline", accepted, "--accept")
    assert before == accepted.read_text()


@pytest.mark.parametrize("word", ["--accept", "--prune"])
@pytest.mark.parametrize(
    "partial",
    [["--select", "PD1"], ["--ignore", "PD212"], ["--extend-select", "PD406"], ["--since", "."]],
    ids=lambda words: words[0],
)
def test_a_partial_run_never_rewrites(
    word: str, partial: list[str], root: Path, accepted: Path, check: Check
) -> None:
    before = accepted.read_text()
    since = [str(root) if each == "." else each for each in partial]
    result = check(root, "--baseline", accepted, word, *since)
    assert 2 == result.exit_code
    assert f"{word} needs a full run" in result.stderr
    assert before == accepted.read_text()


def test_nor_does_a_run_over_a_single_file(root: Path, accepted: Path, check: Check) -> None:
    result = check(root / PLUGIN, "--baseline", accepted, "--accept")
    assert 2 == result.exit_code
    assert "no path inside an installer" in result.stderr


def test_a_partial_run_calls_nothing_stale(root: Path, accepted: Path, check: Check) -> None:
    (root / PLUGIN).write_text(plugin(port("CONFIG_EXAMPLE_OLD")))
    other = root / "example/plugins/other_200.py"
    other.write_text(plugin(port("CONFIG_OTHER_PORT")).replace("EXAMPLE", "OTHER"))
    for words in ([root, "--select", "PD2,PD003"], [other]):
        result = check(*words, "--baseline", accepted, "--format", "json")
        found = json.loads(result.stdout)["diagnostics"]
        assert "PD003" not in [each["code"] for each in found]


def test_the_settings_name_it_too(root: Path, accepted: Path, check: Check) -> None:
    accepted.rename(root / "known.json")
    (root / "pyproject.toml").write_text('[tool.plugindoc.check]\nbaseline = "known.json"\n')
    assert 0 == check(root).exit_code


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"not JSON", "not a baseline: JSON is malformed"),
        (b"", "not a baseline: Input data was truncated"),
        (b"[]", "not a baseline: Expected `object`, got `array`"),
        (b"\xff\xfe", "not a baseline"),
        (
            b'{"version": 9, "entries": []}',
            "unsupported baseline version 9; this plugindoc reads version 1",
        ),
        (b'{"version": 1, "entries": [{"rule": 1}]}', "not a baseline: Expected `str`"),
        (
            b'{"version":1,"entries":[{"rule":"PD101","path":"x","object":"y","count":-1}]}',
            "not a baseline: a count below 1",
        ),
        (b"[" * 100_000, "not a baseline"),
    ],
)
def test_a_baseline_that_is_none(
    content: bytes, complaint: str, root: Path, check: Check, tmp_path: Path
) -> None:
    file = tmp_path / "baseline.json"
    file.write_bytes(content)
    result = check(root, "--baseline", file)
    assert 2 == result.exit_code
    assert complaint in result.stderr
    assert 1 == len(result.stderr.splitlines())


def test_a_baseline_that_is_missing(root: Path, check: Check, tmp_path: Path) -> None:
    result = check(root, "--baseline", tmp_path / "nowhere.json")
    assert 2 == result.exit_code
    assert "nowhere.json: No such file or directory" in result.stderr


def test_accepting_needs_to_know_where(root: Path, check: Check) -> None:
    result = check(root, "--accept")
    assert 2 == result.exit_code
    assert "--accept needs a baseline" in result.stderr
