"""Where the pages of a source go in a site, and how pictures name what they lead to."""

from __future__ import annotations

import html
import re
from typing import Final
from urllib.parse import quote, unquote

import msgspec

__all__ = ["ADDRESS", "Layout", "address", "addressed"]

ADDRESS: Final = "plugindoc:"
"""Begins the address of a thing in a picture, until a page's writer puts the real one there."""


def address(kind: str, name: str) -> str:
    """Return a thing's address for pictures, which know no pages."""
    return f"{ADDRESS}{kind}/{quote(name, safe='')}"


def addressed(svg: str) -> set[tuple[str, str]]:
    """Return kind and name of the things that a picture leads to."""
    found = re.findall(rf'href="{re.escape(ADDRESS)}(\w+)/([^"]*)"', svg)
    return {(kind, unquote(html.unescape(name))) for kind, name in found}


class Layout(msgspec.Struct, frozen=True):
    """Where a source's pages go in a site: folders relative to the site's source, with ``/``.

    An empty `walkthroughs` leaves them out; `pages` is "" where nothing is generated.
    """

    pages: str
    walkthroughs: str = ""

    def page(self, name: str) -> str:
        """Return the name of the document for a page of this layout."""
        return f"{self.pages}/{name}" if self.pages else name
