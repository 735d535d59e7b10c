"""A manifest is read as Puppet would: what it looks up, what it includes, and when."""

from pathlib import Path

import pytest

from plugindoc.extraction.templates import Holder, read_templates
from plugindoc.model.conditions import describe
from plugindoc.model.project import Problem, Template, Use
from plugindoc.model.values import Dynamic, Known, Value
from tests.trees import write_tree


def read(tmp_path: Path, **sources: str) -> tuple[dict[str, Template], tuple[Problem, ...]]:
    """Read manifests of a module ``demo``, given by name (``init`` is the module's own)."""
    folder = tmp_path / "puppet" / "modules" / "demo" / "manifests"
    write_tree(folder, {f"{name}.pp": source for name, source in sources.items()})
    templates, problems = read_templates(Holder(tmp_path, [tmp_path]))
    return {template.name: template for template in templates}, problems


def one(tmp_path: Path, source: str) -> Template:
    templates, problems = read(tmp_path, init=source)
    assert () == problems
    return templates["demo"]


def keys(template: Template) -> list[str]:
    return [use.key for use in template.uses]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("$a = lookup('CONFIG_A')", ["CONFIG_A"]),
        ('$a = hiera("CONFIG_A")', ["CONFIG_A"]),
        ("$a = hiera_array('CONFIG_A')", ["CONFIG_A"]),
        ("$a = hiera_hash('CONFIG_A')", ["CONFIG_A"]),
        ("$a = hiera_undef('CONFIG_A', undef)", ["CONFIG_A"]),
        ("hiera_include('CONFIG_A')", ["CONFIG_A"]),
        ("$a = lookup( 'CONFIG_A' , Array, 'unique' )", ["CONFIG_A"]),
        ("$a = lookup(['CONFIG_A', 'CONFIG_B'])", ["CONFIG_A", "CONFIG_B"]),
        ("$a = lookup({ 'name' => 'CONFIG_A', 'merge' => 'unique' })", ["CONFIG_A"]),
        ("$a = 'CONFIG_A'.lookup", ["CONFIG_A"]),
        ("$a = lookup('CONFIG_A.port.0')", ["CONFIG_A"]),
        ("$a = [lookup('CONFIG_A'), { 'b' => lookup('CONFIG_B') }]", ["CONFIG_A", "CONFIG_B"]),
        ("$a = \"http://${lookup('CONFIG_A')}:5000\"", ["CONFIG_A"]),
        ("f { 'x': port => lookup('CONFIG_A'), host => 1 }", ["CONFIG_A"]),
        ("create_resources(demo::rule, lookup('CONFIG_A', undef, undef, {}))", ["CONFIG_A"]),
        ("$a = str2bool(lookup('CONFIG_A'))", ["CONFIG_A"]),
        ("# lookup('CONFIG_A')\n$a = 1 # hiera('CONFIG_B')", []),
        ("notify { 'lookup(CONFIG_A)': }", []),
        ("$a = lookup_all('CONFIG_A')", []),
    ],
)
def test_every_way_of_looking_up_is_found(tmp_path: Path, source: str, expected: list[str]) -> None:
    assert expected == keys(one(tmp_path, source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('lookup("RULES_${host}")', ["RULES_*"]),
        ('lookup("RULES_$host")', ["RULES_*"]),
        ('$n = "RULES_${host}_IN"\nlookup($n, undef, undef, {})', ["RULES_*_IN"]),
        ("lookup('CORES_%{::processorcount}')", ["CORES_*"]),
        ('lookup("%{facts.os}_${a}_X")', ["*_*_X"]),
        (
            "if $x { $n = 'CONFIG_A' } else { $n = 'CONFIG_B' }\nlookup($n)",
            ["CONFIG_A", "CONFIG_B"],
        ),
        (
            "$n = $x ? { 'a' => 'CONFIG_A', default => 'CONFIG_B' }\nlookup($n)",
            ["CONFIG_A", "CONFIG_B"],
        ),
        ("lookup($from_elsewhere)", ["*"]),
    ],
)
def test_a_key_that_only_puppet_knows_is_a_pattern(
    tmp_path: Path, source: str, expected: list[str]
) -> None:
    template = one(tmp_path, f"class demo {{\n{source}\n}}\n")

    assert expected == keys(template)
    assert all(use.pattern == ("*" in use.key) for use in template.uses)


