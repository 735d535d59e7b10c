"""What the check needs from outside one model: a base to compare with, and what is published."""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import msgspec

from plugindoc.checking.sources import Sources
from plugindoc.checking.subject import LostAnchor, StalePage
from plugindoc.commands.targets import Target
from plugindoc.loading import LoadError, load
from plugindoc.model.anchors import Thing, anchor, fact_anchor
from plugindoc.model.export import ExportError, decode, encode
from plugindoc.model.locations import Location
from plugindoc.model.names import nearest
from plugindoc.model.questions import Questions
from plugindoc.model.things import Project
from plugindoc.protocol import Protocol
from plugindoc.settings import Found

__all__ = ["base_of", "published"]


def base_of(target: Target, since: str, protocol: Protocol, stack: ExitStack) -> Project:
    """Return the state to compare an installer with: an export, a tree, or a git revision.

    A revision's files stay readable until `stack` is closed. Where a revision does not have the
    installer yet, an empty one is returned: everything is new.

    Raises LoadError, with one line for the user.
    """
    path = Path(since)
    if path.is_file():
        try:
            return decode(path.read_bytes())
        except ExportError as error:
            message = f"{since}: {error}"
            raise LoadError(message) from error
    if path.is_dir():
        return load(path, protocol=protocol)
    folder = _out_of_git(target, since, stack)
    try:
        return load(folder, protocol=protocol)
    except LoadError:
        return msgspec.structs.replace(target.project, plugins=(), templates=(), root=str(folder))


def _out_of_git(target: Target, since: str, stack: ExitStack) -> Path:
    # Only a comparison needs git.
    from plugindoc.reading.git import GitError, Repository  # noqa: PLC0415
    from plugindoc.reading.history import checked_out  # noqa: PLC0415

    said = f"--since {since}: no such file or folder, and "
    try:
        repository = Repository(target.path)
        commit = repository.commit(since)
        said = f"--since {since}: "
        folder = _whole(target, repository.top).relative_to(repository.top).as_posix()
        return stack.enter_context(checked_out(repository, commit, folder))
    except GitError as error:
        message = f"{said}{error}"
        raise LoadError(message) from error


def _whole(target: Target, top: Path) -> Path:
    """Return the folder that holds the whole installer, as far as it lies in the repository.

    A path inside it will not do: without its usage document and templates the base would be
    another installer.
    """
    root = Path(target.project.root).resolve()
    return root if root.is_relative_to(top) else top


def published(
    target: Target, settings: Found
) -> tuple[tuple[LostAnchor, ...], tuple[StalePage, ...]]:
    """Return the published anchors that are lost and the committed files that are stale.

    Raises OSError where a file that the settings name cannot be read.
    """
    site = settings.settings.site
    if settings.folder is None:
        return (), ()
    root = Path(target.project.root).resolve()
    lost: tuple[LostAnchor, ...] = ()
    if site.anchors:
        file = settings.folder / site.anchors
        lost = tuple(_lost(file, _relative(file, root), target.project))
    stale: tuple[StalePage, ...] = ()
    if site.export:
        file = settings.folder / site.export
        committed = file.read_bytes()
        name = _name_in(committed) or target.project.name
        if committed != encode(msgspec.structs.replace(target.project, name=name)):
            words = ["plugindoc", "export", os.path.relpath(target.path)]
            words += ["--name", name] if name != target.project.name else []
            command = shlex.join([*words, "--output", os.path.relpath(file)])
            stale = (StalePage(Location(_relative(file, root), 1), command),)
    return lost, stale


class _Named(msgspec.Struct):
    name: str = ""


def _name_in(export: bytes) -> str:
    """Return the name that an export was made with; "" where it is no export."""
    try:
        return msgspec.json.decode(export, type=_Named).name
    except (msgspec.DecodeError, RecursionError):
        return ""


def _relative(file: Path, root: Path) -> str:
    return Path(os.path.relpath(file, root)).as_posix()


_REPEATED: Final = re.compile(r"-\d+$")
"""What tells the second declaration of a name from the first."""


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
