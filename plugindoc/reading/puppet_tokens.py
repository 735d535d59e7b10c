"""Puppet source to tokens, with the code that strings and heredocs interpolate among them."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import Final

__all__ = ["KEYWORDS", "POWERS", "Tokens"]

KEYWORDS: Final = frozenset(
    {"and", "case", "class", "default", "define", "else", "elsif", "false", "if", "in"}
    | {"inherits", "node", "or", "true", "undef", "unless"}
)

POWERS: Final[dict[str, int]] = {
    **dict.fromkeys(("->", "~>", "<-", "<~"), 1),
    **dict.fromkeys(("=", "+=", "-="), 2),
    "or": 3,
    "and": 4,
    **dict.fromkeys(("<", ">", "<=", ">="), 5),
    **dict.fromkeys(("==", "!="), 6),
    **dict.fromkeys(("<<", ">>"), 7),
    **dict.fromkeys(("+", "-"), 8),
    **dict.fromkeys(("*", "/", "%"), 9),
    **dict.fromkeys(("=~", "!~"), 10),
    "in": 11,
}
"""How tightly operators bind."""

# No group is possessive: before 3.11.5, Python keeps what a failed last round has consumed.
_COMMENT: Final = r"/\*[^*]*+\*++(?:[^/*][^*]*+\*++)*/"
_PLAIN_DOLLAR: Final = r"\$(?!\w|\{|::\w)"
_TOKEN: Final = re.compile(
    rf"""(?:[\s\ufeff]++|\#[^\n]*+|{_COMMENT})*(?:
    (?P<variable>\$(?:::)?\w++(?:::\w++)*)
    |(?P<name>(?:::)?[a-z_]\w*+(?:-++\w++)*(?:::[a-z_]\w*+(?:-++\w++)*)*)
    |(?P<string>'[^'\\]*+(?:\\.[^'\\]*+)*'
        |"[^"\\$]*+(?:(?:\\.|{_PLAIN_DOLLAR})[^"\\$]*+)*")
    |(?P<type>(?:::)?[A-Z]\w*+(?:::[A-Z]\w*+)*)
    |(?P<number>0[xX][0-9a-fA-F]++|\d++(?:\.\d++)?(?:[eE][+-]?\d++)?)
    |(?P<heredoc>@\(\s*+(?P<quote>\"?)(?P<tag>\w[\w ]*+)(?P=quote)
        \s*+(?::\w++)?\s*+(?:/[\w$]*+)?\s*+\))
    |(?P<sign><<\||\|>>|<\||\|>|->|~>|<-|<~|=>|\+>|==|=~|!=|!~|<=|>=|<<|>>|\+=|-=|@@
        |(?!/\*)[-+*/%=<>!?.,:;|@(){{}}\[\]])
    |(?P<open>['"])
    |(?P<unknown>/\*(?!.*?\*/).*|(?!/\*)[^\s\ufeff\#])
    )""",
    re.VERBOSE | re.DOTALL,
)
_REGEX: Final = re.compile(r"/[^/\\]*+(?:\\.[^/\\]*+)*/", re.DOTALL)
_BEFORE_DIVISION: Final = frozenset(
    {"variable", "name", "string", "type", "number", "heredoc", "text_end", ")", "]", "|>", "|>>"}
)
_IN_QUOTES: Final = re.compile(rf"[^\"\\$]*+(?:(?:\\.|{_PLAIN_DOLLAR})[^\"\\$]*+)*", re.DOTALL)
_IN_HEREDOC: Final = re.compile(rf"[^$]*+(?:{_PLAIN_DOLLAR}[^$]*+)*", re.DOTALL)
_VARIABLE: Final = re.compile(r"\$(?:::)?\w++(?:::\w++)*")
_HEREDOC_END: Final = re.compile(
    r"^[ \t]*+\|?[ \t]*+-?[ \t]*+(?P<tag>\w[\w ]*+)[ \t\r]*+$", re.MULTILINE
)
_OPENING: Final = frozenset("([{")
_CLOSING: Final[dict[str, str]] = {")": "(", "]": "[", "}": "{"}


class Tokens:
    """The tokens of a source: what kind each is, where it starts and ends, and how deep it stands.

    Signs and keywords are their own kind. A string with interpolations is ``text_start``, its parts
    (``text``, ``variable``, ``${`` … ``$}``) and ``text_end``. A bracket is as deep as what is
    around it. The last two tokens are ``end``. Does not raise: what is no token is ``unknown``.
    """

    def __init__(self, source: str) -> None:
        self.source = source
        self.kinds: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        self.depths: list[int] = []
        self.is_balanced = True
        self._brackets: list[str] = []
        # Texts that contain interpolated code. A heredoc has a limit, where its body ends, and a
        # place after its opening to resume from; a string has -1 for both.
        self._texts: list[tuple[int, int]] = []
        self._in_heredoc = False
        # Where the line of a heredoc's opening ends, and where its body does.
        self._bodies = self._no_bodies = (len(source), len(source))
        self._pending = self._bodies
        self._read()
        for _ in range(2):  # one may be looked ahead
            self._add("end", len(source), len(source))
        self.is_balanced = self.is_balanced and not self._brackets

    def starts_line(self, index: int) -> bool:
        """Return whether a token is the first one of its line."""
        before = self.ends[index - 1] if index else 0
        return not index or "\n" in self.source[before : self.starts[index]]

    def _add(self, kind: str, start: int, end: int) -> None:
        self.kinds.append(kind)
        self.starts.append(start)
        self.ends.append(end)
        self.depths.append(len(self._brackets))

    def _read(self) -> None:
        position = 0
        match = _TOKEN.match
        while found := match(self.source, position):
            kind = found.lastgroup or ""
            start, position = found.span(kind)
            if start >= self._bodies[0]:
                position = self._bodies[1]
                self._bodies = self._no_bodies
            elif kind == "sign":
                position = self._sign(found[kind], start, position)
            elif kind == "name":
                name = found[kind]
                self._add(name if name in KEYWORDS else kind, start, position)
            elif kind == "heredoc":
                position = self._heredoc(found, start, position)
            elif kind == "open":
                position = self._quote(found[kind], start)
            else:
                if kind == "unknown" and self.source.startswith("/*", start):
                    self.is_balanced = False
                self._add(kind, start, position)

    def _sign(self, sign: str, start: int, end: int) -> int:
        if sign in _OPENING:
            self._add(sign, start, end)
            self._brackets.append(sign)
            return end
        if sign in _CLOSING:
            return self._close(sign, start, end)
        if sign == "/" and (not self.kinds or self.kinds[-1] not in _BEFORE_DIVISION):
            regex = _REGEX.match(self.source, start)
            if regex is not None:
                sign, end = "regex", regex.end()
        self._add(sign, start, end)
        return end

    def _close(self, sign: str, start: int, end: int) -> int:
        opened = self._brackets.pop() if self._brackets else ""
        if opened == "${":
            if sign == "}":
                self._add("$}", start, end)
                return self._text(end, *self._texts.pop())
            self._brackets.append(opened)
        self.is_balanced = self.is_balanced and opened == _CLOSING[sign]
        self._add(sign, start, end)
        return end

    # Texts

    def _quote(self, quote: str, start: int) -> int:
        if quote == "'":  # nothing ends it: all else is a text
            self.is_balanced = False
            self._add("unknown", start, len(self.source))
            return len(self.source)
        self._add("text_start", start, start + 1)
        return self._text(start + 1, -1, -1)

    def _text(self, position: int, limit: int, resume: int) -> int:
        """Read a text up to its end or to code within it; return where to go on."""
        pattern, end = (_IN_QUOTES, len(self.source)) if limit < 0 else (_IN_HEREDOC, limit)
        while True:
            found = pattern.match(self.source, position, end)
            if found is not None and found[0]:
                self._add("text", position, found.end())
                position = found.end()
            if position >= end or self.source[position] != "$":
                break
            if self.source.startswith("${", position):
                self._add("${", position, position + 2)
                self._brackets.append("${")
                self._texts.append((limit, resume))
                return position + 2
            variable = _VARIABLE.match(self.source, position, end)
            after = position + 1 if variable is None else variable.end()
            self._add("text" if variable is None else "variable", position, after)
            position = after
        if limit >= 0:
            self._add("text_end", position, position)
            self._in_heredoc, self._bodies = False, self._pending
            return resume
        if position == end:
            self.is_balanced = False
            self._add("unknown", position, position)
            return position
        self._add("text_end", position, position + 1)
        return position + 1

    @cached_property
    def _heredoc_ends(self) -> dict[str, list[tuple[int, int]]]:
        ends: dict[str, list[tuple[int, int]]] = {}
        for line in _HEREDOC_END.finditer(self.source):
            ends.setdefault(line["tag"].strip(), []).append(line.span())
        return ends

    def _heredoc(self, found: re.Match[str], start: int, end: int) -> int:
        """Add a heredoc at its opening; its body is passed over where the opening's line ends.

        One within another's code is not read, which would read the same lines again and again.
        """
        line_end = self.source.find("\n", end)
        body = self._bodies[1] if self._bodies[0] <= line_end else line_end + 1
        lines = self._heredoc_ends.get(found["tag"].strip(), [])
        place = bisect_left(lines, (body, 0))
        if line_end < 0 or place == len(lines) or self._in_heredoc:
            self._add("unknown", start, end)
            return end
        limit, behind = lines[place]
        if not found["quote"]:
            self._add("heredoc", start, end)
            self._bodies = (line_end, behind)
            return end
        self._add("text_start", start, end)
        self._in_heredoc, self._pending, self._bodies = True, (line_end, behind), self._no_bodies
        return self._text(body, limit, end)
