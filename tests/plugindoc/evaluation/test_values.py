"""Values are exact where the source settles them, and say why they are not elsewhere."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from plugindoc.model.project import Option
from plugindoc.model.values import Alternatives, Dynamic, Known, Text, words
from tests.plugindoc.conftest import Read

KNOWN = {
    "D = ('a' 'b'\n     'c')": "abc",
    "D = 'a%sc%%' % 'b'": "abc%",
    "D = '%(a)s-%(b)03d' % {'a': 'x', 'b': 7}": "x-007",
    "D = '{0}{x[k]}{1!r:>4}'.format('a', 'b', x={'k': 'v'})": "av 'b'",
    "x = 'v'\nD = f'{x!r}{3:>3}{{}}{x:{5}}'": "'v'  3{}v    ",
    "D = 'abcdef'[1:-1:2]": "bd",
    "D = 'a' if 'b' in ['b'] else 'c'": "a",
    "D = [x * 2 for x in range(4) if x % 2]": [2, 6],
    "D = {k: v for k, v in zip('ab', [1, 2])}": {"a": 1, "b": 2},
    "D = sorted({3, 1, 2} | {4}, reverse=True)": [4, 3, 2, 1],
    "D = dict([('a', 1)], b=2)": {"a": 1, "b": 2},
    "D = []\nD += ['a']\nD.extend(('b',))\nD.insert(0, 'c')\nD.remove('a')": ["c", "b"],
    "d = {}\nd.setdefault('x', []).append(1)\nd.update({'y': 2})\nD = d": {"x": [1], "y": 2},
    "a, (b, *c) = 1, (2, 3, 4)\nD = [a, b, c]": [1, 2, [3, 4]],
    "def f(a, *rest, b='b', **more):\n    return [a, rest, b, more]\nD = f(1, 2, 3, c=4)": [
        1,
        [2, 3],
        "b",
        {"c": 4},
    ],
    "def outer():\n    n = 0\n    def inner():\n        nonlocal n\n        n += 1\n"
    "        return n\n"
    "    inner()\n    return inner()\nD = outer()": 2,
    "class Kind(object):\n    base = 'b'\n    def __init__(self, name):\n        self.name = name\n"
    "    @property\n    def both(self):\n        return self.name + self.base\n"
    "D = Kind('a').both": "ab",
    "def numbers():\n    for n in (1, 2):\n        yield n\n    yield 3\nD = list(numbers())": [
        1,
        2,
        3,
    ],
    "try:\n    {}['k']\nexcept KeyError:\n    D = 'caught'\nelse:\n    D = 'not'": "caught",
    "try:\n    D = 'first'\nfinally:\n    D += ' last'": "first last",
    "D = 0\nwhile True:\n    D += 1\n    if D == 3:\n        break\nelse:\n    D = 'else'": 3,
    "for D in range(9):\n    if D == 2:\n        continue\n    if D > 3:\n        break": 4,
    "import os\nD = os.path.join('/etc', 'x', 'y.conf')": "/etc/x/y.conf",
    "import textwrap\nD = textwrap.dedent('''\n    a\n      b\n''')": "\na\n  b\n",
    "import copy\nx = [[1]]\ny = copy.deepcopy(x)\ny[0].append(2)\nD = x + y": [[1], [1, 2]],
    "D = '-'.join(map(str, [1, 2]))": "1-2",
    "D = any(x > 1 for x in (1, 2)) and all([])": True,
    "D = max([3, 1], ) + min(4, 2) + sum([1, 2]) + len('abc')": 11,
    "D = isinstance('a', str) and not isinstance(1, (list, dict))": True,
    "D = ' A,b '.strip().lower().split(',')": ["a", "b"],
    "D = 'a.b'.partition('.')[::-1]": ["b", ".", "a"],
    "x = {'a': 1, 'b': 2}\ndel x['a']\nD = list(x.items())": [["b", 2]],
    "D = (lambda a, b=2: a + b)(1)": 3,
    "if (n := 4) > 3:\n    D = n": 4,
    "D = 1.5 // 1 + 2 ** 3 - -1": 10.0,
    "D = None": None,
}


@pytest.mark.parametrize(("code", "value"), KNOWN.items(), ids=range(len(KNOWN)))
def test_what_the_source_settles_is_known(
    code: str, value: object, default: Callable[[str], Option]
) -> None:
    found = default(code).default
    assert Known(value) == found
    assert isinstance(found, Known)
    assert type(value) is type(found.value)


@pytest.mark.parametrize(
    ("code", "source", "reason"),
    [
        ("import uuid\nD = uuid.uuid4().hex[:16]", "uuid.uuid4().hex[:16]", "uuid.uuid4"),
        ("import glob\nD = (glob.glob('x') + [''])[0]", "(glob.glob('x') + [''])[0]", "glob.glob"),
        ("import os\nD = os.environ['HOME']", "os.environ['HOME']", "os.environ"),
        ("from other import thing\nD = thing()", "thing()", "other.thing"),
        ("D = nowhere", "nowhere", "not bound"),
        ("def f():\n    return nowhere()\nD = f()", "f()", "not bound"),
    ],
)
def test_what_only_the_installer_knows_stays_as_it_is_written(
    code: str, source: str, reason: str, default: Callable[[str], Option]
) -> None:
    found = default(code).default
    assert isinstance(found, Dynamic)
    assert source == found.source
    assert reason in found.reason
    assert found.location is not None


def test_a_text_keeps_what_is_known_around_a_hole(default: Callable[[str], Option]) -> None:
    found = default("from socket import gethostname\nD = 'admin@%s:1' % gethostname()").default
    assert isinstance(found, Text)
    assert "admin@⟨gethostname()⟩:1" == words(found)


def test_branches_on_the_machine_give_both_alternatives(default: Callable[[str], Option]) -> None:
    code = "import platform\nif platform.machine() == 'x':\n    D = 'a'\nelse:\n    D = 'b'"
    found = default(code).default
    assert isinstance(found, Alternatives)
    assert [Known("a"), Known("b")] == [branch.value for branch in found.branches]


def test_functions_are_references(read: Read) -> None:
    source = '''
    from other.place import check as imported

    def initConfig(controller):
        def nested(param, options=None):
            """Look closely.

            At everything.
            """
        found = [nested, outer, imported, lambda param, options: None]
        controller.addGroup({"GROUP_NAME": "G"}, [{"CONF_NAME": "X", "VALIDATORS": found}])

    def outer(param, options=None):
        pass
    '''
    project = read(source)
    (option,) = project.plugins[0].groups[0].options
    names = "[first_100.nested, first_100.outer, place.check, first_100.<lambda>]"
    assert names == words(option.validators)
    lines = [f.location.line for f in project.functions if f.location is not None]
    assert [5, 10, 13] == sorted(lines)
    nested = next(f for f in project.functions if f.name == "first_100.outer")
    assert "validator" == nested.role


def test_a_later_option_takes_the_place_of_an_earlier_one(read: Read) -> None:
    source = """
    def initConfig(controller):
        params = [{"CONF_NAME": "A", "PROMPT": "old"}, {"CONF_NAME": "B"},
                  {"CONF_NAME": "A", "PROMPT": "new"}]
        controller.addGroup({"GROUP_NAME": "G"}, params)
        params[1]["PROMPT"] = "too late"
        params = params[:1]
        controller.addGroup({"GROUP_NAME": "H"}, params)
    """
    first, second = read(source).plugins[0].groups
    assert ["A", "B"] == [option.name for option in first.options]
    assert Known("new") == first.options[0].prompt
    assert [Known("old")] == [option.prompt for option in first.replaced]
    assert first.options[1].prompt is None
    assert ["A"] == [option.name for option in second.options]


def test_options_of_other_plugins_can_be_asked_for(read: Read) -> None:
    first = """
    def initConfig(controller):
        controller.addGroup({"GROUP_NAME": "ONE"}, [{"CONF_NAME": "A", "DEFAULT_VALUE": "a"}])
    """
    second = """
    def initConfig(controller):
        found = [controller.getParamByName(name).DEFAULT_VALUE for name in ("A",)]
        found.append(controller.getParamKeyValue("A", "CONF_NAME"))
        found.append(controller.getGroupByName("ONE").GROUP_NAME)
        found.append(controller.getParamByName("missing"))
        controller.addGroup({"GROUP_NAME": "TWO"}, [{"CONF_NAME": "B", "DEFAULT_VALUE": found}])
    """
    project = read(first, {"plugins/second_200.py": second})
    (option,) = project.plugins[1].groups[0].options
    assert Known(["a", "A", "ONE", None]) == option.default


def test_every_field_knows_its_place(read: Read) -> None:
    source = """
    def initConfig(controller):
        param = {"CONF_NAME": "A",
                 "PROMPT": "p"}
        param["USAGE"] = "u"
        controller.addGroup({"GROUP_NAME": "G", "ODD": 1}, [param])
    """
    (group,) = read(source).plugins[0].groups
    (option,) = group.options
    assert {"name": 3, "prompt": 4, "usage": 5} == {k: v.line for k, v in option.fields.items()}
    assert {"ODD": Known(1)} == group.extra


def test_what_was_registered_can_be_changed_afterwards(read: Read) -> None:
    first = """
    def initConfig(controller):
        params = [{"CONF_NAME": "A", "DEFAULT_VALUE": "a", "OPTION_LIST": ["x"]},
                  {"CONF_NAME": "B", "DEFAULT_VALUE": "b"}]
        controller.addGroup({"GROUP_NAME": "ONE"}, params)
    """
    second = """
    def initConfig(controller):
        param = controller.getParamByName("A")
        param.DEFAULT_VALUE = "other"
        param.OPTION_LIST.append("y")
        controller.getParamByName("B").MASK_INPUT = True
    """
    a, b = read(first, {"plugins/second_200.py": second}).plugins[0].groups[0].options
    assert (Known("other"), Known(["x", "y"])) == (a.default, a.choices)
    assert ("plugins/second_200.py", 4) == (a.fields["default"].path, a.fields["default"].line)
    assert (Known("b"), Known(value=True)) == (b.default, b.mask_input)
