"""Why something is or is not: the condition, and the smallest changes that make it so.

Changes are searched by their size, first of one answer, then of two, then of three, over the
options that the condition depends on and those that stand in the way. Each proposal is confirmed by
settling the changed answers; one that leads to a new refusal is no proposal. Answers that the
changes themselves ask for, and that have no default, belong to a proposal.
"""

from __future__ import annotations

import itertools
import operator
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any, Final, Literal

import msgspec

from plugindoc.answers.checking import is_secret
from plugindoc.answers.consequences import (
    Consequences,
    HookJudge,
    consequences,
    verdict_of,
    whys_of,
)
from plugindoc.answers.parsing import Answer
from plugindoc.answers.rewriting import with_hooks
from plugindoc.answers.settling import Judge, has_default, settle
from plugindoc.answers.targets import Kind, Target
from plugindoc.model.conditions import (
    AllOf,
    Always,
    AnyOf,
    Compare,
    Condition,
    Never,
    Parts,
    describe,
    evaluate,
    leaves,
    options_of,
)
from plugindoc.model.locations import Location
from plugindoc.model.project import Option
from plugindoc.model.questions import Questions
from plugindoc.model.values import words
from plugindoc.protocol import PACKSTACK, Protocol
from plugindoc.validation import choices_of, refusal_words

__all__ = ["Change", "Current", "Explainer", "Explanation", "schema"]

_MOST_CHANGES: Final = 3
_MOST_PROPOSALS: Final = 8
_MOST_TRIALS: Final = 20_000
_MOST_STEPS: Final = 5_000_000
"""Steps of hooks that a search follows: about ten seconds."""
_MOST_ROUNDS: Final = 5
"""How often what is asked for may itself ask for more."""
_SAMPLES: Final = (
    *("y", "n", "1", "value", "192.0.2.1", "https://example.org/example"),
    *("/srv/example", "192.0.2.1:/srv/example"),
    *("ldap://192.0.2.1", "dc=example,dc=org", "user@example.org"),
)
"""What is tried for an option that needs an answer of any kind."""


class Change(msgspec.Struct, frozen=True):
    """An answer to change; the value of a secret is null, and is for the user to choose."""

    option: str
    value: str | None
    secret: bool = False


class Current(msgspec.Struct, frozen=True):
    """What an option is now; `value` is null for a secret, and where it is not known.

    `source` is unknown where it is not known whether the option is asked.

    Where plugins set it to something else before a template looks it up, `becomes` is that.
    """

    option: str
    value: str | None
    source: Literal["file", "default", "computed", "unasked", "unknown"]
    secret: bool = False
    becomes: str | None = None
    set_by: tuple[str, ...] = ()


class Enabled(msgspec.Struct, frozen=True):
    """What is asked or runs with an answer, and with no other choice of its option."""

    kind: Literal["option", "step"]
    name: str


