"""Directives and roles in hand-written pages: what they show, and what they say of mistakes."""

from __future__ import annotations

import re

import pytest

from tests.plugindoc.sphinx.conftest import MakeSite

FENCE = "```"


def page(*blocks: str) -> str:
    """Return a page of directives."""
    return "# Cloud\n\n" + "\n\n".join(f"{FENCE}{{{block}\n{FENCE}" for block in blocks) + "\n"


def test_directives_show_what_they_name(make_site: MakeSite) -> None:
    index = page(
        "plugin:auto} CONFIG_COMPUTE_PW",
        "plugin:auto} COMPUTE",
        "plugin:auto} compute_300",
        "plugin:auto} compute_300/Installing compute",
        "plugin:auto} validators.validate_options",
        "plugin:source} compute_300.prepare",
        "plugin:source} compute_300/Preparing compute entries",
        "plugin:source} CONFIG_COMPUTE_HOST",
        "plugin:options}\n:plugin: compute_300\n:secret:",
        "plugin:run-order}",
        "plugin:walkthrough} prescript_000",
        "plugin:answers}\nCONFIG_COMPUTE_INSTALL=y",
    ).replace("```{plugin:source} compute_300.prepare\n```\n", "")
    site = make_site(index)
    shown = (site.build("text") / "index.txt").read_text()
    assert "" == site.warnings
    assert "CONFIG_COMPUTE_PW compute_300.py:12" in shown
    assert "def prepare(config, messages):" in shown
    assert '"CONF_NAME": "CONFIG_COMPUTE_HOST"' in shown
    assert "CONFIG_COMPUTE_INSTALL=y" in shown


def test_a_first_page_says_where_to_begin(make_site: MakeSite) -> None:
    whats = ("welcome", "summary", "plugins", "flow", "legend")
    site = make_site(page(*(f"plugin:overview}} {what}" for what in whats)))
    html = (site.build() / "index.html").read_text()
    assert '<form class="pd-find" role="search" aria-label="Find options" ' in html
    assert 'action="plugins/options.html"' in html
    shown = (site.build("text") / "index.txt").read_text()
    assert "" == site.warnings
    for said in (
        "Every option of cloud: when it applies, and what the installer does with your answer.",
        "All options",
        "**3** options searchable by name, flag or text",
        '"compute_300" 2 options, 1 step',
        "1. Installing compute",
        "Shown when: The answers under which the option applies.",
        "CONFIG_COMPUTE_INSTALL prescript_000.py:",
    ):
        assert said in " ".join(shown.split()), said


def test_things_have_their_place_in_the_generated_pages(make_site: MakeSite) -> None:
    site = make_site(page("plugin:auto} CONFIG_COMPUTE_PW"))
    html = (site.build() / "index.html").read_text()
    assert 'id="CONFIG_COMPUTE_PW"' not in html
    assert 'href="plugins/compute_300.html#CONFIG_COMPUTE_PW"' in html


def test_without_generated_pages_they_have_it_where_they_are_shown(make_site: MakeSite) -> None:
    index = page("plugin:auto} CONFIG_COMPUTE_INSTALL")
    site = make_site(index + "{plugin:option}`CONFIG_COMPUTE_INSTALL`\n", plugindoc_pages="")
    html = (site.build() / "index.html").read_text()
    assert "" == site.warnings
    assert 'id="CONFIG_COMPUTE_INSTALL"' in html
    assert not (site.source / "plugins").exists()


@pytest.mark.parametrize(
    ("block", "said"),
    [
        ("plugin:auto} CONFIG_COMPUTE_PWD", "did you mean CONFIG_COMPUTE_PW?"),
        ("plugin:auto} CONFIG_COMPUTE_PW\n:kind: group", "no group CONFIG_COMPUTE_PW in cloud"),
        ("plugin:auto} x\n:source: clout", "no source clout; plugindoc_sources has cloud"),
        ("plugin:options}\n:plugin: computer_300", "did you mean compute_300?"),
        ("plugin:source} validators.validate_option", "did you mean validators.validate_options?"),
        ("plugin:walkthrough} compute_30", "did you mean compute_300?"),
        ("plugin:overview} everything", "no overview everything; there are welcome, summary"),
    ],
)
def test_an_unknown_name_warns_at_its_own_line(make_site: MakeSite, block: str, said: str) -> None:
    site = make_site("# Cloud\n\nText.\n\n" + f"{FENCE}{{{block}\n{FENCE}\n")
    site.build("dummy")
    assert "index.md:5: WARNING: " in site.warnings
    assert said in site.warnings
    assert "[plugindoc.not-found]" in site.warnings


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("CONFIG_COMPUTE_INSTAL=y", "no option CONFIG_COMPUTE_INSTAL; did you mean"),
        ("CONFIG_COMPUTE_INSTALL=maybe", "CONFIG_COMPUTE_INSTALL=maybe is none of y, n"),
        ("CONFIG_NOVA_PW=x", "CONFIG_NOVA_PW is an old name; write CONFIG_COMPUTE_PW"),
        ("CONFIG_COMPUTE_INSTALL", "no NAME=value"),
    ],
)
def test_a_wrong_answer_warns_at_its_own_line(make_site: MakeSite, line: str, said: str) -> None:
    site = make_site(page(f"plugin:answers}}\n[general]\n# why\nCONFIG_COMPUTE_PW=s\n{line}"))
    site.build("dummy")
    assert f"index.md:7: WARNING: {line.partition('=')[0]}" in site.warnings.replace(
        "no option ", ""
    )
    assert said in site.warnings
    assert 1 == site.warnings.count("WARNING")


