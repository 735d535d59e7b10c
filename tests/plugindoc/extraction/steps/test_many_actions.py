"""Steps that call the same long helper: what is recorded of all of them is bounded."""

from __future__ import annotations

import pytest

from plugindoc.extraction import steps as extraction
from plugindoc.model.project import Step
from tests.plugindoc.conftest import Read

TESTS = 10
STEPS = 50
LIMIT = 500


def source(steps: int) -> str:
    tests = "\n".join(
        f"    if config['A{number}'] == 'y':\n        config['B{number}'] = 'y'"
        for number in range(TESTS)
    )
    listed = ", ".join(
        f"{{'title': 'Step {number}', 'functions': [run]}}" for number in range(steps)
    )
    return f"""
def initConfig(controller):
    pass


def run(config, messages):
{tests}


def initSequences(controller):
    controller.addSequence("S", [], [], [{listed}])
"""


def test_the_steps_beyond_the_limit_say_so(read: Read, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(extraction, "MAX_ACTIONS", LIMIT)
    project = read(source(STEPS))
    steps: tuple[Step, ...] = project.plugins[0].sequences[0].steps
    assert STEPS == len(steps)
    assert 2 * TESTS == len(steps[0].actions.uses)
    assert LIMIT + 2 * TESTS >= sum(len(step.actions.uses) for step in steps)
    assert () == steps[-1].actions.uses
    [problem] = steps[-1].actions.incomplete
    assert f"limit: more than {LIMIT} actions" in problem.message