class Explanation(msgspec.Struct, frozen=True, kw_only=True):
    """Whether something is so with some answers, when it is, and how to get there.

    `current` is what the options are that decide it, `instead` are options that are asked in the
    place of one. `choices` are those of an option, and `enables` is what comes with an answer and
    with no other choice.

    `proposals` are the smallest changes after which it holds; there are none where it does already.
    `never` tells that no answers make it so; `reason` says why, or why it is not known whether it
    holds.
    """

    version: Literal[1] = 1
    kind: Kind
    name: str
    holds: bool | None
    when: str
    never: bool = False
    reason: str = ""
    depends_on: tuple[str, ...] = ()
    current: tuple[Current, ...] = ()
    instead: tuple[str, ...] = ()
    proposals: tuple[tuple[Change, ...], ...] = ()
    choices: tuple[str, ...] = ()
    enables: tuple[Enabled, ...] = ()


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of an explanation."""
    found = msgspec.json.schema(Explanation)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}


class _Rewriting(msgspec.Struct, frozen=True):
    """A key that hooks set: when they do, and the keys that they read on the same lines."""

    guards: list[Condition]
    sources: set[str]


class Explainer:
    """Explains things of one installer, starting from the answers of one file."""

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
        self._steps, self._enough, self._gave_up = steps, 0, False
        self.answers = tuple(answers)
        self.start = self.after({})
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

    def explain(self, target: Target) -> Explanation:
        """Return whether a target holds, and the smallest changes that make it so."""
        holds = target.holds(self.start, self.questions)
        seen = self.start.run_config if target.kind == "template" else self.start.settled.config
        whys = {**whys_of(self.start.settled), **self._set_during_run(target.when)}
        verdict = verdict_of(target.when, seen, whys)
        proposals: list[dict[str, str]] = []
        reason = impossible = ""
        if holds is False:
            reason = impossible = self._never(target)
            if not impossible:
                proposals, sure = self.proposals(target)
                if self._gave_up:
                    reason = "the search for changes was given up: there are too many to try"
                elif not proposals:
                    reason = f"no change of up to {_MOST_CHANGES} answers achieves this"
                elif not sure:
                    reason = "whether these changes suffice is only known during the run"
        elif holds is None:
            found, sure = self.proposals(target)
            proposals = found if sure else []
            reason = verdict.reason or "it depends on values that are only known during the run"
        return Explanation(
            kind=target.kind,
            name=target.name,
            holds=holds,
            when=describe(target.when),
            never=bool(impossible),
            reason=reason,
            depends_on=verdict.depends_on if holds is None else options_of(target.when),
            current=tuple(self._current(target)),
            instead=tuple(self._instead(target)) if holds is False else (),
            proposals=tuple(self._told(changes) for changes in proposals),
            choices=tuple(dict.fromkeys(self._choices(target))),
            enables=tuple(self._enables(target, proposals)),
        )

    def _set_during_run(self, condition: Condition) -> dict[str, str]:
        """Return why derived keys of a condition are not known: the steps that set them."""
        found = {}
        for key in options_of(condition):
            setters = dict.fromkeys(
                place.name
                for place in self.questions.written_by(key)
                if place.kind == "step" and not place.use.pattern
            )
            if setters and self.questions.option(key) is None:
                found[key] = f"{key} is set during the run, by step {' and '.join(setters)}"
        return found

    def _current(self, target: Target) -> Iterator[Current]:
        """Yield what the options are that decide a target, and what an option itself is."""
        named = [thing.name for thing in target.things if isinstance(thing, Option)]
        for name in dict.fromkeys((*named, *options_of(target.when))):
            declared = [one for one in self.start.settled.options if one.option.name == name]
            settled = next((one for one in declared if one.asked), None)
            if settled is None:
                if declared and name not in named:
                    perhaps = any(one.asked is None for one in declared)
                    yield Current(name, None, "unknown" if perhaps else "unasked")
                continue
            secret = is_secret(settled.option)
            value = self.start.settled.config.get(name)
            told = None if secret or value is None else str(value)
            made = self._made_of(name) if told is not None and target.kind == "template" else ()
            yield Current(name, told, settled.source, secret, *made)

    def _made_of(self, name: str) -> tuple[str, tuple[str, ...]] | tuple[()]:
        """Return what plugins set an option to, and which plugins; () where that is the answer."""
        config = self.start.run_config
        values = config.get(name)
        becomes = ",".join(map(str, values)) if isinstance(values, list) else str(values)
        if values is None or becomes == str(self.start.settled.config.get(name)):
            return ()
        setters = dict.fromkeys(
            place.name for place in self.questions.written_by(name) if place.kind == "plugin"
        )
        return becomes, tuple(setters)

    def _choices(self, target: Target) -> Iterator[str]:
        for option in target.things if target.kind == "option" else ():
            if isinstance(option, Option):
                for value in choices_of(option):
                    if self.judge(option, value, {}).accepted is not False:
                        yield value

    def _instead(self, target: Target) -> Iterator[str]:
        """Yield the options that are asked in the place of one: all but one word is the same."""
        if target.kind != "option":
            return
        words, deciding = target.name.split("_"), {*options_of(target.when)}
        for one in self.start.settled.options:
            others = one.option.name.split("_")
            differing = sum(map(operator.ne, words, others))
            if one.asked and len(others) == len(words) and differing == 1:
                when = self.questions.shown_when(one.option)
                if deciding.intersection(options_of(when)):
                    yield one.option.name

    def _enables(self, target: Target, proposals: list[dict[str, str]]) -> Iterator[Enabled]:
        """Yield what comes with an answer and with no other choice of its option."""
        for option in target.things if target.kind == "answer" else ():
            if not isinstance(option, Option):
                continue
            value = target.name.partition("=")[2]
            others = [one for one in choices_of(option) if one != value]
            changes = proposals[0] if proposals else {option.name: value}
            found = self._present(changes) if others else {}
            for other in others:
                for one in self._present({**changes, option.name: other}):
                    found.pop(one, None)
            yield from found
            return

    def _present(self, changes: Mapping[str, str]) -> dict[Enabled, None]:
        """Return the options that are asked and the steps that run with some answers changed."""
        after = self.after(changes)
        found = {
            Enabled("option", one.option.name): None for one in after.settled.options if one.asked
        }
        for steps in after.steps.values():
            for step, runs in steps:
                if runs.holds:
                    found[Enabled("step", words(step.title))] = None
        return found

    def _told(self, changes: Mapping[str, str]) -> tuple[Change, ...]:
        found = []
        for name, value in changes.items():
            option = self.questions.option(name)
            secret = option is not None and is_secret(option)
            found.append(Change(name, None if secret else value, secret))
        return tuple(found)

    def _never(self, target: Target) -> str:
        """Return why no answers make a target hold, "" where some may."""
        if target.kind == "template" and isinstance(target.when, Never):
            return "no step applies it to a host"
        return self.impossible(target.when)

    def impossible(self, condition: Condition) -> str:
        """Return why no answers make a condition hold, "" where some may."""
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

    def proposals(self, target: Target) -> tuple[list[dict[str, str]], bool]:
        """Return the smallest changes after which a target holds.

        Where there are none, those after which it may hold; the second value is False then.
        """
        self._enough, self._gave_up = self._steps() + _MOST_STEPS, False
        for sure in (True, False):
            relevant = self._closure(options_of(target.when), target)
            while True:
                found, blocking = self._search(target, relevant, sure=sure)
                if found or not blocking - relevant.keys():
                    break
                relevant |= self._closure([*relevant, *sorted(blocking)], target)
            if found or self._gave_up:
                return found[:_MOST_PROPOSALS], sure
        return [], True

    @cached_property
    def _rewritten(self) -> dict[str, _Rewriting]:
        """The keys that hooks set."""
        found: dict[str, _Rewriting] = {}
        for plugin in self.questions.project.plugins:
            reads: dict[int, set[str]] = {}
            for use in plugin.actions.uses:
                if use.access == "read":
                    reads.setdefault(use.location.line, set()).add(use.key)
            for use in plugin.actions.uses:
                if use.access == "write":
                    rewriting = found.setdefault(use.key, _Rewriting([], set()))
                    rewriting.guards.append(use.guard)
                    named = reads.get(use.location.line, set())
                    if use.key not in named:  # else it is made of itself, as each key of a loop is
                        rewriting.sources.update(named)
        return found

    def _closure(self, names: Iterable[str], target: Target) -> dict[str, None]:
        """Return options with those that decide whether they are asked, transitively.

        What a template looks up is there once hooks have set it: what they do that by counts too.
        """
        seen: set[str] = set()
        found: dict[str, None] = {}
        waiting = list(names)
        while waiting:
            name = waiting.pop(0)
            if name in seen:
                continue
            seen.add(name)
            rewriting = self._rewritten.get(name) if target.kind == "template" else None
            if rewriting is not None:
                waiting += sorted(rewriting.sources)
                for guard in rewriting.guards:
                    waiting += options_of(guard)
            for option in self.questions.options_named(name):
                found[name] = None
                waiting += options_of(self.questions.shown_when(option))
        return found

    def _search(
        self, target: Target, relevant: Mapping[str, None], *, sure: bool
    ) -> tuple[list[dict[str, str]], set[str]]:
        """Return the smallest changes of some options, and what stands in the way of others."""
        values = {name: self.values(name, target, relevant) for name in relevant}
        values = {name: listed for name, listed in values.items() if listed}
        blocking: set[str] = set()
        found: list[dict[str, str]] = []
        trials, fixed = 0, self._fixed(target)
        for size in range(1, _MOST_CHANGES + 1):
            if found and len(found[0]) <= size:
                break
            for names in itertools.combinations(values, size):
                for chosen in itertools.product(*(values[name] for name in names)):
                    changes = dict(zip(names, chosen, strict=True))
                    if evaluate(target.when, self._as_known(fixed, changes, target)) is False:
                        continue
                    trials += 1
                    if trials > _MOST_TRIALS or self._steps() > self._enough:
                        self._gave_up = True
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

        None where it does not hold, or where they are refused otherwise; then the options behind
        that are added to `blocking`.
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
            samples = {name: self._sample(name) for name in wanted if name and name not in changes}
            if len(samples) < len(new) or None in samples.values():
                blocking.update(name for refusal in new for name in refusal.options)
                return None
            found.update({name: sample for name, sample in samples.items() if sample is not None})
        return None

    def refuses_more(self, after: Consequences) -> bool:
        """Tell whether something is refused then that was not refused before."""
        return bool(self._new_refusals(after))

    def _new_refusals(self, after: Consequences, target: Target | None = None) -> list[_Refusal]:
        """Return what is refused that was not before; a refusal that is wanted does not count."""
        wanted = {f"{thing.location}" for thing in target.things} if target is not None else set()
        passed = wanted | self._refused_before
        return [refusal for key, refusal in _refused(after).items() if key not in passed]

    def _sample(self, name: str) -> str | None:
        """Return an answer that an option's functions accept, or that they may accept."""
        option = self.questions.options_named(name)[0]
        values = (*choices_of(option), *_SAMPLES)
        accepted = [(value, self.judge(option, value, {}).accepted) for value in values]
        sure = [value for value, holds in accepted if holds is True]
        perhaps = [value for value, holds in accepted if holds is None]
        return next(iter([*sure, *perhaps]), None)

    def _is_rewritten(self, name: str, target: Target) -> bool:
        """Tell whether a target sees what a hook may have made of an answer."""
        return target.kind == "template" and name in self._rewritten

    def _fixed(self, target: Target) -> dict[str, object]:
        """Return the values of options that are asked whatever is answered."""
        return {
            one.option.name: self.start.settled.config[one.option.name]
            for one in self.start.settled.options
            if one.option.name in self.start.settled.config
            and isinstance(self.questions.shown_when(one.option), Always)
            and not self._is_rewritten(one.option.name, target)
        }

    def _as_known(
        self, fixed: Mapping[str, object], changes: Mapping[str, str], target: Target
    ) -> dict[str, object]:
        """Return what is surely known after changes: values that a processor may turn are not."""
        known = dict(fixed)
        for name, value in changes.items():
            if self._is_rewritten(name, target):
                continue
            declared = self.questions.options_named(name)
            outcomes = [self.judge(option, value, {}) for option in declared]
            if all(one.accepted is True and one.value is None for one in outcomes):
                known[name] = value
            else:
                known.pop(name, None)
        return known

    def values(self, name: str, target: Target, relevant: Iterable[str]) -> list[str]:
        """Return the values of an option that are worth a try: those that its functions take."""
        option = self.questions.options_named(name)[0]
        present = self.start.settled.config.get(name)
        conditions = [target.when]
        for other in relevant:
            conditions += map(self.questions.shown_when, self.questions.options_named(other))
        for plugin in self.questions.project.plugins:
            conditions += [one.condition for one in plugin.constraints]
        meant = {name}
        if target.kind == "template":
            meant |= {key for key, made in self._rewritten.items() if name in made.sources}
            for key in sorted(meant & self._rewritten.keys()):
                conditions += self._rewritten[key].guards
        compared = [
            one
            for part in conditions
            for one in leaves(part)
            if isinstance(one, Compare) and one.option in meant
        ]
        choices = choices_of(option)
        listed = [value for one in compared for value in _named(one, str(present or ""))]
        listed += _pairs(compared)
        listed += choices
        if not choices:
            listed += [_other(one, str(present or "")) for one in compared]
        if not listed or not has_default(option):
            listed += _SAMPLES
        accepted = self._accepted(option, listed, present)
        return accepted or self._accepted(option, _samples_like(present), present)[:1]

    def _accepted(self, option: Option, values: Iterable[str], present: object) -> list[str]:
        """Return the values, other than the present one, that an option's functions may take."""
        fresh = [value for value in dict.fromkeys(values) if value != present]
        return [value for value in fresh if self.judge(option, value, {}).accepted is not False]


