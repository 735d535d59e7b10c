"""Make the README's screenshot from the built site: ``make screenshot``."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright

from tests.site.browser import FLAGS, chromium

ROOT: Final = Path(__file__).parent.parent.parent
PAGE: Final = ROOT / "build" / "site" / "installer" / "memcached_004.html"
TARGET: Final = ROOT / "docs" / "_static" / "screenshot.png"


def main() -> None:
    """Take the first screen of a plugin's page, as a laptop shows it."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        page.goto(PAGE.as_uri())
        page.evaluate(
            "scrollTo(0, document.querySelector('#CONFIG_MEMCACHED_SIZE').offsetTop - 20)"
        )
        page.wait_for_timeout(400)
        TARGET.parent.mkdir(exist_ok=True)
        page.screenshot(path=TARGET)
        browser.close()


if __name__ == "__main__":
    main()
