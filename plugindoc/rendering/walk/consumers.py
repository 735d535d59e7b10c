"""Which templates read a configuration key, and how they come to a host."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from plugindoc.model.conditions import Condition
from plugindoc.model.things import Step, Template, TemplateUse, Use
from plugindoc.rendering.catalogue import Catalogue

__all__ = ["Bringer", "Includer", "Reader", "bringers", "includers", "readers"]


class Reader(msgspec.Struct, frozen=True):
    """A template that reads a key, and its first read."""

    template: Template
    use: Use


class Includer(msgspec.Struct, frozen=True):
    """A template that includes another, when `guard` holds."""

    template: Template
    guard: Condition


class Bringer(msgspec.Struct, frozen=True):
    """A step that gives a template to hosts."""

    step: Step
    use: TemplateUse


def readers(catalogue: Catalogue, key: str) -> Iterator[Reader]:
    """Yield the templates that read a key, each once, in source order."""
    seen = set()
    for place in catalogue.places(key):
        template = catalogue.questions.template(place.name) if place.kind == "template" else None
        if template is not None and place.use.access == "read" and template.name not in seen:
            seen.add(template.name)
            yield Reader(template, place.use)


def includers(catalogue: Catalogue, name: str) -> Iterator[Includer]:
    """Yield the templates that include a template directly."""
    for template in catalogue.project.templates:
        for include in template.includes:
            if include.template == name and template.name != name:
                yield Includer(template, include.guard)
                break


def bringers(catalogue: Catalogue, name: str) -> Iterator[Bringer]:
    """Yield the steps that name a template."""
    for step in catalogue.questions.steps:
        for use in step.actions.templates:
            if use.template == name:
                yield Bringer(step, use)
                break
