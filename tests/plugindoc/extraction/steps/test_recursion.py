"""A helper that calls itself with what nobody knows is followed, and then left."""

from __future__ import annotations

from tests.plugindoc.conftest import Read

PLUGIN = """
import yaml


def literal(value):
    if isinstance(value, list):
        return [literal(item) for item in value]
    return value


def initConfig(controller):
    controller.addGroup(
        {"GROUP_NAME": "A", "PRE_CONDITION": False, "PRE_CONDITION_MATCH": True},
        [{"CONF_NAME": "CONFIG_A"}],
    )


def initSequences(controller):
    controller.addSequence("S", [], [], [{"title": "T", "functions": [step]}])


def step(config, messages):
    literal(yaml.safe_load(open("somewhere")))
    config["CONFIG_B"] = config["CONFIG_A"]
"""


def test_it_leaves_no_doubt_about_the_rest_of_the_step(read: Read) -> None:
    (plugin,) = read(PLUGIN).plugins
    ((step,),) = (sequence.steps for sequence in plugin.sequences)
    assert () == step.actions.incomplete
    assert ["CONFIG_A", "CONFIG_B"] == [use.key for use in step.actions.uses]
