"""Why something is or is not: its condition, what decides it, and how to change that."""

from __future__ import annotations

import operator
from collections.abc import Iterator, Mapping
from typing import Any, Literal

import msgspec

from plugindoc.answers.checking import is_secret
from plugindoc.answers.consequences import (
    verdict_of,
    whys_of,
)
from plugindoc.answers.search import MOST_CHANGES, ChangeSearch
from plugindoc.answers.targets import Kind, Target
from plugindoc.model.conditions import (
    Condition,
    Never,
    describe,
    options_of,
)
from plugindoc.model.project import Option
from plugindoc.model.values import words
from plugindoc.validation import choices_of

__all__ = ["Change", "Current", "Explainer", "Explanation", "schema"]


class Change(msgspec.Struct, frozen=True):
    """An answer to change; the value of a secret is null, and is for the user to choose."""

    option: str
    value: str | None
    secret: bool = False


class Current(msgspec.Struct, frozen=True):
    """What an option is now; `value` is null for a secret, and if it is not known.

    `source` is unknown if it is not known whether the option is asked.

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
    """Whether something applies with some answers, when it does, and how to make it apply.

    `current` are the options that decide it, `instead` those that are asked instead of one.
    `choices` are those of an option, and `enables` is what comes with an answer and with no other
    choice.

    `proposals` are the smallest changes after which it holds; there are none if it does already.
    `never` is true if no answers make it apply; `reason` says why, or why this is not known.
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


class Explainer:
    """Explains things of one installer, starting from the answers of one file."""

    def __init__(self, search: ChangeSearch) -> None:
        self.search = search
        self.start, self.questions, self.judge = search.start, search.questions, search.judge

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
                proposals, sure = self.search.proposals(target)
                if self.search.gave_up:
                    reason = "the search for changes was given up: there are too many to try"
                elif not proposals:
                    reason = f"no change of up to {MOST_CHANGES} answers achieves this"
                elif not sure:
                    reason = "whether these changes suffice is only known during the run"
        elif holds is None:
            found, sure = self.search.proposals(target)
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
        """Return what plugins set an option to, and which plugins; () if they keep the answer."""
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
        after = self.search.after(changes)
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
        """Return why no answers make a target hold, "" if some may."""
        if target.kind == "template" and isinstance(target.when, Never):
            return "no step applies it to a host"
        return self.search.impossible(target.when)
