"""Which templates and which code read a configuration key."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from plugindoc.model.project import Template, Use
from plugindoc.model.questions import Place
from plugindoc.rendering.catalogue import Catalogue

__all__ = ["Reader", "patterns", "places", "readers"]


class Reader(msgspec.Struct, frozen=True):
    """A template that reads a key, and its first read."""

    template: Template
    use: Use


def readers(catalogue: Catalogue, key: str) -> Iterator[Reader]:
    """Yield the templates that read a key, each once, in source order.

    A key with ``*`` means many; only those that read the same are listed.
    """
    seen = set()
    for place in places(catalogue, key):
        template = catalogue.questions.template(place.name) if place.kind == "template" else None
        if template is not None and template.name not in seen:
            seen.add(template.name)
            yield Reader(template, place.use)


def places(catalogue: Catalogue, key: str) -> tuple[Place, ...]:
    """Return the places that read just this key, not all that a pattern can mean."""
    return tuple(p for p in catalogue.questions.read_by(key) if p.use.key == key)


def patterns(catalogue: Catalogue, key: str) -> tuple[str, ...]:
    """Return the patterns through which code reads a key among others (``*_HOST``)."""
    found = catalogue.questions.read_by(key)
    return tuple(dict.fromkeys(p.use.key for p in found if p.use.key != key and p.use.pattern))
