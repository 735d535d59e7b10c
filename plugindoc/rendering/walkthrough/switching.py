"""How to turn a plugin on, and what the run then prints."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from plugindoc.model.conditions import (
    ALWAYS,
    AllOf,
    Always,
    AnyOf,
    Condition,
    Never,
    Not,
    Opaque,
    all_of,
    any_of,
    describe,
    evaluate,
    options_of,
)
from plugindoc.model.project import Message, Option, OptionGroup, Plugin
from plugindoc.model.values import words
from plugindoc.rendering.answer_files import answer_line, answer_value
from plugindoc.rendering.blocks import Block, Code, Part
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.plugins import group_title
from plugindoc.rendering.problems import problems_of
from plugindoc.rendering.steps import failure_parts, failures_told
from plugindoc.rendering.texts import condition_parts, printable, value_parts
from plugindoc.rendering.walkthrough.condition_answers import answers_for
from plugindoc.rendering.walkthrough.speech import (
    bullets,
    code,
    listed,
    option_name,
    say,
    station,
    when,
)

__all__ = ["printing", "switching"]


def switching(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    """Yield a section with the answer-file lines that turn a plugin on, and each part of it."""
    condition = _on(plugin)
    if isinstance(condition, Never) and problems_of(catalogue, plugin):
        return
    plain = _plain(condition)
    lines = _lines(catalogue, plain)
    blocks = [*_switch(catalogue, condition, lines), *_own_answers(catalogue, plugin, lines)]
    yield station(catalogue, plugin, "on", "How to enable it", blocks)


def _on(plugin: Plugin) -> Condition:
    """Return when a plugin does anything: one of its sequences has work, or a group is asked."""
    sequences = [
        all_of((sequence.guard, sequence.condition, any_of(step.guard for step in sequence.steps)))
        for sequence in plugin.sequences
        if sequence.steps
    ]
    return any_of(sequences or [all_of((g.guard, g.condition)) for g in plugin.groups])


def _lines(catalogue: Catalogue, condition: Condition) -> dict[str, str]:
    """Return answers under which a condition holds, those of the options above it too."""
    defaults = _defaults(catalogue, condition)
    whole = answers_for(_in_full(catalogue, condition))
    return whole or answers_for(_to_answer(condition, defaults))


def _switch(
    catalogue: Catalogue, condition: Condition, lines: Mapping[str, str]
) -> Iterator[Block]:
    if isinstance(condition, Always):
        yield say("You do not need to enable it: it is part of every run.")
        return
    if isinstance(condition, Never):
        yield say("It never runs: its conditions contradict each other, or it has nothing to do.")
        return
    yield say("It is enabled when ", condition_parts(condition, catalogue.link_to), ".")
    plain = _plain(condition)
    if lines:
        sure = "" if plain == condition else " at least"
        yield say(f"To enable it, add{sure} these lines to your answer file:")
        yield _answers([f"{printable(name)}={printable(value)}" for name, value in lines.items()])
    yield _by_default(catalogue, plain, _defaults(catalogue, plain))


def _answers(lines: Iterable[str]) -> Code:
    return Code("\n".join(("[general]", *lines)), "ini")


def _to_answer(condition: Condition, defaults: Mapping[str, object]) -> Condition:
    """Return the condition without the parts that the defaults fulfil and no plain answer does."""
    if not isinstance(condition, AllOf):
        return condition
    return all_of(
        part
        for part in condition.conditions
        if answers_for(part) or evaluate(part, defaults) is not True
    )


def _defaults(catalogue: Catalogue, condition: Condition) -> dict[str, object]:
    """Return the known defaults of the options that a condition names."""
    found: dict[str, object] = {}
    for name in options_of(condition):
        option = catalogue.questions.option(name)
        value = answer_value(option.default) if option else None
        if value is not None:
            found[name] = value
    return found


def _plain(condition: Condition) -> Condition:
    """Return what answers alone decide: the condition without what only a run determines."""
    match condition:
        case Opaque() | Not(condition=Opaque()):
            return ALWAYS
        case AllOf(conditions=parts):
            return all_of(_plain(part) for part in parts)
        case AnyOf(conditions=parts):
            return any_of(_plain(part) for part in parts)
        case _:
            return condition


def _in_full(catalogue: Catalogue, condition: Condition) -> Condition:
    named = (catalogue.questions.option(name) for name in options_of(condition))
    full = (catalogue.questions.shown_when_in_full(option) for option in named if option)
    return all_of((condition, *full))


def _by_default(
    catalogue: Catalogue, condition: Condition, defaults: Mapping[str, object]
) -> Block:
    told = [
        say(option_name(catalogue, name), " is ", code(str(value) or "empty")).parts
        for name, value in defaults.items()
    ]
    because = (", because ", listed(told)) if told else ()
    match evaluate(condition, defaults):
        case True:
            return say("It is enabled by default", *because, ".")
        case False:
            return say("It is disabled by default", *because, ".")
        case _:
            return say("Whether it is enabled by default is only known when the installer runs.")


def _own_answers(catalogue: Catalogue, plugin: Plugin, lines: Mapping[str, str]) -> Iterator[Block]:
    """Yield the plugin's own answers: those that it always asks for, then each further part's."""
    always: list[str] = []
    parts: dict[str, tuple[Condition, list[OptionGroup]]] = {}
    for group in plugin.groups:
        condition = all_of((group.guard, group.condition))
        if not group.options:
            continue
        if evaluate(condition, {**_defaults(catalogue, condition), **lines}) is True:
            always += [_own_line(option) for option in group.options if option.name not in lines]
        else:
            parts.setdefault(describe(condition), (condition, []))[1].append(group)
    if always:
        yield say("Its options with their defaults:")
        yield _answers(always)
    if parts and always:
        yield say("Some options have conditions of their own. Add the lines that you need:")
    for condition, groups in parts.values():
        needed = {k: v for k, v in _lines(catalogue, condition).items() if k not in lines}
        titles = [group_title(group) for group in groups]
        yield say(
            listed([Part(title, "strong") for title in titles]),
            ", when ",
            condition_parts(condition, catalogue.link_to),
            ":",
        )
        own = [_own_line(o) for group in groups for o in group.options if o.name not in needed]
        yield _answers([*(f"{printable(k)}={printable(v)}" for k, v in needed.items()), *own])


def _own_line(option: Option) -> str:
    """Return an option's line; if the installer computes the default, a comment."""
    if answer_value(option.default) is not None:
        return answer_line(option)
    expression = printable(" ".join(words(option.default).split()))
    return f"# {option.name} is computed: {expression}"


def printing(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    """Yield a section on what the user of the installer sees of a plugin."""
    steps = [step for sequence in plugin.sequences for step in sequence.steps]
    if not steps:
        return
    blocks: list[Block] = [say("The run prints the titles of the steps, in this order:")]
    blocks.append(
        bullets(say(printable(words(step.title)), when(catalogue, step.guard)) for step in steps)
    )
    messages = [message for step in steps for message in step.actions.messages]
    messages += plugin.actions.messages
    if messages:
        blocks.append(say("At the end, it prints:"))
        blocks.append(bullets(_message(catalogue, message) for message in messages))
    failures = [failure for step in steps for failure in step.actions.failures]
    if failures:
        blocks.append(say("Validators can stop the run before any step. Steps can stop it with:"))
        blocks.append(
            bullets(
                say(failure_parts(catalogue, failure), when(catalogue, failure.guard))
                for failure in failures_told(failures)
            )
        )
    yield station(catalogue, plugin, "prints", "What the run prints", blocks)


def _message(catalogue: Catalogue, message: Message) -> Block:
    return say(value_parts(message.text, catalogue.link_to), when(catalogue, message.guard))
