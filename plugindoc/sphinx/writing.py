"""What happens when a page is written: blocks become docutils nodes, names become links."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Final, cast

from docutils import nodes
from sphinx import addnodes
from sphinx.errors import NoUri
from sphinx.util.nodes import make_refnode

from plugindoc.model.anchors import fragment
from plugindoc.model.printing import printable
from plugindoc.rendering.blocks import (
    Badge,
    Block,
    Bullets,
    Card,
    Code,
    Diagram,
    Failure,
    Field,
    Fields,
    Figure,
    Finder,
    Flow,
    Note,
    PageLink,
    Paragraph,
    Part,
    Row,
    Rows,
    SourceLink,
    Summary,
    ThingLink,
    WebLink,
    one_line,
    plain_text,
)
from plugindoc.sphinx.languages import label
from plugindoc.sphinx.nodes import (
    plugin_answer,
    plugin_badge,
    plugin_code,
    plugin_diagram,
    plugin_excerpt,
    plugin_field_body,
    plugin_field_name,
    plugin_fields,
    plugin_finder,
    plugin_line,
    plugin_link,
    plugin_row,
    plugin_rows,
    plugin_source_link,
)
from plugindoc.sphinx.source_pages import source_fragment, source_page, source_url

if TYPE_CHECKING:
    from docutils.nodes import Element, Node
    from sphinx.builders import Builder

    from plugindoc.sphinx.domain import Entry, PluginDomain

__all__ = ["Writer"]

_LINES_IN_A_FRAME: Final = 500
"""TeX measures a frame around code, and can measure no more than some 1,100 lines."""

_WHOLE_PAGES: Final = frozenset({"module", "template"})
"""The kinds of things whose generated pages are about nothing else."""


class Writer:
    """Turns blocks into nodes for one document of one builder.

    `prefix` is that of the source's names in the site. With `owns`, the document is the place of
    the things of the blocks, and has their anchors. Elsewhere a card's name links to that place.
    `placed` are the anchors that the document already has: two options may have the same old name.
    """

    def __init__(
        self, builder: Builder, document: str, placed: set[str], *, prefix: str, owns: bool
    ) -> None:
        self.builder = builder
        self.document = document
        self.domain = cast("PluginDomain", builder.env.domains["plugin"])
        self.placed = placed
        self.prefix = prefix
        self.owns = owns

    def blocks(self, blocks: Iterable[Block]) -> list[Node]:
        """Return the nodes for blocks; sections have been placed before."""
        return [node for block in blocks for node in self._block(block)]

    def _block(self, block: Block) -> Iterator[Node]:
        match block:
            case Paragraph():
                yield self._paragraph(block)
            case Bullets(items=items, ordered=ordered):
                listed: Element = nodes.enumerated_list() if ordered else nodes.bullet_list()
                listed.extend(nodes.list_item("", *self._item(item)) for item in items)
                yield listed
            case Code():
                yield from self._code(block)
            case Fields(fields=fields):
                yield plugin_fields("", *map(self._field, fields), classes=["pd-fields"])
            case Card():
                yield from self._card(block)
            case Rows():
                yield self._rows(block)
            case Note() | Failure():
                yield self._note(block)
            case Diagram(svg=svg, label=label, blocks=inner, folded=folded):
                yield plugin_diagram(
                    "",
                    *self.blocks(inner),
                    svg=svg,
                    label=one_line(label),
                    folded=folded,
                    source_name=self.prefix,
                )
            case Summary(figures=figures):
                listed = nodes.bullet_list(classes=["pd-summary"])
                listed += [self._figure(figure) for figure in figures]
                yield listed
            case Finder():
                yield from self._finder(block)
            case Flow(stops=stops):
                listed = nodes.enumerated_list(classes=["pd-flow"])
                listed += [
                    nodes.list_item("", nodes.paragraph("", "", *self._parts(stop)))
                    for stop in stops
                ]
                yield listed

    # Texts

    def _item(self, blocks: tuple[Block, ...]) -> list[Node]:
        match blocks:
            case (Paragraph(parts=parts, role="", anchor=""), *rest) if all(
                isinstance(block, Bullets) for block in rest
            ):
                return [plugin_line("", "", *self._parts(parts)), *self.blocks(rest)]
        return self.blocks(blocks)

    def _paragraph(self, block: Paragraph) -> Element:
        made: Element = plugin_answer() if block.role == "answer" else nodes.paragraph()
        if block.role and block.role != "answer":
            made["classes"].append(f"pd-{block.role}")
        if self.owns and block.anchor and block.anchor not in self.placed:
            self.placed.add(block.anchor)
            made += nodes.target("", "", ids=[block.anchor])
        made += self._parts(block.parts)
        return made

    def _parts(self, parts: Iterable[Part]) -> list[Node]:
        return [self._part(part) for part in parts]

    def _part(self, part: Part) -> Node:
        shown = _styled(part)
        match part.link:
            case None:
                return shown
            case WebLink(address=address):
                return nodes.reference("", "", shown, refuri=address, internal=False)
            case SourceLink() as link:
                if part.style == "muted":  # its address gives it its look: pages have many of them
                    return self._source(link, nodes.Text(one_line(part.text)), "")
                return self._source(link, shown)
            case PageLink(document=document, anchor=anchor):
                return self._page(document, shown, anchor)
            case ThingLink(kind=kind, name=name):
                return self._reference(kind, name, shown)

    def _reference(self, kind: str, name: str, shown: Node) -> Node:
        entry = self.domain.objects.get((kind, name))
        if entry is None:
            return shown  # a site that shows only some things has no place for the others
        return self._link(entry.document, self._anchor_in(kind, entry), shown)

    def _anchor_in(self, kind: str, entry: Entry) -> str | None:
        """Return the anchor of a thing; None if it is what another page begins with."""
        starts = kind in _WHOLE_PAGES and entry.document in self.domain.sources.generated
        return None if starts and entry.document != self.document else entry.anchor

    def _link(self, document: str, anchor: str | None, shown: Node) -> Node:
        try:
            made = make_refnode(self.builder, self.document, document, anchor, shown)
        except NoUri:  # the builder does not write that document
            return shown
        return plugin_link("", "", shown, **made.attributes)

    def _page(self, document: str, shown: Node, anchor: str = "") -> Node:
        if document not in self.builder.env.all_docs:
            return shown
        return self._link(document, anchor or None, shown)

    def _source(self, link: SourceLink, shown: Node, look: str = "pd-source-link") -> Element:
        url = source_url(self.builder.config, link)
        if url:
            classes = [look or "pd-source-line"]
            return nodes.reference("", "", shown, refuri=url, internal=False, classes=classes)
        return plugin_source_link(
            "",
            "",
            shown,
            page=source_page(link),
            fragment=source_fragment(link),
            look=look,
            classes=["no-search"],
        )

    def _note(self, block: Note | Failure) -> Element:
        if isinstance(block, Failure):
            return nodes.warning("", nodes.paragraph("", block.message))
        kind = nodes.warning if block.kind == "warning" else nodes.note
        return kind("", *self.blocks(block.blocks))

    def _code(self, code: Code) -> Iterator[Node]:
        if code.caption:
            caption = nodes.paragraph("", "", *self._parts(code.caption), classes=["pd-caption"])
            yield caption
        lines = printable(code.text).split("\n")
        size = _LINES_IN_A_FRAME if self.builder.format == "latex" else len(lines)
        for start in range(0, len(lines), size):
            text = "\n".join(lines[start : start + size])
            # The attributes are those that Sphinx's own transforms would have set.
            kind = plugin_excerpt if code.first else nodes.literal_block
            block = kind(text, text, language=code.language, force=True, linenos=False)
            block["classes"].append("no-search")  # a search for an option should not find its code
            if code.first:
                block["linenos"] = True
                block["highlight_args"] = {"linenostart": code.first + start}
            yield block

    def _field(self, field: Field) -> Element:
        body = plugin_field_body("", *self.blocks(field.blocks))
        classes = [] if field.searchable else ["no-search"]
        return nodes.field("", plugin_field_name("", field.label), body, classes=classes)

    # Things

    def _card(self, card: Card) -> Iterator[Node]:
        # No contents entry: `contents` adds it to the page alone, and not to every page's menu.
        made = addnodes.desc(domain="plugin", objtype=card.kind, desctype=card.kind)
        for name in ("no-index", "no-index-entry", "no-contents-entry", "no-typesetting"):
            made[name] = made[name.replace("-", "")] = False
        made["classes"] += ["plugin", card.kind, "pd-card"]
        signature = addnodes.desc_signature("", "", is_multiline=False)
        signature["classes"] += ["sig", "sig-object", "plugin"]
        title = addnodes.desc_name("", plain_text(card.title))
        if self.owns:
            anchors = [fragment(anchor) for anchor in card.anchors]
            signature["ids"] += [one for one in anchors if one not in self.placed]
            self.placed.update(anchors)
            signature += title
        else:
            signature += self._reference(card.kind, card.name, title)
        if card.detail:
            signature += nodes.Text(" ")
            signature += self._parts(card.detail)
        if card.source is not None:
            place = f"{card.source.path.rpartition('/')[2]}:{card.source.line}"
            shown = nodes.inline("", one_line(place), classes=["pd-source"])
            signature += [nodes.Text(" "), self._source(card.source, shown)]
        content = addnodes.desc_content()
        if card.badges:
            content += nodes.paragraph("", "", *_badges(card.badges), classes=["pd-badges"])
        content += self.blocks(card.blocks)
        made += [signature, content]
        yield made

    # Lists

    def _rows(self, block: Rows) -> Element:
        numbers = {
            choice: f"{which}-{number}"
            for which, (_, choices) in enumerate(block.facets)
            for number, choice in enumerate(choices)
        }
        needed = dict.fromkeys(answer for one in block.rows for answer in one.depends)
        answers = {answer: number for number, answer in enumerate(needed)}
        made = plugin_rows(
            classes=["no-search"],
            noun=block.noun,
            facets=[[label, list(choices)] for label, choices in block.facets],
            depends=list(answers),
        )
        for one in block.rows:
            made += self._row(one, numbers, [answers[answer] for answer in one.depends])
        return made

    def _row(self, one: Row, numbers: dict[str, str], depends: list[int]) -> Element:
        facets = [numbers[facet] for facet in one.facets if facet in numbers]
        made = plugin_row(search=one.search, facets=facets, depends=depends)
        head = nodes.paragraph("", "", *self._parts(one.title), classes=["pd-row-head"])
        if one.detail:
            head += nodes.Text(" ")
            head += nodes.inline("", "", *self._parts(one.detail), classes=["pd-row-detail"])
        if one.badges:
            head += nodes.Text(" ")
            head += _badges(one.badges)
        if one.place:
            head += nodes.Text(" ")
            head += nodes.inline("", "", *self._parts(one.place), classes=["pd-row-place"])
        made += head
        if one.summary:
            made += nodes.paragraph("", "", *self._parts(one.summary), classes=["pd-row-summary"])
        if one.note:
            made += nodes.paragraph("", "", *self._parts(one.note), classes=["pd-row-note"])
        return made

    def _figure(self, figure: Figure) -> Element:
        shown = nodes.inline("", "")
        if figure.number:
            shown += [nodes.strong("", figure.number), nodes.Text(" ")]
        shown += nodes.inline("", figure.label, classes=["pd-label"])
        if figure.text:
            shown += [nodes.Text(" "), nodes.inline("", figure.text, classes=["pd-muted"])]
        link = self._page(figure.document, shown)
        return nodes.list_item("", nodes.paragraph("", "", link))

    def _finder(self, finder: Finder) -> Iterator[Element]:
        if finder.document in self.builder.env.all_docs:
            made = plugin_finder(document=finder.document, noun=finder.noun, hint=finder.hint)
            text = label("All {0}", self.builder.config.language).replace("{0}", finder.noun)
            made += self._page(finder.document, nodes.inline("", text))
            yield made


def _styled(part: Part) -> Node:
    text = one_line(part.text)
    match part.style:
        case "plain":
            return nodes.Text(text)
        case "literal":
            return plugin_code("", text)
        case "emphasis":
            return nodes.emphasis("", text)
        case "strong":
            return nodes.strong("", text)
        case "hole":
            return plugin_code("", text, classes=["pd-hole"])
        case "muted":
            return nodes.inline("", text, classes=["pd-muted"])


def _badges(badges: Iterable[Badge]) -> list[Node]:
    found: list[Node] = []
    for badge in badges:
        if found:
            found.append(nodes.inline("", ", ", classes=["pd-comma"]))
        classes = ["pd-badge", f"pd-{badge.tone}"]
        found.append(plugin_badge("", badge.text, title=badge.title, classes=classes))
    return found
