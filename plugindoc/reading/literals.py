"""Literals of Python 2 and 3: the meaning of the text of a string or number."""

from __future__ import annotations

import re
import sys
import unicodedata
from typing import Final

__all__ = ["MAX_DIGITS", "is_bytes", "is_plain", "number", "split_string", "unescape"]

MAX_DIGITS: Final = 1000
"""The longest number that is read, in characters."""

_STRING: Final = re.compile(r"""([A-Za-z]*)('''|\"\"\"|'|"|`)""")
_ESCAPE: Final = re.compile(
    r"\\(?:([0-7]{1,3})|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8})|N\{([^}]{0,100})\}"
    r"|(\r\n|.))",
    re.DOTALL,
)
_SIMPLE: Final = {
    "\\": "\\",
    "'": "'",
    '"': '"',
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "v": "\v",
    "\n": "",
    "\r\n": "",
    "\r": "",
}


def is_plain(text: str) -> bool:
    """Return whether a string literal is just the text between its quotes, as nearly all are."""
    quote = text[:1]
    return (
        quote in ('"', "'")
        and text[-1] == quote
        and text.count(quote) == len("''")
        and "\\" not in text
        and "\r" not in text
    )


def split_string(text: str) -> tuple[str, str, str]:
    """Return prefix (in lower case), quotes and inside of a string literal."""
    found = _STRING.match(text)
    if found is None:
        return "", "", text
    prefix, quotes = found.group(1).lower(), found.group(2)
    return prefix, quotes, text[found.end() : len(text) - len(quotes)]


def is_bytes(prefix: str, *, python2: bool) -> bool:
    """Return whether the literal holds bytes; in Python 2 they are its everyday text."""
    return "b" in prefix and not python2


def unescape(inside: str, prefix: str, *, python2: bool) -> str:
    """Return the value of the inside of a string literal.

    Bytes come back as text of the code points 0 to 255. Python 2's plain strings know no Unicode
    escapes, and what they write as bytes is read as UTF-8.
    """
    if "\r" in inside:
        inside = inside.replace("\r\n", "\n").replace("\r", "\n")
    if "\\" not in inside:
        return inside
    if "r" in prefix:
        if not (python2 and "u" in prefix):
            return inside
        return re.sub(r"\\u([0-9A-Fa-f]{4})", lambda m: chr(int(m.group(1), 16)), inside)
    narrow = python2 and "u" not in prefix
    text = _ESCAPE.sub(_narrow if narrow or "b" in prefix else _wide, inside)
    if narrow and any("\x80" <= character <= "\xff" for character in text):
        return _as_utf8(inside)
    return text


def _wide(found: re.Match[str]) -> str:
    octal, two, four, eight, name, other = found.groups()
    if octal is not None:
        return chr(int(octal, 8))
    digits = two or four or eight
    if digits is not None:
        code = int(digits, 16)
        return chr(code) if code <= sys.maxunicode else found.group()
    if name is not None:
        try:
            return unicodedata.lookup(name)
        except KeyError:
            return found.group()
    return _SIMPLE.get(other, found.group())


def _narrow(found: re.Match[str]) -> str:
    octal, two, _, _, _, other = found.groups()
    if octal is not None:
        return chr(int(octal, 8) & 0xFF)
    if two is not None:
        return chr(int(two, 16))
    return _SIMPLE.get(other, found.group()) if other is not None else found.group()


def _as_utf8(inside: str) -> str:
    data = bytearray()
    end = 0
    for found in _ESCAPE.finditer(inside):
        data += inside[end : found.start()].encode("utf-8", "surrogatepass")
        value = _narrow(found)
        byte = found.group(1) is not None or found.group(2) is not None
        data += value.encode("latin-1") if byte else value.encode("utf-8", "surrogatepass")
        end = found.end()
    data += inside[end:].encode("utf-8", "surrogatepass")
    return data.decode("utf-8", "replace")


def number(text: str) -> int | float | complex | None:
    """Return the value of a number; None if it is none, or longer than `MAX_DIGITS`."""
    plain = text.replace("_", "").lower()
    if len(plain) > MAX_DIGITS:
        return None
    try:
        if plain.startswith(("0x", "0o", "0b")):
            return int(plain.rstrip("l"), 0)
        plain = plain.removesuffix("l")
        if plain.isdigit():
            return int(plain, 8 if len(plain) > 1 and plain[0] == "0" and plain.strip("0") else 10)
        return complex(plain) if plain.endswith("j") else float(plain)
    except ValueError:
        return None
