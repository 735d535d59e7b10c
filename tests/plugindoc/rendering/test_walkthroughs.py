"""A reader of a walkthrough alone can answer: when, what, where, for whom, and how to turn it on.

Each question is put to every plugin of a release that nobody tuned for. The answers are taken from
the model, and looked for in the walkthrough as text.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from plugindoc.loading import load
from plugindoc.model.conditions import Always, all_of, describe, evaluate, options_of
from plugindoc.model.project import Actions, Plugin, Step
from plugindoc.model.questions import Questions
from plugindoc.model.values import known_text, words
from plugindoc.rendering.blocks import (
    Block,
    Bullets,
    Code,
    Fields,
    Paragraph,
    Section,
    plain_text,
)
from plugindoc.rendering.catalogue import Catalogue, Layout
from plugindoc.rendering.walkthrough.pages import walkthrough
from tests.upstream import release

RELEASES = ("26.0.0", "15.0.1")


@cache
def catalogue(version: str) -> Catalogue:
    return Catalogue("upstream", load(release(version)), Layout("plugins"))


def as_text(blocks: Iterable[Block]) -> str:
    return "\n".join(lines_of_all(blocks))


def lines_of(block: Block) -> Iterator[str]:
    match block:
        case Paragraph(parts=parts):
            yield plain_text(parts)
        case Code(text=code, caption=caption):
            yield plain_text(caption)
            yield code
        case Bullets(items=items):
            yield from (line for item in items for line in lines_of_all(item))
        case Fields(fields=fields):
            for field in fields:
                yield field.label
                yield from lines_of_all(field.blocks)
        case Section(title=title, blocks=inner):
            yield plain_text(title)
            yield from lines_of_all(inner)
        case _:
            pytest.fail(f"a walkthrough holds no {type(block).__name__}")


def lines_of_all(blocks: Iterable[Block]) -> Iterator[str]:
    return (line for block in blocks for line in lines_of(block))


def sections(blocks: Iterable[Block]) -> Iterator[Section]:
    for block in blocks:
        if isinstance(block, Section):
            yield block
            yield from sections(block.blocks)


def section(blocks: Iterable[Block], title: str) -> str:
    found = [one for one in sections(blocks) if plain_text(one.title) == title]
    assert found, f"no section {title!r}"
    return as_text(found)


Answer = tuple[str, str]
"""What is asked, and a text that the walkthrough has to hold."""


def when_it_loads(asked: Questions, plugin: Plugin) -> Iterator[Answer]:
    around = list(asked.project.plugins)
    place = around.index(plugin)
    yield "where it stands", plugin.location.path
    yield "its number", f"{plugin.order:03d}"
    for neighbour in around[max(place - 1, 0) : place + 2]:
        yield "its neighbours in the load order", neighbour.module


def what_it_asks(asked: Questions, plugin: Plugin) -> Iterator[Answer]:
    for group in plugin.groups:
        yield "which groups", group.name
        yield f"when {group.name} is asked", describe(group.condition)
        for option in group.options:
            yield "which options", option.name
            if known_text(option.default):
                yield f"the default of {option.name}", words(option.default)
            reveals = options_of(asked.shown_when(option))
            yield from ((f"what {option.name} depends on", name) for name in reveals)


def what_a_step_does(actions: Actions) -> Iterator[Answer]:
    for use in actions.uses:
        yield {"read": "what it reads", "write": "what it sets"}[use.access], use.key
    for command in actions.commands:
        yield "what it runs", words(command.line).strip().split("\n")[0].split("⟨")[0].strip()
    acted_on = [one.host for one in (*actions.resources, *actions.commands) if one.host]
    for host in (*actions.hosts, *acted_on):
        yield from (("on which hosts", part.strip("⟨⟩")) for part in words(host).split(" or "))
    for template in actions.templates:
        yield "which template it names", template.template or words(template.name)
    for message in actions.messages:
        yield "what it tells the user", words(message.text).split("⟨")[0].strip()
    for failure in actions.failures:
        yield "how it can fail", failure.error


def what_its_helpers_are(plugin: Plugin, step: Step) -> Iterator[Answer]:
    for use in step.actions.uses:
        if use.via and use.via[0] in plugin.functions:
            yield "what its helpers do", f"def {use.via[0]}("


def who_consumes_it(asked: Questions, step: Step) -> Iterator[Answer]:
    written = {use.key for use in step.actions.uses if use.access == "write" and not use.pattern}
    for place in asked.places:
        if place.kind == "template" and place.use.access == "read" and place.use.key in written:
            template = asked.template(place.name)
            assert template is not None
            file = template.location.path.rpartition("/")[2]
            yield "which template reads what it sets", template.class_name or file


def how_to_switch_it_on(plugin: Plugin) -> Iterator[Answer]:
    conditions = [all_of((s.guard, s.condition)) for s in plugin.sequences]
    if any(isinstance(condition, Always) for condition in conditions):
        return
    for condition in conditions:
        for name in options_of(condition):
            yield "which answers count", f"{name}="


def misses(version: str) -> Iterator[str]:
    shown = catalogue(version)
    asked = shown.questions
    for plugin in shown.project.plugins:
        blocks = walkthrough(shown, plugin)
        whole = as_text(blocks)
        answers = [
            *when_it_loads(asked, plugin),
            *what_it_asks(asked, plugin),
            *(
                (f"what prints {words(s.title)}", words(s.title))
                for s in asked.steps
                if s.plugin == plugin.module
            ),
            *(
                a
                for q in plugin.sequences
                for s in q.steps
                for a in what_its_helpers_are(plugin, s)
            ),
        ]
        yield from (f"{plugin.module}: {q}: {a}" for q, a in answers if a not in whole)
        if plugin.sequences:
            lines = section(blocks, "How to enable it")
            yield from (
                f"{plugin.module}: {q}: {a}"
                for q, a in how_to_switch_it_on(plugin)
                if a not in lines
            )
        for sequence in plugin.sequences:
            for step in sequence.steps:
                text = section(blocks, f"Step: {words(step.title)}")
                told = [*what_a_step_does(step.actions), *who_consumes_it(asked, step)]
                name = f"{plugin.module}/{words(step.title)}"
                yield from (f"{name}: {q}: {a}" for q, a in told if a not in text)


def test_each_part_of_a_plugin_says_how_to_switch_it_on() -> None:
    shown = catalogue("26.0.0")
    cinder = shown.questions.plugin("cinder_250")
    assert cinder is not None
    lines = section(walkthrough(shown, cinder), "How to enable it").splitlines()

    nfs = lines.index("CONFIG_CINDER_BACKEND=nfs")
    assert ["[general]", "CONFIG_CINDER_BACKEND=nfs", "CONFIG_CINDER_NFS_MOUNTS="] == lines[
        nfs - 1 : nfs + 2
    ]


def test_templates_that_come_the_same_way_are_told_together() -> None:
    shown = catalogue("26.0.0")
    swift = shown.questions.plugin("swift_600")
    assert swift is not None
    told = section(walkthrough(shown, swift), "How it reaches the hosts")

    assert 1 == told.count("to CONFIG_CONTROLLER_HOST with the step Preparing Puppet manifests")
    assert "packstack::swift::proxy, packstack::swift::ringbuilder" in told


@pytest.mark.parametrize("version", RELEASES)
def test_a_walkthrough_alone_answers_what_a_reader_asks(version: str) -> None:
    assert [] == list(misses(version))


def answers_shown(blocks: Iterable[Block]) -> dict[str, str]:
    """Return the answers of the first example in the section on switching on."""
    (found,) = (one for one in sections(blocks) if plain_text(one.title) == "How to enable it")
    example = next(block for block in found.blocks if isinstance(block, Code))
    pairs = (line.split("=", 1) for line in example.text.splitlines() if "=" in line)
    return dict(pairs)


@pytest.mark.parametrize("version", RELEASES)
def test_the_lines_that_switch_a_plugin_on_do_so(version: str) -> None:
    shown = catalogue(version)
    still_off = []
    for plugin in shown.project.plugins:
        conditions = [all_of((s.guard, s.condition)) for s in plugin.sequences if s.steps]
        if not conditions or any(isinstance(condition, Always) for condition in conditions):
            continue
        answers = answers_shown(walkthrough(shown, plugin))
        if not any(evaluate(condition, answers) for condition in conditions):
            still_off.append(plugin.module)
    assert [] == still_off
