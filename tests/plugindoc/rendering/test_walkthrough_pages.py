"""What a walkthrough says, as a reviewer sees it: two small plugins, from top to bottom."""

from __future__ import annotations

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from plugindoc.loading import load
from plugindoc.rendering.blocks import (
    Block,
    Bullets,
    Code,
    Fields,
    Note,
    Paragraph,
    Section,
    plain_text,
)
from plugindoc.rendering.catalogue import Catalogue, Layout
from plugindoc.rendering.plugins import plugin_card
from plugindoc.rendering.walkthrough.pages import walkthrough
from tests.trees import write_tree

BUSY = '''"""Sets up a mail relay.

Only where somebody asks for it.
"""

from pack import utils


def wants_auth(config):
    return config["CONFIG_RELAY_AUTH"] == "y"


def check_port(param, options=None):
    if not param.isdigit():
        raise ValueError("no port")


def initConfig(controller):
    first = [
        {
            "CONF_NAME": "CONFIG_RELAY_INSTALL",
            "CMD_OPTION": "relay-install",
            "USAGE": "Whether mail leaves this cloud.",
            "PROMPT": "Install a relay",
            "DEFAULT_VALUE": "n",
            "OPTION_LIST": ["y", "n"],
        },
    ]
    controller.addGroup(
        {"GROUP_NAME": "RELAY", "PRE_CONDITION": False, "PRE_CONDITION_MATCH": True}, first
    )
    second = [
        {
            "CONF_NAME": "CONFIG_RELAY_HOST",
            "USAGE": "The host that relays.",
            "DEFAULT_VALUE": utils.get_localhost_ip(),
            "DEPRECATES": ["CONFIG_MAIL_HOST"],
        },
        {
            "CONF_NAME": "CONFIG_RELAY_PORT",
            "USAGE": "Its port.",
            "DEFAULT_VALUE": "25",
            "VALIDATORS": [check_port],
        },
        {"CONF_NAME": "CONFIG_RELAY_AUTH", "DEFAULT_VALUE": "n"},
    ]
    controller.addGroup(
        {
            "GROUP_NAME": "RELAY_HOST",
            "DESCRIPTION": "The relay",
            "PRE_CONDITION": "CONFIG_RELAY_INSTALL",
            "PRE_CONDITION_MATCH": "y",
            "POST_CONDITION": lambda config: config["CONFIG_RELAY_AUTH"],
            "POST_CONDITION_MATCH": "n",
        },
        second,
    )
    controller.addGroup(
        {"GROUP_NAME": "RELAY_AUTH", "PRE_CONDITION": wants_auth, "PRE_CONDITION_MATCH": True},
        [{"CONF_NAME": "CONFIG_RELAY_PW", "USAGE": "Its password.", "MASK_INPUT": True}],
    )


def initSequences(controller):
    config = controller.CONF
    if config["CONFIG_RELAY_INSTALL"] != "y":
        return
    if config["CONFIG_RELAY_PORT"] == "0":
        raise RuntimeError("there is no port 0")
    steps = [{"title": "Preparing the relay", "functions": [prepare]}]
    if config["CONFIG_RELAY_AUTH"] == "y":
        steps.append({"title": "Preparing its password", "functions": [utils.ask_somebody]})
    controller.addSequence("Installing the relay", [], [], steps)
    controller.addSequence("Waiting", [], [], [])


def prepare(config, messages):
    config["CONFIG_RELAY_URL"] = "smtp://" + config["CONFIG_RELAY_HOST"]
    config["CONFIG_RELAY_UNUSED"] = "1"
    server = utils.ScriptRunner(config["CONFIG_RELAY_HOST"])
    server.append("systemctl start relay")
    server.execute()
    messages.append("Mail leaves through %s" % config["CONFIG_RELAY_URL"])
'''

QUIET = """
def initConfig(controller):
    pass


def initSequences(controller):
    steps = [{"title": "Looking", "functions": [look]}, {"title": "Nothing", "functions": [rest]}]
    controller.addSequence("Looking around", [], [], steps)


def look(config, messages):
    if not config["CONFIG_RELAY_URL"]:
        raise RuntimeError("no relay")


def rest(config, messages):
    pass
"""

ASKS_ONLY = """
def initConfig(controller):
    controller.addGroup({"GROUP_NAME": "EMPTY", "PRE_CONDITION": False}, [])


def initSequences(controller):
    pass
"""

TEMPLATE = "class pack::relay ($url = lookup('CONFIG_RELAY_URL')) { }\n"


@pytest.fixture
def shown(tmp_path: Path) -> Catalogue:
    files = {
        "plugins/relay_100.py": BUSY,
        "plugins/quiet_200.py": QUIET,
        "plugins/empty_300.py": ASKS_ONLY,
        "puppet/modules/pack/manifests/relay.pp": TEMPLATE,
    }
    return Catalogue("pack", load(write_tree(tmp_path / "pack", files)), Layout("plugins"))


@pytest.mark.parametrize("module", ["relay_100", "quiet_200", "empty_300"])
def test_a_walkthrough_reads_like_this(
    module: str, shown: Catalogue, snapshot: SnapshotAssertion
) -> None:
    plugin = shown.questions.plugin(module)
    assert plugin is not None
    assert snapshot == "\n".join(lines(block) for block in walkthrough(shown, plugin))


def lines(block: Block, depth: int = 1) -> str:
    match block:
        case Paragraph(parts=parts):
            return f"{plain_text(parts)}\n"
        case Note(blocks=blocks):
            return "".join(lines(one) for one in blocks)
        case Code(text=text):
            return f"    {text.replace(chr(10), chr(10) + '    ')}\n"
        case Bullets(items=items):
            return "".join(f"- {''.join(lines(one) for one in item)}" for item in items)
        case Fields(fields=fields):
            return "".join(
                f"{field.label}:\n{''.join(lines(one) for one in field.blocks)}" for field in fields
            )
        case Section(title=title, blocks=blocks):
            head = f"{'#' * depth} {plain_text(title)}\n\n"
            return head + "\n".join(lines(one, depth + 1) for one in blocks)
        case _:
            pytest.fail(f"a walkthrough holds no {type(block).__name__}")


def test_a_plugin_that_was_not_read_whole_says_so_and_claims_nothing(tmp_path: Path) -> None:
    plugins = tmp_path / "pack" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "broken_100.py").write_text('"""Breaks."""\n\ndef initConfig(c):\n    x = [1,\n')
    shown = Catalogue("pack", load(tmp_path), Layout("plugins"))
    (plugin,) = shown.project.plugins

    told = "\n".join(lines(block) for block in walkthrough(shown, plugin))
    card = "\n".join(lines(block) for block in plugin_card(shown, plugin).blocks)

    assert "plugins/broken_100.py cannot be parsed at line" in told
    assert "plugins/broken_100.py cannot be parsed at line" in card
    assert "asks nothing" not in told
    assert "never works" not in told
