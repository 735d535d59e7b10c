"""Puppet classes and defined types, as others can call them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Final, Literal, TypeAlias

import msgspec

from plugindoc.model.locations import Location

if TYPE_CHECKING:
    from plugindoc.model.project import Problem, Template

__all__ = ["METAPARAMETERS", "ClassKind", "Classes", "Parameter", "PuppetClass", "classes_of"]

METAPARAMETERS: Final = frozenset(
    {"alias", "audit", "before", "loglevel", "name", "noop", "notify", "require", "schedule"}
    | {"stage", "subscribe", "tag", "title"}
)
"""Names that Puppet accepts for every class and defined type."""

ClassKind: TypeAlias = Literal["class", "define"]


class Parameter(msgspec.Struct, frozen=True, gc=False, omit_defaults=True, kw_only=True):
    """A parameter of a class or defined type.

    `type` and `default` are source text; `default` is None if callers have to give a value. `text`
    is its text in the class's comment, `deprecated` why it should no longer be used, "" if that is
    not said.
    """

    name: str
    location: Location
    type: str = ""
    default: str | None = None
    text: str = ""
    deprecated: str = ""


class PuppetClass(msgspec.Struct, frozen=True, gc=False, kw_only=True):
    """A class or defined type, with its parameters by name, in their order.

    `deprecated` is why it should no longer be used, or "".
    """

    name: str
    kind: ClassKind
    location: Location
    parameters: Mapping[str, Parameter] = {}
    deprecated: str = ""


class Classes(msgspec.Struct, frozen=True):
    """The classes and defined types of some modules, by name, and what could not be read.

    `root` is the folder that their locations are relative to.
    """

    by_name: Mapping[str, PuppetClass]
    problems: tuple[Problem, ...] = ()
    root: str = ""

    def __contains__(self, name: str) -> bool:
        """Return whether a class is here."""
        return name in self.by_name

    @property
    def modules(self) -> frozenset[str]:
        """The modules that are here: a class of another one may well exist elsewhere."""
        return frozenset(name.partition("::")[0] for name in self.by_name)

    def unread_module(self, problem: Problem) -> str:
        """Return the module of a file that could not be read; folders may have other names."""
        folder = _folder(problem.location)
        within = (name for name, one in self.by_name.items() if _folder(one.location) == folder)
        return next(within, folder).partition("::")[0]


def _folder(place: Location) -> str:
    return place.path.partition("/")[0]


def classes_of(templates: Iterable[Template]) -> Classes:
    """Return the classes and defined types among an installer's own templates."""
    return Classes(
        {
            each.class_name: PuppetClass(
                name=each.class_name,
                kind=each.type,
                location=each.location,
                parameters={one.name: one for one in each.parameters},
                deprecated=each.deprecated,
            )
            for each in templates
            if each.type in {"class", "define"} and each.class_name
        }
    )
