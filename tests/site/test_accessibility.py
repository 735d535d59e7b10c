"""axe finds nothing serious or critical on any kind of page."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.site.conftest import OpenPage

pytestmark = pytest.mark.site

# Every kind of page once, the large ones in the smaller site: what axe looks at is the same.
BUNDLED: Final = [
    "index.html",
    "tutorials/write-your-first-plugin.html",
    "installer/index.html",
    "installer/amqp_002.html",
    "installer/options.html",
    "installer/run-order.html",
    "installer/templates/index.html",
    "installer/templates/keystone.html",
    "installer/facts.html",
    "installer/functions.html",
    "installer/deprecated-names.html",
    "installer/answer-file.html",
    "tutorials/walkthroughs/index.html",
    "tutorials/walkthroughs/memcached_004.html",
    "search.html?q=keystone",
    "genindex.html",
    "_source/packstack/source_packstack/plugins/amqp_002.py.html",
]
UPSTREAM: Final = ["index.html", "plugins/nova_300.html", "plugins/deprecated-names.html"]


@pytest.mark.parametrize("address", BUNDLED)
def test_nothing_serious(bundled: Path, open_page: OpenPage, address: str) -> None:
    page = open_page(bundled, address)
    unfold(page)
    assert [] == serious(page)


@pytest.mark.parametrize("address", BUNDLED)
def test_contrast_in_the_dark(bundled: Path, open_page: OpenPage, address: str) -> None:
    """All that the dark changes is colours."""
    page = open_page(bundled, address, dark=True)
    unfold(page)
    assert [] == serious(page, "color-contrast")


@pytest.mark.parametrize("address", UPSTREAM)
def test_nothing_serious_with_upstreams_texts(
    upstream: Path, open_page: OpenPage, address: str
) -> None:
    assert [] == serious(open_page(upstream, address))


@pytest.mark.parametrize("address", ["index.html", "plugins/nova_300.html"])
def test_nothing_serious_on_a_phone(upstream: Path, open_page: OpenPage, address: str) -> None:
    rules = ("target-size", "scrollable-region-focusable", "label", "color-contrast")
    assert [] == serious(open_page(upstream, address, phone=True), *rules)


def unfold(page: Page) -> None:
    """Open two of the pictures that a page keeps folded."""
    for folded in page.locator("details.pd-diagram:not([open]) > summary").all()[:2]:
        folded.click()


def serious(page: Page, *rules: str) -> list[str]:
    """Return what axe finds serious or critical, by some rules or all."""
    options: dict[str, object] = {"resultTypes": ["violations"]}
    if rules:
        options["runOnly"] = list(rules)
    found = Axe().run(page, options=options).response["violations"]
    return [
        f"{one['id']}: {one['help']}: {node['target']} {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:3]
    ]
