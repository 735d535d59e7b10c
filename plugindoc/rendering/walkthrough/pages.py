"""A guided reading of a plugin, from its head to the lines that switch it on."""

from __future__ import annotations

from plugindoc.model.project import Plugin
from plugindoc.rendering.blocks import Block, PageLink, Part, Row, Rows, Section
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.failing import lasting
from plugindoc.rendering.texts import first_sentence, paragraphs, printable, text_parts
from plugindoc.rendering.walkthrough.answering import answering
from plugindoc.rendering.walkthrough.asking import asking
from plugindoc.rendering.walkthrough.delivering import delivering
from plugindoc.rendering.walkthrough.opening import opening
from plugindoc.rendering.walkthrough.running import running
from plugindoc.rendering.walkthrough.switching import printing, switching

__all__ = ["walkthrough", "walkthrough_list", "walkthrough_page"]


def walkthrough_page(catalogue: Catalogue, plugin: Plugin) -> Section:
    """Return a plugin's walkthrough as the section of a page."""
    anchor = f"walkthrough-{catalogue.anchor(plugin)}"
    title = (Part("Walk through "), Part(catalogue.plugin_titles[plugin.module]))
    return Section(title, (anchor,), walkthrough(catalogue, plugin))


def walkthrough(catalogue: Catalogue, plugin: Plugin) -> tuple[Block, ...]:
    """Return a plugin's walkthrough in sections, in the order of the plugin's code."""
    parts = (opening, asking, answering, running, delivering, switching, printing)
    return tuple(block for part in parts for block in lasting(part, catalogue, plugin))


def walkthrough_list(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return links to all walkthroughs, in the order of the site."""
    rows = []
    for plugin in catalogue.plugins_listed():
        page = catalogue.walkthrough_page(plugin.module)
        title = (
            Part(catalogue.plugin_titles[plugin.module], "plain", PageLink(page) if page else None),
        )
        text = first_sentence(" ".join(paragraphs(printable(plugin.docstring or ""))))
        rows.append(Row(title, summary=text_parts(text, catalogue.link_to)))
    return (Rows(tuple(rows), "walkthroughs"),)
