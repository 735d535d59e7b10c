"""What another answer file changes: two plans of one installer, compared."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, Literal, TypeAlias

import msgspec

from plugindoc.answers.plan import Plan, PlannedStep, PlanOutcome

__all__ = ["Difference", "PlanChange", "compare"]

ChangeKind: TypeAlias = Literal[
    "groups", "answers", "refusals", "sequences", "steps", "hosts", "templates", "sets", "commands"
]


class PlanChange(msgspec.Struct, frozen=True):
    """Something that differs between two plans, in words: *asked*, *not asked*, *not known*."""

    kind: ChangeKind
    name: str
    before: str
    after: str


class Difference(msgspec.Struct, frozen=True, kw_only=True):
    """What differs from one plan to another, in the order of the run."""

    version: Literal[1] = 1
    before: PlanOutcome
    after: PlanOutcome
    changes: tuple[PlanChange, ...]


_ABSENT: Final[dict[ChangeKind, str]] = {
    "groups": "not there",
    "answers": "without effect",
    "refusals": "does not apply",
    "sequences": "not run",
    "steps": "not run",
    "hosts": "none",
    "templates": "none",
    "sets": "none",
    "commands": "none",
}


def compare(before: Plan, after: Plan) -> Difference:
    """Return what differs from one plan to another of the same installer."""
    old, new = dict(_facts(before)), dict(_facts(after))
    changes = []
    for kind, name in dict.fromkeys((*old, *new)):
        was = old.get((kind, name), _ABSENT[kind])
        now = new.get((kind, name), _ABSENT[kind])
        if was != now:
            changes.append(PlanChange(kind, name, was, now))
    return Difference(before=before.outcome, after=after.outcome, changes=tuple(changes))


def _three(value: bool | None, yes: str, no: str) -> str:  # noqa: FBT001 - three-valued
    return "not known" if value is None else yes if value else no


def _facts(plan: Plan) -> Iterator[tuple[tuple[ChangeKind, str], str]]:
    for group in plan.groups:
        yield ("groups", group.name), _three(group.asked, "asked", "not asked")
    for answer in plan.answers:
        value = "a secret" if answer.secret else str(answer.value)
        yield ("answers", answer.option), _three(answer.effect, value, "without effect")
    for refusal in plan.refusals:
        told = _three(refusal.applies, "applies", "does not apply")
        yield ("refusals", refusal.message), told
    for sequence in plan.sequences:
        name = f"{sequence.plugin}: {sequence.title}"
        yield ("sequences", name), _three(sequence.runs, "run", "not run")
        for step in sequence.steps:
            yield from _step_facts(f"{sequence.plugin}: {step.title}", step)


def _step_facts(name: str, step: PlannedStep) -> Iterator[tuple[tuple[ChangeKind, str], str]]:
    yield ("steps", name), _three(step.runs, "run", "not run")
    if step.runs is False:
        return
    parts: tuple[tuple[ChangeKind, tuple[str, ...]], ...] = (
        ("hosts", step.hosts),
        ("templates", step.templates),
        ("sets", step.sets),
        ("commands", step.commands),
    )
    for kind, listed in parts:
        if listed:
            yield (kind, name), ", ".join(listed)
