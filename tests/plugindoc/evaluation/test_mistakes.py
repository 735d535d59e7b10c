"""An error of the reader itself costs the statement that it comes from, and is a problem there."""

from __future__ import annotations

from typing import NoReturn

import pytest

from plugindoc.evaluation.transfer.expressions import EVALUATORS
from plugindoc.model.values import Known
from plugindoc.reading import syntax
from tests.plugindoc.conftest import Read

PLUGIN = """
    LIMIT = 1
    WRONG = 1 if LIMIT else 2

    def helper():
        before = 3
        wrong = 1 if before else 2
        return before

    def initConfig(controller):
        {inner}
        param = {{"CONF_NAME": "CONFIG_X", "DEFAULT_VALUE": {value}}}
        controller.addGroup({{"GROUP_NAME": "G"}}, [param])

    def initSequences(controller):
        controller.addSequence("S", [], [], [{{"title": "t", "functions": [step]}}])

    def step(config, messages):
        wrong = 1 if config["CONFIG_A"] else 2
        config["CONFIG_B"]
"""


def fail(*_: object) -> NoReturn:
    message = "no such thing"
    raise LookupError(message)


@pytest.fixture(autouse=True)
def broken_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(EVALUATORS, syntax.Conditional, fail)  # type: ignore[misc] # a table of types


@pytest.mark.parametrize(
    ("inner", "value", "line"),
    [
        ("pass", "LIMIT", 3),
        ("pass", "helper()", 7),
        ("wrong = 1 if 1 else 2", "LIMIT", 11),
        ("if LIMIT:\n            wrong = 1 if 1 else 2", "LIMIT", 12),
    ],
)
def test_a_statement_is_lost_and_nothing_else(
    inner: str, value: str, line: int, read: Read
) -> None:
    project = read(PLUGIN.format(inner=inner, value=value))
    option = project.plugins[0].groups[0].options[0]
    found = {one.location.line for one in project.problems if one.kind == "mistake"}
    (step,) = project.plugins[0].sequences[0].steps
    assert Known(3 if "helper()" == value else 1) == option.default
    assert line in found
    assert ["CONFIG_A", "CONFIG_B"] == sorted({use.key for use in step.actions.uses})


def test_the_problem_says_what_went_wrong(read: Read) -> None:
    project = read(PLUGIN.format(inner="pass", value="1"))
    problem = project.problems[0]
    message = "internal error in plugindoc: LookupError: no such thing"
    assert ("mistake", message) == (problem.kind, problem.message)
    assert ("plugins/first_100.py", 3) == (problem.location.path, problem.location.line)
    assert "mistake" in [
        one.kind for s in project.plugins[0].sequences for one in s.steps[0].actions.incomplete
    ]
