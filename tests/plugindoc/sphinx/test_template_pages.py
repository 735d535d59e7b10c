"""Pages of templates: the way to the next one, and when they bring in each other."""

from __future__ import annotations

import re

from tests.plugindoc.sphinx.conftest import MakeSite, Site
from tests.plugindoc.sphinx.installers import CLOUD

FOLDER = "cloud/puppet/templates"
CHAIN = {**CLOUD, **{f"{FOLDER}/{name}.pp": "" for name in ("first", "second", "third")}}
GUARDED = "if lookup('CONFIG_COMPUTE_HOST') == 'here' {\n  include cloud::inner\n}\n"
INCLUDE = {
    **CLOUD,
    f"{FOLDER}/outer.pp": GUARDED,
    "cloud/puppet/modules/cloud/manifests/inner.pp": "class cloud::inner {\n}\n",
}


def neighbours(site: Site, name: str) -> list[str]:
    """Return where the links of a template's page in the site's head lead."""
    html = (site.folder / "html" / "plugins" / "templates" / f"{name}.html").read_text()
    return re.findall(r'<link rel="(?:next|prev)" title="[^"]*" href="([^"]*)"', html)


def test_a_template_leads_to_the_next_and_the_previous(make_site: MakeSite) -> None:
    site = make_site(files=CHAIN)
    site.build()
    assert ["third.html", "first.html"] == neighbours(site, "second")
    assert ["second.html"] == neighbours(site, "third")


def test_the_first_template_leads_back_to_the_list(make_site: MakeSite) -> None:
    site = make_site(files=CHAIN)
    site.build()
    first = min(
        page.stem
        for page in (site.folder / "html" / "plugins" / "templates").glob("*.html")
        if page.stem != "index"
    )
    assert "index.html" == neighbours(site, first)[-1]


def test_no_page_leads_to_a_removed_template(make_site: MakeSite) -> None:
    site = make_site(files=CHAIN)
    site.build()
    (site.folder / "installer" / FOLDER / "second.pp").unlink()
    site.build()
    assert "first.html" == neighbours(site, "third")[-1]


def test_both_ends_of_an_include_say_when_it_happens(make_site: MakeSite) -> None:
    out = make_site(files=INCLUDE).build("text")
    pages = out / "plugins" / "templates"
    condition = 'when "CONFIG_COMPUTE_HOST" is "here"'
    assert f'"cloud::inner" {condition}' in (pages / "outer.txt").read_text()
    assert f'template "outer" {condition}' in (pages / "cloud-inner.txt").read_text()


def test_what_is_included_twice_is_listed_once(make_site: MakeSite) -> None:
    files = {**INCLUDE, f"{FOLDER}/outer.pp": GUARDED + GUARDED}
    page = make_site(files=files).build("text") / "plugins" / "templates" / "outer.txt"
    assert 1 == page.read_text().count('"cloud::inner" when')
