"""What ``plugindoc why`` proposes for upstream's newest release, tried with its own code."""

from __future__ import annotations

import itertools
import json
import random
import subprocess
import sys
from pathlib import Path
from typing import Any, TypeAlias

import pytest

from plugindoc.answers.covering import cover
from plugindoc.answers.search import ChangeSearch
from plugindoc.answers.targets import Target, find_target, run_targets
from plugindoc.answers.why import Explainer
from plugindoc.loading import read
from plugindoc.model.anchors import identity
from plugindoc.model.conditions import Always, Never, evaluate, options_of
from plugindoc.model.project import Option, OptionGroup, Sequence, Step, Template
from plugindoc.model.questions import Questions
from plugindoc.model.values import words
from tests.parity.answering import values_of_interest
from tests.upstream import release

RUNNING = Path(__file__).with_name("running.py")
VERSION = "26.0.0"
TARGETS = 50
MOST_CHANGES = 3
MOST_FILES = 15

Proposals: TypeAlias = dict[str, tuple[Target, list[dict[str, str]], bool]]


@pytest.fixture(scope="module")
def search() -> ChangeSearch:
    reading = read(release(VERSION))
    return ChangeSearch((), Questions(reading.project), reading.outcome, reading.hook)


@pytest.fixture(scope="module")
def proposals(search: ChangeSearch) -> Proposals:
    """Return by name what is not so with the defaults, with how to get there."""
    questions = search.questions
    names = [option.name for option in questions.options]
    names += [identity(step) for step in questions.steps]
    names += [template.name for template in questions.project.templates]
    targets = {name: find_target(name, questions) for name in dict.fromkeys(names)}
    return {
        name: (target, *search.proposals(target))
        for name, target in targets.items()
        if target.holds(search.start, questions) is False
        and not Explainer(search).explain(target).never
    }


def test_there_is_a_way_to_everything(proposals: Proposals) -> None:
    assert [] == [name for name, (_, found, _) in proposals.items() if not found]
    unsure = [name for name, (_, _, sure) in proposals.items() if not sure]
    assert len(unsure) <= 6, unsure  # what a step makes of an answer decides
    assert len(proposals) > 150


def test_only_what_steps_set_is_unknown(search: ChangeSearch) -> None:
    """Hooks are followed with the answers; what a step computes is known during the run."""
    questions = search.questions
    unknown = [
        template
        for template in questions.project.templates
        if find_target(template.name, questions).holds(search.start, questions) is None
    ]
    keys = {key for each in unknown for key in options_of(questions.applied_when(each))}
    facts = [key for key in keys if questions.option(key) is None]
    assert 2 == len(unknown) == len(facts)
    assert {"step"} == {place.kind for key in facts for place in questions.written_by(key)}


def test_the_release_s_own_code_confirms_each_way(
    proposals: Proposals, search: ChangeSearch, tmp_path: Path
) -> None:
    folder, out = tmp_path / "files", tmp_path / "out.json"
    folder.mkdir()
    expected = {}
    for number, (target, found, _) in enumerate(proposals.values()):
        for way, changes in enumerate(found):
            name = f"{number:04}-{way}.txt"
            lines = [f"{option}={value}" for option, value in changes.items()]
            (folder / name).write_text("\n".join(["[general]", *lines, ""]))
            expected[name] = target
    run = _run(folder, out, tmp_path)
    wrong = [
        f"{name}: {target.name} {run[name]['refused']}"
        for name, target in expected.items()
        if not any(_happened(thing, run[name], search.questions) for thing in target.things)
    ]
    assert [] == wrong


def test_few_files_try_every_condition_both_ways(search: ChangeSearch, tmp_path: Path) -> None:
    """Each group that can be off or on is both, in the release's own code too."""
    found = cover(search)
    assert len(found.files) <= MOST_FILES
    folder, out = tmp_path / "files", tmp_path / "out.json"
    folder.mkdir()
    for number, changes in enumerate(found.files):
        lines = [f"{option}={value}" for option, value in changes.items()]
        (folder / f"{number}.txt").write_text("\n".join(["[general]", *lines, ""]))
    run = _run(folder, out, tmp_path)
    assert {""} == {one["refused"] for one in run.values()}
    missed = [target.opposite().when for target in found.missed]
    for target in run_targets(search.questions):
        if isinstance(target.when, Always | Never) or target.when in missed:
            continue
        (thing,) = target.things
        happened = {_happened(thing, one, search.questions) for one in run.values()}
        assert {True, False} == happened, target.name
    # The release says that Neutron must be installed.
    assert [("NEUTRON", True)] == [(target.name, target.negated) for target in found.missed]


def _run(folder: Path, out: Path, scratch: Path) -> dict[str, Any]:
    tree = release(VERSION)
    command = [sys.executable, "-W", "ignore", "-B", str(RUNNING), str(tree), str(folder)]
    command += [str(out), str(scratch / "home"), "config"]
    subprocess.run(command, check=True, capture_output=True)
    found: dict[str, Any] = json.loads(out.read_text())
    return found


def _happened(thing: Any, run: dict[str, Any], questions: Questions) -> bool:
    if isinstance(thing, Option):
        return thing.name in run["asked"]
    if isinstance(thing, OptionGroup):
        return thing.name in run["groups"]
    if isinstance(thing, Sequence):
        return any(thing.title == title for hook in run["hooks"] for title, _ in hook["sequences"])
    if isinstance(thing, Step):
        sequences = [sequence for hook in run["hooks"] for sequence in hook["sequences"]]
        return [thing.sequence, words(thing.title)] in [
            [title, step] for title, steps in sequences for step in steps
        ]
    assert isinstance(thing, Template)
    return any(
        _happened(step, run, questions) and evaluate(way.guard, run["config"])
        for step, way in questions.ways_to_hosts(thing)
    )


def test_nothing_smaller_leads_there(proposals: Proposals, search: ChangeSearch) -> None:
    """Every change of fewer answers, to any value that a condition names, is tried."""
    values = values_of_interest(search.questions)
    pick = random.Random(7)  # noqa: S311 - no secret
    for name in pick.sample(sorted(proposals), TARGETS):
        target, found, _ = proposals[name]
        options = list(dict.fromkeys(options_of(target.when)))
        for size in range(1, min(len(found[0]), MOST_CHANGES + 1)):
            for names in itertools.combinations(options, size):
                for chosen in itertools.product(*(dict.fromkeys(values[one]) for one in names)):
                    after = search.after(dict(zip(names, chosen, strict=True)))
                    holds = target.holds(after, search.questions) is True
                    assert not holds or search.refuses_more(after), (name, names, chosen)
