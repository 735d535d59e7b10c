"""Lists that say the same thing only once: users of a key, and commands on the same hosts."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.loading import load
from plugindoc.rendering.blocks import Block, Bullets, Card, Fields, Paragraph, plain_text
from plugindoc.rendering.catalogue import Catalogue, Layout
from plugindoc.rendering.options import option_card
from plugindoc.rendering.steps import step_card
from tests.trees import write_tree

PLUGIN = """
from demo.modules.shell import ScriptRunner


def initConfig(controller):
    params = [{"CONF_NAME": "CONFIG_HOST", "CMD_OPTION": "host", "USAGE": "A host.",
               "PROMPT": "Host", "OPTION_LIST": [], "DEFAULT_VALUE": ""}]
    group = {"GROUP_NAME": "G", "DESCRIPTION": "G", "PRE_CONDITION": False,
             "PRE_CONDITION_MATCH": False, "POST_CONDITION": False, "POST_CONDITION_MATCH": True}
    controller.addGroup(group, params)


def initSequences(controller):
    steps = [{"title": title, "functions": [function]}
             for title, function in (("One", one), ("Two", two), ("Three", three))]
    controller.addSequence("All", [], [], steps)


def host_of(config):
    return config["CONFIG_HOST"]


def one(config, messages):
    host_of(config)


def two(config, messages):
    host_of(config)


def three(config, messages):
    server = ScriptRunner(config["CONFIG_HOST"])
    server.append("first")
    server.append("second")
    server.execute()
    local = ScriptRunner()
    local.append("third")
    local.execute()
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    write_tree(tmp_path, {"demo/plugins/demo_100.py": PLUGIN})
    return Catalogue("demo", load(tmp_path), Layout("plugins"))


def lines(block: Block) -> list[str]:
    match block:
        case Paragraph(parts=parts):
            return [plain_text(parts)]
        case Bullets(items=items):
            return [f"- {line}" for item in items for inner in item for line in lines(inner)]
        case _:
            return []


def field(card: Card, label: str) -> list[str]:
    """Return the lines of a card's field."""
    fields = (one for block in card.blocks if isinstance(block, Fields) for one in block.fields)
    return [line for one in fields if one.label == label for b in one.blocks for line in lines(b)]


def test_steps_that_read_a_key_in_the_same_line_are_one_item(catalogue: Catalogue) -> None:
    option = catalogue.questions.options[0]
    assert [
        "- steps One and Two read it demo_100.py:20",
        "- step Three reads it demo_100.py:32",
    ] == field(option_card(catalogue, option), "Used by")


def test_commands_on_the_same_host_name_it_once(catalogue: Catalogue) -> None:
    step = catalogue.questions.steps[-1]
    assert [
        "- on CONFIG_HOST:",
        "- - first",
        "- - second",
        "- third on the installer's own machine",
    ] == field(step_card(catalogue, step), "Runs")


def test_a_host_option_leads_to_what_runs_there(catalogue: Catalogue) -> None:
    option = catalogue.questions.options[0]
    assert ["what runs on them"] == field(option_card(catalogue, option), "Hosts")
