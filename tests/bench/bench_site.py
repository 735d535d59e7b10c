"""The site: cold, unchanged and edited builds beside sphinx-autoapi's, and a thousand plugins.

Every figure is the least of several alternating runs, as processor seconds of the whole process,
so that a busy machine changes little. The ratios are what counts.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Final, NamedTuple

from tests.upstream import release

RUNS: Final = 3
BIN: Final = Path(sys.executable).parent
PLUGIN: Final = '''
"""Configures service {number}."""


def initConfig(controller):
    params = [
{options}
    ]
    group = {{"GROUP_NAME": "SERVICE{number}", "DESCRIPTION": "Service {number}",
              "PRE_CONDITION": "CONFIG_S{number}_0", "PRE_CONDITION_MATCH": "y",
              "POST_CONDITION": False, "POST_CONDITION_MATCH": True}}
    controller.addGroup(group, params)


def initSequences(controller):
    steps = [{{"title": "Preparing service {number}", "functions": [prepare]}}]
    controller.addSequence("Installing service {number}", [], [], steps)


def prepare(config, messages):
    config["S{number}_URL"] = config["CONFIG_S{number}_1"]
'''
OPTION: Final = """
        {{"CMD_OPTION": "s{number}-{option}", "USAGE": "What number {option} of {number} says.",
          "PROMPT": "Number {option}", "OPTION_LIST": ["y", "n"], "DEFAULT_VALUE": "y",
          "VALIDATORS": [], "MASK_INPUT": False, "LOOSE_VALIDATION": False,
          "CONF_NAME": "CONFIG_S{number}_{option}", "USE_DEFAULT": False,
          "NEED_CONFIRM": False, "CONDITION": False}},"""
OPTIONS: Final = 12


class Cost(NamedTuple):
    """Processor seconds and peak memory in MiB of a process and its children."""

    seconds: float
    memory: float


def run(command: Iterable[object]) -> Cost:
    """Run a command to its end and return its cost."""
    probe = (
        "import resource, subprocess, sys;"
        "code = subprocess.run(sys.argv[1:], stdout=2).returncode;"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN);"
        "print(used.ru_utime + used.ru_stime, used.ru_maxrss / 1024);"
        "sys.exit(code)"
    )
    argv = [sys.executable, "-c", probe, *map(str, command)]
    said = subprocess.run(argv, check=True, stdout=subprocess.PIPE, text=True).stdout
    return Cost(*map(float, said.split()))


def least(measures: dict[str, Callable[[], Cost]], runs: int = RUNS) -> dict[str, Cost]:
    """Return the least cost of each measure over alternating runs."""
    found: dict[str, Cost] = {}
    for _ in range(runs):
        for name, measure in measures.items():
            cost = measure()
            found[name] = min(found.get(name, cost), cost)
    return found


class Builds:
    """The same installer as three sites: plugindoc's, autoapi's, and plain pages."""

    def __init__(self, folder: Path, tree: Path) -> None:
        self.folder = folder
        self.tree = folder / "tree"
        shutil.copytree(tree, self.tree)
        self.edits = 0

    @property
    def plugin(self) -> Path:
        return self.tree / "packstack" / "plugins" / "nova_300.py"

    def edit(self) -> None:
        """Change one text of one plugin, as an author would."""
        self.edits += 1
        text = self.plugin.read_text()
        old = '"Nova Options' if self.edits == 1 else f'"Nova Options {self.edits - 1}'
        self.plugin.write_text(text.replace(old, f'"Nova Options {self.edits}', 1))

    def plugindoc(self, *, cold: bool) -> Cost:
        out = self.folder / "plugindoc"
        if cold:
            shutil.rmtree(out, ignore_errors=True)
        command = [BIN / "plugindoc", "build", self.tree, "-o", out, "--name", "packstack"]
        return run([*command, "-q", "-j", "1"])

    def autoapi(self, *, cold: bool) -> Cost:
        source, out = self.folder / "autoapi", self.folder / "autoapi-site"
        if cold:
            shutil.rmtree(source, ignore_errors=True)
            shutil.rmtree(out, ignore_errors=True)
            source.mkdir()
            (source / "index.rst").write_text("Packstack\n=========\n")
            settings = f"autoapi_dirs = [{str(self.tree / 'packstack')!r}]\nhtml_theme = 'furo'\n"
            (source / "conf.py").write_text(f"extensions = ['autoapi.extension']\n{settings}")
        return run([BIN / "sphinx-build", "-Q", source, out])

    def plain(self, pages: int) -> Cost:
        source, out = self.folder / "plain", self.folder / "plain-site"
        if not source.exists():
            source.mkdir()
            names = [f"page{number}" for number in range(pages)]
            for name in names:
                (source / f"{name}.md").write_text(f"# {name}\n\nOne page of {pages}.\n")
            toctree = "\n".join(names[:60])
            (source / "index.md").write_text(f"# Plain\n\n```{{toctree}}\n{toctree}\n```\n")
            settings = "html_theme = 'furo'\nsuppress_warnings = ['toc.not_included']\n"
            loaded = "extensions = ['myst_parser', 'sphinx_copybutton', 'sphinx.ext.githubpages']\n"
            (source / "conf.py").write_text(loaded + settings)
        return run([BIN / "sphinx-build", "-Q", source, out])

    def edited(self, build: Callable[..., Cost]) -> Cost:
        self.edit()
        return build(cold=False)


def upstream_table(folder: Path) -> list[str]:
    """Return the rows that hold upstream's site beside its peers."""
    builds = Builds(folder, release("26.0.0"))
    cold = least(
        {
            "plugindoc": lambda: builds.plugindoc(cold=True),
            "autoapi": lambda: builds.autoapi(cold=True),
        }
    )
    pages = len(list((folder / "plugindoc" / ".plugindoc").rglob("*.md")))
    builds.plain(pages)
    unchanged = least(
        {
            "plugindoc": lambda: builds.plugindoc(cold=False),
            "plain": lambda: builds.plain(pages),
        }
    )
    edited = least(
        {
            "plugindoc": lambda: builds.edited(builds.plugindoc),
            "autoapi": lambda: builds.edited(builds.autoapi),
        }
    )
    return [
        row("cold build", cold["plugindoc"], "autoapi, cold", cold["autoapi"]),
        row("unchanged", unchanged["plugindoc"], f"{pages} plain pages", unchanged["plain"]),
        row("one plugin edited", edited["plugindoc"], "autoapi, one edited", edited["autoapi"]),
    ]


