"""Nodes of plugindoc's own, each a kind of standard node so that every builder can write it."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias, cast
from urllib.parse import unquote

from docutils import nodes

from plugindoc.rendering.highlighting import highlighted_lines
from plugindoc.rendering.layout import ADDRESS
from plugindoc.sphinx.languages import label

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.writers.html5 import HTML5Translator

__all__ = [
    "plugin_answer",
    "plugin_badge",
    "plugin_blocks",
    "plugin_code",
    "plugin_diagram",
    "plugin_excerpt",
    "plugin_field_body",
    "plugin_field_name",
    "plugin_fields",
    "plugin_finder",
    "plugin_line",
    "plugin_link",
    "plugin_row",
    "plugin_rows",
    "plugin_source_link",
    "register",
]


_Visitor: TypeAlias = "Callable[[HTML5Translator, nodes.Element], None]"

_ADDRESS: Final = re.compile(rf'href="{re.escape(ADDRESS)}(\w+)/([^"]*)"')


class plugin_link(nodes.reference):  # noqa: N801 - docutils names nodes in lower case
    """A link within the site; HTML writes it without classes, for pages have hundreds."""


class plugin_fields(nodes.field_list):  # noqa: N801 - docutils names nodes in lower case
    """A list of labelled facts; HTML writes it without a class for each label and body."""


class plugin_field_name(nodes.field_name):  # noqa: N801 - docutils names nodes in lower case
    """The label of a fact."""


class plugin_field_body(nodes.field_body):  # noqa: N801 - docutils names nodes in lower case
    """The meaning of a fact's label."""


class plugin_excerpt(nodes.literal_block):  # noqa: N801 - docutils names nodes in lower case
    """Numbered lines of a source file; HTML highlights them as the source pages are."""


class plugin_source_link(nodes.inline):  # noqa: N801 - docutils names nodes in lower case
    """A link to lines of a source page; plain text if there are no source pages."""


class plugin_rows(nodes.bullet_list):  # noqa: N801 - docutils names nodes in lower case
    """A list that readers filter; ``noun`` is what it lists, ``facets`` are the choices."""


class plugin_row(nodes.list_item):  # noqa: N801 - docutils names nodes in lower case
    """An item of such a list; it is found by ``search`` and ``facets``."""


class plugin_diagram(nodes.container):  # noqa: N801 - docutils names nodes in lower case
    """A picture; its children have the same content in words."""


class plugin_finder(nodes.paragraph):  # noqa: N801 - docutils names nodes in lower case
    """A field that opens a list, filtered; its child is a link to the whole list."""


class plugin_answer(nodes.paragraph):  # noqa: N801 - docutils names nodes in lower case
    """A line of an answer file, ready to be copied."""


class plugin_line(nodes.paragraph):  # noqa: N801 - docutils names nodes in lower case
    """The one line of a list's item; HTML writes it without an element of its own."""


class plugin_blocks(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes in lower case
    """Blocks of a page that are still to be turned into nodes; `expanding` does it."""


class plugin_badge(nodes.inline):  # noqa: N801 - docutils names nodes in lower case
    """A short word beside a name, explained by its ``title``."""


class plugin_code(nodes.literal):  # noqa: N801 - docutils names nodes in lower case
    """A name or value; HTML shows it without an element of its own for each word."""


def _visit_code(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "code", "", CLASS="literal notranslate"))


def _depart_code(self: HTML5Translator, _node: nodes.Element) -> None:
    self.body.append("</code>")


def _visit_badge(self: HTML5Translator, node: nodes.Element) -> None:
    attributes = {"title": node["title"]} if node["title"] else {}
    self.body.append(self.starttag(node, "span", "", **attributes))


def _depart_badge(self: HTML5Translator, _node: nodes.Element) -> None:
    self.body.append("</span>")


def _visit_link(self: HTML5Translator, node: nodes.Element) -> None:
    href = node["refuri"] if "refuri" in node else f"#{node['refid']}"
    self.body.append(f'<a href="{html.escape(href)}">')


def _depart_link(self: HTML5Translator, _node: nodes.Element) -> None:
    self.body.append("</a>")


def _tags(opening: str, closing: str) -> tuple[_Visitor, _Visitor]:
    """Return what writes an element that has nothing of its node's own in its tags."""

    def visit(self: HTML5Translator, _node: nodes.Element) -> None:
        self.body.append(opening)

    def depart(self: HTML5Translator, _node: nodes.Element) -> None:
        self.body.append(closing)

    return visit, depart


def _visit_excerpt(self: HTML5Translator, node: nodes.Element) -> None:
    first = node["highlight_args"]["linenostart"]
    lines = highlighted_lines(node.rawsource, node["language"])
    width = len(str(first + len(lines) - 1))
    numbered = "\n".join(
        f'<span class="linenos">{number:{width}}</span>{line}'
        for number, line in enumerate(lines, first)
    )
    self.body.append(
        f'<div class="highlight-{node["language"]} notranslate"><div class="highlight">'
        f"<pre>{numbered}\n</pre></div></div>\n"
    )
    raise nodes.SkipNode


def _visit_source_link(self: HTML5Translator, node: nodes.Element) -> None:
    page = node["page"]
    uri = self.builder.get_relative_uri(self.builder.current_docname, page)
    href = html.escape(f"{uri}#{node['fragment']}")
    look = f'class="{node["look"]}" ' if node["look"] else ""
    self.body.append(f'<a {look}href="{href}">')


def _depart_source_link(self: HTML5Translator, _node: nodes.Element) -> None:
    self.body.append("</a>")


