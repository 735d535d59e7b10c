"""How a site shows a source's plugins: which it leaves out, their titles, order and groups."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from fnmatch import fnmatchcase
from pathlib import PurePosixPath
from typing import Final

import msgspec

from plugindoc.model.anchors import slug
from plugindoc.model.bases import functions_named
from plugindoc.model.changes import ReleaseChanges
from plugindoc.model.project import Plugin, Project
from plugindoc.model.questions import Questions
from plugindoc.model.values import known_text
from plugindoc.rendering.layout import Arrangement
from plugindoc.rendering.names import numbered
from plugindoc.rendering.texts import printable

__all__ = ["PluginGroup", "grouped", "own_title", "without"]

_OTHERS: Final = "other"
_MARK: Final = re.compile(r"^[A-Z]{2,3}-(?=[A-Z])")


class PluginGroup(msgspec.Struct, frozen=True):
    """Plugins that the menu and the index list together.

    `title` is "" for plugins in no group, `file` the name of the group's page.
    """

    title: str
    file: str
    modules: tuple[str, ...]


def own_title(plugin: Plugin) -> str:
    """Return a plugin's name for people: what it calls itself, else its module.

    A mark of what many plugins belong to is left out: ``OS-Neutron`` is *Neutron*.
    """
    name = printable(known_text(plugin.name) or "").strip()
    return _MARK.sub("", name) or plugin.module


def grouped(arrangement: Arrangement, titles: dict[str, str]) -> tuple[PluginGroup, ...]:
    """Return the groups that have plugins; `titles` are those of all plugins, in load order.

    A plugin belongs to the first group with a pattern that it matches. Without groups, one group
    without a title holds all plugins.
    """
    modules = list(titles)
    if arrangement.order == "title":
        modules.sort(key=lambda module: (titles[module].casefold(), module))
    found: list[tuple[str, tuple[str, ...]]] = []
    for title, patterns in arrangement.groups.items():
        chosen = tuple(_matching(modules, patterns))
        modules = [module for module in modules if module not in chosen]
        found.append((title, chosen))
    found.append(("", tuple(modules)))
    files = numbered(slug(title) or _OTHERS for title, _ in found)
    groups = zip(found, files, strict=True)
    return tuple(PluginGroup(title, file, own) for (title, own), file in groups if own)


def _matching(modules: list[str], patterns: Iterable[str]) -> Iterator[str]:
    """Yield the modules that match, in the order of the patterns."""
    found = (m for pattern in patterns for m in modules if fnmatchcase(m, pattern))
    yield from dict.fromkeys(found)


def without(project: Project, patterns: tuple[str, ...]) -> Project:
    """Return a project without the plugins that match patterns, and without what only they use."""
    if not patterns:
        return project
    kept, gone = (
        msgspec.structs.replace(
            project,
            plugins=tuple(p for p in project.plugins if _matches(p.module, patterns) == out),
        )
        for out in (False, True)
    )
    functions = functions_named(gone) - functions_named(kept)
    templates = _brought(gone) - _brought(kept)
    return msgspec.structs.replace(
        kept,
        functions=tuple(one for one in project.functions if one.name not in functions),
        templates=tuple(one for one in project.templates if one.name not in templates),
        history=tuple(_without(release, patterns) for release in project.history),
    )


def _matches(module: str, patterns: Iterable[str]) -> bool:
    return any(fnmatchcase(module, pattern) for pattern in patterns)


def _brought(project: Project) -> set[str]:
    asked = Questions(project)
    return {found.template.name for step in asked.steps for found in asked.templates_of(step)}


def _without(release: ReleaseChanges, patterns: tuple[str, ...]) -> ReleaseChanges:
    changes = tuple(
        change
        for change in release.changes
        if change.location is None
        or not _matches(PurePosixPath(change.location.path).stem, patterns)
    )
    return msgspec.structs.replace(release, changes=changes)
