"""Markdown twins: beside each page that shows plugins, the same for programs that read."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from docutils import nodes
from sphinx.util.osutil import relative_uri

from plugindoc.rendering.blocks import PageLink
from plugindoc.sphinx.nodes import plugin_blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from plugindoc.rendering.blocks import ThingLink
    from plugindoc.sphinx.domain import PluginDomain

__all__ = ["files", "give_link", "keep", "texts", "twin_of"]

_BUILDERS: Final = frozenset({"html", "dirhtml"})


def twin_of(document: str) -> str:
    """Return the name of a page's twin in the site."""
    return f"{document}.md"


def files(app: Sphinx) -> dict[str, str]:
    """Return the twins of a site, each with its document; none if it wants none."""
    if not app.config.plugindoc_markdown or app.builder.name not in _BUILDERS:
        return {}
    domain = cast("PluginDomain", app.env.domains["plugin"])
    shown = domain.data["requests"]
    return {twin_of(document): document for document in sorted(shown) if shown[document]}


def keep(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """Make a document's twin, before its blocks become nodes; `texts` returns it."""
    if twin_of(docname) in files(app):
        domain = cast("PluginDomain", app.env.domains["plugin"])
        domain.twins[docname] = _text(app, doctree, docname)


def texts(app: Sphinx) -> dict[str, str]:
    """Return all twins: those of this build, the others as they were written."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    found = {}
    for name, document in files(app).items():
        file = Path(app.outdir, name)
        if document in domain.twins:
            found[name] = domain.twins[document]
        elif file.is_file():
            found[name] = file.read_text(encoding="utf-8")
    return found


def give_link(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Link a page to its twin, unless another extension has one (``html-page-context``)."""
    if twin_of(pagename) in files(app) and "text/markdown" not in context["metatags"]:
        address = relative_uri(app.builder.get_target_uri(pagename), twin_of(pagename))
        context["metatags"] += (
            f'<link rel="alternate" type="text/markdown" title="Markdown" href="{address}" />\n'
        )


def _text(app: Sphinx, doctree: nodes.document, docname: str) -> str:
    domain = cast("PluginDomain", app.env.domains["plugin"])

    def address(link: ThingLink | PageLink) -> str:
        if isinstance(link, PageLink):
            document = link.document
        else:
            entry = domain.objects.get((link.kind, link.name))
            document = "" if entry is None else entry.document
        known = document in app.env.all_docs and document != docname
        return relative_uri(docname, twin_of(document)) if known else ""

    lines: list[str] = []
    for line in _lines(doctree, 1, address):
        if line or (lines and lines[-1]):  # one empty line is enough
            lines.append(line)
    return "\n".join(lines).strip() + "\n"


def _lines(parent: nodes.Element, depth: int, address: Any) -> Iterator[str]:  # noqa: ANN401 - see `markdown`
    from plugindoc.rendering.markdown import escaped, markdown  # noqa: PLC0415 - an unchanged site writes no page

    for child in parent.children:
        match child:
            case nodes.section():
                yield from _lines(child, depth + 1, address)
            case nodes.title():
                yield from ("", f"{'#' * max(depth - 1, 1)} {escaped(child.astext())}", "")
            case plugin_blocks():
                yield from markdown(child["blocks"], depth, address)
            case nodes.paragraph():
                yield from (escaped(child.astext()), "")
            case _:
                continue
