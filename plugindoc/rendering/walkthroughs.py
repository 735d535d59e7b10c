"""A guided reading of a plugin, from its head to the lines that switch it on."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.model.conditions import Always, all_of
from plugindoc.model.things import OptionGroup, Plugin, Sequence, Step
from plugindoc.model.values import words
from plugindoc.rendering.answer_files import answer_line
from plugindoc.rendering.blocks import (
    Block,
    Bullets,
    Code,
    Fields,
    PageLink,
    Paragraph,
    Part,
    Row,
    Rows,
    Section,
)
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.excerpts import definition
from plugindoc.rendering.plugins import group_title, plugin_title
from plugindoc.rendering.steps import action_fields
from plugindoc.rendering.switches import answers_for
from plugindoc.rendering.texts import (
    condition_parts,
    first_sentence,
    paragraphs,
    printable,
    text_parts,
)

__all__ = ["walkthrough", "walkthrough_list", "walkthrough_page"]


def walkthrough_page(catalogue: Catalogue, plugin: Plugin) -> Section:
    """Return a plugin's walkthrough as the section of a page."""
    anchor = f"walkthrough-{catalogue.anchor(plugin)}"
    title = (Part(f"Walk through {plugin_title(plugin)}"),)
    return Section(title, (anchor,), walkthrough(catalogue, plugin))


def walkthrough(catalogue: Catalogue, plugin: Plugin) -> tuple[Block, ...]:
    """Return a plugin's walkthrough in sections."""
    return (
        *_start(catalogue, plugin),
        *_groups(catalogue, plugin),
        *_sequences(catalogue, plugin),
        *_switching_on(catalogue, plugin),
    )


def _titled(plugin: Plugin, catalogue: Catalogue, title: str, blocks: tuple[Block, ...]) -> Section:
    slug = title.lower().replace(" ", "-")
    return Section((Part(title),), (f"{slug}-{catalogue.anchor(plugin)}",), blocks)


def _link(catalogue: Catalogue, plugin: Plugin) -> Part:
    return Part(printable(plugin.module), "literal", catalogue.link(plugin.module, "module"))


def _start(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    for number, text in enumerate(paragraphs(printable(plugin.docstring or ""))):
        said = text_parts(text, catalogue.link_to)
        yield Paragraph(said, role="" if number else "lead")
    plugins = catalogue.project.plugins
    position = next(n for n, other in enumerate(plugins) if other is plugin)
    parts = [
        Part("The installer loads "),
        _link(catalogue, plugin),
        Part(f" in place {position + 1} of {len(plugins)}, because its file's number is "),
        Part(f"{plugin.order:03d}", "literal"),
        Part("."),
    ]
    if position:
        parts += [Part(" Before it comes "), _link(catalogue, plugins[position - 1])]
        parts.append(Part("."))
    if position + 1 < len(plugins):
        parts += [Part(" After it comes "), _link(catalogue, plugins[position + 1])]
        parts.append(Part("."))
    yield Paragraph(tuple(parts))


def _groups(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    if not plugin.groups:
        yield Paragraph((Part("It asks nothing: it has no options of its own."),))
        return
    items = tuple((_group(catalogue, group),) for group in plugin.groups)
    intro = Paragraph((Part("It registers its option groups in this order:"),))
    yield _titled(plugin, catalogue, "What it asks", (intro, Bullets(items, ordered=True)))


def _group(catalogue: Catalogue, group: OptionGroup) -> Paragraph:
    shown = all_of((group.guard, group.condition))
    when = (
        (Part(" always. "),)
        if isinstance(shown, Always)
        else (Part(" when "), *condition_parts(shown, catalogue.link_to), Part(". "))
    )
    names: list[Part] = []
    for option in group.options:
        names += [Part(", ")] if names else []
        names.append(Part(printable(option.name), "literal", catalogue.link_to(option.name)))
    link = catalogue.link(group.name, "group")
    said = (Part("Its options: "), *names, Part(".")) if names else (Part("It has no options."),)
    return Paragraph((Part(group_title(group), "strong", link), Part(" is asked"), *when, *said))


def _sequences(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    if not plugin.sequences:
        yield Paragraph((Part("It runs nothing: it has no sequences."),))
        return
    blocks: list[Block] = []
    for sequence in plugin.sequences:
        blocks.append(_sequence(catalogue, sequence))
        for step in sequence.steps:
            blocks += _step(catalogue, step)
    yield _titled(plugin, catalogue, "What it runs", tuple(blocks))


def _sequence(catalogue: Catalogue, sequence: Sequence) -> Paragraph:
    link = catalogue.link(f"{sequence.plugin}/{sequence.title}", "sequence")
    condition = all_of((sequence.guard, sequence.condition))
    when = (
        ()
        if isinstance(condition, Always)
        else (Part(" It runs when "), *condition_parts(condition, catalogue.link_to), Part("."))
    )
    return Paragraph(
        (
            Part("The sequence "),
            Part(printable(sequence.title), "strong", link),
            Part(f" is number {sequence.position} of the run."),
            *when,
        )
    )


def _step(catalogue: Catalogue, step: Step) -> Iterator[Block]:
    link = catalogue.link(f"{step.plugin}/{words(step.title)}", "step")
    when = (
        ()
        if isinstance(step.guard, Always)
        else (Part(", when "), *condition_parts(step.guard, catalogue.link_to))
    )
    yield Paragraph(
        (Part("Step "), Part(printable(words(step.title)), "strong", link), *when, Part(":"))
    )
    location = step.function.location if step.function is not None else None
    if location is not None and (code := definition(catalogue, location)) is not None:
        yield code
    fields = tuple(action_fields(catalogue, step.actions))
    if fields:
        yield Fields(fields)


def _switching_on(catalogue: Catalogue, plugin: Plugin) -> Iterator[Block]:
    answers: dict[str, str] = {}
    conditions = [all_of((group.guard, group.condition)) for group in plugin.groups]
    conditions += [all_of((s.guard, s.condition)) for s in plugin.sequences]
    for condition in conditions:
        for name, value in answers_for(condition).items():
            answers.setdefault(name, value)
    lines = [f"{printable(name)}={printable(value)}" for name, value in answers.items()]
    if not lines:
        own = [option for group in plugin.groups for option in group.options][:3]
        lines = [answer_line(option) for option in own]
        said = "Nothing has to be switched on. Its first answers are:"
    else:
        said = "These lines of an answer file switch it on:"
    if lines:
        blocks = (Paragraph((Part(said),)), Code("\n".join(("[general]", *lines)), "ini"))
        yield _titled(plugin, catalogue, "Switch it on", blocks)


def walkthrough_list(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return links to all walkthroughs, in load order."""
    rows = []
    for plugin in catalogue.project.plugins:
        page = catalogue.walkthrough_page(plugin.module)
        title = (Part(plugin_title(plugin), "plain", PageLink(page) if page else None),)
        text = first_sentence(" ".join(paragraphs(printable(plugin.docstring or ""))))
        rows.append(Row(title, summary=text_parts(text, catalogue.link_to)))
    return (Rows(tuple(rows), "walkthroughs"),)
