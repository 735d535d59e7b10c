"""What steps do with an answer file: names with conditions, and the hosts of each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Final

import msgspec

from plugindoc.model.conditions import ALWAYS, Always, Condition, all_of, evaluate
from plugindoc.model.hosts import role_name
from plugindoc.model.project import Step
from plugindoc.model.questions import Questions
from plugindoc.model.values import Alternatives, Dynamic, Known, Value, words

__all__ = ["GuardedNames", "Target", "addresses", "guarded_names", "targets_of"]

_EACH: Final = "each host of "


class GuardedNames(msgspec.Struct, frozen=True):
    """Names, some of which apply only under conditions.

    `guarded` holds names with the positions of their conditions in `guards`.
    """

    always: tuple[str, ...] = ()
    guarded: tuple[tuple[str, int], ...] = ()
    guards: tuple[Condition, ...] = ()

    def sort(self, config: Mapping[str, object]) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the names that apply, and those for which this is not known."""
        if not self.guards:
            return self.always, ()
        sure: dict[str, None] = {}
        perhaps: dict[str, None] = {}
        verdicts = [evaluate(guard, config) for guard in self.guards]
        for name, position in self.guarded:
            holds = verdicts[position]
            if holds is not False:
                (sure if holds else perhaps)[name] = None
        return tuple(sure), tuple(name for name in perhaps if name not in sure)


def guarded_names(listed: Iterable[tuple[str, Condition]]) -> GuardedNames:
    """Return names with their conditions, each condition once."""
    listed = tuple(listed)
    if all(isinstance(guard, Always) for _, guard in listed):
        return GuardedNames(tuple(dict.fromkeys(name for name, _ in listed)))
    guards: list[Condition] = []
    for _, guard in listed:
        if guard not in guards:
            guards.append(guard)
    guarded = dict.fromkeys((name, guards.index(guard)) for name, guard in listed)
    return GuardedNames((), tuple(guarded), tuple(guards))


class Target(msgspec.Struct, frozen=True):
    """Hosts on which a step works, and what it does there.

    `role` is the option that names the hosts, or the expression that does; `hosts` is their value.
    """

    role: str
    hosts: Value
    templates: GuardedNames
    commands: GuardedNames


def targets_of(step: Step, questions: Questions) -> tuple[Target, ...]:
    """Return the hosts of a step, in the order of its actions."""
    actions = step.actions
    templates = [
        (used.hosts, name, all_of((used.guard, guard)))
        for used in actions.templates
        if used.hosts is not None
        for name, guard in _brought(used.template, questions)
    ]
    commands = [
        (command.host, words(command.line), command.guard)
        for command in actions.commands
        if command.host is not None
    ]
    values = [*actions.hosts, *(value for value, _, _ in (*templates, *commands))]
    roles: dict[str, Value] = {}
    for value in values:
        roles.setdefault(words(value), value)
    return tuple(
        Target(
            role_name(questions, value),
            value,
            _named(templates, text),
            _named(commands, text),
        )
        for text, value in roles.items()
    )


def _brought(name: str, questions: Questions) -> Iterator[tuple[str, Condition]]:
    """Yield a template and those that it brings in, each with when it does."""
    template = questions.template(name)
    if template is not None:
        yield name, ALWAYS
        for brought in questions.brings(template):
            yield brought.template.name, brought.guard


def _named(listed: Iterable[tuple[Value, str, Condition]], hosts: str) -> GuardedNames:
    return guarded_names((name, guard) for value, name, guard in listed if words(value) == hosts)


def addresses(value: Value, config: Mapping[str, object]) -> list[str]:
    """Return hosts by their addresses if these are known, otherwise as expressions in ``⟨ ⟩``."""
    return list(dict.fromkeys(_addresses(value, config)))


def _addresses(value: Value, config: Mapping[str, object]) -> Iterator[str]:
    if isinstance(value, Alternatives):
        for branch in value.branches:
            if evaluate(branch.guard, config) is not False:
                yield from _addresses(branch.value, config)
        return
    if isinstance(value, Known) and isinstance(value.value, str):
        yield value.value
        return
    if isinstance(value, Dynamic):
        name = value.source.removeprefix(_EACH)
        answer = config.get(name)
        if isinstance(answer, str) and answer:
            several = value.source.startswith(_EACH)
            yield from (one.strip() for one in answer.split(",")) if several else (answer,)
            return
    yield words(value)
