"""A plugin as a page: what it is, its groups with their options, its sequences with their steps."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from plugindoc.model.conditions import Always, all_of
from plugindoc.model.project import Constraint, Option, OptionGroup, Plugin
from plugindoc.model.values import words
from plugindoc.model.wording import count
from plugindoc.rendering.blocks import (
    Block,
    Bullets,
    Card,
    Field,
    Fields,
    Paragraph,
    Part,
    Section,
    as_section,
)
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.failing import lasting, lasting_card
from plugindoc.rendering.guards import condition_blocks
from plugindoc.rendering.options import option_card
from plugindoc.rendering.problems import unread_note
from plugindoc.rendering.steps import action_fields, sequence_card, step_card, title_part
from plugindoc.rendering.texts import (
    condition_parts,
    docstring_parts,
    ordinal,
    paragraphs,
    printable,
    prose_parts,
    value_parts,
)

__all__ = [
    "group_card",
    "group_title",
    "named_module",
    "plugin_card",
    "plugin_overview",
    "plugin_page",
]


def named_module(catalogue: Catalogue, plugin: Plugin) -> tuple[Part, ...]:
    """Return a plugin's name for people with its module beside it."""
    title, module = catalogue.plugin_titles[plugin.module], printable(plugin.module)
    named = (Part(title), Part(" ")) if title != module else ()
    return (*named, Part(module, "literal"))


def group_title(group: OptionGroup) -> str:
    """Return a group's title: its description, else its name."""
    return printable(words(group.description).strip() or group.name)


def plugin_page(catalogue: Catalogue, plugin: Plugin) -> Section:
    """Return everything about a plugin, in sections."""
    return as_section(
        plugin_card(catalogue, plugin),
        *(_group_section(catalogue, group) for group in plugin.groups),
        *lasting(_steps, catalogue, plugin),
        *lasting(_constraints, catalogue, plugin),
        *lasting(_hooks, catalogue, plugin),
    )


@lasting_card("module")
def plugin_card(catalogue: Catalogue, plugin: Plugin) -> Card:
    """Return a plugin as a card: what it is, and what it declares."""
    return Card(
        kind="module",
        name=catalogue.unique_name(plugin),
        title=named_module(catalogue, plugin),
        anchors=(catalogue.anchor(plugin),),
        blocks=_about(catalogue, plugin),
        source=catalogue.source_link(plugin.location),
    )


def plugin_overview(catalogue: Catalogue, plugin: Plugin) -> Card:
    """Return a plugin as a card that lists its options and its steps."""
    card = plugin_card(catalogue, plugin)
    listed: list[tuple[str, Bullets]] = []
    options = tuple(option for group in plugin.groups for option in group.options)
    if options:
        listed.append(("Options", _option_list(catalogue, options)))
    steps = [step for sequence in plugin.sequences for step in sequence.steps]
    if steps:
        titles = tuple((Paragraph((title_part(catalogue, step),)),) for step in steps)
        listed.append(("Steps", Bullets(titles, ordered=True)))
    fields = tuple(Field(label, (bullets,)) for label, bullets in listed)
    more = (Fields(fields),) if fields else ()
    return msgspec.structs.replace(card, blocks=(*card.blocks, *more))


def _about(catalogue: Catalogue, plugin: Plugin) -> tuple[Block, ...]:
    text = paragraphs(printable(plugin.docstring or ""))
    blocks: list[Block] = [
        Paragraph(docstring_parts(part, catalogue.link_to), role="lead" if not number else "")
        for number, part in enumerate(text)
    ]
    blocks += unread_note(catalogue, plugin)
    modules = [other.module for other in catalogue.project.plugins]
    fields = [
        Field(
            "Load order",
            (
                Paragraph(
                    (
                        Part(f"{plugin.order:03d}"),
                        Part(
                            f" ({ordinal(modules.index(plugin.module) + 1)} of {len(modules)})",
                            "muted",
                        ),
                    )
                ),
            ),
        )
    ]
    if plugin.name is not None:
        fields.append(Field("Name", (Paragraph(value_parts(plugin.name, catalogue.link_to)),)))
    if plugin.groups:
        fields.append(Field("Groups", (_group_list(catalogue, plugin),)))
    link = catalogue.source_link(plugin.location)
    parts = (Part(printable(plugin.location.path), "literal", link),)
    fields.append(Field("Source", (Paragraph(parts),)))
    return (*blocks, Fields(tuple(fields)))


