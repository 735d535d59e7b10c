"""What happens when a page is read: sections, anchors and names; the rest waits in placeholders.

Sphinx walks through every page dozens of times between reading and writing it. All that it needs by
then are the sections and the names of a page. So the blocks stay as they are, in one node, until
the page is written (see `expanding`): that takes half of the time of a build.
"""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx import addnodes

from plugindoc.model.anchors import fragment
from plugindoc.model.printing import printable
from plugindoc.rendering.blocks import (
    Block,
    Card,
    Kind,
    Paragraph,
    Part,
    Section,
    SourceLink,
    mentions,
    plain_text,
)
from plugindoc.rendering.layout import addressed
from plugindoc.sphinx.nodes import plugin_blocks
from plugindoc.sphinx.source_pages import source_url

if TYPE_CHECKING:
    from docutils.nodes import Element, Node

    from plugindoc.sphinx.domain import PluginDomain

__all__ = ["Placer"]

_LONGEST_DESCRIPTION: Final = 200


class Placer:
    """Puts blocks into one document.

    `prefix` is that of the source's names in the site. With `owns`, the document is the place of
    the things of the blocks: their anchors are set and they are entered into the domain.
    """

    def __init__(
        self, document: nodes.document, domain: PluginDomain, *, prefix: str, owns: bool
    ) -> None:
        self.document = document
        self.domain = domain
        self.prefix = prefix
        self.owns = owns

    def place(self, blocks: tuple[Block, ...]) -> list[Node]:
        """Return the nodes of blocks, and remember what the document shows and links to."""
        mentioned = mentions(blocks)
        for link in mentioned.sources:
            self._note_source(link)
        before = f"{self.prefix}:" if self.prefix else ""
        drawn = (thing for svg in mentioned.pictures for thing in addressed(svg))
        things = {(kind, before + name) for kind, name in drawn}
        self.domain.note_links(mentioned.things | things)
        return list(self._nodes(blocks))

    def _note_source(self, link: SourceLink) -> None:
        if not source_url(self.domain.env.config, link):
            self.domain.note_source(link.source, link.path)

    def _nodes(self, blocks: Iterable[Block]) -> Iterator[Node]:
        waiting: list[Block] = []
        for block in blocks:
            if not isinstance(block, Section):
                waiting.append(block)
                continue
            yield from self._placeholder(waiting)
            waiting = []
            yield self._section(block)
        yield from self._placeholder(waiting)

    def _placeholder(self, blocks: list[Block]) -> Iterator[Node]:
        if not blocks:
            return
        made = plugin_blocks(blocks=tuple(blocks), prefix=self.prefix, owns=self.owns)
        if self.owns:
            cards = [block for block in blocks if isinstance(block, Card)]
            for card in cards:
                made["ids"] += self._free(card.anchors)
                self._enter(card.kind, card.name, card.anchors, card.aliases)
            self.document.note_explicit_target(made, made)
            entries = [entry for card in cards for entry in _entries(card)]
            if entries:
                yield addnodes.index(entries=entries)
        yield made

    def _section(self, section: Section) -> Element:
        made = nodes.section(classes=[f"pd-{section.kind}"] if section.kind else [])
        title = nodes.title("", "", *_words(section.title), support_smartquotes=False)
        made += title
        made["ids"] += self._free(section.anchors) or [self._unused(section.anchors[0])]
        self.document.note_explicit_target(made, made)
        if section.source is not None and self.owns:
            env = self.domain.env
            env.metadata[env.docname]["plugin_source"] = source_url(env.config, section.source)
        self._describe(section)
        if section.kind is not None and self.owns:
            self._enter(section.kind, section.name, section.anchors, section.aliases)
            made += addnodes.index(entries=_entries(section))
        made += list(self._nodes(section.blocks))
        return made

    def _describe(self, section: Section) -> None:
        """Keep the first paragraph of the document's first section, as its description."""
        env = self.domain.env
        if "plugin_description" not in env.metadata[env.docname]:
            first = (one.parts for one in section.blocks if isinstance(one, Paragraph))
            text, title = plain_text(next(first, ())), plain_text(section.title)
            said = f"{title}: {text}" if text else f"{title} ({section.kind or 'page'})"
            short = textwrap.shorten(said, _LONGEST_DESCRIPTION, placeholder=" …")
            env.metadata[env.docname]["plugin_description"] = short

    def _free(self, anchors: Iterable[str]) -> list[str]:
        return [one for one in map(fragment, anchors) if one not in self.document.ids]

    def _unused(self, anchor: str) -> str:
        """Return an anchor for what a page shows once more: Sphinx asks for one in each section."""
        numbered = (f"{fragment(anchor)}-again-{number}" for number in itertools.count(1))
        return next(name for name in numbered if name not in self.document.ids)

    def _enter(
        self, kind: Kind, name: str, anchors: tuple[str, ...], aliases: tuple[str, ...]
    ) -> None:
        self.domain.note_object(kind, name, fragment(anchors[0]), aliases)


def _words(title: tuple[Part, ...]) -> Iterator[Node]:
    """Yield the words of a title, code as such; contents and menus show no other look."""
    for literal, parts in itertools.groupby(title, lambda part: part.style == "literal"):
        text = plain_text(tuple(parts))
        yield nodes.literal("", text) if literal else nodes.Text(text)


def _entries(thing: Card | Section) -> list[tuple[str, str, str, str, None]]:
    return [
        ("single", f"{_in_index(name)} ({thing.kind})", fragment(thing.anchors[0]), "", None)
        for name in (thing.name, *thing.aliases)
    ]


def _in_index(name: str) -> str:
    """Return a name as the index can hold it: Sphinx splits its entries at semicolons."""
    return " ".join(printable(name).split()).replace(";", ",")
