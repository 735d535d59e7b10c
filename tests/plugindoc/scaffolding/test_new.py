"""``plugindoc new``: what a maintainer types and sees, and what the new plugin is then."""

from __future__ import annotations

import ast
import os
import pty
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.new import new
from plugindoc.loading import load
from plugindoc.model.conditions import describe
from plugindoc.model.questions import Questions
from plugindoc.model.values import known_text
from tests.upstream import release

PLUGIN = """
def initConfig(controller):
    controller.addGroup({"GROUP_NAME": "WEB"}, [])


def initSequences(controller):
    pass
"""


@pytest.fixture
def installer(tmp_path: Path) -> Path:
    folder = tmp_path / "project"
    plugins = folder / "pack" / "plugins"
    plugins.mkdir(parents=True)
    (folder / "pyproject.toml").touch()
    (plugins / "web_100.py").write_text(PLUGIN)
    return folder


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(new, [str(argument) for argument in arguments])


def test_the_new_plugin_is_one_that_the_reader_knows(installer: Path) -> None:
    result = run("motd", installer, "--title", "Message of the day")
    assert (0, "Wrote the plugin motd_110:") == (result.exit_code, result.output.splitlines()[0])

    asked = Questions(load(installer))
    switch, text = asked.options_named("CONFIG_MOTD_INSTALL"), asked.option("CONFIG_MOTD_TEXT")
    assert text is not None
    assert "CONFIG_MOTD_INSTALL is y" == describe(asked.shown_when(text))
    assert ["n"] == [known_text(option.default) for option in switch]
    assert ["Preparing Message of the day"] == [
        known_text(step.title) for step in asked.steps if "motd_110" == step.plugin
    ]


def test_upstreams_tree_takes_a_plugin_too(tmp_path: Path) -> None:
    tree = tmp_path / "packstack"
    shutil.copytree(release("26.0.0") / "packstack", tree)
    assert 0 == run("motd", tree).exit_code

    plugin = ast.parse((tree / "plugins" / "motd_860.py").read_text())
    imported = {node.module for node in ast.walk(plugin) if isinstance(node, ast.ImportFrom)}
    assert {"packstack.installer", "packstack.modules.ospluginutils"} == imported
    assert (tree / "puppet" / "templates" / "motd.pp").is_file()
    assert (tree / "puppet" / "modules" / "packstack" / "manifests" / "motd.pp").is_file()


def test_a_dry_run_writes_nothing(installer: Path) -> None:
    before = sorted(installer.rglob("*"))
    assert "Would write the plugin motd_110" in run("motd", installer, "--dry-run").output
    assert before == sorted(installer.rglob("*"))


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["Web"], "how about web?"),
        (["web"], "there is a plugin web already"),
        (["motd", "--number", "100"], "web_100 has the number 100 already; 110 is free"),
        (["motd", "--title", 'a"b'], "is no title"),
    ],
)
def test_what_cannot_be_ends_in_one_line(
    arguments: list[str], complaint: str, installer: Path
) -> None:
    result = run(*arguments[:1], installer, *arguments[1:])
    assert 2 == result.exit_code
    assert complaint in result.output
    assert 1 == len(result.output.splitlines())


def test_without_a_terminal_the_name_has_to_be_given() -> None:
    assert "Error: missing name" in run().output


def test_a_second_time_is_refused(installer: Path) -> None:
    run("motd", installer)
    assert "there is a plugin motd already" in run("motd", installer).output


def test_an_installer_found_by_chance_is_not_written_to(installer: Path, tmp_path: Path) -> None:
    installer.rename(tmp_path / "somebodys")
    result = run("motd", tmp_path)
    assert 2 == result.exit_code
    assert "to use them, run: plugindoc new" in result.output


def test_a_projects_own_templates_are_used(installer: Path) -> None:
    (installer / "pyproject.toml").write_text('[tool.plugindoc.new]\ntemplates = "own"\n')
    (installer / "own").mkdir()
    (installer / "own" / "manifest.pp.j2").write_text("include ours::{{ names.name }}\n")
    assert 0 == run("motd", installer).exit_code
    manifest = installer / "pack" / "puppet" / "templates" / "motd.pp"
    assert "include ours::motd\n" == manifest.read_text()


def test_settings_that_are_wrong_are_named(installer: Path) -> None:
    (installer / "pyproject.toml").write_text('[tool.plugindoc.new]\ntemplate = "own"\n')
    result = run("motd", installer)
    assert 2 == result.exit_code
    assert "tool.plugindoc.new.template is no setting; did you mean templates?" in result.output


def test_in_a_terminal_it_asks_until_the_answer_is_right(installer: Path) -> None:
    said = in_a_terminal(installer, "Motd", "motd", "", "100", "")
    assert "how about motd?" in said
    assert "Display title [Motd]" in said
    assert "web_100 has the number 100 already" in said
    assert (installer / "pack" / "plugins" / "motd_110.py").is_file()


def in_a_terminal(folder: Path, *answers: str) -> str:
    """Return what the command says to somebody who types these lines."""
    ours, theirs = pty.openpty()
    command = "from plugindoc.commands.main import main; main()"
    with subprocess.Popen(
        [sys.executable, "-c", command, "new"],
        cwd=folder,
        stdin=theirs,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        os.close(theirs)
        os.write(ours, "".join(f"{answer}\n" for answer in answers).encode())
        assert process.stdout is not None
        said = process.stdout.read()
    os.close(ours)
    return said
