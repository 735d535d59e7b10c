"""Codes, names and prefixes; the closer selector wins."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from plugindoc.checking.rules import RULES
from plugindoc.checking.selection import SelectionError, enabled, ignored_for, rule_named

ALL = [rule.code for rule in RULES]
DEFAULT = [rule.code for rule in RULES if rule.severity != "info"]


def codes(
    select: Sequence[str] | None = None, extend: Sequence[str] = (), ignore: Sequence[str] = ()
) -> list[str]:
    return [rule.code for rule in enabled(select, extend, ignore)]


def test_what_is_taste_is_off_by_default() -> None:
    assert DEFAULT == codes()
    assert "PD406" not in DEFAULT


@pytest.mark.parametrize(
    ("select", "extend", "ignore", "expected"),
    [
        (["PD101"], [], [], ["PD101"]),
        (["undocumented-option"], [], [], ["PD101"]),
        (["pd101"], [], [], ["PD101"]),
        (["PD70"], [], [], ["PD701", "PD702", "PD703", "PD704", "PD705"]),
        (["PD70"], [], ["PD702", "default-changed"], ["PD701", "PD703", "PD705"]),
        (["PD70"], ["PD801"], [], ["PD701", "PD702", "PD703", "PD704", "PD705", "PD801"]),
        (["PD702"], [], ["PD7"], ["PD702"]),
        (["PD7"], [], ["PD702"], ["PD701", "PD703", "PD704", "PD705"]),
        (["PD7"], [], ["ALL"], ["PD701", "PD702", "PD703", "PD704", "PD705"]),
        (["ALL"], [], [], ALL),
        (None, ["PD406"], [], sorted([*DEFAULT, "PD406"])),
        (None, [], ["PD"], []),
    ],
)
def test_selectors(
    select: list[str] | None, extend: list[str], ignore: list[str], expected: list[str]
) -> None:
    assert expected == codes(select, extend, ignore)


@pytest.mark.parametrize(
    ("selector", "hint"),
    [
        ("PD109x", "Did you mean PD109?"),
        ("undocumented-options", "Did you mean undocumented-option?"),
        ("xyzzy", "`plugindoc rules` lists them."),
        ("", "`plugindoc rules` lists them."),
    ],
)
def test_a_selector_that_names_nothing_is_an_error(selector: str, hint: str) -> None:
    with pytest.raises(SelectionError) as error:
        enabled([selector], (), ())
    assert f"{selector!r} is not a rule. {hint}" == str(error.value)


def test_a_rule_is_found_by_code_and_by_name() -> None:
    assert rule_named("PD101") is rule_named("Undocumented-Option")
    with pytest.raises(SelectionError, match="matches several rules: PD101, PD102"):
        rule_named("PD1")


def test_settings_switch_rules_off_for_paths() -> None:
    per_path = {"plugins/legacy_*.py": ["PD70"], "old": ["PD101"]}
    assert ["PD701", "PD702", "PD703", "PD704", "PD705"] == [
        rule.code for rule in ignored_for("plugins/legacy_100.py", per_path)
    ]
    assert ["PD101"] == [rule.code for rule in ignored_for("old/nova_300.py", per_path)]
    assert () == ignored_for("plugins/nova_300.py", per_path)
