"""A step of any length is told to its end; where that is cut short, it says so."""

from __future__ import annotations

import pytest

from plugindoc.evaluation import machine
from plugindoc.evaluation.state.paths import MAX_SKETCHED
from plugindoc.model.conditions import describe
from plugindoc.model.project import Actions
from tests.plugindoc.conftest import Read

PLUGIN = """
def initConfig(controller):
    pass


def initSequences(controller):
    controller.addSequence("S", [], [], [{"title": "T", "functions": [step]}])


def step(config, messages):
"""


def account(read: Read, body: str) -> Actions:
    """Return what a step with this body does."""
    lines = "".join(f"    {line}\n" for line in body.splitlines())
    (plugin,) = read(PLUGIN + lines).plugins
    return plugin.sequences[0].steps[0].actions


def refusals(count: int) -> str:
    return "".join(
        f"if config['K{number}'] == 'y':\n    raise ValueError('{number}')\n"
        for number in range(count)
    )


def test_an_error_behind_many_others_is_told_with_as_many_tests_as_can_be_read(read: Read) -> None:
    *_, last = account(read, refusals(MAX_SKETCHED + 2)).failures

    assert f"K{MAX_SKETCHED - 1} is not y and more tests" in describe(last.guard)
    assert str(MAX_SKETCHED) not in describe(last.guard)


def test_a_step_of_many_refusals_is_told_whole(read: Read) -> None:
    found = account(read, refusals(400))

    assert (400, 400) == (len(found.failures), len(found.uses))
    assert () == found.incomplete


def test_a_step_that_was_given_up_says_so(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(machine, "MAX_PATH_PARTS", 100)
    (problem, *_) = account(read, refusals(40)).incomplete

    assert "limit" == problem.kind
    assert "parts of paths to weigh" in problem.message
