"""Installers on disk and in memory, for the tests of the check."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from click.testing import CliRunner, Result

from plugindoc.checking.rules.base import Example
from plugindoc.commands.main import plugindoc

Write: TypeAlias = Callable[[dict[str, str]], Path]
Check: TypeAlias = Callable[..., Result]

PLUGIN = '''"""Example: install the example service."""

from packstack.installer import processors
from packstack.installer import utils
from packstack.installer import validators


def initConfig(controller):
    controller.addGroup(
        {{
            "GROUP_NAME": "EXAMPLE",
            "DESCRIPTION": "Example options",
            "PRE_CONDITION": False,
            "PRE_CONDITION_MATCH": True,
            "POST_CONDITION": False,
            "POST_CONDITION_MATCH": True,
        }},
        [
{options}
        ],
    )


def initSequences(controller):
    steps = [{{"title": "Preparing example entries", "functions": [create_manifest]}}]
    controller.addSequence("Installing the example", [], [], steps)


def create_manifest(config, messages):
    """Tell what was chosen."""
    for key in {keys}:
        messages.append(config[key])
'''


def plugin(*options: str) -> str:
    """Return a plugin whose options are written out, and all read by its step."""
    import re

    keys = re.findall(r'"CONF_NAME": "(\w+)"', "".join(options))
    rows = "".join(f"            {each},\n" for each in options)
    return PLUGIN.format(options=rows.rstrip(), keys=repr(tuple(keys)))


def port(name: str = "CONFIG_EXAMPLE_PORT", **more: Any) -> str:
    """Return the dict of a sound option; keywords replace or, with None, drop its keys."""
    keys = {
        "CONF_NAME": name,
        "CMD_OPTION": name.lower().removeprefix("config_").replace("_", "-"),
        "USAGE": "Port on which the example listens.",
        "PROMPT": "Enter the port of the example",
        "DEFAULT_VALUE": "8080",
        **more,
    }
    rows = ", ".join(f'"{key}": {_literal(value)}' for key, value in keys.items() if value is not None)
    return f"{{{rows}}}"


def _literal(value: Any) -> str:
    return '"' + value + '"' if isinstance(value, str) else repr(value)


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Return what writes a source tree and gives its folder."""

    def write_tree(files: dict[str, str]) -> Path:
        root = tmp_path / "tree"
        for path, text in files.items():
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        return root

    return write_tree


@pytest.fixture
def installer(write: Write) -> Callable[..., Path]:
    """Return what writes an installer of one plugin with the given options."""

    def write_installer(*options: str, **files: str) -> Path:
        return write({"example/plugins/example_100.py": plugin(*options), **files})

    return write_installer


@pytest.fixture
def check() -> Check:
    """Return what runs ``plugindoc check``; its result holds output and exit code."""

    def run(*words: object) -> Result:
        return CliRunner().invoke(plugindoc, ["check", *map(str, words)])

    return run


def write_example(example: Example, root: Path) -> Path:
    """Write an example of a rule as a source tree."""
    for path, text in example.files.items():
        file = root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return root
