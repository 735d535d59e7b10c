"""What a page is made of: plain frozen data, between the model and any output format.

Texts in blocks are plain text, whatever they look like: no part of them is markup.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, Literal, TypeAlias

import msgspec

from plugindoc.model.printing import printable

__all__ = [
    "Badge",
    "Block",
    "Bullets",
    "Card",
    "Code",
    "Diagram",
    "Failure",
    "Field",
    "Fields",
    "Figure",
    "Finder",
    "Flow",
    "Kind",
    "Mentions",
    "Note",
    "PageLink",
    "Paragraph",
    "Part",
    "Row",
    "Rows",
    "Section",
    "SourceLink",
    "Style",
    "Summary",
    "ThingLink",
    "WebLink",
    "as_section",
    "mentions",
    "one_line",
    "plain_text",
]

Kind: TypeAlias = Literal[
    "module", "group", "option", "sequence", "step", "template", "fact", "function"
]
"""What a name can be the name of; the object types of the Sphinx domain."""

_LINE_END: Final = re.compile(r"[ \t]*\n[ \t\n]*")

Style: TypeAlias = Literal["plain", "literal", "emphasis", "strong", "hole", "muted"]


class _Block(msgspec.Struct, frozen=True, tag_field="block", omit_defaults=True):
    """What all blocks share."""


class ThingLink(_Block, frozen=True, tag="thing"):
    """A link to a thing by its name in the site; `page` is that of its card."""

    kind: Kind
    name: str
    page: str = ""


class SourceLink(_Block, frozen=True, tag="source"):
    """A link to lines of a file of a source; `end` 0 means the one line."""

    source: str
    path: str
    line: int
    end: int = 0


class WebLink(_Block, frozen=True, tag="web"):
    """A link to an http, https or mailto address."""

    address: str


class PageLink(_Block, frozen=True, tag="page"):
    """A link to a document of the site, or to an anchor in it."""

    document: str
    anchor: str = ""


class Part(_Block, frozen=True, tag="part"):
    """A run of text. A ``hole`` is an expression that only the running installer knows."""

    text: str
    style: Style = "plain"
    link: ThingLink | SourceLink | WebLink | PageLink | None = None


class Paragraph(_Block, frozen=True, tag="paragraph"):
    """A paragraph; `role` is its style (``lead``, ``muted``, ``answer``)."""

    parts: tuple[Part, ...]
    role: str = ""
    anchor: str = ""


class Bullets(_Block, frozen=True, tag="bullets"):
    """A list of blocks, numbered if `ordered`."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False


class Code(_Block, frozen=True, tag="code"):
    """Lines of code; `first` is the number of the first one, 0 for code without numbers."""

    text: str
    language: str = "text"
    first: int = 0
    caption: tuple[Part, ...] = ()


class Field(_Block, frozen=True, tag="field"):
    """A label with its content.

    Cross-references that repeat other pages are not `searchable`. A field that only links to
    another page is not shown in a terminal, which has no pages.
    """

    label: str
    blocks: tuple[Block, ...]
    searchable: bool = True
    on_pages_only: bool = False


class Fields(_Block, frozen=True, tag="fields"):
    """Labelled facts, one below the other."""

    fields: tuple[Field, ...]


class Badge(_Block, frozen=True, tag="badge"):
    """A short word beside a name; `tone` chooses its colour, `title` explains it in words."""

    text: str
    tone: Literal["neutral", "accent", "warning", "danger"] = "neutral"
    title: str = ""


class Card(_Block, frozen=True, tag="card"):
    """A thing with its name, its permalink and its description.

    `anchors` are its ids, its own first. `aliases` are further names under which it is found (old
    names). `detail` is shown beside the name in the heading line.
    """

    kind: Kind
    name: str
    title: tuple[Part, ...]
    anchors: tuple[str, ...]
    blocks: tuple[Block, ...]
    detail: tuple[Part, ...] = ()
    badges: tuple[Badge, ...] = ()
    aliases: tuple[str, ...] = ()
    source: SourceLink | None = None


class Section(_Block, frozen=True, tag="section"):
    """A titled part of a page; that of a thing has its `kind` and `name`.

    `source` is what an author edits to change a page that is generated from it.
    """

    title: tuple[Part, ...]
    anchors: tuple[str, ...]
    blocks: tuple[Block, ...]
    kind: Kind | None = None
    name: str = ""
    aliases: tuple[str, ...] = ()
    source: SourceLink | None = None


