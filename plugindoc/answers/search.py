"""The smallest changes of answers that make something so.

Changes are searched by their size, first of one answer, then of two, then of three, over the
options that the condition depends on and those that are in the way. Each proposal is confirmed by
settling the changed answers; one that leads to a new refusal is no proposal. Answers that the
changes themselves ask for, and that have no default, belong to a proposal.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Mapping
from typing import Final

import msgspec

from plugindoc.answers.candidates import Candidates
from plugindoc.answers.consequences import Consequences, HookJudge, consequences
from plugindoc.answers.parsing import Answer
from plugindoc.answers.rewriting import with_hooks
from plugindoc.answers.settling import Judge, settle
from plugindoc.answers.targets import Target
from plugindoc.model.conditions import (
    AllOf,
    Always,
    AnyOf,
    Compare,
    Condition,
    Never,
    evaluate,
    options_of,
)
from plugindoc.model.locations import Location
from plugindoc.model.questions import Questions
from plugindoc.protocol import PACKSTACK, Protocol
from plugindoc.validation import refusal_words

__all__ = ["MOST_CHANGES", "ChangeSearch"]

MOST_CHANGES: Final = 3
"""Answers that one proposal changes, at most."""

_MOST_PROPOSALS: Final = 8
_MOST_TRIALS: Final = 20_000
_MOST_STEPS: Final = 5_000_000
"""Steps of hooks that a search follows: about ten seconds."""
_MOST_ROUNDS: Final = 5
"""How often what is asked for may itself ask for more."""


class ChangeSearch:
    """Searches changes to the answers of one file, for one installer.

    `start` holds the consequences of the unchanged answers. `gave_up` says whether the last search
    ended because there was too much to try.
    """

    def __init__(
        self,
        answers: Iterable[Answer],
        questions: Questions,
        judge: Judge,
        hook: HookJudge | None = None,
        protocol: Protocol = PACKSTACK,
        steps: Callable[[], int] = lambda: 0,
    ) -> None:
        self.questions, self.judge, self.hook, self.protocol = questions, judge, hook, protocol
        self.gave_up = False
        self._steps, self._most_steps = steps, 0
        self.answers = tuple(answers)
        self.start = self.after({})
        self._candidates = Candidates(questions, judge, self.start.settled.config)
        self._refused_before = frozenset(_refused(self.start))

    def after(self, changes: Mapping[str, str]) -> Consequences:
        """Return the consequences of the answers with some of them changed."""
        changed = {name.upper() for name in changes}
        kept = [answer for answer in self.answers if answer.name.upper() not in changed]
        kept += [Answer(name, value, Location("", 1)) for name, value in changes.items()]
        settled = settle(kept, self.questions, self.judge, self.protocol)
        found = consequences(settled, self.questions, self.hook)
        if self.hook is None:
            return found
        return with_hooks(found, self.questions.project.plugins, self.hook)

    def proposals(self, target: Target) -> tuple[list[dict[str, str]], bool]:
        """Return the smallest changes after which a target holds.

        Where there are none, those after which it may hold; the second value is False then.
        """
        self._most_steps, self.gave_up = self._steps() + _MOST_STEPS, False
        for sure in (True, False):
            relevant = self._candidates.options(options_of(target.when), target)
            while True:
                found, blocking = self._search(target, relevant, sure=sure)
                if found or not blocking - relevant.keys():
                    break
                relevant |= self._candidates.options([*relevant, *sorted(blocking)], target)
            if found or self.gave_up:
                return found[:_MOST_PROPOSALS], sure
        return [], True

    def refuses_more(self, after: Consequences) -> bool:
        """Return whether something is refused then that was not refused before."""
        return bool(self._new_refusals(after))

    def impossible(self, condition: Condition) -> str:
        """Return why no answers make a condition hold, "" if some may."""
        match condition:
            case Never():
                return "its condition contradicts itself"
            case AllOf(conditions=parts):
                return next((why for part in parts if (why := self.impossible(part))), "")
            case AnyOf(conditions=parts):
                whys = [self.impossible(part) for part in parts]
                return whys[0] if all(whys) else ""
            case Compare(option=name, operator="==", value=str() as value):
                return self._unreachable(name, value)
            case _:
                return ""

    def _unreachable(self, name: str, value: str) -> str:
        """Return why an option's answer is never a value: each of its declarations refuses it."""
        declared = self.questions.options_named(name)
        whys = []
        for option in declared:
            outcome = self.judge(option, value, {})
            if outcome.accepted is not False or outcome.value is not None:
                return ""
            whys.append(f"{name} is never {value}: it {refusal_words(option, outcome)}")
        return whys[0] if whys else ""

    def _search(
        self, target: Target, relevant: Mapping[str, None], *, sure: bool
    ) -> tuple[list[dict[str, str]], set[str]]:
        """Return the smallest changes of some options, and what prevents others."""
        values = {name: self._candidates.values(name, target, relevant) for name in relevant}
        values = {name: listed for name, listed in values.items() if listed}
        blocking: set[str] = set()
        found: list[dict[str, str]] = []
        trials, fixed = 0, self._fixed(target)
        for size in range(1, MOST_CHANGES + 1):
            if found and len(found[0]) <= size:
                break
            for names in itertools.combinations(values, size):
                for chosen in itertools.product(*(values[name] for name in names)):
                    changes = dict(zip(names, chosen, strict=True))
                    if evaluate(target.when, self._as_known(fixed, changes, target)) is False:
                        continue
                    trials += 1
                    if trials > _MOST_TRIALS or self._steps() > self._most_steps:
                        self.gave_up = True
                        return found, set()
                    proposal = self._completed(changes, target, blocking, sure=sure)
                    if proposal is not None:
                        found.append(proposal)
            found.sort(key=len)
        smallest = [one for one in found if len(one) == len(found[0])]
        return smallest, blocking

    def _completed(
        self, changes: Mapping[str, str], target: Target, blocking: set[str], *, sure: bool
    ) -> dict[str, str] | None:
        """Return changes after which the target holds, with the answers that they ask for.

        None if it does not hold, or if they are refused for another reason; then the options that
        cause this are added to `blocking`.
        """
        found = dict(changes)
        for _ in range(_MOST_ROUNDS):
            after = self.after(found)
            holds = target.holds(after, self.questions)
            if holds is False or (holds is None and sure):
                return None
            new = self._new_refusals(after, target)
            if not new:
                return found
            wanted = [refusal.asks for refusal in new]
            samples = {
                name: self._candidates.sample(name)
                for name in wanted
                if name and name not in changes
            }
            if len(samples) < len(new) or None in samples.values():
                blocking.update(name for refusal in new for name in refusal.options)
                return None
            found.update({name: sample for name, sample in samples.items() if sample is not None})
        return None

    def _new_refusals(self, after: Consequences, target: Target | None = None) -> list[_Refusal]:
        """Return what is refused that was not before; a refusal that is wanted does not count."""
        wanted = {f"{thing.location}" for thing in target.things} if target is not None else set()
        passed = wanted | self._refused_before
        return [refusal for key, refusal in _refused(after).items() if key not in passed]

    def _fixed(self, target: Target) -> dict[str, object]:
        """Return the values of options that are asked whatever is answered."""
        return {
            one.option.name: self.start.settled.config[one.option.name]
            for one in self.start.settled.options
            if one.option.name in self.start.settled.config
            and isinstance(self.questions.shown_when(one.option), Always)
            and not self._candidates.is_rewritten(one.option.name, target)
        }

    def _as_known(
        self, fixed: Mapping[str, object], changes: Mapping[str, str], target: Target
    ) -> dict[str, object]:
        """Return what is surely known after changes: values that a processor may turn are not."""
        known = dict(fixed)
        for name, value in changes.items():
            if self._candidates.is_rewritten(name, target):
                continue
            declared = self.questions.options_named(name)
            outcomes = [self.judge(option, value, {}) for option in declared]
            if all(one.accepted is True and one.value is None for one in outcomes):
                known[name] = value
            else:
                known.pop(name, None)
        return known


class _Refusal(msgspec.Struct, frozen=True):
    """The options that cause a refusal.

    `asks` is the one whose own answer is refused, or missing.
    """

    options: tuple[str, ...]
    asks: str = ""


def _refused(found: Consequences) -> dict[str, _Refusal]:
    """Return what is refused, by unique names."""
    refused: dict[str, _Refusal] = {}
    for one in found.settled.options:
        name, outcome = one.option.name, one.outcome
        if one.asked and (one.missing or (outcome is not None and outcome.accepted is False)):
            refused[f"value of {name}"] = _Refusal((name,), name)
    for group in found.settled.groups:
        if group.lacks:
            refused[f"need of {group.group.name}"] = _Refusal((group.lacks,))
        if group.asked and group.fits is False:
            refused[f"group {group.group.name}"] = _Refusal(options_of(group.group.post))
    for constraint, verdict in found.constraints:
        if verdict.holds:
            refused[f"{constraint.location}"] = _Refusal(options_of(constraint.condition))
    for lack in found.lacks:
        refused[f"need of {lack.plugin.module}"] = _Refusal((lack.key,))
    return refused
