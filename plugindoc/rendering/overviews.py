"""Pages over all plugins: options with a filter, run order, templates, facts, functions."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from plugindoc.model.conditions import Always, Condition, all_of
from plugindoc.model.project import Function, Option, Template
from plugindoc.model.values import words
from plugindoc.model.wording import count
from plugindoc.rendering import diagrams
from plugindoc.rendering.answer_files import answer_file, answer_value, option_text
from plugindoc.rendering.blocks import (
    Block,
    Bullets,
    Card,
    Code,
    Diagram,
    Field,
    Fields,
    Paragraph,
    Part,
    Row,
    Rows,
)
from plugindoc.rendering.catalogue import Catalogue, address
from plugindoc.rendering.depending import Dependence, answers_needed
from plugindoc.rendering.failing import lasting, lasting_card
from plugindoc.rendering.options import badges, is_secret, option_flag, option_text_blocks
from plugindoc.rendering.requests import OptionFilter
from plugindoc.rendering.steps import action_fields, title_part
from plugindoc.rendering.texts import (
    condition_parts,
    docstring_parts,
    first_sentence,
    paragraphs,
    printable,
    text_parts,
    value_parts,
)
from plugindoc.rendering.uses import doubt_paragraph, passed_to, use_bullets

__all__ = [
    "answer_file_blocks",
    "deprecated_names",
    "fact_card",
    "fact_cards",
    "function_card",
    "option_rows",
    "plugin_rows",
    "run_order",
    "step_rows",
    "template_rows",
]


def option_rows(catalogue: Catalogue, chosen: OptionFilter) -> Rows:
    """Return the options that a filter chooses, as a list that readers filter further."""
    options = [o for o in catalogue.questions.options if _is_chosen(catalogue, o, chosen)]
    plugins = tuple(dict.fromkeys(printable(option.plugin) for option in options))
    marks = ("secret", "renamed", "undocumented", "conditional")
    rows = tuple(_lasting_row(catalogue, option) for option in options)
    used = tuple(mark for mark in marks if any(mark in row.facets for row in rows))
    facets = (("Plugin", plugins), ("Only", used))
    return Rows(rows, "options", tuple(facet for facet in facets if len(facet[1]) > 0))


def _is_chosen(catalogue: Catalogue, option: Option, chosen: OptionFilter) -> bool:
    return (
        chosen.plugin in {"", option.plugin}
        and chosen.group in {"", option.group}
        and (not chosen.secret or is_secret(option))
        and (not chosen.deprecated or bool(catalogue.old_names(option)))
        and (not chosen.undocumented or not option_text_blocks(catalogue, option))
    )


def _lasting_row(catalogue: Catalogue, option: Option) -> Row:
    try:
        return _option_row(catalogue, option)
    except Exception:  # noqa: BLE001 - any mistake costs one row; the option's card names it
        return Row(
            (Part(printable(option.name), "literal", catalogue.link(option.name, "option")),)
        )


def _option_row(catalogue: Catalogue, option: Option) -> Row:
    text = " ".join(option_text(catalogue, option))
    summary = first_sentence(text or words(option.prompt))
    condition = catalogue.questions.shown_when(option)
    facets = [printable(option.plugin)]
    marks = {
        "secret": is_secret(option),
        "renamed": bool(catalogue.old_names(option)),
        "undocumented": not text,
        "conditional": not isinstance(condition, Always),
    }
    facets += [mark for mark, holds in marks.items() if holds]
    name = catalogue.unique_name(option)
    link = catalogue.link(option.name, "option")
    shown = None if link is None else msgspec.structs.replace(link, name=name)
    search = (
        option_flag(option),
        *catalogue.old_names(option),
        words(option.prompt),
        text.removeprefix(summary),  # what is shown is found as well
    )
    return Row(
        title=(Part(printable(option.name), "literal", shown),),
        summary=text_parts(summary, catalogue.link_to),
        detail=_short_default(catalogue, option),
        place=(Part(printable(option.plugin), "plain", catalogue.link(option.plugin, "module")),),
        note=_short_condition(catalogue, condition),
        badges=tuple(badges(catalogue, option)),
        facets=tuple(facets),
        search=printable(" ".join(part for part in search if part)),
        depends=tuple(answers_needed(catalogue, catalogue.questions.shown_when_in_full(option))),
    )


def _short_condition(catalogue: Catalogue, condition: Condition) -> tuple[Part, ...]:
    if isinstance(condition, Always):
        return ()
    # Without links: hundreds of rows repeat the same few, and each row's option has them all.
    said = condition_parts(condition, catalogue.link_to)
    return (Part("when "), *(Part(part.text) for part in said))


def _short_default(catalogue: Catalogue, option: Option) -> tuple[Part, ...]:
    value = answer_value(option.default)
    if value is None:
        return (Part("computed", "muted"),)
    return value_parts(option.default, catalogue.link_to) if value else ()


def plugin_rows(catalogue: Catalogue, group: str = "") -> Rows:
    """Return the plugins in the order of the site, or those of one group of them."""
    rows = []
    for plugin in catalogue.plugins_listed(group):
        title = catalogue.plugin_titles[plugin.module]
        options = sum(len(group.options) for group in plugin.groups)
        steps = sum(len(sequence.steps) for sequence in plugin.sequences)
        text = first_sentence(" ".join(paragraphs(printable(plugin.docstring or ""))))
        rows.append(
            Row(
                title=(Part(title, "plain", catalogue.link(plugin.module)),),
                summary=text_parts(text or title, catalogue.link_to),
                detail=(
                    Part(printable(plugin.module), "literal"),
                    Part(f" {count(options, 'option')}, {count(steps, 'step')}", "muted"),
                ),
            )
        )
    return Rows(tuple(rows), "plugins")


def step_rows(catalogue: Catalogue, depends: Dependence) -> tuple[Row, ...]:
    """Return the steps in the order in which they run, each with its condition."""
    return tuple(
        Row(
            title=(title_part(catalogue, step),),
            summary=text_parts(first_sentence(printable(step.docstring)), catalogue.link_to),
            place=(Part(printable(step.plugin)),),
            note=_short_condition(catalogue, catalogue.questions.runs_when(step)),
            depends=depends.of_step(step),
        )
        for step in catalogue.questions.steps
    )


def run_order(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return the sequences as they run, each with its condition and steps."""
    items = []
    for sequence in catalogue.questions.run_order:
        owner = catalogue.link(sequence.plugin, "module")
        head = (
            title_part(catalogue, sequence, "strong"),
            Part(" "),
            Part(printable(sequence.plugin), "literal", owner),
            *_runs_when(catalogue, all_of((sequence.guard, sequence.condition))),
        )
        steps = tuple(
            (Paragraph((title_part(catalogue, step), *_runs_when(catalogue, step.guard))),)
            for step in sequence.steps
        )
        items.append((Paragraph(head), Bullets(steps)) if steps else (Paragraph(head),))
    drawn = diagrams.run_order(catalogue.questions, address)
    return (Diagram(drawn.svg, drawn.label, ()), Bullets(tuple(items), ordered=True))