class Row(_Block, frozen=True, tag="row"):
    """A line of a list that can be filtered.

    `facets` are the choices by which it is found: the plugin, ``secret``, ``deprecated`` and the
    like; `place` is where it belongs, at the row's end; `note` is a second, smaller line. `search`
    is text that is matched but not shown; `depends` are the answers (``OPTION=value``) that it
    needs.
    """

    title: tuple[Part, ...]
    summary: tuple[Part, ...] = ()
    detail: tuple[Part, ...] = ()
    place: tuple[Part, ...] = ()
    note: tuple[Part, ...] = ()
    badges: tuple[Badge, ...] = ()
    facets: tuple[str, ...] = ()
    search: str = ""
    depends: tuple[str, ...] = ()


class Rows(_Block, frozen=True, tag="rows"):
    """A list with a filter; `noun` is what it lists, in the plural."""

    rows: tuple[Row, ...]
    noun: str
    facets: tuple[tuple[str, tuple[str, ...]], ...] = ()


class Note(_Block, frozen=True, tag="note"):
    """Something that a reader should not miss."""

    blocks: tuple[Block, ...]
    kind: Literal["note", "warning"] = "note"


class Failure(_Block, frozen=True, tag="failure"):
    """A substitute for something that could not be shown; `source` is its location."""

    message: str
    source: SourceLink | None = None


class Diagram(_Block, frozen=True, tag="diagram"):
    """A picture (a whole ``<svg>`` element), and its content in blocks for all other formats.

    `blocks` is empty if the page has the same content anyway. `folded` pictures are opened on
    demand.
    """

    svg: str
    label: str
    blocks: tuple[Block, ...] = ()
    folded: bool = False


class Figure(_Block, frozen=True, tag="figure"):
    """A number with its label, the page that it links to, and what readers find there."""

    number: str
    label: str
    document: str
    text: str = ""


class Summary(_Block, frozen=True, tag="summary"):
    """Figures at the head of a site."""

    figures: tuple[Figure, ...]


class Finder(_Block, frozen=True, tag="finder"):
    """A field to type into that opens the page of a list, filtered; `noun` is what it lists."""

    document: str
    noun: str
    hint: str


class Flow(_Block, frozen=True, tag="flow"):
    """What happens one after the other, each with a link: numbered, in as few lines as it takes."""

    stops: tuple[tuple[Part, ...], ...]


Block: TypeAlias = (
    Paragraph
    | Bullets
    | Code
    | Fields
    | Card
    | Section
    | Rows
    | Note
    | Diagram
    | Failure
    | Summary
    | Finder
    | Flow
)


def as_section(card: Card, *more: Block) -> Section:
    """Return a card as the section of a page, with more below; its detail and badges are lost."""
    return Section(
        kind=card.kind,
        name=card.name,
        title=card.title,
        anchors=card.anchors,
        blocks=(*card.blocks, *more),
        aliases=card.aliases,
        source=card.source,
    )


def plain_text(parts: tuple[Part, ...]) -> str:
    """Return the text of parts without their looks and links, in one line."""
    return one_line("".join(part.text for part in parts))


def one_line(text: str) -> str:
    """Return a text in one line, as a page may hold it, whatever it came through before.

    In some formats a line's first letters are commands, and XML forbids letters.
    """
    if text.isascii() and text.isprintable():
        return text
    return _LINE_END.sub(" ", printable(text))


class Mentions(msgspec.Struct):
    """What a page has to know of its blocks before it is written."""

    sources: set[SourceLink] = msgspec.field(default_factory=set)
    things: set[tuple[str, str]] = msgspec.field(default_factory=set)
    pictures: list[str] = msgspec.field(default_factory=list)
    failures: list[Failure] = msgspec.field(default_factory=list)


def mentions(blocks: Iterable[Block]) -> Mentions:
    """Return the source lines and the things (kind and name) that blocks link to, and failures."""
    found = Mentions()
    _collect(blocks, found)
    return found


def _collect(value: object, found: Mentions) -> None:
    if isinstance(value, Part):
        value = value.link
    if isinstance(value, SourceLink):
        found.sources.add(value)
    elif isinstance(value, ThingLink):
        found.things.add((value.kind, value.name))
    elif isinstance(value, tuple | list):
        for member in value:
            _collect(member, found)
    elif isinstance(value, _Block):
        if isinstance(value, Failure):
            found.failures.append(value)
        elif isinstance(value, Diagram):
            found.pictures.append(value.svg)
        elif isinstance(value, Card):
            found.things.add((value.kind, value.name))
        for field in value.__struct_fields__:
            _collect(getattr(value, field), found)