def test_a_hiera_interpolation_inside_a_key_is_a_read_of_its_own(tmp_path: Path) -> None:
    template = one(tmp_path, "lookup(\"RULES_%{lookup('CONFIG_ROLE')}\")")

    assert ["CONFIG_ROLE", "RULES_*"] == keys(template)


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        ("lookup('K')", None),
        ("lookup('K', undef, undef, 'br-ex')", Known("br-ex")),
        ("lookup('K', undef, undef, undef)", Known(None)),
        ("lookup('K', undef, undef, {})", Known({})),
        ("lookup('K', { default_value => 5 })", Known(5)),
        ("lookup('K', { merge => 'unique' })", None),
        ("hiera('K', false)", Known(False)),  # noqa: FBT003 - the value is the case
        ("hiera('K', ['a', 'b'])", Known(["a", "b"])),
    ],
)
def test_what_a_lookup_falls_back_to_is_known(
    tmp_path: Path, call: str, expected: Value | None
) -> None:
    (use,) = one(tmp_path, f"$a = {call}").uses

    assert expected == use.default


def test_a_computed_default_stays_an_expression(tmp_path: Path) -> None:
    (use,) = one(tmp_path, "$a = hiera('K', $::os_default)").uses

    assert isinstance(use.default, Dynamic)
    assert "$::os_default" == use.default.source


NOT_NFS = "INSTALL is not y or BACKENDS does not contain nfs"
GUARDS = """
class demo {
  $agent = lookup('AGENT')
  $backends = lookup('BACKENDS')
  if lookup('INSTALL') == 'y' and 'nfs' in $backends {
    include demo::a
  } elsif $agent != 'ovn' or !(lookup('VPN') == 'y') {
    include demo::b
  } else {
    include demo::c
  }
  unless lookup('AGENT') == 'ovn' { include demo::d }
  case $agent {
    'ovs', 'lb': { include demo::e }
    'ovn': { include demo::f }
    default: { include demo::g }
  }
  if $backends[0] == 'lvm' { include demo::h }
  if $unknown { include demo::i }
}
"""


@pytest.mark.parametrize(
    ("included", "expected"),
    [
        ("demo::a", "INSTALL is y and BACKENDS contains nfs"),
        ("demo::b", f"({NOT_NFS}) and (AGENT is not ovn or VPN is not y)"),
        ("demo::c", f"({NOT_NFS}) and AGENT is ovn and VPN is y"),
        ("demo::d", "AGENT is not ovn"),
        ("demo::e", "AGENT is one of ovs, lb"),
        ("demo::f", "AGENT is ovn"),
        ("demo::g", "AGENT is none of ovs, lb and AGENT is not ovn"),
        ("demo::h", "$backends[0] == 'lvm'"),
        ("demo::i", "$unknown"),
    ],
)  # fmt: skip
def test_a_class_is_included_under_its_condition(
    tmp_path: Path, included: str, expected: str
) -> None:
    template = one(tmp_path, GUARDS)

    (guard,) = [include.guard for include in template.includes if include.name == included]
    assert expected == describe(guard)


def test_a_branch_says_no_more_than_it_must_of_the_ones_before(tmp_path: Path) -> None:
    source = """class demo {
  $agent = lookup('AGENT')
  if $agent == 'ovn' { include a } elsif $agent == 'ovs' { include b } else { include c }
}"""
    guards = [describe(include.guard) for include in one(tmp_path, source).includes]
    assert ["AGENT is ovn", "AGENT is ovs", "AGENT is not ovn and AGENT is not ovs"] == guards


def test_a_lookup_in_a_branch_is_read_when_the_branch_is(tmp_path: Path) -> None:
    template = one(tmp_path, "if lookup('A') == 'y' { $b = lookup('B') ? { 1 => lookup('C') } }")

    assert {"A": "always", "B": "A is y", "C": "A is y and B is 1"} == {
        use.key: describe(use.guard) for use in template.uses
    }


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("include demo::x", ["demo::x"]),
        ("include ::demo::x", ["demo::x"]),
        ("include 'demo::x', 'demo::y'", ["demo::x", "demo::y"]),
        ("include demo::x, demo::y", ["demo::x", "demo::y"]),
        ("include(['demo::x', '::demo::y'])", ["demo::x", "demo::y"]),
        ("contain demo::x", ["demo::x"]),
        ("contain('demo::x')", ["demo::x"]),
        ("require demo::x", ["demo::x"]),
        ("class { 'demo::x': stage => init }", ["demo::x"]),
        ("class { '::demo::x': ; }", ["demo::x"]),
        ("demo::rule { 'a': port => 1 }", ["demo::rule"]),
        ("create_resources('demo::rule', $rules)", ["demo::rule"]),
        ("class demo inherits demo::params { }", ["demo::params"]),
        ("file { 'a': content => template('demo/a.erb') }", ["demo/a.erb"]),
        ("file { 'a': content => epp('demo/a.epp', { 'b' => 1 }) }", ["demo/a.epp"]),
        ("$a = demo::login('x')", ["demo::login"]),
        ("Class['demo::x'] -> Demo::Rule['y']", []),
    ],
)
def test_every_way_of_bringing_in_is_found(
    tmp_path: Path, source: str, expected: list[str]
) -> None:
    assert expected == [include.name for include in one(tmp_path, source).includes]


