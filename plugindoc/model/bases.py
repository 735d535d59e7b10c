"""A tree and the installers that it adds to: kept apart, and put together for look-ups.

The paths of what lies in a base begin with ``/`` and the base's name, which those of the tree
itself never do.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Protocol, TypeVar

import msgspec

from plugindoc.model.locations import Location
from plugindoc.model.project import Actions, Plugin, Project
from plugindoc.model.values import references

__all__ = ["functions_named", "is_outside", "moved", "split", "together"]


def is_outside(location: Location) -> bool:
    """Return whether a place lies in a base, not in the tree itself."""
    return location.path.startswith("/")


def split(whole: Project) -> tuple[Project, Project]:
    """Return what lies in the tree itself, and what lies in its bases."""
    own, base = (
        msgspec.structs.replace(
            whole,
            plugins=_lying(whole.plugins, outside=outside),
            templates=_lying(whole.templates, outside=outside),
            usage_documents=tuple(
                one for one in whole.usage_documents if one.path.startswith("/") == outside
            ),
            problems=_lying(whole.problems, outside=outside),
            installer=Actions(uses=_lying(whole.installer.uses, outside=outside)),
            mentions={name: at for name, at in whole.mentions.items() if is_outside(at) == outside},
        )
        for outside in (False, True)
    )
    named = functions_named(own)
    return (
        msgspec.structs.replace(
            own, functions=tuple(one for one in whole.functions if one.name in named)
        ),
        msgspec.structs.replace(
            base, functions=tuple(one for one in whole.functions if one.name not in named)
        ),
    )


class _Placed(Protocol):
    @property
    def location(self) -> Location: ...


_Thing = TypeVar("_Thing", bound=_Placed)


def _lying(things: Iterable[_Thing], *, outside: bool) -> tuple[_Thing, ...]:
    return tuple(thing for thing in things if is_outside(thing.location) == outside)


def functions_named(project: Project) -> set[str]:
    """Return the names of the validators and processors that a project's options name."""
    options = [o for p in project.plugins for g in p.groups for o in (*g.options, *g.replaced)]
    return {
        one.name
        for option in options
        for value in (option.validators, option.processors)
        for one in references(value)
    }


def together(project: Project, base: Project | None) -> Project:
    """Return a project with what its base declares and does, as one whole installer."""
    if base is None:
        return project
    return msgspec.structs.replace(
        project,
        plugins=_by_order((*project.plugins, *base.plugins)),
        templates=(*project.templates, *base.templates),
        functions=(*project.functions, *base.functions),
        usage_documents=(*project.usage_documents, *base.usage_documents),
        problems=(*project.problems, *base.problems),
        installer=Actions(uses=(*project.installer.uses, *base.installer.uses)),
        mentions={**base.mentions, **project.mentions},
    )


def _by_order(plugins: Iterable[Plugin]) -> tuple[Plugin, ...]:
    return tuple(sorted(plugins, key=lambda plugin: plugin.order))


def moved(project: Project, name: str) -> Project:
    """Return a project whose places lie in a base of this name: an export's, for instance."""
    plain = msgspec.to_builtins(project)
    _move(plain, f"/{name}/")
    for document in plain.get("usage_documents", ()):
        document["path"] = f"/{name}/{document['path']}"
    return msgspec.convert(plain, Project)


def _move(found: Any, prefix: str) -> None:  # noqa: ANN401 - any part of an export
    waiting = [found]
    while waiting:
        one = waiting.pop()
        if isinstance(one, list | tuple):
            waiting += one
        elif isinstance(one, dict):
            if "path" in one and "line" in one:
                one["path"] = f"{prefix}{one['path']}"
            waiting += one.values()
