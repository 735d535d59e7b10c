"""An installer's releases, out of git's tags or a folder, and what each of them changed.

What was compared once is kept in a cache: a file for each two releases, named by a digest of both
contents, of the protocol, and of plugindoc's own code. It may be deleted at any time.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Sequence
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec
from packaging.version import InvalidVersion, Version

from plugindoc.changes.comparison import Comparison, compare
from plugindoc.loading import LoadError, load
from plugindoc.model.changes import ReleaseChanges
from plugindoc.model.export import encode
from plugindoc.model.project import Project
from plugindoc.opening import read_file
from plugindoc.settings import LARGEST, Found
from plugindoc.states import LoadOptions, NothingThereError, export_at, project_in

if TYPE_CHECKING:
    from plugindoc.reading.git import Repository

__all__ = [
    "History",
    "Release",
    "Wanted",
    "cache_folder",
    "history",
    "releases_of",
    "wanted_by",
    "with_history",
]

T = TypeVar("T")

_PASSED_OVER: Final = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages"})
_START: Final = re.compile(r"(?:^|[-/_])v?(?=\d)", re.IGNORECASE)


class Release(msgspec.Struct, frozen=True):
    """A release: its version, if it was found, a digest of its content, and how to read it."""

    version: str
    place: str
    digest: str
    read: Callable[[], Project]


class Wanted(msgspec.Struct, frozen=True):
    """Where releases are looked for: git tags by a pattern, and a folder."""

    tags: str = ""
    folder: Path | None = None


class History(msgspec.Struct, frozen=True):
    """What releases changed, oldest first, and what a user should know of how it was found."""

    releases: tuple[ReleaseChanges, ...]
    warnings: tuple[str, ...] = ()


def cache_folder() -> Path:
    """Return the folder of comparisons that are kept, in the user's cache."""
    home = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    return Path(home).expanduser() / "plugindoc" / "history"


def history(
    path: Path, project: Project, options: LoadOptions, wanted: Wanted, kept: Path
) -> History:
    """Return what each release of the installer at a path changed, and then `project` itself.

    What no release has yet is called “unreleased”. `kept` is the folder of the cache.

    Raises LoadError, with one line for the user, if there are no releases to read.
    """
    found, warnings = releases_of(path, options, wanted)
    if wanted.folder is not None and found[-1].digest == _digest_of_tree(path):
        found[-1] = msgspec.structs.replace(found[-1], read=lambda: project)
        states = found  # the tree is its newest release, and was read already
    else:
        now = _digest(encode(project))
        states = [*found, Release("unreleased", str(path), now, lambda: project)]
    changes: list[ReleaseChanges] = []
    for old, new, comparison in _Cache(kept, options).changes(states):
        unread = tuple(
            f"{(old if each.side == 'old' else new).version}: {each.problem.message}; "
            "what it declares is not compared"
            for each in comparison.problems
        )
        if comparison.changes or new.version != "unreleased":
            changes.append(ReleaseChanges(new.version, old.version, comparison.changes, unread))
        warnings += unread
    return History(tuple(changes), tuple(dict.fromkeys(warnings)))


def with_history(
    project: Project, path: Path, options: LoadOptions, wanted: Wanted
) -> tuple[Project, tuple[str, ...]]:
    """Return the project with its history, if wanted, and warnings.

    Raises LoadError as `history` does.
    """
    if not (wanted.tags or wanted.folder):
        return project, ()
    told = history(path, project, options, wanted, cache_folder())
    return msgspec.structs.replace(project, history=told.releases), told.warnings


def wanted_by(found: Found) -> Wanted:
    """Return where the settings look for releases.

    Raises SettingsError for a folder outside of the settings' repository.
    """
    settings = found.settings.history
    return Wanted(settings.tags, found.inside("history.releases", settings.releases))


def releases_of(
    path: Path, options: LoadOptions, wanted: Wanted
) -> tuple[list[Release], list[str]]:
    """Return the releases that are wanted, by version, and warnings.

    Pre-releases are left out, unless there is nothing else. Raises LoadError if there are none,
    and where two have the same version.
    """
    found: list[Release] = []
    warnings: list[str] = []
    if wanted.folder is not None:
        found += _in_folder(wanted.folder, options)
    if wanted.tags:
        found += _in_git(path, options, wanted.tags, warnings)
    by_version: dict[Version, Release] = {}
    for release in found:
        other = by_version.setdefault(Version(release.version), release)
        if other is not release:
            message = f"two releases are called {release.version}: {other.place}, {release.place}"
            raise LoadError(message)
    final = {version for version in by_version if not version.is_prerelease} or {*by_version}
    if not final:
        message = "no releases: no tag or folder is named by a version; say --tags or --releases"
        raise LoadError(message)
    return [by_version[version] for version in sorted(final)], warnings