def _runs_when(catalogue: Catalogue, condition: object) -> Iterator[Part]:
    if isinstance(condition, Always):
        return
    yield Part(" when ", "muted")
    yield from condition_parts(condition, catalogue.link_to)  # type: ignore[arg-type] # all conditions come here


def template_rows(catalogue: Catalogue, depends: Dependence | None = None) -> Rows:
    """Return the templates with how many configuration keys each reads."""
    types = tuple(dict.fromkeys(template.type for template in catalogue.project.templates))
    rows = tuple(
        _template_row(catalogue, template, () if depends is None else depends.of_template(template))
        for template in catalogue.project.templates
    )
    return Rows(rows, "templates", (("Kind", types),) if len(types) > 1 else ())


def _template_row(catalogue: Catalogue, template: Template, depends: tuple[str, ...]) -> Row:
    keys = dict.fromkeys(use.key for use in template.uses)
    return Row(
        title=(
            Part(printable(template.name), "literal", catalogue.link(template.name, "template")),
        ),
        summary=text_parts(first_sentence(printable(template.summary)), catalogue.link_to),
        detail=(Part(count(len(keys), "key"), "muted"),),
        facets=(template.type,),
        search=printable(" ".join((template.class_name, *keys))),
        depends=depends,
    )


def fact_cards(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return the cards of all facts."""
    if not catalogue.facts:
        return (Paragraph((Part("No step sets a derived key."),)),)
    return tuple(card for key in catalogue.facts for card in lasting(_one_fact, catalogue, key))


def _one_fact(catalogue: Catalogue, key: str) -> tuple[Card]:
    return (fact_card(catalogue, key),)


def fact_card(catalogue: Catalogue, key: str) -> Card:
    """Return the card of a fact: what sets it and what reads it."""
    fact = catalogue.facts[key]
    writers = use_bullets(catalogue, fact.writers, verbs=False)
    fields = [Field("Set by", (writers,), searchable=False)]
    if fact.readers:
        readers = use_bullets(catalogue, fact.readers, verbs=False)
        fields.append(Field("Read by", (readers,), searchable=False))
    elif (doubt := catalogue.never_read.get(key)) is not None:
        fields.append(Field("Read by", (doubt_paragraph(doubt),)))
    fields += passed_to(catalogue, key)
    return Card(
        kind="fact",
        name=catalogue.full_name(key),
        title=(Part(printable(key)),),
        anchors=(catalogue.fact_anchor(key),),
        blocks=(Fields(tuple(fields)),),
        detail=(Part("a pattern", "muted"),) if fact.pattern else (),
    )


@lasting_card("function")
def function_card(catalogue: Catalogue, function: Function) -> Card:
    """Return the card of a validator or processor: what it does, which options use it."""
    link_to = catalogue.link_to
    text = tuple(
        Paragraph(docstring_parts(part, link_to))
        for part in paragraphs(printable(function.docstring))
    )
    fields = []
    if function.accepts:
        fields.append(Field("Accepts", (Paragraph(text_parts(function.accepts, link_to)),)))
    users = catalogue.function_users(function.name)
    if users:
        links: list[Part] = []
        for option in users:
            links += [Part(", ")] if links else []
            links.append(Part(printable(option.name), "literal", link_to(option.name)))
        label = "Validates" if function.role == "validator" else "Processes"
        fields.append(Field(label, (Paragraph(tuple(links)),)))
    fields += action_fields(catalogue, function.actions)
    return Card(
        kind="function",
        name=catalogue.unique_name(function),
        title=(Part(printable(function.name)),),
        anchors=(catalogue.anchor(function),),
        blocks=(*text, *((Fields(tuple(fields)),) if fields else ())),
        detail=(Part(function.role, "muted"),),
        source=None if function.location is None else catalogue.source_link(function.location),
    )


def deprecated_names(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return the old names that answer files may still hold, with what replaced each."""
    found = _old_names(catalogue)
    if not found:
        return (Paragraph((Part("No option has been renamed."),)),)
    items = tuple(
        (
            Paragraph(
                (
                    Part(printable(old), "literal"),
                    Part(" is now "),
                    Part(printable(option.name), "literal", catalogue.link(option.name, "option")),
                )
            ),
        )
        for old, option in found
    )
    return (Bullets(items),)


def _old_names(catalogue: Catalogue) -> list[tuple[str, Option]]:
    pairs = [
        (old, option)
        for option in catalogue.questions.options
        for old in catalogue.old_names(option)
    ]
    return sorted(pairs, key=lambda pair: pair[0])


def answer_file_blocks(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return the whole annotated answer file."""
    return (Code(answer_file(catalogue), "ini"),)
