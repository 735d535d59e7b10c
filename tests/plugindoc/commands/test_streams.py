"""Both commands with outputs of other encodings, closed and full ones: never a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from plugindoc.checking.rules import RULES

BIN = Path(sys.executable).parent
INSTALLER = str(Path(__file__).parents[3] / "source_packstack")
COMMANDS = [
    ["plugindoc", "--help"],
    ["plugindoc", "--version"],
    ["plugindoc", "answers", "--help"],
    ["plugindoc", "check", INSTALLER],
    ["plugindoc", "check", INSTALLER, "--format", "json"],
    ["plugindoc", "export", INSTALLER],
    ["plugindoc", "rules"],
    ["plugindoc", "rule", "PD101"],
    ["plugindoc", "show", "CONFIG_GLANCE_KS_PW", INSTALLER],
    ["plugindoc", "show", "CONFIG_GLANCE_KS_PW", INSTALLER, "--format", "json"],
    ["plugindoc", "show", "CONFIG_GLANCE_KS_PW", INSTALLER, "--where"],
    ["source-packstack", "--help"],
    ["source-packstack", "--options"],
    ["source-packstack", "--list-plugins"],
    ["source-packstack", "--version"],
]


def run(command: list[str], redirected: str = "", **environment: str) -> tuple[int, str, str]:
    words = [str(BIN / command[0]), *command[1:]]
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONUNBUFFERED"}
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec "$@" {redirected}', "sh", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        env={**kept, **environment},
        check=False,
    )
    return done.returncode, done.stdout.decode("latin-1"), done.stderr.decode("latin-1")


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252", "ascii"])
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_output_that_lacks_letters_shows_others(command: list[str], encoding: str) -> None:
    status, output, errors = run(command, PYTHONIOENCODING=encoding)
    assert (0, "") == (status, errors)
    assert output.strip()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_the_page_of_every_rule_can_be_printed_in_ascii(
    rule: type, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    """Each in this process: 66 processes take long."""
    import io  # noqa: PLC0415 - stands in for the standard output

    from plugindoc.commands.main import main  # noqa: PLC0415 - as above

    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), "ascii"))
    monkeypatch.setattr(sys, "argv", ["plugindoc", "rule", rule.code])
    with pytest.raises(SystemExit) as end:
        main()
    assert (0, b"") == (end.value.code, capfdbinary.readouterr().err)


@pytest.mark.parametrize(
    ("redirected", "reason"),
    [(">/dev/full", "No space left on device"), (">&-", "Bad file descriptor")],
)
@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_an_output_that_takes_nothing_is_one_line(
    command: list[str], redirected: str, reason: str
) -> None:
    status, _, errors = run(command, redirected)
    assert (1 if "source-packstack" == command[0] else 2, f"Error: {reason}\n") == (status, errors)


@pytest.mark.parametrize("redirected", ["2>&-", "2>/dev/full", "<&-", "<&- 2>&-"])
@pytest.mark.parametrize("command", COMMANDS[::4], ids=" ".join)
def test_other_streams_may_be_closed(command: list[str], redirected: str) -> None:
    status, output, _ = run(command, redirected)
    assert 0 == status
    assert output.strip()


@pytest.mark.parametrize("command", [COMMANDS[5], COMMANDS[7], COMMANDS[11]], ids=" ".join)
def test_a_reader_may_stop(command: list[str]) -> None:
    words = [str(BIN / command[0]), *command[1:]]
    script = '"$@" | head -c 1'
    done = subprocess.run(["/bin/sh", "-c", script, "sh", *words], capture_output=True, check=False)
    assert (0, b"") == (done.returncode, done.stderr)


@pytest.mark.parametrize("words", [["check"], ["check", "--select", "ALL"]])
def test_a_closed_output_is_no_clean_check(words: list[str]) -> None:
    assert 2 == run(["plugindoc", *words, INSTALLER], ">&-")[0]


def test_the_module_runs_as_the_command_does() -> None:
    found = subprocess.run(
        [sys.executable, "-m", "plugindoc", "--version"], capture_output=True, text=True, check=True
    )
    assert found.stdout.startswith("plugindoc ")
