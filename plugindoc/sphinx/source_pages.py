"""Targets of "source" links: an address by the site's pattern, else a page of the site."""

from __future__ import annotations

import re
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast
from urllib.parse import quote

from plugindoc.model.printing import printable
from plugindoc.rendering.blocks import SourceLink
from plugindoc.rendering.names import file_path

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

    from plugindoc.sphinx.domain import PluginDomain

__all__ = ["files", "source_fragment", "source_page", "source_url", "texts"]

_FOLDER: Final = "_source"
_PAGE: Final = re.compile(r"@(\w+)@")
_SKELETON: Final = """\
<!doctype html>
<html lang="@language@">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>@path@ - @project@</title>
<link rel="stylesheet" href="@static@/pygments.css">
<link rel="stylesheet" href="@static@/plugindoc.css">
<script defer src="@static@/plugindoc.js"></script>
</head>
<body class="pd-source-page">
<header><a href="@home@">@project@</a><h1>@path@</h1></header>
<main class="highlight"><pre tabindex="0">
@lines@
</pre></main>
</body>
</html>
"""


def source_url(config: Config, link: SourceLink) -> str:
    """Return the address of source lines by ``plugindoc_source_url``; "" if that is not set.

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
    """Return the fragment for the first line."""
    return f"L{link.line}"


def files(app: Sphinx) -> dict[str, tuple[str, str]]:
    """Return the pages of all source files that some page links to: file to source and path.

    They do not use the theme: a page of code needs none of its menus, and is written in a
    fraction of the time.
    """
    domain = cast("PluginDomain", app.env.domains["plugin"])
    return {_file(app, link): link for link in sorted(domain.sources_linked())}


def texts(app: Sphinx) -> dict[str, str]:
    """Return the pages of `files` that are there, as HTML."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    found = {}
    for file, (source, path) in files(app).items():
        lines = domain.catalogue(source).source_lines(path)
        if lines is not None:
            page = source_page(SourceLink(source, path, 1))
            found[file] = _html(app, page, path, "\n".join(lines))
    return found


def _file(app: Sphinx, link: tuple[str, str]) -> str:
    file = app.builder.get_outfilename(source_page(SourceLink(*link, 1)))  # type: ignore[attr-defined] # HTML builders have it
    return Path(file).relative_to(app.outdir).as_posix()


def _html(app: Sphinx, page: str, path: str, text: str) -> str:
    from plugindoc.rendering.excerpts import language  # noqa: PLC0415 - as in `generated`
    from plugindoc.rendering.highlighting import highlighted_lines  # noqa: PLC0415

    lines = highlighted_lines(text.removesuffix("\n"), language(path))
    marked = "\n".join(
        f'<span class="pd-line" id="L{number}">{line}</span>'
        for number, line in enumerate(lines, 1)
    )
    values = {
        "home": app.builder.get_relative_uri(page, app.config.root_doc),
        "static": "../" * app.builder.get_target_uri(page).count("/") + "_static",
        "project": app.config.html_title or app.config.project,
        "language": app.config.language,
        "path": path,
        "lines": marked,
    }
    return _PAGE.sub(lambda found: _value(values, found[1]), _SKELETON)


def _value(values: dict[str, str], name: str) -> str:
    return values[name] if name == "lines" else escape(printable(values[name]))
