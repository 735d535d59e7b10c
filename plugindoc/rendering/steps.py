"""Sequences and steps: when they run, what they read, set, run and copy."""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator

import msgspec

from plugindoc.model.anchors import identity
from plugindoc.model.conditions import ALWAYS, Always, Condition, all_of, any_of
from plugindoc.model.hosts import role_name
from plugindoc.model.project import (
    Actions,
    Command,
    Failure,
    Message,
    Resource,
    Sequence,
    Step,
    TemplateUse,
    Use,
)
from plugindoc.model.questions import Place
from plugindoc.model.values import Alternatives, Value, words
from plugindoc.rendering.blocks import (
    Block,
    Bullets,
    Card,
    Field,
    Fields,
    Kind,
    PageLink,
    Paragraph,
    Part,
    Style,
)
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.failing import lasting_card
from plugindoc.rendering.guards import condition_blocks, guarded
from plugindoc.rendering.texts import (
    docstring_parts,
    paragraphs,
    printable,
    prose_parts,
    value_parts,
)
from plugindoc.rendering.uses import source_parts

__all__ = [
    "action_fields",
    "failure_parts",
    "failures_told",
    "sequence_card",
    "step_card",
    "title_part",
    "when_field",
]

_Guarded = Command | Failure | Message | Resource | TemplateUse | Use


@lasting_card("sequence")
def sequence_card(catalogue: Catalogue, sequence: Sequence) -> Card:
    """Return the card of a sequence, which lists its steps."""
    fields = [
        Field("Runs as", (Paragraph((Part(f"number {sequence.position} of the run order"),)),)),
        *when_field(catalogue, all_of((sequence.guard, sequence.condition))),
    ]
    if sequence.steps:
        listed = tuple(
            guarded((title_part(catalogue, step),), step.guard, catalogue.link_to)
            for step in sequence.steps
        )
        fields.append(Field("Steps", (Bullets(listed, ordered=True),)))
    return Card(
        kind="sequence",
        name=catalogue.unique_name(sequence),
        title=(Part(printable(sequence.title)),),
        anchors=(catalogue.anchor(sequence),),
        blocks=(Fields(tuple(fields)),),
        source=catalogue.source_link(sequence.location),
    )


def title_part(catalogue: Catalogue, thing: Sequence | Step, style: Style = "plain") -> Part:
    """Return the title of a sequence or step, linked."""
    kind: Kind = "sequence" if isinstance(thing, Sequence) else "step"
    title = thing.title if isinstance(thing, Sequence) else words(thing.title)
    return Part(printable(title), style, catalogue.link(identity(thing), kind))


@lasting_card("step")
def step_card(catalogue: Catalogue, step: Step) -> Card:
    """Return the card of a step: its condition and everything that it does."""
    doc = tuple(
        Paragraph(docstring_parts(text, catalogue.link_to))
        for text in paragraphs(printable(step.docstring))
    )
    fields = [*when_field(catalogue, step.guard), *_function(catalogue, step)]
    fields += action_fields(catalogue, step.actions)
    return Card(
        kind="step",
        name=catalogue.unique_name(step),
        title=(Part(printable(words(step.title))),),
        anchors=(catalogue.anchor(step),),
        blocks=(*doc, *((Fields(tuple(fields)),) if fields else ())),
        source=catalogue.source_link(
            step.function.location
            if step.function is not None and step.function.location is not None
            else step.location
        ),
    )


def _function(catalogue: Catalogue, step: Step) -> Iterator[Field]:
    if step.function is None:
        return
    location = step.function.location
    link = None if location is None else catalogue.source_link(location)
    parts = (Part(printable(step.function.name), "literal", link),)
    yield Field("Function", (Paragraph(parts),))


def when_field(catalogue: Catalogue, condition: Condition) -> Iterator[Field]:
    """Yield when something runs, unless it always does."""
    if not isinstance(condition, Always):
        yield Field("Runs when", condition_blocks(condition, catalogue.link_to))


