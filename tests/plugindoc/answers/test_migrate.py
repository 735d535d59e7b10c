"""Old answer files brought to a new release."""

from __future__ import annotations

import stat
from functools import cache
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugindoc.answers.migrating import Migration, migrate
from plugindoc.answers.parsing import parse
from plugindoc.commands.main import plugindoc
from plugindoc.loading import load
from plugindoc.model.project import Project
from plugindoc.model.questions import Questions
from plugindoc.rendering.answer_files import answer_file
from plugindoc.rendering.catalogue import Catalogue, Layout
from tests.plugindoc.checking.installers import plugin, port
from tests.trees import write_tree
from tests.upstream import groups, release

PLUGIN = "example/plugins/example_100.py"
CHOICES = {"OPTION_LIST": ["one", "two", "three"], "DEFAULT_VALUE": "one"}
FEWER = {"OPTION_LIST": ["one", "four"], "DEFAULT_VALUE": "one"}
MODE = {"CMD_OPTION": "mode", "USAGE": "Mode of the example."}
HOST = {"CMD_OPTION": "host", "USAGE": "Host.", "DEFAULT_VALUE": ""}
VALIDATED = "[validators.validate_options]"


def moded(name: str, fields: dict[str, object]) -> str:
    text = port(name, **MODE, **fields)
    return text[:-1] + f', "VALIDATORS": {VALIDATED}}}'


OLD = plugin(
    port(),
    moded("CONFIG_EXAMPLE_MODE", CHOICES),
    port("CONFIG_EXAMPLE_HOST", **HOST),
    port("CONFIG_EXAMPLE_PW", CMD_OPTION="pw", USAGE="Password.", MASK_INPUT=True),
)
NEW = (
    plugin(
        port("CONFIG_EXAMPLE_LISTEN", DEPRECATES=["CONFIG_EXAMPLE_PORT"]),
        moded("CONFIG_EXAMPLE_MODE", FEWER),
        port("CONFIG_EXAMPLE_PW", CMD_OPTION="pw", USAGE="Password.", MASK_INPUT=True),
        port("CONFIG_EXAMPLE_NEW", CMD_OPTION="new", USAGE="New.", DEFAULT_VALUE="7"),
        port("CONFIG_EXAMPLE_MUST", CMD_OPTION="must", USAGE="Must.", DEFAULT_VALUE=None),
    )
    + '\nVALUE_CHANGES = {"CONFIG_EXAMPLE_MODE": {"two": "four", "ten": "two"}}\n'
)
ANSWERS = """\
# my own file
[general]
; the port
CONFIG_EXAMPLE_PORT = 8000
config_example_mode=two

CONFIG_EXAMPLE_HOST=here
   and there
CONFIG_EXAMPLE_PW=hunter2
# the end
"""
MIGRATED = """\
# my own file
[general]
; the port
CONFIG_EXAMPLE_LISTEN = 8000
config_example_mode=four

# CONFIG_EXAMPLE_HOST: removed; nothing replaces it
# CONFIG_EXAMPLE_HOST=here
#    and there
CONFIG_EXAMPLE_PW=hunter2
# the end
# CONFIG_EXAMPLE_MUST: new, without a default; add an answer
# CONFIG_EXAMPLE_MUST=
# CONFIG_EXAMPLE_NEW: new
CONFIG_EXAMPLE_NEW=7
"""


@pytest.fixture
def trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    write_tree(tmp_path / "old", {PLUGIN: OLD})
    write_tree(tmp_path / "new", {PLUGIN: NEW})
    (tmp_path / "answers.txt").write_text(ANSWERS)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(plugindoc, ["answers", "migrate", *words])


def test_a_file_is_migrated_and_the_old_one_stays(trees: Path) -> None:
    result = run("answers.txt", "new", "--from", "old")
    assert 1 == result.exit_code
    assert [
        "answers.txt:4: CONFIG_EXAMPLE_PORT is now called CONFIG_EXAMPLE_LISTEN",
        "answers.txt:5: config_example_mode: 'two' is now 'four'",
        "answers.txt:7: CONFIG_EXAMPLE_HOST is commented out: removed; nothing replaces it",
        "answers.txt: decide: CONFIG_EXAMPLE_MUST is new and has no default; add an answer",
        "answers.txt: CONFIG_EXAMPLE_NEW is new; its default was added",
    ] == result.stdout.splitlines()
    assert MIGRATED == (trees / "answers.txt.migrated").read_text()
    assert ANSWERS == (trees / "answers.txt").read_text()
    assert 0o600 == stat.S_IMODE((trees / "answers.txt.migrated").stat().st_mode)


