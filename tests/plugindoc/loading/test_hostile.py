"""No file costs more than so much time and memory, whatever it holds.

``HYPOTHESIS_PROFILE=deep`` tries files of a megabyte, and more of those made at random.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.trees import write_tree

DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
SIZE = 1_000_000 if DEEP else 60_000

DECLARE = """
    c.addGroup({"GROUP_NAME": "G"}, [{"CONF_NAME": "X", "DEFAULT_VALUE": D}])
def initSequences(c): pass
"""


def hook(body: str) -> str:
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    return f"import itertools, json, textwrap, re, string\ndef initConfig(c):\n{lines}{DECLARE}"


def rounds(start: str, change: str) -> str:
    return hook(f"D = []\nx = {start}\nfor i in range(4999):\n    D.append({change})")


def sequences(line: str, end: str = "") -> str:
    many = SIZE // len(line)
    lines = "".join("    " + line.replace("#", str(i)) + "\n" for i in range(many))
    start = "def initConfig(c): pass\ndef f(config, messages): pass\ndef initSequences(c):\n"
    return f"{start}{lines}{end}"


def step(line: str) -> str:
    lines = "".join("    " + line.replace("#", str(i)) + "\n" for i in range(SIZE // len(line)))
    add = '    c.addSequence("S", [], [], [{"title": "t", "functions": [f]}])\n'
    return f"def initConfig(c): pass\ndef f(config, messages):\n{lines}def initSequences(c):\n{add}"


def repeated(text: str) -> str:
    return text * (SIZE // len(text))


def numbered(text: str, share: int = 1) -> str:
    return "".join(text.replace("#", str(i)) for i in range(SIZE // len(text) // share))


WIDE = "\U0001f600"
FILES = {
    "many long members": hook('D = ["a" * 190000] * 19000'),
    "many long values": hook('D = {i: "a" * 190000 for i in range(19000)}'),
    "texts added": rounds(f'"{WIDE}" * 199000', "x + str(i)"),
    "texts filled in": rounds(f'"{WIDE}" * 199000', '"%s%s" % (x, i)'),
    "f-strings": rounds(f'"{WIDE}" * 199000', 'f"{x}{i}"'),
    "slices": rounds(f'"{WIDE}" * 199000', "x[i:]"),
    "texts joined": rounds('["é" * 1000] * 199', '"".join(x)'),
    "texts replaced": rounds('"é" * 100000', 'x.replace("é", "üü")'),
    "texts split": rounds('"a " * 99999', "x.split()"),
    "texts wrapped": rounds('"a b " * 49000', "textwrap.fill(x, 10)"),
    "lists repeated": rounds("[1] * 19999", "x * 1"),
    "lists copied": rounds("[1] * 19999", "list(x)"),
    "ranges": rounds("1", "list(range(19999))"),
    "dicts copied": rounds("dict.fromkeys(range(19999))", "dict(x)"),
    "sets": rounds("list(range(19999))", "set(x)"),
    "permutations": rounds("range(9)", "list(itertools.permutations(x))"),
    "json": rounds("list(range(19999))", "json.loads(json.dumps(x))"),
    "patterns that go back": rounds('"a" * 60', 're.search("a?" * 60 + x, x)'),
    "patterns with alternatives": rounds('"a" * 80', 're.search("(a|aa|aaa|b)" * 40 + "c", x)'),
    "a long text in many options": (
        'x = "a" * 199999\ndef initConfig(c):\n    c.addGroup({"GROUP_NAME": "G"}, '
        '[{"CONF_NAME": "X%d" % i, "DEFAULT_VALUE": x} for i in range(4999)])\n'
    ),
    "one option many times": (
        "def initConfig(c):\n    for i in range(4999):\n"
        '        c.addGroup({"GROUP_NAME": "G%d" % i}, [{"CONF_NAME": "X"}] * 19999)\n'
    ),
    "assignments": repeated("x = 1\n"),
    "items set": "d = {}\n" + numbered("d[#] = 1\n"),
    "members appended": "L = []\n" + numbered("L.append(#)\n"),
    "calls": "def f(): pass\n" + repeated("f()\n"),
    "tests": "import e\nx = e.x\n" + repeated("if x: y = 1\n"),
    "long loops": repeated("for i in range(140): x = i\n"),
    "tests in a hook": sequences('if c.CONF["A#"]: x = 1'),
    "returns in a hook": sequences('if c.CONF["A#"]: return'),
    "members in a hook": sequences(
        'if c.CONF["A#"]: c.L.append(f)', '    c.addSequence("S", [], [], c.L)\n'
    ),
    "tests in a step": step('if config["A#"] == "y": messages.append("#")'),
    "errors in a step": step('if config["A#"] == "y": raise E("#")'),
    "endless steps": (
        "def initConfig(c): pass\n"
        + numbered("def f#(config, messages):\n    for i in range(4999): config['X%d' % i]\n", 2)
        + 'def initSequences(c):\n    c.addSequence("S", [], [], ['
        + numbered('{"title": "t#", "functions": [f#]},\n', 4)
        + "])\n"
    ),
    "errors caught": hook(
        "D = []\n" + numbered('try: D.append(int(c.CONF["A#"]))\nexcept ValueError: pass\n')
    ),
    "errors caught in a loop": hook(
        "D = []\nfor i in range(4999):\n    try: D.append(int(c.CONF['A%d' % i]))\n"
        "    except ValueError: pass\n"
    ),
    "escapes without an end": "x = '" + repeated("\\N{") + "'\n",
    "keys without an end": hook("D = '" + "%(" * min(SIZE // 2, 90_000) + "' % {}"),
    "a million operands": "x = 1" + repeated("+1") + "\n",
    "a million comparisons": "x = 1" + repeated("<1") + "\n",
    "a million operations": "x = 1" + repeated(" and 1") + "\n",
    "lines that are broken": repeated("x = (\n"),
    "statements that are broken": repeated("x = = 1\n"),
    "contexts": "import e\nwith " + repeated("e.a, ") + "e.b: pass\n",
    "a text that is never closed": "x = '''" + repeated("a"),
    "classes of classes": "class A: pass\n" + numbered("class A(A): pass\n"),
    "a class of many classes": (
        "class A0: pass\n"
        + "".join(f"class A{i + 1}(A{i}): pass\n" for i in range(150))
        + "class B("
        + repeated("A150, ")
        + "): pass\n"
    ),
    "a long number": "x = 0x" + repeated("f") + "\n",
    "blanks": "x = 1" + repeated(" ") + "\n",
    "comments": repeated("# a\n"),
}

GROWING = (
    "x = x * 3",
    "x = x + x",
    "x = [x, x]",
    "x = (x, x)",
    "x = {1: x, 2: x}",
    "x = str(x)",
    'x = "%s%s" % (x, x)',
    'x = "{0}{0}".format(x)',
    "D.append(x)",
    "D = D + [x]",
    "D = sorted(D, key=str)",
    "D = [y for y in D for z in D]",
    "x = list(x)",
    "x = x[::-1]",
    "x = ''.join(map(str, D))",
    "x = json.dumps(D)",
    "x = D.count(x)",
    "if c.CONF.get('A%d' % i): x = i",
    "if D: D.pop()",
    "x = max(D, default=x)",
    "x = 2 ** i",
    "D.extend(D)",
    "D.insert(0, x)",
    "x = dict(enumerate(D))",
)


def random_file(seed: int) -> str:
    chosen = random.Random(seed)  # noqa: S311 - nothing secret
    lines = "\n    ".join(chosen.choices(GROWING, k=chosen.randint(2, 6)))
    outer = "for i in range(4999):\n    "
    start = chosen.choice(('"ab"', "[1]", "1", "(1,)", "{}", "3.5"))
    return hook(f"D = [1, 2]\nx = {start}\n{outer}{lines}")


def unread(folder: Path, sources: Mapping[str, str]) -> str:
    """Return the names of the sources that were not read within the limits."""
    for name, source in sources.items():
        write_tree(folder / name, {"plugins/first_100.py": source})
    command = [sys.executable, "-m", "tests.plugindoc.loading.hostile"]
    folders = [str(folder / name) for name in sources]
    # What traces a process for coverage costs more than what is measured here.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")}
    found = subprocess.run(
        [*command, *folders], env=kept, capture_output=True, text=True, check=True
    )
    return found.stdout


OFTEN = (
    "many long members",
    "f-strings",
    "sets",
    "patterns with alternatives",
    "tests in a hook",
    "errors in a step",
    "statements that are broken",
    "a million operands",
)
"""What `make test` tries; `make test-deep` tries all."""


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=() if n in OFTEN else pytest.mark.deep) for n in FILES]
)
def test_no_file_costs_more_than_so_much(name: str, tmp_path: Path) -> None:
    assert "" == unread(tmp_path, {name: FILES[name]})


@pytest.mark.parametrize(
    "seed",
    [
        pytest.param(seed, marks=pytest.mark.deep if seed else ())
        for seed in range(0, 2_000 if DEEP else 40, 10)
    ],
)
def test_no_random_file_costs_more_than_so_much(seed: int, tmp_path: Path) -> None:
    assert "" == unread(tmp_path, {str(n): random_file(n) for n in range(seed, seed + 10)})
