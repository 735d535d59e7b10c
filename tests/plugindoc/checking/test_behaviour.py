"""What Packstack does is not claimed of installers whose code does something else."""

import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from plugindoc.commands.main import plugindoc
from plugindoc.loading import load
from plugindoc.model.things import Behaviour
from tests.trees import write_tree
from tests.upstream import release

ROOT = Path(__file__).parents[3]
PLUGIN = '''
"""Odd flags and names."""


def initConfig(controller):
    group = {"GROUP_NAME": "ODD", "DESCRIPTION": "Odd", "PRE_CONDITION_MATCH": True}
    controller.addGroup(group, [
        {"CONF_NAME": "CONFIG_ODD_HOSTNAME_STYLE", "CMD_OPTION": "odd_style", "USAGE": "Style.",
         "PROMPT": "Style", "DEFAULT_VALUE": "short"},
        {"CONF_NAME": "CONFIG_ODD_HOST", "CMD_OPTION": "odd-host", "USAGE": "Kind of host.",
         "PROMPT": "Kind", "DEFAULT_VALUE": "any kind"},
    ])


def initSequences(controller):
    pass
'''
CONTROLLER = "class Controller:\n    def addGroup(self, group, params): ...\n"


def found(path: Path) -> list[tuple[str, str]]:
    command = ["check", str(path), "--select", "PD214,PD605", "--format", "json"]
    report = msgspec.json.decode(CliRunner().invoke(plugindoc, command).stdout)
    return [(one["code"], one["object"]) for one in report["diagnostics"]]


def test_the_bundled_installer_takes_flags_with_underscores(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "source_packstack", tmp_path / "source_packstack")
    write_tree(tmp_path, {"source_packstack/plugins/odd_500.py": PLUGIN.lstrip()})

    assert [("PD605", "CONFIG_ODD_HOST")] == found(tmp_path)


PACKSTACKS = [
    ("PD214", "CONFIG_ODD_HOSTNAME_STYLE"),
    ("PD605", "CONFIG_ODD_HOSTNAME_STYLE"),
    ("PD605", "CONFIG_ODD_HOST"),
]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", PACKSTACKS),
        ("underscore-flags = true", PACKSTACKS[1:]),
        ('host-options = "none"', PACKSTACKS[:1]),
        ('host-options = "ending"', [PACKSTACKS[0], PACKSTACKS[2]]),
    ],
)
def test_without_the_installers_code_settings_say_it(
    tmp_path: Path, settings: str, expected: list[tuple[str, str]]
) -> None:
    text = f"[tool.plugindoc.protocol]\n{settings}\n"
    write_tree(tmp_path, {"plugins/odd_500.py": PLUGIN.lstrip(), "pyproject.toml": text})

    assert expected == found(tmp_path)


def test_an_installer_without_such_flags_overwrites_nothing(tmp_path: Path) -> None:
    write_tree(tmp_path, {"plugins/odd_500.py": PLUGIN.lstrip(), "controller.py": CONTROLLER})

    assert [] == found(tmp_path)


def test_packstacks_behaviour_is_read_from_its_code() -> None:
    packstack = load(release("26.0.0"))

    assert Behaviour(underscore_flags=False, host_options="containing") == packstack.behaviour
