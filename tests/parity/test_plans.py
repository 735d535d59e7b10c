"""Plans of random answer files for upstream's releases, beside what their own code does.

``make test`` takes a few files of each release, ``make test-deep`` a thousand.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from plugindoc.answers.consequences import Consequences, Verdict, consequences, verdict_of
from plugindoc.answers.parsing import AnswerFile, parse
from plugindoc.answers.plan import Plan
from plugindoc.answers.planning import PlanMaker
from plugindoc.answers.settling import settle
from plugindoc.loading import Reading, read
from plugindoc.model.conditions import Always
from plugindoc.model.export import encode
from plugindoc.model.questions import Questions
from plugindoc.model.values import words
from plugindoc.states import reading_of_export
from tests.parity.answering import answer_files
from tests.upstream import PINS, release

RUNNING = Path(__file__).with_name("running.py")
FILES, MANY_FILES = 50, 1000
MOST_UNKNOWN = 0.001


class Planned:
    """A plan, and the consequences that it was made of."""

    def __init__(self, file: AnswerFile, reading: Reading, questions: Questions) -> None:
        settled = settle(file.answers, questions, reading.outcome)
        self.found: Consequences = consequences(settled, questions, reading.hook)
        self.plan: Plan = PlanMaker(questions).make(file, self.found)
        self.groups = {one.group.name: one.asked for one in settled.groups}
        # Which groups older releases register depends on the machine.
        self.everywhere = {
            one.group.name for one in settled.groups if isinstance(one.group.guard, Always)
        }
        self.options = {one.option.name for one in settled.options if one.asked is True}
        self.unchecked = any(
            one.asked and one.outcome is not None and one.outcome.accepted is None
            for one in settled.options
        )

    def hook(self, plugin: str) -> tuple[bool | None, list[Any] | None]:
        """Return whether a plugin's hook is refused, and its sequences; None is not known."""
        verdicts = [v for constraint, v in self.found.constraints if constraint.plugin == plugin]
        verdicts += [Verdict(True) for lack in self.found.lacks if lack.plugin.module == plugin]  # noqa: FBT003 - what it holds
        holds = {verdict.holds for verdict in verdicts}
        return (True if True in holds else None if None in holds else False), self._sequences(
            plugin
        )

    def _sequences(self, plugin: str) -> list[Any] | None:
        config = self.found.settled.config
        found = []
        for sequence, _ in self.found.sequences:
            there = verdict_of(sequence.guard, config).holds
            steps = [
                (words(one.title), verdict_of(one.guard, config).holds) for one in sequence.steps
            ]
            if sequence.plugin == plugin and there is not False:
                if there is None or any(holds is None for _, holds in steps):
                    return None
                found.append([sequence.title, [title for title, holds in steps if holds]])
        return sorted(found)


@pytest.fixture(
    scope="module",
    params=[
        *((version, FILES) for version in sorted(PINS)),
        *(pytest.param((version, MANY_FILES), marks=pytest.mark.deep) for version in sorted(PINS)),
    ],
    ids=lambda param: f"{param[0]}-{param[1]}",
)
def both(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> list[tuple[Planned, dict[str, Any]]]:
    """Return the plan of each file beside what the release's own code does with it."""
    version, count = request.param
    scratch, tree = tmp_path_factory.mktemp("plans"), release(version)
    reading = read(tree)
    questions = Questions(reading.project)
    folder, out = scratch / "files", scratch / "out.json"
    folder.mkdir()
    for number, text in enumerate(answer_files(questions, count, seed=1)):
        (folder / f"{number:05}.txt").write_text(text)
    command = [sys.executable, "-W", "ignore", "-B", str(RUNNING), str(tree), str(folder)]
    subprocess.run([*command, str(out), str(scratch / "home")], check=True, capture_output=True)
    return [
        (Planned(parse((folder / name).read_text(), name), reading, questions), found)
        for name, found in json.loads(out.read_text()).items()
    ]


def test_the_same_groups_and_options_are_asked(both: list[tuple[Planned, dict[str, Any]]]) -> None:
    unknown = 0
    for planned, run in both:
        open_groups = {name for name, asked in planned.groups.items() if asked is None}
        asked = {name for name, is_asked in planned.groups.items() if is_asked}
        if run["refused"]:  # the run ends there, the plan goes on
            assert set(run["groups"]) <= asked | open_groups
            assert set(run["asked"]) <= planned.options or open_groups
        else:
            unknown += len(open_groups & planned.everywhere)
            assert set(run["groups"]) - open_groups == asked
            assert set(run["asked"]) == planned.options or open_groups
    assert unknown <= MOST_UNKNOWN * sum(len(planned.groups) for planned, _ in both)


def test_the_same_files_are_refused(both: list[tuple[Planned, dict[str, Any]]]) -> None:
    refused = 0
    for planned, run in both:
        in_hook = any(hook["error"] for hook in run["hooks"])
        refused += bool(run["refused"] or in_hook)
        if planned.plan.outcome == "refused":
            assert run["refused"] or in_hook
        elif planned.plan.outcome == "accepted":
            # What only a host or a disk decides is no matter of the plan.
            assert not in_hook
            assert not run["refused"] or planned.unchecked
    assert 0 < refused < len(both)


def test_every_hook_does_the_same(both: list[tuple[Planned, dict[str, Any]]]) -> None:
    outcomes = unknown = 0
    for planned, run in both:
        for hook in _until_the_end(run["hooks"]):
            refused, sequences = planned.hook(hook["plugin"])
            outcomes += 1
            unknown += refused is None or (sequences is None and not hook["error"])
            assert refused in (None, bool(hook["error"])), hook
            if not hook["error"] and sequences is not None:
                assert sorted(hook["sequences"]) == sequences
    assert outcomes > len(both)
    assert unknown <= MOST_UNKNOWN * outcomes


def _until_the_end(hooks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for hook in hooks:
        yield hook
        if hook["error"]:
            return


def test_an_export_claims_nothing_else_than_its_tree(tmp_path: Path) -> None:
    tree = release(max(PINS))
    reading = read(tree)
    file = tmp_path / "installer.json"
    file.write_bytes(encode(reading.project))
    exported = reading_of_export(file)
    files = answer_files(Questions(reading.project), FILES, seed=5)
    known = unknown = 0
    for text in files:
        given = parse(text, "answers.txt")
        ours, others = (
            _verdicts(Planned(given, one, Questions(one.project))) for one in (reading, exported)
        )
        for name, verdict in others.items():
            assert verdict in (ours[name], None), name
            known += verdict is not None
            unknown += verdict is None
    assert unknown < known / 20


def _verdicts(planned: Planned) -> dict[str, bool | None]:
    """Return what a plan says of refusal, of groups, and of sequences and steps."""
    outcomes = {"accepted": False, "refused": True, "unknown": None}
    found: dict[str, bool | None] = {"refused": outcomes[planned.plan.outcome], **planned.groups}
    for sequence in planned.plan.sequences:
        found[f"{sequence.plugin}/{sequence.title}"] = sequence.runs
        for step in sequence.steps:
            found[f"{sequence.plugin}/{sequence.title}/{step.title}"] = step.runs
    return found
