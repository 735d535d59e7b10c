"""Source that must not reach the parser, detected before it is parsed.

The parser ends the process if more than 380 indentations are nested, and looks through all that
follows at each of many lines in a row that hold nothing but a backslash.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["MAX_CONTINUED", "MAX_INDENTATIONS", "MAX_UNNAMED", "refusal"]

MAX_INDENTATIONS: Final = 250
"""Widths of indentation in one statement; Python itself takes 100 within one another."""

MAX_UNNAMED: Final = 2_000
"""Escapes ``\\N{`` that name no character, each of which is looked through to the text's end."""

MAX_CONTINUED: Final = 1_000
"""Lines in a row that hold nothing but a backslash."""

_LEAST_BLANKS: Final = MAX_INDENTATIONS * (MAX_INDENTATIONS + 1) // 2
_UNNAMED: Final = re.compile(r"\\N\{(?![^{}\n]{1,100}\})")
_INDENTATION: Final = re.compile(r"^[ \t]+", re.MULTILINE)
_CONTINUED: Final = re.compile(
    rf"(?:^[ \t]*+\\\n(?:[ \t]*+(?:#[^\n]*+)?\n)*){{{MAX_CONTINUED + 1}}}", re.MULTILINE
)


def refusal(source: str) -> str:
    """Return why a source is not parsed, in words that name the limit; "" if it can be."""
    if source.count("\\\n") > MAX_CONTINUED and _CONTINUED.search(source):
        return f"limit: more than {MAX_CONTINUED:,} lines in a row with nothing but a backslash"
    if source.count("\\N{") > MAX_UNNAMED and len(_UNNAMED.findall(source)) > MAX_UNNAMED:
        return f"limit: more than {MAX_UNNAMED:,} escapes that name no character"
    if source.count(" ") + source.count("\t") > _LEAST_BLANKS:
        widths = {len(found[0]) for found in _INDENTATION.finditer(source)}
        if len(widths) > MAX_INDENTATIONS:
            return f"limit: more than {MAX_INDENTATIONS:,} widths of indentation"
    return ""
