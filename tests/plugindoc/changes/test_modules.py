"""``plugindoc diff-modules``: what new Puppet modules change for an installer."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from click.testing import CliRunner, Result

from plugindoc.changes.modules import KINDS
from plugindoc.changes.reporters.json import schema
from plugindoc.commands.main import plugindoc
from plugindoc.examples import PORT, manifest
from tests.trees import write_tree

INNER = """class example::inner ($port) {
  class { 'web': port => $port }
}
"""
USING = "class { 'web':\n  port => lookup('CONFIG_EXAMPLE_PORT'),\n}\n"


def run(tmp_path: Path, old: str, new: str, *words: str, using: str = USING) -> Result:
    """Compare a module ``web`` before and after, each given as the source of its manifests."""
    files = manifest(using, options=PORT).files
    inner = {"example/puppet/modules/example/manifests/inner.pp": INNER}
    root = write_tree(tmp_path / "tree", {**files, **(inner if "inner" in using else {})})
    for side, source in (("old", old), ("new", new)):
        write_tree(tmp_path / side, {"web/manifests/init.pp": source})
    sides = [str(tmp_path / side) for side in ("old", "new")]
    return CliRunner().invoke(plugindoc, ["diff-modules", *sides, str(root), *words])


def changes(result: Result) -> list[dict[str, Any]]:
    found = json.loads(result.stdout)
    jsonschema.validate(found, schema())
    return [*found["changes"]]


CASES = {
    "class-removed": ("class web ($port) { }", "class web::other { }"),
    "class-renamed": ("class web ($port, $b, $c) { }", "class web::server ($port, $c, $b) { }"),
    "class-deprecated": ("class web ($port) { }", "# @deprecated It is.\nclass web ($port) { }"),
    "parameter-removed": ("class web ($port) { }", "class web ($other = 1) { }"),
    "parameter-renamed": (
        "# @param port\n#   Where the web server listens.\nclass web ($port) { }",
        "# @param listen\n#   Where the web server listens.\nclass web ($listen = 80) { }",
    ),
    "parameter-required": ("class web ($port, $b = 1) { }", "class web ($port, $b) { }"),
    "parameter-deprecated": (
        "class web ($port) { }",
        "class web ($port) { if $port { warning('port is deprecated') } }",
    ),
    "parameter-type": ("class web ($port) { }", "class web (Integer $port) { }"),
    "parameter-default": ("class web ($port, $b = 1) { }", "class web ($port, $b = 2) { }"),
}


def test_every_kind_has_a_case_and_a_row_in_the_reference() -> None:
    page = (Path(__file__).parents[3] / "docs" / "reference" / "diff-modules.md").read_text()

    assert sorted(KINDS) == sorted(CASES)
    for kind, (impact, meaning) in KINDS.items():
        assert f"| `{kind}` | {impact} | {meaning} |" in page


@pytest.mark.parametrize("kind", CASES)
def test_each_kind_of_change_is_found(tmp_path: Path, kind: str) -> None:
    result = run(tmp_path, *CASES[kind], "--format", "json")

    (change,) = changes(result)
    assert (kind, KINDS[kind][0]) == (f"{change['thing']}-{change['kind']}", change["impact"])
    assert ["example"] == change["affects"]["templates"]
    assert ["example_100"] == change["affects"]["plugins"]
    assert int("breaking" == change["impact"]) == result.exit_code


@pytest.mark.parametrize("kind", CASES)
def test_nothing_changes_from_a_side_to_itself(tmp_path: Path, kind: str) -> None:
    for side in CASES[kind]:
        assert [] == changes(run(tmp_path, side, side, "--format", "json"))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            "class web ($port, $b = $::osfamily) { }",
            "class web ($port, $b = $facts['osfamily']) { }",
        ),
        ("class web ($port, $b = ['a', 'b',]) { }", 'class web ($port, $b = [ "a", "b" ]) { }'),
        ("class web ($port, $b = $web::params::b) { }", "class web ($port, $b = 1) { }"),
        ("class web ($port, $b = 1) { }", "class web ($port) { }"),
        ("class web ($port) { }", "class web ($port, $b = 1) { }"),
        ("class web ($port) { }\nclass web::a { }", "class web ($port) { }"),
        ("# @deprecated x\nclass web ($port) { }", "# @deprecated y\nclass web ($port) { }"),
    ],
)
def test_what_does_not_touch_the_installer_is_no_change(tmp_path: Path, old: str, new: str) -> None:
    assert [] == changes(run(tmp_path, old, new, "--format", "json"))


def test_an_option_is_followed_through_the_installer_s_own_classes(tmp_path: Path) -> None:
    using = "class { 'example::inner': port => lookup('CONFIG_EXAMPLE_PORT') }\n"
    result = run(
        tmp_path, "class web ($port) { }", "class web { }", "--format", "json", using=using
    )

    (change,) = changes(result)
    assert {
        "templates": ["example/inner"],
        "steps": ["example_100/Preparing example entries"],
        "options": ["CONFIG_EXAMPLE_PORT"],
        "plugins": ["example_100"],
    } == change["affects"]


@pytest.mark.parametrize(
    ("deprecation", "new_name"),
    [("Use the listen parameter instead.", "web::listen"), ("", "web::port")],
)
def test_a_rename_is_declared_by_the_old_deprecation(
    tmp_path: Path, deprecation: str, new_name: str
) -> None:
    old = f"class web ($port) {{ if $port {{ warning('port is deprecated. {deprecation}') }} }}"
    (change,) = changes(run(tmp_path, old, "class web ($listen = 1) { }", "--format", "json"))

    assert new_name == change["name"]
    assert ("declared" if deprecation else None) == change.get("rename")


def test_a_file_that_cannot_be_read_removes_nothing(tmp_path: Path) -> None:
    result = run(tmp_path, "class web ($port) { }", "class ^ {", "--format", "json")

    assert ([], 2) == (changes(result), result.exit_code)


def test_the_text_names_places_plugins_and_options(tmp_path: Path) -> None:
    result = run(tmp_path, *CASES["parameter-removed"])

    assert (
        "breaking: web::port was removed; it is used by example "
        "(example/puppet/templates/example.pp:1), of example_100, with CONFIG_EXAMPLE_PORT.\n"
    ) in result.stdout
    assert "web/manifests/init.pp:1" in result.stdout


def test_a_change_can_be_accepted_and_is_left_alone_by_diff(tmp_path: Path) -> None:
    settings = (
        '[[tool.plugindoc.diff.accepted]]\nchange = "parameter-removed:web::port"\nreason = "x"\n'
    )
    write_tree(tmp_path / "tree", {"pyproject.toml": settings})
    result = run(tmp_path, *CASES["parameter-removed"])
    assert 0 == result.exit_code
    assert "accepted: x" in result.stdout

    tree = str(tmp_path / "tree")
    same = CliRunner().invoke(plugindoc, ["diff", tree, tree])
    assert (0, "") == (same.exit_code, same.stderr)


def test_a_folder_without_modules_is_said_in_one_line(tmp_path: Path) -> None:
    tree = write_tree(tmp_path, manifest(USING, options=PORT).files)
    for words in (
        ["diff-modules", str(tree), str(tree), str(tree)],
        ["check", "--puppet-modules", str(tree), str(tree)],
    ):
        result = CliRunner().invoke(plugindoc, words)
        assert 2 == result.exit_code
        assert 1 == result.stderr.count("\n")
        assert "no Puppet modules here" in result.stderr


def test_a_module_that_cannot_be_read_is_said_and_not_judged(tmp_path: Path) -> None:
    using = "class { 'web::gone': a => 1 }\nclass { 'db::gone': a => 1 }\n"
    tree = write_tree(tmp_path / "tree", manifest(using).files)
    sources = {"a-web/manifests/init.pp": "class web { }\nclass web::broken ^ { }"}
    modules = write_tree(tmp_path / "mods", {**sources, "db/manifests/init.pp": "class db { }"})
    words = ["check", "--select", "PD507", "--format", "concise"]
    result = CliRunner().invoke(plugindoc, [*words, "--puppet-modules", str(modules), str(tree)])

    assert f"{modules}/a-web/manifests/init.pp:2: " in result.stderr
    assert "db has no class db::gone" in result.stdout
    assert "web::gone" not in result.stdout
