"""Python, piece by piece: what code computes is what is read."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import pytest

from plugindoc.model.conditions import describe
from plugindoc.model.project import Option
from plugindoc.model.values import Alternatives, Dynamic, Known, words
from tests.plugindoc.conftest import Read

PIECES = Path(__file__).parents[2] / "plugins" / "pieces_of_python.txt"
SAME = PIECES.read_text(encoding="utf-8").split("# ----\n")[1:]


@pytest.mark.parametrize("code", SAME, ids=range(len(SAME)))
def test_reading_computes_what_running_does(code: str, default: Callable[[str], Option]) -> None:
    names: dict[str, object] = {}
    exec(code, names)  # noqa: S102 - the code above
    found = default(code).default
    assert isinstance(found, Known), words(found)
    assert as_data(names["D"]) == found.value


def as_data(value: object) -> object:
    if isinstance(value, tuple | list):
        return [as_data(one) for one in value]
    if isinstance(value, dict):
        return {key: as_data(one) for key, one in value.items()}
    return value


@pytest.mark.parametrize(
    "code",
    [
        "import re\nD = re.sub('(a+)+', 'b', 'c')",
        "import other\nD = sorted(other.names)",
        "import other\nD = [x for x in other.names]",
        "import other\nD = {other.name: 1}['a']",
        "import other\nx = [1]\nx.extend(other.names)\nD = len(x)",
        "import other\na, b = other.pair\nD = a",
        "import other\nD = [1, 2][other.index]",
        "import other\nD = other.value + 1",
        "import other\nD = -other.value",
        "import other\nD = 'a'.join(other.names)",
        "import other\nD = '%d' % other.value",
        "import other\nD = f'{other.value:>5}'",
        "import other\nwith other.open() as f:\n    D = f.read()",
        "import other\nD = isinstance(other.x, str)",
        "import other\nD = getattr(other.x, 'y')",
        "import other\nD = int(other.x)",
        "D = b'a'.hex",
        "D = __file__",
    ],
)
def test_what_depends_on_the_unknown_is_unknown(
    code: str, default: Callable[[str], Option]
) -> None:
    found = default(code).default
    assert not isinstance(found, Known)
    assert "⟨" in words(found) or isinstance(found, Dynamic | Alternatives) or found is not None


STEPS = """
import other

def initSequences(controller):
    conf = controller.CONF
    steps = []
    {code}
    controller.addSequence("S", [], [], steps)


def add(steps, title, when=True):
    if when:
        steps.append({{"title": title, "functions": [one]}})


