"""Blocks as Markdown, for programs that read: the same texts without looks, pictures and fields."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from plugindoc.rendering.blocks import (
    Block,
    Bullets,
    Card,
    Code,
    Diagram,
    Failure,
    Field,
    Fields,
    Flow,
    Note,
    PageLink,
    Paragraph,
    Part,
    Row,
    Rows,
    Section,
    Summary,
    ThingLink,
    WebLink,
    one_line,
    plain_text,
)

__all__ = ["AddressOf", "escaped", "markdown"]

AddressOf = Callable[[ThingLink | PageLink], str]
"""Finds the address of a link; "" if it has none."""

_MARKUP: Final = re.compile(r"([\\`*\[\]<>#|]|\b_|_\b)")
_TICKS: Final = re.compile(r"`+")
_DEEPEST: Final = 6


def markdown(blocks: Iterable[Block], depth: int, address: AddressOf) -> Iterator[str]:
    """Yield the lines of blocks; their sections begin with headings of a depth."""
    for block in blocks:
        yield from _block(block, depth, address)


def escaped(text: str) -> str:
    """Return a text in one line that is no markup."""
    return _MARKUP.sub(r"\\\1", one_line(text))


def _block(block: Block, depth: int, address: AddressOf) -> Iterator[str]:
    match block:
        case Section(title=title, blocks=inner):
            yield from ("", f"{'#' * min(depth, _DEEPEST)} {_parts(title)}", "")
            yield from markdown(inner, depth + 1, address)
        case Card():
            yield from _card(block, depth, address)
        case Paragraph(parts=parts):
            yield from (_parts(parts), "")
        case Code(text=text, language=language):
            yield from (*_fenced(text, language), "")
        case Note(blocks=inner):
            yield from (f"> {line}".rstrip() for line in markdown(inner, depth, address))
            yield ""
        case Failure(message=message):
            yield from (f"> {escaped(message)}", "")
        case Diagram(blocks=inner):
            yield from markdown(inner, depth, address)
        case _:
            yield from (*_listed(block, depth, address), "")


def _listed(block: Block, depth: int, address: AddressOf) -> Iterator[str]:
    match block:
        case Bullets(items=items, ordered=ordered):
            for number, item in enumerate(items, 1):
                yield from _item(f"{number}." if ordered else "-", item, depth, address)
        case Fields(fields=fields):
            for field in fields:
                yield from _field(field, depth, address)
        case Rows(rows=rows):
            yield from (_row(row, address) for row in rows)
        case Summary(figures=figures):
            for one in figures:
                shown = escaped(f"{one.number} {one.label}".strip())
                yield f"- {_link(shown, address(PageLink(one.document)))}: {escaped(one.text)}"
        case Flow(stops=stops):
            yield from (f"{number}. {_parts(stop)}" for number, stop in enumerate(stops, 1))


def _fenced(text: str, language: str) -> Iterator[str]:
    longest = max((len(found) for found in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield from (f"{fence}{language}", *text.split("\n"), fence)


def _card(card: Card, depth: int, address: AddressOf) -> Iterator[str]:
    marks = ", ".join(escaped(badge.text) for badge in card.badges)
    said = [f"{'#' * min(depth, _DEEPEST)} {_parts(card.title)}", _parts(card.detail)]
    yield from ("", " ".join(filter(None, said)), "")
    if marks:
        yield from (f"({marks})", "")
    yield from markdown(card.blocks, depth + 1, address)


def _item(mark: str, blocks: tuple[Block, ...], depth: int, address: AddressOf) -> Iterator[str]:
    lines = [line for line in markdown(blocks, depth, address) if line]
    for number, line in enumerate(lines):
        yield f"{' ' * (len(mark) + 1) if number else f'{mark} '}{line}"


def _field(field: Field, depth: int, address: AddressOf) -> Iterator[str]:
    label = f"- **{escaped(field.label)}:**"
    match field.blocks:
        case (Paragraph(parts=parts),):
            yield f"{label} {_parts(parts)}"
        case _:
            yield label
            yield from (f"  {line}" for line in markdown(field.blocks, depth, address) if line)


def _row(row: Row, address: AddressOf) -> str:
    link = next((one.link for one in row.title if isinstance(one.link, ThingLink | PageLink)), None)
    title = _link(_parts(row.title), address(link) if link is not None else "")
    said = [title, _parts(row.detail), *(f"({escaped(one.text)})" for one in row.badges)]
    after = [_parts(row.summary), _parts(row.note)]
    place = f" [{plain_text(row.place)}]" if row.place else ""
    return f"- {' '.join(filter(None, said))}: {' '.join(filter(None, after))}{place}".rstrip(": ")


def _link(shown: str, address: str) -> str:
    return f"[{shown}]({address})" if address else shown


def _parts(parts: tuple[Part, ...]) -> str:
    return "".join(map(_part, parts)).strip()


def _part(part: Part) -> str:
    text = one_line(part.text)
    if part.style in {"literal", "hole"} and text.strip():
        ticks = "`" * (max((len(found) for found in _TICKS.findall(text)), default=0) + 1)
        space = " " if "`" in text else ""
        return f"{ticks}{space}{text}{space}{ticks}"
    if isinstance(part.link, WebLink):
        return f"[{escaped(text)}]({part.link.address.replace(')', '%29').replace(' ', '%20')})"
    return escaped(text)
