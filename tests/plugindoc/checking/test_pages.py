"""The rules' pages: made from their classes, and never stale."""

from __future__ import annotations

import contextlib
import os
import pty
import re
import subprocess
import sys
from io import BufferedReader
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugindoc.changes.pages import pages as kinds
from plugindoc.checking.pages import page, pages, write_pages
from plugindoc.checking.rules import RULES
from plugindoc.checking.selection import rule_named
from plugindoc.commands.main import plugindoc

PLUGINDOC = Path(sys.executable).parent / "plugindoc"
COMMITTED = Path(__file__).parents[3] / "docs" / "reference" / "rules"


def test_the_committed_pages_are_what_the_classes_say() -> None:
    committed = {file.name: file.read_text() for file in COMMITTED.glob("*.md")}
    assert pages() == committed, "to mend: plugindoc rules --pages docs/reference/rules"


def test_pages_of_rules_that_are_gone_are_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "rules"
    write_pages(folder)
    (folder / "PD999.md").write_text("mine")
    monkeypatch.setattr("plugindoc.checking.pages.RULES", [*RULES[1:]])
    write_pages(folder)
    assert {"PD999.md", *pages()} == {file.name for file in folder.glob("*.md")}


@pytest.mark.parametrize("command", ["rules", "diff"])
@pytest.mark.parametrize("is_edited", [False, True], ids=["written by hand", "edited"])
def test_files_of_others_are_not_changed(command: str, tmp_path: Path, *, is_edited: bool) -> None:
    def run() -> Result:
        return CliRunner().invoke(plugindoc, [command, "--pages", str(tmp_path)])

    if is_edited:
        assert 0 == run().exit_code
    index = tmp_path / "index.md"
    index.write_text("# Mine\n")
    result = run()
    assert (2, "# Mine\n") == (result.exit_code, index.read_text())
    assert f"Error: {index}: not written by plugindoc, or changed since" in result.stderr
    index.write_text(pages()["index.md"] if command == "rules" else kinds()["index.md"])
    assert 0 == run().exit_code
    assert 0 == run().exit_code


@pytest.mark.parametrize("name", ["PD101", "pd101", "undocumented-option"])
def test_a_rule_explains_itself(name: str) -> None:
    result = CliRunner().invoke(plugindoc, ["rule", name])
    assert page(rule_named("PD101")) == result.stdout
    assert 0 == result.exit_code


def test_a_terminal_gets_a_formatted_rule() -> None:
    ours, terminal = pty.openpty()
    with os.fdopen(ours, "rb") as screen:
        subprocess.run([PLUGINDOC, "rule", "PD002"], stdout=terminal, check=True)
        os.close(terminal)
        shown = _until_the_end(screen)
    assert "(PD002)" in shown
    assert "What it cannot see" in shown
    assert not re.search(r"^#|```|\*\*", shown, re.MULTILINE)


def _until_the_end(screen: BufferedReader) -> str:
    """Return what was written to a terminal; Linux ends its reading with an error."""
    shown = b""
    with contextlib.suppress(OSError):
        while part := screen.read1():
            shown += part
    return shown.decode()


def test_an_unknown_rule_is_told_with_the_nearest() -> None:
    result = CliRunner().invoke(plugindoc, ["rule", "undocumented-options"])
    assert 2 == result.exit_code
    assert "Did you mean undocumented-option?" in result.stderr


def test_all_rules_are_listed() -> None:
    lines = CliRunner().invoke(plugindoc, ["rules"]).stdout.splitlines()
    assert [rule.code for rule in RULES] == [line.split()[0] for line in lines]
