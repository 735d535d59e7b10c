"""Take a lab down, whatever became of the tests that built it.

Each lab has one janitor: this file, run as a process of its own that waits for the end of its
standard input. The pipe closes when the tests close the lab, and just as well when they are
interrupted or killed, so that there is one way down and every run takes it. A machine that lost
both at once is cleaned when the next lab is founded.

Only processes whose recorded start time still fits, or which live in a lab's own network
namespaces, are ever signalled.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

__all__ = ["STATE", "founding", "identity", "namespaces", "processes", "tear_down"]

STATE = Path("/var/lib/packstack-lab")
"""One directory for each lab that stands; the directory's name is the lab's."""

_PATIENCE = 10.0
_POLL = 0.02


def identity(pid: int) -> str | None:
    """Return `pid` with its start time, which no later process of that number shares."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return None
    # The second field is a name in parentheses that may hold anything; counting starts after it.
    state, *fields = stat.rpartition(")")[2].split()
    return None if state in "ZX" else f"{pid} {fields[18]}"


@contextlib.contextmanager
def founding() -> Iterator[None]:
    """Take down every lab whose owner is gone, and let nobody else look while one is founded."""
    STATE.mkdir(parents=True, exist_ok=True)
    with (STATE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        for directory in STATE.glob("lab*"):
            owner = directory / "owner"
            if not owner.exists() or not _alive(owner.read_text()):
                tear_down(directory)
        yield


def tear_down(directory: Path) -> None:
    """End the lab in `directory`: its processes, namespaces and mounts, then its files."""
    recorded = {path.read_text() for path in directory.glob("hosts/*/process")}
    _end({int(record.split()[0]) for record in recorded if _alive(record)})
    _end(processes(directory.name))
    # A janitor and a sweep may meet here; what counts is that all is gone in the end.
    for namespace in namespaces(directory.name):
        subprocess.run(["ip", "netns", "delete", namespace], check=False, capture_output=True)
    for mount in _mounts(directory):
        subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)
    remains = [*namespaces(directory.name), *_mounts(directory)]
    if remains:
        # Files under a mount that is left could be somebody else's: leave them alone.
        message = f"{', '.join(remains)} cannot be removed"
        raise RuntimeError(message)
    _remove(directory)


def namespaces(lab: str) -> list[str]:
    """Return the names of the lab's network namespaces."""
    listed = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True, check=True)
    names = [line.split()[0] for line in listed.stdout.splitlines()]
    return [name for name in names if name.startswith(f"{lab}-")]


def processes(lab: str) -> set[int]:
    """Return the processes that live in the lab's network namespaces."""
    pids: set[int] = set()
    for namespace in namespaces(lab):
        found = subprocess.run(
            ["ip", "netns", "pids", namespace], capture_output=True, text=True, check=True
        )
        pids.update(int(pid) for pid in found.stdout.split())
    return pids


def _alive(record: str) -> bool:
    return identity(int(record.split(maxsplit=1)[0])) == record


def _end(pids: set[int]) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    deadline = time.monotonic() + _PATIENCE
    while any(identity(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(_POLL)


def _remove(directory: Path) -> None:
    """Remove a directory; a process that is about to end may still write in it for a moment."""
    deadline = time.monotonic() + _PATIENCE
    while directory.exists():
        try:
            shutil.rmtree(directory)
        except OSError:
            if time.monotonic() > deadline:
                raise
            time.sleep(_POLL)


def _mounts(directory: Path) -> list[str]:
    """Return the mounts under `directory`, the innermost first."""
    table = Path("/proc/self/mounts").read_text().splitlines()
    points = [line.split()[1] for line in table]
    return sorted((point for point in points if point.startswith(f"{directory}/")), reverse=True)


def main() -> None:
    """Wait until the lab's owner lets go of the other end of standard input; then clean up."""
    sys.stdin.buffer.read()
    tear_down(Path(sys.argv[1]))


if __name__ == "__main__":
    main()
