"""Blocks as a terminal shows them: cards with fields below each other, places as ``path:line``.

Texts of plugins are never markup here: every text goes into rich's `Text` as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from plugindoc.rendering.blocks import (
    Badge,
    Block,
    Bullets,
    Card,
    Failure,
    Fields,
    Note,
    Paragraph,
    Part,
    SourceLink,
)

__all__ = ["renderable"]

_STYLES: Final = {
    "plain": "",
    "literal": "cyan",
    "emphasis": "italic",
    "strong": "bold",
    "hole": "italic yellow",
    "muted": "dim",
}
_TONES: Final = {
    "neutral": "dim reverse",
    "accent": "blue reverse",
    "warning": "yellow reverse",
    "danger": "red reverse",
}
_MOST_ITEMS: Final = 500
"""Items of a list that are printed: laying out a thousand takes a second."""
_KINDS: Final = {"module": "plugin", "fact": "derived key"}


def renderable(cards: Iterable[Card]) -> RenderableType:
    """Return cards as something that rich prints."""
    return Group(*map(_card, cards))


def _blocks(blocks: Iterable[Block]) -> Iterator[RenderableType]:
    """Yield what a terminal shows of a card's blocks: no pictures, which repeat the fields."""
    for block in blocks:
        match block:
            case Paragraph(parts=parts):
                yield _text(parts)
            case Bullets(items=items, ordered=ordered):
                yield _bullets(items, ordered=ordered)
            case Fields():
                yield _fields(block)
            case Note(blocks=inner):
                yield from _blocks(inner)
            case Failure(message=message):
                yield Text(message, "red")


def _text(parts: Iterable[Part]) -> Text:
    found = Text()
    for part in parts:
        text = f"⟨{part.text}⟩" if part.style == "hole" else part.text
        found.append(text, _STYLES[part.style])
    return found


def _bullets(items: tuple[tuple[Block, ...], ...], *, ordered: bool) -> RenderableType:
    grid = Table.grid(padding=(0, 1))
    grid.add_column(no_wrap=True, style="dim")
    grid.add_column()
    for number, item in enumerate(items[:_MOST_ITEMS], 1):
        grid.add_row(f"{number}." if ordered else "•", Group(*_blocks(item)))
    if len(items) > _MOST_ITEMS:
        grid.add_row("", Text(f"… and {len(items) - _MOST_ITEMS:,} more", "dim"))
    return grid


def _fields(block: Fields) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column()
    for field in block.fields:
        if field.on_pages_only:
            continue
        grid.add_row(field.label, Group(*_blocks(field.blocks)))
    return grid


def _card(card: Card) -> RenderableType:
    head = Text()
    head.append(_KINDS.get(card.kind, card.kind), "dim")
    head.append(" ")
    head.append_text(_text(card.title))
    head.stylize("bold", len(_KINDS.get(card.kind, card.kind)) + 1)
    if card.detail:
        head.append("  ")
        head.append_text(_text(card.detail))
    for badge in card.badges:
        head.append(" ")
        head.append_text(_badge(badge))
    body = list(_spaced(card.blocks))
    if card.source is not None:
        body += [Text(), Text(_place(card.source), "dim")]
    return Group(Rule(style="dim"), head, Padding(Group(*body), (0, 0, 1, 2)))


def _spaced(blocks: Iterable[Block]) -> Iterator[RenderableType]:
    for shown in _blocks(blocks):
        yield Text()
        yield shown


def _badge(badge: Badge) -> Text:
    return Text(f" {badge.text} ", _TONES[badge.tone])


def _place(source: SourceLink) -> str:
    return f"{source.path}:{source.line}"
