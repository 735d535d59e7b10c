"""Makes the plan of an installation from the consequences of its answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import msgspec

from plugindoc.answers.checking import is_secret
from plugindoc.answers.consequences import Consequences, Verdict, verdict_of
from plugindoc.answers.parsing import AnswerFile
from plugindoc.answers.plan import (
    HostStep,
    Plan,
    PlannedAnswer,
    PlannedGroup,
    PlannedHook,
    PlannedHost,
    PlannedSequence,
    PlannedStep,
    PlanOutcome,
    Refusal,
    Replaced,
)
from plugindoc.answers.settling import Settled, SettledOption, Source
from plugindoc.answers.step_actions import (
    GuardedNames,
    Target,
    addresses,
    guarded_names,
    targets_of,
)
from plugindoc.model.conditions import describe, evaluate
from plugindoc.model.locations import Location
from plugindoc.model.project import Actions, Option, Plugin, Step, Use
from plugindoc.model.questions import Questions
from plugindoc.model.values import Known, words
from plugindoc.protocol import PACKSTACK, Protocol
from plugindoc.validation import refusal_words

__all__ = ["PlanMaker"]


class PlanMaker:
    """Makes plans for one installer; what all of its plans share is found out once."""

    def __init__(self, questions: Questions, protocol: Protocol = PACKSTACK) -> None:
        self.questions, self.protocol = questions, protocol
        self._names = {option.name.upper() for option in questions.options}
        self._names |= {name.upper() for name in questions.deprecated_names}
        self._secrets = {id(option): is_secret(option) for option in questions.options}
        names = [option.name for option in questions.options]
        self._has_twins = len({*names}) < len(names)
        self._stores: dict[str, list[tuple[Plugin, Use]]] = {}
        for plugin in questions.project.plugins:
            for use in plugin.actions.uses:
                if use.access == "write":
                    self._stores.setdefault(use.key, []).append((plugin, use))
        self._idle: dict[int, str] = {}
        self._hook_actions: dict[str, GuardedNames] = {}
        self._actions: dict[int, dict[str, GuardedNames]] = {}
        self._targets: dict[int, tuple[Target, ...]] = {}
        self._defaults: dict[tuple[int, bool | None, str], PlannedAnswer] = {}
        self._resting: dict[int, PlannedStep] = {}

    def make(self, file: AnswerFile, found: Consequences) -> Plan:
        """Return the plan of an answer file with these consequences."""
        refusals = (*self._unknown(file), *_refusals(file, found))
        return Plan(
            outcome=_outcome(found, refusals),
            groups=tuple(_groups(found.settled)),
            answers=tuple(self._answers(file, found)),
            refusals=refusals,
            hooks=tuple(self._hooks(found.settled)),
            hosts=tuple(self._hosts(found)),
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
        """Yield a refusal for each name that is not an option, if the installer refuses those."""
        for answer in file.answers if self.protocol.refuses_unknown else ():
            if answer.name.upper() not in self._names:
                message = f"{answer.name} is not an option of this installer"
                yield Refusal(message=message, applies=True, location=answer.location)

    def _hooks(self, settled: Settled) -> Iterator[PlannedHook]:
        for plugin in self.questions.project.plugins:
            keys = self._hook_actions.get(plugin.module)
            if keys is None:
                uses = plugin.actions.uses
                keys = guarded_names((use.key, use.guard) for use in uses if use.access == "write")
                self._hook_actions[plugin.module] = keys
            sets, perhaps = keys.sort(settled.config)
            if sets or perhaps:
                yield PlannedHook(plugin=plugin.module, sets=sets, perhaps=perhaps)

    def _answers(self, file: AnswerFile, found: Consequences) -> Iterator[PlannedAnswer]:
        settled = found.settled
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
        for one in _chosen(settled) if self._has_twins else settled.options:
            planned = self._answer(one)
            if one.asked and one.option.name in self._stores:
                replaced = self._replaced(one.option.name, found)
                if replaced is not None:
                    if planned.secret:
                        replaced = msgspec.structs.replace(replaced, value=None)
                    planned = msgspec.structs.replace(planned, replaced=replaced)
            yield planned

    def _replaced(self, name: str, found: Consequences) -> Replaced | None:
        """Return what the hooks leave of an answer, if that is known and something else."""
        before, after = found.settled.config.get(name), found.run_config.get(name)
        if before is None or after is None or _is_same(before, after):
            return None
        verdicts = [evaluate(use.guard, found.settled.config) for _, use in self._stores[name]]
        # The first write that surely takes place; those after it often only split the text.
        place = verdicts.index(True) if True in verdicts else 0
        plugin, use = self._stores[name][place]
        stored = list(after) if isinstance(after, tuple) else after
        return Replaced(stored, plugin.module, use.location)

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
            always = {name: names.always for name, names in self._actions_of(step).items()}
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
        for name, names in self._actions_of(step).items():
            sure[name], perhaps = names.sort(found.run_config)
            if perhaps:
                open_parts[name] = perhaps
        return PlannedStep(
            title=words(step.title),
            hosts=_hosts(step.actions, found.run_config),
            templates=sure["templates"],
            sets=sure["sets"],
            commands=sure["commands"],
            perhaps=open_parts,
            **_told("runs", verdict),
        )

    def _hosts(self, found: Consequences) -> Iterator[PlannedHost]:
        """Yield what runs on each host: those of options first, then those that code chooses."""
        roles: dict[str, dict[str, None]] = {}
        steps: dict[str, list[HostStep]] = {}
        for sequence, _ in found.sequences:
            for step, verdict in found.steps[sequence.position]:
                if verdict.holds is not False:
                    for name, role, done in self._on_hosts(step, verdict, found):
                        roles.setdefault(name, {})[role] = None
                        steps.setdefault(name, []).append(done)
        for name in sorted(steps, key=lambda name: name.startswith("⟨")):
            options = tuple(role for role in roles[name] if role.upper() in self._names)
            yield PlannedHost(name=name, options=options, steps=tuple(steps[name]))

    def _on_hosts(
        self, step: Step, verdict: Verdict, found: Consequences
    ) -> Iterator[tuple[str, str, HostStep]]:
        """Yield hosts on which a step works, with their roles and what it does there."""
        targets = self._targets.get(id(step))
        if targets is None:
            targets = self._targets[id(step)] = targets_of(step, self.questions)
        merged: dict[str, tuple[str, list[Target]]] = {}
        for target in targets:
            for name in addresses(target.hosts, found.run_config):
                merged.setdefault(name, (target.role, []))[1].append(target)
        sorted_names = {
            id(target): (
                target.templates.sort(found.run_config),
                target.commands.sort(found.run_config),
            )
            for target in targets
        }
        for name, (role, reached) in merged.items():
            parts = [sorted_names[id(target)] for target in reached]
            yield (
                name,
                role,
                HostStep(
                    title=words(step.title),
                    plugin=step.plugin,
                    runs=verdict.holds,
                    templates=_joined(templates[0] for templates, _ in parts),
                    commands=_joined(commands[0] for _, commands in parts),
                    perhaps={
                        kind: names
                        for kind, names in (
                            ("templates", _joined(templates[1] for templates, _ in parts)),
                            ("commands", _joined(commands[1] for _, commands in parts)),
                        )
                        if names
                    },
                ),
            )

    def _actions_of(self, step: Step) -> dict[str, GuardedNames]:
        """Return what a step does, each with its condition."""
        found = self._actions.get(id(step))
        if found is None:
            uses, commands = step.actions.uses, step.actions.commands
            brought = self.questions.templates_of(step)
            found = self._actions[id(step)] = {
                "templates": guarded_names((one.template.name, one.guard) for one in brought),
                "sets": guarded_names(
                    (use.key, use.guard) for use in uses if use.access == "write"
                ),
                "commands": guarded_names((words(one.line), one.guard) for one in commands),
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


def _is_same(before: object, after: object) -> bool:
    """Return whether a stored value is an answer, maybe split into a list."""
    if isinstance(before, str) and isinstance(after, list | tuple):
        parts = [part.strip() for part in before.split(",") if part.strip()]
        return list(after) == parts or str(list(after)) == before
    return before == after


def _joined(listed: Iterable[tuple[str, ...]]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for names in listed for name in names))


def _hosts(actions: Actions, config: Mapping[str, object]) -> tuple[str, ...]:
    """Return the hosts of a step: addresses if these are known, otherwise expressions."""
    values = [*actions.hosts, *(used.hosts for used in actions.templates if used.hosts is not None)]
    return _joined(tuple(addresses(value, config)) for value in values)


def _told(name: str, verdict: Verdict) -> dict[str, Any]:
    return {name: verdict.holds, "reason": verdict.reason, "depends_on": verdict.depends_on}


def _outcome(found: Consequences, refusals: Iterable[Refusal]) -> PlanOutcome:
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
    """Return how the answer to an option is refused, "" if it is not."""
    if one.outcome is None:
        return ""
    if one.missing:
        return f"{one.option.name} has no default and is not answered"
    if one.outcome.accepted is not False:
        return ""
    secret = is_secret(one.option)
    value = "the value" if secret else repr(one.outcome.answer)
    return f"{one.option.name}: {value} {refusal_words(one.option, one.outcome, secret=secret)}"
