"""Values that only Python 2 computes, or computes in another way."""

from __future__ import annotations

import pytest

from plugindoc.model.values import Known
from tests.plugindoc.conftest import Read

_PLUGIN = """
import string

def spread(name, (low, high)=(1, 2)):
    return "%s:%d-%d" % (name, low, high)

def initConfig(controller):
    print "declaring"
    order = 0
    if "nine" < 9:
        order = 1
    params = [{{"CONF_NAME": "CONFIG_ODD", "DEFAULT_VALUE": {expression}}}]
    controller.addGroup({{"GROUP_NAME": "ODD"}}, params)
"""


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ('string.join(["a", "b"], "-")', "a-b"),
        ('string.join(["a", "b"])', "a b"),
        ('string.upper("abc")', "ABC"),
        ('string.replace("aXb", "X", "-")', "a-b"),
        ('string.split("a b")', ["a", "b"]),
        ('dict(map(None, ["a", "b"], [1]))["b"]', None),
        ("map(None, (1, 2))", [1, 2]),
        ("map(str, [1, 2])", ["1", "2"]),
        ('apply(spread, ("x", (3, 4)))', "x:3-4"),
        ('spread("x")', "x:1-2"),
        ('spread("x", (5, 6))', "x:5-6"),
        ("cmp(2, 1)", 1),
        ("oct(8) + oct(0)", "0100"),
        ("round(2.5)", 3.0),
        ("round(-2.5)", -3.0),
        ("7 / 2", 3),
        ("str(0755)", "493"),
    ],
)
def test_python_2_computes_it_like_that(read: Read, expression: str, expected: object) -> None:
    (plugin,) = read(_PLUGIN.format(expression=expression)).plugins
    (option,) = plugin.groups[0].options
    assert Known(expected) == option.default
    assert isinstance(option.default, Known)
    assert type(expected) is type(option.default.value)
