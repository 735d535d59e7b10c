"""The plan of an installation: consequences as plain data, and as JSON with a schema.

What is not known is null in JSON, with ``reason`` and ``depends_on`` beside it. Secrets have no
value.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Literal, TypeAlias

import msgspec

from plugindoc.answers.checking import is_secret
from plugindoc.answers.consequences import Consequences, Verdict, verdict_of
from plugindoc.answers.parsing import AnswerFile
from plugindoc.answers.settling import Settled, SettledOption, Source
from plugindoc.model.conditions import Condition, describe
from plugindoc.model.locations import Location
from plugindoc.model.questions import Questions
from plugindoc.model.things import Actions, Step
from plugindoc.model.values import Dynamic, Known, Value, words
from plugindoc.validation import refusal_words

__all__ = [
    "Plan",
    "PlannedAnswer",
    "PlannedGroup",
    "PlannedSequence",
    "PlannedStep",
    "Refusal",
    "make_plan",
    "schema",
]

Outcome: TypeAlias = Literal["accepted", "refused", "unknown"]


class _Planned(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What all parts of a plan share: `reason` and `depends_on` where something is not known."""

    reason: str = ""
    depends_on: tuple[str, ...] = ()


class PlannedGroup(_Planned, frozen=True):
    """An option group, and whether it is asked."""

    name: str
    asked: bool | None


class PlannedAnswer(_Planned, frozen=True):
    """The answer to an option, and whether it has an effect.

    `value` is as written in the file, or the default; null for a secret, and where only the
    installer computes it.
    """

    option: str
    value: Any
    source: Source
    effect: bool | None
    secret: bool = False
    unchecked: str = ""


class Refusal(_Planned, frozen=True):
    """Something for which the installer refuses the answers, and whether it applies."""

    message: str
    applies: bool | None
    location: Location


class PlannedStep(_Planned, frozen=True):
    """A step: whether it runs, and what it does then.

    `perhaps` holds templates, keys and commands of which it is not known whether they are used.
    """

    title: str
    runs: bool | None
    hosts: tuple[str, ...]
    templates: tuple[str, ...]
    sets: tuple[str, ...]
    commands: tuple[str, ...]
    perhaps: dict[str, tuple[str, ...]] = {}


class PlannedSequence(_Planned, frozen=True):
    """A sequence, and whether it runs; `plugin` is its module's name."""

    title: str
    plugin: str
    runs: bool | None
    steps: tuple[PlannedStep, ...]


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an installer makes of an answer file, in the order of the run."""

    version: Literal[1] = 1
    outcome: Outcome
    groups: tuple[PlannedGroup, ...]
    answers: tuple[PlannedAnswer, ...]
    refusals: tuple[Refusal, ...]
    sequences: tuple[PlannedSequence, ...]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a plan."""
    found = msgspec.json.schema(Plan)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


def make_plan(file: AnswerFile, found: Consequences, questions: Questions) -> Plan:
    """Return the plan of an answer file with these consequences."""
    refusals = tuple(_refusals(file, found))
    return Plan(
        outcome=_outcome(found, refusals),
        groups=tuple(_groups(found.settled)),
        answers=tuple(_answers(file, found.settled, questions)),
        refusals=refusals,
        sequences=tuple(
            PlannedSequence(
                title=sequence.title,
                plugin=sequence.plugin,
                steps=tuple(
                    _step(step, steps, found, questions)
                    for step, steps in found.steps[sequence.position]
                ),
                **_told("runs", runs),
            )
            for sequence, runs in found.sequences
        ),
    )


def _told(name: str, verdict: Verdict) -> dict[str, Any]:
    return {name: verdict.holds, "reason": verdict.reason, "depends_on": verdict.depends_on}


def _outcome(found: Consequences, refusals: Iterable[Refusal]) -> Outcome:
    applies = {refusal.applies for refusal in refusals}
    if True in applies:
        return "refused"
    open_groups = any(group.asked is None for group in found.settled.groups)
    return "unknown" if None in applies or open_groups else "accepted"


def _groups(settled: Settled) -> Iterator[PlannedGroup]:
    for one in settled.groups:
        verdict = Verdict(one.asked)
        if one.asked is None:
            verdict = verdict_of(one.group.condition, settled.config)
            verdict = Verdict(None, verdict.reason or "its condition", verdict.depends_on)
        yield PlannedGroup(name=one.group.name, **_told("asked", verdict))


def _answers(file: AnswerFile, settled: Settled, questions: Questions) -> Iterator[PlannedAnswer]:
    known = {option.name.upper() for option in questions.options}
    known |= {name.upper() for name in questions.deprecated_names}
    for answer in file.answers:
        if answer.name.upper() not in known:
            yield PlannedAnswer(
                option=answer.name,
                value=None,
                secret=True,
                source="file",
                effect=False,
                reason="this installer has no such option",
            )
    chosen: dict[str, SettledOption] = {}
    for one in settled.options:
        before = chosen.get(one.option.name)
        if before is None or (before.asked is not True and one.asked is not False):
            chosen[one.option.name] = one
    for one in chosen.values():
        yield _answer(one, questions)


