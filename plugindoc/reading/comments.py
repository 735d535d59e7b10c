"""Long comments, blanked before a file is parsed.

At each line of a comment the parser looks through all of its lines that follow, past empty ones
too, so that a comment of ten thousand lines would take it seconds, and one of a hundred thousand
minutes.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["without_long_comments"]

_MANY: Final = 50
_LONG: Final = re.compile(rf"(?:^[ \t]*(?:#[^\n]*)?\n){{{_MANY},}}", re.MULTILINE)
_TOKEN: Final = re.compile(
    r"\"{3}(?:\\.|[^\\])*?(?:\"{3}|\Z)|'{3}(?:\\.|[^\\])*?(?:'{3}|\Z)"
    r"|\"(?:\\.|[^\"\\\n])*\"?|'(?:\\.|[^'\\\n])*'?|#[^\n]*",
    re.DOTALL,
)
"""A text or a comment; one that is never closed is taken up to its end, so that no sign of it is
looked at again."""


def without_long_comments(source: str) -> str:
    """Return a source without comments of fifty lines and more, all else in its place.

    Lines in a text that only look like a comment are left as they are.
    """
    if source.count("#") < _MANY:  # nearly all files: counting is a hundred times faster
        return source
    long = [found.span() for found in _LONG.finditer(source)]
    if not long:
        return source
    pieces: list[str] = []
    end = 0
    for token in _TOKEN.finditer(source):
        while long and long[0][1] <= token.start():
            del long[0]
        if not long:
            break
        if token[0].startswith("#") and long[0][0] <= token.start():
            pieces += (source[end : token.start()], " " * len(token[0]))
            end = token.end()
    return "".join([*pieces, source[end:]])
