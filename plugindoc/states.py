"""A state of an installer, named by a user: a tree, a git revision, or an export."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

from plugindoc.changes.comparison import Side
from plugindoc.loading import LoadError, Reading, load
from plugindoc.model.export import ExportError, decode
from plugindoc.model.outcomes import Outcome
from plugindoc.model.project import Option, Project
from plugindoc.opening import read_file
from plugindoc.protocol import PACKSTACK, Protocol
from plugindoc.settings import LARGEST, Found
from plugindoc.validation import outcome_of

if TYPE_CHECKING:
    from plugindoc.reading.git import Repository

__all__ = [
    "LoadOptions",
    "NothingThereError",
    "State",
    "export_at",
    "project_in",
    "reading_of_export",
    "state",
]


class NothingThereError(LoadError):
    """A revision or folder that holds no plugins."""


class LoadOptions(msgspec.Struct, frozen=True):
    """How a tree is read: its installer's protocol, and the installers that it adds to."""

    protocol: Protocol = PACKSTACK
    bases: tuple[str, ...] = ()


class State(msgspec.Struct, frozen=True):
    """What a user named, and what is there."""

    side: Side
    project: Project


def state(named: str, options: LoadOptions, *, beside: str = "") -> State:
    """Return a state: an export or a tree by its path, or ``REVISION[:FOLDER]`` of git.

    `beside` names the other side. Where that is a tree in a repository, a revision means the same
    folder of that repository; if it is none, the folder and repository of the working directory.

    Raises LoadError, with one line for the user.
    """
    path = Path(named)
    if named and path.is_file():
        return State(Side(named), export_at(path))
    if named and path.is_dir():
        return State(Side(named), _load(path, options))
    if not named or path.exists():
        message = f"{named or repr(named)} is no tree, git revision or export"
        raise LoadError(message)
    return _of_revision(named, options, Path(beside) if Path(beside).is_dir() else Path())


def with_classes(
    project: Project, found: Found, folder: Path | None = None
) -> tuple[Project, tuple[str, ...]]:
    """Return a project with the classes of Puppet modules that it uses, and warnings.

    The modules are in `folder`, or where the settings say. Raises LoadError or SettingsError, with
    one line for the user.
    """
    where = folder or found.puppet_modules
    if where is None:
        return project, ()
    # A project without modules needs none of this.
    from plugindoc.extraction.modules import NoModulesError, read_named  # noqa: PLC0415
    from plugindoc.model.class_uses import ClassUses  # noqa: PLC0415
    from plugindoc.model.questions import Questions  # noqa: PLC0415

    own = {template.class_name for template in project.templates}
    uses = {
        name: each
        for name, each in ClassUses(Questions(project)).by_class.items()
        if name not in own
    }
    try:
        read = read_named(where, uses, None if folder else found.repository)
    except NoModulesError as error:
        raise LoadError(str(error)) from error
    classes = tuple(
        msgspec.structs.replace(
            one,
            parameters={
                key: parameter
                for key, parameter in one.parameters.items()
                if any(use.is_open or use.passed(key) for use in uses[name])
            },
        )
        for name, one in read.by_name.items()
    )
    warnings = tuple(f"{each.location}: {each.message}" for each in read.problems)
    return msgspec.structs.replace(project, classes=classes), warnings


def export_at(path: Path) -> Project:
    """Return the project of an export; raises LoadError, with one line for the user."""
    try:
        return decode(read_file(path, LARGEST))
    except OSError as error:
        message = f"{path}: {error.strerror}"
        raise LoadError(message) from error
    except ExportError as error:
        message = f"{path}: {error}"
        raise LoadError(message) from error


def reading_of_export(path: Path) -> Reading:
    """Return the project of an export, and a function for outcomes of answers.

    An export holds the outcomes of the answers that matter, and no code: others are known if
    Packstack's own functions decide about them.

    Raises LoadError, with one line for the user.
    """
    project = export_at(path)
    likes = {function.name: function.like for function in project.functions}

    def outcome(option: Option, answer: object, _config: Mapping[str, object]) -> Outcome:
        found = outcome_of(option, answer, lambda name: likes.get(name, ""))
        why = found.why or _NO_CODE
        return found if found.accepted is not None else msgspec.structs.replace(found, why=why)

    def hook(module: str, _config: Mapping[str, object], _unknown: Collection[str]) -> Outcome:
        return Outcome(answer=None, accepted=None, by=module, why=_NO_CODE)

    return Reading(project, outcome, hook)


_NO_CODE: Final = "an export does not hold its code"


def _of_revision(named: str, options: LoadOptions, beside: Path) -> State:
    # Only a comparison with a revision needs git.
    from plugindoc.reading.git import GitError, Repository  # noqa: PLC0415

    revision, colon, folder = named.partition(":")
    said = f"{named}: No such file or directory, and "
    try:
        repository = Repository(beside)
        commit = repository.commit(revision)
        said = f"{named}: "
        here = beside.resolve().relative_to(repository.top).as_posix()
        wanted = folder.strip("/") or "." if colon else here
        project = project_in(repository, commit, wanted, options)
    except (GitError, LoadError) as error:
        message = f"{said}{error}"
        raise LoadError(message) from error
    return State(Side(wanted, revision), project)


def project_in(repository: Repository, commit: str, folder: str, options: LoadOptions) -> Project:
    """Return the project in a folder of a commit; its `root` is "", since it is not there to open.

    Raises LoadError if there is none, and GitError.
    """
    from plugindoc.reading.history import checked_out  # noqa: PLC0415 - as above

    with checked_out(repository, commit) as top:
        place = (top / folder).resolve()
        if not place.is_relative_to(top.resolve()) or not place.is_dir():
            message = f"the revision has no folder {folder}"
            raise NothingThereError(message)
        try:
            return msgspec.structs.replace(_load(place, options), root="")
        except LoadError as error:
            message = f"the revision has no plugins in {folder}"
            raise NothingThereError(message) from error


def _load(path: Path, options: LoadOptions) -> Project:
    return load(path, protocol=options.protocol, bases=options.bases)
