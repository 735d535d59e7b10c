"""Calls that never return end the path like an error does."""

from __future__ import annotations

import pytest

from plugindoc.model.conditions import Compare
from plugindoc.model.values import Known
from tests.plugindoc.conftest import Read

NOT_A = Compare("CONFIG_A", "!=", "y")

PLUGIN = """
    import os
    import sys

    def helper(text):
        raise RuntimeError(text)

    def initConfig(controller):
        pass

    def initSequences(controller):
        config = controller.CONF
        if config["CONFIG_A"] != "y":
            {end}
        controller.addSequence("S", [], [], [{{"title": "t", "functions": [step]}}])

    def step(config, messages):
        if config["CONFIG_B"] == "y":
            {end}
        config["CONFIG_C"]
"""

ENDS = [
    ("sys.exit()", "SystemExit", None),
    ("sys.exit(1)", "SystemExit", None),
    ("sys.exit('A is needed')", "SystemExit", Known("A is needed")),
    ("exit('A is needed')", "SystemExit", Known("A is needed")),
    ("quit()", "SystemExit", None),
    ("os._exit(1)", "SystemExit", None),
    ("os.execv('/bin/true', [])", "SystemExit", None),
    ("raise SystemExit('A is needed')", "SystemExit", Known("A is needed")),
    ("helper('A is needed')", "RuntimeError", Known("A is needed")),
]


@pytest.mark.parametrize(("end", "error", "text"), ENDS)
def test_what_follows_runs_where_the_end_is_not_met(
    end: str, error: str, text: Known | None, read: Read
) -> None:
    (plugin,) = read(PLUGIN.format(end=end)).plugins
    (sequence,) = plugin.sequences
    (constraint,) = plugin.constraints
    assert Compare("CONFIG_A", "==", "y") == sequence.guard
    assert (error, text, NOT_A) == (constraint.error, constraint.text, constraint.condition)


@pytest.mark.parametrize(("end", "error", "text"), ENDS)
def test_a_step_fails_with_it(end: str, error: str, text: Known | None, read: Read) -> None:
    (plugin,) = read(PLUGIN.format(end=end)).plugins
    (failure,) = plugin.sequences[0].steps[0].actions.failures
    assert (error, text) == (failure.error, failure.text)


@pytest.mark.parametrize(
    "loop",
    [
        "while True:\n            pass",
        "while True:\n            x = 1",
        "while 1:\n            sys.stdout.flush()",
    ],
)
def test_a_loop_that_changes_nothing_never_ends(loop: str, read: Read) -> None:
    source = PLUGIN.format(end="forever()").replace(
        "def helper(text)",
        f"def forever():\n        {loop}\n\n    def helper(text)",
    )
    (plugin,) = read(source).plugins
    assert Compare("CONFIG_A", "==", "y") == plugin.sequences[0].guard
    assert ["an endless loop"] == [one.error for one in plugin.constraints]


def test_a_loop_that_something_ends_does_end(read: Read) -> None:
    source = PLUGIN.format(end="wait()").replace(
        "def helper(text)",
        "def wait():\n        left = 3\n        while True:\n            left -= 1\n"
        "            if not left:\n                break\n\n    def helper(text)",
    )
    (plugin,) = read(source).plugins
    assert () == plugin.constraints


@pytest.mark.parametrize(
    ("code", "guard"),
    [
        (
            "try:\n                exit()\n            except SystemExit:\n                pass",
            None,
        ),
        ("try:\n                os._exit(1)\n            except:\n                pass", "y"),
        (
            "try:\n                sys.exit()\n            except Exception:\n                pass",
            "y",
        ),
    ],
)
def test_only_an_exit_that_can_be_caught_is(code: str, guard: str | None, read: Read) -> None:
    (plugin,) = read(
        PLUGIN.format(end="pass").replace(
            "pass\n        controller.add", f"{code}\n        controller.add", 1
        )
    ).plugins
    found = [one.condition for one in plugin.constraints]
    assert ([] if guard is None else [NOT_A]) == found
