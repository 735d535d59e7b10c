"""Random plugins, run and read: both must tell the same.

The same ones each time, so that a change is judged by what it changed. ``HYPOTHESIS_PROFILE=deep``
tries many others; ``python -m tests.differential SECONDS`` tries plugins drawn evenly, and goes on
behind a mismatch.
"""

from __future__ import annotations

import os
import random
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from tests.differential.compare import compare
from tests.differential.programs import Maker

PARTS = 4
MOST_SKIPPED = 0.02
"""The share of plugins that may outgrow a limit of the reader, which says so."""
DEEP = os.environ.get("HYPOTHESIS_PROFILE") == "deep"
EXAMPLES = 25_000 if DEEP else 500


def module(choices: bytes) -> str:
    """Return the module that a row of bytes chooses; where it ends, the first of each choice."""
    left = iter(choices)
    return Maker(lambda below: (next(left, 0) << 8 | next(left, 0)) % below).module()


MODULES = st.binary(min_size=1500, max_size=1500).map(module)
"""Drawn in one piece, which is as quick as what is drawn: a module takes some 250 choices."""


@pytest.mark.parametrize(
    "part",  # what one part reaches is enough to count, which takes as long as the reading
    [pytest.param(part, marks=[pytest.mark.no_cover] if part else []) for part in range(PARTS)],
)
def test_what_a_plugin_declares_is_read_as_it_runs(
    part: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp(f"random-{part}")

    tried = skipped = 0

    @(lambda test: test if DEEP else seed(part)(test))
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )
    @given(MODULES)
    def holds(source: str) -> None:
        nonlocal tried, skipped
        found = compare(source, folder)
        tried += 1
        skipped += found is None
        assert not found

    holds()
    assert skipped <= MOST_SKIPPED * tried


def test_a_wrong_reading_is_seen(tmp_path: Path) -> None:
    choose = random.Random(9)  # noqa: S311 - any module will do
    source = Maker(choose.randrange).module()
    wrong = source.replace('"Use %s" % name', '"Apply %s" % name').replace("Step one", "Step 1")
    assert [] == compare(source, tmp_path)
    assert compare(source, tmp_path, ran=wrong)
