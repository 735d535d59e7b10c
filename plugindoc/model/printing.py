"""Texts that are safe to print, and where their lines end.

What plugins, documents, paths and error messages hold is untrusted: control characters steer a
terminal, bidirectional overrides change the visible order.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["in_markdown", "in_one_line", "printable", "same_length_lines"]

_UNPRINTABLE: Final = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff"
    "\ufff0-\ufffc\ufffe\uffff\ud800-\udfff\U000e0000-\U000e007f]"
)
_MARKUP: Final = re.compile(r"([\\`*_{}\[\]()#|~!+-])")
_ENTITIES: Final = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "&#64;"})
_LINE_SPACE: Final = str.maketrans("\t\n\r", "   ")
_RETURN: Final = re.compile(r"\r(?!\n)")


def printable(text: str) -> str:
    """Return the text with each character that cannot be seen shown as ``⟨U+202E⟩``.

    Line feeds and tabs stay, line ends become line feeds.
    """
    text = text.replace("\r\n", "\n")
    return _UNPRINTABLE.sub(lambda found: f"⟨U+{ord(found[0]):04X}⟩", text)


def in_one_line(text: str) -> str:
    """Return a text of the same length for one line of output: columns in it stay true."""
    if text.isascii() and text.isprintable():
        return text
    return _UNPRINTABLE.sub("\N{REPLACEMENT CHARACTER}", text.translate(_LINE_SPACE))


def in_markdown(text: str) -> str:
    """Return a text in one line of Markdown without markup and without mentions of users."""
    return _MARKUP.sub(r"\\\1", in_one_line(text)).translate(_ENTITIES)


def same_length_lines(text: str) -> str:
    """Return a text whose lines all end in a line feed, at unchanged offsets.

    A carriage return alone ends a line, as it does for Python and for readers of the files.
    """
    return _RETURN.sub("\n", text) if "\r" in text else text
