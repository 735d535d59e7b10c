"""Placeholders to nodes, when a page is written (see `placing`)."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast

from docutils import nodes
from sphinx.util import logging

from plugindoc.sphinx import twins
from plugindoc.sphinx.languages import messages
from plugindoc.sphinx.nodes import plugin_blocks

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.application import Sphinx

    from plugindoc.rendering.blocks import Block
    from plugindoc.sphinx.domain import PluginDomain
    from plugindoc.sphinx.writing import Writer

__all__ = ["expand"]

logger = logging.getLogger(__name__)


def expand(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn what waits in a document into nodes for the builder (``doctree-resolved``)."""
    waiting_ones = list(doctree.findall(plugin_blocks))
    if not waiting_ones:
        return
    if app.builder.name == "epub":  # Sphinx does so to all links, but not to sections
        for section in doctree.findall(nodes.section):
            section["ids"] = [name.replace(":", "-") for name in section["ids"]]
    twins.keep(app, doctree, docname)
    from plugindoc.sphinx.writing import Writer  # noqa: PLC0415 - an unchanged site writes no page

    domain = cast("PluginDomain", app.env.domains["plugin"])
    placed: set[str] = set()
    for waiting in waiting_ones:
        if app.builder.name == "gettext":
            catalogue = domain.catalogue(waiting["prefix"] or domain.sources.default)
            waiting.parent.replace(waiting, [*messages(catalogue, waiting["blocks"])])
            continue
        writer = Writer(
            app.builder, docname, placed, prefix=waiting["prefix"], owns=waiting["owns"]
        )
        waiting.parent.replace(waiting, list(_nodes(writer, waiting["blocks"])))


def _nodes(writer: Writer, blocks: Iterable[Block]) -> Iterator[nodes.Node]:
    for block in blocks:
        try:
            yield from writer.blocks((block,))
        except Exception as error:  # noqa: BLE001 - any mistake costs one block
            logger.warning(
                "%s %s is left out: internal error in plugindoc: %r",
                type(block).__name__.lower(),
                getattr(block, "name", ""),
                error,
                location=writer.document,
                type="plugindoc",
                subtype="failed",
            )