def _group_list(catalogue: Catalogue, plugin: Plugin) -> Bullets:
    return Bullets(tuple((Paragraph(_group_line(catalogue, group)),) for group in plugin.groups))


def _group_line(catalogue: Catalogue, group: OptionGroup) -> tuple[Part, ...]:
    return (
        Part(group_title(group), "plain", catalogue.link(group.name, "group")),
        Part(f" {count(len(group.options), 'option')}", "muted"),
    )


def _group_section(catalogue: Catalogue, group: OptionGroup) -> Section:
    return Section(
        kind="group",
        name=catalogue.unique_name(group),
        title=(Part(group_title(group)),),
        anchors=(catalogue.anchor(group),),
        blocks=(
            *_group_about(catalogue, group),
            *(option_card(catalogue, option) for option in group.options),
        ),
    )


@lasting_card("group")
def group_card(catalogue: Catalogue, group: OptionGroup) -> Card:
    """Return a group as a card that lists its options."""
    return Card(
        kind="group",
        name=catalogue.unique_name(group),
        title=(Part(group_title(group)),),
        anchors=(catalogue.anchor(group),),
        blocks=(*_group_about(catalogue, group), _option_list(catalogue, group.options)),
        source=catalogue.source_link(group.location),
    )


def _option_list(catalogue: Catalogue, options: tuple[Option, ...]) -> Bullets:
    return Bullets(
        tuple(
            (Paragraph((Part(printable(o.name), "literal", catalogue.link_to(o.name)),)),)
            for o in options
        )
    )


def _group_about(catalogue: Catalogue, group: OptionGroup) -> tuple[Block, ...]:
    link_to = catalogue.link_to
    shown = all_of((group.guard, group.condition))
    link = catalogue.source_link(group.location)
    fields = [
        Field("Group", (Paragraph((Part(printable(group.name), "literal", link),)),)),
        Field("Asked when", condition_blocks(shown, link_to)),
    ]
    if not isinstance(group.post, Always):
        fields.append(
            Field("Asked again until", (Paragraph(condition_parts(group.post, link_to)),))
        )
    return (Fields(tuple(fields)),)


def _steps(catalogue: Catalogue, plugin: Plugin) -> Iterator[Section]:
    if not plugin.sequences:
        return
    cards: list[Block] = []
    for sequence in plugin.sequences:
        cards.append(sequence_card(catalogue, sequence))
        cards += [step_card(catalogue, step) for step in sequence.steps]
    yield Section((Part("What it does"),), (f"steps-{catalogue.anchor(plugin)}",), tuple(cards))


def _constraints(catalogue: Catalogue, plugin: Plugin) -> Iterator[Section]:
    if not plugin.constraints:
        return
    items = tuple((_constraint(catalogue, found),) for found in plugin.constraints)
    anchor = f"refused-{catalogue.anchor(plugin)}"
    yield Section((Part("When it fails"),), (anchor,), (Bullets(items),))


def _constraint(catalogue: Catalogue, constraint: Constraint) -> Paragraph:
    link = catalogue.source_link(constraint.location)
    said = prose_parts(constraint.text, catalogue.link_to) if constraint.text else ()
    condition = condition_parts(constraint.condition, catalogue.link_to)
    return Paragraph(
        (
            *condition,
            Part(": ") if said else Part(""),
            *said,
            Part(" "),
            Part(
                f"{printable(constraint.location.path.rpartition('/')[2])}:{constraint.location.line}",
                "muted",
                link,
            ),
        )
    )


def _hooks(catalogue: Catalogue, plugin: Plugin) -> Iterator[Section]:
    fields = tuple(action_fields(catalogue, plugin.actions))
    if fields:
        anchor = f"hooks-{catalogue.anchor(plugin)}"
        yield Section((Part("Setup code"),), (anchor,), (Fields(fields),))
