"""What a Puppet class says of its parameters, and what manifests give to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.extraction.modules import NoModulesError, read_modules
from plugindoc.extraction.templates import Holder, read_templates
from plugindoc.model.modules import Classes, Parameter, PuppetClass
from plugindoc.model.project import Template
from tests.trees import write_tree


def one(tmp_path: Path, source: str) -> PuppetClass:
    write_tree(tmp_path / "web" / "manifests", {"server.pp": source})
    (found,) = read_modules(tmp_path).by_name.values()
    return found


def template(tmp_path: Path, source: str) -> Template:
    write_tree(tmp_path / "modules" / "demo" / "manifests", {"init.pp": source})
    (found,), problems = read_templates(Holder(tmp_path, [tmp_path]))
    assert () == problems
    return found


def said(found: PuppetClass) -> list[tuple[str, str, str | None, str]]:
    return [(each.name, each.type, each.default, each.text) for each in found.parameters.values()]


@pytest.mark.parametrize(
    "comment",
    [
        "# @param port\n#   The port\n#   to listen on.\n# @param hosts Its hosts.\n# @see y",
        (
            "# == Class: web::server\n#\n# === Parameters\n#\n# [*port*]\n#   The port to listen"
            " on.\n#\n# [*hosts*]\n#   Its hosts.\n#\n# === Authors\n#\n# Nobody"
        ),
        "# @param [Integer] port The port to listen on.\n# @param hosts\n#   Its hosts.",
        "# [port]\n#  The port to\n#  listen on.\n# [hosts] Its hosts.",
    ],
)
def test_parameters_have_types_defaults_and_texts(tmp_path: Path, comment: str) -> None:
    parameters = "\n  Integer[0,\n    9]  $port,\n  $hosts = [ 'a' ],\n"
    source = f"{comment}\nclass web::server ({parameters}) {{ }}"

    assert [
        ("port", "Integer[0, 9]", None, "The port to listen on."),
        ("hosts", "", "[ 'a' ]", "Its hosts."),
    ] == said(one(tmp_path, source))


@pytest.mark.parametrize(
    ("comment", "parameters", "body", "expected"),
    [
        ("# DEPRECATED PARAMETERS\n# [*b*]\n#  Old.", "$a, $b", "", {"b": "it is deprecated"}),
        ("# @param b Deprecated: use a.", "$a, $b", "", {"b": "Deprecated: use a."}),
        ("", "$a,\n # DEPRECATED PARAMETERS\n $b = 1", "", {"b": "it is deprecated"}),
        (
            "",
            "$a, $b",
            "if $b { warning('The b parameter is deprecated. Use a instead.') }",
            {"b": "The b parameter is deprecated. Use a instead."},
        ),
        ("", "$a, $b", "if $b { warning('This is deprecated') }", {"b": "This is deprecated"}),
        (
            "",
            "$a, $b, $c",
            'warning("The a and b parameters are deprecated. \\\nUse the c parameter.")',
            dict.fromkeys("ab", "The a and b parameters are deprecated. Use the c parameter."),
        ),
        ("", "$a", "deprecation('x', 'web::server::a has been deprecated')", None),
        ("", "$a", "if $a == 'x' { warning('Support for x is deprecated') }", {}),
        ("", "$a", "if $a { warning('A false value for the a parameter is deprecated') }", {}),
        ("", "$a, $b", "if $a and $b { warning('both are deprecated') }", {}),
        ("", "$a", "if $a { warning('careful') }", {}),
    ],
)
def test_a_deprecated_parameter_is_known(
    tmp_path: Path, comment: str, parameters: str, body: str, expected: dict[str, str] | None
) -> None:
    found = one(tmp_path, f"{comment}\nclass web::server ({parameters}) {{\n{body}\n}}")

    wanted = {"a": "web::server::a has been deprecated"} if expected is None else expected
    assert wanted == {
        each.name: each.deprecated for each in found.parameters.values() if each.deprecated
    }
    assert "" == found.deprecated


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("# @deprecated Use web::proxy.\nclass web::server { }", "Use web::proxy."),
        ("# DEPRECATED !!\n# Serves.\nclass web::server { }", "it is deprecated"),
        ("define web::server { warning('It is deprecated.') }", "It is deprecated."),
        ("class web::server { if $x { warning('It is deprecated.') } }", ""),
        ("# Nothing is DEPRECATED here\nclass web::server { }", ""),
    ],
)
def test_a_deprecated_class_is_known(tmp_path: Path, source: str, expected: str) -> None:
    assert expected == one(tmp_path, source).deprecated


def test_a_parameter_may_have_its_default_in_the_module_s_data(tmp_path: Path) -> None:
    write_tree(tmp_path / "web", {"data/os/any.yaml": "---\nweb::server::port: 80\n'x::y' : 1\n"})
    found = one(tmp_path, "class web::server ($port, $host) { }")

    assert ["lookup('web::server::port')", None] == [
        each.default for each in found.parameters.values()
    ]


def test_folders_of_modules_and_single_modules_are_read(tmp_path: Path) -> None:
    write_tree(
        tmp_path,
        {
            "mods/author-web/manifests/init.pp": "class web { }\ndefine web::vhost { }",
            "mods/author-web/spec/fixtures/manifests/site.pp": "class web::spec { }",
            "mods/no_module/files/x.pp": "class other { }",
        },
    )
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / "web").symlink_to(tmp_path / "mods" / "author-web")
    (tmp_path / "mods" / "author-web" / "manifests" / "out.pp").symlink_to("/etc/hostname")

    for folder in ("mods", "mods/author-web", "linked"):
        found = read_modules(tmp_path / folder)
        assert {"web": "class", "web::vhost": "define"} == {
            name: each.kind for name, each in found.by_name.items()
        }
        assert {"web"} == found.modules
        assert () == found.problems


@pytest.mark.parametrize("folder", ["empty", "none", "file"])
def test_what_holds_no_modules_is_said_in_one_line(tmp_path: Path, folder: str) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file").touch()

    with pytest.raises(NoModulesError, match=rf"\A{tmp_path / folder}: [^\n]+\Z"):
        read_modules(tmp_path / folder)


def test_a_manifest_that_cannot_be_understood_is_a_problem(tmp_path: Path) -> None:
    write_tree(tmp_path, {"web/manifests/init.pp": "class web ($a) {\n  ^\n}"})
    found: Classes = read_modules(tmp_path)

    (problem,) = found.problems
    assert ("web/manifests/init.pp", 2) == (problem.location.path, problem.location.line)
    assert "web" in found


@pytest.mark.parametrize(
    ("declared", "expected"),
    [
        ("class { 'web': port => lookup('PORT'), host => 'x' }", {"port": ["PORT"], "host": []}),
        ("web::vhost { 'a': port => 1; 'b': host => $host }", {"port": [], "host": ["HOST"]}),
        ("web::vhost { 'a': * => { 'port' => $a, host => 1 } }", {"port": ["A"], "host": []}),
        (
            "$all = $x ? { 1 => {}, default => { 'port' => 1 } }\nclass { 'web': * => $all }",
            {"port": []},
        ),
        ("class { 'web': url => \"http://${host}:${lookup('PORT')}\" }", {"url": ["HOST", "PORT"]}),
        ("class { 'web': * => f($a) }", {"*": ["A"]}),
        ("class { 'web': * => { 'port' => $a } + $more }", {"port": ["A"], "*": []}),
        (
            "class { default: port => $a, host => 1; 'web': host => $host }",
            {"host": ["HOST"], "port": ["A"]},
        ),
        ("include web", {}),
    ],
)
def test_what_a_class_is_given_is_known(
    tmp_path: Path, declared: str, expected: dict[str, list[str]]
) -> None:
    source = f"class demo ($host = lookup('HOST')) {{\n  $a = lookup('A')\n  {declared}\n}}"
    (include,) = template(tmp_path, source).includes

    assert expected == {each.name: sorted(each.keys) for each in include.arguments}


def test_what_is_handed_on_from_a_parameter_is_known(tmp_path: Path) -> None:
    source = "class demo ($host) {\n  $url = \"http://${host}\"\n  class { 'web': url => $url }\n}"
    found = template(tmp_path, source)

    assert ("host",) == found.includes[0].arguments[0].parameters
    assert [Parameter(name="host", location=found.parameters[0].location)] == [*found.parameters]
