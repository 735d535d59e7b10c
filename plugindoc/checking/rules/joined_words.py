"""PD111: words that are joined where literals meet."""

from __future__ import annotations

import io
import itertools
import re
import tokenize
from collections import Counter
from collections.abc import Iterator
from typing import Final, TypeAlias

from plugindoc.checking.diagnostics import Edit, Finding, Fix
from plugindoc.checking.inspection import option_texts
from plugindoc.checking.rules.base import Rule, option
from plugindoc.checking.subject import Subject
from plugindoc.model.locations import Location

__all__ = ["GluedWords"]


class GluedWords(Rule):
    """Find missing spaces between string literals.

    ## What it does
    Looks at adjacent string literals (`"as" "defined"`) and at literals joined with `+`, and
    reports two words that meet without a space. The fix inserts the space. It is unsafe because it
    changes what users read.

    ## Why is this bad
    Users read “asdefined”.

    ## What it cannot see
    Literals that are joined by `%` or through a variable. A word that is split on purpose is
    recognised if neither part occurs as a word in other texts, or if the whole word does.
    """

    code = "PD111"
    name = "glued-words"
    severity = "warning"
    reads_files = True
    invalid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": ("Port on which the example"
                          "listens. The example listens on all addresses."),
                "PROMPT": "Enter the port of the example",
            },
            """
        ),
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": "Port of the Example" +
                         "on all addresses. The example listens on them.",
                "PROMPT": "Enter the port of the example",
            },
            """
        ),
    )
    valid = (
        option(
            """
            {
                "CONF_NAME": "CONFIG_EXAMPLE_PORT",
                "CMD_OPTION": "example-port",
                "USAGE": ("Port on which the example "
                          "listens. The example listens on all addresses."),
                "PROMPT": "Enter the port of the example",
            },
            """
        ),
    )

    def check(self, subject: Subject) -> Iterator[Finding]:
        """Yield texts with a seam that no space closes."""
        found = [*_glued(subject)]
        words = _vocabulary(subject, found)
        for name, field, before, after, seam in found:
            if _are_words(before, after, words):
                yield Finding(
                    object=name,
                    message=f"the {field} of {name} glues “{before}” and “{after}”",
                    location=seam,
                    hint="end the first literal with a space",
                    fix=Fix((Edit(_end_of(seam), " "),), safe=False),
                )


_Seam: TypeAlias = tuple[str, str, str, str, Location]
"""Option, field, the words on both sides, and the place of the first literal."""


def _glued(subject: Subject) -> Iterator[_Seam]:
    """Yield option, field, the words on both sides and the place of each seam without a space."""
    for each in subject.questions.options:
        for field, text, location in option_texts(each):
            if not location.end_line or not location.path.endswith(".py"):
                continue
            for before, after, seam in _seams(subject.sources.at(location), location):
                if before + after in text:
                    yield each.name, field, before, after, seam


def _vocabulary(subject: Subject, found: list[_Seam]) -> Counter[str]:
    """Count how often the words at the seams, and the joined ones, occur elsewhere in the texts."""
    glued = [(before + after).lower() for _, _, before, after, _ in found]
    wanted = {*glued, *(word.lower() for each in found for word in each[2:4])}
    if not wanted:
        return Counter()
    texts = (text for o in subject.questions.options for _, text, _ in option_texts(o))
    whole = "\n".join(texts).lower()
    words = {
        word: len(re.findall(rf"(?<![a-z0-9_/.-]){word}(?![a-z0-9_/-])", whole))
        for word in wanted
        if word.isalpha()
    }
    return Counter(words) - Counter(glued)


def _are_words(before: str, after: str, words: Counter[str]) -> bool:
    one, other = before.lower(), after.lower()
    if words[one + other] > 0:
        return False
    return not one.isalpha() or words[one] > 0 or words[other] > 0


_LAST_WORD: Final = re.compile(r"(?:^|[\s(\"'])([A-Za-z]+[,.;:]?)$")
_FIRST_WORD: Final = re.compile(r"^([A-Za-z]+)(?=$|[\s,.;:)?!\"'])")


_MEETING: Final = re.compile(
    r"[A-Za-z,.;:][\"']+(?:\s*\+|\s)[\s\\]*(?:#.*\s*)*[A-Za-z]{0,2}[\"']+[A-Za-z]"
)
"""Where two literals may meet without a space; most texts need no closer look."""


def _seams(source: str, location: Location) -> Iterator[tuple[str, str, Location]]:
    """Yield the words on both sides of each seam, and the literal in front of it."""
    if _MEETING.search(source) is None:
        return
    try:
        tokens = [
            token
            for token in tokenize.generate_tokens(io.StringIO(f"({source}\n)").readline)
            if token.type not in (tokenize.NL, tokenize.COMMENT) and token.string != "+"
        ]
    except (tokenize.TokenError, SyntaxError, IndentationError):
        return
    for one, two in itertools.pairwise(tokens):
        if one.type == tokenize.STRING == two.type:
            before = _LAST_WORD.search(_inside(one.string))
            after = _FIRST_WORD.search(_inside(two.string))
            if before and after:
                yield before[1], after[1], _placed(one, location)


def _inside(literal: str) -> str:
    body = re.sub(r"^[A-Za-z]*", "", literal)
    quote = body[:3] if body[:3] in ('"""', "'''") else body[:1]
    return body[len(quote) : len(body) - len(quote)]


def _placed(token: tokenize.TokenInfo, location: Location) -> Location:
    def column(row: int, column: int) -> int:
        return column + location.column - 1 if row == 1 else column + 1

    (row, start), (end_row, end) = token.start, token.end
    return Location(
        location.path,
        location.line + row - 1,
        column(row, start),
        location.line + end_row - 1,
        column(end_row, end),
    )


def _end_of(literal: Location) -> Location:
    """Return the empty span in front of a literal's closing quote."""
    line, column = literal.end_line, literal.end_column - 1
    return Location(literal.path, line, column, line, column)
