"""Copy buttons copy what one would type: commands, without prompts and without output."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.site.conftest import OpenPage

pytestmark = pytest.mark.site

GUIDES = ("tutorials/write-your-first-plugin.html", "how-to/override-a-page.html")


def copied(page: Page, number: int) -> str:
    page.locator("button.copybtn").nth(number).evaluate("button => button.click()")
    return str(page.evaluate("navigator.clipboard.readText()"))


@pytest.mark.parametrize("address", GUIDES)
def test_commands_are_copied(bundled: Path, open_page: OpenPage, address: str) -> None:
    page = open_page(bundled, address)
    blocks = page.locator("div.highlight:has(button.copybtn)").all()
    seen = 0
    for number, block in enumerate(blocks):
        lines = block.locator("pre").inner_text().rstrip("\n").split("\n")
        prompts = [line.removeprefix("$ ") for line in lines if line.startswith("$ ")]
        text = copied(page, number)
        if not prompts:
            assert text.rstrip("\n") == "\n".join(lines).rstrip("\n")
            continue
        seen += 1
        assert not [line for line in text.split("\n") if line.startswith("$ ")]
        assert set(prompts) <= set(text.split("\n"))
        if not any(line.endswith("\\") or "<<" in line for line in prompts):
            assert text.split("\n") == prompts
    assert seen > 0
