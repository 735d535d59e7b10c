"""What a plugin asks: its groups, their conditions, their options, and each key where it is new."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from plugindoc.model.conditions import Always, Never, describe, options_of
from plugindoc.model.project import Option, OptionGroup, Plugin
from plugindoc.model.values import Known, Reference, known_text, members, truth
from plugindoc.model.wording import count
from plugindoc.rendering.answer_files import option_text
from plugindoc.rendering.blocks import Block, Part, Section
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.excerpts import definition
from plugindoc.rendering.options import matches_choices, told_choices
from plugindoc.rendering.plugins import group_title
from plugindoc.rendering.problems import problems_of
from plugindoc.rendering.texts import (
    condition_parts,
    first_sentence,
    printable,
    text_parts,
    value_parts,
)
from plugindoc.rendering.walkthrough.keys import BASIC, Key, telling_keys
from plugindoc.rendering.walkthrough.speech import (
    bullets,
    code,
    listed,
    option_name,
    plugin_name,
    say,
    station,
    when,
)

__all__ = ["asking"]


def asking(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    """Yield a section on everything that a plugin asks."""
    if not plugin.groups:
        yield station(
            catalogue,
            plugin,
            "asks",
            "What it asks",
            [_nothing(catalogue, plugin)],
        )
        return
    explained: set[str] = set()
    groups = [_group(catalogue, plugin, group, explained) for group in plugin.groups]
    order = ", which are asked in this order" if len(groups) > 1 else ""
    lead = say(code("initConfig"), f" registers {count(len(groups), 'option group')}{order}.")
    yield station(catalogue, plugin, "asks", "What it asks", [lead, *groups])


def _nothing(catalogue: Catalogue, plugin: Plugin) -> Block:
    if problems_of(catalogue, plugin):
        return say("Its options could not be read.")
    return say("It asks nothing: ", code("initConfig"), " registers no options.")


def _group(
    catalogue: Catalogue, plugin: Plugin, group: OptionGroup, explained: set[str]
) -> Section:
    blocks: list[Block] = [*_condition(catalogue, group, explained)]
    if not group.options:
        blocks.append(say("The group has no options: it only registers the plugin."))
    blocks += _options(catalogue, group.options, explained)
    return station(catalogue, plugin, f"group-{group.name}", group_title(group), blocks)


def _condition(catalogue: Catalogue, group: OptionGroup, explained: set[str]) -> Iterator[Block]:
    name = Part(printable(group.name), "literal", catalogue.link(group.name, "group"))
    shown = group.condition
    if isinstance(shown, Always | Never):
        yield say("The group ", name, f" is {describe(shown)} asked.")
    else:
        words = condition_parts(shown, catalogue.link_to)
        yield say("The group ", name, " is asked when ", words, ".")
    yield from _registered(catalogue, group)
    yield from _further(catalogue, group, explained)
    kind = _kind(group)
    if kind not in explained:
        explained.add(kind)
        if excerpt := definition(catalogue, group.location):
            yield excerpt
        if "match" not in explained:
            explained.add("match")
            yield say(*_with_code(_MATCH))
        yield say(*_with_code(_EXPLAINED[kind]))
    yield from _condition_code(catalogue, group, explained)
    if not isinstance(group.post, Always):
        words = condition_parts(group.post, catalogue.link_to)
        yield say("The installer asks these questions again unless ", words, ".")


def _condition_code(
    catalogue: Catalogue, group: OptionGroup, explained: set[str]
) -> Iterator[Block]:
    function = group.pre_condition
    if not isinstance(function, Reference) or "lambda" in function.name:
        return
    excerpt = definition(catalogue, function.location) if function.location else None
    if excerpt is not None and excerpt.text not in explained:
        explained.add(excerpt.text)
        yield excerpt


def _registered(catalogue: Catalogue, group: OptionGroup) -> Iterator[Block]:
    if not isinstance(group.guard, Always):
        words = condition_parts(group.guard, catalogue.link_to)
        yield say("The plugin registers it only when ", words, ".")


def _further(catalogue: Catalogue, group: OptionGroup, explained: set[str]) -> Iterator[Block]:
    """Return who asks for the options of the condition, and when."""
    for name in options_of(group.condition):
        option = catalogue.questions.option(name)
        owner = catalogue.questions.plugin(option.plugin) if option else None
        if option is None or owner is None or option.group == group.name:
            continue
        inner = catalogue.questions.shown_when(option)
        condition = () if inner == group.condition else when(catalogue, inner)
        if name not in explained and (owner.module != group.plugin or condition):
            explained.add(name)
            yield say(
                option_name(catalogue, name),
                " is asked by ",
                plugin_name(catalogue, owner),
                condition,
                ".",
            )


_KEY_NAME = re.compile(r"([A-Z]+(?:_[A-Z]+)+)")
_MATCH = "A group is asked when its PRE_CONDITION equals its PRE_CONDITION_MATCH."
_EXPLAINED = {
    "option": "Here, PRE_CONDITION is the name of an option, so its answer is compared.",
    "function": (
        "Here, PRE_CONDITION is a function. The installer calls it with the answers so far and"
        " compares its result."
    ),
    "constant": "Here, PRE_CONDITION is not set, which is treated as True.",
}


def _with_code(text: str) -> Iterator[str | Part]:
    """Yield a text's words, the names of keys as code."""
    for number, part in enumerate(_KEY_NAME.split(text)):
        yield code(part) if number % 2 else part