def test_a_second_run_changes_nothing(trees: Path) -> None:
    run("answers.txt", "new", "--from", "old")
    again = run("answers.txt.migrated", "new", "--from", "old", "--output", "again.txt")
    assert MIGRATED == (trees / "again.txt").read_text()
    assert 1 == again.exit_code


def test_the_answer_to_an_option_that_comes_back_counts_again(trees: Path) -> None:
    (trees / "answers.txt").write_text(MIGRATED)
    result = run("answers.txt", "old", "--from", "new")
    assert (
        "answers.txt:8: CONFIG_EXAMPLE_HOST exists again; your answer was restored" in result.stdout
    )
    restored = "# CONFIG_EXAMPLE_HOST: exists again\nCONFIG_EXAMPLE_HOST=here\n   and there\n"
    assert restored in (trees / "answers.txt.migrated").read_text()


def test_a_difference_shows_no_secret_and_writes_nothing(trees: Path) -> None:
    result = run("answers.txt", "new", "--from", "old", "--diff")
    assert "-CONFIG_EXAMPLE_PORT = 8000\n" in result.stdout
    assert "+CONFIG_EXAMPLE_LISTEN = 8000\n" in result.stdout
    assert " CONFIG_EXAMPLE_PW=***\n" in result.stdout
    assert "hunter2" not in result.output
    assert not (trees / "answers.txt.migrated").exists()


def test_a_choice_that_nothing_maps_is_left_to_a_person(trees: Path) -> None:
    (trees / "answers.txt").write_text("[general]\nCONFIG_EXAMPLE_MODE=three\n")
    result = run("answers.txt", "new", "--from", "old")
    assert "decide: CONFIG_EXAMPLE_MODE: 'three' is no longer a choice" in result.stdout
    assert "CONFIG_EXAMPLE_MODE=three\n" in (trees / "answers.txt.migrated").read_text()


def test_a_value_is_followed_through_all_that_replaced_it(trees: Path) -> None:
    (trees / "answers.txt").write_text("[general]\nCONFIG_EXAMPLE_MODE=ten\n")
    run("answers.txt", "new")
    assert "[general]\nCONFIG_EXAMPLE_MODE=four\n" == (trees / "answers.txt.migrated").read_text()


def test_a_name_that_neither_release_knows_is_left(trees: Path) -> None:
    (trees / "answers.txt").write_text("[general]\nCONFIG_TYPO=secret\n")
    result = run("answers.txt", "new", "--diff")
    assert 1 == result.exit_code
    assert "CONFIG_TYPO is not an option of either release" in result.stderr
    assert "secret" not in result.output


def test_both_names_in_one_file(trees: Path) -> None:
    both = "[general]\nCONFIG_EXAMPLE_LISTEN=1\nCONFIG_EXAMPLE_PORT=2\n"
    (trees / "answers.txt").write_text(both)
    run("answers.txt", "new")
    done = (trees / "answers.txt.migrated").read_text()
    why = "CONFIG_EXAMPLE_LISTEN is also answered"
    assert done.endswith(f"# CONFIG_EXAMPLE_PORT: {why}\n# CONFIG_EXAMPLE_PORT=2\n")


def test_line_ends_stay(trees: Path) -> None:
    (trees / "answers.txt").write_bytes(ANSWERS.replace("\n", "\r\n").encode())
    run("answers.txt", "new", "--from", "old")
    done = (trees / "answers.txt.migrated").read_bytes()
    assert MIGRATED.replace("\n", "\r\n").encode() == done


ICONV = "; convert the file, for instance with iconv -f latin1 -t utf-8"


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("[general]\nCONFIG_X=é\n".encode("latin-1"), f"answers.txt:2: not UTF-8 (byte 19){ICONV}"),
        (b"Dear all,\n\nthis is a letter.\n", "answers.txt: not an answer file: no NAME=VALUE"),
        (b"#" * 10_000_001, "answers.txt: larger than 10,000,000 bytes; not an answer file"),
    ],
)
def test_a_file_that_is_none_is_one_line(trees: Path, content: bytes, complaint: str) -> None:
    (trees / "answers.txt").write_bytes(content)
    result = run("answers.txt", "new")
    assert (2, f"Error: {complaint}\n") == (result.exit_code, result.stderr)
    assert not (trees / "answers.txt.migrated").exists()


