"""What the pages on static reading and on the evaluator claim of code is so."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable
from pathlib import Path

import pytest

from plugindoc.model.conditions import Compare
from plugindoc.model.project import Option
from plugindoc.model.values import Dynamic, Known
from tests.plugindoc.conftest import Read

DOCS = Path(__file__).parents[3] / "docs" / "explanation"

UNKNOWN = {
    "`eval`": "D = eval('1')",
    "files": "D = open('x').read()",
    "environment": "import os\nD = os.environ['X']",
    "clock": "import time\nD = time.time()",
    "regular expressions on long texts": "import re\nD = re.findall('a', 'a' * 1000)",
    "many repetitions": "import re\nD = re.findall('a*b*c*d*', 'abcd')",
    "`exec`": "names = {}\nexec('x = 1', names)\nD = names['x']",
    "with flags": "import re\nD = re.sub('A', 'b', 'a', flags=re.I)",
    "metaclasses with methods of their own": "class M(type):\n    def __call__(cls): return 1\n"
    "class A(metaclass=M): pass\nD = A()",
    "descriptors other than properties": "class G:\n    def __get__(self, *a): return 1\n"
    "class A:\n    x = G()\nD = A().x",
    "something outside the installer": "import elsewhere\nclass A(elsewhere.B): pass\nD = A().x",
    "passed to a function outside the installer": "import elsewhere\nL = {'a': 1}\n"
    "elsewhere.f(L)\nD = L['a']",
    "the order of a set": "D = ','.join({'a', 'b'})",
    "arguments that plugindoc does not support": "import json\nD = json.dumps(1, cls=None)",
    "the rest of an iterator": "seen = []\ndef f(x):\n    seen.append(x)\n    return x\n"
    "m = map(f, 'ab')\nD = next(m)",
    "beyond one of the [limits]": "D = 2 ** 1000",
}
KNOWN = {
    "re.sub('a+', 'b', 'caat')": "cbt",
    "json.loads('[1]')": [1],
    "managed()": "inside",
    "sorted({'b', 'a'})": ["a", "b"],
}
MANAGED = """
import contextlib, json, re
@contextlib.contextmanager
def manager():
    yield "inside"
def managed():
    with manager() as value:
        return value
"""


@pytest.mark.parametrize("claim", UNKNOWN)
def test_what_the_page_calls_unknown_is(claim: str, default: Callable[[str], Option]) -> None:
    assert claim in (DOCS / "static-reading.md").read_text(encoding="utf-8")
    assert isinstance(default(UNKNOWN[claim]).default, Dynamic)


@pytest.mark.parametrize("code", KNOWN)
def test_what_is_read_is_not_called_unknown(code: str, default: Callable[[str], Option]) -> None:
    assert Known(KNOWN[code]) == default(f"{MANAGED}\nD = {code}").default


def test_the_example_of_the_evaluator_is_read_as_the_page_says(read: Read) -> None:
    page = (DOCS / "evaluator.md").read_text(encoding="utf-8")
    block = next(one for one in re.findall(r"```text\n(.*?)```", page, re.DOTALL))
    source = textwrap.dedent(re.sub(r"^ ?\d+  ", "", block, flags=re.MULTILINE))
    hooks = "def initConfig(controller): pass\ndef start(config): pass\ndef certify(config): pass\n"
    (plugin,) = read(f"import elsewhere\n{hooks}{source}").plugins
    (sequence,) = plugin.sequences
    (constraint,) = plugin.constraints
    assert Compare("CONFIG_DB", "!=", "none") == sequence.guard
    assert ["Start", "Certificates"] == [one.title.value for one in sequence.steps]  # type: ignore[union-attr] # known texts
    assert Compare("CONFIG_SSL", "==", "y") == sequence.steps[1].guard
    assert ("RuntimeError", Known("no port")) == (constraint.error, constraint.text)