def _visit_rows(self: HTML5Translator, node: nodes.Element) -> None:
    facets = json.dumps(node["facets"], ensure_ascii=False)
    attributes = {"data-noun": node["noun"], "data-facets": facets}
    if node["depends"]:
        attributes["data-depends"] = json.dumps(node["depends"], ensure_ascii=False)
    many = " pd-many" if len(node.children) > 1 else ""
    self.body.append(self.starttag(node, "div", CLASS=f"pd-list{many}", **attributes))
    self.body.append('<ul class="pd-rows">\n')
    self.compact_p = False


def _depart_rows(self: HTML5Translator, _node: nodes.Element) -> None:
    self.body.append("</ul>\n</div>\n")


def _visit_row(self: HTML5Translator, node: nodes.Element) -> None:
    attributes = {"data-search": node["search"], "data-facets": " ".join(node["facets"])}
    if node["depends"]:
        attributes["data-depends"] = " ".join(map(str, node["depends"]))
    self.body.append(self.starttag(node, "li", "", CLASS="pd-row", **attributes))


def _depart_row(self: HTML5Translator, _node: nodes.Element) -> None:
    self.body.append("</li>\n")


def _visit_finder(self: HTML5Translator, node: nodes.Element) -> None:
    uri = self.builder.get_relative_uri(self.builder.current_docname, node["document"])
    find = html.escape(label("Find {0}", self.builder.config.language).replace("{0}", node["noun"]))
    hint = html.escape(cast("str", node["hint"]))
    self.body.append(
        f'<form class="pd-find" role="search" aria-label="{find}" '
        f'action="{html.escape(uri)}">'
        f'<input type="search" name="filter" aria-label="{find}"'
        f' placeholder="{hint}" autocomplete="off" spellcheck="false">'
        f"<button>{find}</button></form>\n"
    )
    raise nodes.SkipNode  # without a script, the form itself opens the list


def _visit_diagram(self: HTML5Translator, node: nodes.Element) -> None:
    svg = _ADDRESS.sub(lambda found: _address(self, node["source_name"], found), node["svg"])
    told = html.escape(cast("str", node["label"]))
    opened = "" if node["folded"] else " open"
    self.body.append(f'<details class="pd-diagram"{opened}><summary>{told}</summary>')
    self.body.append(f'<div class="pd-picture" tabindex="0" role="group">{svg}</div>')


def _address(self: HTML5Translator, prefix: str, found: re.Match[str]) -> str:
    """Return the real address of a thing in a picture; none for what has no place in the site."""
    kind, name = found[1], unquote(html.unescape(found[2]))
    objects = self.builder.env.domains["plugin"].data["objects"]
    entry = objects.get((kind, f"{prefix}:{name}" if prefix else name))
    if entry is None:
        return ""
    uri = self.builder.get_relative_uri(self.builder.current_docname, entry.document)
    return f'href="{html.escape(uri)}#{html.escape(entry.anchor)}"'


def _depart_diagram(self: HTML5Translator, _node: nodes.Element) -> None:
    self.body.append("</details>\n")


def _visit_answer(self: HTML5Translator, node: nodes.Element) -> None:
    self.body.append(self.starttag(node, "p", "", CLASS="pd-answer"))


def _depart_answer(self: HTML5Translator, _node: nodes.Element) -> None:
    self.body.append("</p>\n")


def _visit_words(self: HTML5Translator, node: nodes.container) -> None:
    """Begin what a book shows of a picture: the words beside it."""
    self.visit_container(node)


def _depart_words(self: HTML5Translator, node: nodes.container) -> None:
    self.depart_container(node)


def _visit_whole_list(self: HTML5Translator, node: nodes.paragraph) -> None:
    """Begin what a book shows of a field to type into: the link to the whole list."""
    self.visit_paragraph(node)


def _depart_whole_list(self: HTML5Translator, node: nodes.paragraph) -> None:
    self.depart_paragraph(node)


def _visit_source_text(self: HTML5Translator, node: nodes.inline) -> None:
    """Begin a place in the source, of which a book has no pages."""
    self.visit_inline(node)


def _depart_source_text(self: HTML5Translator, node: nodes.inline) -> None:
    self.depart_inline(node)


def register(app: Sphinx) -> None:
    """Register how HTML shows the nodes; other builders show them as their standard kind.

    A book is HTML without forms, scripts and pages of source.
    """
    app.add_node(
        plugin_source_link,
        html=(_visit_source_link, _depart_source_link),
        epub=(_visit_source_text, _depart_source_text),
    )
    app.add_node(plugin_rows, html=(_visit_rows, _depart_rows))
    app.add_node(plugin_row, html=(_visit_row, _depart_row))
    app.add_node(
        plugin_diagram,
        html=(_visit_diagram, _depart_diagram),
        epub=(_visit_words, _depart_words),
    )
    app.add_node(
        plugin_finder, html=(_visit_finder, None), epub=(_visit_whole_list, _depart_whole_list)
    )
    app.add_node(plugin_link, html=(_visit_link, _depart_link))
    app.add_node(plugin_line, html=_tags("", ""))
    app.add_node(plugin_fields, html=_tags('<dl class="pd-fields field-list simple">\n', "</dl>\n"))
    app.add_node(plugin_field_name, html=_tags("<dt>", "</dt>\n"))
    app.add_node(plugin_field_body, html=_tags("<dd>", "</dd>\n"))
    app.add_node(plugin_excerpt, html=(_visit_excerpt, None))
    app.add_node(plugin_code, html=(_visit_code, _depart_code))
    app.add_node(plugin_badge, html=(_visit_badge, _depart_badge))
    app.add_node(plugin_answer, html=(_visit_answer, _depart_answer))
