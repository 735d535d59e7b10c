"""The rules' pages: made from their classes, and never stale."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from plugindoc.checking.pages import page, pages, write_pages
from plugindoc.checking.rules import RULES
from plugindoc.checking.selection import rule_named
from plugindoc.commands.main import plugindoc

COMMITTED = Path(__file__).parents[3] / "docs" / "reference" / "rules"


def test_the_committed_pages_are_what_the_classes_say() -> None:
    committed = {file.name: file.read_text() for file in COMMITTED.glob("*.md")}
    assert pages() == committed, "to mend: plugindoc rules --pages docs/reference/rules"


def test_pages_of_rules_that_are_gone_are_deleted(tmp_path: Path) -> None:
    (tmp_path / "PD999.md").write_text("gone")
    (tmp_path / "mine.md").write_text("mine")
    write_pages(tmp_path)
    assert not (tmp_path / "PD999.md").exists()
    assert (tmp_path / "mine.md").exists()
    assert (tmp_path / "PD101.md").exists()


@pytest.mark.parametrize("name", ["PD101", "pd101", "undocumented-option"])
def test_a_rule_explains_itself(name: str) -> None:
    result = CliRunner().invoke(plugindoc, ["rule", name])
    assert page(rule_named("PD101")) == result.stdout
    assert 0 == result.exit_code


def test_an_unknown_rule_is_told_with_the_nearest() -> None:
    result = CliRunner().invoke(plugindoc, ["rule", "undocumented-options"])
    assert 2 == result.exit_code
    assert "did you mean undocumented-option?" in result.stderr


def test_all_rules_are_listed() -> None:
    lines = CliRunner().invoke(plugindoc, ["rules"]).stdout.splitlines()
    assert [rule.code for rule in RULES] == [line.split()[0] for line in lines]
