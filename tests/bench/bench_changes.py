"""Comparisons: whole processes over upstream's releases, beside `griffe check` on the same two.

Every figure is the least of several alternating runs, as processor seconds of the whole process.
Both compare two tags of one repository.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Final

from tests.bench.bench_check import BIN, least, seconds
from tests.upstream import every_release, release

OLD: Final = "23.0.0"
NEW: Final = "26.0.0"
_GRIFFE: Final = "griffe check"


def main() -> None:
    """Print the table."""
    releases = every_release()
    with tempfile.TemporaryDirectory() as scratch:
        repository = _repository(Path(scratch, "repository"))
        os.chdir(repository)
        plugindoc, griffe = str(BIN / "plugindoc"), str(BIN / "griffe")
        history = [plugindoc, "history", str(release(NEW)), "--releases", str(releases)]
        os.environ["XDG_CACHE_HOME"] = str(Path(scratch, "older"))
        older = _without(NEW, releases, Path(scratch, "releases"))
        seconds([plugindoc, "history", str(release(OLD)), "--releases", str(older)])
        newest = seconds(history)
        os.environ["XDG_CACHE_HOME"] = str(Path(scratch, "cache"))
        cold = seconds(history)
        measured = {
            _GRIFFE: [griffe, "check", "packstack", "-a", OLD, "-b", NEW],
            "plugindoc diff, two tags": [plugindoc, "diff", OLD, NEW],
            "plugindoc diff, two trees": [
                *(plugindoc, "diff", str(release(OLD)), str(release(NEW))),
            ],
            "plugindoc history, kept": history,
        }
        found = least(measured)
    found["plugindoc history, all but the newest kept"] = newest
    found["plugindoc history, nothing kept"] = cold
    print(f"| upstream {OLD} and {NEW} | time | times griffe |")
    print("|---|---|---|")
    for name, cost in found.items():
        print(f"| {name} | {cost:.2f} s | {cost / found[_GRIFFE]:.2f} |")


def _without(version: str, releases: Path, folder: Path) -> Path:
    """Make a folder of links to all releases but one."""
    folder.mkdir()
    for each in releases.iterdir():
        if each.name != f"packstack-{version}":
            (folder / each.name).symlink_to(each)
    return folder


def _repository(folder: Path) -> Path:
    """Make a repository with a tag for each of the two releases."""
    folder.mkdir()
    git = ["git", "-C", str(folder), "-c", "user.name=x", "-c", "user.email=x@example.org"]
    subprocess.run([*git, "init", "-q"], check=True)
    for version in (OLD, NEW):
        shutil.rmtree(folder / "packstack", ignore_errors=True)
        shutil.copytree(release(version), folder, dirs_exist_ok=True)
        subprocess.run([*git, "add", "-A"], check=True)
        subprocess.run([*git, "commit", "-q", "-m", version], check=True)
        subprocess.run([*git, "tag", version], check=True)
    return folder


if __name__ == "__main__":
    main()
