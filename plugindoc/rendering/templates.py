"""A template as a card: what it reads, what it includes, which steps apply it to a host."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.model.class_uses import ClassUse
from plugindoc.model.conditions import any_of
from plugindoc.model.project import Actions, Include, Template
from plugindoc.rendering.blocks import Block, Bullets, Card, Field, Fields, Paragraph, Part
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.failing import lasting_card
from plugindoc.rendering.guards import guarded
from plugindoc.rendering.steps import action_fields, title_part
from plugindoc.rendering.texts import paragraphs, printable, text_parts
from plugindoc.rendering.uses import parameter_bullets

__all__ = ["template_card"]


@lasting_card("template")
def template_card(catalogue: Catalogue, template: Template) -> Card:
    """Return everything about a template."""
    text = paragraphs(printable(template.summary))
    return Card(
        kind="template",
        name=catalogue.unique_name(template),
        title=(Part(printable(template.name)),),
        anchors=(catalogue.anchor(template),),
        blocks=(
            *(Paragraph(text_parts(part, catalogue.link_to), role="lead") for part in text),
            Fields(tuple(_fields(catalogue, template))),
        ),
        source=catalogue.source_link(template.location),
    )


def _fields(catalogue: Catalogue, template: Template) -> Iterator[Field]:
    yield Field("Kind", (Paragraph((Part(template.type),)),))
    if template.class_name:
        yield Field("Class", (Paragraph((Part(printable(template.class_name), "literal"),)),))
    link = catalogue.source_link(template.location)
    parts = (Part(printable(template.location.path), "literal", link),)
    yield Field("Source", (Paragraph(parts),))
    yield from action_fields(catalogue, Actions(uses=template.uses))
    if template.includes:
        items = dict.fromkeys(_included(catalogue, template, one) for one in template.includes)
        yield Field("Includes", (Bullets(tuple(items)),))
    if bringers := tuple(_bringers(catalogue, template)):
        yield Field("Applied by", (Bullets(bringers),))


def _included(catalogue: Catalogue, template: Template, include: Include) -> tuple[Block, ...]:
    link = catalogue.link(include.template, "template") if include.template else None
    named = (Part(printable(include.name), "literal", link),)
    blocks = guarded(named, include.guard, catalogue.link_to)
    parameters = parameter_bullets(catalogue, ClassUse(template, include))
    return (*blocks, parameters) if parameters.items else blocks


def _bringers(catalogue: Catalogue, template: Template) -> Iterator[tuple[Block, ...]]:
    for bringer in catalogue.questions.brought_in_by(template):
        if isinstance(bringer, Template):
            link = catalogue.link(bringer.name, "template")
            parts = (Part("template "), Part(printable(bringer.name), "literal", link))
            guards = [one.guard for one in bringer.includes if one.template == template.name]
            yield guarded(parts, any_of(guards), catalogue.link_to)
        else:
            yield (Paragraph((Part("step "), title_part(catalogue, bringer))),)
