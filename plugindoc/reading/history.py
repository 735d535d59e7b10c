"""Trees out of git, without checking them out: a revision's files written to a scratch folder.

Only git's plumbing reads (``ls-tree``, ``cat-file``), so that neither attributes, filters nor
hooks of the repository take effect, and the index and the working tree stay as they are.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import IO, Final

import msgspec

__all__ = ["HistoryError", "checked_out", "top_of"]

_LARGEST: Final = 20_000_000
"""Bytes; a larger file is no plugin and is left out."""
_LINK: Final = "120000"
_OF_A_HOOK: Final = frozenset({"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"})
"""What git tells its hooks of their repository, which need not be that of a checked folder."""


class HistoryError(Exception):
    """A revision that cannot be read; the message is one line that says what to do."""


class _Blob(msgspec.Struct, frozen=True):
    mode: str
    name: str
    path: str


@contextlib.contextmanager
def checked_out(folder: Path, revision: str) -> Iterator[Path]:
    """Give the folder as it was in a revision of its repository, in a scratch folder.

    A revision that ends in ``...`` stands for where the current branch left it (their merge base).
    Where the folder did not exist in the revision, an empty one is given. Links that lead out of
    the repository, submodules, and files above 20 MB are left out.

    Raises HistoryError where there is no git, no repository or no such revision.
    """
    folder = folder.resolve()
    top = top_of(folder)
    tree = _tree(folder, revision)
    prefix = folder.relative_to(top).as_posix()
    with tempfile.TemporaryDirectory(prefix="plugindoc-") as name:
        scratch = Path(name)
        _write(scratch, _blobs(folder, tree, prefix), folder)
        inside = scratch / prefix
        inside.mkdir(parents=True, exist_ok=True)
        yield inside


def top_of(folder: Path) -> Path:
    """Return the top folder of the repository that a folder lies in.

    Raises HistoryError where there is no git or no repository.
    """
    found = _git(folder, "rev-parse", "--show-toplevel", doing="find the repository")
    return Path(found.rstrip("\n")).resolve()


def _tree(folder: Path, revision: str) -> str:
    """Return the object name of a revision's tree."""
    if revision.endswith("..."):
        commit = _resolve(folder, revision.removesuffix("..."), "commit")
        base = _run(folder, "merge-base", "HEAD", commit)
        if base.returncode:
            message = (
                f"{revision} cannot be resolved: no common ancestor of HEAD and "
                f"{revision.removesuffix('...')} is here" + _remedy(folder)
            )
            raise HistoryError(message)
        revision = base.stdout.decode().strip()
    return _resolve(folder, revision, "tree")


def _resolve(folder: Path, revision: str, kind: str) -> str:
    if not revision or revision.startswith("-") or "\0" in revision:
        message = f"{revision!r} is no revision"
        raise HistoryError(message)
    found = _run(folder, "rev-parse", "--verify", "--quiet", f"{revision}^{{{kind}}}")
    if found.returncode:
        remote = f"origin/{revision}"
        there = _run(folder, "rev-parse", "--verify", "--quiet", f"{remote}^{{{kind}}}")
        hint = f"; did you mean {remote}?" if not there.returncode else _remedy(folder)
        message = f"no revision {revision} in the repository of {folder}{hint}"
        raise HistoryError(message)
    return found.stdout.decode().strip()


def _remedy(folder: Path) -> str:
    shallow = _run(folder, "rev-parse", "--is-shallow-repository").stdout.strip() == b"true"
    if not shallow:
        return ""
    return (
        "; this is a shallow clone: fetch the whole history "
        "(`fetch-depth: 0` for actions/checkout, `git fetch --unshallow` by hand)"
    )


def _blobs(folder: Path, tree: str, prefix: str) -> Iterator[_Blob]:
    listed = _run(
        folder,
        "ls-tree",
        "-r",
        "-z",
        "-l",
        "--full-tree",
        tree,
        *(["--", prefix] if prefix != "." else []),
    )
    if listed.returncode:
        message = f"git cannot list {tree}: {_last_line(listed.stderr)}"
        raise HistoryError(message)
    for entry in listed.stdout.decode("utf-8", "surrogateescape").split("\0"):
        described, tab, path = entry.partition("\t")
        if not tab:
            continue
        mode, kind, name, size = described.split()
        parts = PurePosixPath(path).parts
        inside = not PurePosixPath(path).is_absolute() and ".." not in parts
        if kind == "blob" and inside and int(size) <= _LARGEST:
            yield _Blob(mode, name, path)


def _write(scratch: Path, blobs: Iterator[_Blob], folder: Path) -> None:
    listed = [*blobs]
    with subprocess.Popen(  # noqa: S603 - fixed words; the names are git's own object names
        _command(folder, "cat-file", "--batch"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=_environment(),
    ) as git:
        if git.stdin is None or git.stdout is None:  # pipes were asked for
            raise AssertionError
        for blob in listed:
            git.stdin.write(f"{blob.name}\n".encode())
            git.stdin.flush()
            _place(scratch, blob, _content(git.stdout, blob))
        git.stdin.close()


def _content(stream: IO[bytes], blob: _Blob) -> bytes:
    head = stream.readline().split()
    if len(head) != 3:  # noqa: PLR2004 - name, type and size
        message = f"git cannot read {blob.path}"
        raise HistoryError(message)
    content = stream.read(int(head[2]))
    stream.read(1)
    return content


def _place(scratch: Path, blob: _Blob, content: bytes) -> None:
    target = scratch / blob.path
    target.parent.mkdir(parents=True, exist_ok=True)
    if not target.parent.resolve().is_relative_to(scratch.resolve()):
        return
    if blob.mode == _LINK:
        leads = os.fsdecode(content)
        whole = os.path.normpath(target.parent.resolve() / leads)
        if not Path(leads).is_absolute() and Path(whole).is_relative_to(scratch.resolve()):
            target.symlink_to(leads)
    else:
        target.write_bytes(content)


def _git(folder: Path, *words: str, doing: str) -> str:
    found = _run(folder, *words)
    if found.returncode:
        message = f"git cannot {doing} of {folder}: {_last_line(found.stderr)}"
        raise HistoryError(message)
    return found.stdout.decode("utf-8", "surrogateescape")


def _run(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(  # noqa: S603 - no shell; a revision never starts with a dash
            _command(folder, *words), capture_output=True, check=False, env=_environment()
        )
    except OSError as error:
        message = f"git cannot be run: {error.strerror}"
        raise HistoryError(message) from error


def _command(folder: Path, *words: str) -> list[str]:
    return ["git", "-C", str(folder), "-c", "core.fsmonitor=false", *words]


def _environment() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if name not in _OF_A_HOOK}
    return {**kept, "LC_ALL": "C", "GIT_TERMINAL_PROMPT": "0", "GIT_OPTIONAL_LOCKS": "0"}


def _last_line(output: bytes) -> str:
    lines = output.decode("utf-8", "replace").strip().splitlines()
    return lines[-1].removeprefix("fatal: ") if lines else "no reason given"
