"""A site as a book: TeX compiles it, EPUBCheck finds nothing wrong, and readers open it."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.plugindoc.sphinx.installers import hostile, write_installer, write_site
from tests.upstream import release

pytestmark = pytest.mark.books

BIN = Path(sys.executable).parent
EPUBCHECK = "/usr/share/java/epubcheck.jar"

Book = Callable[[str], Path]


def usual(folder: Path, builder: str) -> None:
    build(folder, builder, release("26.0.0"))


def hostile_one(folder: Path, builder: str) -> None:
    build(folder, builder, write_installer(folder / "installer", hostile(names=True)))


def build(folder: Path, builder: str, installer: Path) -> None:
    sources = {"cloud": str(installer)}
    book = {"version": "1", "copyright": "Cloud"}
    docs = write_site(folder / "docs", plugindoc_sources=sources, **book)
    flags = ["-Q", "-b", builder, "-d", folder / "doctrees"]
    subprocess.run([BIN / "sphinx-build", *flags, docs, folder / builder], check=True)


BOOKS = pytest.mark.parametrize("make", [usual, hostile_one], ids=["upstream", "hostile"])


@BOOKS
def test_tex_compiles_it_to_pages(make: Callable[[Path, str], None], tmp_path: Path) -> None:
    make(tmp_path, "latex")
    flags = "LATEXMKOPTS=-interaction=nonstopmode -f"
    command = ["make", "-C", tmp_path / "latex", "all-pdf", flags]
    done = subprocess.run(command, check=False, capture_output=True)
    said = done.stdout.decode(errors="replace")
    wrong = [line for line in said.splitlines() if line.startswith("!")]
    assert (0, []) == (done.returncode, wrong)
    (book,) = tmp_path.glob("latex/*.pdf")
    text = subprocess.run(["pdftotext", book, "-"], check=True, capture_output=True).stdout.decode()
    assert "root:x:" not in text
    assert text.count("\f") > 10
    assert re.search(r"CONFIG_\w+_INSTALL", text)


@BOOKS
def test_epubcheck_finds_nothing(make: Callable[[Path, str], None], tmp_path: Path) -> None:
    make(tmp_path, "epub")
    (book,) = tmp_path.glob("epub/*.epub")
    done = subprocess.run(["java", "-jar", EPUBCHECK, book], check=False, capture_output=True)
    said = (done.stdout + done.stderr).decode(errors="replace")
    assert [] == re.findall(r"^(?:ERROR|FATAL|WARNING).*", said, re.MULTILINE)
    assert 0 == done.returncode


@pytest.mark.parametrize(
    ("builder", "pattern", "command"),
    [
        ("man", "*.1", ["groff", "-man", "-Tutf8", "-ww"]),
        ("texinfo", "*.texi", ["makeinfo", "--plaintext", "--no-split"]),
    ],
)
def test_a_manual_shows_hostile_texts_and_obeys_none(
    tmp_path: Path, builder: str, pattern: str, command: list[str]
) -> None:
    hostile_one(tmp_path, builder)
    (manual,) = (tmp_path / builder).glob(pattern)
    done = subprocess.run([*command, manual], cwd=manual.parent, check=False, capture_output=True)
    text = done.stdout.decode(errors="replace")
    assert "root:x:" not in text
    assert "CONFIG_COMPUTE_INSTALL" in text