def action_fields(catalogue: Catalogue, actions: Actions) -> Iterator[Field]:
    """Yield what a function does, one field a kind of action."""
    yield from _reads(catalogue, [use for use in actions.uses if use.access == "read"])
    yield from _sets(catalogue, [use for use in actions.uses if use.access == "write"])
    if actions.hosts:
        hosts = [(_hosts(catalogue, host), None) for host in actions.hosts]
        yield _bulleted(catalogue, "Works on", hosts)
    if actions.templates:
        yield _bulleted(
            catalogue,
            "Templates",
            [(_template(catalogue, used), used) for used in actions.templates],
        )
    if actions.commands:
        yield Field("Runs", tuple(_commands(catalogue, actions.commands)))
    if actions.resources:
        yield _bulleted(
            catalogue, "Copies", [(_resource(catalogue, r), r) for r in actions.resources]
        )
    if actions.messages:
        yield _bulleted(
            catalogue,
            "Prints",
            [(prose_parts(m.text, catalogue.link_to), m) for m in actions.messages],
        )
    if actions.failures:
        told = failures_told(actions.failures)
        yield Field("Can fail with", (Bullets(tuple(_failure(catalogue, f) for f in told)),))
    if actions.incomplete:
        parts = tuple((Paragraph((Part(printable(p.message)),)),) for p in actions.incomplete)
        yield Field("Not followed", (Bullets(parts),))


def _hosts(catalogue: Catalogue, value: Value) -> tuple[Part, ...]:
    """Return hosts by the role that they have, with a link to its page, else as the value."""
    name = role_name(catalogue.questions, value)
    if name not in catalogue.role_titles:
        return value_parts(value, catalogue.link_to)
    shown = Part(catalogue.role_titles[name], "plain", PageLink(catalogue.role_page(name)))
    return (shown, Part(" "), Part(printable(name), "literal", catalogue.link_to(name)))


def _by_key(uses: Iterable[Use]) -> dict[str, list[Use]]:
    found: dict[str, list[Use]] = defaultdict(list)
    for use in uses:
        found[use.key].append(use)
    return found


def _reads(catalogue: Catalogue, uses: list[Use]) -> Iterator[Field]:
    """Yield what is read: by the function itself key by key, by its helpers in a line for each."""
    items: list[tuple[Part, ...]] = []
    helped: dict[str, list[Use]] = defaultdict(list)
    for same in _by_key(uses).values():
        if any(not use.via for use in same):
            items.append(_key(catalogue, same))
        else:
            helped[same[0].via[0]].append(same[0])
    items += [_helper(catalogue, name, found) for name, found in helped.items()]
    if items:
        listed = Bullets(tuple((Paragraph(parts),) for parts in items))
        yield Field("Reads", (listed,), searchable=False)


def _helper(catalogue: Catalogue, name: str, uses: list[Use]) -> tuple[Part, ...]:
    link = catalogue.source_link(uses[0].location)
    parts = [Part("through ", "muted"), Part(printable(name), "literal", link), Part(": ")]
    for number, use in enumerate(uses):
        if number:
            parts.append(Part(", "))
        parts += _key_name(catalogue, use)
    return tuple(parts)


def _sets(catalogue: Catalogue, uses: list[Use]) -> Iterator[Field]:
    items = tuple(
        guarded(_key(catalogue, same), any_of(use.guard for use in same), catalogue.link_to)
        for same in _by_key(uses).values()
    )
    if items:
        yield Field("Sets", (Bullets(items),), searchable=False)


def _key(catalogue: Catalogue, uses: list[Use]) -> tuple[Part, ...]:
    places = [Place("step", "", use) for use in uses]
    return (*_key_name(catalogue, uses[0]), *source_parts(catalogue, places))


def _key_name(catalogue: Catalogue, use: Use) -> Iterator[Part]:
    yield Part(printable(use.key), "literal", catalogue.link_to(use.key))
    if use.pattern:
        yield Part(" (a pattern)", "muted")


