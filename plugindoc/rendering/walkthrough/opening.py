"""What the module is, and when it loads."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.model.project import Plugin
from plugindoc.model.wording import count
from plugindoc.rendering.blocks import Block, Part
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.problems import unread_note
from plugindoc.rendering.texts import ordinal, paragraphs, printable, text_parts
from plugindoc.rendering.walkthrough.speech import code, plugin_name, say

__all__ = ["opening"]


def opening(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    """Yield the plugin's own words, its place in the load order, and what happens then."""
    for number, text in enumerate(paragraphs(printable(plugin.docstring or ""))):
        yield say(text_parts(text, catalogue.link_to), role="" if number else "lead")
    yield from unread_note(catalogue, plugin)
    link = catalogue.source_link(plugin.location)
    file = Part(printable(plugin.location.path), "literal", link)
    yield say(
        "This page walks you through ",
        file,
        " in the order in which the installer uses it. ",
        *_what_it_has(plugin),
        *_place(catalogue, plugin),
    )
    yield say(
        "Loading a plugin installs nothing. First, the installer calls ",
        code("initConfig"),
        " in every plugin to collect the options, and asks for the answers. Then it calls ",
        code("initSequences"),
        " in every plugin to plan the work. Only then do the steps run.",
    )


def _what_it_has(plugin: Plugin) -> tuple[str, ...]:
    options = sum(len(group.options) for group in plugin.groups)
    steps = sum(len(sequence.steps) for sequence in plugin.sequences)
    asks = (
        f"{count(options, 'option')} in {count(len(plugin.groups), 'group')}"
        if options
        else "no options"
    )
    runs = (
        f"{count(steps, 'step')} in {count(len(plugin.sequences), 'sequence')}"
        if steps
        else "no steps"
    )
    return (f"It has {asks} and {runs}. ",)


def _place(catalogue: Catalogue, plugin: Plugin) -> Iterator[str | Part]:
    plugins = catalogue.project.plugins
    place = next(number for number, other in enumerate(plugins) if other is plugin)
    yield "Its number in the load order is "
    yield code(f"{plugin.order:03d}")
    if len(plugins) == 1:
        yield "."
        return
    yield f": it is the {ordinal(place + 1)} of {len(plugins)} plugins to load"
    around: list[str | Part] = []
    if place:
        around += [", after ", plugin_name(catalogue, plugins[place - 1])]
    if place + 1 < len(plugins):
        joiner = " and before " if around else ", before "
        around += [joiner, plugin_name(catalogue, plugins[place + 1])]
    yield from around
    yield "."
