"""When sequences run: an option's name, or two lists as the first releases have them."""

from __future__ import annotations

import pytest

from plugindoc.model.conditions import describe
from tests.plugindoc.conftest import Read

_PLUGIN = """
def initConfig(controller):
    pass


def initSequences(controller):
    controller.addSequence("Alone", {condition}, {match}, [])
"""


@pytest.mark.parametrize(
    ("condition", "match", "expected"),
    [
        ("[]", "[]", "always"),
        ("None", "None", "always"),
        ('"CONFIG_ALONE"', '"y"', "CONFIG_ALONE is y"),
        ('[controller.CONF["CONFIG_ALONE"]]', '["y"]', "CONFIG_ALONE is y"),
        ('[lambda conf: conf["A"] == "y"]', "[True]", "A is y"),
    ],
)
def test_a_sequence_runs_where_its_condition_matches(
    read: Read, condition: str, match: str, expected: str
) -> None:
    (plugin,) = read(_PLUGIN.format(condition=condition, match=match)).plugins
    assert expected == describe(plugin.sequences[0].condition)