def row(what: str, ours: Cost, peer: str, theirs: Cost) -> str:
    """Return a table row with the ratio of two costs."""
    ratio = ours.seconds / theirs.seconds
    return f"| {what} | {ours.seconds:.2f} s | {peer} | {theirs.seconds:.2f} s | {ratio:.2f} |"


def many_plugins(folder: Path, count: int) -> Cost:
    """Return the cost of a cold build of as many plugins of twelve options each."""
    plugins = folder / f"many{count}" / "plugins"
    plugins.mkdir(parents=True)
    for number in range(count):
        options = "".join(OPTION.format(number=number, option=n) for n in range(OPTIONS))
        text = PLUGIN.format(number=number, options=options)
        (plugins / f"service{number}_{number % 1000:03d}.py").write_text(text.lstrip())
    out = folder / f"many{count}-site"
    return run([BIN / "plugindoc", "build", plugins, "-o", out, "--name", "many", "-q", "-j", "1"])


def main() -> None:
    """Print the tables."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        print("| upstream 26.0.0 | plugindoc | beside | its time | ratio |")
        print("|---|---|---|---|---|")
        print("\n".join(upstream_table(folder)))
        print("\n| plugins | time | per plugin | peak memory |\n|---|---|---|---|")
        for count in (100, 250, 500, 1000):
            cost = many_plugins(folder, count)
            each = cost.seconds / count * 1000
            print(f"| {count} | {cost.seconds:.1f} s | {each:.0f} ms | {cost.memory:.0f} MiB |")


if __name__ == "__main__":
    main()
