"""What a plugin reads back while it declares: the configuration, and options registered before."""

from __future__ import annotations

import textwrap

import pytest

from plugindoc.model.conditions import describe
from plugindoc.model.project import Option, Plugin
from plugindoc.model.values import words
from tests.plugindoc.conftest import Read

PLUGIN = """
def initConfig(controller):
    first = {{"GROUP_NAME": "FIRST", "PRE_CONDITION": False, "PRE_CONDITION_MATCH": True}}
    controller.addGroup(first, [{{"CONF_NAME": "CONFIG_FIRST", "DEFAULT_VALUE": "one"}}])
    controller.CONF["KEY"] = "value"
    found = None
{body}
    second = {{"GROUP_NAME": "SECOND", "PRE_CONDITION": {pre}, "PRE_CONDITION_MATCH": {match}}}
    controller.addGroup(second, [{{"CONF_NAME": "CONFIG_SECOND", "DEFAULT_VALUE": found}}])


def wants(config):
    return config["CONFIG_FIRST"] == "y"


def initSequences(controller):
    pass
"""


def plugin(read: Read, body: str = "", pre: str = "False", match: str = "True") -> Plugin:
    code = PLUGIN.format(body=textwrap.indent(body, "    "), pre=pre, match=match)
    (found,) = read(code).plugins
    return found


def declared(read: Read, body: str) -> list[Option]:
    return [option for group in plugin(read, body).groups for option in group.options]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("found = controller.CONF['KEY']", "value"),
        ("found = controller.CONF.get('KEY')", "value"),
        ("found = controller.CONF.get('OTHER', 'fallback')", "fallback"),
        ("found = controller.CONF.setdefault('KEY', 'late')", "value"),
        ("found = controller.CONF.setdefault('OTHER', 'first')", "first"),
        ("found = controller.CONF.pop('KEY') + str('KEY' in controller.CONF)", "valueFalse"),
        ("found = controller.CONF.pop('OTHER', 'gone')", "gone"),
        ("controller.CONF.update({'KEY': 'newer'})\nfound = controller.CONF['KEY']", "newer"),
        ("del controller.CONF['KEY']\nfound = controller.CONF.get('KEY', 'none')", "none"),
        ("found = ','.join(sorted(controller.CONF.keys()))", "KEY"),
        ("found = ','.join(key for key in controller.CONF)", "KEY"),
        ("found = '%s' % ('KEY' in controller.CONF)", "True"),
        ("found = controller.getParamByName('CONFIG_FIRST').DEFAULT_VALUE", "one"),
        ("found = controller.getParamByName('CONFIG_FIRST').getKey('DEFAULT_VALUE')", "one"),
        ("found = controller.getParamKeyValue('CONFIG_FIRST', 'DEFAULT_VALUE')", "one"),
        ("found = str(controller.getParamByName('CONFIG_NONE'))", "None"),
        ("found = controller.getGroupByName('FIRST').GROUP_NAME", "FIRST"),
        ("found = str(len(controller.getAllGroups()))", "1"),
        ("controller.note = 'kept'\nfound = controller.note", "kept"),
    ],
)
def test_it_gets_what_is_there(read: Read, body: str, expected: str) -> None:
    *_, second = declared(read, body)

    assert expected == words(second.default)


@pytest.mark.parametrize(
    "change",
    [
        "controller.getParamByName('CONFIG_FIRST').DEFAULT_VALUE = 'two'",
        "controller.getParamByName('CONFIG_FIRST').setKey('DEFAULT_VALUE', 'two')",
    ],
)
def test_what_it_changes_in_an_option_counts(read: Read, change: str) -> None:
    first, _ = declared(read, change)

    assert "two" == words(first.default)


@pytest.mark.parametrize(
    ("pre", "match", "expected"),
    [
        ("'CONFIG_FIRST'", "'y'", "CONFIG_FIRST is y"),
        ("wants", "True", "CONFIG_FIRST is y"),
        ("wants", "False", "CONFIG_FIRST is not y"),
        ("lambda c: c['CONFIG_FIRST']", "'y'", "CONFIG_FIRST is y"),
        ("lambda c: 'yes'", "'yes'", "always"),
        ("lambda c: 'no'", "'yes'", "never"),
        ("lambda c: c.shape()", "True", "c.shape()"),
        ("lambda c: c.shape()", "'y'", "c.shape() == 'y'"),
        ("lambda c: 1 / 0", "True", "never"),
        ("unheard.of", "True", "unheard.of"),
        ("''", "True", "always"),
        ("None", "False", "never"),
        ("5", "True", "5"),
    ],
)
def test_a_groups_condition_is_what_its_value_means(
    read: Read, pre: str, match: str, expected: str
) -> None:
    *_, group = plugin(read, pre=pre, match=match).groups

    assert expected == describe(group.condition)
