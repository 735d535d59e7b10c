"""Log in to Horizon as the administrator and print the names of the servers that it shows.

Usage: browse_horizon.py ADDRESS [SCREENSHOT]; the password is in the variable OS_PASSWORD.
"""

from __future__ import annotations

import os
import sys

from playwright.sync_api import sync_playwright

from tests.site.browser import FLAGS, chromium


def main() -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1360, "height": 900})
        page.set_default_timeout(300_000)
        page.goto(sys.argv[1])
        page.fill("#id_username", "admin")
        page.fill("#id_password", os.environ["OS_PASSWORD"])
        page.click("button[type=submit]")
        page.wait_for_selector("#sidebar-accordion, .sidebar")
        page.goto(f"{sys.argv[1]}project/instances/")
        page.wait_for_selector("#instances tbody tr")
        if sys.argv[2:]:
            page.screenshot(path=sys.argv[2])
        names = page.locator("#instances tbody tr td a").all_inner_texts()
        sys.stdout.write("\n".join(names))
        browser.close()


if __name__ == "__main__":
    main()
