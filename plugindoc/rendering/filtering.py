"""The filter of lists, in the terminal: the language is that of the lists of a site's pages."""

from __future__ import annotations

import itertools
import re
from collections.abc import Collection, Iterable, Sequence
from fnmatch import translate
from typing import Final

from plugindoc.model.names import nearest
from plugindoc.rendering.blocks import Row, plain_text

__all__ = ["better_words", "fitting"]

_OUTSIDE_NAME: Final = re.compile(r"[^a-z0-9]+")
_PIECES: Final = re.compile(r"([^A-Za-z0-9]+)")
_NOWHERE: Final = 3
_SHORTEST_JOINED: Final = 3


def fitting(rows: Iterable[Row], words: Sequence[str], depends_on: str = "") -> list[Row]:
    """Return the rows in which all words are found, and that need an answer.

    A word is looked for in the name first, with or without what divides its parts, then in the
    text, then in the condition; in this order. ``*`` matches any letters of a name.
    `depends_on` is an option's name or a part of it, or ``OPTION=value``.
    """
    wanted = [word.lower() for word in words]
    needed = depends_on.strip().lower()
    ranked = [
        (max((_rank(row, word) for word in wanted), default=0), row)
        for row in rows
        if not needed or any(_is_meant(answer.lower(), needed) for answer in row.depends)
    ]
    return [row for rank, row in sorted(ranked, key=lambda pair: pair[0]) if rank < _NOWHERE]


def better_words(rows: Sequence[Row], words: Sequence[str]) -> str:
    """Return words with those that are found nowhere corrected; "" if that helps nothing.

    Each part of a pattern is corrected, and joined parts of a name as one word.
    """
    parts = [[part for part in _OUTSIDE_NAME.split(_name(row)) if part] for row in rows]
    known = {part for listed in parts for part in listed}
    joined = {f"{one}{two}" for listed in parts for one, two in itertools.pairwise(listed)}
    better = [
        word if any(_rank(row, word.lower()) < _NOWHERE for row in rows) else corrected
        for word in words
        for corrected in (_correct(word, known, joined),)
    ]
    return " ".join(better) if better != list(words) and fitting(rows, better) else ""


def _correct(word: str, known: Collection[str], joined: Collection[str]) -> str:
    if "*" in word or "_" in word:
        pieces = _PIECES.split(word)
        found = [part if part.lower() in known else _near(part, known) for part in pieces]
        return "".join(found)
    near = nearest(word.lower(), sorted(known)) or nearest(word.lower(), sorted(joined))
    return near or word


def _near(part: str, known: Collection[str]) -> str:
    """Return the nearest word to a part, in capitals where that is; and separators as they are."""
    near = nearest(part.lower(), sorted(known)) if part.isalnum() else None
    return part if near is None else near.upper() if part.isupper() else near


def _name(row: Row) -> str:
    return plain_text(row.title).lower()


def _rank(row: Row, word: str) -> int:
    """Return where a word is found: -1 and 0 in the name, 1 in the text, 2 in the condition."""
    name = _name(row)
    if "*" in word:
        return 0 if re.fullmatch(translate(word.replace("[", "[[]")), name) else _NOWHERE
    if any(part.startswith(word) for part in name.split("_")):
        return -1
    joined = _OUTSIDE_NAME.sub("", word)
    is_joined = len(joined) >= _SHORTEST_JOINED and joined in _OUTSIDE_NAME.sub("", name)
    if word in name or is_joined:
        return 0
    shown = (plain_text(part).lower() for part in (row.detail, row.place, row.summary))
    if word in " ".join((*shown, row.search.lower())):
        return 1
    return 2 if word in plain_text(row.note).lower() else _NOWHERE


def _is_meant(answer: str, needed: str) -> bool:
    option = answer.partition("=")[0]
    if "=" in needed:  # an answer without a value is any
        return answer in {needed, needed.partition("=")[0]}
    return needed in option
