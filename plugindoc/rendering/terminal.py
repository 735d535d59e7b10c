"""Blocks as a terminal shows them: cards with fields below each other, places as ``path:line``.

Nothing that a plugin says is markup here: every text goes into rich's `Text` as it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.syntax import Syntax
from rich.table import Table
from rich.text import Text

from plugindoc.rendering.blocks import (
    Badge,
    Block,
    Bullets,
    Card,
    Code,
    Diagram,
    Fields,
    Note,
    Paragraph,
    Part,
    Row,
    Rows,
    Section,
    SourceLink,
    Summary,
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
_KINDS: Final = {"module": "plugin"}


def renderable(blocks: Iterable[Block]) -> RenderableType:
    """Return blocks as something that rich prints."""
    return Group(*(_block(block) for block in blocks))


def _block(block: Block) -> RenderableType:
    match block:
        case Paragraph(parts=parts):
            return _text(parts)
        case Bullets(items=items, ordered=ordered):
            return _bullets(items, ordered=ordered)
        case Code(text=text, language=language, first=first):
            numbered = bool(first)
            return Syntax(text, language, line_numbers=numbered, start_line=max(first, 1))
        case Fields():
            return _fields(block)
        case Card():
            return _card(block)
        case Section(title=title, blocks=blocks):
            return Group(Rule(_text(title), align="left"), renderable(blocks))
        case Rows(rows=rows):
            return Group(*map(_row, rows))
        case Note(blocks=blocks) | Diagram(blocks=blocks):
            return Padding(renderable(blocks), (0, 0, 0, 2))
        case Summary(figures=figures):
            return Text("\n".join(f"{figure} {label}" for figure, label, _ in figures))


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
    for number, item in enumerate(items, 1):
        grid.add_row(f"{number}." if ordered else "•", renderable(item))
    return grid


def _fields(block: Fields) -> RenderableType:
    grid = Table.grid(padding=(0, 2))
    grid.add_column(no_wrap=True, style="bold")
    grid.add_column()
    for field in block.fields:
        grid.add_row(field.label, renderable(field.blocks))
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
    for block in blocks:
        yield Text()
        yield _block(block)


def _badge(badge: Badge) -> Text:
    return Text(f" {badge.text} ", _TONES[badge.tone])


def _place(source: SourceLink) -> str:
    return f"{source.path}:{source.line}"


def _row(row: Row) -> Text:
    found = _text(row.title)
    for badge in row.badges:
        found.append(" ")
        found.append_text(_badge(badge))
    if row.summary:
        found.append("  ")
        found.append_text(_text(row.summary))
    return found
