"""Which thing of the new state corresponds to which of the old one.

Things of the same identity are the same. An option that names an old one in its ``DEPRECATES`` is
that one, by declaration. What is left on both sides is *likely* the same if exactly one thing that
is gone and one that is new have something distinctive in common: a flag, a text, their place.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from pathlib import PurePosixPath
from typing import Final, Generic, Literal, TypeVar

import msgspec

from plugindoc.model.anchors import Thing, identity
from plugindoc.model.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Not,
    Opaque,
    any_of,
)
from plugindoc.model.equivalence import Relation, relation
from plugindoc.model.locations import Location
from plugindoc.model.project import (
    Option,
    OptionGroup,
    Plugin,
    Problem,
    Project,
    Step,
    Template,
)
from plugindoc.model.project import Sequence as RunSequence
from plugindoc.model.questions import Questions
from plugindoc.model.uses import Fact
from plugindoc.model.values import Known, Reference, known_text, members, words

__all__ = ["Match", "Pair", "former_names", "name_of", "place_of"]

T = TypeVar("T", bound=Thing | Fact)

_LOST: Final = frozenset({"unreadable", "parse-error", "link"})
"""Kinds of problems that hide what a whole file holds, or a part of it."""
_UNREAD: Final = _LOST | {"limit", "unknown-declaration"}
_PARTLY: Final = _UNREAD | {"not-understood"}
_NUMBER: Final = re.compile(r"_\d+$")
_ALIKE: Final = 0.5
"""The share of words that two names have in common when they may name the same."""
_TELLING: Final = 20
"""Characters; a shorter text is not distinctive enough."""

Key = Callable[[T], object]
"""Something distinctive of a thing; None if there is nothing."""


class Match(msgspec.Struct, Generic[T], frozen=True):
    """A thing in both states or in one; `reason` is what a likely match is recognised by."""

    old: T | None
    new: T | None
    how: Literal["same", "declared", "likely"] = "same"
    reason: str = ""

    @property
    def both(self) -> tuple[T, T] | None:
        """Both sides; None if one is missing."""
        return None if self.old is None or self.new is None else (self.old, self.new)


class Pair:
    """Two states of an installer, and which thing is which; made once, then read only."""

    def __init__(self, old: Project, new: Project) -> None:
        self.old, self.new = Questions(old), Questions(new)
        self._related: dict[tuple[str, str], Relation] = {}

    @cached_property
    def problems(self) -> tuple[tuple[Literal["old", "new"], Problem], ...]:
        """What could not be read, on each side."""
        return (
            *(("old", problem) for problem in self.old.project.problems if problem.kind in _UNREAD),
            *(("new", problem) for problem in self.new.project.problems if problem.kind in _UNREAD),
        )

    def is_lost(self, place: Location | None, side: Literal["old", "new"]) -> bool:
        """Return whether what is at a place may be on the other side too, unread.

        True if the file of that name could be read only in part, or if this is so for a file that
        all plugins may use.
        """
        if place is None:
            return False
        doubts = self._gaps_in_new if side == "old" else self._gaps_in_old
        return PurePosixPath(place.path).name in doubts or "" in doubts

    @cached_property
    def _gaps_in_old(self) -> frozenset[str]:
        return frozenset(_gaps(self.old.project))

    @cached_property
    def _gaps_in_new(self) -> frozenset[str]:
        return frozenset(_gaps(self.new.project))

    @cached_property
    def plugins(self) -> tuple[Match[Plugin], ...]:
        """Plugins; likely the same if only the number in the name differs."""
        keys: dict[str, Key[Plugin]] = {
            "same name but for the number": lambda plugin: _NUMBER.sub("", plugin.module),
            "same options": lambda plugin: tuple(
                option.name for group in plugin.groups for option in group.options
            ),
        }
        return self._matched(
            _by_identity(self.old.project.plugins), _by_identity(self.new.project.plugins), keys
        )

    @cached_property
    def new_modules(self) -> dict[str, str]:
        """Old name to new name of the plugins in both states."""
        return {both[0].module: both[1].module for m in self.plugins if (both := m.both)}

    @cached_property
    def groups(self) -> tuple[Match[OptionGroup], ...]:
        """Option groups; likely the same if they hold the same options."""
        keys: dict[str, Key[OptionGroup]] = {
            "same options": lambda group: tuple(option.name for option in group.options),
            "same description": lambda group: known_text(group.description),
        }
        return self._matched(_by_identity(self.old.groups), _by_identity(self.new.groups), keys)

    @cached_property
    def new_groups(self) -> dict[str, str]:
        """Old name to new name of the groups in both states."""
        return {both[0].name: both[1].name for m in self.groups if (both := m.both)}

    @cached_property
    def options(self) -> tuple[Match[Option], ...]:
        """Options, each by its first declaration; sorted by name."""
        old, new = _by_identity(self.old.options), _by_identity(self.new.options)
        declared = {
            name: option.name
            for option in reversed(self.new.options)
            for name in former_names(option)
            if name in old and name not in new
        }
        shared = old.keys() & new.keys()
        places = {
            id(option): (place, option.name)
            for questions in (self.old, self.new)
            for place, option in self._placed(questions, shared)
        }
        keys: dict[str, Key[Option]] = {
            "same flag": lambda option: known_text(option.flag),
            "same text": lambda option: _telling(known_text(option.usage)),
            "same place": lambda option: places.get(id(option), (None,))[0],
        }
        return self._matched(old, new, keys, declared, alike=_alike)

    @cached_property
    def kept_options(self) -> tuple[tuple[Option, Option], ...]:
        """The options of both states, each once: what several old ones became counts for one."""
        found: dict[str, tuple[Option, Option]] = {}
        for match in sorted(self.options, key=lambda match: match.how != "same"):
            if both := match.both:
                found.setdefault(both[1].name, both)
        return tuple(found[name] for name in sorted(found))

    def _placed(
        self, questions: Questions, shared: Iterable[str]
    ) -> Iterator[tuple[object, Option]]:
        """Yield the options with their place: the neighbours that both states have."""
        for group in questions.groups:
            name = (
                self.new_groups.get(group.name, group.name) if questions is self.old else group.name
            )
            names = [option.name for option in group.options]
            for at, option in enumerate(group.options):
                before = next((n for n in reversed(names[:at]) if n in shared), None)
                after = next((n for n in names[at + 1 :] if n in shared), None)
                if before or after:
                    yield (name, before, after), option

    @cached_property
    def new_names(self) -> dict[str, str]:
        """Old name to new name of the options in both states, and of each old name."""
        return {both[0].name: both[1].name for m in self.options if (both := m.both)}

    def related(self, old: Condition, new: Condition) -> Relation:
        """Return how a condition relates to an old one in new names; many options share theirs."""
        key = (repr(old), repr(new))
        if key not in self._related:
            self._related[key] = relation(old, new, self.domains)
        return self._related[key]

    @cached_property
    def domains(self) -> dict[str, tuple[object, ...]]:
        """The only answers that options can have in either state, by their new names."""
        found: dict[str, tuple[object, ...]] = {}
        open_ended: set[str] = set()
        for questions in (self.old, self.new):
            for option in questions.options:
                name = self.new_names.get(option.name, option.name)
                answers = _possible(option)
                if questions is self.old:
                    values = self._new_choices.get(name, {})
                    answers = tuple(_new_value(each, values) for each in answers)
                if not answers or questions.written_by(option.name):
                    open_ended.add(name)
                found[name] = tuple(dict.fromkeys((*found.get(name, ()), *answers)))
        return {name: answers for name, answers in found.items() if name not in open_ended}

    @cached_property
    def sequences(self) -> tuple[Match[RunSequence], ...]:
        """Sequences; likely the same if they have the same steps."""
        keys: dict[str, Key[RunSequence]] = {
            "same steps": lambda sequence: (
                tuple(words(step.title) for step in sequence.steps) or None
            ),
            "same functions": lambda sequence: (
                tuple(filter(None, map(_function, sequence.steps))) or None
            ),
        }
        return self._matched(
            self._named(self.old.run_order), _by_identity(self.new.run_order), keys
        )

    @cached_property
    def new_sequences(self) -> dict[str, str]:
        """Old identity to new one of the sequences in both states."""
        return {name_of(both[0]): name_of(both[1]) for m in self.sequences if (both := m.both)}

    @cached_property
    def steps(self) -> tuple[Match[Step], ...]:
        """Steps; likely the same if they call the same function, or have the same title."""
        keys: dict[str, Key[Step]] = {
            "same function": lambda step: _function(step) or None,
            "same title": lambda step: _telling(known_text(step.title)),
        }
        return self._matched(self._named(self.old.steps), _by_identity(self.new.steps), keys)

    def _named(self, things: Iterable[T]) -> dict[str, T]:
        """Return sequences or steps of the old state under the new names of their plugins."""
        found: dict[str, T] = {}
        for thing in things:
            plugin, _, title = name_of(thing).partition("/")
            found.setdefault(f"{self.new_modules.get(plugin, plugin)}/{title}", thing)
        return found

    @cached_property
    def templates(self) -> tuple[Match[Template], ...]:
        """Templates; likely the same if class, file name or content are the same."""
        keys: dict[str, Key[Template]] = {
            "same class": lambda template: template.class_name or None,
            "same file name": lambda template: PurePosixPath(template.location.path).name,
            "same content": _content,
        }
        old, new = self.old.project.templates, self.new.project.templates
        return self._matched(_by_identity(old), _by_identity(new), keys)

    @cached_property
    def facts(self) -> tuple[Match[Fact], ...]:
        """Facts, by their keys; likely the same if the same things set and read them."""
        keys: dict[str, Key[Fact]] = {"same writers and readers": _users}
        old = {fact.key: fact for fact in self.old.facts}
        new = {fact.key: fact for fact in self.new.facts}
        return self._matched(old, new, keys)

    def _matched(
        self,
        old: Mapping[str, T],
        new: Mapping[str, T],
        keys: Mapping[str, Key[T]],
        declared: Mapping[str, str] = {},
        *,
        alike: Callable[[str, str], bool] | None = None,
    ) -> tuple[Match[T], ...]:
        """Match things by name, by declaration, and by what is distinctive of them, in this order.

        If only the place suggests a match, the names have to be `alike` as well. What may exist
        unread matches nothing.
        """
        found = [Match(old[name], new[name]) for name in old.keys() & new.keys()]
        found += [Match(old[was], new[now], "declared") for was, now in declared.items()]
        gone = {name: old[name] for name in sorted(old.keys() - new.keys() - declared.keys())}
        taken = set(declared.values())
        come = {name: new[name] for name in sorted(new.keys() - old.keys() - taken)}
        for reason, key in keys.items():
            there = {
                name: thing
                for name, thing in gone.items()
                if not self.is_lost(place_of(thing), "old")
            }
            here = {
                name: thing
                for name, thing in come.items()
                if not self.is_lost(place_of(thing), "new")
            }
            for was, now in _alone_on_both_sides(there, here, key):
                if reason != "same place" or alike is None or alike(was, now):
                    found.append(Match(gone.pop(was), come.pop(now), "likely", reason))
        found += [Match(thing, None) for thing in gone.values()]
        found += [Match(None, thing) for thing in come.values()]
        return tuple(sorted(found, key=_order))

    def shown_when(self, option: Option, side: Literal["old", "new"]) -> Condition:
        """Return when an option applies, in any of its declarations, in the new state's names."""
        questions = self.old if side == "old" else self.new
        found = any_of(map(questions.shown_when, questions.options_named(option.name)))
        return self.in_new_terms(found) if side == "old" else found

    def in_new_terms(self, condition: Condition) -> Condition:
        """Return an old condition with the new names of options and choices."""
        return _translated(condition, self.new_names, self._new_choices)

    @cached_property
    def _new_choices(self) -> dict[str, dict[str, str]]:
        """Old to new choices of options, by their new names: what ``VALUE_CHANGES`` maps."""
        return {
            name: {old: new for old, new in values.items() if old not in (_choices(option) or ())}
            for name, values in self.new.value_changes.items()
            if (option := self.new.option(name)) is not None
        }


