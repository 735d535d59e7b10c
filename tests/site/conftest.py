"""Built sites and a browser that reaches nothing but their files."""

from __future__ import annotations

import fcntl
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
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


BuildOnce = Callable[[str, Sequence[object]], Path]


@pytest.fixture(scope="session")
def build_once(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> BuildOnce:
    """Return what runs a command that builds a site, once for all workers of a test run.

    In the command, ``{out}`` is the site's folder.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent

    def build(name: str, command: Sequence[object]) -> Path:
        out, done = shared / name, shared / f"{name}.built"
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not done.exists():
                argv = [str(word).replace("{out}", str(out)) for word in command]
                subprocess.run(argv, check=True)
                done.touch()
        return out

    return build


@pytest.fixture(scope="session")
def upstream(build_once: BuildOnce, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the site of upstream's newest release, with what changed since the one before."""
    releases = tmp_path_factory.mktemp("releases")
    for version in ("25.0.0", "26.0.0"):
        (releases / version).symlink_to(release(version))
    command = [BIN / "plugindoc", "build", release("26.0.0"), "-o", "{out}", "--strict", "--quiet"]
    return build_once("upstream", [*command, "--name", "packstack", "--releases", releases])


@pytest.fixture(scope="session")
def bundled(build_once: BuildOnce) -> Path:
    """Return plugindoc's own site, which documents the bundled installer, without a warning."""
    flags = ["-q", "-n", "-W", "--keep-going", "-d", "{out}.doctrees"]
    return build_once("bundled", [BIN / "sphinx-build", *flags, ROOT / "docs", "{out}"])


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

    def open_it(
        site: Path,
        address: str,
        *,
        dark: bool = False,
        phone: bool = False,
        scripts: bool = True,
    ) -> Page:
        context = browser.new_context(
            java_script_enabled=scripts,
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
    assert [] == wrong
