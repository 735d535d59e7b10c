"""Usage documents in the plain form that they mostly have, read without docutils.

Whatever is not plain beyond doubt makes the whole document `None`, and docutils reads it. Plain
are: sections with underlined titles, and in them definition lists whose terms are single bold
words and whose definitions are paragraphs. The tests hold this reader against docutils.
"""

from __future__ import annotations

import re
from typing import Final

import msgspec

__all__ = ["Entry", "read_entries"]

_PUNCTUATION: Final = re.escape("!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
_UNDERLINE: Final = re.compile(rf"([{_PUNCTUATION}])\1*\Z")
_TERM: Final = re.compile(r"\*\*([A-Za-z0-9_][A-Za-z0-9_-]*[A-Za-z0-9]|[A-Za-z0-9])\*\*\Z")
_STRUCTURE: Final = re.compile(
    r"[-*+\u2022\u2023\u2043]( |\Z)"  # bullet lists
    r"|\(?([0-9]+|[A-Za-z]|[ivxlcdmIVXLCDM]+|#)[.)]( |\Z)"  # enumerated lists
    r"|\.\.( |\Z)|__( |\Z)|:(?![: ])|\|( |\Z)|>>>( |\Z)|\+-|=+ +="  # explicit markup and the like
    r"|-{1,2}[A-Za-z]|/[A-Za-z]"  # option lists
)
_ODD: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ufeff]")
_NAMED: Final = re.compile(r"_(?<=\w_)_?(?!\w)")  # begins with a plain character: it is jumped to
_MARKED: Final = ("|", "]_", "\n.. ", "\n__ ")
_MARGIN: Final = 4


class Entry(msgspec.Struct, frozen=True):
    """An entry's name, line, section and the source of its paragraphs, as lines joined."""

    name: str
    line: int
    section: str
    paragraphs: tuple[str, ...]


class _NotPlainError(Exception):
    """The document needs docutils."""


class _Title(msgspec.Struct, frozen=True):
    line: int
    text: str
    style: str
    after: int


def read_entries(source: str, section: str) -> list[Entry] | None:
    """Return the entries of a section's parts, in order; None if the document is not plain."""
    if _ODD.search(source) or _NAMED.search(source):
        return None
    if any(mark in f"\n{source}" for mark in _MARKED):
        return None
    lines = [line.expandtabs(8).rstrip() for line in source.split("\n")]
    try:
        titles = _titles(lines)
        return _entries(lines, _parts(titles, section, len(lines)))
    except _NotPlainError:
        return None


def _titles(lines: list[str]) -> list[_Title]:
    """Return the titles; anything that could be one but is not well made is not plain."""
    found: list[_Title] = []
    index = 0
    while index < len(lines):
        line = lines[index]
        if not line or line[0] == " " or not _UNDERLINE.match(line):
            index += 1
            continue
        title = _title_at(lines, index)
        found.append(title)
        index = title.after
    return found


def _title_at(lines: list[str], index: int) -> _Title:
    """Return the title whose underline, or overline, is at an index."""
    line = lines[index]
    above = lines[index - 1] if index else ""
    if above:
        if len(line) < max(len(above), _MARGIN) or above[0] == " ":
            raise _NotPlainError
        if index > 1 and lines[index - 2]:
            raise _NotPlainError
        return _Title(index - 1, above, line[0], index + 1)
    text = lines[index + 1] if index + 1 < len(lines) else ""
    below = lines[index + 2] if index + 2 < len(lines) else ""
    if not text or below != line or len(line) < max(len(text.strip()), _MARGIN):
        raise _NotPlainError
    return _Title(index, text.strip(), line[0] * 2, index + 3)


def _parts(titles: list[_Title], section: str, end: int) -> list[tuple[str, int, int]]:
    """Return title and lines of the parts right below the section.

    A document's only top title is its own, so that the section may lie below it.
    """
    styles: list[str] = []
    levels: list[int] = []
    for title in titles:
        if title.style not in styles:
            if levels and len(styles) != levels[-1] + 1:
                raise _NotPlainError
            styles.append(title.style)
        level = styles.index(title.style)
        if levels and level > levels[-1] + 1:
            raise _NotPlainError
        levels.append(level)
    if not titles:
        return []
    lone = levels.count(0) == 1
    wanted = [
        i
        for i, (title, level) in enumerate(zip(titles, levels, strict=True))
        if title.text == section and level == (1 if lone else 0)
    ]
    if lone and levels.count(1) <= 1:
        raise _NotPlainError  # a lone subsection becomes a subtitle
    if not wanted:
        return []
    start = wanted[0]
    found = []
    for index in range(start + 1, len(titles)):
        if levels[index] <= levels[start]:
            break
        after = titles[index + 1].line if index + 1 < len(titles) else end
        if levels[index] == levels[start] + 1:
            found.append((titles[index].text, titles[index].after, after))
    return found


def _entries(lines: list[str], parts: list[tuple[str, int, int]]) -> list[Entry]:
    found: list[Entry] = []
    for title, start, end in parts:
        index = start
        while index < end:
            if not lines[index]:
                index += 1
            elif lines[index][0] == " ":
                raise _NotPlainError
            elif index + 1 < end and lines[index + 1].startswith(" "):
                entry, index = _entry(lines, index, end, title)
                found.append(entry)
            else:
                index = _plain_paragraph(lines, index, end)
    return found


def _plain_paragraph(lines: list[str], index: int, end: int) -> int:
    """Skip a paragraph of a part; anything more is not plain."""
    while index < end and lines[index]:
        if lines[index][0] == " " or _STRUCTURE.match(lines[index]):
            raise _NotPlainError
        if lines[index].endswith("::"):
            raise _NotPlainError
        index += 1
    return index


def _is_prose(text: str, margin: int) -> bool:
    """Return whether a line of a definition belongs to a plain paragraph."""
    inside = text[margin:]
    return not (
        inside.startswith(" ")
        or text[:margin].strip()
        or _STRUCTURE.match(inside)
        or text.endswith("::")
        or _UNDERLINE.match(inside)
    )


def _entry(lines: list[str], index: int, end: int, section: str) -> tuple[Entry, int]:
    term = _TERM.match(lines[index])
    before = lines[index - 1] if index else ""
    if term is None or (before and before[0] != " "):
        raise _NotPlainError
    line = index + 1
    index += 1
    margin = len(lines[index]) - len(lines[index].lstrip())
    paragraphs: list[str] = []
    current: list[str] = []
    while index < end and (not lines[index] or lines[index][0] == " "):
        text = lines[index]
        if not text:
            if current:
                paragraphs.append("\n".join(current))
                current = []
        elif not _is_prose(text, margin):
            raise _NotPlainError
        else:
            current.append(text[margin:])
        index += 1
    if current:
        paragraphs.append("\n".join(current))
        if index < end:  # the definition ends without a blank line
            raise _NotPlainError
    return Entry(term.group(1), line, section, tuple(paragraphs)), index
