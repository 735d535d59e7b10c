"""Texts of plugins as parts: made printable, with links where they name an option.

A text of a plugin may hold anything: control characters, bidirectional overrides that change the
visible order, markup of every kind. What cannot be printed is shown by its name; the rest is text.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from plugindoc.model.conditions import Compare, Condition, Not, Opaque, compared, phrases
from plugindoc.model.printing import printable
from plugindoc.model.project import Run
from plugindoc.model.values import (
    Alternatives,
    Dynamic,
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Value,
    words,
)
from plugindoc.rendering.blocks import Part, Style, ThingLink, WebLink

__all__ = [
    "LinkTo",
    "condition_parts",
    "docstring_parts",
    "first_sentence",
    "ordinal",
    "paragraphs",
    "printable",
    "prose_parts",
    "run_parts",
    "text_parts",
    "value_parts",
]

LinkTo = Callable[[str], ThingLink | None]
"""Finds what a word names: an option, an old name of one, a fact; None for any other word."""

_WORD_OR_ADDRESS: Final = re.compile(
    r"""https?://[^\s<>"'`]*[^\s<>"'`.,;:!?)\]}]   # an address, without the sentence's full stop
      | [A-Za-z][A-Za-z0-9_]*_[A-Za-z0-9_]+        # a word that can be a configuration key
    """,
    re.VERBOSE,
)
_BACKQUOTED: Final = re.compile(r"(?<![:`\w])`{1,2}([^`\n]+)`{1,2}(?![`_])")
_BLANK_LINES: Final = re.compile(r"\n\s*\n")
_SPACES: Final = re.compile(r"\s+")
_SENTENCE_END: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z('\"])")
_LONGEST_SUMMARY: Final = 200


def paragraphs(text: str) -> tuple[str, ...]:
    """Return the paragraphs of a plain text, each on one line; blank lines divide them."""
    found = (_SPACES.sub(" ", part).strip() for part in _BLANK_LINES.split(text))
    return tuple(part for part in found if part)


def ordinal(number: int) -> str:
    """Return a number as a place in an order: ``1st``, ``12th``."""
    teens = 10 <= number % 100 <= 20  # noqa: PLR2004 - the numbers that English names apart
    return f"{number}{'th' if teens else {1: 'st', 2: 'nd', 3: 'rd'}.get(number % 10, 'th')}"


def first_sentence(text: str) -> str:
    """Return a text's first sentence, or its first 200 characters up to a word's end."""
    whole = _SPACES.sub(" ", text).strip()
    sentence = _SENTENCE_END.split(whole, maxsplit=1)[0]
    if len(sentence) <= _LONGEST_SUMMARY:
        return sentence
    return sentence[:_LONGEST_SUMMARY].rsplit(" ", 1)[0] + " …"


def text_parts(text: str, link_to: LinkTo, style: Style = "plain") -> tuple[Part, ...]:
    """Return a plain text with links on option names and on http and https addresses."""
    return tuple(_split(printable(text), link_to, style))


def docstring_parts(text: str, link_to: LinkTo) -> tuple[Part, ...]:
    """Return a docstring's paragraph as `text_parts` does; what is in backquotes is literal."""
    found: list[Part] = []
    for number, piece in enumerate(_BACKQUOTED.split(text)):
        found.extend(text_parts(piece, link_to, "literal" if number % 2 else "plain"))
    return tuple(part for part in found if part.text)


def _split(text: str, link_to: LinkTo, style: Style) -> Iterator[Part]:
    end = 0
    for found in _WORD_OR_ADDRESS.finditer(text):
        word = found[0]
        link = WebLink(word) if "://" in word else link_to(word)
        if link is None:
            continue
        if found.start() > end:
            yield Part(text[end : found.start()], style)
        yield Part(word, "literal" if isinstance(link, ThingLink) else style, link)
        end = found.end()
    if end < len(text):
        yield Part(text[end:], style)


