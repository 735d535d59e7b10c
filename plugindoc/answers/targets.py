"""What ``why`` is asked about: an option, an answer, a group, plugin, step, template or refusal."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import msgspec

from plugindoc.answers.checking import is_secret
from plugindoc.answers.consequences import Consequences, verdict_of
from plugindoc.answers.parsing import Answer
from plugindoc.answers.settling import SettledOption
from plugindoc.model.anchors import identity
from plugindoc.model.conditions import (
    Compare,
    Condition,
    Parts,
    all_of,
    any_of,
    evaluate,
    negate,
)
from plugindoc.model.project import Constraint, Option, OptionGroup, Sequence, Step, Template
from plugindoc.model.questions import Questions
from plugindoc.model.values import Known, words
from plugindoc.validation import choices_of

__all__ = ["Kind", "Target", "UnknownTargetError", "find_target", "run_targets"]

Kind: TypeAlias = Literal[
    "option", "answer", "group", "plugin", "sequence", "step", "template", "refusal"
]
Thing: TypeAlias = Option | OptionGroup | Sequence | Step | Template | Constraint


class UnknownTargetError(LookupError):
    """Nothing has that name; the message is one line for the user."""


class Target(msgspec.Struct, frozen=True, kw_only=True):
    """Something that depends on answers; `when` is its condition.

    An `answer` is a condition on what an option is answered, before its processors. If `negated`,
    it holds when nothing of it is asked, runs, is brought in or applies.
    """

    kind: Kind
    name: str
    when: Condition
    things: tuple[Thing, ...]
    negated: bool = False
    answer: Condition | None = None

    def opposite(self) -> Target:
        """Return the target that holds when this one does not."""
        when, negated = negate(self.when), not self.negated
        return msgspec.structs.replace(self, when=when, negated=negated)

    def holds(self, found: Consequences, questions: Questions) -> bool | None:
        """Return whether it is asked, runs, is brought, or applies; None if that is not known."""
        verdicts = {self._holds(thing, found, questions) for thing in self.things}
        if None in verdicts and True not in verdicts:
            return None
        return (True in verdicts) is not self.negated

    def _holds(self, thing: Thing, found: Consequences, questions: Questions) -> bool | None:
        match thing:
            case Option():
                settled = next(one for one in found.settled.options if one.option is thing)
                return settled.asked if self.answer is None else self._is_answered(settled)
            case OptionGroup():
                return next(one.asked for one in found.settled.groups if one.group is thing)
            case Sequence():
                return next(v.holds for sequence, v in found.sequences if sequence is thing)
            case Constraint():
                return next(v.holds for one, v in found.constraints if one is thing)
            case Step():
                return _runs(thing, found)
            case Template():
                return _is_brought(thing, found, questions)

    def _is_answered(self, settled: SettledOption) -> bool | None:
        """Return whether an option is asked, and its answer or default is this one."""
        option, outcome = settled.option, settled.outcome
        if not settled.asked or self.answer is None or outcome is None:
            return settled.asked
        if outcome.accepted is False:
            return False
        given = settled.answer or option.default
        known = {option.name: given.value} if isinstance(given, Answer | Known) else {}
        return evaluate(self.answer, known)


def _runs(step: Step, found: Consequences) -> bool | None:
    listed = (pair for steps in found.steps.values() for pair in steps)
    return next(verdict.holds for one, verdict in listed if one is step)


def _is_brought(template: Template, found: Consequences, questions: Questions) -> bool | None:
    verdicts: set[bool | None] = set()
    for step, brought in questions.ways_to_hosts(template):
        runs, guard = _runs(step, found), verdict_of(brought.guard, found.run_config).holds
        verdicts.add(False if False in (runs, guard) else None if None in (runs, guard) else True)
    return True if True in verdicts else None if None in verdicts else False


def find_target(name: str, questions: Questions) -> Target:
    """Return what has a name, ``OPTION=VALUE`` included; raises UnknownTargetError."""
    for target in _targets(name, questions) if name else ():
        return target
    message = f"nothing in {questions.project.name} is named {name}"
    raise UnknownTargetError(message)


def _targets(name: str, questions: Questions) -> Iterator[Target]:
    option = questions.option(name) or questions.option(name.upper())
    if option is not None:
        options = questions.options_named(option.name)
        when = any_of(questions.shown_when(one) for one in options)
        yield Target(kind="option", name=option.name, when=when, things=options)
    yield from _answers(name, questions)
    groups = questions.groups_named(name)
    if groups:
        when = any_of(all_of((group.guard, group.condition)) for group in groups)
        yield Target(kind="group", name=name, when=when, things=groups)
    yield from _plugins(name, questions)
    sequences = tuple(one for one in questions.run_order if name in (one.title, identity(one)))
    if sequences:
        when = any_of(all_of((one.guard, one.condition)) for one in sequences)
        yield Target(kind="sequence", name=sequences[0].title, when=when, things=sequences)
    steps = [step for step in questions.steps if name in (words(step.title), identity(step))]
    if steps:
        yield Target(
            kind="step",
            name=words(steps[0].title),
            when=any_of(map(questions.runs_when, steps)),
            things=tuple(steps),
        )
    templates = tuple(
        one for one in questions.project.templates if name in (one.name, one.class_name)
    )
    if templates:
        when = any_of(map(questions.applied_when, templates))
        yield Target(kind="template", name=templates[0].name, when=when, things=templates)
    refusals = tuple(
        constraint
        for plugin in questions.project.plugins
        for constraint in plugin.constraints
        if name in (words(constraint.text), constraint.error)
    )
    if refusals:
        when = any_of(one.condition for one in refusals)
        yield Target(kind="refusal", name=name, when=when, things=refusals)


def _answers(name: str, questions: Questions) -> Iterator[Target]:
    key, equals, value = name.partition("=")
    option = questions.option(key.upper()) if equals else None
    if option is not None and is_secret(option):
        yield from _targets(option.name, questions)
    elif option is not None:
        options = questions.options_named(option.name)
        asked = any_of(questions.shown_when(one) for one in options)
        is_it = (
            Compare(option.name, "has member", value, _LISTED)
            if any(one.accepted and one.answer in _pairs(option) for one in option.outcomes)
            else Compare(option.name, "==", value)
        )
        when = all_of((asked, is_it))
        name = f"{option.name}={value}"
        yield Target(kind="answer", name=name, when=when, things=options, answer=is_it)


_LISTED: Final = Parts(",", trimmed=True)


def _pairs(option: Option) -> set[str]:
    """Return the answers that are two of an option's choices."""
    return {",".join(pair) for pair in itertools.permutations(choices_of(option), 2)}


def _plugins(name: str, questions: Questions) -> Iterator[Target]:
    """Yield a plugin, which runs if one of its sequences does or one of its groups is asked."""
    plugin = questions.plugin(name)
    if plugin is not None:
        things = plugin.sequences or plugin.groups
        when = any_of(all_of((one.guard, one.condition)) for one in things)
        yield Target(kind="plugin", name=name, when=when, things=things)


def run_targets(questions: Questions) -> Iterator[Target]:
    """Yield every group, sequence and step, in the order of the run."""
    for group in questions.groups:
        when = all_of((group.guard, group.condition))
        yield Target(kind="group", name=group.name, when=when, things=(group,))
    for sequence in questions.run_order:
        when = all_of((sequence.guard, sequence.condition))
        yield Target(kind="sequence", name=sequence.title, when=when, things=(sequence,))
        for step in sequence.steps:
            title = words(step.title)
            when = questions.runs_when(step)
            yield Target(kind="step", name=title, when=when, things=(step,))
