"""Log in to Horizon with a real browser and print the names of the servers it lists.

Usage: python -m tests.hosts.lab.horizon URL PICTURE

Run it in the network namespace from which the browser is to reach Horizon. The password of `admin`
comes from the variable PASSWORD. PICTURE is the file of the screenshot to write.
"""

from __future__ import annotations

import os
import sys
from typing import Final

from playwright.sync_api import Page, sync_playwright

from tests.site.browser import FLAGS, chromium

__all__: list[str] = []

_SECONDS: Final = 120  # of two processors that run a cloud as well


def main(url: str, picture: str) -> None:
    """Print one name a line."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 560}, color_scheme="light")
        page.set_default_timeout(_SECONDS * 1000)
        _log_in(page, url)
        page.goto(f"{url.rstrip('/')}/project/instances/")
        rows = page.locator("#instances tbody tr[data-display]")
        rows.first.wait_for()
        names = [row.get_attribute("data-display") or "" for row in rows.all()]
        page.screenshot(path=picture)
        browser.close()
    sys.stdout.write("\n".join(names) + "\n")


def _log_in(page: Page, url: str) -> None:
    page.goto(url)
    page.fill("input[name=username]", "admin")
    page.fill("input[name=password]", os.environ["PASSWORD"])
    page.locator("button[type=submit]").first.click()
    page.wait_for_url(lambda address: "/auth/login" not in address)


if __name__ == "__main__":
    main(*sys.argv[1:])