def _version(name: str) -> str:
    """Return the version at the end of a name (``packstack-26.0.0``, ``v1.2``); "" for none."""
    for match in _START.finditer(name):
        try:
            Version(name[match.end() :])
        except InvalidVersion:
            continue
        return name[match.end() :]
    return ""


def _in_folder(folder: Path, options: LoadOptions) -> list[Release]:
    found = []
    try:
        entries = sorted(folder.iterdir())
    except OSError as error:
        message = f"{folder}: {error.strerror}"
        raise LoadError(message) from error
    for entry in entries:
        if entry.is_dir():
            if version := _version(entry.name):
                read = partial(_of_tree, entry, options)
                found.append(Release(version, str(entry), _digest_of_tree(entry), read))
        elif entry.suffix == ".json" and (version := _version(entry.stem)):
            digest = _digest(read_file(entry, LARGEST))
            found.append(Release(version, str(entry), digest, partial(export_at, entry)))
    return found


def _of_tree(folder: Path, options: LoadOptions) -> Project:
    try:
        return msgspec.structs.replace(
            load(folder, protocol=options.protocol, bases=options.bases), root=""
        )
    except LoadError as error:
        raise NothingThereError(str(error)) from error


def _in_git(path: Path, options: LoadOptions, pattern: str, warnings: list[str]) -> list[Release]:
    from plugindoc.reading.git import GitError, Repository  # noqa: PLC0415 - folders need no git

    try:
        repository = Repository(path)
        if repository.is_shallow:
            warnings.append(
                f"{path} is in a shallow clone: the history is as long as what was fetched"
            )
        folder = path.resolve().relative_to(repository.top).as_posix()
        found = []
        for tag in repository.tags(pattern):
            if version := _version(tag):
                commit = repository.commit(tag)
                read = partial(_of_commit, repository, commit, folder, options)
                found.append(Release(version, f"tag {tag}", f"{commit}:{folder}", read))
    except GitError as error:
        raise LoadError(str(error)) from error
    return found


def _of_commit(repository: Repository, commit: str, folder: str, options: LoadOptions) -> Project:
    from plugindoc.reading.git import GitError  # noqa: PLC0415 - as above

    try:
        return project_in(repository, commit, folder, options)
    except GitError as error:
        raise LoadError(str(error)) from error


class _Cache:
    """Comparisons of releases, read from files or made and kept in them."""

    def __init__(self, folder: Path, options: LoadOptions) -> None:
        self._folder = folder
        bases = [_digest_of_tree(Path(base)) for base in options.bases]
        self._common = f"{_own_digest()} {options!r} {bases}"
        self._read_last: dict[str, Project] = {}  # the last two

    def changes(self, releases: Sequence[Release]) -> Iterator[tuple[Release, Release, Comparison]]:
        """Yield each two releases and what changed; a release without plugins is none."""
        before: Release | None = None
        for release in releases:
            if not self._get(self._exists, bool, release):
                continue
            if before is not None:
                yield before, release, self._get(self._compared, Comparison, before, release)
            before = release

    def _get(self, make: Callable[..., T], kind: type[T], *releases: Release) -> T:
        words = [self._common, make.__name__, *(release.digest for release in releases)]
        file = self._folder / f"{_digest(' '.join(words).encode())}.json"
        try:
            return msgspec.json.decode(read_file(file, LARGEST), type=kind)
        except (OSError, msgspec.DecodeError, RecursionError):
            made = make(*releases)
            self._keep(file, msgspec.json.encode(made))
            return made

    @staticmethod
    def _keep(file: Path, content: bytes) -> None:
        """Write a file in one move; a cache that cannot be written is none."""
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=file.parent)
            with os.fdopen(handle, "wb") as stream:
                stream.write(content)
            Path(name).replace(file)
        except OSError:
            return

    def _exists(self, release: Release) -> bool:
        try:
            self._read(release)
        except NothingThereError:
            return False
        return True

    def _compared(self, old: Release, new: Release) -> Comparison:
        return compare(self._read(old), self._read(new))

    def _read(self, release: Release) -> Project:
        project = self._read_last.get(release.digest)
        if project is None:
            project = release.read()
            self._read_last = {**dict([*self._read_last.items()][-1:]), release.digest: project}
        return project


def _digest(content: bytes) -> str:
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _digest_of_tree(folder: Path) -> str:
    """Return a digest of the paths and contents of all files in a folder."""
    digest = hashlib.blake2b(digest_size=16)
    for top, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if f[0] != "." and f not in _PASSED_OVER)
        for name in sorted(files):
            file = Path(top, name)
            try:
                content = read_file(file)
            except OSError:
                content = b""
            path = os.fsencode(file.relative_to(folder))
            digest.update(path + b"\0" + hashlib.blake2b(content, digest_size=16).digest())
    return digest.hexdigest()


@cache
def _own_digest() -> str:
    """Return a digest of plugindoc's own code: what an older one compared may be another thing."""
    return _digest_of_tree(Path(__file__).parent)
