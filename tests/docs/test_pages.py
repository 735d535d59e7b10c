"""Every page does what it says: commands run, outputs are compared, files are saved."""

from __future__ import annotations

import json
import shutil
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.docs.blocks import Block, blocks, starts_in_clone
from tests.docs.session import MismatchError, Session

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parent.parent.parent
GENERATED = {
    ROOT / "docs" / name
    for made in ROOT.glob("docs/**/.plugindoc-pages")
    for name in made.read_text().splitlines()
}
PAGES = sorted(
    page.relative_to(ROOT)
    for page in (ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md"))
    if page not in GENERATED
)
NOT_IN_A_CLONE = shutil.ignore_patterns(
    ".git", ".venv", "build", "dist", "__pycache__", ".*_cache", ".coverage*", ".hypothesis"
)
PARSERS = {"json": json.loads, "toml": tomllib.loads, "yaml": yaml.safe_load}


@pytest.mark.parametrize("page", PAGES, ids=str)
def test_a_page_does_what_it_says(page: Path, tmp_path: Path, wheel_bin: Path) -> None:
    _follow_all(ROOT / page, tmp_path, wheel_bin)
    missing = [f"{block}: {block.missing}" for block in blocks(ROOT / page) if block.missing]
    if missing:
        pytest.skip(f"followed, but for {'; '.join(missing)}")


def test_what_is_not_executed_says_why() -> None:
    for block in _all_blocks():
        assert not block.skip or len(block.skip) > 10, str(block)


def _all_blocks() -> Iterator[Block]:
    for page in PAGES:
        yield from blocks(ROOT / page)


def _follow_all(page: Path, folder: Path, bin_folder: Path) -> None:
    if starts_in_clone(page):
        folder = folder / "clone"
        shutil.copytree(ROOT, folder, ignore=NOT_IN_A_CLONE)
    with Session(folder, bin_folder) as session:
        for block in blocks(page):
            _follow(block, session)


def _follow(block: Block, session: Session) -> None:
    if block.skip or block.missing:
        return
    if block.caption and block.language == "diff":
        session.change(block)
        return
    if block.caption:
        session.save(block)
    if block.language == "console":
        session.console(block)
    elif block.language == "python" and not block.caption:
        exec(compile(block.content, str(block), "exec"), {})  # noqa: S102 - the docs' own examples
    elif block.language in PARSERS:
        try:
            PARSERS[block.language](block.content)
        except (ValueError, yaml.YAMLError) as error:
            message = f"{block}: {error}"
            raise MismatchError(message) from error


@pytest.mark.parametrize(
    ("complaint", "text"),
    [
        ("page.md:4: `echo a` prints", "# T\n\n```console\n$ echo a\nb\n```\n"),
        ("page.md:2: a console block starts", "```console\necho a\n```\n"),
        (
            "does not fit x.txt",
            "```{code-block} diff\n:caption: x.txt\n\n@@ -1 +1 @@\n-a\n+b\n```\n",
        ),
        ("page.md:2: Expecting", "```json\n{\n```\n"),
    ],
)
def test_a_page_that_is_wrong_is_told_so_with_its_line(
    complaint: str, text: str, tmp_path: Path, wheel_bin: Path
) -> None:
    page = tmp_path / "page.md"
    page.write_text(text)
    with pytest.raises(MismatchError, match=complaint):
        _follow_all(page, tmp_path, wheel_bin)


def test_a_page_can_start_in_a_clone(tmp_path: Path, wheel_bin: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- starts in: a clone -->\n# T\n\n```console\n$ ls pyproject.toml\npyproject.toml\n```\n"
    )
    _follow_all(page, tmp_path, wheel_bin)
    assert not (tmp_path / "clone" / ".git").exists()


def test_a_block_that_needs_a_program_is_run_where_it_is(tmp_path: Path, wheel_bin: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "<!-- needs: no-such-program -->\n```console\n$ no-such-program\nfine\n```\n"
        "<!-- needs: bash -->\n```console\n$ touch run\n```\n"
    )
    _follow_all(page, tmp_path, wheel_bin)
    assert (tmp_path / "run").exists()


def test_a_page_is_followed_as_a_reader_would(tmp_path: Path, wheel_bin: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "```{code-block} text\n:caption: a/x.txt\n\none\n```\n"
        "```console\n$ cd a\n$ cat x.txt\none\n$ false\n$ echo $?\n1\n$ seq 9\n1\n…\n9\n```\n"
        "```{code-block} diff\n:caption: x.txt\n\n@@ -1 +1 @@\n-one\n+two\n```\n"
        "<!-- not executed: it would say something else -->\n```console\n$ echo no\nyes\n```\n"
        "````{note}\n```console\n$ cat x.txt\ntwo\n```\n````\n"
    )
    _follow_all(page, tmp_path, wheel_bin)
    assert "two\n" == (tmp_path / "a" / "x.txt").read_text()
