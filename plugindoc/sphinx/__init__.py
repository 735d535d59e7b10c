"""The Sphinx extension: a site's configuration, domain, generated pages and static files."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Final, Literal

from plugindoc.sphinx import (
    assets,
    contents,
    expanding,
    generated,
    llms,
    nodes,
    published,
    source_pages,
)
from plugindoc.sphinx.directives import DIRECTIVES
from plugindoc.sphinx.domain import PluginDomain, warn_missing

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]

_CONFIG: Final[tuple[tuple[str, Any, Literal["", "env", "html"], tuple[type, ...]], ...]] = (
    # name, default, what changes with it, types
    ("plugindoc_sources", {}, "env", (dict,)),
    ("plugindoc_pages", "plugins", "env", (str,)),
    ("plugindoc_walkthroughs", "tutorials/walkthroughs", "env", (str,)),
    ("plugindoc_templates", "", "", (str,)),
    ("plugindoc_source_url", "", "env", (str, dict)),
    ("plugindoc_source_revision", "main", "env", (str,)),
    ("plugindoc_anchors", "", "", (str,)),
    ("plugindoc_record_anchors", False, "", (bool,)),
    ("plugindoc_llms_txt", True, "html", (bool,)),
)


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up the extension, and MyST where the site has not done so itself."""
    app.setup_extension("myst_parser")
    app.add_domain(PluginDomain)
    for name, directive in DIRECTIVES.items():
        app.add_directive_to_domain("plugin", name, directive)
    nodes.register(app)
    for name, default, rebuild, types in _CONFIG:
        app.add_config_value(name, default, rebuild, types)
    app.connect("builder-inited", generated.prepare)
    app.connect("env-get-outdated", generated.outdated)
    app.connect("doctree-resolved", expanding.expand, priority=100)
    app.connect("warn-missing-reference", warn_missing)
    app.connect("env-updated", published.check)
    app.connect("html-collect-pages", published.collect)
    app.connect("html-page-context", published.add_redirects)
    app.connect("doctree-read", contents.keep_titles, priority=900)
    app.connect("html-page-context", contents.give_page, priority=900)
    app.connect("html-page-context", contents.share_menu, priority=100)
    app.connect("html-page-context", contents.link_edit)
    app.connect("build-finished", source_pages.write_pages)
    app.connect("build-finished", llms.write_llms_txt)
    assets.connect(app)
    return {
        "version": version("plugindoc"),
        "env_version": 1,
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
