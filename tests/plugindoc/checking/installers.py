"""Small installers and repositories for the tests of the check."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

from click.testing import Result

Write: TypeAlias = Callable[[dict[str, str]], Path]
Check: TypeAlias = Callable[..., Result]

PLUGIN = '''"""Example: install the example service."""

from packstack.installer import basedefs
from packstack.installer import processors
from packstack.installer import utils
from packstack.installer import validators
from packstack.modules.documentation import update_params_usage


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
    keys = re.findall(r'"CONF_NAME": "(\w+)"', "".join(options))
    rows = "".join(f"            {each},\n" for each in options)
    return PLUGIN.format(options=rows.rstrip(), keys=repr(tuple(keys)))


def port(name: str = "CONFIG_EXAMPLE_PORT", **more: object) -> str:
    """Return the dict of a sound option; keywords replace or, with None, drop its keys."""
    keys = {
        "CONF_NAME": name,
        "CMD_OPTION": name.lower().removeprefix("config_").replace("_", "-"),
        "USAGE": "Port on which the example listens.",
        "PROMPT": "Enter the port of the example",
        "DEFAULT_VALUE": "8080",
        **more,
    }
    rows = ", ".join(
        f'"{key}": {_literal(value)}' for key, value in keys.items() if value is not None
    )
    return f"{{{rows}}}"


def _literal(value: object) -> str:
    return '"' + value + '"' if isinstance(value, str) else repr(value)


def git(folder: Path, *words: str) -> str:
    """Run git as somebody, whatever the machine's own settings are; return what it prints."""
    identity = ["-c", "user.name=T", "-c", "user.email=t@example.org", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *identity, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()
