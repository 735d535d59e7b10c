"""Who uses which configuration key: places, facts, and what does not add up.

A key may be named in part only: a pattern, with ``*`` for each part that is not known. Patterns
count as uses of everything that they can mean, so that nothing is called unused that may be used.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import msgspec

from plugindoc.model.anchors import identity
from plugindoc.model.conditions import Condition, all_of, options_of
from plugindoc.model.locations import Location
from plugindoc.model.project import Actions, Project, Sequence, Use
from plugindoc.model.values import known_text, members

__all__ = [
    "ANYTHING",
    "Doubt",
    "Fact",
    "Flow",
    "Index",
    "Place",
    "UserKind",
    "can_be",
    "fits",
    "places_of",
]

UserKind: TypeAlias = Literal["step", "template", "condition", "plugin", "function", "installer"]

ANYTHING: Final = "*"
"""The pattern of a key of which nothing is known."""


class Place(msgspec.Struct, frozen=True):
    """Something that uses a configuration key, and where.

    `kind` says what `name` (an identity) is: the ``plugin`` for what its hooks do, ``installer``
    for the installer's own code, ``condition`` for a group's or sequence's condition.
    """

    kind: UserKind
    name: str
    use: Use


class Fact(msgspec.Struct, frozen=True):
    """A key that code of the installer sets and that is no option.

    `pattern` is true where the key holds ``*`` for what is not known. `writers` and `readers` are
    in the order in which they happen.
    """

    key: str
    pattern: bool
    writers: tuple[Place, ...]
    readers: tuple[Place, ...]


class Doubt(msgspec.Struct, frozen=True):
    """An inconsistency about a key.

    `certain` is false if static reading cannot rule out that all is well; `reason` says why then.
    `places` are those that it is about: readers, or writers of what nothing reads.
    """

    key: str
    places: tuple[Place, ...]
    certain: bool = True
    reason: str = ""


class Flow(msgspec.Struct, frozen=True):
    """A key on its way: a step sets it, later steps read it before another one sets it again.

    `writer` and `readers` are identities of steps, `templates` tells whether templates read it.
    """

    key: str
    writer: str
    readers: tuple[str, ...]
    templates: bool = False


def fits(pattern: str, text: str) -> bool:
    """Return whether a pattern matches a text: each ``*`` in it matches anything.

    Takes the time of one search for each part of the pattern, whatever these are.
    """
    if "*" not in pattern:
        return pattern == text
    head, *parts, tail = pattern.split("*")
    at, end = len(head), len(text) - len(tail)
    if at > end or not text.startswith(head) or not text.endswith(tail):
        return False
    for part in parts:
        found = text.find(part, at, end)
        if found < 0:
            return False
        at = found + len(part)
    return True


@lru_cache(maxsize=100_000)
def can_be(one: str, other: str) -> bool:
    """Return whether two keys, each perhaps a pattern, can mean the same."""
    if "*" not in one:
        return fits(other, one)
    if "*" not in other:
        return fits(one, other)
    heads = one.split("*", 1)[0], other.split("*", 1)[0]
    tails = one.rsplit("*", 1)[1], other.rsplit("*", 1)[1]
    return (heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])) and (
        tails[0].endswith(tails[1]) or tails[1].endswith(tails[0])
    )


def places_of(project: Project, run_order: Iterable[Sequence]) -> Iterator[Place]:
    """Yield every use of a key, in the order in which they happen.

    First conditions and functions, then what the installer and the plugins' hooks do, the steps in
    run order, and the templates last: Puppet reads them when all steps before it are done.
    """
    sequences = list(run_order)
    for plugin in project.plugins:
        for group in plugin.groups:
            conditions = (group.condition, group.post)
            yield from _condition_places(group.name, group.location, conditions)
    for sequence in sequences:
        yield from _condition_places(identity(sequence), sequence.location, (sequence.condition,))
    for function in project.functions:
        yield from _action_places("function", function.name, function.actions)
    yield from _action_places("installer", project.name, project.installer)
    for plugin in project.plugins:
        yield from _action_places("plugin", plugin.module, plugin.actions)
    for sequence in sequences:
        for step in sequence.steps:
            yield from _action_places("step", identity(step), step.actions)
    for template in project.templates:
        for use in template.uses:
            yield Place("template", template.name, use)


def _condition_places(
    name: str, location: Location, conditions: tuple[Condition, ...]
) -> Iterator[Place]:
    for key in options_of(all_of(conditions)):
        yield Place("condition", name, Use(key=key, access="read", location=location))


def _action_places(kind: UserKind, name: str, actions: Actions) -> Iterator[Place]:
    for use in actions.uses:
        yield Place(kind, name, use)


class Index:
    """The uses of a project's keys, looked up by key; made once, then read only."""

    def __init__(self, project: Project, places: tuple[Place, ...]) -> None:
        options = [o for plugin in project.plugins for g in plugin.groups for o in g.options]
        self.options = dict.fromkeys(option.name for option in options)
        self.old_names = {
            old: option.name
            for option in options
            for member in members(option.deprecates)
            if (old := known_text(member)) is not None
        }
        self.places = places
        self._plain: dict[str, list[Place]] = defaultdict(list)
        self._patterns: dict[str, list[Place]] = defaultdict(list)
        self._order = {id(place): number for number, place in enumerate(places)}
        for place in places:
            use = place.use
            (self._patterns if use.pattern else self._plain)[use.key].append(place)
        self._mentions = project.mentions
        self._gaps = _gaps(project)

    def of(self, key: str) -> tuple[Place, ...]:
        """Return the places that use a key, or that may, in order.

        A key of which nothing at all is known is left out: it would be a use of everything.
        """
        found = list(self._plain.get(key, ()))
        if "*" in key:
            for other, places in self._plain.items():
                if can_be(key, other):
                    found += places
        for pattern, places in self._patterns.items():
            if pattern != ANYTHING and can_be(key, pattern):
                found += places
        return tuple(sorted(found, key=lambda place: self._order[id(place)]))

    def readers(self, key: str) -> tuple[Place, ...]:
        """Return the places that read a key, or may."""
        return tuple(place for place in self.of(key) if place.use.access == "read")

    def writers(self, key: str) -> tuple[Place, ...]:
        """Return the places that set a key, or may."""
        return tuple(place for place in self.of(key) if place.use.access == "write")

    def facts(self) -> Iterator[Fact]:
        """Yield the facts, in the order in which they are first set."""
        seen: set[str] = set()
        for place in self.places:
            key = place.use.key
            if place.use.access == "read" or place.kind == "template" or key in seen:
                continue
            seen.add(key)
            if key != ANYTHING and not self._is_option(key):
                yield Fact(key, place.use.pattern, self.writers(key), self.readers(key))

    def _is_option(self, key: str) -> bool:
        if "*" not in key:
            return key in self.options
        return any(can_be(key, option) for option in self.options)

    def never_read(self) -> Iterator[Doubt]:
        """Yield the options that nothing reads."""
        for name in self.options:
            if not self.readers(name):
                yield self._unread(name, self.writers(name))

    def facts_never_read(self) -> Iterator[Doubt]:
        """Yield the facts that nothing reads, with where they are set."""
        for fact in self.facts():
            if not fact.readers:
                yield self._unread(fact.key, fact.writers)

    def _unread(self, key: str, places: tuple[Place, ...]) -> Doubt:
        wild = [p for p in self._patterns.get(ANYTHING, ()) if p.use.access == "read"]
        if wild:
            reason = f"{wild[0].use.location} reads a key that is not known"
            return Doubt(key, places, certain=False, reason=reason)
        if key in self._mentions:
            reason = f"its name stands in {self._mentions[key]}"
            return Doubt(key, places, certain=False, reason=reason)
        return Doubt(key, places, certain=not self._gaps, reason=self._gaps)

    def undeclared(self) -> Iterator[Doubt]:
        """Yield the keys that are read but neither declared nor set anywhere."""
        wild = [p for p in self._patterns.get(ANYTHING, ()) if p.use.access == "write"]
        keys = dict.fromkeys(p.use.key for p in self.places if p.use.access == "read")
        for key in keys:
            if key == ANYTHING or self._is_option(key) or self.writers(key):
                continue
            places = self.readers(key)
            reason = ""
            if wild:
                reason = f"{wild[0].use.location} sets a key that is not known"
            elif key in self._mentions:
                reason = f"its name stands in {self._mentions[key]}"
            elif "*" in key:
                reason = "only a part of its name is known"
            elif "::" in key:
                reason = "Puppet's own data may hold it"
            elif self._gaps:
                reason = self._gaps
            yield Doubt(key, places, certain=not reason, reason=reason)

    def read_before_set(self) -> Iterator[Doubt]:
        """Yield the facts that a step reads while only steps after it set them.

        What falls back to a default is left to it; so is what hooks and functions read, since they
        run at different times.
        """
        turn = self._turns()
        for fact in self.facts():
            writers = fact.writers
            if fact.pattern or any(place.kind != "step" for place in writers):
                continue
            first = min(turn[place.name] for place in writers)
            early = tuple(
                place
                for place in fact.readers
                if place.kind == "step"
                and turn[place.name] < first
                and place.use.default is None
                and not place.use.pattern
            )
            if early:
                certain = not self._gaps
                yield Doubt(fact.key, early, certain=certain, reason=self._gaps)

    def flows(self) -> Iterator[Flow]:
        """Yield what flows from step to step and to templates, in the order of the writers.

        A read by a mere pattern (every ``*_HOST``) counts only if the key is set by that same
        pattern.
        """
        turn = self._turns()
        written = dict.fromkeys(
            p.use.key for p in self.places if p.kind == "step" and p.use.access == "write"
        )
        for key in written:
            if key == ANYTHING:
                continue
            writers = dict.fromkeys(p.name for p in self.writers(key) if p.kind == "step")
            readers = [p for p in self.readers(key) if not p.use.pattern or p.use.key == key]
            for_templates = any(place.kind == "template" for place in readers)
            names = dict.fromkeys(place.name for place in readers if place.kind == "step")
            for writer in writers:
                reached = tuple(
                    name
                    for name in names
                    if turn[writer] < turn[name]
                    and not any(turn[writer] < turn[w] < turn[name] for w in writers)
                )
                if reached or for_templates:
                    yield Flow(key, writer, reached, for_templates)

    def _turns(self) -> dict[str, int]:
        steps = dict.fromkeys(place.name for place in self.places if place.kind == "step")
        return {name: number for number, name in enumerate(steps)}


_UNREAD: Final = ("unreadable", "parse-error", "not-understood")


def _gaps(project: Project) -> str:
    """Return why not every use may be known, "" if nothing is in the way."""
    actions = [
        project.installer,
        *(plugin.actions for plugin in project.plugins),
        *(function.actions for function in project.functions),
        *(s.actions for p in project.plugins for q in p.sequences for s in q.steps),
    ]
    problems = [problem for one in actions for problem in one.incomplete]
    problems += [p for p in project.problems if p.kind in _UNREAD]
    return f"{problems[0].location}: {problems[0].message}" if problems else ""
