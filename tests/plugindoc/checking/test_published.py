"""A committed export stays fresh, however it was made, and a stale one names what mends it."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner

from plugindoc.commands.main import plugindoc
from tests.plugindoc.checking.installers import Check, Write, plugin, port

PLUGIN = "example/plugins/example_100.py"
SETTINGS = '[tool.plugindoc.site]\nexport = "model.json"\n'
WAYS = [
    "export . --output model.json",
    "export example --output model.json",
    "export . --name mine --output model.json",
    "build . --export model.json",
    "build example/plugins --name mine --export model.json",
]


@pytest.mark.parametrize("way", WAYS)
def test_an_export_is_fresh_however_it_was_made(
    way: str, write: Write, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"pyproject.toml": SETTINGS, PLUGIN: plugin(port())})
    monkeypatch.chdir(folder)
    assert 0 == CliRunner().invoke(plugindoc, way.split()).exit_code

    assert 0 == check("--select", "PD801").exit_code


@pytest.mark.parametrize("way", WAYS)
def test_the_hint_of_a_stale_export_mends_it(
    way: str, write: Write, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = write({"pyproject.toml": SETTINGS, PLUGIN: plugin(port())})
    monkeypatch.chdir(folder)
    CliRunner().invoke(plugindoc, way.split())
    Path(PLUGIN).write_text(plugin(port(DEFAULT_VALUE="9090")))

    stale = check("--select", "PD801")
    command = stale.output.partition("to update it, run: plugindoc ")[2].splitlines()[0]

    assert (1, 0) == (
        stale.exit_code,
        CliRunner().invoke(plugindoc, shlex.split(command)).exit_code,
    )
    assert 0 == check("--select", "PD801").exit_code


def test_a_file_that_is_no_export_is_stale(write: Write, check: Check) -> None:
    folder = write({"pyproject.toml": SETTINGS, PLUGIN: plugin(port()), "model.json": "{"})

    result = check("--select", "PD801", folder)

    assert (1, True) == (result.exit_code, "model.json is out of date" in result.output)
