"""What steps and templates depend on: answers of conditions, hosts, and keys that are read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Final

from plugindoc.model.conditions import Condition, options_of
from plugindoc.model.hosts import role_name
from plugindoc.model.project import Step, Template, Use
from plugindoc.model.uses import ANYTHING, can_be
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.enabling import enabling_values
from plugindoc.rendering.texts import printable

__all__ = ["Dependence", "answers_needed"]

_MOST_FACTS: Final = 3
"""How many derived keys, each set under the condition of another, link to an answer."""


def answers_needed(catalogue: Catalogue, condition: Condition) -> Iterator[str]:
    """Yield the answers that a condition needs, as ``OPTION=value``, or ``OPTION`` for any."""
    for name in options_of(condition):
        deciding = catalogue.questions.option(name)
        values = enabling_values(condition, deciding) if deciding is not None else ()
        yield from (printable(f"{name}={value}") for value in values or ())
        if not values:
            yield printable(name)


class Dependence:
    """What steps and templates depend on; what they only read counts if `reads` is true."""

    def __init__(self, catalogue: Catalogue, *, reads: bool) -> None:
        self.catalogue, self.reads = catalogue, reads

    def of_step(self, step: Step) -> tuple[str, ...]:
        """Return the answers that decide whether a step runs, on which hosts, and what it does."""
        when = self.catalogue.questions.runs_when(step)
        return self._found(when, self._hosts[id(step)], step.actions.uses)

    def of_template(self, template: Template) -> tuple[str, ...]:
        """Return the answers that decide whether a template is applied, where, and with what."""
        when = self.catalogue.questions.applied_when(template)
        return self._found(when, self._applied_on[template.name], template.uses)

    def _found(
        self, condition: Condition, hosts: Iterable[str], uses: Iterable[Use]
    ) -> tuple[str, ...]:
        found = [*self._decided(condition, _MOST_FACTS), *map(printable, hosts)]
        for use in uses if self.reads else ():
            if use.access == "read":
                found += self._meant[use.key] if use.pattern else self._made_of(use.key, {use.key})
        return tuple(dict.fromkeys(found))

    def _decided(self, condition: Condition, facts: int) -> Iterator[str]:
        """Yield what decides a condition; of a derived key, what decides whether it is set."""
        questions = self.catalogue.questions
        yield from answers_needed(self.catalogue, questions.in_full(condition))
        for name in options_of(condition) if facts else ():
            if questions.option(name) is None:
                for writer in questions.written_by(name):
                    yield from self._decided(writer.use.guard, facts - 1)

    def _made_of(self, key: str, seen: set[str]) -> Iterator[str]:
        """Yield a key; before a derived one, the keys that are read on the lines that set it."""
        questions = self.catalogue.questions
        for place in questions.written_by(key) if questions.option(key) is None else ():
            line = place.use.location.path, place.use.location.line
            for source in self._read_at.get(line, ()):
                if source not in seen:
                    seen.add(source)
                    yield from self._made_of(source, seen)
        yield printable(key)

    @cached_property
    def _read_at(self) -> dict[tuple[str, int], dict[str, None]]:
        """The keys that lines of code read, by their paths and numbers."""
        found: defaultdict[tuple[str, int], dict[str, None]] = defaultdict(dict)
        for place in self.catalogue.questions.places:
            use = place.use
            if use.access == "read" and not use.pattern:
                found[use.location.path, use.location.line][use.key] = None
        return dict(found)

    @cached_property
    def _meant(self) -> _Patterns:
        return _Patterns(self.catalogue)

    @cached_property
    def _hosts(self) -> defaultdict[int, dict[str, None]]:
        """The options that name the hosts of steps, by the steps' identities."""
        found: defaultdict[int, dict[str, None]] = defaultdict(dict)
        for role in self.catalogue.roles.values():
            for visit in role.visits:
                found[id(visit.step)][role.name] = None
        for step in self.catalogue.questions.steps:
            for value in step.actions.hosts:
                found[id(step)][role_name(self.catalogue.questions, value)] = None
        return found

    @cached_property
    def _applied_on(self) -> defaultdict[str, dict[str, None]]:
        """The options that name the hosts to which templates are brought, by the templates."""
        found: defaultdict[str, dict[str, None]] = defaultdict(dict)
        for role in self.catalogue.roles.values():
            for used in (used for visit in role.visits for used in visit.templates):
                template = self.catalogue.questions.template(used.template)
                if template is not None:
                    brought = self.catalogue.questions.brings(template)
                    for one in (template, *(way.template for way in brought)):
                        found[one.name][role.name] = None
        return found


class _Patterns(dict[str, tuple[str, ...]]):
    """The options that patterns can mean; a pattern of which nothing is known means none."""

    def __init__(self, catalogue: Catalogue) -> None:
        super().__init__({ANYTHING: ()})
        self._names = dict.fromkeys(option.name for option in catalogue.questions.options)

    def __missing__(self, pattern: str) -> tuple[str, ...]:
        found = tuple(printable(name) for name in self._names if can_be(pattern, name))
        self[pattern] = found
        return found
