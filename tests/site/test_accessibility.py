"""axe finds nothing serious or critical on any kind of page."""

from __future__ import annotations

from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.site.conftest import OpenPage

pytestmark = pytest.mark.site

KINDS = [
    "index.html",
    "plugins/index.html",
    "plugins/keystone_100.html",
    "plugins/options.html",
    "plugins/run-order.html",
    "plugins/templates/index.html",
    "plugins/facts.html",
    "plugins/functions.html",
    "plugins/deprecated-names.html",
    "plugins/answer-file.html",
    "walkthroughs/index.html",
    "walkthroughs/keystone_100.html",
    "search.html?q=keystone",
    "genindex.html",
    "_source/packstack/packstack/plugins/keystone_100.py.html",
]


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("address", KINDS)
def test_nothing_serious(upstream: Path, open_page: OpenPage, address: str, *, dark: bool) -> None:
    page = open_page(upstream, address, dark=dark)
    for folded in page.locator("details.pd-diagram:not([open]) > summary").all()[:2]:
        folded.click()
    found = Axe().run(page).response["violations"]
    serious = [
        f"{one['id']}: {one['help']}: {node['target']} {node['html'][:160]}"
        for one in found
        if one["impact"] in {"serious", "critical"}
        for node in one["nodes"][:3]
    ]
    assert serious == []
