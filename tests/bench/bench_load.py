"""Reading: `plugindoc.load` of upstream 26.0.0 beside a bare parse and `griffe.load`.

Processor seconds, the least of several alternating runs in one process; imports are done before.
Linear growth is measured with a hundred copies of each plugin, each size in a process of its own,
which also tells its peak memory.
"""

from __future__ import annotations

import gc
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import griffe
from ast_grep_py import SgRoot

import plugindoc
from plugindoc.extraction.declarations import read_declarations
from plugindoc.protocol import PACKSTACK
from plugindoc.reading import usage_texts
from plugindoc.reading.discovery import discover
from plugindoc.reading.files import Tree
from tests.upstream import release

RUNS: Final = 7
COPIES: Final = (1, 10, 100)
MEASURE: Final = """
import resource, sys, time
import plugindoc
plugindoc.load
start = time.process_time()
project = plugindoc.load(sys.argv[1])
seconds = time.process_time() - start
print(len(project.plugins), seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def least(works: dict[str, Callable[[], object]]) -> dict[str, float]:
    """Return the least milliseconds of each work, run in turns."""
    found: dict[str, float] = {}
    for _ in range(RUNS):
        for name, work in works.items():
            gc.collect()
            start = time.process_time()
            work()
            spent = (time.process_time() - start) * 1000
            found[name] = min(spent, found.get(name, spent))
    return found


def declarations(tree: Path) -> object:
    """Read and evaluate the Python alone: what plugins declare, not what their steps do."""
    found = discover(tree, PACKSTACK)
    declared = read_declarations(found, Tree(found.root), PACKSTACK)
    return [declared.model_of(plugin) for plugin in declared.plugins]


def parse(sources: list[str]) -> object:
    """Parse, and nothing else."""
    return [SgRoot(source, "python") for source in sources]


def compare(tree: Path) -> None:
    """Print what reading a release costs."""
    package = tree / "packstack"
    sources = [path.read_text(encoding="utf-8-sig") for path in package.rglob("*.py")]
    document = next(tree.glob("*.data/data/share/packstack/packstack.rst")).read_text()
    costs = least(
        {
            "ast-grep, bare parse of all files": lambda: parse(sources),
            "`griffe.load`": lambda: griffe.GriffeLoader(search_paths=[tree]).load("packstack"),
            "plugindoc, what plugins declare": lambda: declarations(tree),
            "of that, the usage document": lambda: usage_texts.read_usage_document(
                "packstack.rst", document, "OPTIONS"
            ),
            "the usage document, by docutils": lambda: usage_texts.read_with_docutils(
                "packstack.rst", document, "OPTIONS"
            ),
            "`plugindoc.load`, everything": lambda: plugindoc.load(tree),
        }
    )
    griffes = costs["`griffe.load`"]
    print("\n| upstream 26.0.0 | ms | times griffe |\n|---|---|---|")
    for name, spent in costs.items():
        print(f"| {name} | {spent:.0f} | {spent / griffes:.2f} |")


def grow(tree: Path) -> None:
    """Print how cost and memory grow with the number of plugins."""
    print("\n| plugins | s | ms a plugin | peak MiB |\n|---|---|---|---|")
    for copies in COPIES:
        with tempfile.TemporaryDirectory() as scratch:
            copied = Path(scratch) / "release"
            shutil.copytree(tree, copied)
            plugins = copied / "packstack" / "plugins"
            for path in sorted(plugins.glob("*_[0-9][0-9][0-9].py")):
                for copy in range(1, copies):
                    name = f"{path.stem[:-4]}_copy{copy}_{path.stem[-3:]}.py"
                    shutil.copyfile(path, plugins / name)
            command = [sys.executable, "-c", MEASURE, str(copied)]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        count, seconds, memory = out.split()
        each = float(seconds) / int(count) * 1000
        print(f"| {count} | {float(seconds):.2f} | {each:.1f} | {float(memory):.0f} |")


def main() -> None:
    """Print both tables."""
    tree = release("26.0.0")
    compare(tree)
    grow(tree)


if __name__ == "__main__":
    main()
