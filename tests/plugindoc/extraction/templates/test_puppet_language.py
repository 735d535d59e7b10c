"""The whole language of Puppet is understood; what is broken costs no more than its statement."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugindoc.extraction.manifests import read_manifest
from plugindoc.extraction.templates import Holder, read_templates
from plugindoc.model.conditions import describe
from plugindoc.model.project import Problem, Template
from plugindoc.reading.puppet import parse_epp, parse_manifest
from tests.trees import write_tree


def read(tmp_path: Path, source: str, name: str = "manifests/init.pp") -> list[Template]:
    write_tree(tmp_path / "modules" / "demo", {"manifests/other.pp": "", name: source})
    templates, problems = read_templates(Holder(tmp_path, [tmp_path]))
    assert () == problems
    return [template for template in templates if name in template.location.path]


def broken(tmp_path: Path, source: str) -> tuple[Template, tuple[Problem, ...]]:
    write_tree(tmp_path / "modules" / "demo" / "manifests", {"init.pp": source})
    (template,), problems = read_templates(Holder(tmp_path, [tmp_path]))
    return template, problems


def keys(templates: list[Template]) -> list[str]:
    return [use.key for template in templates for use in template.uses]


@pytest.mark.parametrize(
    "source",
    [
        # collectors
        "Service <| title == 'web' |> { tag +> ['a', 'b'] }",
        "File <| title == $path or tag == 'x' |> -> Service <| |> ~> Exec <<| a != 1 or b == 2 |>>",
        "Ring::Sync <<||>>",
        "Haproxy::Peer<<| name == $name |>> { ensure => present, }",
        # types as values
        "assert_type(Pattern[/\\A(conf|pref)\\z/, /^$/], $a) |$want, $got| { fail('x') }",
        "if $a =~ String[1] { }",
        "if $a !~ Optional[Integer[-1, 3]] { }",
        "if defined(Class[demo::policy]) and !defined(Service['x']) { }",
        "$a = Integer($b) + String[1]($c, '%x').size",
        "$a = Deferred('f', [$b])",
        "$a = Struct[{ Optional['a'] => String[1], NotUndef['b'] => Variant[Enum['x'], Undef] }]",
        "type Demo::Port = Pattern[/^[a-z'\"{]+={,6}$/]",
        "type Demo::Port = Struct[{ 'a' => Integer, Optional['b'] => Demo::Other }]",
        # functions and lambdas
        "$a.each |Integer $index, Optional[String] *$rest| { notice($rest) }",
        "$a = $b.filter |$x, $y = 1| { $y != undef }.map |$x| { $x + 1 }.join(',')",
        "$a = $b.lest || { [] }.each |$x| { }",
        "$a = with(1) |$x| >> Integer { $x }",
        "function demo::f(String $a, Any *$b) >> Array[String] { return([$a] + $b) }",
        "$a = $b.type == $c.in.default",
        "function demo::f { next() }",
        # selectors and branches
        "$a = empty($b['c']) ? { true => 1, default => 2, }",
        "$a = $b ? /^x/ => 1",
        "$a = ($b = f()) ? { undef => -1, *$c => 2, /x|y/ => 3, default => $b }",
        "case $a { /^(a|b)$/, 'c': { } String[1]: { } *$b, default: { } }",
        "$a = if $b { 1 } elsif $c { 2 } else { 3 }",
        "$a = unless $b { 1 } else { case $c { default: { 2 } } }",
        # values
        "$a = $b[-1][0, 2]['x'][$c - 1]",
        "$a = $b / 1024 / $c % 2 - -1 << 2 >> 1",
        "$a = $::demo::x['y'] =~ /a\\/b/ and ! ($b in [1, 'x', 2.5e3, 0x1F, 0644])",
        "$a = { default => 1, if => 2, -1 => 3, 'a' => {}, $b => [] }",
        "$a = [*$b, 'x' => 1]",
        "[$a, $b] = [1, 2]\n$c += [1]",
        '$a = "${b[\'c\']} ${d["e"].f} ${if $g { "h${i}" }} $j $ 5$ \\${k} ${::l::m}"',
        "$a = 'it''s'",
        '$a = @("END"/L) + @(OTHER)\n  ${b} " {\n  | END\n  { \'\n  | - OTHER\n',
        "$a = @(END:json)\n  }\n  |-END\r\n",
        # resources
        "class { 'x': a => 1; 'y': b => 2 }",
        "@file { 'x': * => $a, }\n@@demo::thing { ['a', \"b${c}\"]: display-name => 'x' }",
        "File { mode => '0644' }\nFile['a', 'b'] { owner => root, group +> 'x' }",
        "Resource[$type] { $title: * => $all }",
        "$type { 'x': ensure => present }",
        "file { default: mode => '1'; 'x': type => file, class => 1, unless => 'y'; }",
        "file { 'x': } -> [Package['a'], B['c']] ~> service { 'y': } <- Exec['z'] <~ Anchor['q']",
        "realize User['a'], User['b']",
        "realize(File['a'])\ninclude a, b\ncontain ::c\nrequire 'd'\ntag 'x', 'y'\nfail \"x\"",
        # definitions
        "class demo::x inherits demo { }",
        "class demo::x (Variant[Integer[-1], Pattern[/^\\d+:(\\w|')$/]] $a = $demo::b, $c) { }",
        "define demo::x ($a = { 'b' => [1] }, Boolean $d = true,) { }",
        "node /^web\\d+$/, 'db', cache.example.com { }\nnode default inherits base { }",
        "plan demo::x(TargetSpec $a) { run_task('b', $a) }",
        # comments
        "/* ' { */ # \" (",
    ],
)
def test_valid_puppet_is_understood_to_its_end(tmp_path: Path, source: str) -> None:
    templates = read(tmp_path, f"{source}\nnotice(lookup('BEHIND'))\n")

    assert "BEHIND" in keys(templates)


@pytest.mark.parametrize(
    "source",
    [
        "Service <| title == lookup('K') |> { tag +> 'a' }",
        "Service <| |> { tag +> lookup('K') }",
        "assert_type(Pattern[/x/], lookup('K'))",
        "$a = $b ? { Integer[1] => lookup('K') }",
        "$a.each |Integer $i| { notice(lookup('K')) }",
        "$a = [1].map |$x| { lookup('K') }.join",
        "if lookup('K') =~ Pattern[/x/] { }",
        "class a (Pattern[/'/] $b = lookup('K')) { }",
        "File[lookup('K')] -> Service['x']",
        "file { lookup('K'): }",
        "file { 'x': * => lookup('K') }",
        "$a = \"${if $b { lookup('K') }}\"",
        '$a = "a ${f("b ${lookup(\'K\')}")}"',
        "$a = @(\"X\")\n  {'${f({ 'a' => lookup('K') })}\n  | X\n",
        "$a = 'K'.lookup('Array')",
        "$a = 'K'.lookup",
        "unless $a { } else { notice(lookup('K')) }",
    ],
)
def test_a_lookup_anywhere_is_found(tmp_path: Path, source: str) -> None:
    assert "K" in keys(read(tmp_path, source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("<%| String $a |%><% if $b { -%>[<%= lookup('K') %>]<% } -%>\n", ["K"]),
        ("<%= $a %>[<%= lookup('K') %>] 'quoted\n<%- lookup('L') -%>", ["K", "L"]),
        ("<% $a.each |$x| { -%> x <%= $x %> <% } %><%# lookup('N') %><%= lookup('K') %>", ["K"]),
        ("<% if !$a.empty() { %>[<%= $a.map |$k| { \"${k}=\" }.join(',') %>]<% } else { %>", []),
    ],
)
def test_code_between_text_is_understood(tmp_path: Path, source: str, expected: list[str]) -> None:
    end = "" if expected else "<% } %>"
    assert expected == keys(read(tmp_path, source + end, "templates/a.epp"))


def test_the_default_is_taken_where_nothing_else_matches_wherever_it_stands(
    tmp_path: Path,
) -> None:
    (template,) = read(
        tmp_path,
        "case lookup('A') {\n  'x', default: { include one }\n  'y': { include two }\n}\n",
    )

    assert {"one": "A is not y", "two": "A is y"} == {
        include.name: describe(include.guard) for include in template.includes
    }


@pytest.mark.parametrize(
    ("lookup", "condition"),
    [
        ("lookup('A', { merge => 'unique' })", "A begins with x"),
        ("lookup({ name => 'A', merge => unique })", "A begins with x"),
        ("hiera_array('A')", "A begins with x"),
        ("lookup('A')", "$a[0] == 'x'"),  # of a text, that is its first letter
        ("lookup('A', { merge => 'hash' })", "$a[0] == 'x'"),
    ],
)
def test_the_first_member_of_a_list_is_compared(
    tmp_path: Path, lookup: str, condition: str
) -> None:
    source = f"$a = {lookup}\nif $a[0] == 'x' {{ include one }}\n"
    source += "case $a[0] { 'x': { include two } 'y', 'z': { include three } }\n"
    (template,) = read(tmp_path, source)
    found = {include.name: describe(include.guard) for include in template.includes}
    assert condition == found["one"]
    if condition.startswith("A"):
        assert condition == found["two"]
        assert "A begins with y or A begins with z" == found["three"]


@pytest.mark.parametrize(
    ("source", "kind", "line"),
    [
        ("class demo {\n  x { 'a': b => ^ }\n  notice(lookup('K'))\n}", "not-understood", 2),
        ("class demo {\n  x { 'a': b => lookup('K') c => 1 }\n}", "not-understood", 2),
        ("$a = $b ? { 'x', lookup('K') => 1 }", "not-understood", 1),
        ("class demo {\n  if ^ {\n    notice(lookup('K'))\n  }\n}", "not-understood", 2),
        ("class demo (\n  $a ^ $b,\n  $c = lookup('K')\n) { }", "not-understood", 2),
        ("class demo {\n  notice(lookup('K'))\n", "parse-error", 3),
        ("notice(lookup('K'))\n$a = 'x", "parse-error", 2),
        ('notice(lookup("K"))\n$a = "x ${b', "parse-error", 2),
        ("notice(lookup('K'))\n/* x", "parse-error", 2),
        ("notice(lookup('K'))\n}", "parse-error", 2),
        ("$a = @(END)\nnotice(lookup('K'))", "not-understood", 1),
        ("$a = ]\nnotice(lookup('K'))", "parse-error", 1),
    ],
)
def test_what_is_broken_costs_its_statement(
    tmp_path: Path, source: str, kind: str, line: int
) -> None:
    template, (problem,) = broken(tmp_path, source)

    assert (kind, line) == (problem.kind, problem.location.line)
    assert ["K"] == keys([template])


@pytest.mark.parametrize(
    "source",
    [
        "class demo { include demo }",
        "class demo { class { 'demo': } }",
        "class demo inherits demo { contain demo }",
        "class demo { $a = epp('demo') }",
    ],
)
def test_a_class_that_includes_itself_is_read_once(tmp_path: Path, source: str) -> None:
    (template,) = read(tmp_path, source)

    assert {"demo"} == {include.name for include in template.includes}


WORDS = "if elsif else unless case class define node function type plan inherits default undef in a"
NAMES = 'foo::bar include notice Type A::B $x $::y 12 \'text\' "a ${ "b" /re/ %(KEY)s é |X # /* */'
SIGNS = "{ } ( ) [ ] <| |> <<| |>> -> ~> => +> = += ? : ; , . | ! * - / % @ @@ ^ <%= %>"
PIECES = f'{WORDS} {NAMES} {SIGNS} @("X") @(X)'.split()


@given(st.lists(st.sampled_from([*PIECES, "\n", "\n| X\n"]), max_size=60))
def test_whatever_stands_there_is_read_and_located(pieces: list[str]) -> None:
    source = " ".join(pieces)
    for manifest in (parse_manifest("a.pp", source), parse_epp("a.epp", source)):
        read_manifest(manifest, ("lookup",))
        for node in manifest.nodes():
            assert 0 <= node.start <= node.end <= len(source)
            assert 1 <= manifest.location(node).line <= source.count("\n") + 1
