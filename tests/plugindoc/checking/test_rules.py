"""Every rule is tested by the examples on its own page."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugindoc.changes.comparison import compare
from plugindoc.checking.checker import Report, Run, check
from plugindoc.checking.rules import RULES
from plugindoc.checking.rules.base import Example, Rule
from plugindoc.checking.subject import Subject
from plugindoc.commands.check_inputs import published
from plugindoc.commands.targets import find
from plugindoc.extraction.modules import read_modules
from plugindoc.loading import load
from plugindoc.settings import find as find_settings
from tests.trees import write_tree

INVALID = [(rule, example) for rule in RULES for example in rule.invalid]
VALID = [(rule, example) for rule in RULES for example in rule.valid]
SECTIONS = ["## What it does", "## Why is this bad", "## What it cannot see"]


def ids(cases: list[tuple[type[Rule], Example]]) -> list[str]:
    return [f"{rule.code}-{number}" for number, (rule, _) in enumerate(cases)]


def checked(example: Example, rules: tuple[type[Rule], ...], folder: Path) -> Report:
    """Check an example as the command does, against its base where it has one."""
    root = write_tree(folder / "now", example.files)
    (target,), _ = find([root])
    base = None if example.base is None else load(write_tree(folder / "base", example.base))
    lost, stale = published(target, find_settings(root))
    subject = Subject(
        target.project,
        changes=compare(base, target.project).changes if base is not None else None,
        lost_anchors=lost,
        stale_pages=stale,
        modules=None
        if example.modules is None
        else read_modules(write_tree(folder / "modules", example.modules)),
    )
    return check(subject, Run(rules=rules))


@pytest.mark.parametrize(("rule", "example"), INVALID, ids=ids(INVALID))
def test_a_rule_refuses_its_invalid_examples(
    rule: type[Rule], example: Example, tmp_path: Path
) -> None:
    found = checked(example, RULES, tmp_path).diagnostics
    mine = [diagnostic for diagnostic in found if diagnostic.code == rule.code]
    assert mine
    for diagnostic in mine:
        assert diagnostic.message[0] == diagnostic.message[0].strip()
        assert not diagnostic.message.endswith(".")
        assert diagnostic.location.line >= 1


@pytest.mark.parametrize(("rule", "example"), VALID, ids=ids(VALID))
def test_a_rule_accepts_its_valid_examples(
    rule: type[Rule], example: Example, tmp_path: Path
) -> None:
    assert [] == [
        diagnostic.message
        for diagnostic in checked(example, (rule,), tmp_path).diagnostics
        if diagnostic.code == rule.code
    ]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_s_page_says_what_why_and_what_it_cannot_see(rule: type[Rule]) -> None:
    assert SECTIONS == re.findall(r"^## .*$", rule.body(), re.MULTILINE)
    assert rule.summary().startswith("Find ")
    assert re.fullmatch(r"PD\d{3}", rule.code)
    assert re.fullmatch(r"[a-z]+(-[a-z]+)+", rule.name)
    assert rule.invalid
    assert rule.valid


def test_codes_and_names_are_unique() -> None:
    assert len(RULES) == len({rule.code for rule in RULES}) == len({rule.name for rule in RULES})


def test_a_rule_that_is_silent_for_another_names_a_rule_that_exists() -> None:
    codes = {rule.code for rule in RULES}
    assert set() == {code for rule in RULES for code in rule.unless} - codes
