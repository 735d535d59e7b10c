"""What is made of a value that only the running installer knows is not known either."""

from __future__ import annotations

import pytest

import plugindoc
from plugindoc.model.project import Plugin
from plugindoc.model.values import Known, Value

PLUGIN = """\
import elsewhere


def initConfig(controller):
    u = elsewhere.asked()
    {body}
    controller.addGroup({{"GROUP_NAME": "G"}}, [{{"CONF_NAME": "X", "DEFAULT_VALUE": D}}])
"""

SNIPPETS = """
D = u
D = u.x.y(1)[2]
D = u[0]
D = u[1:]
D = -u
D = not u
D = u + 1
D = 1 - u
D = u ** 2
D = u % 2
D = 'a' * u
D = u == 1
D = u < 1
D = 1 <= u
D = u in [1, 2]
D = 1 in u
D = 'a' not in u
D = u and 1
D = u or 1
D = u if u else 1
D = [1, 2][u]
D = (1, 2)[u]
D = 'text'[u]
D = {'a': 1}[u]
D = len(u)
D = abs(u)
D = round(u)
D = divmod(u, 2)
D = int(u)
D = float(u)
D = bool(u)
D = str(u)
D = repr(u)
D = ord(u)
D = chr(u)
D = sum(u)
D = sum([1, u])
D = max(u)
D = min(1, u)
D = any(u)
D = all(u)
D = any(x for x in u)
D = all(x for x in u)
D = sorted(u)
D = sorted([2, 1], key=u)
D = list(reversed(u))
D = list(range(u))
D = list(u)
D = tuple(u)
D = set(u)
D = dict(u)
D = dict(zip(u, [1]))
D = list(zip([1], u))
D = list(enumerate(u))
D = list(map(str, u))
D = list(map(u, [1]))
D = list(filter(None, u))
D = list(filter(u, [1]))
D = [x for x in u]
D = {x: 1 for x in u}
D = {x for x in u}
D = [x for x in [1, 2] if x != u]
D = next(iter(u))
D = isinstance(u, str)
D = getattr(u, 'x', 1)
D = ','.join(u)
D = ','.join(['a', u])
D = 'a,b'.split(u)
D = 'abc'.replace('a', u)
D = 'abc'.startswith(u)
D = 'abc'.find(u)
D = u.upper()
D = '%d' % u
D = '%5s|' % u
D = '%(a)s' % u
D = '%s %s' % (u, 1)
D = '{:>5}'.format(u)
D = '{0.x}'.format(u)
D = f'{u!r:>8}'
x = [1]; x.append(u); D = x
x = [1]; x.insert(u, 2); D = x
x = [1, 2]; x.remove(u); D = x
x = [1]; x.extend(u); D = x
x = [1]; x += u; D = x
x = [1, 2]; D = x.pop(u)
x = [1, 2]; D = x.index(u)
x = [1, 2]; D = x.count(u)
x = [2, 1]; x.sort(key=u); D = x
x = [1, 2]; x[u] = 3; D = x
x = [1, 2]; del x[u]; D = x
x = {}; x.update(u); D = x
x = {'a': 1}; D = x.get(u)
x = {'a': 1}; D = x.pop(u)
x = {'a': 1}; D = x.setdefault(u, 2)
x = {'a': 1}; x[u] = 2; D = x['a']
x = {1}; x.add(u); D = x
x = {1}; x |= u; D = x
D = {1, 2} & u
D = {1} - u
a, b = u; D = b
a, *b = u; D = b
"""

CODE = [
    "x = [1]\nif u: x.append(2)\nD = len(x)",
    "x = [1]\nif u: x.append(2)\nD = x[-1]",
    "x = {}\nif u: x['b'] = 2\nD = list(x)",
    "D = ''\nfor y in u: D += y",
    "D = 0\nwhile u: D += 1",
    "with u as x: D = x",
    "try:\n    D = u.x\nexcept Exception:\n    D = 1",
    "def f(*a, **k): return a\nD = f(*u)",
    "def f(**k): return k\nD = f(**u)",
    "class C(u): pass\nD = C()",
    "import os\nD = os.environ['HOME']",
    "D = open('name').read()",
    "import itertools\nx = [1]\nelsewhere.f(itertools.product([x], [2]))\nD = x[0]",
    (
        "import os\nx = 'a' if u.x else u\ntry:\n    os.path.join(x, 'b')\n    D = 1\n"
        "except TypeError:\n    D = 2"
    ),
    "x = 'a' if u.x else u\ntry:\n    str.join('', x)\n    D = 1\nexcept TypeError:\n    D = 2",
    "x = 1 if u.x else 'a'\ntry:\n    x.conjugate()\n    D = 1\nexcept AttributeError:\n    D = 2",
]


def names(number: int) -> str:
    return f"snippet{number}_{number:03d}"


ALL = [*SNIPPETS.strip().splitlines(), *CODE]


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plugin]:
    """Return all snippets, read at once, each in a plugin of its own."""
    folder = tmp_path_factory.mktemp("unknown") / "plugins"
    folder.mkdir()
    for number, body in enumerate(ALL):
        text = PLUGIN.format(body=body.replace("\n", "\n    "))
        (folder / f"{names(number)}.py").write_text(text)
    return {one.module: one for one in plugindoc.load(folder.parent).plugins}


@pytest.mark.parametrize("number", range(len(ALL)), ids=ALL)
def test_it_stays_unknown(number: int, plugins: dict[str, Plugin]) -> None:
    (group,) = plugins[names(number)].groups
    (option,) = group.options
    default: Value | None = option.default

    assert default is not None
    assert not isinstance(default, Known)