def run_parts(runs: Iterable[Run], link_to: LinkTo) -> tuple[Part, ...]:
    """Return a usage document's runs: its literals and links stay, option names become links."""
    found: list[Part] = []
    for run in runs:
        match run:
            case Run(style="link", text=text, target=target):
                found.append(Part(printable(text), "plain", _web_link(target)))
            case Run(style=("plain" | "literal" | "emphasis" | "strong") as style, text=text):
                found.extend(text_parts(text, link_to, style))
    return tuple(found)


def _web_link(target: str) -> WebLink | None:
    safe = target.lower().startswith(("http://", "https://", "mailto:"))
    return WebLink(target) if safe and target == printable(target) else None


def value_parts(value: Value | None, link_to: LinkTo) -> tuple[Part, ...]:
    """Return a value as literals, with each part that is not known as a hole."""
    match value:
        case None:
            return ()
        case Known(value=""):
            return (Part("empty", "muted"),)
        case Known(value=str(text)):
            return (Part(_visible(text), "literal", link_to(text)),)
        case Text(parts=pieces):
            return tuple(
                Part(_escaped(piece), "literal")
                if isinstance(piece, str)
                else _hole(piece, link_to)
                for piece in pieces
            )
        case Dynamic():
            return (_hole(value, link_to),)
        case Reference(name=name):
            return (Part(printable(name), "literal", ThingLink("function", name)),)
        case Items(members=listed):
            return _between("[", "]", [value_parts(member, link_to) for member in listed])
        case Entries(pairs=pairs):
            members = [
                (*value_parts(key, link_to), Part(": "), *value_parts(held, link_to))
                for key, held in pairs
            ]
            return _between("{", "}", members)
        case Alternatives(branches=branches):
            return _joined(
                [
                    (
                        *value_parts(branch.value, link_to),
                        Part(" where "),
                        *condition_parts(branch.guard, link_to),
                    )
                    for branch in branches
                ],
                "; ",
            )
        case _:
            return (Part(printable(words(value)), "literal"),)


def _visible(text: str) -> str:
    """Show leading, trailing and line-breaking white space of a value that is text."""
    shown = _escaped(text)
    return shown if shown == shown.strip() else f'"{shown}"'


def _escaped(text: str) -> str:
    return printable(text).replace("\n", "\\n").replace("\t", "\\t")


def _hole(value: Dynamic, link_to: LinkTo) -> Part:
    return Part(_SPACES.sub(" ", printable(value.source)), "hole", link_to(value.source))


def prose_parts(value: Value | None, link_to: LinkTo) -> tuple[Part, ...]:
    """Return a value that is a text for people: plain, with each part that is not known a hole."""
    match value:
        case Known(value=str(text)):
            return text_parts(text, link_to)
        case Text(parts=pieces):
            found: list[Part] = []
            for piece in pieces:
                if isinstance(piece, str):
                    found.extend(text_parts(piece, link_to))
                else:
                    found.append(_hole(piece, link_to))
            return tuple(found)
        case _:
            return value_parts(value, link_to)


def _between(opening: str, closing: str, members: list[tuple[Part, ...]]) -> tuple[Part, ...]:
    return (Part(opening), *_joined(members, ", "), Part(closing))


def _joined(members: Iterable[tuple[Part, ...]], separator: str) -> tuple[Part, ...]:
    found: list[Part] = []
    for member in members:
        if found:
            found.append(Part(separator))
        found.extend(member)
    return tuple(found)


def condition_parts(condition: Condition, link_to: LinkTo) -> tuple[Part, ...]:
    """Return a condition in words, with a link on each option: *CONFIG_X is y and …*."""
    return tuple(part for one in phrases(condition) for part in _phrase(one, link_to))


def _phrase(phrase: str | Compare | Not | Opaque, link_to: LinkTo) -> Iterator[Part]:
    if isinstance(phrase, str):
        yield from [Part(phrase)] if phrase else ()
    elif isinstance(phrase, Opaque):
        yield Part(_SPACES.sub(" ", printable(phrase.source)), "hole")
    else:
        name, verb, values = compared(phrase)
        yield Part(printable(name), "literal", link_to(name))
        yield Part(verb)
        yield from _joined([value_parts(Known(value), link_to) for value in values], ", ")
