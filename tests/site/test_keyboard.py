"""The Tab key reaches all that can be operated, and nothing that is not seen."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page, expect

from tests.site.conftest import OpenPage
from tests.site.test_accessibility import serious

pytestmark = pytest.mark.site

PAGES: Final = [
    ("upstream", "index.html"),
    ("upstream", "plugins/keystone_100.html"),
    ("upstream", "plugins/options.html"),
    ("upstream", "plugins/hosts/CONFIG_COMPUTE_HOSTS.html"),
    ("upstream", "plugins/changes/26.0.0.html"),
    ("upstream", "plugins/templates/index.html"),
    ("upstream", "plugins/templates/packstack-keystone.html"),
    ("upstream", "walkthroughs/keystone_100.html"),
    ("bundled", "reference/rules/index.html"),
    ("bundled", "reference/rules/PD101.html"),
]
WIDTHS: Final = [320, 1280]


@pytest.fixture
def site(request: pytest.FixtureRequest) -> Path:
    """Return one of the sites by the name of its fixture."""
    found: Path = request.getfixturevalue(request.param)
    return found


FOCUSED: Final = """() => {
  const one = document.activeElement;
  const shown = one.matches("[type=checkbox]") ? [...one.labels] : [one];
  const boxes = shown.map((part) => part.getBoundingClientRect());
  const seen = boxes.some((box) => box.width > 1 && box.right > 0 && box.left < innerWidth);
  return [one.id || one.textContent.trim(), seen];
}"""


def walk(page: Page, steps: int) -> list[tuple[str, bool]]:
    """Press Tab, and return what has the focus each time and whether it is in sight."""
    found = []
    for _ in range(steps):
        page.keyboard.press("Tab")
        name, seen = page.evaluate(FOCUSED)
        found.append((name, seen))
    return found


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("site", "address"), PAGES, indirect=["site"])
def test_the_focus_is_always_in_sight(
    site: Path, open_page: OpenPage, address: str, width: int
) -> None:
    page = open_page(site, address)
    page.set_viewport_size({"width": width, "height": 800})
    assert [] == [name for name, seen in walk(page, 60) if not seen]


@pytest.mark.parametrize(("site", "address"), PAGES, indirect=["site"])
def test_the_menu_opens_by_keyboard_on_a_phone(
    site: Path, open_page: OpenPage, address: str
) -> None:
    page = open_page(site, address)
    page.set_viewport_size({"width": 320, "height": 800})
    menu = page.locator(".sidebar-drawer")
    expect(menu).not_to_be_in_viewport()
    assert "__navigation" in [name for name, _ in walk(page, 1)]
    page.keyboard.press("Space")
    expect(menu).to_be_in_viewport()
    page.keyboard.press("Space")
    expect(menu).not_to_be_in_viewport()


def test_a_part_of_the_menu_folds_by_keyboard(upstream: Path, open_page: OpenPage) -> None:
    page = open_page(upstream, "index.html")
    page.set_viewport_size({"width": 1280, "height": 800})
    inner = page.locator(".sidebar-tree").get_by_text("All options")
    expect(inner).to_be_hidden()
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('.toctree-checkbox')"):
            break
    page.keyboard.press("Space")
    expect(inner).to_be_visible()


@pytest.mark.parametrize(("site", "address"), PAGES, indirect=["site"])
def test_menus_and_contents_are_easy_to_hit(site: Path, open_page: OpenPage, address: str) -> None:
    page = open_page(site, address)
    small = page.eval_on_selector_all(
        ".sidebar-tree a, .sidebar-tree label, .toc-tree a",
        "all => all.map((one) => [one.textContent, one.getBoundingClientRect().height])"
        ".filter(([, height]) => height && height < 24)",
    )
    assert [] == small


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize(("site", "address"), PAGES, indirect=["site"])
def test_all_targets_are_easy_to_hit(
    site: Path, open_page: OpenPage, address: str, width: int
) -> None:
    page = open_page(site, address)
    page.set_viewport_size({"width": width, "height": 800})
    assert [] == serious(page, "target-size")
