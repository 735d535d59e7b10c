"""Templates of other kinds: Python's, ERB, EPP, Ruby and YAML data."""

from pathlib import Path

import pytest

from plugindoc.extraction.templates import Holder, read_templates
from plugindoc.model.conditions import describe
from plugindoc.model.project import Problem, Template
from plugindoc.opening import LARGEST
from tests.trees import write_tree


def read(root: Path, files: dict[str, str]) -> tuple[dict[str, Template], tuple[Problem, ...]]:
    templates, problems = read_templates(Holder(write_tree(root, files), [root]))
    return {template.name: template for template in templates}, problems


def reads(template: Template) -> list[tuple[str, int]]:
    return [(use.key, use.location.line) for use in template.uses if use.access == "read"]


def test_a_manifest_template_of_the_old_releases_is_filled_by_python(tmp_path: Path) -> None:
    templates, problems = read(
        tmp_path,
        {
            "puppet/templates/nova_api.pp": "# for %(CONFIG_NOVA_HOST)s\n"
            "class { 'nova::api':\n  password => '%(CONFIG_NOVA_PW)s',\n"
            "  debug => %(CONFIG_DEBUG)s,\n  load => '100%%(not a key)',\n}\n"
        },
    )

    assert () == problems
    assert [("CONFIG_NOVA_HOST", 1), ("CONFIG_NOVA_PW", 3), ("CONFIG_DEBUG", 4)] == reads(
        templates["nova_api"]
    )
    assert ["nova::api"] == [include.name for include in templates["nova_api"].includes]


def test_python_does_not_fill_the_classes_of_a_module(tmp_path: Path) -> None:
    templates, _ = read(
        tmp_path,
        {"puppet/modules/demo/manifests/init.pp": "class demo { $a = '%(NO_KEY)s' }"},
    )

    assert [] == reads(templates["demo"])


def test_a_key_without_its_conversion_is_a_problem(tmp_path: Path) -> None:
    templates, (problem,) = read(tmp_path, {"templates/a.conf": "x = %(CONFIG_A)\ny = %(B)s\n"})

    assert ("malformed", 1, "a.conf") == (problem.kind, problem.location.line, problem.object)
    assert "%(CONFIG_A)s" in problem.message
    assert [("CONFIG_A", 1), ("B", 2)] == reads(templates["a.conf"])


def test_a_text_without_keys_is_no_template(tmp_path: Path) -> None:
    assert {} == read(tmp_path, {"templates/a.conf": "plain = 100%\n"})[0]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("<%= scope.call_function('lookup', ['CONFIG_A']) %>", ["CONFIG_A"]),
        ("<%= scope.call_function(:hiera, 'CONFIG_A') %>", ["CONFIG_A"]),
        ("<%= scope.function_hiera(['CONFIG_A']) -%>", ["CONFIG_A"]),
        ('<% x = scope.function_lookup(["PORT_#{n}"]) %>', ["PORT_*"]),
        ("<%# scope.function_hiera(['CONFIG_A']) %>", []),
        ("<%% function_hiera(['CONFIG_A']) %>", []),
        ("<%= 1 # function_hiera(['CONFIG_A']) %>", []),
        ("function_hiera(['CONFIG_A'])", []),
    ],
)
def test_erb_looks_up_in_its_tags(tmp_path: Path, code: str, expected: list[str]) -> None:
    templates, _ = read(tmp_path, {"puppet/modules/demo/templates/a.erb": f"port =\n{code}\n"})

    assert [(key, 2) for key in expected] == reads(templates["a.erb"])


def test_an_erb_template_of_a_module_goes_by_its_puppet_name(tmp_path: Path) -> None:
    templates, _ = read(
        tmp_path,
        {
            "puppet/modules/demo/manifests/init.pp": "class demo { $a = template('demo/a.erb') }",
            "puppet/modules/demo/templates/a.erb": "<%= scope.function_hiera(['A']) %>",
        },
    )

    assert ["demo/a.erb"] == [include.template for include in templates["demo"].includes]
    assert [("A", 1)] == reads(templates["demo/a.erb"])