def name_of(thing: Thing | Fact) -> str:
    """Return the identity of a thing, a fact's key."""
    return thing.key if isinstance(thing, Fact) else identity(thing)


def place_of(thing: Thing | Fact) -> Location | None:
    """Return where a thing is declared; for a fact, where it is first set."""
    return thing.writers[0].use.location if isinstance(thing, Fact) else thing.location


def former_names(option: Option) -> list[str]:
    """Return the names in an option's ``DEPRECATES``, as far as they are known."""
    return [name for member in members(option.deprecates) if (name := known_text(member))]


def _translated(
    condition: Condition, names: Mapping[str, str], values: Mapping[str, Mapping[str, str]]
) -> Condition:
    def again(inner: Condition) -> Condition:
        return _translated(inner, names, values)

    match condition:
        case Compare(option=old):
            new = names.get(old, old)
            value = _new_value(condition.value, values.get(new, {}))
            return msgspec.structs.replace(condition, option=new, value=value)
        case Opaque(source=source):
            for old in condition.options:
                source = source.replace(old, names.get(old, old))
            return Opaque(source, tuple(names.get(old, old) for old in condition.options))
        case Not(condition=inner):
            return Not(again(inner))
        case AllOf(conditions=parts):
            return AllOf(tuple(map(again, parts)))
        case AnyOf(conditions=parts):
            return AnyOf(tuple(map(again, parts)))
        case _:
            return condition


