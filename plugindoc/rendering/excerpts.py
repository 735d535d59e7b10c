"""Source code by the name of what it defines, so that a page cannot go stale."""

from __future__ import annotations

from plugindoc.model.locations import Location
from plugindoc.model.project import Function, Option, OptionGroup, Plugin, Sequence, Step, Template
from plugindoc.rendering.blocks import Code, Part
from plugindoc.rendering.catalogue import Catalogue, Found
from plugindoc.rendering.texts import printable

__all__ = ["definition", "language", "source_of"]

_LANGUAGES = {
    ".py": "python",
    ".pp": "puppet",
    ".erb": "erb",
    ".epp": "puppet",
    ".yaml": "yaml",
    ".rst": "rst",
}


def language(path: str) -> str:
    """Return the name of a file's language for a highlighter."""
    return next((name for suffix, name in _LANGUAGES.items() if path.endswith(suffix)), "text")


def definition(catalogue: Catalogue, location: Location) -> Code | None:
    """Return the code at a location under a caption that links there; None if it is not read."""
    text = catalogue.excerpt(location)
    if not text.strip():
        return None
    link = catalogue.source_link(location)
    caption = (Part(f"{printable(location.path)}:{location.line}", "literal", link),)
    return Code(_dedent(text), language(location.path), location.line, caption)


def _dedent(text: str) -> str:
    lines = text.split("\n")
    depth = len(lines[0]) - len(lines[0].lstrip())
    margin = lines[0][:depth]
    return "\n".join(line.removeprefix(margin) for line in lines)


def source_of(catalogue: Catalogue, found: Found) -> Code | None:
    """Return the source code of what a name refers to; None if there is none to show."""
    match found.thing:
        case Step(function=function) if function is not None and function.location is not None:
            return definition(catalogue, function.location)
        case Template(location=location):
            lines = catalogue.source_lines(location.path)
            whole = Location(location.path, 1, 1, len(lines or ()), 1)
            return definition(catalogue, whole)
        case Plugin(location=location):
            lines = catalogue.source_lines(location.path)
            return definition(catalogue, Location(location.path, 1, 1, len(lines or ()), 1))
        case Function(location=None) | None:
            return None
        case Option() | OptionGroup() | Sequence() | Step() | Function() as thing:
            return None if thing.location is None else definition(catalogue, thing.location)