def test_epp_is_puppet_between_tags(tmp_path: Path) -> None:
    template = read(
        tmp_path,
        {
            "puppet/modules/demo/templates/a.epp": "<%- | String $x = 'lookup(1)' | -%>\n"
            "lookup('NOT_CODE')\n<%# lookup('NOR_THIS') %>\n"
            "<% if lookup('CONFIG_SSL') == 'y' { -%>\n  port = <%= lookup('PORT') %>\n<% } -%>\n"
        },
    )[0]["a.epp"]

    assert [("CONFIG_SSL", "always"), ("PORT", "CONFIG_SSL is y")] == [
        (use.key, describe(use.guard)) for use in template.uses
    ]
    assert [4, 5] == [use.location.line for use in template.uses]


def test_ruby_of_a_module_counts_where_it_looks_up(tmp_path: Path) -> None:
    templates, _ = read(
        tmp_path,
        {
            "puppet/modules/demo/manifests/init.pp": "class demo { }",
            "puppet/modules/demo/lib/puppet/functions/a.rb": "# lookup('NO')\n"
            "call_function('lookup', 'CONFIG_A')\n",
            "puppet/modules/demo/lib/facter/b.rb": "Facter.add(:b) {}\n",
        },
    )

    assert {"demo", "demo/lib/puppet/functions/a.rb"} == set(templates)
    assert [("CONFIG_A", 2)] == reads(templates["demo/lib/puppet/functions/a.rb"])


def test_hieradata_sets_keys_and_looks_others_up(tmp_path: Path) -> None:
    template = read(
        tmp_path,
        {
            "puppet/hieradata/common.yaml": "# lookup('NO')\n"
            "ntp::servers: \"%{lookup('CONFIG_NTP_SERVERS')}\"\n"
            "CONFIG_WORKERS: 4\nnested: {a: \"%{hiera('CONFIG_A')} %{::fqdn}\"}\n"
        },
    )[0]["common.yaml"]

    assert [("CONFIG_NTP_SERVERS", 2), ("CONFIG_A", 4)] == reads(template)
    assert [("ntp::servers", 2), ("CONFIG_WORKERS", 3), ("nested", 4)] == [
        (use.key, use.location.line) for use in template.uses if "write" == use.access
    ]


@pytest.mark.parametrize("text", ["a: [", "a: b: c", "\0", "[" * 5000])
def test_broken_yaml_is_a_problem_and_no_crash(tmp_path: Path, text: str) -> None:
    _, (problem,) = read(tmp_path, {"hieradata/common.yaml": text})

    assert "parse-error" == problem.kind
    assert "YAML" in problem.message


def test_yaml_elsewhere_is_not_hieradata(tmp_path: Path) -> None:
    assert {} == read(tmp_path, {".ci/a.yaml": "A: 1", "docs/b.yaml": "B: 1"})[0]


def test_a_file_beyond_the_limit_is_not_read_and_said(tmp_path: Path) -> None:
    templates, (problem,) = read(tmp_path, {"templates/a.pp": "#" * (LARGEST + 1)})

    assert {} == templates
    assert ("unreadable", "a") == (problem.kind, problem.object)
    assert "larger than" in problem.message


def test_a_link_out_of_the_tree_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.pp").write_text("lookup('SECRET')")
    (tmp_path / "tree" / "templates").mkdir(parents=True)
    (tmp_path / "tree" / "templates" / "a.pp").symlink_to(tmp_path / "secret.pp")
    (tmp_path / "tree" / "out").symlink_to(tmp_path)

    holder = Holder(tmp_path / "tree", [tmp_path / "tree"])
    templates, (problem,) = read_templates(holder)
    assert () == templates
    assert (
        "templates/a.pp is a symbolic link that leads out of the tree; not read" == problem.message
    )


@pytest.mark.parametrize(
    "source",
    [b"\xff\xfe lookup('A')", b"lookup(" * 5000, b"{" * 20000, b'"${' * 5000, b'@("E")\n' * 500],
)
def test_no_manifest_is_a_crash(tmp_path: Path, source: bytes) -> None:
    (tmp_path / "a.pp").write_bytes(source)

    templates, _ = read_templates(Holder(tmp_path, [tmp_path]))

    assert ["a"] == [template.name for template in templates]
