"""Trees out of git, without checking them out: a revision's files written to a scratch folder."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

from plugindoc.reading.git import Blob, GitError, Repository

__all__ = ["checked_out"]


@contextlib.contextmanager
def checked_out(repository: Repository, commit: str, folder: str = ".") -> Iterator[Path]:
    """Return a folder as it was in a commit, in a temporary folder.

    `folder` is its path from the top. Where it did not exist in the commit, an empty one is given.
    Links that lead out of the repository, submodules, and files above 20 MB are left out.

    Raises GitError if something of it cannot be read.
    """
    with tempfile.TemporaryDirectory(prefix="plugindoc-") as name:
        scratch = Path(name).resolve()
        _write(scratch, repository.contents(repository.files(commit, folder)))
        inside = scratch / folder
        inside.mkdir(parents=True, exist_ok=True)
        yield inside


def _write(scratch: Path, files: Iterable[tuple[Blob, bytes]]) -> None:
    """Write files, then links: a hostile tree has files whose paths lead through its own links."""
    links: dict[Path, str] = {}
    for blob, content in files:
        target = scratch / blob.path
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if blob.is_link:
                links[target] = os.fsdecode(content)
            else:
                with target.open("xb") as stream:
                    stream.write(content)
        except (FileExistsError, NotADirectoryError) as error:
            message = f"{blob.path} is in the tree twice"
            raise GitError(message) from error
    for target, leads in links.items():
        whole = Path(os.path.normpath(target.parent / leads))
        if not Path(leads).is_absolute() and whole.is_relative_to(scratch) and not target.exists():
            target.symlink_to(leads)
