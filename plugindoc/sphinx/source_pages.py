"""Where "source" leads: an address by the site's pattern, else a highlighted page of the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from plugindoc.rendering.blocks import SourceLink
from plugindoc.rendering.excerpts import language
from plugindoc.rendering.names import file_path

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

__all__ = ["collect", "source_fragment", "source_page", "source_url"]

_FOLDER = "_source"
_LINES = re.compile(r"\n")


def source_url(config: Config, link: SourceLink) -> str:
    """Return the address of source lines by ``plugindoc_source_url``; "" where that is not set.

    The pattern holds ``{path}``, ``{line}``, ``{end}`` and ``{revision}``.
    """
    patterns = config.plugindoc_source_url
    pattern = patterns.get(link.source, "") if isinstance(patterns, dict) else patterns
    if not pattern:
        return ""
    values = {
        "path": quote(link.path),
        "line": str(link.line),
        "end": str(link.end or link.line),
        "revision": quote(config.plugindoc_source_revision),
    }
    return re.sub(r"\{(\w+)\}", lambda found: values.get(found[1], found[0]), pattern)


def source_page(link: SourceLink) -> str:
    """Return the name of the site's page for a source file."""
    return f"{_FOLDER}/{file_path(link.source)}/{file_path(link.path)}"


def source_fragment(link: SourceLink) -> str:
    """Return the fragment that leads to the first line."""
    return f"L{link.line}"


def collect(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    """Yield the pages of all source files that some page links to (``html-collect-pages``)."""
    if getattr(app.builder, "highlighter", None) is None:
        return
    domain = app.env.domains["plugin"]
    for source, path in sorted(domain.sources_linked()):  # type: ignore[attr-defined] # our own domain
        link = SourceLink(source, path, 1)
        page = source_page(link)
        lines = domain.catalogue(source).source_lines(path)  # type: ignore[attr-defined] # our own domain
        if lines is None:
            continue
        body = _highlighted(app, "\n".join(lines), path)
        title = escape(path)
        context = {
            "title": title,
            "body": f'<section class="pd-source-page"><h1>{title}</h1>{body}</section>',
            "parents": [],
        }
        yield page, context, "page.html"


def _highlighted(app: Sphinx, text: str, path: str) -> str:
    marked = app.builder.highlighter.highlight_block(  # type: ignore[attr-defined] # HTML builders have it
        text, language(path), force=True, linenos=False
    )
    start, end = marked.find("<pre>"), marked.rfind("</pre>")
    if start < 0:
        return str(marked)
    lines = _LINES.split(marked[start + len("<pre>") : end].removeprefix("<span></span>"))
    if lines and not lines[-1]:
        lines.pop()
    numbered = "\n".join(
        f'<span class="pd-line" id="L{number}"><a class="pd-lineno" href="#L{number}"'
        f' aria-label="Line {number}">{number}</a>{line}</span>'
        for number, line in enumerate(lines, 1)
    )
    return f'<div class="highlight pd-listing"><pre tabindex="0">{numbered}</pre></div>'
