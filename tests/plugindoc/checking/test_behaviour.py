"""What Packstack does is not claimed of installers whose code does something else."""

import shutil
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner

from plugindoc.commands.main import plugindoc
from plugindoc.loading import load
from plugindoc.model.project import Behaviour
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

    assert (
        Behaviour(
            underscore_flags=False,
            host_options="containing",
            one_function=False,
            optional_prompt=False,
        )
        == packstack.behaviour
    )


TWO_FUNCTIONS = '''
"""A step of two functions, and an option without a prompt."""


def initConfig(controller):
    controller.addGroup({"GROUP_NAME": "TWO", "DESCRIPTION": "Two"}, [
        {"CONF_NAME": "CONFIG_TWO", "CMD_OPTION": "two", "USAGE": "Two.", "DEFAULT_VALUE": "2"},
    ])


def initSequences(controller):
    steps = [{"title": "Two", "functions": [first, second]}]
    controller.addSequence("Doing two", [], [], steps)


def first(config, messages):
    """Do one."""


def second(config, messages):
    """Do another."""
'''
DROPPED = ("PD402", "the step “Two” never runs two_500.second")
REFUSED = ("PD402", "the step “Two” has 2 functions, but the installer only accepts one")
UNASKED = ("PD218", "CONFIG_TWO has no prompt")


@pytest.mark.parametrize(
    ("installer", "expected"),
    [
        ({}, [UNASKED, DROPPED]),
        ({"controller.py": CONTROLLER}, [UNASKED, DROPPED]),
        (
            {
                "controller.py": f"""{CONTROLLER}
def step(functions):
    if len(functions) > 1:
        raise ValueError
"""
            },
            [UNASKED, REFUSED],
        ),
        ({"controller.py": f"""{CONTROLLER}\nPROMPT = {{}}.get("PROMPT") or "?"\n"""}, [DROPPED]),
        (
            {"pyproject.toml": "[tool.plugindoc.protocol]\nfirst-function-only = false\n"},
            [UNASKED],
        ),
    ],
    ids=["no code", "silent code", "refusing", "asking by name", "settings"],
)
def test_steps_of_two_functions_and_missing_prompts(
    tmp_path: Path, installer: dict[str, str], expected: list[tuple[str, str]]
) -> None:
    write_tree(tmp_path, {"plugins/two_500.py": TWO_FUNCTIONS.lstrip(), **installer})
    assert expected == said(tmp_path)


def test_the_bundled_installer_refuses_two_functions(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "source_packstack", tmp_path / "source_packstack")
    write_tree(tmp_path, {"source_packstack/plugins/two_500.py": TWO_FUNCTIONS.lstrip()})
    assert [REFUSED] == said(tmp_path)


def said(path: Path) -> list[tuple[str, str]]:
    command = ["check", str(path), "--select", "PD218,PD402", "--format", "json"]
    report = msgspec.json.decode(CliRunner().invoke(plugindoc, command).stdout)
    return [(one["code"], one["message"]) for one in report["diagnostics"]]


@pytest.mark.parametrize(
    ("settings", "file", "expected"),
    [
        ("", "odd_50.py", "odd_50.py is never loaded: its name is not NAME_NNN.py"),
        (
            "plugin-pattern = '^(plugin_[a-z]+)\\.py$'\nhooks.declare = 'declare'",
            "odd.py",
            "odd.py is never loaded: its name does not match ^(plugin_[a-z]+)\\.py$",
        ),
    ],
    ids=["usual", "own"],
)
def test_files_that_are_not_loaded_are_named_by_the_installers_pattern(
    tmp_path: Path, settings: str, file: str, expected: str
) -> None:
    hook = "declare" if settings else "initConfig"
    text = f"def {hook}(controller):\n    pass\n\n\ndef initSequences(controller):\n    pass\n"
    write_tree(
        tmp_path,
        {
            f"plugins/{file}": text,
            "plugins/plugin_good.py" if settings else "plugins/good_500.py": text,
            "pyproject.toml": f"[tool.plugindoc.protocol]\n{settings}\n",
        },
    )
    command = ["check", str(tmp_path), "--select", "PD601", "--format", "json"]
    report = msgspec.json.decode(CliRunner().invoke(plugindoc, command).stdout)
    assert [expected] == [one["message"] for one in report["diagnostics"]]
