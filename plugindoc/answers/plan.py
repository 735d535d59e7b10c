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
from plugindoc.model.conditions import Always, Condition, describe, evaluate
from plugindoc.model.locations import Location
from plugindoc.model.project import Actions, Option, Step
from plugindoc.model.questions import Questions
from plugindoc.model.values import Dynamic, Known, Value, words
from plugindoc.protocol import PACKSTACK, Protocol
from plugindoc.validation import refusal_words

__all__ = [
    "Plan",
    "PlanMaker",
    "PlannedAnswer",
    "PlannedGroup",
    "PlannedHook",
    "PlannedSequence",
    "PlannedStep",
    "Refusal",
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

    Of a step that does not run, what it would do on any answers is told, and no hosts.
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


class PlannedHook(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The keys that a plugin sets before any step runs, and those that it perhaps sets."""

    plugin: str
    sets: tuple[str, ...]
    perhaps: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an installer makes of an answer file, in the order of the run.

    `hooks` are the plugins that set keys before any step runs.
    """

    version: Literal[1] = 1
    outcome: Outcome
    groups: tuple[PlannedGroup, ...]
    answers: tuple[PlannedAnswer, ...]
    refusals: tuple[Refusal, ...]
    hooks: tuple[PlannedHook, ...]
    sequences: tuple[PlannedSequence, ...]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a plan."""
    found = msgspec.json.schema(Plan)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


class _Doings(msgspec.Struct, frozen=True):
    """What a step does whenever it runs, and what it does under conditions.

    `guarded` holds names with the positions of their conditions in `guards`.
    """

    always: tuple[str, ...] = ()
    guarded: tuple[tuple[str, int], ...] = ()
    guards: tuple[Condition, ...] = ()


class PlanMaker:
    """Makes plans for one installer; what all of its plans share is found out once."""

    def __init__(self, questions: Questions, protocol: Protocol = PACKSTACK) -> None:
        self.questions, self.protocol = questions, protocol
        self._names = {option.name.upper() for option in questions.options}
        self._names |= {name.upper() for name in questions.deprecated_names}
        self._secrets = {id(option): is_secret(option) for option in questions.options}
        names = [option.name for option in questions.options]
        self._has_twins = len({*names}) < len(names)
        self._idle: dict[int, str] = {}
        self._hook_doings: dict[str, _Doings] = {}
        self._doings: dict[int, dict[str, _Doings]] = {}
        self._defaults: dict[tuple[int, bool | None, str], PlannedAnswer] = {}
        self._resting: dict[int, PlannedStep] = {}

    def make(self, file: AnswerFile, found: Consequences) -> Plan:
        """Return the plan of an answer file with these consequences."""
        refusals = (*self._unknown(file), *_refusals(file, found))
        return Plan(
            outcome=_outcome(found, refusals),
            groups=tuple(_groups(found.settled)),
            answers=tuple(self._answers(file, found.settled)),
            refusals=refusals,
            hooks=tuple(self._hooks(found.settled)),
            sequences=tuple(
                PlannedSequence(
                    title=sequence.title,
                    plugin=sequence.plugin,
                    steps=tuple(
                        self._step(step, runs, found)
                        for step, runs in found.steps[sequence.position]
                    ),
                    **_told("runs", verdict),
                )
                for sequence, verdict in found.sequences
            ),
        )

    def _unknown(self, file: AnswerFile) -> Iterator[Refusal]:
        """Yield a refusal for each name that is no option, where the installer refuses those."""
        for answer in file.answers if self.protocol.refuses_unknown else ():
            if answer.name.upper() not in self._names:
                message = f"{answer.name} is not an option of this installer"
                yield Refusal(message=message, applies=True, location=answer.location)

    def _hooks(self, settled: Settled) -> Iterator[PlannedHook]:
        for plugin in self.questions.project.plugins:
            doings = self._hook_doings.get(plugin.module)
            if doings is None:
                uses = plugin.actions.uses
                doings = _doings((use.key, use.guard) for use in uses if use.access == "write")
                self._hook_doings[plugin.module] = doings
            sets, perhaps = _sorted(doings, settled.config)
            if sets or perhaps:
                yield PlannedHook(plugin=plugin.module, sets=sets, perhaps=perhaps)

    def _answers(self, file: AnswerFile, settled: Settled) -> Iterator[PlannedAnswer]:
        for answer in file.answers:
            if answer.name.upper() not in self._names:
                yield PlannedAnswer(
                    option=answer.name,
                    value=None,
                    secret=True,
                    source="file",
                    effect=False,
                    reason="this installer does not have this option",
                )
        yield from map(self._answer, _chosen(settled) if self._has_twins else settled.options)

    def _answer(self, one: SettledOption) -> PlannedAnswer:
        outcome, unchecked = one.outcome, ""
        if outcome is not None and outcome.accepted is None and outcome.by:
            unchecked = f"{outcome.by}: {outcome.why}"
        if one.answer is not None:
            return self._made(one, unchecked)
        identity = (id(one.option), one.asked, unchecked)
        kept = self._defaults.get(identity)
        if kept is None:
            kept = self._defaults[identity] = self._made(one, unchecked)
        return kept

    def _made(self, one: SettledOption, unchecked: str) -> PlannedAnswer:
        option = one.option
        secret = self._secrets[id(option)]
        default = getattr(option.default, "value", None)
        value = default if one.answer is None else one.answer.value
        source: Source = one.source
        if one.answer is None and not isinstance(option.default, Known | None):
            source = "computed"
        reason = ""
        if one.asked is False:
            reason = self._idle_reason(option)
        elif one.asked is None:
            reason = "whether its group is asked is not known"
        elif value is None and not secret:
            reason = words(option.default) or "it has no default"
        return PlannedAnswer(
            option=option.name,
            value=None if secret else value,
            secret=secret,
            source=source,
            effect=one.asked,
            reason=reason,
            unchecked=unchecked,
        )

    def _idle_reason(self, option: Option) -> str:
        if id(option) not in self._idle:
            when = describe(self.questions.shown_when(option))
            self._idle[id(option)] = f"it applies when {when}"
        return self._idle[id(option)]

    def _step(self, step: Step, verdict: Verdict, found: Consequences) -> PlannedStep:
        if verdict.holds is not False:
            return self._running(step, verdict, found)
        if id(step) not in self._resting:
            always = {name: doings.always for name, doings in self._doings_of(step).items()}
            self._resting[id(step)] = PlannedStep(
                title=words(step.title),
                runs=False,
                hosts=(),
                templates=always["templates"],
                sets=always["sets"],
                commands=always["commands"],
            )
        return self._resting[id(step)]

    def _running(self, step: Step, verdict: Verdict, found: Consequences) -> PlannedStep:
        sure: dict[str, tuple[str, ...]] = {}
        open_parts: dict[str, tuple[str, ...]] = {}
        for name, doings in self._doings_of(step).items():
            sure[name], perhaps = _sorted(doings, found.run_config)
            if perhaps:
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

    def _doings_of(self, step: Step) -> dict[str, _Doings]:
        """Return what a step does, each with when it does that."""
        found = self._doings.get(id(step))
        if found is None:
            uses, commands = step.actions.uses, step.actions.commands
            brought = self.questions.templates_of(step)
            found = self._doings[id(step)] = {
                "templates": _doings((one.template.name, one.guard) for one in brought),
                "sets": _doings((use.key, use.guard) for use in uses if use.access == "write"),
                "commands": _doings((words(one.line), one.guard) for one in commands),
            }
        return found


def _chosen(settled: Settled) -> Iterable[SettledOption]:
    """Return one declaration of each option: the first that is asked, or may be."""
    chosen: dict[str, SettledOption] = {}
    for one in settled.options:
        before = chosen.get(one.option.name)
        if before is None or (before.asked is not True and one.asked is not False):
            chosen[one.option.name] = one
    return chosen.values()


def _doings(listed: Iterable[tuple[str, Condition]]) -> _Doings:
    listed = tuple(listed)
    if all(isinstance(guard, Always) for _, guard in listed):
        return _Doings(tuple(dict.fromkeys(name for name, _ in listed)))
    guards: list[Condition] = []
    for _, guard in listed:
        if guard not in guards:
            guards.append(guard)
    guarded = dict.fromkeys((name, guards.index(guard)) for name, guard in listed)
    return _Doings((), tuple(guarded), tuple(guards))


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
        message = "" if one.asked is False else _refused(one)
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
            message = f"the answers of group {group.group.name} do not fit together"
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
    if one.outcome is None:
        return ""
    if one.missing:
        return f"{one.option.name} has no default and is not answered"
    if one.outcome.accepted is not False:
        return ""
    secret = is_secret(one.option)
    value = "the value" if secret else repr(one.outcome.answer)
    return f"{one.option.name}: {value} {refusal_words(one.option, one.outcome, secret=secret)}"


def _sorted(
    doings: _Doings, config: Mapping[str, object]
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return what surely happens where the step runs, and what perhaps does."""
    if not doings.guards:
        return doings.always, ()
    sure: dict[str, None] = {}
    perhaps: dict[str, None] = {}
    verdicts = [evaluate(guard, config) for guard in doings.guards]
    for name, position in doings.guarded:
        holds = verdicts[position]
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
