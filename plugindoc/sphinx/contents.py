"""The contents of a generated page: its sections and cards, for that page alone.

Sphinx keeps the contents of every page in those of the whole site, which a theme copies into every
page's menu: the time for that grows with the square of the site. A menu needs titles only.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING, Any, Final, cast

from docutils import nodes
from sphinx import addnodes

from plugindoc.sphinx.languages import label
from plugindoc.sphinx.nodes import plugin_code

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

    from plugindoc.sphinx.domain import PluginDomain

__all__ = [
    "describe",
    "give_neighbours",
    "give_page",
    "keep_titles",
    "link_edit",
    "share_menu",
    "show_in_page",
]

_LONG: Final = 6
"""From so many entries on, a page shows its contents where the theme does not."""
_WITHOUT_SIDEBARS: Final = frozenset({"sphinx_rtd_theme"})
"""Themes that inherit a list of sidebars, and show none of them."""
_NAME: Final = re.compile(r'(?<=<code class="literal notranslate">)[^<]+')
"""A name as HTML shows it; one that is too long for its place breaks after an underscore."""


def keep_titles(app: Sphinx, _doctree: nodes.document) -> None:
    """Reduce the stored contents of a generated page to its title (``doctree-read``)."""
    env = app.env
    if not _is_generated(env, env.docname):
        return
    for item in list(env.tocs[env.docname].findall(nodes.list_item)):
        if any(item.findall(addnodes.toctree)):
            continue
        if item.parent is env.tocs[env.docname]:
            del item.children[1:]
        else:
            item.parent.remove(item)


def give_page(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Add all headings to the contents of a generated page (``html-page-context``)."""
    if doctree is None or not _is_generated(app.env, pagename):
        return
    entries = list(_entries(doctree))
    if not entries or not any(len(entry.children) > 1 for entry in entries):
        return
    contents = nodes.bullet_list("", *entries)
    shown = app.builder.render_partial(contents)["fragment"]  # type: ignore[attr-defined] # HTML builders have it
    context["toc"] = _breakable(shown)
    context["display_toc"] = True


def show_in_page(
    app: Sphinx,
    pagename: str,
    _template: str,
    context: dict[str, Any],
    doctree: nodes.document | None,
) -> None:
    """Show the contents of a long page in any theme (``html-page-context``, after the themes)."""
    if doctree is None or not context.get("display_toc") or not _is_generated(app.env, pagename):
        return
    if "furo_hide_toc" in context:
        context["furo_hide_toc"] = False  # Furo looks at what the site keeps, the title
        return
    entries = [one for entry in _entries(doctree) for one in entry.children[1:]]
    if _is_beside(app, context) or app.builder.name == "epub" or _length(entries) < _LONG:
        return
    shown = _breakable(app.builder.render_partial(nodes.container("", *entries))["fragment"])  # type: ignore[attr-defined] # HTML builders have it
    title = html.escape(label("On this page", app.config.language))
    folded = f'<details class="pd-contents"><summary>{title}</summary>{shown}</details>'
    context["body"] = context["body"].replace("</h1>", f"</h1>\n{folded}", 1)


def _is_beside(app: Sphinx, context: dict[str, Any]) -> bool:
    """Return whether a theme shows the contents of a page in a sidebar."""
    if "generate_toc_html" in context:  # pydata_sphinx_theme and those based on it
        return True
    shown = app.config.html_theme not in _WITHOUT_SIDEBARS
    return shown and "localtoc.html" in (context.get("sidebars") or ())


def _length(entries: list[nodes.Node]) -> int:
    return sum(1 for entry in entries for _ in entry.findall(nodes.list_item))


def _breakable(shown: str) -> str:
    return _NAME.sub(lambda found: found[0].replace("_", "_<wbr>"), shown)