def _new_value(value: object, values: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_new_value(each, values) for each in value]
    return values.get(value, value) if isinstance(value, str) else value


_BOOL: Final = "process_bool"


def _possible(option: Option) -> tuple[object, ...]:
    """Return the only values that an option can have; none if it can have others."""
    processors, validators = (
        [m.name.rpartition(".")[2] for m in members(field) if isinstance(m, Reference)]
        for field in (option.processors, option.validators)
    )
    if processors == [_BOOL]:
        return (True, False)
    if option.processors or validators[:1] != ["validate_options"]:
        return ()
    return tuple(_choices(option) or ())


def _choices(option: Option) -> list[str] | None:
    choices = option.choices.value if isinstance(option.choices, Known) else None
    return [*map(str, choices)] if isinstance(choices, list) else None


def _gaps(project: Project) -> Iterator[str]:
    """Yield the names of files that were read in part; "" for one that is no plugin's own."""
    own = {PurePosixPath(plugin.location.path).name for plugin in project.plugins}
    for problem in project.problems:
        if problem.kind in _PARTLY:
            name = PurePosixPath(problem.location.path).name
            is_shared = name.endswith(".py") and name not in own and not _NUMBER.search(name[:-3])
            yield "" if is_shared and problem.kind in _LOST else name


def _by_identity(things: Sequence[T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for thing in things:
        found.setdefault(name_of(thing), thing)
    return found


def _function(step: Step) -> str:
    return step.function.name if step.function is not None and "<" not in step.function.name else ""


def _users(fact: Fact) -> object:
    """Return what sets and what reads a fact; None if nothing reads it."""
    sides = (fact.writers, fact.readers)
    users = tuple(tuple((place.kind, place.name) for place in places) for places in sides)
    return users if fact.readers else None


def _content(template: Template) -> object:
    """Return what a template reads and includes, by the lines of the file; None for too little."""
    at = template.location.line
    reads = [(use.key, use.location.line - at) for use in template.uses]
    includes = [(one.name, one.location.line - at) for one in template.includes]
    return (template.type, *reads, *includes) if len(reads) > 1 else None


def _telling(text: str | None) -> str | None:
    return text if text is not None and len(text) >= _TELLING else None


def _alike(old: str, new: str) -> bool:
    """Return whether two names share half of their words, but for the first that all begin with."""
    one, two = ({*name.split("_")[1:]} for name in (old, new))
    return len(one & two) >= _ALIKE * max(len(one | two), 1)


def _order(match: Match[T]) -> tuple[str, bool]:
    thing = match.new if match.new is not None else match.old
    return ("" if thing is None else name_of(thing), match.new is not None)


def _alone_on_both_sides(
    gone: Mapping[str, T], come: Mapping[str, T], key: Key[T]
) -> list[tuple[str, str]]:
    was = {name: found for name, thing in gone.items() if (found := key(thing))}
    now = {name: found for name, thing in come.items() if (found := key(thing))}
    counts = Counter(was.values()), Counter(now.values())
    names = {found: name for name, found in now.items()}
    return [
        (name, names[found])
        for name, found in was.items()
        if counts[0][found] == counts[1][found] == 1
    ]