def _answer(one: SettledOption, questions: Questions) -> PlannedAnswer:
    secret, option = is_secret(one.option), one.option
    default = getattr(option.default, "value", None)
    value = default if one.answer is None else one.answer.value
    source: Source = one.source
    if one.answer is None and not isinstance(option.default, Known | None):
        source = "computed"
    reason = ""
    if one.asked is False:
        reason = f"it applies when {describe(questions.shown_when(option))}"
    elif one.asked is None:
        reason = "whether its group is asked is not known"
    elif value is None and not secret:
        reason = words(option.default) or "it has no default"
    outcome = one.outcome
    open_check = outcome is not None and outcome.accepted is None and outcome.by != ""
    return PlannedAnswer(
        option=option.name,
        value=None if secret else value,
        secret=secret,
        source=source,
        effect=one.asked,
        reason=reason,
        unchecked=f"{outcome.by}: {outcome.why}" if outcome is not None and open_check else "",
    )


def _refusals(file: AnswerFile, found: Consequences) -> Iterator[Refusal]:
    """Yield what the installer refuses, in the order in which it gets there."""
    for fault in file.faults:
        yield Refusal(message=fault.message, applies=True, location=fault.location)
    seen: set[str] = set()
    for answer in file.answers:
        if answer.name.upper() in seen:
            message = f"{answer.name} is answered twice"
            yield Refusal(message=message, applies=True, location=answer.location)
        seen.add(answer.name.upper())
    told: set[str] = set()
    for one in found.settled.options:
        message = _refused(one)
        if message and message not in told:
            told.add(message)
            place = Location(file.path, 1) if one.answer is None else one.answer.location
            applies = True if one.asked else None
            reason = "" if applies else "whether it is asked is not known"
            yield Refusal(message=message, applies=applies, location=place, reason=reason)
    for group in found.settled.groups:
        place = group.group.fields.get("pre_condition", group.group.location)
        if group.lacks:
            message = f"the condition of group {group.group.name} reads {group.lacks}, "
            yield Refusal(message=f"{message}which is not asked", applies=True, location=place)
        if group.asked is not False and group.fits is not True:
            verdict = verdict_of(group.group.post, found.settled.config)
            message = f"the answers of group {group.group.name} do not go together"
            applies = None if verdict.holds is None or group.asked is None else True
            yield Refusal(
                message=message,
                location=place,
                applies=applies,
                reason=verdict.reason,
                depends_on=verdict.depends_on,
            )
    for constraint, verdict in found.constraints:
        message = words(constraint.text) or constraint.error
        yield Refusal(message=message, location=constraint.location, **_told("applies", verdict))
    for lack in found.lacks:
        hook = lack.plugin.hooks.get("initSequences", lack.plugin.location)
        message = f"{lack.plugin.module} reads {lack.key}, which is not asked"
        yield Refusal(message=message, applies=True, location=hook)


def _refused(one: SettledOption) -> str:
    """Return how the answer to an option is refused, "" where it is not."""
    if one.asked is False or one.outcome is None:
        return ""
    if one.missing:
        return f"{one.option.name} has no default and is not answered"
    if one.outcome.accepted is not False:
        return ""
    secret = is_secret(one.option)
    value = "the value" if secret else repr(one.outcome.answer)
    return f"{one.option.name}: {value} {refusal_words(one.option, one.outcome, secret=secret)}"


def _step(step: Step, verdict: Verdict, found: Consequences, questions: Questions) -> PlannedStep:
    config = found.run_config
    brought = [(one.template.name, one.guard) for one in questions.templates_of(step)]
    sure: dict[str, tuple[str, ...]] = {}
    open_parts: dict[str, tuple[str, ...]] = {}
    for name, guarded in (
        ("templates", brought),
        ("sets", [(use.key, use.guard) for use in step.actions.uses if use.access == "write"]),
        ("commands", [(words(one.line), one.guard) for one in step.actions.commands]),
    ):
        sure[name], perhaps = _sorted(guarded, config)
        if perhaps and verdict.holds is not False:
            open_parts[name] = perhaps
    return PlannedStep(
        title=words(step.title),
        hosts=_hosts(step.actions, found.settled.config),
        templates=sure["templates"],
        sets=sure["sets"],
        commands=sure["commands"],
        perhaps=open_parts,
        **_told("runs", verdict),
    )


def _sorted(
    guarded: Iterable[tuple[str, Condition]], config: Mapping[str, object]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what surely happens where the step runs, and what perhaps does."""
    sure: dict[str, None] = {}
    perhaps: dict[str, None] = {}
    for name, guard in guarded:
        holds = verdict_of(guard, config).holds
        if holds is not False:
            (sure if holds else perhaps)[name] = None
    return tuple(sure), tuple(name for name in perhaps if name not in sure)


def _hosts(actions: Actions, config: Mapping[str, object]) -> tuple[str, ...]:
    """Return the hosts of a step: addresses where they are known, else expressions in ``⟨ ⟩``."""
    values = [*actions.hosts, *(used.hosts for used in actions.templates if used.hosts is not None)]
    found: dict[str, None] = {}
    for value in values:
        for host in _addresses(value, config):
            found[host] = None
    return tuple(found)


_EACH = "each host of "


def _addresses(value: Value, config: Mapping[str, object]) -> list[str]:
    if isinstance(value, Known) and isinstance(value.value, str):
        return [value.value]
    if isinstance(value, Dynamic):
        name = value.source.removeprefix(_EACH)
        answer = config.get(name)
        if isinstance(answer, str) and answer:
            several = value.source.startswith(_EACH)
            return [one.strip() for one in answer.split(",")] if several else [answer]
    return [words(value)]
