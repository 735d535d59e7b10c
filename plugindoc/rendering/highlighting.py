"""Source code as HTML lines, highlighted by one regular expression for each language.

A site shows some ten thousand lines of source. Pygments takes longer for them than all else that
happens in a build, so whole files are marked here: comments, texts, numbers and words. Names of
classes are those of Pygments, whose style sheet every theme has.
"""

from __future__ import annotations

import re
from html import escape
from typing import Final

__all__ = ["highlighted_lines"]

_PYTHON_WORDS: Final = (
    "False|None|True|and|as|assert|async|await|break|class|continue|def|del|elif|else|except"
    "|finally|for|from|global|if|import|in|is|lambda|nonlocal|not|or|pass|raise|return|try|while"
    "|with|yield|print"
)
_PUPPET_WORDS: Final = (
    "and|application|attr|case|class|component|default|define|else|elsif|false|function|if|in"
    "|include|inherits|node|or|private|require|true|undef|unless"
)
_NUMBER: Final = r"(?P<mi>\b\d[\w.]*)"
_PYTHON: Final = re.compile(
    r"(?P<c>\#[^\n]*)"
    r"|(?P<s>\b[rbfuRBFU]{0,2}(?:\"\"\".*?\"\"\"|'''.*?'''|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*')"
    r"|(?:\"\"\".*?(?:\"\"\"|\Z)|'''.*?(?:'''|\Z)|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'))"
    rf"|(?P<k>\b(?:{_PYTHON_WORDS})\b)(?!\s*=[^=])|(?P<nf>(?<=def )\w+|(?<=class )\w+)|{_NUMBER}",
    re.DOTALL,
)
_PUPPET: Final = re.compile(
    r"(?P<c>\#[^\n]*)|(?P<s>\"(?:\\.|[^\"\\])*\"|'(?:\\.|[^'\\])*')"
    rf"|(?P<nv>\$[\w:]+)|(?P<k>\b(?:{_PUPPET_WORDS})\b)(?!\s*=>)|{_NUMBER}"
)
_HASH_COMMENTS: Final = re.compile(r"(?P<c>(?m:^\s*\#[^\n]*))|(?P<s>\"[^\"\n]*\"|'[^'\n]*')")
_LANGUAGES: Final = {"python": _PYTHON, "puppet": _PUPPET, "yaml": _HASH_COMMENTS}


def highlighted_lines(text: str, language: str) -> list[str]:
    """Return the lines of a text as HTML, each with its own whole elements."""
    pattern = _LANGUAGES.get(language)
    if pattern is None:
        return escape(text, quote=False).split("\n")
    pieces: list[str] = []
    end = 0
    for found in pattern.finditer(text):
        pieces += (escape(text[end : found.start()], quote=False), _marked(found))
        end = found.end()
    pieces.append(escape(text[end:], quote=False))
    return "".join(pieces).split("\n")


def _marked(found: re.Match[str]) -> str:
    opening = f'<span class="{found.lastgroup}">'
    shown = escape(found[0], quote=False).replace("\n", f"</span>\n{opening}")
    return f"{opening}{shown}</span>"
