"""Where the pages of a source go in a site, what they leave out, and what pictures lead to."""

from __future__ import annotations

import html
import re
from typing import Final, Literal, TypeAlias
from urllib.parse import quote, unquote

import msgspec

__all__ = ["ADDRESS", "NOT_ARRANGED", "Arrangement", "Layout", "Order", "address", "addressed"]

ADDRESS: Final = "plugindoc:"
"""Begins the address of a thing in a picture, until a page's writer puts the real one there."""


def address(kind: str, name: str) -> str:
    """Return a thing's address for pictures, which know no pages."""
    return f"{ADDRESS}{kind}/{quote(name, safe='')}"


def addressed(svg: str) -> set[tuple[str, str]]:
    """Return kind and name of the things that a picture links to."""
    found = re.findall(rf'href="{re.escape(ADDRESS)}(\w+)/([^"]*)"', svg)
    return {(kind, unquote(html.unescape(name))) for kind, name in found}


Order: TypeAlias = Literal["load", "title"]


class Arrangement(msgspec.Struct, frozen=True):
    """What a site's author sets for a source; `exclude` and `groups` hold patterns of modules.

    `title` is the source's, `titles` are those of plugins by module.
    """

    title: str = ""
    exclude: tuple[str, ...] = ()
    titles: dict[str, str] = {}
    order: Order = "load"
    groups: dict[str, tuple[str, ...]] = {}


NOT_ARRANGED: Final = Arrangement()


class Layout(msgspec.Struct, frozen=True):
    """Where a source's pages go in a site: folders relative to the site's source, with ``/``.

    An empty `walkthroughs` leaves them out; `pages` is "" if nothing is generated.
    """

    pages: str
    walkthroughs: str = ""

    def page(self, name: str) -> str:
        """Return the name of the document for a page of this layout."""
        return f"{self.pages}/{name}" if self.pages else name
