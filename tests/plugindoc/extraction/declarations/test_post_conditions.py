"""A post-condition is looked at only where it says something."""

from __future__ import annotations

import pytest

from plugindoc.model.conditions import describe
from tests.plugindoc.conftest import Read

PLUGIN = """
def initConfig(controller):
    controller.addGroup(
        {{"GROUP_NAME": "A", "PRE_CONDITION": False, "PRE_CONDITION_MATCH": True{post}}},
        [{{"CONF_NAME": "CONFIG_A"}}],
    )


def initSequences(controller):
    pass
"""


@pytest.mark.parametrize(
    ("post", "expected"),
    [
        ("", "always"),
        (', "POST_CONDITION": False', "always"),
        (', "POST_CONDITION": False, "POST_CONDITION_MATCH": True', "always"),
        (', "POST_CONDITION": False, "POST_CONDITION_MATCH": "y"', "always"),
        (', "POST_CONDITION": "CONFIG_A", "POST_CONDITION_MATCH": "y"', "CONFIG_A is y"),
        (
            ', "POST_CONDITION": lambda c: c["CONFIG_A"], "POST_CONDITION_MATCH": "y"',
            "CONFIG_A is y",
        ),
    ],
)
def test_a_falsy_one_is_not_looked_at(post: str, expected: str, read: Read) -> None:
    ((group,),) = (plugin.groups for plugin in read(PLUGIN.format(post=post)).plugins)
    assert expected == describe(group.post)
