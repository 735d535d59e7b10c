"""The Sphinx extension: a site's configuration, domain, generated pages and static files."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, Literal

from sphinx.config import ENUM

from plugindoc.sphinx import (
    assets,
    contents,
    expanding,
    generated,
    nodes,
    outdating,
    output,
    published,
    twins,
)
from plugindoc.sphinx.directives import DIRECTIVES
from plugindoc.sphinx.domain import PluginDomain, warn_missing
from plugindoc.sphinx.failures import in_one_line, warn_unknown_settings

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]

_CONFIG: Final[tuple[tuple[str, Any, Literal["", "env", "html"], tuple[type, ...] | ENUM], ...]] = (
    # name, default, what changes with it, types
    ("plugindoc_sources", {}, "env", (dict,)),
    ("plugindoc_pages", "plugins", "env", (str,)),
    ("plugindoc_bases", [], "env", (list, tuple)),
    ("plugindoc_source_titles", {}, "env", (dict,)),
    ("plugindoc_exclude", [], "env", (list, tuple)),
    ("plugindoc_titles", {}, "env", (dict,)),
    ("plugindoc_order", "load", "env", ENUM("load", "title")),
    ("plugindoc_groups", {}, "env", (dict,)),
    ("plugindoc_walkthroughs", "tutorials/walkthroughs", "env", (str,)),
    ("plugindoc_templates", "", "", (str,)),
    ("plugindoc_source_url", "", "env", (str, dict)),
    ("plugindoc_source_revision", "main", "env", (str,)),
    ("plugindoc_anchors", "", "", (str,)),
    ("plugindoc_record_anchors", False, "", (bool,)),
    ("plugindoc_history_tags", "", "env", (str,)),
    ("plugindoc_history_releases", "", "env", (str,)),
    ("plugindoc_puppet_modules", "", "env", (str,)),
    ("plugindoc_markdown", True, "html", (bool,)),
    ("plugindoc_llms_txt", True, "html", (bool,)),
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up the extension, and MyST if no other extension reads Markdown."""
    if not app.registry.has_domain(PluginDomain.name):  # an extension below may set this one up
        app.add_domain(PluginDomain)
        _read_markdown(app)
        _set_up(app)
    return {
        "version": version("plugindoc"),
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }


def _read_markdown(app: Sphinx) -> None:
    """Set up MyST, unless an extension of the site reads Markdown, wherever it is listed.

    MyST cannot be set up twice in all its versions, so the extensions after this one come first.
    """
    for name in app.config.extensions:
        if name != __package__.partition(".")[0]:
            app.setup_extension(name)
    if ".md" not in app.registry.source_suffix:
        app.setup_extension("myst_parser")


def _set_up(app: Sphinx) -> None:
    for name, directive in DIRECTIVES.items():
        app.add_directive_to_domain("plugin", name, directive)
    nodes.register(app)
    for name, default, rebuild, types in _CONFIG:
        app.add_config_value(name, default, rebuild, types)
    app.connect("config-inited", warn_unknown_settings)
    app.connect("builder-inited", in_one_line(generated.prepare))
    app.connect("env-get-outdated", outdating.outdated)
    app.connect("doctree-resolved", expanding.expand, priority=100)
    app.connect("warn-missing-reference", warn_missing)
    app.connect("env-updated", in_one_line(published.check))
    app.connect("env-updated", outdating.relinked)
    app.connect("doctree-read", outdating.note_roles)
    app.connect("html-collect-pages", published.collect)
    app.connect("html-page-context", published.add_redirects)
    app.connect("doctree-read", contents.keep_titles, priority=900)
    app.connect("html-page-context", contents.give_page, priority=100)
    app.connect("html-page-context", contents.show_in_page, priority=900)
    app.connect("html-page-context", contents.share_menu, priority=100)
    app.connect("html-page-context", contents.give_neighbours, priority=100)
    app.connect("html-page-context", contents.link_edit)
    app.connect("html-page-context", contents.describe, priority=100)
    app.connect("html-page-context", twins.give_link, priority=900)
    app.connect("build-finished", output.write_output)
    assets.connect(app)
