"""Which templates bring in which: from a step to a manifest, its classes, and what these use."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping

import msgspec

from plugindoc.model.conditions import ALWAYS, Condition, all_of, any_of
from plugindoc.model.project import Step, Template

__all__ = ["Inclusion", "inclusions_of", "inclusions_of_step"]


class Inclusion(msgspec.Struct, frozen=True):
    """A template that something includes.

    `through` names the templates on the shortest way there, outermost first, without itself;
    `guard` is the condition of that way.
    """

    template: Template
    through: tuple[str, ...] = ()
    guard: Condition = ALWAYS


def inclusions_of(template: Template, templates: Mapping[str, Template]) -> Iterator[Inclusion]:
    """Yield what a template brings in, nearest first, each once; itself is left out."""
    start = _included(template, templates, (), ALWAYS)
    yield from _follow(start, templates, seen={template.name})


def inclusions_of_step(step: Step, templates: Mapping[str, Template]) -> Iterator[Inclusion]:
    """Yield what a step brings to hosts: the templates it names, then what these bring in."""
    named: dict[str, Condition] = {}
    for used in step.actions.templates:
        if used.template in templates:
            known = named.get(used.template)
            named[used.template] = used.guard if known is None else any_of((known, used.guard))
    start = [Inclusion(templates[name], (), guard) for name, guard in named.items()]
    yield from _follow(start, templates, seen=set())


def _follow(
    start: Iterable[Inclusion], templates: Mapping[str, Template], seen: set[str]
) -> Iterator[Inclusion]:
    waiting = deque(start)
    while waiting:
        brought = waiting.popleft()
        name = brought.template.name
        if name not in seen:
            seen.add(name)
            yield brought
            through = (*brought.through, name)
            waiting += _included(brought.template, templates, through, brought.guard)


def _included(
    template: Template,
    templates: Mapping[str, Template],
    through: tuple[str, ...],
    guard: Condition,
) -> list[Inclusion]:
    guards: dict[str, Condition] = {}
    for include in template.includes:
        if include.template in templates:
            known = guards.get(include.template)
            way = include.guard if known is None else any_of((known, include.guard))
            guards[include.template] = way
    return [
        Inclusion(templates[name], through, all_of((guard, way))) for name, way in guards.items()
    ]
