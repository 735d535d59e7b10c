"""What a site's address brings: descriptions, canonical links, a sitemap and a page for 404.

Other extensions do the work (the extra ``plugindoc[site]``). This one, for sites of `plugindoc
build`, sets them up and completes their sitemap: a build that writes a few pages would list no
others.
"""

from __future__ import annotations

import contextlib
import io
import queue
from importlib.util import find_spec
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["EXTENSIONS", "address_settings", "missing_extensions", "normal_address", "setup"]

EXTENSIONS: Final = {
    "sphinx_sitemap": "sphinx-sitemap",
    "sphinxext.opengraph": "sphinxext-opengraph",
    "notfound.extension": "sphinx-notfound-page",
}
"""The extensions that need a site's address, each with its package."""

_NOT_LISTED: Final = ("404.html", "genindex.html", "search.html", "404/", "genindex/", "search/")
_BEFORE_THE_SITEMAP: Final = 100


def missing_extensions() -> list[str]:
    """Return the packages of the extensions that are not installed."""
    return [
        package
        for module, package in EXTENSIONS.items()
        if find_spec(module.partition(".")[0]) is None or find_spec(module) is None
    ]


def normal_address(address: str) -> str:
    """Return a site's address with a slash at its end, "" if it is none of the web."""
    parts = urlsplit(address)
    if parts.scheme not in {"http", "https"} or not parts.netloc or parts.query or parts.fragment:
        return ""
    return address.rstrip("/") + "/"


def address_settings(address: str) -> dict[str, object]:
    """Return the settings of a site at an address."""
    return {
        "html_baseurl": address,
        "sitemap_url_scheme": "{link}",
        "sitemap_locales": [None],
        "sitemap_excludes": list(_NOT_LISTED),
        "ogp_site_url": address,
        "ogp_social_cards": {"enable": False},
        "notfound_urls_prefix": urlsplit(address).path,
    }


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set the extensions up, and complete the sitemap before it is written."""
    with contextlib.redirect_stdout(io.StringIO()):  # one of them prints when it is imported
        for module in EXTENSIONS:
            app.setup_extension(module)
    app.connect("build-finished", _complete, priority=_BEFORE_THE_SITEMAP)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _complete(app: Sphinx, exception: Exception | None) -> None:
    links = getattr(app, "sitemap_links", None)
    if exception is not None or links is None or app.builder.format != "html":
        return
    listed = {}
    try:
        while True:
            address, changed = links.get_nowait()
            listed[address] = changed
    except queue.Empty:
        pass
    for document in app.env.found_docs:
        address = app.builder.get_target_uri(document)
        if address not in _NOT_LISTED:
            listed.setdefault(address, None)
    for each in sorted(listed.items()):
        links.put(each)
