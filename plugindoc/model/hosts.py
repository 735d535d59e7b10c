"""Host roles: the options that name machines, each with the steps and templates that reach it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Final

import msgspec

from plugindoc.model.conditions import ALWAYS, Condition, all_of, any_of
from plugindoc.model.project import Command, Option, Resource, Step, TemplateUse
from plugindoc.model.values import Alternatives, Dynamic, Value, words

if TYPE_CHECKING:
    from plugindoc.model.questions import Questions

__all__ = ["HostRole", "Visit", "host_roles", "role_name", "role_title", "spellings"]

_NAME: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*_[A-Za-z0-9_]+")
_WORD: Final = re.compile(r"[A-Za-z0-9]+")


class Visit(msgspec.Struct, frozen=True):
    """What a step does on the hosts of a role: `guard` says when it does any of it."""

    step: Step
    guard: Condition
    templates: tuple[TemplateUse, ...] = ()
    commands: tuple[Command, ...] = ()
    resources: tuple[Resource, ...] = ()


class HostRole(msgspec.Struct, frozen=True):
    """Machines that code names in one way, with the steps that reach them, in run order.

    `name` is the option that holds their names. Where code finds them in another way, `name` is
    its expression and `option` is None.
    """

    name: str
    option: Option | None
    visits: tuple[Visit, ...]


def host_roles(questions: Questions) -> tuple[HostRole, ...]:
    """Return the roles of an installer's hosts: in the order of their options, the others last."""
    found: dict[str, list[Visit]] = {}
    for sequence in questions.run_order:
        for step in sequence.steps:
            runs = all_of((sequence.guard, sequence.condition, step.guard))
            for name, visit in _visits(questions, step, runs):
                found.setdefault(name, []).append(visit)
    order = {option.name: number for number, option in enumerate(questions.options)}
    names = sorted(found, key=lambda name: order.get(name, len(order)))
    return tuple(
        HostRole(name, questions.option(name) if name in order else None, tuple(found[name]))
        for name in names
    )


def role_name(questions: Questions, value: Value) -> str:
    """Return the option that names hosts, else the expression that does."""
    if isinstance(value, Alternatives):
        return words(value)
    source = value.source if isinstance(value, Dynamic) else words(value)
    named = {word for word in _NAME.findall(source) if questions.option(word) is not None}
    return named.pop() if len(named) == 1 else source


def role_title(option: Option, spelled: Mapping[str, str]) -> str:
    """Return an option's name in plain words: *Compute hosts* for ``CONFIG_COMPUTE_HOSTS``."""
    _, _, rest = option.name.partition("_")
    named = [spelled.get(word, word) for word in (rest or option.name).lower().split("_") if word]
    title = " ".join(named) or option.name
    return title[:1].upper() + title[1:]


def spellings(options: Iterable[Option]) -> dict[str, str]:
    """Return words in lower case, each as the texts of options spell it (*AMQP*, *MariaDB*)."""
    found: dict[str, str] = {}
    for option in options:
        for value in (option.prompt, option.usage):
            for word in _WORD.findall(_NAME.sub("", words(value))) if value is not None else ():
                if not word[1:].islower():
                    found.setdefault(word.lower(), word)
    return found


def _visits(questions: Questions, step: Step, runs: Condition) -> Iterator[tuple[str, Visit]]:
    actions = step.actions
    hosts: dict[str, list[tuple[Condition, TemplateUse | Command | Resource]]] = {}
    done: tuple[tuple[Value | None, TemplateUse | Command | Resource], ...] = (
        *((one.hosts, one) for one in actions.templates),
        *((one.host, one) for one in actions.commands),
        *((one.host, one) for one in actions.resources),
    )
    for value, action in done:
        for name, guard in _named(questions, value):
            hosts.setdefault(name, []).append((all_of((action.guard, guard)), action))
    for name, pairs in hosts.items():
        each = [msgspec.structs.replace(action, guard=guard) for guard, action in pairs]
        yield (
            name,
            Visit(
                step,
                all_of((runs, any_of(guard for guard, _ in pairs))),
                tuple(one for one in each if isinstance(one, TemplateUse)),
                tuple(one for one in each if isinstance(one, Command)),
                tuple(one for one in each if isinstance(one, Resource)),
            ),
        )


def _named(questions: Questions, value: Value | None) -> Iterable[tuple[str, Condition]]:
    """Yield the roles that a value names, each with when it does."""
    if isinstance(value, Alternatives):
        for branch in value.branches:
            for name, guard in _named(questions, branch.value):
                yield name, all_of((branch.guard, guard))
    elif value is not None:
        yield role_name(questions, value), ALWAYS