def _samples_like(present: object) -> list[str]:
    """Return the samples, those first that have most punctuation in common with a value."""
    marks = {mark for mark in str(present or "") if not mark.isalnum()}
    return sorted(_SAMPLES, key=lambda sample: -len(marks.intersection(sample)))


def _named(one: Compare, present: str) -> Iterator[str]:
    """Yield the values that a comparison names, and what a list becomes with or without them."""
    value = one.value
    listed = value if isinstance(value, list) else [value]
    texts = [text for text in listed if isinstance(text, str)]
    if isinstance(value, int | float) and not isinstance(value, bool):
        yield from (str(value + change) for change in (-1, 0, 1))
    yield from texts
    if one.parts is not None:
        yield from _listed(one.parts, texts, present)
    elif one.operator in ("contains", "not contains"):
        yield from (f"{present},{text}" for text in texts if present and text not in present)
        yield from (present.replace(text, "").strip(",") for text in texts if text in present)


def _listed(parts: Parts, texts: list[str], present: str) -> Iterator[str]:
    """Yield what a list becomes with each text among its members, and without it."""
    members = [str(one) for one in parts.of(present)] if present else []
    for text in texts:
        others = [one for one in members if one != text]
        yield (parts.separator or " ").join(
            others if len(others) < len(members) else [*members, text]
        )


def _pairs(compared: Iterable[Compare]) -> Iterator[str]:
    """Yield lists of two of the members that comparisons with the answer's list name."""
    named = {
        str(one.value): "," if one.parts is None else one.parts.separator or " "
        for one in compared
        if one.operator in {"contains", "not contains", "has member", "has no member"}
    }
    for one, two in itertools.permutations(named, 2):
        yield f"{one}{named[one]}{two}"


def _other(one: Compare, present: str) -> str:
    """Return a value that a comparison does not name."""
    return "value" if one.value == "" or not present else ""


class _Refusal(msgspec.Struct, frozen=True):
    """The options behind a refusal; `asks` is the one whose own answer is refused, or missing."""

    options: tuple[str, ...]
    asks: str = ""


def _refused(found: Consequences) -> dict[str, _Refusal]:
    """Return what is refused, by a name of its own."""
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
