"""`plugindoc show` tells about one thing: as a card, as places, or as JSON."""

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.main import plugindoc
from plugindoc.examples import PORT, manifest
from tests.trees import write_tree

PLUGIN = '''
"""Runs a cache."""


def initConfig(controller):
    options = [
        {
            "CONF_NAME": "CONFIG_CACHE_SIZE",
            "CMD_OPTION": "cache-size",
            "USAGE": "How much memory the cache takes: <b>not markup</b> [red]nor this[/red].",
            "DEFAULT_VALUE": "64",
            "DEPRECATES": ["CONFIG_OLD_SIZE"],
            "VALIDATORS": [check_size],
        },
    ]
    group = {"GROUP_NAME": "CACHE", "DESCRIPTION": "Cache", "PRE_CONDITION": False}
    controller.addGroup(group, options)


def initSequences(controller):
    steps = [{"title": "Filling the cache", "functions": [fill]}]
    controller.addSequence("Installing the cache", [], [], steps)


def check_size(param, options=None):
    """Accept a size."""


def fill(config, messages):
    """Put something in."""
    config["CACHE_BYTES"] = int(config["CONFIG_CACHE_SIZE"]) * 1024
    if config.get("CONFIG_FORGOTTEN"):
        messages.append("This cannot be")
'''


