"""Texts of blocks in another language: texts of plugins, and the labels around them.

`translated` asks for each text that readers see as words, and puts what it gets in its place. The
texts that it asks for are those that a catalogue of messages has to hold: `asked` lists them.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from typing import Any, Final, TypeVar

import msgspec

from plugindoc.rendering import diagrams
from plugindoc.rendering.blocks import (
    Badge,
    Block,
    Diagram,
    Field,
    Figure,
    Finder,
    Paragraph,
    Part,
    Row,
    Rows,
    plain_text,
)
from plugindoc.rendering.texts import LinkTo, text_parts

__all__ = ["Lookup", "asked", "label_key", "label_text", "translated"]

Lookup = Callable[[str], str | None]
"""Returns the translation of a text, None if there is none."""

_WORDS: Final = frozenset({"plain", "muted", "emphasis", "strong"})
_LABELS: Final[dict[type, tuple[str, ...]]] = {
    Badge: ("text", "title"),
    Diagram: ("label",),
    Field: ("label",),
    Figure: ("label", "text"),
    Finder: ("noun", "hint"),
    Rows: ("noun",),
}
_LETTER: Final = re.compile(r"[^\W\d_]")
_NAME: Final = re.compile(r"[A-Z0-9_*]{2,}|\S*\w[_:/=]\S+|\S+\.[a-z]{1,4}(?::\d+)?|\S+\(\)")
"""What code calls things: no language has another word for it."""
_NUMBER: Final = re.compile(r"\d+")
_HOLE: Final = re.compile(r"\{(\d+)\}")
_T = TypeVar("_T")


def translated(blocks: tuple[Block, ...], lookup: Lookup, link_to: LinkTo) -> tuple[Block, ...]:
    """Return blocks with the texts that `lookup` translates; names in them are links again."""
    return tuple(_translated(block, lookup, link_to) for block in blocks)


def asked(blocks: Iterable[Block], is_whole: Callable[[str], bool]) -> list[str]:
    """Return the texts that `translated` asks for, once each, in order.

    A paragraph for which `is_whole` holds is one text, of any other each part is.
    """
    found: dict[str, None] = {}

    def record(text: str) -> str | None:
        found[text] = None
        return text if is_whole(text) else None

    for block in blocks:
        _translated(block, record, lambda _word: None)
    return [text for text in found if is_whole(text) or not _is_joined(text, found)]


def _is_joined(text: str, found: dict[str, None]) -> bool:
    """Return whether a text is a paragraph whose parts are asked for one by one."""
    return any(part != text and part in text for part in found)


def label_key(text: str) -> str:
    """Return a label as catalogues have it, with holes for numbers: ``{0} options``."""
    numbers = iter(range(len(text)))
    return _NUMBER.sub(lambda _found: f"{{{next(numbers)}}}", text)


def label_text(key: str, text: str) -> str:
    """Return a translated label with the numbers of the text that it translates."""
    numbers = _NUMBER.findall(text)
    return _HOLE.sub(lambda found: numbers[int(found[1])] if numbers else found[0], key)


def _translated(value: _T, lookup: Lookup, link_to: LinkTo) -> _T:
    if isinstance(value, tuple):
        return tuple(_translated(one, lookup, link_to) for one in value)  # type: ignore[return-value] # as many of the same kinds
    if isinstance(value, Part):
        return _part(value, lookup)  # type: ignore[return-value] # a part of a part
    if isinstance(value, Paragraph):
        return _paragraph(value, lookup, link_to)  # type: ignore[return-value] # as above
    if not isinstance(value, msgspec.Struct):
        return value
    changed: dict[str, Any] = {}
    labels = _LABELS.get(type(value), ())
    for name in value.__struct_fields__:
        held = getattr(value, name)
        new = _text(held, lookup) if name in labels else _translated(held, lookup, link_to)
        if type(value) is Rows and name == "facets":
            new = tuple((_text(label, lookup), _all(choices, lookup)) for label, choices in held)
        if type(value) is Row and name == "facets":
            new = _all(held, lookup)
        if type(value) is Diagram and name == "svg":
            new = diagrams.translated(held, lambda text: _text(text, lookup))
        if new is not held:
            changed[name] = new
    return msgspec.structs.replace(value, **changed) if changed else value


def _all(texts: tuple[str, ...], lookup: Lookup) -> tuple[str, ...]:
    return tuple(_text(text, lookup) for text in texts)


def _paragraph(paragraph: Paragraph, lookup: Lookup, link_to: LinkTo) -> Paragraph:
    said = [part for part in paragraph.parts if part.style in _WORDS and part.link is None]
    if len(paragraph.parts) > 1 and any(_LETTER.search(part.text) for part in said):
        new = lookup(plain_text(paragraph.parts).strip())
        if new is not None:
            return msgspec.structs.replace(paragraph, parts=text_parts(new, link_to))
    parts = tuple(_part(part, lookup) for part in paragraph.parts)
    return msgspec.structs.replace(paragraph, parts=parts)


def _part(part: Part, lookup: Lookup) -> Part:
    if part.style not in _WORDS or (part.style == "strong" and part.link is None):
        return part  # a value that stands out is still a value
    return msgspec.structs.replace(part, text=_text(part.text, lookup))


def _text(text: str, lookup: Lookup) -> str:
    """Return a text's translation between the white space around it."""
    core = text.strip()
    if not _LETTER.search(core) or _NAME.fullmatch(core):
        return text
    new = lookup(core)
    return text if new is None else text.replace(core, new, 1)
