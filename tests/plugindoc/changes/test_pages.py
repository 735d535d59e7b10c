"""The pages of the kinds of change: made from the kinds, and never stale."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from plugindoc.changes.kinds import KINDS
from plugindoc.changes.pages import kind_named, page, pages, write_pages
from plugindoc.commands.main import plugindoc

COMMITTED = Path(__file__).parents[3] / "docs" / "reference" / "changes"


def test_the_committed_pages_are_what_the_kinds_say() -> None:
    committed = {file.name: file.read_text() for file in COMMITTED.glob("*.md")}
    assert pages() == committed, "to update: plugindoc diff --pages docs/reference/changes"


def test_pages_of_kinds_that_are_gone_are_deleted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write_pages(tmp_path)
    (tmp_path / "option-forgotten.md").write_text("mine")
    monkeypatch.setattr("plugindoc.changes.pages.KINDS", KINDS[1:])
    write_pages(tmp_path)
    assert {"option-forgotten.md", *pages()} == {file.name for file in tmp_path.glob("*.md")}


def test_a_kind_explains_itself() -> None:
    result = CliRunner().invoke(plugindoc, ["diff", "--explain", "option-removed"])
    assert page(kind_named("option-removed")) == result.stdout


def test_an_unknown_kind_is_told_with_the_nearest() -> None:
    result = CliRunner().invoke(plugindoc, ["diff", "--explain", "option-remove"])
    assert 2 == result.exit_code
    assert "did you mean option-removed?" in result.stderr
