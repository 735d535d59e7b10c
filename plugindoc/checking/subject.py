"""What rules check: a project, its texts, and data from elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from copy import copy
from functools import cached_property

import msgspec

from plugindoc.changes.change import Change
from plugindoc.checking.sources import Sources
from plugindoc.model.bases import together
from plugindoc.model.class_uses import ClassUses
from plugindoc.model.locations import Location
from plugindoc.model.modules import Classes, classes_of
from plugindoc.model.project import HostOptions, Project
from plugindoc.model.questions import Questions
from plugindoc.model.values import known_text
from plugindoc.protocol import PACKSTACK, Protocol

__all__ = ["Leftover", "LostAnchor", "StalePage", "Subject"]


class Leftover(msgspec.Struct, frozen=True, kw_only=True):
    """A suppression or baseline entry that does nothing.

    `span` covers what may be deleted with the fix; None if there is nothing to delete so.
    """

    object: str
    message: str
    location: Location
    hint: str
    span: Location | None = None


class LostAnchor(msgspec.Struct, frozen=True):
    """An anchor that was published and is no more; `location` is its line in the list."""

    name: str
    location: Location
    nearest: str | None = None


class StalePage(msgspec.Struct, frozen=True):
    """A committed file that is made from the model and no longer what would be made of it."""

    location: Location
    command: str


class Subject:
    """Everything that rules look at.

    `own` is the project that is checked; `project` is the same with what its base declares and
    does, so that what the base has counts. Only findings in `own` are reported.
    `changes` is what differs from a base, None without one. `modules` are the classes of the Puppet
    modules that the installer uses, None if they are not given. `leftovers` and `unjustified` are
    results of the checker about suppressions and the baseline, for the rules that report them.
    """

    def __init__(  # noqa: PLR0913 - facts from as many places
        self,
        project: Project,
        *,
        base: Project | None = None,
        protocol: Protocol = PACKSTACK,
        changes: tuple[Change, ...] | None = None,
        lost_anchors: tuple[LostAnchor, ...] = (),
        stale_pages: tuple[StalePage, ...] = (),
        modules: Classes | None = None,
    ) -> None:
        self.own = project
        self.project = together(project, base)
        self.questions = Questions(self.project)
        self.sources = Sources(project.root)
        self.protocol = protocol
        self.changes = changes
        self.lost_anchors = lost_anchors
        self.stale_pages = stale_pages
        self.modules = modules
        self.leftovers: tuple[Leftover, ...] = ()
        self.unjustified: tuple[Leftover, ...] = ()

    def with_suppressions(
        self, leftovers: Iterable[Leftover], unjustified: Iterable[Leftover]
    ) -> Subject:
        """Return a subject that also contains what was found out about suppressions."""
        found = copy(self)
        found.leftovers, found.unjustified = tuple(leftovers), tuple(unjustified)
        return found

    @cached_property
    def option_names(self) -> frozenset[str]:
        """The names of all declared options."""
        return frozenset(option.name for option in self.questions.options)

    @property
    def own_options(self) -> int:
        """How many options the checked project itself declares."""
        return sum(len(group.options) for plugin in self.own.plugins for group in plugin.groups)

    @cached_property
    def keys(self) -> frozenset[str]:
        """The configuration keys that anything writes, whether options or facts."""
        places = self.questions.places
        return frozenset(place.use.key for place in places if place.use.access == "write")

    @cached_property
    def class_uses(self) -> ClassUses:
        """The classes that templates use."""
        return ClassUses(self.questions)

    @cached_property
    def classes(self) -> Classes:
        """The classes of the given modules and of the installer's own, which come first."""
        given = self.modules or Classes({})
        own = classes_of(self.project.templates)
        return Classes({**given.by_name, **own.by_name}, given.problems, given.root)

    @cached_property
    def problem_paths(self) -> frozenset[str]:
        """The files of which something could not be read."""
        return frozenset(problem.location.path for problem in self.project.problems)

    @cached_property
    def option_keys(self) -> tuple[str, ...]:
        """The keys that an option's dict may have."""
        return _texts(self.protocol.option_keys)

    @cached_property
    def group_keys(self) -> tuple[str, ...]:
        """The keys that a group's dict may have."""
        return _texts(self.protocol.group_keys)

    @property
    def hooks(self) -> tuple[str, ...]:
        """The hooks that every plugin must define."""
        hooks = self.protocol.hooks
        return tuple(hook for hook in (hooks.declare, hooks.sequences) if hook)

    @property
    def runs_all_functions(self) -> bool:
        """Return whether the installer runs all functions of a step, not only the first."""
        return not self.protocol.first_function_only

    @property
    def underscore_flags(self) -> bool:
        """Return whether flags with underscores can be given; Packstack's cannot."""
        told = self.protocol.underscore_flags
        return bool(self.own.behaviour.underscore_flags if told is None else told)

    @property
    def host_options(self) -> HostOptions:
        """Return the options that ``--allinone`` and ``--install-hosts`` set."""
        return self.protocol.host_options or self.own.behaviour.host_options or "containing"

    @cached_property
    def flags(self) -> frozenset[str]:
        """The flags of all declared options, without dashes."""
        found = (known_text(option.flag) for option in self.questions.options)
        return frozenset(flag for flag in found if flag)

    def things(self) -> Iterator[object]:
        """Yield everything that rules go through, some of it more than once."""
        for holder in (vars(self), vars(self.questions), msgspec.structs.asdict(self.project)):
            for members in _without(holder, ()).values():
                yield from members

    def without(self, things: Collection[object]) -> Subject:
        """Return a subject whose lists lack some things, which can still be looked up."""
        for each, cached in vars(Questions).items():
            if isinstance(cached, cached_property):
                with suppress(Exception):  # what fails for one rule is not asked for by another
                    getattr(self.questions, each)
        found = copy(self)
        found.questions = copy(self.questions)
        vars(found).update(_without(vars(self), things))
        vars(found.questions).update(_without(vars(self.questions), things))
        fields = _without(msgspec.structs.asdict(self.project), things)
        found.project = msgspec.structs.replace(self.project, **fields)
        return found


def _without(
    holder: Mapping[str, object], things: Collection[object]
) -> dict[str, tuple[object, ...]]:
    left_out = {id(thing) for thing in things}
    return {
        name: tuple(member for member in members if id(member) not in left_out)
        for name, members in holder.items()
        if isinstance(members, tuple)
    }


def _texts(table: msgspec.Struct) -> tuple[str, ...]:
    return tuple(text for text in msgspec.structs.astuple(table) if text)
