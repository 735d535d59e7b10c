"""The check: a whole process over upstream's release, beside an empty Python, ruff and sphinx-lint.

Every figure is the least of several alternating runs, as processor seconds of the whole process, so
that a busy machine changes little. The ratios are what counts. The peers read the same files: ruff
the plugins (with all its rules, without its cache), sphinx-lint the usage document.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from tests.upstream import release

RUNS: Final = 7
BIN: Final = Path(sys.executable).parent
PYTHON: Final = "python -c pass"
_NOWHERE: Final = subprocess.DEVNULL


def commands(tree: Path) -> dict[str, list[str]]:
    """Return what is measured, by name."""
    plugins = str(tree / "packstack" / "plugins")
    (document,) = tree.glob("*.data/data/share/packstack/packstack.rst")
    ruff = [str(BIN / "ruff"), "check", "--no-cache", "--isolated", "--select", "ALL", "--quiet"]
    return {
        PYTHON: [sys.executable, "-c", "pass"],
        "plugindoc check": [str(BIN / "plugindoc"), "check", str(tree)],
        "plugindoc check, one rule": [
            *(str(BIN / "plugindoc"), "check", str(tree)),
            *("--select", "PD101"),
        ],
        "plugindoc rules": [str(BIN / "plugindoc"), "rules"],
        "ruff check, all rules": [*ruff, "--exit-zero", plugins],
        "sphinx-lint": [str(BIN / "sphinx-lint"), "--enable", "all", str(document)],
    }


def seconds(command: list[str]) -> float:
    """Run a command to its end and return the processor seconds that it took.

    It may keep its bytecode, as what pip installed has it.
    """
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(command, env=environment, check=False, stdout=_NOWHERE, stderr=_NOWHERE)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def least(measured: Mapping[str, list[str]]) -> dict[str, float]:
    """Return the least seconds of each command over alternating runs."""
    found: dict[str, float] = {}
    for _ in range(RUNS):
        for name, command in measured.items():
            cost = seconds(command)
            found[name] = min(found.get(name, cost), cost)
    return found


def main() -> None:
    """Print the table."""
    found = least(commands(release("26.0.0")))
    print("| upstream 26.0.0 | time | times an empty Python |")
    print("|---|---|---|")
    for name, cost in found.items():
        print(f"| {name} | {cost:.3f} s | {cost / max(found[PYTHON], 0.001):.0f} |")


if __name__ == "__main__":
    main()
