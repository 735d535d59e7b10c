"""A site of an installer that is hostile in every text and every name, in a real browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.plugindoc.sphinx.installers import (
    CLOUD,
    HOSTILE_NAMES,
    hostile,
    write_installer,
    write_site,
)
from tests.site.conftest import BIN, BuildOnce, OpenPage

pytestmark = pytest.mark.site

PLUGIN = CLOUD["cloud/plugins/prescript_000.py"]

ALIVE = """() => {
  const found = [];
  for (const one of document.querySelectorAll("*")) {
    for (const { name, value } of one.attributes) {
      if (name.startsWith("on") || /^\\s*(javascript|data|vbscript):/i.test(value)) {
        found.push(`${one.tagName} ${name}=${value}`);
      }
    }
  }
  for (const one of document.querySelectorAll("iframe, object, embed, base, meta[http-equiv]")) {
    found.push(one.outerHTML.slice(0, 200));
  }
  for (const one of document.querySelectorAll("script")) {
    if (/alert/.test(one.textContent) && one.type !== "application/json") {
      found.push(one.outerHTML.slice(0, 200));
    }
  }
  for (const one of document.querySelectorAll("img")) {
    if (one.getAttribute("src") === "x") found.push(one.outerHTML);
  }
  return found;
}"""
"""What in a page could run a script or load something that the site's author did not write."""

TOUCH = """() => {
  for (const kind of ["mouseover", "mouseenter", "focus", "load", "error"]) {
    for (const one of document.querySelectorAll("main *, article *, [role=main] *")) {
      if (!one.closest("form") && one.tagName !== "SUMMARY") {
        one.dispatchEvent(new MouseEvent(kind, { cancelable: true }));
      }
    }
  }
}"""


@pytest.fixture(scope="session", params=["furo", "basic"])
def hostile_site(
    request: pytest.FixtureRequest, build_once: BuildOnce, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    """Return a site in which nothing that a plugin says or is called is harmless."""
    folder = tmp_path_factory.mktemp("hostile")
    named = {f"cloud/plugins/{name}.py": PLUGIN for name in HOSTILE_NAMES}
    templates = {
        f"cloud/puppet/templates/{name}.pp": f"$x = hiera('CONFIG_COMPUTE_PW') # {name}\n"
        for name in HOSTILE_NAMES
    }
    write_installer(folder / "installer", {**hostile(names=True), **named, **templates})
    docs = write_site(folder / "docs", html_theme=request.param)
    return build_once(f"hostile-{request.param}", [BIN / "sphinx-build", "-Q", docs, "{out}"])


def harmless(page: Page, address: str, title: str) -> None:
    page.evaluate(TOUCH)
    assert [] == page.evaluate(ALIVE), address
    assert page.title() == title, address


def test_no_page_runs_what_a_plugin_says(hostile_site: Path, open_page: OpenPage) -> None:
    page = open_page(hostile_site, "index.html")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    pages = sorted(hostile_site.rglob("*.html"))
    assert len(pages) > 40
    for file in pages:
        address = file.relative_to(hostile_site).as_posix()
        page.goto(file.as_uri(), wait_until="load")
        title = page.title()
        assert "X" != title, address
        harmless(page, address, title)


@pytest.mark.parametrize("query", ["onload", "script", "alert", "compute", "img onerror"])
def test_no_search_runs_what_a_plugin_is_called(
    hostile_site: Path, open_page: OpenPage, query: str
) -> None:
    page = open_page(hostile_site, f"search.html?q={query.replace(' ', '+')}")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.wait_for_selector("#search-results li, #search-results .search-summary")
    harmless(page, query, page.title())


def test_the_filter_shows_hostile_choices_as_they_are(
    hostile_site: Path, open_page: OpenPage
) -> None:
    page = open_page(hostile_site, "plugins/options.html")
    page.on("dialog", lambda dialog: pytest.fail(dialog.message))
    page.get_by_role("searchbox", name="Filter options").fill("<script>")
    assert page.locator(".pd-row:visible").count() > 0
    choices = page.get_by_label("Plugin", exact=True).locator("option").all_inner_texts()
    assert any("<img src=x onerror=alert(1)>_400" in choice for choice in choices)
    harmless(page, "options", page.title())
