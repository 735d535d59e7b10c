"""Candidates for a change of answers: options that may matter, and values worth trying."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Final

import msgspec

from plugindoc.answers.settling import Judge, has_default
from plugindoc.answers.targets import Target
from plugindoc.model.conditions import Compare, Condition, Parts, leaves, options_of
from plugindoc.model.project import Option
from plugindoc.model.questions import Questions
from plugindoc.validation import choices_of

__all__ = ["Candidates"]

_SAMPLES: Final = (
    *("y", "n", "1", "value", "192.0.2.1", "https://example.org/example"),
    *("/srv/example", "192.0.2.1:/srv/example"),
    *("ldap://192.0.2.1", "dc=example,dc=org", "user@example.org"),
)
"""Values to try for an option that needs an answer of any kind."""


class _Rewriting(msgspec.Struct, frozen=True):
    """A key that hooks set: when they do, and the keys that they read on the same lines."""

    guards: list[Condition]
    sources: set[str]


class Candidates:
    """Finds the options that decide about targets, and their values.

    `config` is the configuration before any change.
    """

    def __init__(self, questions: Questions, judge: Judge, config: Mapping[str, object]) -> None:
        self.questions, self.judge, self.config = questions, judge, config

    def options(self, names: Iterable[str], target: Target) -> dict[str, None]:
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

    def values(self, name: str, target: Target, relevant: Iterable[str]) -> list[str]:
        """Return the values of an option that are worth a try: those that its functions take."""
        option = self.questions.options_named(name)[0]
        present = self.config.get(name)
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

    def sample(self, name: str) -> str | None:
        """Return an answer that an option's functions accept, or that they may accept."""
        option = self.questions.options_named(name)[0]
        values = (*choices_of(option), *_SAMPLES)
        accepted = [(value, self.judge(option, value, {}).accepted) for value in values]
        sure = [value for value, holds in accepted if holds is True]
        perhaps = [value for value, holds in accepted if holds is None]
        return next(iter([*sure, *perhaps]), None)

    def is_rewritten(self, name: str, target: Target) -> bool:
        """Return whether a target reads what a hook may have made of an answer."""
        return target.kind == "template" and name in self._rewritten

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
