"""Placeholders to nodes, when a page is written (see `placing`)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from plugindoc.sphinx.nodes import plugin_blocks

if TYPE_CHECKING:
    from docutils import nodes
    from sphinx.application import Sphinx

__all__ = ["expand"]


def expand(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Turn what waits in a document into nodes for the builder (``doctree-resolved``)."""
    waiting_ones = list(doctree.findall(plugin_blocks))
    if not waiting_ones:
        return
    from plugindoc.sphinx.writing import Writer  # noqa: PLC0415 - an unchanged site writes no page

    placed: set[str] = set()
    for waiting in waiting_ones:
        writer = Writer(
            app.builder, docname, placed, prefix=waiting["prefix"], owns=waiting["owns"]
        )
        waiting.parent.replace(waiting, writer.blocks(waiting["blocks"]))
