"""Slices of lists whose members may be missing: exact, or not known."""

from __future__ import annotations

import itertools

import pytest

from plugindoc.evaluation.operations.items import _uncertain_slice
from plugindoc.evaluation.state.values import Maybe
from plugindoc.model.conditions import Compare

GUARD = Compare("CONFIG_A", "==", "y")
ENDS = (None, -3, -2, -1, 0, 1, 2, 3)
CERTAINTIES = [
    row for length in range(5) for row in itertools.product((True, False), repeat=length)
]


@pytest.mark.parametrize("step", [None, 1, -1])
def test_a_slice_is_what_it_is_for_every_choice_of_members(step: int | None) -> None:
    known = 0
    for certain, start, stop in itertools.product(CERTAINTIES, ENDS, ENDS):
        members = [
            number if is_certain else Maybe(GUARD, number)
            for number, is_certain in enumerate(certain)
        ]
        found = _uncertain_slice(members, slice(start, stop, step))
        if found is None:
            continue
        known += 1
        kept = [member.value if type(member) is Maybe else member for member in found]
        for there in itertools.product((True, False), repeat=len(members)):
            present = [n for n, is_there in enumerate(there) if is_there or certain[n]]
            assert present[start:stop:step] == [number for number in kept if number in present]
    assert known > 20
