"""Built sites and a browser that reaches nothing but their files."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, Request, sync_playwright

from tests.site.browser import FLAGS, chromium
from tests.upstream import release

ROOT = Path(__file__).parent.parent.parent
BIN = Path(sys.executable).parent
LOCAL = ("file:", "data:", "blob:", "about:")

LAPTOP = {"width": 1360, "height": 900}
PHONE = {"width": 390, "height": 844}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def upstream(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of upstream's newest release, which builds without a warning."""
    out = tmp_path_factory.mktemp("upstream") / "site"
    command = [BIN / "plugindoc", "build", release("26.0.0"), "-o", out, "--strict", "--quiet"]
    subprocess.run([*command, "--name", "packstack"], check=True)
    return out


@pytest.fixture(scope="session")
def bundled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return plugindoc's own site, which documents the bundled installer, without a warning."""
    folder = tmp_path_factory.mktemp("bundled")
    flags = ["-q", "-n", "-W", "--keep-going", "-d", folder / "doctrees"]
    subprocess.run([BIN / "sphinx-build", *flags, ROOT / "docs", folder / "site"], check=True)
    return folder / "site"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Return what opens a page; any request to a network or script error fails the test."""
    wrong: list[str] = []
    contexts: list[BrowserContext] = []

    def note(request: Request) -> None:
        if not request.url.startswith(LOCAL):
            wrong.append(f"request to {request.url}")

    def note_error(error: Error) -> None:
        # Sphinx's search fetches pages to summarise them, which browsers withhold from files.
        if not (error.message == "Failed to fetch" and "searchtools.js" in (error.stack or "")):
            wrong.append(f"script error: {error}")

    def open_it(site: Path, address: str, *, dark: bool = False, phone: bool = False) -> Page:
        context = browser.new_context(
            viewport=PHONE if phone else LAPTOP,  # type: ignore[arg-type] # a dict of the right keys
            color_scheme="dark" if dark else "light",
            permissions=["clipboard-read", "clipboard-write"],
        )
        contexts.append(context)
        page = context.new_page()
        page.on("request", note)
        page.on("pageerror", note_error)
        page.goto(f"file://{site}/{address}")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert wrong == []
