"""What Puppet modules say of the parameters that an option sets, where the option is shown."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.main import plugindoc
from plugindoc.examples import PORT, manifest
from plugindoc.model.export import decode
from tests.trees import write_tree

INNER = """class example::inner ($port) {
  class { 'web::server': port => $port, mode => 'fast' }
}
"""
USING = """class { 'example::inner': port => lookup('CONFIG_EXAMPLE_PORT') }
web::site { 'one': listen => lookup('CONFIG_EXAMPLE_PORT') }
"""
SERVER = """# A web server.
#
# @param port
#   Where the server listens.
#   A number.
#
#   Ports below 1024 need root.
# @param mode
#   How fast it is.
# @param other
#   Nobody sets it.
class web::server (Integer $port = 80, $mode = undef, $other = 1) { }
"""
SITE = """# == Define: web::site
#
# DEPRECATED PARAMETERS
#
# [*listen*]
#   (Optional) Where the site listens.
#
define web::site (
  $listen = undef,
) { }
"""
MODULES = {
    "modules/web/manifests/server.pp": SERVER,
    "modules/web/manifests/site.pp": SITE,
    "modules/web/manifests/unused.pp": "class web::unused ($broken",
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    files = {**manifest(USING, options=PORT).files}
    files["example/puppet/modules/example/manifests/inner.pp"] = INNER
    write_tree(tmp_path, {**files, **MODULES})
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "200")
    return tmp_path


def run(*words: str) -> Result:
    return CliRunner().invoke(plugindoc, [*words])


def said(name: str, *words: str) -> str:
    result = run("show", name, ".", *words)
    assert 0 == result.exit_code, result.output
    return " ".join(result.stdout.split())


def settings(tree: Path, value: str) -> None:
    (tree / "pyproject.toml").write_text(f'[tool.plugindoc]\npuppet-modules = "{value}"\n')


@pytest.mark.usefixtures("tree")
def test_an_option_shows_the_parameters_that_it_is_passed_to() -> None:
    text = said("CONFIG_EXAMPLE_PORT", "--puppet-modules", "modules")
    assert (
        "Passed to • $port of web::server (Integer, default 80): Where the server listens."
        " A number. • $listen of web::site (default undef) deprecated: (Optional) Where the site"
        " listens."
    ) in text
    assert "need root" not in text


@pytest.mark.usefixtures("tree")
def test_a_template_shows_the_parameters_that_it_passes() -> None:
    text = said("example/inner", "--puppet-modules", "modules")
    assert (
        "web::server • $port from CONFIG_EXAMPLE_PORT (Integer, default 80): Where the server"
        " listens. A number. • $mode (default undef): How fast it is."
    ) in text
    assert "Nobody" not in text


@pytest.mark.usefixtures("tree")
def test_without_modules_nothing_is_said_of_parameters() -> None:
    assert "Passed to" not in said("CONFIG_EXAMPLE_PORT")


def test_the_settings_name_the_modules(tree: Path) -> None:
    settings(tree, "modules")
    assert "Passed to" in said("CONFIG_EXAMPLE_PORT")
    result = run("check", ".", "--select", "PD506", "--format", "concise")
    assert "parameter listen of web::site is deprecated" in result.stdout


def test_the_export_holds_what_is_used(tree: Path) -> None:
    settings(tree, "modules")
    project = decode(run("export", ".").stdout.encode())
    found = {one.name: [*one.parameters] for one in project.classes}
    assert {"web::server": ["port", "mode"], "web::site": ["listen"]} == found
    assert (
        "classes" in json.loads(run("export", "--schema").stdout)["$defs"]["Project"]["properties"]
    )


@pytest.mark.parametrize("command", ["show", "check", "export", "build"])
@pytest.mark.parametrize("value", ["../modules", "link", "/etc", "a/../../modules"])
def test_settings_name_no_folder_outside_of_the_repository(
    tree: Path, command: str, value: str
) -> None:
    inner = tree / "inner"
    (inner / "a").mkdir(parents=True)
    (inner / "link").symlink_to(tree / "modules")
    (tree / "example").rename(inner / "example")
    settings(inner, value)
    words = {"show": ["CONFIG_EXAMPLE_PORT"]}.get(command, [])
    more = ["-o", "site"] if command == "build" else []
    result = run(command, *words, "inner", *more)
    assert 2 == result.exit_code
    assert f"tool.plugindoc.puppet-modules: {value} leads out of the repository" in result.stderr


def test_links_lead_out_of_no_untrusted_folder(tree: Path) -> None:
    inner = tree / "inner"
    (inner / "modules/web").mkdir(parents=True)
    (inner / "modules/web/manifests").symlink_to(tree / "modules/web/manifests")
    (tree / "example").rename(inner / "example")
    settings(inner, "modules")
    assert "no Puppet modules here" in run("show", "CONFIG_EXAMPLE_PORT", "inner").stderr
    (inner / "modules/web/manifests").unlink()
    (inner / "modules/web").rmdir()
    (inner / "modules/web").symlink_to(tree / "modules/web")
    assert "no Puppet modules here" in run("show", "CONFIG_EXAMPLE_PORT", "inner").stderr
    (inner / "pyproject.toml").unlink()
    trusted = run("show", "CONFIG_EXAMPLE_PORT", "inner", "--puppet-modules", "inner/modules")
    assert "Passed to" in trusted.stdout


def test_what_is_no_folder_is_said(tree: Path) -> None:
    settings(tree, "pyproject.toml")
    result = run("show", "CONFIG_EXAMPLE_PORT", ".")
    assert (2, True) == (result.exit_code, "pyproject.toml is no folder" in result.stderr)


@pytest.mark.usefixtures("tree")
def test_a_manifest_that_is_not_understood_is_a_warning() -> None:
    Path("modules/web/manifests/site.pp").write_text("define web::site ($listen = ) { } }")
    result = run("show", "CONFIG_EXAMPLE_PORT", ".", "--puppet-modules", "modules")
    assert 0 == result.exit_code
    assert result.stderr.startswith("Warning: web/manifests/site.pp:")
