"""Reads installers, each in a process of its own that may use so much time and memory.

Prints the names of those that could not be read within that: ``python -m …hostile FOLDER…``.
"""

from __future__ import annotations

import os
import resource
import sys
from pathlib import Path

import plugindoc
from plugindoc.model.export import encode

SECONDS = 20
"""Processor time of one file. The goal is 5 on an idle machine; this one may be shared."""

MEGABYTES = 1_000
"""Address space, of which the interpreter and the libraries take some 300."""


def read(folder: Path) -> int:
    """Return 0 where an installer is read within the limits."""
    child = os.fork()
    if child:
        return os.waitpid(child, 0)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEGABYTES << 20, MEGABYTES << 20))
    status = 1
    try:
        project = plugindoc.load(folder)
        encode(project)
        mistakes = [one for one in project.problems if one.kind == "mistake"]
        status = 2 if mistakes else 0
    finally:
        os._exit(status)


def main() -> None:
    """Print the folders whose reading did not end well, with the status of its process."""
    for name in sys.argv[1:]:
        status = read(Path(name))
        if status:
            print(f"{Path(name).name}: {status}")  # noqa: T201 - the report


if __name__ == "__main__":
    main()
