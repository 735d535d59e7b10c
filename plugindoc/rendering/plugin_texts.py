"""The texts of plugins that a site shows, each with its place: what translators translate."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from plugindoc.model.locations import Location
from plugindoc.model.project import Actions, Option, Plugin, Step
from plugindoc.model.values import Alternatives, Dynamic, Text, Value, words
from plugindoc.rendering.blocks import one_line, plain_text
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.options import option_text_blocks
from plugindoc.rendering.plugins import group_title
from plugindoc.rendering.texts import (
    docstring_parts,
    first_sentence,
    paragraphs,
    printable,
    prose_parts,
)

__all__ = ["PluginTexts", "texts_of"]

_Told = tuple[str, Location]


class PluginTexts:
    """The texts of a source, and the pieces that pages make of them, with their places."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._places: dict[str, Location] = {}
        for text, location in _texts(catalogue):
            for piece in _pieces(catalogue, text):
                self._places.setdefault(piece, location)

    def place(self, text: str) -> Location | None:
        """Return the location of a text in the plugins, None if it is not one of theirs."""
        return self._places.get(text)


def texts_of(catalogue: Catalogue) -> PluginTexts:
    """Return the texts of a source."""
    return PluginTexts(catalogue)


def _pieces(catalogue: Catalogue, text: str) -> Iterator[str]:
    """Yield a text, its paragraphs and sentences, and what is between the names in them."""
    said = (text, *paragraphs(text))
    for each in (*said, *map(first_sentence, said)):
        parts = docstring_parts(each, catalogue.link_to)
        yield one_line(each).strip()
        yield plain_text(parts).strip()
        pieces = (one_line(part.text).strip() for part in parts)
        yield from (piece for piece in pieces if " " in piece)


def _texts(catalogue: Catalogue) -> Iterator[_Told]:
    project = catalogue.project
    for plugin in project.plugins:
        yield from _of_plugin(catalogue, plugin)
    for name, title in catalogue.role_titles.items():
        option = catalogue.questions.option(name)
        if option is not None:
            yield title, option.location
    for function in project.functions:
        if function.location is not None:
            yield printable(function.docstring), function.location
            yield from _of_actions(catalogue, function.actions)
    for template in project.templates:
        yield printable(template.summary), template.location
        yield from ((printable(one.text), one.location) for one in template.parameters)


def _of_plugin(catalogue: Catalogue, plugin: Plugin) -> Iterator[_Told]:
    yield printable(plugin.docstring or ""), plugin.docstring_location or plugin.location
    yield catalogue.plugin_titles[plugin.module], plugin.location
    for group in plugin.groups:
        yield group_title(group), group.location
        for option in group.options:
            yield from _of_option(catalogue, option)
    for sequence in plugin.sequences:
        yield printable(sequence.title), sequence.location
        for step in sequence.steps:
            yield from _of_step(catalogue, step)
    for constraint in plugin.constraints:
        yield from _of_value(catalogue, constraint.text, constraint.location)
    yield from _of_actions(catalogue, plugin.actions)


def _of_option(catalogue: Catalogue, option: Option) -> Iterator[_Told]:
    place = option.usage_location or option.fields.get("usage") or option.location
    blocks = option_text_blocks(catalogue, option)
    said = [plain_text(block.parts) for block in blocks if hasattr(block, "parts")]
    yield from ((each, place) for each in said)
    yield " ".join(said), place
    yield printable(words(option.usage)), place
    yield from ((printable(outcome.why), option.location) for outcome in option.outcomes)
    for name, value in (("prompt", option.prompt), ("message", option.message)):
        yield printable(words(value)), option.fields.get(name) or option.location


def _of_step(catalogue: Catalogue, step: Step) -> Iterator[_Told]:
    function = step.function.location if step.function is not None else None
    yield printable(words(step.title)), step.location
    yield printable(step.docstring), function or step.location
    yield from _of_actions(catalogue, step.actions)


def _of_actions(catalogue: Catalogue, actions: Actions) -> Iterator[_Told]:
    said: Iterable[tuple[Value | None, Location]] = (
        *((one.text, one.location) for one in actions.messages),
        *((one.text, one.location) for one in actions.failures),
    )
    for value, location in said:
        yield from _of_value(catalogue, value, location)


def _of_value(catalogue: Catalogue, value: Value | None, location: Location) -> Iterator[_Told]:
    match value:
        case Alternatives(branches=branches):
            for branch in branches:
                yield from _of_value(catalogue, branch.value, location)
        case Text(parts=pieces):
            yield plain_text(prose_parts(value, catalogue.link_to)), location
            yield from ((printable(one), location) for one in pieces if isinstance(one, str))
        case Dynamic() | None:
            pass
        case _:
            yield printable(words(value)), location
