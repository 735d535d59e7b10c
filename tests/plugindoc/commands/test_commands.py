"""All commands: what they say when they are used wrongly, and how they end."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import click
import pytest
from click.testing import CliRunner, Result

from plugindoc.commands import export as export_module
from plugindoc.commands.check import check as check_command
from plugindoc.commands.completion import complete_options
from plugindoc.commands.main import COMMANDS, plugindoc
from plugindoc.commands.show import show
from tests.plugindoc.sphinx.installers import write_installer

PLUGINDOC = Path(sys.executable).parent / "plugindoc"


@pytest.fixture
def installer(tmp_path: Path) -> Path:
    return write_installer(tmp_path / "installer")


def run(*words: object) -> Result:
    return CliRunner().invoke(plugindoc, [str(word) for word in words])


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_says_what_it_does(command: str) -> None:
    result = run(command, "--help")

    assert 0 == result.exit_code
    assert result.output.startswith(f"Usage: plugindoc {command}")


def test_the_help_of_check_groups_its_options() -> None:
    lines = run("check", "--help").output.splitlines()
    headings = [line for line in lines if line.endswith(":") and not line.startswith(" ")]

    groups = ["Rules:", "Report:", "Fixes:", "Accepted and earlier findings:", "Reading:"]
    assert [*groups, "Options:"] == headings
    shown = "\n".join(lines)
    flags = {flag for each in check_command.params for flag in each.opts if flag[:2] == "--"}
    assert flags == {flag for flag in flags if f" {flag} " in shown}


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
@pytest.mark.parametrize(
    ("words", "word", "expected"),
    [
        (["rule"], "pd10", {"PD101", "PD102"}),
        (["rule"], "undocumented-o", {"undocumented-option"}),
        (["check", "--select"], "PD301,PD10", {"PD301,PD101", "PD301,PD102"}),
        (["show"], "config_compute_h", {"CONFIG_COMPUTE_HOST"}),
        (["list", "--depends-on"], "CONFIG_COMPUTE_", {"CONFIG_COMPUTE_HOST", "CONFIG_COMPUTE_PW"}),
        (
            ["why"],
            "CONFIG_COMPUTE_INSTALL=",
            {"CONFIG_COMPUTE_INSTALL=y", "CONFIG_COMPUTE_INSTALL=n"},
        ),
    ],
)
def test_shells_complete_rules_and_options(
    installer: Path, shell: str, words: list[str], word: str, expected: set[str]
) -> None:
    line = " ".join(["plugindoc", *words, word])
    environment = {"_PLUGINDOC_COMPLETE": f"{shell}_complete", "COMP_WORDS": line}
    environment["COMP_CWORD"] = word if shell == "fish" else str(len(words) + 1)
    done = subprocess.run(
        [PLUGINDOC],
        cwd=installer,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=True,
    )

    assert expected == {
        each for each in expected if re.search(rf"(?m)(^|,|\s){each}($|\s)", done.stdout)
    }


def test_completion_outside_an_installer_is_empty(tmp_path: Path) -> None:
    context = click.Context(show, info_name="show")
    context.params["path"] = tmp_path

    assert [] == complete_options(context, show.params[0], "CONFIG")


def test_help_lists_every_command() -> None:
    listed = run("--help").output

    assert sorted(COMMANDS) == [name for name in sorted(COMMANDS) if f"\n  {name} " in listed]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["chek"], "No such command 'chek'. Did you mean 'check'?"),
        (["frobnicate"], "No such command 'frobnicate'."),
        (["rule", "PD10"], "'PD10' matches several rules: PD101, PD102"),
        (
            ["rule", "undocumented-optin"],
            "'undocumented-optin' is not a rule. Did you mean undocumented-option?",
        ),
        (["rule", "nothing-like-it"], "`plugindoc rules` lists them"),
        (["rules", "--pages", "/dev/null"], "/dev/null: File exists"),
        (["export"], "Missing argument 'PATH', or use --schema"),
        (["export", "nowhere"], "nowhere: No such file or directory"),
        (["check", "nowhere"], "nowhere: No such file or directory"),
        (["check", "--unsafe-fixes"], "--unsafe-fixes needs --fix or --diff"),
        (["show", "CONFIG_X", "nowhere"], "nowhere: No such file or directory"),
        (["answers", "check", "nowhere"], "nowhere: No such file or directory"),
        (["answers", "check", "/dev/zero"], "/dev/zero: larger than 10,000,000 bytes"),
    ],
)
def test_what_cannot_run_is_said_in_one_line(words: list[str], said: str) -> None:
    result = run(*words)

    assert 2 == result.exit_code
    assert said in result.stderr.splitlines()[-1]


def test_a_path_is_printed_harmlessly() -> None:
    result = run("export", "a\x1b[31m\u202eb\nc")

    assert "Error: a\ufffd[31m\ufffdb c: No such file or directory\n" == result.stderr


def test_a_mistake_of_its_own_is_one_line_too(
    installer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **_more: object) -> bytes:
        message = "unforeseen"
        raise KeyError(message)

    monkeypatch.setattr(export_module, "_encoded", fail)
    result = run("export", installer)

    assert (2, "Error: internal error in plugindoc: KeyError: 'unforeseen'\n") == (
        result.exit_code,
        result.stderr,
    )


@pytest.mark.parametrize("words", [["rules"], ["check", "--select", "ALL"]])
def test_who_stops_reading_hears_no_complaint(words: list[str], installer: Path) -> None:
    first, *more = words
    path = [] if first == "rules" else [str(installer)]
    reading, writing = os.pipe()
    os.close(reading)
    command = [PLUGINDOC, first, *path, *more]
    done = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, check=False)
    os.close(writing)

    assert (1, b"") == (done.returncode, done.stderr)


@pytest.mark.parametrize("words", [["rules"], ["check", "--select", "ALL"]])
def test_a_full_disk_is_said(words: list[str], installer: Path) -> None:
    first, *more = words
    path = [] if first == "rules" else [str(installer)]
    buffered = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    with Path("/dev/full").open("wb") as full:
        command = [PLUGINDOC, first, *path, *more]
        done = subprocess.run(
            command, stdout=full, stderr=subprocess.PIPE, check=False, env=buffered
        )

    assert (2, b"Error: No space left on device\n") == (done.returncode, done.stderr)


def test_a_report_that_finds_no_room_names_its_file(installer: Path) -> None:
    result = run("check", installer, "--output", "/dev/full")

    assert (2, "Error: /dev/full: No space left on device\n") == (result.exit_code, result.stderr)


def test_rules_are_listed_for_people_and_programs() -> None:
    lines = run("rules").output.splitlines()
    listed = json.loads(run("rules", "--format", "json").output)

    assert [each["code"] for each in listed] == [line.split()[0] for line in lines]
    assert {"code", "name", "severity", "summary", "default"} == set(listed[0])


def test_a_rules_page_is_found_by_code_and_name() -> None:
    page = run("rule", "pd101").output

    assert page.startswith("# undocumented-option (PD101)")
    assert page == run("rule", "Undocumented-Option").output


def test_an_export_goes_to_a_file_or_the_terminal(installer: Path, tmp_path: Path) -> None:
    file = tmp_path / "model.json"

    assert 0 == run("export", installer, "--name", "mine", "--output", file).exit_code
    assert file.read_text() == run("export", installer, "--name", "mine").output
    assert ["schema_version", "name"] == list(json.loads(file.read_text()))[:2]
    assert "mine" == json.loads(file.read_text())["name"]


def test_the_schema_needs_no_installer() -> None:
    schema = json.loads(run("export", "--schema").output)

    assert "Project" in schema["$defs"]


@pytest.mark.parametrize(
    ("typed", "offered"),
    [("plugindoc check --for", "plain,--format")],
)
def test_the_shell_completes(typed: str, offered: str) -> None:
    environment = {
        **os.environ,
        "_PLUGINDOC_COMPLETE": "bash_complete",
        "COMP_WORDS": typed,
        "COMP_CWORD": str(len(typed.split()) - 1),
    }
    done = subprocess.run([PLUGINDOC], env=environment, capture_output=True, text=True, check=False)

    assert offered == done.stdout.strip()


def test_a_theme_that_is_not_there_is_refused_with_those_that_are(
    installer: Path, tmp_path: Path
) -> None:
    result = run("build", installer, "--output", tmp_path / "site", "--theme", "nope")

    assert 2 == result.exit_code
    assert result.stderr.startswith("Error: no theme named 'nope'; installed themes: ")
    assert "furo" in result.stderr


@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (["check", "--selct", "PD101"], "No such option --selct. Did you mean --select?"),
        (["show", "CONFIG_A", "--answers", "x"], "There is `plugindoc build --answers` and `"),
        (["show", "--answers", "x", "CONFIG_A"], "`plugindoc why --answers`."),
        (["answers", "plan", "--strickt"], "Did you mean --strict?"),
        (["list", "--zzz"], "No such option --zzz.\n"),
        (["why", "Preparing", "the", "cache"], "extra argument (cache). Quote a NAME of several"),
        (["rules", "extra"], "Got unexpected extra argument (extra)\n"),
    ],
)
def test_an_unknown_option_suggests_the_nearest_or_the_commands_that_have_it(
    words: list[str], hint: str
) -> None:
    result = CliRunner().invoke(plugindoc, words)
    assert 2 == result.exit_code
    assert hint in result.stderr
