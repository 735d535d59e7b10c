"""Make the README's pictures from the built site and from a check: ``make screenshot``."""

from __future__ import annotations

import contextlib
import io
import tempfile
from pathlib import Path
from typing import Final

from playwright.sync_api import Page, sync_playwright
from rich.console import Console
from rich.text import Text

from plugindoc.checking.reporters.terminal import text
from plugindoc.commands import check_run
from tests.site.browser import FLAGS, chromium

ROOT: Final = Path(__file__).parent.parent.parent
SITE: Final = ROOT / "build" / "site" / "installer"
TARGET: Final = ROOT / "docs" / "_static"
PLUGIN: Final = '''"""Installs a web server."""


def initConfig(controller):
    options = [
        {
            "CONF_NAME": "CONFIG_WEB_PORT",
            "CMD_OPTION": "web-port",
            "PROMPT": "Port of the web server",
            "DEFAULT_VALUE": "8080",
        },
        {
            "CONF_NAME": "CONFIG_WEB_HOST",
            "CMD_OPTION": "web-host",
            "USAGE": "Address of the host that runs the web server.",
            "PROMPT": "Host of the web server",
            "DEFAULT_VALUE": "127.0.0.1",
            "NEED_CONFIRM": True,
        },
    ]
    group = {
        "GROUP_NAME": "WEB",
        "DESCRIPTION": "Web server",
        "PRE_CONDITION": False,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, options)


def initSequences(controller):
    steps = [{"title": "Preparing the web server", "functions": [prepare]}]
    controller.addSequence("Installing the web server", [], [], steps)


def prepare(config, messages):
    """Say where the server will be."""
    messages.append("%(CONFIG_WEB_HOST)s:%(CONFIG_WEB_PORT)s" % config)
'''


def main() -> None:
    """Take the card of an option, the filter at work, and what a check prints."""
    TARGET.mkdir(exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        page = browser.new_page(viewport={"width": 1280, "height": 860}, color_scheme="light")
        _card(page)
        _filter(page)
        _check(page)
        browser.close()


def _card(page: Page) -> None:
    page.goto((SITE / "memcached_004.html").as_uri())
    page.evaluate("scrollTo(0, document.querySelector('#CONFIG_MEMCACHED_SIZE').offsetTop - 20)")
    page.wait_for_timeout(400)
    page.screenshot(path=TARGET / "screenshot.png")


def _filter(page: Page) -> None:
    page.goto((SITE / "options.html").as_uri())
    page.fill(".pd-filter input[type=search]", "bridge")
    page.wait_for_timeout(400)
    page.screenshot(path=TARGET / "filter.png")


def _check(page: Page) -> None:
    """Check a plugin with two mistakes, and take what a terminal shows."""
    with tempfile.TemporaryDirectory() as name:
        file = Path(name, "installer", "plugins", "web_100.py")
        file.parent.mkdir(parents=True)
        file.write_text(PLUGIN)
        with contextlib.chdir(name):
            findings = text(check_run.look(check_run.request([Path()])), colour=True)
    console = Console(record=True, width=88, file=io.StringIO())
    console.print(Text.from_ansi("$ plugindoc check\n" + findings))
    page.set_content(console.export_svg(title="plugindoc check"))
    page.locator("svg").first.screenshot(path=TARGET / "check.png")


if __name__ == "__main__":
    main()
