"""Every kind of change is tested by the examples on its own page."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.changes.change import Kind, Sample
from plugindoc.changes.comparison import Comparison, compare
from plugindoc.changes.kinds import KINDS
from plugindoc.loading import load
from tests.trees import write_tree

SAMPLES = [(kind, sample) for kind in KINDS for sample in kind.samples]
IDS = [f"{kind.id}-{number}" for number, (kind, _) in enumerate(SAMPLES)]


def compared(sample: Sample, folder: Path) -> Comparison:
    old = load(write_tree(folder / "old", sample.before.files))
    new = load(write_tree(folder / "new", sample.after.files))
    return compare(old, new)


@pytest.mark.parametrize(("kind", "sample"), SAMPLES, ids=IDS)
def test_a_kind_finds_the_change_of_its_examples(
    kind: Kind, sample: Sample, tmp_path: Path
) -> None:
    changes = compared(sample, tmp_path).changes
    mine = [change for change in changes if (change.thing, change.kind) == (kind.thing, kind.name)]
    assert [sample.impact] == [change.impact for change in mine], changes
    (change,) = mine
    assert change.message.endswith((".", "…"))
    assert change.location is not None


@pytest.mark.parametrize(("kind", "sample"), SAMPLES, ids=IDS)
def test_nothing_changes_where_nothing_changed(kind: Kind, sample: Sample, tmp_path: Path) -> None:
    same = Sample(sample.after, sample.after, sample.impact)
    assert () == compared(same, tmp_path).changes, kind.id


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.id)
def test_a_kind_has_examples_and_says_what_it_is(kind: Kind) -> None:
    assert kind.samples
    assert kind.text.endswith(".")


def test_names_are_unique() -> None:
    assert len(KINDS) == len({kind.id for kind in KINDS})