def test_roles_link_in_both_languages(make_site: MakeSite) -> None:
    site = make_site(
        "# Cloud\n\n"
        "{plugin:option}`CONFIG_COMPUTE_PW` {plugin:option}`CONFIG_NOVA_PW` "
        "{plugin:module}`compute_300` {plugin:group}`COMPUTE` {any}`CONFIG_COMPUTE_HOST` "
        "{plugin:sequence}`compute_300/Installing compute` "
        "{plugin:step}`its step <compute_300/Preparing compute entries>` "
        "{plugin:function}`validators.validate_options`\n"
    )
    rst = "Other\n=====\n\n:orphan:\n\n:plugin:option:`CONFIG_COMPUTE_PW`\n\n"
    directive = ".. plugin:auto:: CONFIG_COMPUTE_HOST\n"
    (site.source / "other.rst").write_text(":orphan:\n\n" + rst + directive)
    out = site.build()
    assert "" == site.warnings
    html = (out / "index.html").read_text()
    for anchor in (
        "CONFIG_COMPUTE_PW",
        "plugin-compute_300",
        "group-COMPUTE",
        "CONFIG_COMPUTE_HOST",
        "sequence-compute_300-installing-compute",
        "step-compute_300-preparing-compute-entries",
    ):
        assert f'href="plugins/compute_300.html#{anchor}"' in html
    assert ">its step<" in html
    assert ">Installing compute<" in html
    other = (out / "other.html").read_text()
    assert 'href="plugins/compute_300.html#CONFIG_COMPUTE_PW"' in other


def test_an_unknown_role_target_warns_with_the_nearest_name(make_site: MakeSite) -> None:
    site = make_site("# Cloud\n\nText.\n\n{plugin:option}`CONFIG_COMPUTE_PWD`\n")
    site.build("dummy")
    assert "index.md:5: WARNING: unknown option CONFIG_COMPUTE_PWD; did you mean" in site.warnings
    assert "[ref.plugin.option]" in site.warnings


def test_another_site_links_in_through_its_inventory(make_site: MakeSite) -> None:
    first = make_site()
    inventory = first.build() / "objects.inv"
    other = make_site(
        "# Other\n\n{plugin:option}`CONFIG_COMPUTE_PW` "
        "{plugin:step}`compute_300/Preparing compute entries`\n",
        extensions=["plugindoc", "sphinx.ext.intersphinx"],
        plugindoc_sources={},
        intersphinx_mapping={"cloud": ("https://cloud.example.org", str(inventory))},
    )
    (first.folder / "doctrees").rename(first.folder / "old")
    for name in ("plugins", "walkthroughs"):
        (first.source / name).rename(first.folder / name)
    html = (other.build("dirhtml") / "index.html").read_text()
    assert "" == other.warnings
    assert "https://cloud.example.org/plugins/compute_300.html#CONFIG_COMPUTE_PW" in html
    assert "#step-compute_300-preparing-compute-entries" in html


def test_several_sources_have_names_of_their_own(make_site: MakeSite) -> None:
    index = (
        "# Two\n\n{plugin:option}`CONFIG_COMPUTE_PW` {plugin:option}`older:CONFIG_COMPUTE_PW`\n\n"
        "```{plugin:auto} older:CONFIG_COMPUTE_PW\n```\n\n"
        "```{toctree}\nplugins/older/index\nwalkthroughs/older/index\n```\n"
    )
    site = make_site(
        index, plugindoc_sources={"cloud": "../installer", "older": "../installer/cloud"}
    )
    html = (site.build() / "index.html").read_text()
    assert "" == site.warnings
    assert 'href="plugins/compute_300.html#CONFIG_COMPUTE_PW"' in html
    assert 'href="plugins/older/compute_300.html#CONFIG_COMPUTE_PW"' in html


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"plugindoc_sources": {"cloud": "../nowhere"}}, "cloud"),
        ({"plugindoc_sources": {"../up": "../installer"}}, "is no name"),
        ({"plugindoc_sources": {"cloud": ""}}, "is no path"),
        ({"plugindoc_templates": "nowhere"}, "is no folder"),
    ],
)
def test_a_configuration_that_cannot_be_used_gets_one_line(
    make_site: MakeSite, settings: dict[str, object], said: str
) -> None:
    assert said in make_site(**settings).refusal()


def test_a_site_replaces_single_page_templates(make_site: MakeSite) -> None:
    site = make_site(plugindoc_templates="own")
    own = site.source / "own"
    own.mkdir()
    (own / "options.md.jinja").write_text("# Every single option\n")
    out = site.build("text", exclude_patterns=["own"])
    assert "Every single option" in (out / "plugins" / "options.txt").read_text()
    assert "CONFIG_COMPUTE_PW" in (out / "plugins" / "compute_300.txt").read_text()
    (own / "options.md.jinja").write_text("# {{ no_such_name }}\n")
    assert re.search(r"options\.md\.jinja.*no_such_name", site.refusal("text"))