def _bulleted(
    catalogue: Catalogue, label: str, items: Iterable[tuple[tuple[Part, ...], _Guarded | None]]
) -> Field:
    listed = (
        guarded(parts, ALWAYS if of is None else of.guard, catalogue.link_to) for parts, of in items
    )
    return Field(label, (Bullets(tuple(listed)),))


def _template(catalogue: Catalogue, used: TemplateUse) -> tuple[Part, ...]:
    link = catalogue.link(used.template, "template") if used.template else None
    name = (
        (Part(printable(used.template), "literal", link),)
        if used.template
        else value_parts(used.name, catalogue.link_to)
    )
    if used.hosts is None:
        return name
    return (*name, Part(" on ", "muted"), *value_parts(used.hosts, catalogue.link_to))


def _resource(catalogue: Catalogue, resource: Resource) -> tuple[Part, ...]:
    parts = value_parts(resource.source, catalogue.link_to)
    if resource.destination is not None:
        parts += (Part(" to ", "muted"), *value_parts(resource.destination, catalogue.link_to))
    if resource.host is not None:
        parts += (Part(" on ", "muted"), *value_parts(resource.host, catalogue.link_to))
    return parts


def failures_told(failures: Iterable[Failure]) -> Iterator[Failure]:
    """Yield errors, those of the same words as one that is raised in any of their cases."""
    found: dict[tuple[str, str], list[Failure]] = defaultdict(list)
    for failure in failures:
        found[failure.error, words(failure.text)].append(failure)
    for same in found.values():
        guard = any_of(failure.guard for failure in same)
        yield msgspec.structs.replace(same[0], guard=guard)


def failure_parts(catalogue: Catalogue, failure: Failure) -> tuple[Part, ...]:
    """Return an error with its message."""
    name = (Part(printable(failure.error), "literal"),)
    if failure.text is None:
        return name
    said = prose_parts(failure.text, catalogue.link_to)
    return (*name, Part(": “"), *said, Part("”"))


def _failure(catalogue: Catalogue, failure: Failure) -> tuple[Block, ...]:
    """Return an error as an item, with a list of its messages where it has one of several."""
    link_to = catalogue.link_to
    if not isinstance(failure.text, Alternatives):
        return guarded(failure_parts(catalogue, failure), failure.guard, link_to)
    bare = msgspec.structs.replace(failure, text=None)
    texts = tuple(
        guarded((Part("“"), *prose_parts(branch.value, link_to), Part("”")), branch.guard, link_to)
        for branch in failure.text.branches
    )
    lead = Paragraph((Part("with one of these texts:", "muted"),))
    return (*guarded(failure_parts(catalogue, bare), failure.guard, link_to), lead, Bullets(texts))


def _commands(catalogue: Catalogue, commands: tuple[Command, ...]) -> Iterator[Block]:
    """Yield shell lines in order; those that follow each other on the same hosts as one list."""
    by_host = itertools.groupby(commands, lambda one: one.host and words(one.host))
    groups = [[*same] for _, same in by_host]
    items: list[tuple[Block, ...]] = []
    for same in groups:
        where = _where(catalogue, same[0].host)
        lines = [(value_parts(command.line, catalogue.link_to), command.guard) for command in same]
        if len(same) == 1:
            line, guard = lines[0]
            items.append(guarded((*line, Part(" "), *where), guard, catalogue.link_to))
            continue
        listed = Bullets(tuple(guarded(*line, catalogue.link_to) for line in lines))
        items.append((Paragraph((*where, Part(":"))), listed))
    if len(groups) == 1 and len(commands) > 1:
        yield from items[0]
    else:
        yield Bullets(tuple(items))


def _where(catalogue: Catalogue, host: Value | None) -> tuple[Part, ...]:
    if host is None:
        return (Part("on the installer's own machine", "muted"),)
    return (Part("on ", "muted"), *value_parts(host, catalogue.link_to))
