"""Reading: `plugindoc.load` of upstream 26.0.0 beside a bare parse and the readers of others.

Those are griffe's, sphinx-autodoc2's and sphinx-autoapi's, over the same files. Processor time, the
median of several alternating runs in one process; each ratio is the median of those within a round.
Imports are done before. Linear growth is measured with a hundred copies of each plugin, each size
in a process of its own, which also tells its peak memory.
"""

from __future__ import annotations

import gc
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

import griffe
from ast_grep_py import SgRoot
from autoapi._parser import Parser  # type: ignore[import-untyped] # it says no types
from autodoc2.analysis import analyse_module
from autodoc2.utils import yield_modules

import plugindoc
from plugindoc.extraction import templates
from plugindoc.extraction.declarations import read_declarations
from plugindoc.protocol import PACKSTACK
from plugindoc.reading import usage_texts
from plugindoc.reading.discovery import discover
from plugindoc.reading.files import Tree, Trees
from plugindoc.reading.python import parse as parse_module
from tests.upstream import release

RUNS: Final = 9
GRIFFE: Final = "`griffe.load`"
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


def measure(works: dict[str, Callable[[], object]]) -> dict[str, list[float]]:
    """Return the milliseconds of each work, round by round; the first round is not counted."""
    found: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(RUNS + 1):
        for name, work in works.items():
            parse_module.cache_clear()
            templates._understood.cache_clear()  # noqa: SLF001 - what an earlier round parsed
            gc.collect()
            start = time.process_time()
            work()
            found[name].append((time.process_time() - start) * 1000)
    return {name: spent[1:] for name, spent in found.items()}


def declarations(tree: Path) -> object:
    """Read and evaluate the Python alone: what plugins declare, not what their steps do."""
    found = discover(tree, PACKSTACK)
    declared = read_declarations(found, Trees(Tree(found.root), {}), PACKSTACK)
    return [declared.model_of(plugin) for plugin in declared.plugins]


def parse(sources: list[str]) -> object:
    """Parse, and nothing else."""
    return [SgRoot(source, "python") for source in sources]


def autodoc2(package: Path) -> object:
    """Read a package as sphinx-autodoc2 does."""
    return [list(analyse_module(path, name)) for path, name in yield_modules(package)]


def autoapi(package: Path) -> object:
    """Read a package as sphinx-autoapi does."""
    parser = Parser()
    return [parser.parse_file(str(path)) for path in package.rglob("*.py")]


def compare(tree: Path) -> None:
    """Print what reading a release costs."""
    package = tree / "packstack"
    sources = [path.read_text(encoding="utf-8-sig") for path in package.rglob("*.py")]
    document = next(tree.glob("*.data/data/share/packstack/packstack.rst")).read_text()
    costs = measure(
        {
            "ast-grep, bare parse of all files": lambda: parse(sources),
            GRIFFE: lambda: griffe.GriffeLoader(search_paths=[tree]).load("packstack"),
            "sphinx-autodoc2, analysis": lambda: autodoc2(package),
            "sphinx-autoapi, parser": lambda: autoapi(package),
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
    print("\n| upstream 26.0.0 | ms | times griffe |\n|---|---|---|")
    for name, spent in costs.items():
        ratios = [one / other for one, other in zip(spent, costs[GRIFFE], strict=True)]
        print(f"| {name} | {statistics.median(spent):.0f} | {statistics.median(ratios):.2f} |")


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
