"""The site in other themes: nothing overlaps or sticks out, and its lists and colours work."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.site.conftest import BIN, ROOT, BuildOnce, OpenPage
from tests.site.test_accessibility import serious

pytestmark = pytest.mark.site

PAGES = (
    "index.html",
    "plugins/index.html",
    "plugins/keystone_100.html",
    "plugins/options.html",
    "plugins/run-order.html",
    "plugins/answer-file.html",
    "walkthroughs/keystone_100.html",
)

OVERLAPS = """() => {
  const found = [];
  for (const line of document.querySelectorAll("dl.pd-card > dt, p.pd-row-head, p.pd-answer")) {
    const boxes = [...line.children]
      .map((child) => [child, child.getBoundingClientRect()])
      .filter(([child, box]) => box.width > 1 && box.height > 1 && !child.matches(".headerlink"));
    for (const [i, [one, a]] of boxes.entries()) {
      for (const [other, b] of boxes.slice(i + 1)) {
        const wide = Math.min(a.right, b.right) - Math.max(a.left, b.left);
        const high = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
        if (wide > 1 && high > 3) {
          found.push(`${one.textContent} | ${other.textContent}`);
        }
      }
    }
  }
  return found;
}"""


@pytest.fixture(params=["pydata_sphinx_theme", "sphinx_rtd_theme", "alabaster"])
def themed(request: pytest.FixtureRequest, build_once: BuildOnce) -> Path:
    """Return the site of the bundled installer in a theme, built without a warning."""
    theme = request.param
    flags = ["--theme", theme, "--name", "packstack", "--strict", "--quiet"]
    source = ROOT / "source_packstack"
    return build_once(theme, [BIN / "plugindoc", "build", source, "-o", "{out}", *flags])


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_nothing_overlaps_or_sticks_out(themed: Path, open_page: OpenPage, *, phone: bool) -> None:
    page = open_page(themed, PAGES[0], phone=phone)
    width = page.viewport_size["width"] if page.viewport_size else 0
    for address in PAGES:
        page.goto(f"file://{themed}/{address}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, address
        assert [] == page.evaluate(OVERLAPS), address


def test_the_list_is_filtered_and_leads_on(themed: Path, open_page: OpenPage) -> None:
    page = open_page(themed, "index.html")
    page.get_by_role("searchbox", name="Find options").fill("CONFIG_KEYSTONE_INSTALL")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ of \d+ options$"))
    page.locator(".pd-row:visible a").first.click()
    expect(page.locator("[id=CONFIG_KEYSTONE_INSTALL]")).to_be_in_viewport()


@pytest.mark.parametrize("phone", [False, True], ids=["laptop", "phone"])
def test_targets_are_easy_to_hit(themed: Path, open_page: OpenPage, *, phone: bool) -> None:
    page = open_page(themed, PAGES[0], phone=phone)
    for address in PAGES:
        page.goto(f"file://{themed}/{address}")
        small = serious(page, "target-size")
        assert [] == [one for one in small if "toctree-expand" not in one], address  # the theme's


def test_a_long_page_has_contents(themed: Path, open_page: OpenPage) -> None:
    page = open_page(themed, "plugins/keystone_100.html")
    folded = page.locator("details.pd-contents > summary")
    assert folded.count() == ("pydata" not in themed.name)
    if folded.count():
        folded.click()
    contents = page.locator("details.pd-contents, #pst-page-toc-nav, .bd-toc-nav")
    heading = page.locator("[id=group-KEYSTONE_ADMIN] > h2")
    expect(heading).not_to_be_in_viewport()
    contents.locator("a[href='#group-KEYSTONE_ADMIN']").first.click()
    expect(heading).to_be_in_viewport()


def test_names_that_lead_somewhere_look_like_links(themed: Path, open_page: OpenPage) -> None:
    page = open_page(themed, "plugins/keystone_100.html")
    colours = page.locator("a:has(> code.literal:not(.docutils))").evaluate_all(
        "all => all.map((one) => [one, one.firstElementChild]"
        ".map((e) => getComputedStyle(e).color))"
    )
    assert len(colours) > 10
    assert [] == [pair for pair in colours if pair[0] != pair[1]]


def test_dark_where_the_theme_has_it(themed: Path, open_page: OpenPage) -> None:
    page = open_page(themed, "plugins/keystone_100.html", dark=True)
    card = page.locator("dl.pd-card").first
    surface, text = card.evaluate(
        "e => [getComputedStyle(e).backgroundColor, getComputedStyle(e).color]"
    )
    body = page.locator("body").evaluate("e => getComputedStyle(e).backgroundColor")
    assert is_dark(surface) == ("pydata" in themed.name)
    assert is_dark(surface) == is_dark(body)
    assert is_dark(text) != is_dark(surface)


def is_dark(colour: str) -> bool:
    """Return whether a colour of the form ``rgb(…)`` is nearer to black than to white."""
    return sum(int(part) for part in re.findall(r"\d+", colour)[:3]) < 3 * 128
