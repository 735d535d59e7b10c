"""Pages of host roles: which steps, templates and classes reach the hosts of each, and when."""

from __future__ import annotations

from collections.abc import Iterator

from plugindoc.model.anchors import slug
from plugindoc.model.conditions import any_of
from plugindoc.model.hosts import HostRole, Visit
from plugindoc.model.project import Include, Template
from plugindoc.model.wording import count
from plugindoc.rendering.blocks import (
    Block,
    Bullets,
    PageLink,
    Paragraph,
    Part,
    Row,
    Rows,
    Section,
)
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.failing import lasting
from plugindoc.rendering.guards import guarded
from plugindoc.rendering.options import option_text_blocks
from plugindoc.rendering.requests import NotFoundError
from plugindoc.rendering.steps import title_part
from plugindoc.rendering.texts import first_sentence, printable, value_parts

__all__ = ["role_index", "role_page"]


def role_index(catalogue: Catalogue) -> tuple[Block, ...]:
    """Return the roles with a page each, then the steps whose hosts are expressions."""
    titles = catalogue.role_titles
    rows = tuple(_row(catalogue, catalogue.roles[name]) for name in titles)
    others = tuple(_elsewhere(catalogue))
    listed = (Rows(rows, "host roles"),) if rows else ()
    return (*listed, *others)


def role_page(catalogue: Catalogue, name: str) -> Section:
    """Return everything that reaches the hosts of a role; raises NotFoundError for no role."""
    found = catalogue.find(name, "option")
    role = catalogue.roles.get(found[0].name) if found else None
    if role is None or role.option is None:
        message = f"{name} names no hosts that a step works on in {catalogue.name}"
        raise NotFoundError(message)
    return Section(
        title=(Part(catalogue.role_titles[role.name]),),
        anchors=(f"hosts-{slug(role.name)}",),
        blocks=(
            *_lead(catalogue, role),
            Section(
                title=(Part("In run order"),),
                anchors=("hosts-steps",),
                blocks=(*lasting(_visits, catalogue, role),),
            ),
            *_elsewhere(catalogue),
        ),
        source=catalogue.source_link(role.option.location),
    )


def _row(catalogue: Catalogue, role: HostRole) -> Row:
    steps = count(len(role.visits), "step")
    names = tuple(dict.fromkeys(_brought(catalogue, role)))
    counted = ", ".join([steps, *([count(len(names), "template")] if names else [])])
    return Row(
        title=(Part(catalogue.role_titles[role.name], "plain", _link(catalogue, role)),),
        detail=(
            Part(printable(role.name), "literal", catalogue.link_to(role.name)),
            Part(f" {counted}", "muted"),
        ),
        summary=_purpose(catalogue, role),
        search=" ".join(names),
    )


def _brought(catalogue: Catalogue, role: HostRole) -> Iterator[str]:
    """Yield the names of the templates of a role, and of those that they include."""
    for used in (used for visit in role.visits for used in visit.templates):
        template = catalogue.questions.template(used.template)
        if template is not None:
            yield printable(template.name)
            yield from (
                printable(one.template.name) for one in catalogue.questions.brings(template)
            )


def _link(catalogue: Catalogue, role: HostRole) -> PageLink:
    return PageLink(catalogue.role_page(role.name))


def _purpose(catalogue: Catalogue, role: HostRole) -> tuple[Part, ...]:
    """Return the first sentence of the role's option."""
    text = option_text_blocks(catalogue, role.option) if role.option is not None else ()
    first = next((block.parts for block in text if isinstance(block, Paragraph)), ())
    return (Part(first_sentence("".join(part.text for part in first))),) if first else ()


def _lead(catalogue: Catalogue, role: HostRole) -> Iterator[Block]:
    option = Part(printable(role.name), "literal", catalogue.link_to(role.name))
    if purpose := _purpose(catalogue, role):
        yield Paragraph(purpose, role="lead")
    yield Paragraph((Part("Everything that reaches the hosts in "), option, Part(".")))


def _visits(catalogue: Catalogue, role: HostRole) -> Iterator[Block]:
    shown: set[str] = set()
    items = []
    for visit in role.visits:
        head = (
            title_part(catalogue, visit.step, "strong"),
            Part(" "),
            Part(
                printable(visit.step.plugin),
                "literal",
                catalogue.link(visit.step.plugin, "module"),
            ),
        )
        done = tuple(_done(catalogue, visit, shown))
        blocks = guarded(head, visit.guard, catalogue.link_to)
        items.append((*blocks, Bullets(done)) if done else blocks)
    yield Bullets(tuple(items), ordered=True)


def _done(catalogue: Catalogue, visit: Visit, shown: set[str]) -> Iterator[tuple[Block, ...]]:
    """Yield what a step does on the hosts: templates with all that they include, and the rest."""
    for used in visit.templates:
        template = catalogue.questions.template(used.template)
        if template is None:
            parts = (Part("template ", "muted"), *value_parts(used.name, catalogue.link_to))
            yield guarded(parts, used.guard, catalogue.link_to)
        else:
            lines = guarded(_named(catalogue, template), used.guard, catalogue.link_to)
            yield (*lines, *_included(catalogue, template, shown))
    if visit.commands:
        yield (Paragraph((Part(f"runs {count(len(visit.commands), 'command')}", "muted"),)),)
    if visit.resources:
        yield (Paragraph((Part(f"copies {count(len(visit.resources), 'file')}", "muted"),)),)


def _named(catalogue: Catalogue, template: Template) -> tuple[Part, ...]:
    named = printable(template.class_name or template.name)
    kind = "class " if template.class_name else "template "
    link = catalogue.link(template.name, "template")
    return (Part(kind, "muted"), Part(named, "literal", link))


def _included(catalogue: Catalogue, template: Template, shown: set[str]) -> Iterator[Block]:
    """Yield what a template includes, as a list; what a page has shown is not unfolded again."""
    if template.name in shown:
        return
    shown.add(template.name)
    by_name: dict[str, list[Include]] = {}
    for include in template.includes:
        by_name.setdefault(include.name, []).append(include)
    items = []
    for name, same in by_name.items():
        inner = catalogue.questions.template(same[0].template) if same[0].template else None
        parts = (
            (Part("class ", "muted"), Part(printable(name), "literal"))
            if inner is None
            else _named(catalogue, inner)
        )
        guard = any_of(include.guard for include in same)
        below = () if inner is None else tuple(_included(catalogue, inner, shown))
        items.append((*guarded(parts, guard, catalogue.link_to), *below))
    if items:
        yield Bullets(tuple(items))


def _elsewhere(catalogue: Catalogue) -> Iterator[Section]:
    """Yield a section of the steps whose hosts are an expression, not an option."""
    items = [
        guarded(
            (
                title_part(catalogue, visit.step),
                Part(" on ", "muted"),
                Part(printable(role.name), "hole"),
            ),
            visit.guard,
            catalogue.link_to,
        )
        for role in catalogue.roles.values()
        if role.option is None
        for visit in role.visits
    ]
    if items:
        lead = "The code chooses the hosts of these steps. They can be hosts of any role."
        yield Section(
            title=(Part("On hosts that the code chooses"),),
            anchors=("hosts-chosen",),
            blocks=(Paragraph((Part(lead),)), Bullets(tuple(items))),
        )
