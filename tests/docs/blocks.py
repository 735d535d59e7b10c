"""The code blocks of a MyST page, in order.

A page says by the form of a block what a reader does with it, and the tests do the same:

- ``console``: commands behind ``$`` and what they print; ``…`` stands for anything.
- a block with a ``:caption:`` is a file to save under that name; a captioned ``diff`` is a change
  to make to it.
- any other ``python``, ``toml``, ``yaml`` or ``json`` block has to be right by itself.

A comment ``<!-- not executed: why -->`` before a block takes it out, with its reason;
``<!-- needs: puppet -->`` does so where that program is not installed. A page with
``<!-- starts in: a clone -->`` starts in a copy of this project.
"""

from __future__ import annotations

import re
import shutil
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from markdown_it import MarkdownIt

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["Block", "blocks", "starts_in_clone"]

_INFO: Final = re.compile(r"\{(?:code-block|literalinclude|sourcecode)\}\s*(\w*)|(\w+)")
_OPTION: Final = re.compile(r":([\w-]+):\s*(.*)")
_SKIP: Final = re.compile(r"<!--\s*not executed:\s*(.+?)\s*-->", re.DOTALL)
_NEEDS: Final = re.compile(r"<!--\s*needs:\s*(\S+)\s*-->")
_CLONE: Final = "<!-- starts in: a clone -->"


@dataclass(frozen=True)
class Block:
    """A code block: `line` (from 1) is that of its first content line.

    `skip` is why it is not executed, `missing` which program it needs that is not installed.
    """

    page: Path
    line: int
    language: str
    caption: str
    content: str
    skip: str = ""
    missing: str = ""

    def __str__(self) -> str:
        """Return ``page:line``, for messages."""
        return f"{self.page}:{self.line}"


def blocks(page: Path) -> Iterator[Block]:
    """Yield the code blocks of a page; those of nested directives too."""
    yield from _blocks(page, page.read_text(), 0)


def starts_in_clone(page: Path) -> bool:
    """Return whether a page's reader starts in a clone of this project."""
    return _CLONE in page.read_text()


def _blocks(page: Path, source: str, above: int) -> Iterator[Block]:
    remarks: dict[str, str] = {}
    for token in MarkdownIt("commonmark").parse(source):
        if token.type == "html_block":
            remarks = _remarks(token.content)
        elif token.type == "fence" and token.map:
            yield from _fence(
                page, token.info.strip(), token.content, above + token.map[0], remarks
            )
            remarks = {}


def _remarks(comment: str) -> dict[str, str]:
    skip, needed = _SKIP.search(comment), _NEEDS.search(comment)
    return {
        "skip": skip[1] if skip else "",
        "missing": needed[1] if needed and not shutil.which(needed[1]) else "",
    }


def _fence(
    page: Path, info: str, content: str, above: int, remarks: dict[str, str]
) -> Iterator[Block]:
    found = _INFO.match(info)
    if not found:
        if info.startswith("{"):  # a directive of another kind can hold blocks
            yield from _blocks(page, content, above + 1)
        return
    options, body, taken = _options(content) if info.startswith("{") else ({}, content, 0)
    language = found[1] or found[2] or ""
    yield Block(page, above + taken + 2, language, options.get("caption", ""), body, **remarks)


def _options(content: str) -> tuple[dict[str, str], str, int]:
    options: dict[str, str] = {}
    lines = content.splitlines(keepends=True)
    taken = 0
    for line in lines:
        found = _OPTION.match(line)
        if not found and (line.strip() or not options):
            break
        taken += 1
        if not found:
            break
        options[found[1]] = found[2].strip().strip("`")
    return options, "".join(lines[taken:]), taken
