"""Conditions that compare several answers at once, or ask whether there is one."""

from __future__ import annotations

import pytest

from plugindoc.model.conditions import describe
from tests.plugindoc.conftest import Read

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
    read: Read, expression: str, expected: str
) -> None:
    (plugin,) = read(_PLUGIN.format(expression=expression)).plugins
    assert expected == describe(plugin.groups[0].condition)


@pytest.mark.parametrize("expression", ["'A' in config", "config.has_key('A')"])
def test_whether_there_is_an_answer_reads_the_same_in_every_age(
    read: Read, expression: str
) -> None:
    (plugin,) = read(_PLUGIN.format(expression=expression)).plugins
    assert "'A' in config" == describe(plugin.groups[0].condition)
