"""What never ends, or grows without bounds, ends as an unknown value that names the limit."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from plugindoc.model.conditions import ALWAYS, Opaque
from plugindoc.model.project import Option
from plugindoc.model.values import Alternatives, Dynamic, Entries, Items, Known, Text, Value
from tests.plugindoc.conftest import Read

ENDLESS = {
    "an endless loop": "D = 1\nwhile True:\n    D += 1",
    "a loop of ten million rounds": "D = 0\nfor i in range(10**7):\n    D += i",
    "a loop in a loop": "D = 0\nfor i in range(4000):\n    for j in range(4000):\n        D += j",
    "endless recursion": "def f(n):\n    return f(n + 1)\nD = f(0)",
    "recursion that branches": "def f(n):\n    return f(n + 1) + f(n + 2)\nD = f(0)",
    "a function that calls itself": "f = lambda g: g(g)\nD = f(f)",
    "a repeated text": 'D = "a" * 10**9',
    "a doubled text": 'D = "a"\nfor i in range(100):\n    D = D + D',
    "a text replaced by itself": 'D = "a" * 900\nD = D.replace("a", D).replace("a", D)',
    "a joined text": 'D = ("a" * 1000).join(["b"] * 1000)',
    "a wide text": 'D = "a".ljust(10**9)',
    "a wide number": 'D = "%1000000000d" % 1',
    "a wide field": 'D = "{:>1000000000}".format(1)',
    "a wide field of an f-string": 'D = f"{1:>1000000000}"',
    "a repeated list": "D = [0] * 10**9",
    "a long range": "D = list(range(10**9))",
    "a long comprehension": "D = [i for i in range(4000) for j in range(4000)]",
    "a tower of powers": "D = 10 ** 10 ** 10",
    "a long shift": "D = 1 << 10**10",
    "a number beyond 64 bits": "D = 2 ** 100",
    "a long number": "D = " + "9" * 100_000,
    "a million characters of members": "D = [" + "0," * 500_000 + "]",
    "deep parentheses": "D = " + "(" * 5_000 + "1" + ")" * 5_000,
    "deep calls": "D = a" + "()" * 20_000,
    "a list in itself": "D = []\nD.append(D)",
    "many branches": "D = 1\n" + "".join(f"if a == {i}:\n    D = {i}\n" for i in range(100)),
    "an endless generator": "def g():\n    while True:\n        yield 1\nD = list(g())",
}


TWICE = {
    "lists added": ("[1]", "D + D"),
    "lists put together": ("[1]", "[*D, *D]"),
    "lists chained": ("[1]", "list(itertools.chain(D, D))"),
    "tuples added": ("(1,)", "D + D"),
    "tuples in tuples": ("1", "(D, D)"),
    "arguments": ("(1,)", "(lambda *given: given)(*D, *D)"),
    "a text formatted": ('"ab"', '"{0}{0}".format(D)'),
    "a text filled in": ('"ab"', '"%s%s" % (D, D)'),
    "an f-string": ('"ab"', 'f"{D}{D}"'),
    "a text with holes": ('"ab" + uuid.uuid4()', 'f"{D}{D}"'),
    "a sum with holes": ("uuid.uuid4()", 'D + "a" + D'),
}


@pytest.mark.parametrize(("start", "twice"), TWICE.values(), ids=TWICE)
def test_what_doubles_again_and_again_ends(
    start: str, twice: str, default: Callable[[str], Option]
) -> None:
    code = f"import itertools, uuid\nD = {start}\nfor i in range(40):\n    D = {twice}"
    found = reasons(default(code).default)
    assert [] != [reason for reason in found if reason.startswith("limit")]


LONG = {
    "comparisons in a row": "D = a" + " != b" * 2_000,
    "what is the same in a row": "D = a" + " == b" * 2_000,
    "a pattern that goes to and fro": "import re\nD = re.sub('x*x*x*y', '', 'x' * 500)",
    "a slice that doubles": "D = [1]\nfor i in range(40):\n    D[0:0] = D",
    "rounds that give nothing": "D = [1 for i in range(5000) for j in range(5000) if False]",
    "lists in lists": "D = [[[0] * 200] * 200] * 200",
    "work on a long list": "L = list(range(19000))\nfor i in range(5000):\n    D = sorted(L)",
    "copies of a long list": "import copy\nL = [1] * 19000\n"
    "for i in range(5000):\n    D = copy.deepcopy(L)",
}


@pytest.mark.parametrize("code", LONG.values(), ids=LONG)
def test_work_is_bounded_with_what_it_goes_over(
    code: str, default: Callable[[str], Option]
) -> None:
    found = reasons(default(code).default)
    assert [] != [reason for reason in found if reason.startswith("limit")]


def test_a_long_line_of_classes_is_told(read: Read) -> None:
    classes = "".join(f"class A{n}(A{n - 1}):\n    pass\n" for n in range(1, 300))
    project = read(f"class A0:\n    pass\n{classes}PLUGIN_NAME = 'kept'\n")
    assert Known("kept") == project.plugins[0].name
    assert [("limit", 2 * 201 + 1)] == [(p.kind, p.location.line) for p in project.problems]


def test_a_class_is_looked_through_once_however_often_it_is_inherited(
    default: Callable[[str], Option],
) -> None:
    code = "class A0:\n    kept = 'kept'\nclass B0:\n    pass\n" + "".join(
        f"class A{n}(B{n - 1}, A{n - 1}):\n    pass\nclass B{n}(B{n - 1}, A{n - 1}):\n    pass\n"
        for n in range(1, 40)
    )
    assert Known("kept") == default(f"{code}D = A39().kept").default


def reasons(value: Value | None) -> list[str]:
    match value:
        case Dynamic(reason=reason):
            return [reason]
        case Entries(pairs=pairs):
            return [reason for pair in pairs for one in pair for reason in reasons(one)]
        case Items(members=members):
            return [reason for member in members for reason in reasons(member)]
        case Text(parts=parts):
            return [part.reason for part in parts if isinstance(part, Dynamic)]
        case Alternatives(branches=branches):
            return [reason for branch in branches for reason in reasons(branch.value)]
        case _:
            return []


@pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS)
def test_a_limit_is_named(code: str, default: Callable[[str], Option]) -> None:
    found = reasons(default(code).default)
    assert [] != [reason for reason in found if reason.startswith("limit")]


def test_what_stands_behind_an_endless_loop_is_read(default: Callable[[str], Option]) -> None:
    assert Known("kept") == default("x = 1\nwhile True:\n    x += 1\nD = 'kept'").default


def test_what_stands_behind_many_endless_loops_is_read(default: Callable[[str], Option]) -> None:
    code = "x = 1\nwhile True:\n    x += 1\n" * 6 + "D = [i for i in range(50)]"
    assert Known(list(range(50))) == default(code).default


MODULE = {
    "an endless loop": "x = 1\nwhile True:\n    x += 1\n",
    "an endless default": "def f(n):\n    return f(n + 1) + f(n + 2)\ndef g(a=f(0)):\n    pass\n",
    "an endless decorator": "def f(g):\n    while True:\n        g = 1\n@f\ndef h():\n    pass\n",
}


@pytest.mark.parametrize("code", MODULE.values(), ids=MODULE)
def test_a_module_is_read_behind_what_reaches_a_limit(code: str, read: Read) -> None:
    project = read(f"{code}PLUGIN_NAME = 'kept'\n")
    assert Known("kept") == project.plugins[0].name
    assert {"limit"} == {one.kind for one in project.problems}


def test_a_module_of_many_functions_is_read_to_its_end(read: Read) -> None:
    functions = "def some():\n    pass\n" * 15_001
    project = read(f"{MODULE['an endless loop']}{functions}PLUGIN_NAME = 'kept'\n")
    assert Known("kept") == project.plugins[0].name


CHANGED = {
    "a list": "D = []\nfor i in range(6000):\n    D.append(i)",
    "a list by another name": "D = []\nadd = D.append\nfor i in range(6000):\n    add(i)",
    "a list of a dict": "E = {'k': []}\nfor i in range(6000):\n    E['k'].append(i)\nD = E['k']",
    "an endlessly long list": "D = []\nfor i in range(10**9):\n    D.append(i)",
    "a dict": "D = {'a': 1}\nfor i in range(6000):\n    D['a'] = i",
    "a member": "D = [1]\nfor i in range(4000):\n    for j in range(4000):\n        D[0] = i",
    "an instance": "class A:\n    x = 1\na = A()\nfor i in range(6000):\n    a.x = i\nD = a.x",
    "a class": "class A:\n    x = 1\nfor i in range(6000):\n    A.x = i\nD = A.x",
    "a name of the function outside": "D = 1\ndef f(i):\n    nonlocal D\n    D = i\n"
    "for i in range(6000):\n    f(i)",
}


@pytest.mark.parametrize("code", CHANGED.values(), ids=CHANGED)
def test_nothing_is_known_that_a_given_up_loop_changes(
    code: str, default: Callable[[str], Option]
) -> None:
    found = reasons(default(code).default)
    assert [] != [reason for reason in found if reason.startswith("limit")]


def test_a_loop_that_ends_in_time_is_read_however_long_its_list(
    default: Callable[[str], Option],
) -> None:
    code = "for i in range(6000):\n    D = i\n    if i == 7:\n        break"
    assert Known(7) == default(code).default


def test_a_long_sum_of_texts_is_no_limit(default: Callable[[str], Option]) -> None:
    code = "D = " + " + ".join(['"a"'] * 3_000)
    assert Known("a" * 3_000) == default(code).default


def test_recursion_that_ends_is_followed(default: Callable[[str], Option]) -> None:
    code = "def f(n):\n    return 1 if n < 2 else n * f(n - 1)\nD = f(10)"
    assert Known(3_628_800) == default(code).default


def test_steps_that_replace_one_another_stay_few(read: Read) -> None:
    steps = "".join(
        f'    if config["CONFIG_{number}"] == "y":\n'
        f'        steps.append({{"title": "Same", "functions": [step{number}]}})\n'
        for number in range(12)
    )
    functions = "".join(f"def step{n}(config, messages):\n    pass\n\n\n" for n in range(12))
    project = read(
        f"{functions}def initSequences(controller):\n    config, steps = controller.CONF, []\n"
        f'{steps}    controller.addSequence("S", [], [], steps)\n'
    )
    (sequence,) = project.plugins[0].sequences
    assert 12 * 13 / 2 == len(sequence.steps)


def test_a_test_of_too_many_alternatives_is_told(read: Read) -> None:
    branches = "".join(
        f'    if config["A{number}"] == "y":\n        D += ["{number}"]\n' for number in range(40)
    )
    project = read(
        "def initSequences(controller):\n    config, D = controller.CONF, []\n"
        f'{branches}    if ",".join(D) == "1,2":\n'
        '        controller.addSequence("S", [], [], [])\n'
    )
    assert [] != [one for one in project.problems if one.message.startswith("limit")]


def test_conditions_are_weighed_against_one_another_for_a_while(read: Read) -> None:
    branches = "".join(
        f'        if config["A{n}"] == "y" and (config["B{n}"] != "n" or config["C{n}"]):\n'
        f'            steps.insert({n % 3}, {{"title": "T{n % 2}", "functions": [one]}})\n'
        f'        elif config["A{n + 1}"] in ("x", "z"):\n'
        f'            config["B{n + 1}"] = config["C{n}"]\n'
        for n in range(8)
    )
    project = read(
        "def one(config, messages):\n    pass\n\n\n"
        "def initSequences(controller):\n    config, steps = controller.CONF, []\n"
        f'    for name in "abc":\n{branches}'
        '        controller.addSequence("S" + name, [], [], steps)\n'
        '    controller.addSequence("Last", [], [], [])\n'
    )
    assert "Last" == project.plugins[0].sequences[-1].title
    assert [] != [one for one in project.problems if one.message.startswith("limit")]


def test_paths_that_are_too_many_to_tell_apart_agree_on_what_they_share(read: Read) -> None:
    returns = "".join(
        f'    if config["A{number}"] == "y":\n        steps.append({number})\n'
        f"        return {number}\n"
        for number in range(60)
    )
    project = read(
        f'def pick(config, steps):\n    config["SAME"] = "y"\n{returns}    return "z"\n\n\n'
        "def initSequences(controller):\n    config, steps = controller.CONF, []\n"
        "    title = pick(config, steps)\n"
        '    if config["SAME"] == "y":\n'
        '        controller.addSequence("S", [], [], [{"title": title, "functions": []}])\n'
        '    controller.addSequence("T", [], [], steps)\n'
    )
    same, different = project.plugins[0].sequences
    title = same.steps[0].title
    assert isinstance(title, Dynamic)
    assert "limit: depends on too many answers at once" == title.reason
    assert ALWAYS == same.guard
    assert () == different.steps
    assert [] != [one for one in project.problems if one.message.startswith("a step of this")]


def test_a_key_that_only_some_of_many_paths_set_is_not_taken_for_set(read: Read) -> None:
    returns = "".join(
        f'    if config["A{number}"] == "y":\n        found["on"] = {number}\n        return\n'
        for number in range(60)
    )
    project = read(
        f'def fill(config, found):\n    found["all"] = 1\n{returns}\n\n'
        "def initSequences(controller):\n    config, found = controller.CONF, {}\n"
        "    fill(config, found)\n"
        '    if "on" in found:\n        controller.addSequence("Some", [], [], [])\n'
        '    if "all" in found:\n        controller.addSequence("All", [], [], [])\n'
    )
    some, every = project.plugins[0].sequences
    assert isinstance(some.guard, Opaque)
    assert ALWAYS == every.guard
