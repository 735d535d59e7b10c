"""How what a plugin prepares gets to the hosts: its templates, and the steps that bring them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from plugindoc.model.conditions import Condition, describe
from plugindoc.model.project import Plugin, Template
from plugindoc.model.values import Value, words
from plugindoc.rendering.blocks import Block, Part
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.texts import printable, value_parts
from plugindoc.rendering.walkthrough.consumers import readers
from plugindoc.rendering.walkthrough.speech import (
    bullets,
    listed,
    plugin_name,
    say,
    station,
    template_name,
    templates_named,
    when,
)

__all__ = ["delivering"]


class _Way(msgspec.Struct, frozen=True):
    """A step that brings templates to hosts, itself or through others."""

    plugin: str
    step: str
    through: tuple[str, ...]
    hosts: Value | None


_Brought = tuple[Condition, list[Template]]
"""The templates that take a way under one condition."""


def delivering(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    """Yield a section on the templates that take up a plugin's answers and facts."""
    taking = list(_taking(catalogue, plugin))
    if not taking:
        return
    blocks: list[Block] = [
        say(
            "Templates on the hosts read these values from the configuration. ",
            "The templates reach the hosts as follows:",
        ),
        bullets(_all_ways(catalogue, taking)),
    ]
    yield station(catalogue, plugin, "hosts", "How it reaches the hosts", blocks)


def _taking(catalogue: Catalogue, plugin: Plugin) -> Iterator[Template]:
    """Yield the templates that read an option of the plugin, or what its code sets, each once."""
    keys = [option.name for group in plugin.groups for option in group.options]
    for actions in (plugin.actions, *(s.actions for q in plugin.sequences for s in q.steps)):
        keys += [use.key for use in actions.uses if use.access == "write"]
    seen = set()
    for key in dict.fromkeys(keys):
        for reader in readers(catalogue, key):
            if reader.template.name not in seen:
                seen.add(reader.template.name)
                yield reader.template


def _all_ways(
    catalogue: Catalogue, templates: Iterable[Template]
) -> Iterator[Block | tuple[Block, ...]]:
    """Yield each way with all the templates that take it, and when they do."""
    taken: dict[bytes, tuple[_Way, dict[str, _Brought]]] = {}
    nowhere: list[Template] = []
    for template in templates:
        ways = list(_ways(catalogue, template))
        for way, guard in ways:
            _, by_guard = taken.setdefault(msgspec.json.encode(way), (way, {}))
            by_guard.setdefault(describe(guard), (guard, []))[1].append(template)
        if not ways:
            nowhere.append(template)
    for way, by_guard in taken.values():
        yield _told(catalogue, way, list(by_guard.values()))
    if nowhere:
        yield say("No step was found that applies ", templates_named(catalogue, nowhere), ".")


def _ways(catalogue: Catalogue, template: Template) -> Iterator[tuple[_Way, Condition]]:
    for step, brought in catalogue.questions.ways_to_hosts(template):
        first = brought.through[0] if brought.through else template.name
        named = (used.hosts for used in step.actions.templates if used.template == first)
        way = _Way(step.plugin, words(step.title), brought.through, next(named, None))
        yield way, brought.guard


def _told(catalogue: Catalogue, way: _Way, brought: list[_Brought]) -> tuple[Block, ...]:
    through = [
        template_name(catalogue, found)
        for found in map(catalogue.questions.template, way.through)
        if found is not None
    ]
    owner = catalogue.questions.plugin(way.plugin)
    link = catalogue.link(f"{way.plugin}/{way.step}", "step")
    route = say(
        *(("to ", value_parts(way.hosts, catalogue.link_to), " ") if way.hosts is not None else ()),
        "with the step ",
        Part(printable(way.step), "strong", link),
        *((" of ", plugin_name(catalogue, owner)) if owner else ()),
        *((", through ", listed(through)) if through else ()),
    ).parts
    lines = [
        say(templates_named(catalogue, templates), when(catalogue, guard))
        for guard, templates in brought
    ]
    if len(lines) == 1:
        return (say(*route, ": ", *lines[0].parts, "."),)
    return say(*route, ":"), bullets(lines)