def link_edit(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Point "edit this page" to the plugin of a generated page (``html-page-context``)."""
    if not _is_generated(app.env, pagename):
        return
    source = str(app.env.metadata[pagename].get("plugin_source", ""))
    if source:
        context["theme_source_edit_link"] = source.replace("{", "{{").replace("}", "}}")
    else:
        context["page_source_suffix"] = ""  # no author has the page itself


def describe(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Add the description of a generated page (``html-page-context``)."""
    said = str(app.env.metadata.get(pagename, {}).get("plugin_description", ""))
    if not said or not _is_generated(app.env, pagename):
        return
    context["metatags"] += f'<meta name="description" content="{html.escape(said)}" />\n'
    context["meta"] = {**(context.get("meta") or {}), "og:description": said}


def share_menu(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Make one menu for all pages of a folder that are in no menu (``html-page-context``).

    A theme makes the site's menu anew for every page. For pages that are not in it, only the link
    to the top differs.
    """
    env = app.env
    if "toctree" not in context or not _is_generated(env, pagename):
        return
    make, folder = context["toctree"], pagename.rpartition("/")[0]
    if pagename not in _outside_menus(env).get(folder, []):
        return
    menus = cast("PluginDomain", env.domains["plugin"]).menus

    def menu(**options: object) -> str:
        key = (folder, *sorted(options.items()))
        if key not in menus:
            menus[key] = make(**options)
        return menus[key]

    context["toctree"] = menu


def give_neighbours(
    app: Sphinx, pagename: str, _template: str, context: dict[str, Any], _doctree: object
) -> None:
    """Add a previous and a next page to one that is in no menu (``html-page-context``).

    They are the other pages of its folder, by name; the parent is the folder's index.
    """
    env, folder = app.env, pagename.rpartition("/")[0]
    index = f"{folder}/index"
    if not _is_generated(env, pagename) or index not in env.titles:
        return
    beside = _outside_menus(env).get(folder, [])
    if pagename not in beside:
        return

    def link(document: str) -> dict[str, str]:
        title = app.builder.render_partial(env.titles[document])["title"]  # type: ignore[attr-defined] # HTML builders have it
        return {"link": app.builder.get_relative_uri(pagename, document), "title": title}

    place = beside.index(pagename)
    context["prev"] = link(beside[place - 1] if place else index)
    context["next"] = link(beside[place + 1]) if place + 1 < len(beside) else None
    context["parents"] = [*context["parents"], link(index)]


def _outside_menus(env: BuildEnvironment) -> dict[str, list[str]]:
    """Return the generated pages that are in no menu, by folder and name."""
    domain = cast("PluginDomain", env.domains["plugin"])
    if domain.outside_menus is None:
        listed = {page for pages in env.toctree_includes.values() for page in pages}
        found: dict[str, list[str]] = {}
        for page in sorted(domain.sources.generated - listed):
            found.setdefault(page.rpartition("/")[0], []).append(page)
        domain.outside_menus = found
    return domain.outside_menus


def _is_generated(env: BuildEnvironment, document: str) -> bool:
    return document in cast("PluginDomain", env.domains["plugin"]).sources.generated


def _entries(parent: nodes.Element) -> Iterator[nodes.list_item]:
    for child in parent.children:
        if isinstance(child, nodes.section):
            title = next(iter(child.findall(nodes.title))).astext()
            anchor = "" if isinstance(parent, nodes.document) else child["ids"][0]
            yield _entry(nodes.Text(title), anchor, list(_entries(child)))
        elif isinstance(child, addnodes.desc):
            signature = next(iter(child.findall(addnodes.desc_signature)))
            if signature["ids"]:
                name = next(iter(signature.findall(addnodes.desc_name))).astext()
                is_title = child["objtype"] in {"sequence", "step"}
                shown = nodes.Text(name) if is_title else plugin_code("", name)
                yield _entry(shown, signature["ids"][0], [])


def _entry(shown: nodes.Node, anchor: str, inner: list[nodes.list_item]) -> nodes.list_item:
    link = nodes.reference("", "", shown, internal=True, refuri=f"#{anchor}")
    below = [nodes.bullet_list("", *inner)] if inner else []
    return nodes.list_item("", addnodes.compact_paragraph("", "", link), *below)