@pytest.fixture
def installer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    plugins = tmp_path / "demo" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "cache_200.py").write_text(PLUGIN)
    manifests = tmp_path / "demo" / "puppet" / "modules" / "demo" / "manifests"
    manifests.mkdir(parents=True)
    (manifests / "cache.pp").write_text("class demo::cache { $size = lookup('CACHE_BYTES') }\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def show(*arguments: str) -> Result:
    return CliRunner(env={"COLUMNS": "100"}).invoke(plugindoc, ["show", *arguments])


@pytest.mark.parametrize(
    ("name", "heading"),
    [
        ("CONFIG_CACHE_SIZE", "option CONFIG_CACHE_SIZE"),
        ("config_cache_size", "option CONFIG_CACHE_SIZE"),
        ("cache-size", "option CONFIG_CACHE_SIZE"),
        ("--cache-size", "option CONFIG_CACHE_SIZE"),
        ("CACHE", "group"),
        ("cache_200", "plugin"),
        ("Installing the cache", "sequence Installing the cache"),
        ("Filling the cache", "step Filling the cache"),
        ("cache_200/Filling the cache", "step Filling the cache"),
        ("demo/cache", "template demo/cache"),
        ("demo::cache", "template demo/cache"),
        ("CACHE_BYTES", "derived key CACHE_BYTES"),
        ("check_size", "function cache_200.check_size"),
    ],
)
@pytest.mark.usefixtures("installer")
def test_a_name_leads_to_a_card(name: str, heading: str) -> None:
    found = show(name)

    assert 0 == found.exit_code, found.output
    assert heading in found.output


@pytest.mark.usefixtures("installer")
def test_the_card_of_an_option_says_who_uses_it() -> None:
    text = re.sub(r"\s+", " ", show("CONFIG_CACHE_SIZE").output)

    for part in ("How much memory", "--cache-size", "Default 64", "step Filling the cache"):
        assert part in text


@pytest.mark.usefixtures("installer")
def test_texts_of_plugins_are_shown_as_they_are() -> None:
    text = re.sub(r"\s+", " ", show("CONFIG_CACHE_SIZE").output)

    assert "<b>not markup</b> [red]nor this[/red]" in text


@pytest.mark.usefixtures("installer")
def test_an_old_name_leads_to_the_new_one() -> None:
    text = show("CONFIG_OLD_SIZE").output

    assert text.startswith("CONFIG_OLD_SIZE is a former name of CONFIG_CACHE_SIZE.")
    assert "option CONFIG_CACHE_SIZE" in text


@pytest.mark.usefixtures("installer")
def test_an_unknown_name_suggests_the_nearest() -> None:
    found = show("CONFIG_CACHE_SISE")

    assert 2 == found.exit_code
    assert "Did you mean CONFIG_CACHE_SIZE?" in found.output


@pytest.mark.usefixtures("installer")
def test_a_key_that_nobody_declares_is_told_with_its_readers() -> None:
    found = show("CONFIG_FORGOTTEN")

    assert 0 == found.exit_code
    assert "CONFIG_FORGOTTEN is not an option, and nothing sets it." in found.output
    assert "demo/plugins/cache_200.py:32: step cache_200/Filling the cache reads" in found.output


@pytest.mark.usefixtures("installer")
def test_where_lists_places_that_an_editor_opens() -> None:
    assert [
        "demo/plugins/cache_200.py:7: declares CONFIG_CACHE_SIZE",
        "demo/plugins/cache_200.py:31: step cache_200/Filling the cache reads CONFIG_CACHE_SIZE",
    ] == show("CONFIG_CACHE_SIZE", "--where").output.splitlines()


def test_where_is_relative_to_the_folder_that_you_are_in(
    installer: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(installer / "demo" / "puppet")

    assert (
        "modules/demo/manifests/cache.pp:1: template demo/cache reads CACHE_BYTES"
        in show("CACHE_BYTES", "--where", str(installer)).output.splitlines()
    )


@pytest.mark.usefixtures("installer")
def test_json_holds_the_thing_and_its_places() -> None:
    document = json.loads(show("CACHE_BYTES", "--format", "json").output)

    assert ("CACHE_BYTES", ["fact"]) == (
        document["asked"],
        [found["kind"] for found in document["found"]],
    )
    assert [("step", "write"), ("template", "read")] == [
        (place["kind"], place["use"]["access"]) for place in document["places"]
    ]


@pytest.mark.usefixtures("installer")
def test_json_of_a_step_holds_its_actions() -> None:
    (found,) = json.loads(show("Filling the cache", "--format", "json").output)["found"]

    assert ("step", "Put something in.") == (found["kind"], found["is"]["docstring"])
    assert "CONFIG_CACHE_SIZE" in [use["key"] for use in found["is"]["actions"]["uses"]]


def test_a_folder_without_plugins_is_one_clear_line(tmp_path: Path) -> None:
    found = show("CONFIG_X", str(tmp_path))

    assert 2 == found.exit_code
    assert "no plugins here" in found.output
    assert "Traceback" not in found.output


@pytest.mark.usefixtures("installer")
def test_control_characters_in_a_name_are_not_echoed() -> None:
    found = show("CONFIG_\x1b[31mRED")

    assert 2 == found.exit_code
    assert "\x1b[31m" not in found.output


def test_a_name_cannot_steer_the_terminal(installer: Path) -> None:
    name = "CONFIG_\x1b[31mRED"
    plugin = installer / "demo/plugins/cache_200.py"
    plugin.write_text(PLUGIN.replace("CONFIG_CACHE_SIZE", "CONFIG_\\x1b[31mRED"))
    result = CliRunner().invoke(plugindoc, ["show", name, "--where"], color=True)
    assert "declares CONFIG_⟨U+001B⟩[31mRED" in result.output
    assert "reads CONFIG_⟨U+001B⟩[31mRED" in result.output
    assert "\x1b" not in result.output


def test_an_option_shows_what_a_class_says_of_the_parameter_that_it_feeds(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    source = (
        "# @param port Where it listens.\nclass example ($port = lookup('CONFIG_EXAMPLE_PORT')) { }"
    )
    write_tree(tmp_path, manifest(source, options=PORT).files)
    shown = " ".join(show("CONFIG_EXAMPLE_PORT").output.split())

    assert "template example reads it example.pp:2 as $port: Where it listens." in shown


def test_a_field_that_only_leads_to_a_page_is_not_shown_in_a_terminal() -> None:
    package = Path(__file__).parents[3] / "source_packstack"
    result = CliRunner().invoke(plugindoc, ["show", "CONFIG_COMPUTE_HOSTS", str(package)])
    assert 0 == result.exit_code, result.output
    assert "step Preparing the compute hosts" in result.output
    assert "what runs on them" not in result.output