def _kind(group: OptionGroup) -> str:
    if known_text(group.pre_condition):
        return "option"
    if group.pre_condition is None or isinstance(group.pre_condition, Known):
        return "constant"
    return "function"


def _options(
    catalogue: Catalogue, options: Iterable[Option], explained: set[str]
) -> Iterator[Block]:
    """Yield options in order: in full if they have a new key, else as a line in a list."""
    waiting: list[Block] = []
    for option in options:
        keys = [key for key in _keys(option) if _mark(key) not in explained]
        functions = list(_own_functions(catalogue, option, explained))
        if not keys and not functions:
            waiting.append(_line(catalogue, option))
            continue
        if waiting:
            yield from _likewise(waiting)
            waiting = []
        yield from _in_full(catalogue, option, keys, explained)
        yield from functions
    if waiting:
        yield from _likewise(waiting)


def _likewise(lines: list[Block]) -> Iterator[Block]:
    yield say("These options are declared in the same way:")
    yield bullets(lines)


def _keys(option: Option) -> Iterator[Key]:
    told = list(telling_keys(option))
    yield from (key for key in BASIC if key.name not in {other.name for other in told})
    yield from told


def _mark(key: Key) -> str:
    return f"{key.name} {key.case}"


def _in_full(
    catalogue: Catalogue, option: Option, keys: list[Key], explained: set[str]
) -> Iterator[Block]:
    yield _line(catalogue, option)
    if excerpt := definition(catalogue, option.location):
        yield excerpt
    yield from _text_elsewhere(catalogue, option, explained)
    explained.update(_mark(key) for key in keys)
    if keys:
        yield say("New keys in this declaration:")
        yield bullets(say(code(key.name), f": {key.meaning}.") for key in keys)


def _own_functions(catalogue: Catalogue, option: Option, explained: set[str]) -> Iterator[Block]:
    """Yield the code of validators and processors that the plugin brings itself."""
    for value in (option.validators, option.processors):
        for function in members(value):
            if not isinstance(function, Reference) or function.name in explained:
                continue
            explained.add(function.name)
            place = function.location
            if place is not None and place.path == option.location.path:
                yield say(code(function.name), " is defined in the plugin:")
                if excerpt := definition(catalogue, place):
                    yield excerpt


def _text_elsewhere(catalogue: Catalogue, option: Option, explained: set[str]) -> Iterator[Block]:
    place = option.usage_location
    if place is not None and place.path != option.location.path and "document" not in explained:
        explained.add("document")
        yield say(
            "The plugin does not set ",
            code("USAGE"),
            ". The installer takes the description from ",
            Part(f"{place.path}:{place.line}", "literal", catalogue.source_link(place)),
            ".",
        )


def _line(catalogue: Catalogue, option: Option) -> Block:
    return say(
        option_name(catalogue, option),
        ": ",
        _summary(catalogue, option),
        *_choices(catalogue, option),
        *_default(catalogue, option),
        *_marks(option),
        when(catalogue, option.guard, " Registered only when "),
        "." if not isinstance(option.guard, Always) else "",
    )


def _summary(catalogue: Catalogue, option: Option) -> tuple[Part, ...]:
    texts = option_text(catalogue, option)
    if not texts:
        return (Part("no description.", "muted"),)
    said = first_sentence(texts[0])
    return text_parts(
        said if said.endswith((".", "!", "?", "…")) else f"{said}.", catalogue.link_to
    )


def _choices(catalogue: Catalogue, option: Option) -> Iterator[str | tuple[Part, ...]]:
    choices = told_choices(option)
    if choices:
        yield " Must match: " if matches_choices(catalogue, option) else " Choices: "
        yield listed([value_parts(choice, catalogue.link_to) for choice in choices], "or")
        yield "."


def _default(catalogue: Catalogue, option: Option) -> Iterator[str | tuple[Part, ...]]:
    if option.default is not None:
        yield " Default: "
        yield value_parts(option.default, catalogue.link_to)
        yield "."


def _marks(option: Option) -> Iterator[str]:
    if truth(option.mask_input) is True:
        yield " A secret."
    if truth(option.use_default) is True:
        yield " Never asked."
