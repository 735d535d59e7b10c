"""What the check needs from outside one model: what is published."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import msgspec

from plugindoc.checking.sources import Sources
from plugindoc.checking.subject import LostAnchor, StalePage
from plugindoc.commands.targets import Target
from plugindoc.model.anchors import Thing, anchor, fact_anchor
from plugindoc.model.changes import ReleaseChanges
from plugindoc.model.export import encode
from plugindoc.model.locations import Location
from plugindoc.model.names import nearest
from plugindoc.model.project import Project
from plugindoc.model.questions import Questions
from plugindoc.opening import read_file
from plugindoc.settings import LARGEST, Found

__all__ = ["published"]


def published(
    target: Target, settings: Found
) -> tuple[tuple[LostAnchor, ...], tuple[StalePage, ...]]:
    """Return the published anchors that are lost and the committed files that are stale.

    Raises OSError if a file that the settings name cannot be read.
    """
    site = settings.settings.site
    root = Path(target.project.root).resolve()
    lost: tuple[LostAnchor, ...] = ()
    file = settings.file("site.anchors", site.anchors)
    if file is not None:
        lost = tuple(_lost(file, _relative(file, root), target.project))
    stale: tuple[StalePage, ...] = ()
    file = settings.file("site.export", site.export)
    if file is not None:
        committed = read_file(file, LARGEST)
        head = _head_of(committed)
        name = head.name or target.project.name
        now = msgspec.structs.replace(target.project, name=name, history=head.history)
        if committed != encode(now):
            words = ["plugindoc", "export", os.path.relpath(target.path)]
            words += ["--name", name] if name != target.project.name else []
            words += ["--history"] if head.history else []
            command = shlex.join([*words, "--output", os.path.relpath(file)])
            stale = (StalePage(Location(_relative(file, root), 1), command),)
    return lost, stale


class _Head(msgspec.Struct):
    name: str = ""
    history: tuple[ReleaseChanges, ...] = ()


def _head_of(export: bytes) -> _Head:
    """Return the name and history that an export was made with; none if it is no export."""
    try:
        return msgspec.json.decode(export, type=_Head)
    except (msgspec.DecodeError, RecursionError):
        return _Head()


def _relative(file: Path, root: Path) -> str:
    return Path(os.path.relpath(file, root)).as_posix()


_REPEATED: Final = re.compile(r"-\d+$")
"""What distinguishes the second declaration of a name from the first."""


def _lost(file: Path, path: str, project: Project) -> Iterator[LostAnchor]:
    """Yield the anchors of a list (``PAGE#ANCHOR``, ``… -> PAGE#ANCHOR``) that are gone.

    Anchors with a colon belong to another source of the same site, which is not checked here.
    """
    now = _anchors(project)
    real = file.resolve(strict=True)  # a list that is named and missing is an error, not empty
    for number, line in enumerate(Sources(str(real.parent)).lines(real.name), 1):
        old, _, new = (part.strip() for part in line.partition("->"))
        name, target = old.rpartition("#")[2], new.rpartition("#")[2]
        if not old or old.startswith("#") or ":" in name:
            continue
        if {name, _REPEATED.sub("", name), target} & now:
            continue
        span = Location(path, number, 1, number, len(line) + 1)
        yield LostAnchor(name, span, nearest(name, now))


def _anchors(project: Project) -> frozenset[str]:
    questions = Questions(project)
    things: tuple[Thing, ...] = (
        *project.plugins,
        *questions.groups,
        *questions.options,
        *questions.run_order,
        *questions.steps,
        *project.templates,
        *project.functions,
    )
    facts = (fact_anchor(fact.key) for fact in questions.facts)
    return frozenset((*map(anchor, things), *facts))
