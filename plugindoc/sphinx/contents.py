"""A page's own table of contents, with its cards.

Sphinx would keep them in the contents of the whole site, which themes copy for every page: the
time for that grows with the square of the site. So they are added to the page alone.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from docutils import nodes
from sphinx import addnodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from plugindoc.sphinx.domain import PluginDomain

__all__ = ["add_cards"]


def add_cards(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add the cards of a page to its contents (``html-page-context``)."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    if doctree is None or pagename not in domain.sources.generated:
        return
    sections = list(doctree.findall(nodes.section))
    cards = {f"#{section['ids'][0]}": list(_cards(section)) for section in sections}
    if not any(cards.values()):
        return
    cards[""] = cards[f"#{sections[0]['ids'][0]}"]  # the page's own title has no anchor there
    contents = app.env.tocs[pagename].deepcopy()
    for reference in list(contents.findall(nodes.reference)):
        if listed := cards.get(reference["anchorname"]):
            _append(reference, listed)
    context["toc"] = app.builder.render_partial(contents)["fragment"]  # type: ignore[attr-defined] # HTML builders have it
    context["display_toc"] = True


def _cards(section: nodes.section) -> Iterator[addnodes.desc_signature]:
    for child in section.children:
        if isinstance(child, addnodes.desc):
            signatures = (n for n in child.children if isinstance(n, addnodes.desc_signature))
            yield from (signature for signature in signatures if signature["ids"])


def _append(reference: nodes.reference, cards: list[addnodes.desc_signature]) -> None:
    """Add links to cards below the entry of their section, before its own sections."""
    item = reference.parent.parent
    inner = next((child for child in item.children if isinstance(child, nodes.bullet_list)), None)
    if inner is None:
        inner = nodes.bullet_list()
        item.append(inner)
    for number, card in enumerate(cards):
        name = next(iter(card.findall(addnodes.desc_name))).astext()
        link = nodes.reference("", "", nodes.literal("", name), internal=True, refuri="")
        link["anchorname"] = f"#{card['ids'][0]}"
        paragraph = addnodes.compact_paragraph("", "", link)
        inner.insert(number, nodes.list_item("", paragraph))
