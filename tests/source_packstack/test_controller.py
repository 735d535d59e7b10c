"""The controller keeps to the plugin protocol, and says where a plugin does not."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

import source_packstack
from source_packstack.installer.controller import Controller, load_plugins
from source_packstack.installer.errors import InstallerError, PluginError
from source_packstack.installer.parameters import Config, Group
from source_packstack.installer.sequences import Step

PACKAGE = Path(source_packstack.__file__).parent
HOOKS = "def initConfig(c): pass\ndef initSequences(c): pass\n"


def do_nothing(config: Config, messages: list[str]) -> None:
    """Stand for a step's function."""


def step(title: str) -> dict[str, Any]:
    return {"title": title, "functions": [do_nothing]}


def test_plugins_load_in_the_order_of_their_numbers(tmp_path: Path) -> None:
    for name in ("zebra_001", "apple_950", "melon_100"):
        (tmp_path / f"{name}.py").write_text(HOOKS)
    for ignored in ("_hidden_002.py", "helper.py", "old_10.py", "notes_100.txt"):
        (tmp_path / ignored).write_text("raise SystemExit\n")
    names = [plugin.__name__.rpartition(".")[2] for plugin in load_plugins(tmp_path).plugins]
    assert ["zebra_001", "melon_100", "apple_950"] == names


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("def initConfig(controller): pass\n", r"no function initSequences\(controller\)"),
        ("import no_such_module\n", "broken_500.py: No module named 'no_such_module'"),
        ("def (\n", "invalid syntax"),
        (
            HOOKS.replace("pass", "c.addGroup({'GROUP_NAME': 'G', 'COLOUR': 1}, [])", 1),
            "G is declared with unknown keys: COLOUR",
        ),
        (
            HOOKS.replace(
                "pass", "c.addGroup({'GROUP_NAME': 'G'}, [{'CONF_NAME': 'CONFIG_X', 'A': 1}])", 1
            ),
            "CONFIG_X is declared with unknown keys: A",
        ),
        (
            HOOKS.replace("pass", "c.addGroup({'GROUP_NAME': 'G'}, [{'USAGE': 'x'}])", 1),
            "no CONF_NAME",
        ),
    ],
)
def test_a_broken_plugin_is_named_with_what_is_wrong(
    tmp_path: Path, source: str, complaint: str
) -> None:
    plugin = tmp_path / "broken_500.py"
    plugin.write_text(source)
    with pytest.raises(PluginError, match=complaint) as raised:
        load_plugins(tmp_path)
    assert str(plugin) in str(raised.value)


def test_missing_keys_have_their_protocol_values() -> None:
    controller = Controller()
    controller.addGroup({"GROUP_NAME": "G"}, [{"CONF_NAME": "CONFIG_X"}])
    option = controller.getParamByName("CONFIG_X")
    assert "" == option.default
    assert option.DEFAULT_VALUE is None
    assert "CONFIG_X" == option.prompt
    assert not option.has_flag
    assert controller.groups[0].applies(Config()) is False  # True is not None, the missing match


def test_plugins_read_an_options_keys_under_their_own_names() -> None:
    controller = Controller()
    controller.addGroup({"GROUP_NAME": "G"}, [{"CONF_NAME": "CONFIG_X", "DEFAULT_VALUE": "y"}])
    option = controller.getParamByName("CONFIG_X")
    assert ("CONFIG_X", "y", None) == (option.CONF_NAME, option.DEFAULT_VALUE, option.PROMPT)
    with pytest.raises(AttributeError):
        _ = option.COLOUR


def test_a_repeated_option_replaces_the_earlier_one_in_its_place() -> None:
    options = [
        {"CONF_NAME": "CONFIG_A", "DEFAULT_VALUE": "old"},
        {"CONF_NAME": "CONFIG_B"},
        {"CONF_NAME": "CONFIG_A", "DEFAULT_VALUE": "new"},
    ]
    group = Group.from_dict({"GROUP_NAME": "G"}, options)
    assert ["CONFIG_A", "CONFIG_B"] == list(group.parameters)
    assert "new" == group.parameters["CONFIG_A"].default


