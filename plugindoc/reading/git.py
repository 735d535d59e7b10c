"""A git repository, read by git's own plumbing; the only place that runs git.

A repository may be hostile: its git directory can be unpacked from an archive, and its settings
name programs, remotes and folders. Only ``rev-parse``, ``merge-base``, ``config --get-regexp``,
``for-each-ref``, ``ls-tree`` and ``cat-file`` run here. They use no index, attributes, filters,
hooks, editors, aliases or signatures. What is left of git's settings that start a program is
switched off in `_SETTINGS` and `_environment`: fetching what is missing, every transport, the file
system monitor, the pager. Ownership stays checked, by git's own ``safe.directory``.
"""

from __future__ import annotations

import os
import subprocess
import threading
import weakref
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from tempfile import TemporaryFile
from typing import IO, Final

import msgspec

__all__ = ["Blob", "GitError", "Repository"]

_SETTINGS: Final = (
    "core.alternateRefsCommand=true",
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "protocol.allow=never",
    "safe.bareRepository=explicit",  # a folder that looks like a git directory is none
)
_SET: Final = {
    "GIT_ALLOW_PROTOCOL": "",  # overrides protocol.NAME.allow, too
    "GIT_NO_LAZY_FETCH": "1",  # as of git 2.45; before, the transports above are what stops it
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_LOCATIONS: Final = frozenset(
    {
        "GIT_ALTERNATE_OBJECT_DIRECTORIES",
        "GIT_COMMON_DIR",
        "GIT_DIR",
        "GIT_GRAFT_FILE",
        "GIT_INDEX_FILE",
        "GIT_NAMESPACE",
        "GIT_OBJECT_DIRECTORY",
        "GIT_PREFIX",
        "GIT_REPLACE_REF_BASE",
        "GIT_SHALLOW_FILE",
        "GIT_WORK_TREE",
    }
)
"""What git sets for its hooks about their repository, which need not be that of a folder here."""

_SECONDS: Final = 60
"""For one command: a pipe in place of a file of the git directory would be waited for."""
_LARGEST_LIST: Final = 100_000_000
"""Bytes of names; a few nested trees can stand for billions of files."""
_LARGEST_BLOB: Final = 20_000_000
"""Bytes; a larger file is no plugin and is left out."""
_LARGEST_TREE: Final = 500_000_000
"""Bytes of all files together."""
_BATCH: Final = 32_000_000
"""Bytes of contents that are read, and held in memory, at a time."""
_LONGEST_REASON: Final = 300


class GitError(Exception):
    """What cannot be read of a repository; the message is one line that says what to do."""


class Blob(msgspec.Struct, frozen=True):
    """A file of a revision: its object name, path from the top, size in bytes.

    The content of a link (`is_link`) is where it leads.
    """

    name: str
    path: str
    size: int
    is_link: bool = False


class Repository:
    """The repository that a folder lies in; `top` is the top folder of its working tree.

    Raises GitError if there is no git or no repository, as every method does for what it cannot
    read.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder.resolve()
        self._objects = _Objects(self._command("cat-file", "--batch"))
        weakref.finalize(self, self._objects.end)
        found = self._git("rev-parse", "--show-toplevel", doing="find the repository")
        self.top = Path(os.fsdecode(found.rstrip(b"\n"))).resolve()
        if not self._folder.is_relative_to(self.top):
            message = f"the git directory of {folder} belongs to another folder, {self.top}"
            raise GitError(message)

    def commit(self, revision: str) -> str:
        """Return the object name of the commit that a revision is.

        A revision that ends in ``...`` means its merge base with HEAD.
        """
        named = revision.removesuffix("...")
        if not named or named.startswith("-") or "\0" in named:
            message = f"{named!r} is no revision"
            raise GitError(message)
        found = self._peeled(named)
        if found is None:
            there = not named.startswith("origin/") and self._peeled(f"origin/{named}")
            hint = f"; did you mean origin/{named}?" if there else self._remedy()
            message = f"no revision {named} in the repository of {self._folder}{hint}"
            raise GitError(message)
        if named == revision:
            return found
        base = self._run("merge-base", "HEAD", found)
        if base.status:
            message = (
                f"{revision} cannot be resolved: no common ancestor of HEAD and {named} is here"
                + self._remedy()
            )
            raise GitError(message)
        return base.output.decode().strip()

    def tags(self, pattern: str = "*") -> list[str]:
        """Return the tags that match a pattern of git's (``*``, ``?``, ``[…]``), by version."""
        listed = self._git(
            "for-each-ref",
            "--sort=version:refname",
            "--format=%(refname:strip=2)",
            f"refs/tags/{pattern}",
            doing="list the tags",
        )
        return os.fsdecode(listed).splitlines()

    def files(self, commit: str, folder: str = ".") -> list[Blob]:
        """Return the files of a commit, or of a folder in it, by path.

        Submodules, and files above 20 MB, are left out.
        """
        below = [] if folder == "." else ["--", folder]
        listed = self._run("ls-tree", "-r", "-z", "-l", "--full-tree", commit, *below)
        if listed.status:
            message = f"git cannot list the files of {commit}: {listed.reason}{self._remedy()}"
            raise GitError(message)
        return [blob for line in listed.output.split(b"\0") if line for blob in self._blobs(line)]

    def _blobs(self, line: bytes) -> Iterator[Blob]:
        described, _, encoded = line.partition(b"\t")
        mode, kind, name, size = described.decode().split()
        path = os.fsdecode(encoded)
        if kind != "blob" or PurePosixPath(path).is_absolute() or ".." in path.split("/"):
            return
        if not size.isdecimal():
            raise self._missing(path)
        if int(size) <= _LARGEST_BLOB:
            yield Blob(name, path, int(size), is_link=mode == "120000")

    def contents(self, blobs: Iterable[Blob]) -> Iterator[tuple[Blob, bytes]]:
        """Yield each file with its content, in the order given; at most 500 MB in all."""
        batch: list[Blob] = []
        total = size = 0
        for blob in blobs:
            total += blob.size
            if total > _LARGEST_TREE:
                message = f"the files of {self.top} take more than {_LARGEST_TREE // 1_000_000} MB"
                raise GitError(message)
            if size + blob.size > _BATCH:
                yield from self._batch(batch)
                batch, size = [], 0
            batch.append(blob)
            size += blob.size
        yield from self._batch(batch)

    def _batch(self, blobs: list[Blob]) -> Iterator[tuple[Blob, bytes]]:
        if not blobs:
            return
        found = self._objects.read(blobs)
        if len(found) < len(blobs):
            raise self._missing(blobs[len(found)].path)
        yield from zip(blobs, found, strict=True)

    def _missing(self, path: str) -> GitError:
        return GitError(f"git cannot read {path}: it is missing or damaged{self._remedy()}")

    def _peeled(self, revision: str) -> str | None:
        found = self._run("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}")
        return None if found.status else found.output.decode().strip()

    @property
    def is_shallow(self) -> bool:
        """Return whether commits before some are left out."""
        return self._run("rev-parse", "--is-shallow-repository").output.strip() == b"true"

    def _remedy(self) -> str:
        """Return how to get what a shallow or partial clone lacks; "" for a whole one."""
        partial = not self._run(
            "config", "--get-regexp", r"^(extensions\.partialclone|remote\..*\.promisor)$"
        ).status
        if partial:
            return (
                "; this is a partial clone, and nothing is fetched here: fetch all contents "
                "(`fetch-depth: 0` and no `filter` for actions/checkout, "
                "`git fetch --refetch --no-filter` by hand)"
            )
        if self.is_shallow:
            return (
                "; this is a shallow clone: fetch the whole history "
                "(`fetch-depth: 0` for actions/checkout, `git fetch --unshallow` by hand)"
            )
        return ""

    def _git(self, *words: str, doing: str) -> bytes:
        found = self._run(*words)
        if found.status:
            message = f"git cannot {doing} of {self._folder}: {found.reason}"
            raise GitError(message)
        return found.output

    def _command(self, *words: str) -> list[str]:
        settings = [word for setting in _SETTINGS for word in ("-c", setting)]
        return ["git", "-C", str(self._folder), "--no-pager", *settings, *words]

    def _run(self, *words: str) -> _Answer:
        with TemporaryFile() as errors:
            status, output = _answered(self._command(*words), errors)
            errors.seek(0)
            return _Answer(status, output, errors.read(_LONGEST_REASON))


class _Objects:
    """One ``git cat-file --batch`` for the files of all revisions, started for the first."""

    def __init__(self, command: list[str]) -> None:
        self._command = command
        self._process: subprocess.Popen[bytes] | None = None

    def read(self, blobs: Iterable[Blob]) -> list[bytes]:
        """Return the contents of files, up to the first that cannot be read."""
        if self._process is None:
            self._process = _started(self._command, subprocess.PIPE, subprocess.DEVNULL)
        found: list[bytes] = []
        with _in_time(self._process):
            for blob in blobs:
                content = _content(self._process, blob)
                if content is None:
                    self.end()
                    break
                found.append(content)
        return found

    def end(self) -> None:
        """End the process, if one runs."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.communicate()


def _content(process: subprocess.Popen[bytes], blob: Blob) -> bytes | None:
    """Ask for one object; None if it is not there, or not what the tree says of it."""
    if process.stdin is None or process.stdout is None:  # pipes were asked for
        raise AssertionError
    try:
        process.stdin.write(f"{blob.name}\n".encode())
        process.stdin.flush()
    except BrokenPipeError:
        return None
    head = f"{blob.name} blob {blob.size}\n".encode()
    if process.stdout.readline(len(head)) != head:
        return None
    content = process.stdout.read(blob.size + 1)
    return content[:-1] if len(content) > blob.size else None


class _Answer(msgspec.Struct, frozen=True):
    status: int
    output: bytes
    errors: bytes

    @property
    def reason(self) -> str:
        """What git gives as the reason of a failure, in one line."""
        words = " ".join(self.errors.decode("utf-8", "replace").split())
        return words.rpartition("fatal: ")[2] or "no reason given"


def _answered(command: list[str], errors: IO[bytes]) -> tuple[int, bytes]:
    """Return a command's exit status and output, both of them bounded."""
    with _started(command, subprocess.DEVNULL, errors) as process, _in_time(process):
        if process.stdout is None:  # a pipe was asked for
            raise AssertionError
        output = process.stdout.read(_LARGEST_LIST + 1)
        if len(output) > _LARGEST_LIST:
            process.kill()
        status = process.wait()
    if len(output) > _LARGEST_LIST:
        message = "git names more files than are read here"
        raise GitError(message)
    return status, output


def _started(command: list[str], given: int, errors: IO[bytes] | int) -> subprocess.Popen[bytes]:
    try:
        return subprocess.Popen(  # noqa: S603 - no shell; a revision never starts with a dash
            command, stdin=given, stdout=subprocess.PIPE, stderr=errors, env=_environment()
        )
    except OSError as error:
        message = f"git cannot be run: {error.strerror}"
        raise GitError(message) from error


@contextmanager
def _in_time(process: subprocess.Popen[bytes]) -> Iterator[None]:
    """End a process that takes too long over what is done inside; then raises GitError."""
    late = threading.Event()

    def end() -> None:
        late.set()
        process.kill()

    timer = threading.Timer(_SECONDS, end)
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
    if late.is_set():
        message = f"git did not answer within {_SECONDS} seconds"
        raise GitError(message)


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _LOCATIONS}
    return {**kept, **_SET}