def test_many_decisions_are_counted(trees: Path) -> None:
    unknown = [f"CONFIG_UNKNOWN_{number}=1" for number in range(1_500)]
    (trees / "answers.txt").write_text("\n".join(["[general]", *unknown, ""]))
    result = run("answers.txt", "new")
    lines = result.stdout.splitlines()
    assert 1 == result.exit_code
    assert 1_001 == len(lines)
    assert "answers.txt: and 500 more, 500 of them to decide" == lines[-1]
    assert 1_502 == len((trees / "answers.txt.migrated").read_text().split("\n"))


def test_nothing_is_written_over(trees: Path) -> None:
    (trees / "answers.txt.migrated").write_text("mine")
    result = run("answers.txt", "new")
    assert 2 == result.exit_code
    assert "answers.txt.migrated already exists" in result.stderr
    assert 2 == run("answers.txt", "new", "--output", "answers.txt").exit_code
    assert ANSWERS == (trees / "answers.txt").read_text()


# Releases of upstream


@cache
def upstream(version: str) -> Project:
    return load(release(version))


@cache
def answers_of(version: str) -> str:
    return answer_file(Catalogue("upstream", upstream(version), Layout("")))


def migrated(text: str, old: str, new: str) -> Migration:
    return migrate(text, "answers.txt", upstream(old), upstream(new))


def own(text: str, names: set[str]) -> dict[str, str]:
    found = parse(text, "answers.txt").answers
    return {answer.name: answer.value for answer in found if answer.name in names}


@pytest.mark.parametrize("releases", groups(3))
def test_a_stop_on_the_way_makes_no_difference(releases: tuple[str, str, str]) -> None:
    first, second, third = releases
    text = answers_of(first)
    names = {answer.name for answer in parse(text, "answers.txt").answers}
    on_the_way = migrated(text, first, second).text
    direct = migrated(text, first, third).text
    assert own(direct, names) == own(migrated(on_the_way, second, third).text, names)


@pytest.mark.parametrize("releases", groups(2))
def test_a_migrated_file_has_what_the_new_release_knows(releases: tuple[str, str]) -> None:
    old, new = releases
    done = migrated(answers_of(old), old, new)
    known = {option.name for option in Questions(upstream(new)).options}
    assert set() == {answer.name for answer in parse(done.text, "a").answers} - known
    assert () == parse(done.text, "a").faults
    assert done.text == migrated(done.text, old, new).text


def between(text: str, old: str, new: str, folder: Path) -> Migration:
    sides = [
        load(write_tree(folder / side, {PLUGIN: each})) for side, each in (("a", old), ("b", new))
    ]
    return migrate(text, "answers.txt", *sides)


def test_a_former_name_that_the_new_release_forgot_is_renamed(tmp_path: Path) -> None:
    old = plugin(port(DEPRECATES=["CONFIG_OLD"]))
    found = between("[general]\nCONFIG_OLD=1\n", old, plugin(port()), tmp_path)
    assert ("[general]\nCONFIG_EXAMPLE_PORT=1\n", True) == (found.text, found.is_decided)


def test_a_former_name_that_is_an_option_now_keeps_its_meaning(tmp_path: Path) -> None:
    old = plugin(port(DEPRECATES=["CONFIG_OLD"]))
    new = plugin(port(), port("CONFIG_OLD", **HOST))
    found = between("[general]\nCONFIG_OLD=1\n", old, new, tmp_path)
    assert "[general]\nCONFIG_EXAMPLE_PORT=1\n" in found.text


@pytest.mark.parametrize("second", ["8000", "9000"])
def test_two_answers_that_become_one_are_left_to_a_person_if_they_differ(
    second: str, tmp_path: Path
) -> None:
    old = plugin(port(), port("CONFIG_EXAMPLE_HOST", **HOST))
    new = plugin(port("CONFIG_BOTH", DEPRECATES=["CONFIG_EXAMPLE_PORT", "CONFIG_EXAMPLE_HOST"]))
    text = f"[general]\nCONFIG_EXAMPLE_PORT=8000\nCONFIG_EXAMPLE_HOST={second}\n"
    found = between(text, old, new, tmp_path)
    assert "CONFIG_BOTH=8000" in found.text
    assert ("8000" == second) == found.is_decided


def test_a_default_that_the_new_release_refuses_is_left_to_a_person(tmp_path: Path) -> None:
    refused = (
        port("CONFIG_EXAMPLE_HOST", **HOST)[:-1]
        + ', "VALIDATORS": [validators.validate_not_empty]}'
    )
    found = between("[general]\nX=1\n", plugin(port()), plugin(port(), refused), tmp_path)
    assert "# CONFIG_EXAMPLE_HOST: new, its default is refused; add an answer" in found.text
    assert not found.is_decided