def test_includes_lead_to_the_template_that_they_name(tmp_path: Path) -> None:
    templates, _ = read(
        tmp_path,
        init='class demo { include demo::agent\n include elsewhere\n include "demo::b_${x}" }',
        agent="class demo::agent { }",
        b_lvm="class demo::b_lvm { }",
        b_nfs="class demo::b_nfs { }",
    )

    assert [("demo::agent", "demo/agent"), ("elsewhere", "")] == [
        (include.name, include.template) for include in templates["demo"].includes[:2]
    ]
    assert {"demo/b_lvm": "its name is demo::b_*", "demo/b_nfs": "its name is demo::b_*"} == {
        include.template: describe(include.guard) for include in templates["demo"].includes[2:]
    }


def test_a_file_with_several_definitions_has_one_template_for_each(tmp_path: Path) -> None:
    templates, _ = read(
        tmp_path,
        agent="# Rules of a firewall.\ndefine demo::agent::rule ($p = lookup('P')) { }\n\n"
        "# @summary The agent.\n# @param x\nclass demo::agent { $a = lookup('A') }\n",
    )

    assert {
        "demo/agent": ("class", "The agent.", ["A"]),
        "demo/agent/rule": ("define", "Rules of a firewall.", ["P"]),
    } == {name: (t.type, t.summary, keys(t)) for name, t in templates.items()}


def test_a_licence_is_no_summary(tmp_path: Path) -> None:
    assert "" == one(tmp_path, "# Licensed under the Apache License\n\nclass demo { }").summary


@pytest.mark.parametrize(
    "source",
    [
        "Foo::Bar<||> -> Anchor['x']",
        "$v = 0 + $1",
        'exec { "grep ^a$": match => "^.*/$name.*$" }',
        "$h = $p.split(',').map |$t| { $t.split('=') }.flatten.hash",
        "foo { 'a': * => $x }",
        "$c = $x ? { [] => {}, default => 1 }",
        "$a = $x['b'][0]",
        '$b = "${parts[1]}=${y}"',
        'user { ["root@${::hostname}", "@${::hostname}"]: }',
        "function demo::f(String $a) >> Array[String] { ['a', \"b\"] }",
        "$x = @(END)\n text ' \" { ${odd\n | END\n",
    ],
)
def test_what_the_grammar_lacks_costs_nothing(tmp_path: Path, source: str) -> None:
    template = one(tmp_path, f"$a = lookup('BEFORE')\n{source}\n$b = lookup('BEHIND')\n")

    assert ["BEFORE", "BEHIND"] == keys(template)


def test_code_in_a_heredoc_is_read_under_its_branch(tmp_path: Path) -> None:
    template = one(
        tmp_path,
        "if lookup('A') == 'y' {\n  file { 'x':\n    content => @(\"END\"/L),\n"
        "      port = ${lookup('PORT')}\n      | END\n    mode => '0600',\n  }\n}\n",
    )

    assert [("A", 1, "always"), ("PORT", 4, "A is y")] == [
        (use.key, use.location.line, describe(use.guard)) for use in template.uses
    ]


def test_code_in_a_heredoc_knows_the_variables_of_its_class(tmp_path: Path) -> None:
    template = one(
        tmp_path,
        "class demo {\n  $key = 'PORT'\n  $x = @(\"END\")\n"
        "    ${lookup($key)}\n    | END\n  $key2 = lookup('BEHIND')\n}\n",
    )

    assert [("PORT", 4), ("BEHIND", 6)] == [(use.key, use.location.line) for use in template.uses]


def test_a_heredoc_without_quotes_interpolates_nothing(tmp_path: Path) -> None:
    assert [] == keys(one(tmp_path, "$x = @(END)\n${lookup('PORT')}\n| END\n"))


def test_a_syntax_error_costs_its_statement_and_is_said(tmp_path: Path) -> None:
    templates, problems = read(
        tmp_path,
        init="class demo {\n  $a = lookup('A')\n  $b = %%% lookup(\n  $c = lookup('C')\n}\n",
    )

    assert {"A", "C"} <= set(keys(templates["demo"]))
    assert {("parse-error", 3, "demo")} <= {
        (problem.kind, problem.location.line, problem.object) for problem in problems
    }


def test_places_count_characters(tmp_path: Path) -> None:
    (use,) = one(tmp_path, "# größer\n$a = { 'ö' => lookup('CONFIG_A') }").uses

    assert (2, 22, 32) == (use.location.line, use.location.column, use.location.end_column)


def test_a_use_is_where_the_key_is_named(tmp_path: Path) -> None:
    source = "f { 'x':\n  a => lookup(\n    'CONFIG_A',\n  ),\n}"
    (use,) = one(tmp_path, source).uses

    assert Use(key="CONFIG_A", access="read", location=use.location) == use
    assert "puppet/modules/demo/manifests/init.pp:3" == str(use.location)