def test_an_option_in_two_groups_is_refused() -> None:
    controller = Controller()
    controller.addGroup({"GROUP_NAME": "G"}, [{"CONF_NAME": "CONFIG_A"}])
    with pytest.raises(PluginError, match="CONFIG_A"):
        controller.addGroup({"GROUP_NAME": "H"}, [{"CONF_NAME": "CONFIG_A"}])


@pytest.mark.parametrize(
    ("condition", "match", "applies"),
    [
        (False, True, True),
        (None, True, True),
        ("CONFIG_X", "y", True),
        ("CONFIG_X", "n", False),
        (lambda config: config["CONFIG_X"] * 2, "yy", True),
        (lambda _: "yes", "yes", True),
        (lambda _: "no", "yes", False),
    ],
)
def test_a_group_applies_when_its_condition_has_its_match(
    condition: object, match: object, *, applies: bool
) -> None:
    declared = {"GROUP_NAME": "G", "PRE_CONDITION": condition, "PRE_CONDITION_MATCH": match}
    assert applies is Group.from_dict(declared, []).applies(Config(CONFIG_X="y"))


def test_groups_and_sequences_can_be_put_before_others() -> None:
    controller = Controller()
    controller.addGroup({"GROUP_NAME": "B"}, [])
    controller.insertGroupBeforeGroup("B", {"GROUP_NAME": "A"}, [])
    controller.addSequence("two", [], [], [step("2")])
    controller.insertSequence("one", [], [], [step("1")], index=0)
    controller.insertSequenceBeforeSequence("two", "one and a half", [], [], [])
    assert ["A", "B"] == [group.name for group in controller.groups]
    assert ["one", "one and a half", "two"] == [item.name for item in controller.sequences]
    with pytest.raises(PluginError, match="no C to insert before"):
        controller.insertGroupBeforeGroup("C", {"GROUP_NAME": "D"}, [])


def test_a_sequence_with_a_condition_runs_when_the_option_has_the_match() -> None:
    controller = Controller()
    controller.addSequence("gated", "CONFIG_X", "y", [step("1"), step("1")])
    sequence = controller.sequences[0]
    assert 1 == len(sequence.steps)  # a repeated title replaces the earlier step
    assert sequence.applies(Config(CONFIG_X="y"))
    assert not sequence.applies(Config(CONFIG_X="n"))


@pytest.mark.parametrize(
    "declared",
    [
        {"title": "t", "functions": []},
        {"title": "t", "functions": [do_nothing, do_nothing]},
        {"functions": [do_nothing]},
        {"title": "t", "functions": [do_nothing], "colour": "red"},
    ],
)
def test_a_step_has_a_title_and_one_function(declared: dict[str, Any]) -> None:
    with pytest.raises(PluginError, match="exactly one function"):
        Step.from_dict(declared)


def test_an_unknown_name_in_the_configuration_is_told() -> None:
    with pytest.raises(InstallerError, match="CONFIG_NOPE, but no plugin declares"):
        Config()["CONFIG_NOPE"]


def test_every_bundled_option_is_documented_and_right_by_default(plugins: Controller) -> None:
    for option in plugins.parameters():
        assert len(option.usage) > 40, option.name
        assert option.prompt != option.name
    for plugin in plugins.plugins:
        assert plugin.__doc__, plugin.__name__
    flags = [option.flag for option in plugins.parameters()]
    assert len(flags) == len(set(flags))


def test_the_engine_can_be_read_in_an_afternoon() -> None:
    modules = [path for path in PACKAGE.rglob("*.py") if path.parent.name != "plugins"]
    sizes = {path.name: len(path.read_text().splitlines()) for path in modules}
    assert sum(sizes.values()) <= 3600
    assert max(sizes.values()) < 300
    page = (PACKAGE.parent / "docs" / "explanation" / "engine.md").read_text()
    rows = re.findall(r"^\| `(\w+\.py)` \| (\d+) ", page, flags=re.MULTILINE)
    stated = {name: int(lines) for name, lines in rows}
    described = {name: lines for name, lines in sizes.items() if not name.startswith("__")}
    assert stated == {name: pytest.approx(lines, abs=20) for name, lines in described.items()}