def one(config, messages): pass
"""
ANSWERED: Final[dict[str, list[str] | None]] = {
    "add(steps, 'A', conf['X'] == 'y')": ["A | X is y"],
    "add(steps, 'A', conf['X'] in ('y', 'n') and not conf['Y'])": None,
    "add(steps, 'A' if conf['X'] else 'B')": ["A | X is set", "B | X is not set"],
    "add(steps, {'y': 'A', 'n': 'B'}.get(conf['X'], 'C'))": None,
    "add(steps, ('B', 'A')[conf['X'] == 'y'])": ["A | X is y", "B | X is not y"],
    ("for k in ('X', 'Y'):\n        add(steps, k, conf[k] == 'y')"): ["X | X is y", "Y | Y is y"],
    ("x = [k for k in 'XY' if conf[k]]\n    for k in x:\n        add(steps, k)"): None,
    ("conf['Z'] = conf['X']\n    add(steps, 'A', conf['Z'] == 'y')"): ["A | X is y"],
    ("conf['X'] += ', a'\n    add(steps, 'A', 'b' in conf['X'])"): ["A | X contains b"],
    "add(steps, 'A', any([conf['X'] == 'y', conf['Y'] == 'y']))": ["A | X is y or Y is y"],
    "add(steps, 'A', all(conf[k] == 'y' for k in 'XY'))": ["A | X is y and Y is y"],
    "add(steps, 'A', conf['X'] != conf['X'])": [],
    "add(steps, 'A', 3 < conf['X'])": ["A | X is more than 3"],
    "add(steps, 'A', conf['X'] is None)": ["A | X is None"],
    "add(steps, 'A', 'X' in conf)": ["A | 'X' in conf"],
    ("conf.update({'Q': 'y'})\n    add(steps, 'A', conf.get('Q') == 'y')"): ["A | always"],
    ("conf.setdefault('Q', 'y')\n    del conf['Q']\n    add(steps, 'A', conf['Q'] == 'y')"): None,
    (
        "x = set(['a'])\n    "
        "if conf['X']:\n    "
        "    x.add('b')\n    "
        "for k in sorted(x):\n    "
        "    add(steps, k)"
    ): None,
    ("d = {}\n    if conf['X']:\n        d['a'] = 1\n    for k in d:\n        add(steps, k)"): [
        "a | X is set"
    ],
    ("d = {}\n    if conf['X']:\n        d['a'] = 1\n    add(steps, 'A', d.get('a') == 1)"): [
        "A | X is set"
    ],
    ("d = {}\n    if conf['X']:\n        d['a'] = 1\n    add(steps, 'A', 'a' in d)"): [
        "A | X is set"
    ],
    ("x = []\n    if conf['X']:\n        x.append('a')\n    add(steps, ','.join(['b'] + x))"): None,
    ("x = []\n    if conf['X']:\n        x.append('a')\n    add(steps, 'A', x == [])"): None,
    ("x = []\n    if conf['X']:\n        x.append('a')\n    add(steps, 'A', x)"): ["A | X is set"],
    ("x = ['a']\n    if conf['X']:\n        x.insert(0, 'b')\n    add(steps, x[-1])"): [
        "a | always"
    ],
    ("hosts = [h.strip() for h in conf['X'].split(',') if h]\n    add(steps, 'A', 'h' in hosts)"): [
        "A | X includes h"
    ],
    "add(steps, 'A', 'h' in conf['X'].split(';'))": ["A | X includes h"],
    "add(steps, 'A', 'h' not in conf['X'].split())": ["A | X does not include h"],
    "add(steps, 'A', conf['X'].split(','))": ["A | always"],
    "add(steps, 'A', conf['X'].split())": ["A | X has members"],
    "add(steps, 'A', [h for h in conf['X'].split(',') if h])": ["A | X has members"],
    "add(steps, 'A', [h for h in conf['X'].split(',') if h.startswith('a')])": None,
    "add(steps, 'A', conf['X'].split(',', 1))": None,
    "add(steps, 'A', conf['X'] is 'y')": ["A | conf['X'] is 'y'"],
    "add(steps, 'A', (conf['X'] or conf['Y']) is not 'y')": None,
    "add(steps, 'A', conf['X'] in '')": ["A | X is empty"],
    "add(steps, 'A', conf['X'] not in 'y')": ["A | X is none of y"],
    (
        "try:\n        found = conf['OTHER'] == 'y'\n"
        "    except KeyError:\n        found = True\n    "
        "add(steps, 'A', found)"
    ): ["A | OTHER is y or KeyError is raised"],
    "add(steps, 'A', '' in conf['X'].split(',') and 'a' in conf['X'].split(','))": [
        "A | X includes empty and X includes a"
    ],
    (
        "x = [h.strip() for h in conf['X'].split(',')]\n"
        "    add(steps, 'A', 'a' in x and 'a' not in conf['X'].split(','))"
    ): ["A | X includes a and X does not include a"],
    "add(steps, 'A')\n    if conf['X'] == 'y':\n        steps.append({{'title': 'B'}})": [
        "A | always"
    ],
    "add(steps, 'A', 'h' in conf['X'].split(*conf['Y']))": None,
    "add(steps, 'A' if (conf['X'] == 'y') - (conf['Y'] == 'y') else 'B')": [
        "A | (conf['X'] == 'y') - (conf['Y'] == 'y')",
        "B | not ((conf['X'] == 'y') - (conf['Y'] == 'y'))",
    ],
    "add(steps, 'A', (conf['X'] == 'y') ^ (conf['Y'] == 'y'))": None,
    "add(steps, 'A', conf['X'] < 'z' and conf['X'] < 'b')": ["A | X is less than b"],
    "add(steps, 'A', (conf['X'] or conf['Y']) >= 'y')": None,
    (
        "try:\n        assert conf['X'] != 'z'\n    except (1 / 0, TypeError):\n"
        "        caught = 1\n    add(steps, 'A')"
    ): ["A | always"],
    "add(steps, 'A', 'a b' is 'a b')": ["A | 'a b' is 'a b'"],
    "add(steps, 'A')\n    conf['X'] == 'y' == {}['b']": ["A | always"],
    "add(steps, 'A', conf['X'] == 'y' == ('y', 'n')[0])": ["A | X is y"],
    "add(steps, 'A', 'y' == conf['X'] != ('n',)['a'])": [],
    ("while conf['X'] == 'y':\n        add(steps, 'A')\n        break"): None,
    (
        "if conf['X'] == 'y':\n        t = 'A'\n    else:\n        t = 'B'\n    add(steps, t + '!')"
    ): ["A! | X is y", "B! | X is not y"],
    "add(steps, '%s-%s' % ('A' if conf['X'] else 'B', 'C'))": None,
    "add(steps, f\"{'A' if conf['X'] else 'B'}!\")": ["A! | X is set", "B! | X is not set"],
    "add(steps, 'A', (conf['X'] == 'y') is True)": None,
    "add(steps, 'A', bool(conf['X']) == bool(conf['Y']))": None,
    "add(steps, 'A', len(conf['X']) > 1)": ["A | len(conf['X']) > 1"],
    ("if other.ready():\n        add(steps, 'A')"): ["A | other.ready()"],
    ("try:\n        other.go()\n    except other.Error as e:\n        add(steps, 'A')"): [
        "A | other.Error is raised"
    ],
}


@pytest.mark.parametrize(("code", "expected"), ANSWERED.items(), ids=range(len(ANSWERED)))
def test_code_over_answers_gives_steps_with_guards(
    code: str, expected: list[str] | None, read: Read
) -> None:
    project = read(STEPS.format(code=code))
    (sequence,) = project.plugins[0].sequences
    found = [f"{words(step.title)} | {describe(step.guard)}" for step in sequence.steps]
    assert () == project.problems
    if expected is None:
        assert found
        assert all("always" not in one for one in found) or len(found) > 1
    else:
        assert expected == found
