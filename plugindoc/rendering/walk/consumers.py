"""Which templates read a configuration key, and which steps bring them to a host."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from plugindoc.model.bringing import Brought
from plugindoc.model.questions import Place
from plugindoc.model.things import Step, Template, Use
from plugindoc.rendering.catalogue import Catalogue

__all__ = ["Reader", "Way", "places", "readers", "ways"]


class Reader(msgspec.Struct, frozen=True):
    """A template that reads a key, and its first read."""

    template: Template
    use: Use


class Way(msgspec.Struct, frozen=True):
    """A step that brings a template to hosts, itself or through others."""

    step: Step
    brought: Brought


def readers(catalogue: Catalogue, key: str) -> Iterator[Reader]:
    """Yield the templates that read a key, each once, in source order.

    A key with ``*`` stands for many; only those that read the same are told.
    """
    seen = set()
    for place in places(catalogue, key):
        template = catalogue.questions.template(place.name) if place.kind == "template" else None
        if template is not None and template.name not in seen:
            seen.add(template.name)
            yield Reader(template, place.use)


def places(catalogue: Catalogue, key: str) -> tuple[Place, ...]:
    """Return the places that read a key; of a key with ``*``, those that read just that."""
    found = catalogue.questions.read_by(key)
    return tuple(p for p in found if p.use.key == key) if "*" in key else found


def ways(catalogue: Catalogue, template: Template) -> Iterator[Way]:
    """Yield how a template comes to hosts: one way for each step that brings it."""
    for step in catalogue.questions.steps:
        if step.actions.templates:
            for brought in catalogue.questions.templates_of(step):
                if brought.template.name == template.name:
                    yield Way(step, brought)
