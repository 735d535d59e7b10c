"""Conditions that compare several answers at once, or ask whether there is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.loading import load
from plugindoc.model.conditions import describe

_PLUGIN = """
def initConfig(controller):
    def wanted(config):
        return {expression}

    group = {{"GROUP_NAME": "DISKS", "PRE_CONDITION": wanted, "PRE_CONDITION_MATCH": True}}
    controller.addGroup(group, [{{"CONF_NAME": "CONFIG_DISKS"}}])
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("config.get('A', 'n') == config.get('B', 'n') == 'y'", "A is y and B is y"),
        ("'y' == config['A'] == config['B']", "A is y and B is y"),
        ("config['A'] == 'y' == config['B']", "A is y and B is y"),
        ("config['A'] == 'y' == 'n'", "never"),
        ("'y' == 'y' == config['A']", "A is y"),
    ],
)
def test_a_chain_of_equals_holds_each_answer_against_what_is_known(
    tmp_path: Path, expression: str, expected: str
) -> None:
    path = tmp_path / "plugins" / "disks_100.py"
    path.parent.mkdir()
    path.write_text(_PLUGIN.format(expression=expression))
    (plugin,) = load(tmp_path).plugins
    assert expected == describe(plugin.groups[0].condition)


@pytest.mark.parametrize("expression", ["'A' in config", "config.has_key('A')"])
def test_whether_there_is_an_answer_reads_the_same_in_every_age(
    tmp_path: Path, expression: str
) -> None:
    path = tmp_path / "plugins" / "disks_100.py"
    path.parent.mkdir()
    path.write_text(_PLUGIN.format(expression=expression))
    (plugin,) = load(tmp_path).plugins
    assert describe(plugin.groups[0].condition) == "'A' in config"
