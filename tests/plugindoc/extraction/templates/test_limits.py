"""However much a template holds, it is read to its end, in a time that grows with its length."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.extraction import templates as room
from plugindoc.extraction.puppet_values import MAX_NESTED, MAX_TESTS, MAX_VALUES
from plugindoc.extraction.templates import Holder, read_templates
from plugindoc.model.conditions import Condition, Opaque, describe
from plugindoc.model.project import Template

MANY = 1_000


def read(tmp_path: Path, name: str, source: str) -> Template:
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates" / name).write_text(source)
    templates, _ = read_templates(Holder(tmp_path, [tmp_path]))
    return templates[-1]


def guards(template: Template) -> dict[str, Condition]:
    return {include.name: include.guard for include in template.includes}


def chain(sign: str, count: int) -> str:
    return f" {sign} ".join(f"lookup('K{number}') == 'y'" for number in range(count))


@pytest.mark.parametrize(
    "source",
    [
        "\n" * MANY,
        " \n" * MANY,
        "#\n" * MANY,
        "@(a)\n" * MANY,
        ") >> " * MANY,
        "::A" * MANY,
        "/* " * MANY + "*/",
        f"if {'(' * MANY}$a{')' * MANY} {{ }}",
        f"if {'!' * MANY}$a {{ }}",
        f"if {chain('and', MANY)} {{ }}",
        f"if {chain('or', MANY)} {{ }}",
        f"$x = {'[' * MANY}1{']' * MANY}",
        f"$x = lookup('K', {'[' * MANY}1{']' * MANY})",
        f"$x = lookup({'[' * MANY}'K'{']' * MANY})",
        f"contain({'[' * MANY}'a'{']' * MANY})",
        "if $a { }\n" + "elsif $b { include x }\n" * MANY,
        "$x = $x\n" * MANY + "include $x",
        "".join(f"$x = lookup('K{number}')\n" for number in range(MANY)) + "if $x { }\n" * MANY,
        f'include "{"a${b}" * 50}"\nclass {"a" * 100} {{ }}',
        f"$x = lookup('{'%{' * MANY}')",
        "f(" * MANY + ")" * MANY,
        "f(f(^) " * MANY + ")" * MANY,
        "$x = " * MANY + "1",
        "$x ? a => " * MANY + "1",
        "$a -> " * MANY + "$b",
        "$a" + "[1]" * MANY + ".b" * MANY,
        "x { 'a': b => f() |$y| { " * MANY + "} ^ }" * MANY,
        '"a ${f(' * MANY + ')}"' * MANY,
        '@("a")\n${f(@("a"))}\n|a\n' * MANY,
        "class a(" + "^, " * MANY + ") { }",
        "^\n" * MANY,
    ],
)
def test_what_stands_behind_is_read(tmp_path: Path, source: str) -> None:
    read(tmp_path, "a.pp", f"{source}\ninclude behind\n")
    templates, _ = read_templates(Holder(tmp_path, [tmp_path]))

    assert "behind" in guards(templates[0])


@pytest.mark.parametrize(
    "source",
    ["<% " * MANY + "%>", "<%= lookup" + " " * MANY + "x %>", "<%= lookup('" * MANY + "') %>"],
)
def test_what_stands_behind_in_ruby_is_read(tmp_path: Path, source: str) -> None:
    template = read(tmp_path, "a.erb", f"{source}\n<%= lookup('BEHIND') %>")

    assert "BEHIND" in {use.key for use in template.uses}


@pytest.mark.parametrize(("count", "kept"), [(MAX_TESTS, False), (MAX_TESTS + 1, True)])
def test_a_test_of_too_many_parts_is_kept_as_it_is_written(
    tmp_path: Path, count: int, *, kept: bool
) -> None:
    template = read(tmp_path, "a.pp", f"if {chain('and', count)} {{ include a }}")

    keys = tuple(f"K{number}" for number in range(count))
    assert kept == (Opaque(chain("and", count), keys) == guards(template)["a"])


def test_of_too_many_nested_tests_it_is_said_that_there_are_more(tmp_path: Path) -> None:
    nested = "".join(f"if lookup('K{number}') == 'y' {{\n" for number in range(MAX_TESTS + 5))
    template = read(tmp_path, "a.pp", f"{nested}include a\n{'}' * (MAX_TESTS + 5)}")

    told = describe(guards(template)["a"])
    assert f"K{MAX_TESTS - 1} is y and more tests" in told
    assert f"K{MAX_TESTS} is y" not in told


@pytest.mark.parametrize(
    ("depth", "told"), [(MAX_NESTED - 1, "K is y"), (MAX_NESTED, "lookup('K') == 'y'")]
)
def test_a_test_in_too_many_parentheses_is_kept_as_it_is_written(
    tmp_path: Path, depth: int, told: str
) -> None:
    test = f"{'(' * depth}lookup('K') == 'y'{')' * depth}"
    template = read(tmp_path, "a.pp", f"if {test} {{ include a }}")

    assert told in describe(guards(template)["a"])


@pytest.mark.parametrize(("count", "found"), [(MAX_VALUES, MAX_VALUES), (MAX_VALUES + 1, 1)])
def test_a_variable_that_is_set_too_often_can_be_anything(
    tmp_path: Path, count: int, found: int
) -> None:
    values = "".join(f"$x = 'K{number}'\n" for number in range(count))
    template = read(tmp_path, "a.pp", f"{values}$y = lookup($x)")

    assert found == len(template.uses)
    assert (1 == found) == template.uses[0].pattern


@pytest.mark.parametrize(("most", "expected"), [(2, {"two": "two"}), (1, {"t*": ""})])
def test_too_many_half_known_names_are_left_as_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, expected: dict[str, str]
) -> None:
    monkeypatch.setattr(room, "MAX_COMPARED", most)
    template = read(tmp_path, "a.pp", 'class two { }\nclass one { include "t${x}" }\n')

    assert expected == {include.name: include.template for include in template.includes}
