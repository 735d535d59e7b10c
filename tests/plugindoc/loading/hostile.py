"""Reads installers, each with every command, in processes that may use so much time and memory.

Prints the commands that did not end well within that: ``python -m …hostile FOLDER…``.
"""

from __future__ import annotations

import importlib
import io
import os
import resource
import sys
from collections.abc import Callable
from contextlib import redirect_stderr, suppress
from pathlib import Path

import plugindoc
from plugindoc.commands.main import COMMANDS
from plugindoc.commands.main import main as run_command
from plugindoc.model.export import encode

SECONDS = 10
"""Processor time of one command. The goal is 5 on an idle machine; this one may be shared."""

MEGABYTES = 500
"""Memory of one command, at its peak."""

ADDRESSES = 1_500
"""Megabytes of address space, so that what goes beyond all limits does not take the machine."""


def export(folder: Path) -> int:
    """Return 0 where an installer can be read and exported without a mistake of the reader."""
    project = plugindoc.load(folder)
    encode(project)
    return 2 if any(one.kind == "mistake" for one in project.problems) else 0


def run(arguments: tuple[str, ...]) -> int:
    """Return 0 where a command ends without a mistake of its own."""
    sys.argv = ["plugindoc", *arguments]
    with redirect_stderr(io.StringIO()) as errors, suppress(SystemExit):
        run_command()
    return 2 if "internal error in plugindoc" in errors.getvalue() else 0


def commands(folder: Path) -> dict[str, Callable[[], int]]:
    """Return what is run, by its name."""
    answers = folder / "answers.txt"
    answers.write_text("[general]\nX=1\n", "utf-8")
    return {
        "export": lambda: export(folder),
        "check": lambda: run(("check", str(folder))),
        "show": lambda: run(("show", "first_100", str(folder))),
        "answers check": lambda: run(("answers", "check", str(answers), str(folder))),
    }


def cost(work: Callable[[], int]) -> str:
    """Return what is wrong with a piece of work that is done in a process of its own, or ""."""
    child = os.fork()
    if child:
        _, status, used = os.wait4(child, 0)
        megabytes = used.ru_maxrss >> 10
        if status == 0 and megabytes <= MEGABYTES:
            return ""
        return f"status {status}, {used.ru_utime + used.ru_stime:.1f} s, {megabytes} MB"
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (ADDRESSES << 20, ADDRESSES << 20))
    nothing = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 1)
    status = 1
    try:
        status = work()
    finally:
        os._exit(status)


def main() -> None:
    """Print what did not end well."""
    for command in ("answers", "check", "show"):  # once, before processes are made of this one
        importlib.import_module(COMMANDS[command].partition(":")[0])
    for name in sys.argv[1:]:
        for command, work in commands(Path(name)).items():
            wrong = cost(work)
            if wrong:
                print(f"{Path(name).name}: {command}: {wrong}")  # noqa: T201 - the report


if __name__ == "__main__":
    main()
