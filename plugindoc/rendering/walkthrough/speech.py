"""Sentences out of words and links."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TypeAlias

from plugindoc.model.anchors import fragment
from plugindoc.model.conditions import Always, Condition
from plugindoc.model.project import Option, Plugin, Step, Template
from plugindoc.rendering.blocks import Block, Bullets, Paragraph, Part, Section
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.steps import title_part
from plugindoc.rendering.texts import condition_parts, printable

__all__ = [
    "Words",
    "bullets",
    "code",
    "listed",
    "option_name",
    "plugin_name",
    "say",
    "shared",
    "station",
    "step_name",
    "template_name",
    "templates_named",
    "when",
]

Words: TypeAlias = str | Part | Sequence[Part]


def say(*words: Words, role: str = "") -> Paragraph:
    """Return a paragraph of plain words, parts and runs of parts."""
    parts: list[Part] = []
    for word in words:
        if isinstance(word, str):
            parts.append(Part(word))
        elif isinstance(word, Part):
            parts.append(word)
        else:
            parts.extend(word)
    return Paragraph(tuple(part for part in parts if part.text), role)


def bullets(items: Iterable[Block | Sequence[Block]]) -> Bullets:
    """Return a list, each item one block or several."""
    return Bullets(tuple(tuple(item) if isinstance(item, Sequence) else (item,) for item in items))


def shared(told: Iterable[tuple[Part, tuple[Part, ...]]]) -> Bullets:
    """Return a list of names with their descriptions, equal ones only once."""
    lines: dict[tuple[Part, ...], list[Part]] = {}
    for name, said in told:
        lines.setdefault(said, []).append(name)
    return bullets(say(listed(names), ": ", said, ".") for said, names in lines.items())


def station(
    catalogue: Catalogue, plugin: Plugin, anchor: str, title: Words, blocks: Iterable[Block]
) -> Section:
    """Return a titled part of a plugin's walkthrough."""
    name = f"walkthrough-{plugin.module}-{anchor}"
    anchor = fragment(catalogue.full_name(name).replace(":", "-"))
    return Section(say(title).parts, (anchor,), tuple(blocks))


def code(text: str) -> Part:
    """Return a word of code."""
    return Part(printable(text), "literal")


def listed(items: Sequence[Words], joiner: str = "and") -> tuple[Part, ...]:
    """Return items as a sentence lists them: ``a, b and c``."""
    found: list[Words] = []
    for number, item in enumerate(items):
        if number:
            found.append(f" {joiner} " if number == len(items) - 1 else ", ")
        found.append(item)
    return say(*found).parts


def when(catalogue: Catalogue, condition: Condition, before: str = " when ") -> tuple[Part, ...]:
    """Return the condition in words behind `before`; nothing if it always holds."""
    if isinstance(condition, Always):
        return ()
    return (Part(before), *condition_parts(condition, catalogue.link_to))


def option_name(catalogue: Catalogue, option: Option | str) -> Part:
    """Return an option's or fact's name, linked if it has a place."""
    name = option if isinstance(option, str) else option.name
    return Part(printable(name), "literal", catalogue.link_to(name))


def plugin_name(catalogue: Catalogue, plugin: Plugin) -> Part:
    """Return a plugin's module, linked."""
    return Part(printable(plugin.module), "literal", catalogue.link(plugin.module, "module"))


def step_name(catalogue: Catalogue, step: Step) -> Part:
    """Return a step's title, linked."""
    return title_part(catalogue, step, "strong")


def template_name(catalogue: Catalogue, template: Template) -> Part:
    """Return a template by the name that others include it under, linked."""
    shown = template.class_name or template.location.path.rpartition("/")[2]
    return Part(printable(shown), "literal", catalogue.link(template.name, "template"))


def templates_named(catalogue: Catalogue, templates: Iterable[Template]) -> tuple[Part, ...]:
    """Return one template or more as a sentence lists them: ``classes a and b, and template c``."""
    kinds: dict[str, list[Words]] = {}
    for template in templates:
        kind = "class" if template.class_name else "template"
        kinds.setdefault(kind, []).append(template_name(catalogue, template))
    groups: list[Words] = []
    for kind, names in kinds.items():
        several = {"class": "classes", "template": "templates"}[kind]
        groups.append(say(kind if len(names) == 1 else several, " ", listed(names)).parts)
    return say(groups[0], *(word for group in groups[1:] for word in (", and ", group))).parts
