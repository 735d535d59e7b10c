"""A plan for people: an outline, as plain text or as Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import msgspec

from plugindoc.answers.difference import Difference
from plugindoc.answers.plan import (
    HostStep,
    Plan,
    PlannedAnswer,
    PlannedHost,
    PlannedSequence,
    PlannedStep,
    Refusal,
)
from plugindoc.model.printing import in_markdown, in_one_line
from plugindoc.model.wording import count

__all__ = [
    "Item",
    "as_markdown",
    "as_text",
    "outline_of_difference",
    "outline_of_plan",
]


class Item(msgspec.Struct, frozen=True):
    """A line of an outline, with what belongs below it."""

    text: str
    below: tuple[Item, ...] = ()


def as_text(outline: Iterable[Item]) -> str:
    """Return an outline as indented lines, with an empty line between its parts."""
    return "\n\n".join("\n".join(_lines(part, 0)) for part in outline) + "\n"


def _lines(item: Item, depth: int) -> Iterator[str]:
    yield "  " * depth + in_one_line(item.text)
    for below in item.below:
        yield from _lines(below, depth + 1)


def as_markdown(outline: Iterable[Item]) -> str:
    """Return an outline as headings with lists below them."""
    parts = []
    for part in outline:
        lines = [f"## {in_markdown(part.text)}", ""]
        lines += [line for below in part.below for line in _bullets(below, 0)]
        parts.append("\n".join(lines).rstrip())
    return "\n\n".join(parts) + "\n"


def _bullets(item: Item, depth: int) -> Iterator[str]:
    yield "  " * depth + f"- {in_markdown(item.text)}"
    for below in item.below:
        yield from _bullets(below, depth + 1)


_OUTCOMES = {
    "accepted": "The installer accepts these answers.",
    "refused": "The installer refuses these answers.",
    "unknown": "Whether the installer accepts these answers is not known.",
}


def outline_of_plan(plan: Plan) -> list[Item]:
    """Return the outline of a plan; parts in which there is nothing to say are left out."""
    by_effect = {
        effect: [one for one in plan.answers if one.effect is effect]
        for effect in (True, False, None)
    }
    asked = {
        name: [group.name for group in plan.groups if group.asked is is_asked]
        for name, is_asked in (("asked", True), ("not asked", False))
    }
    groups = [Item(f"{name}: {', '.join(names)}") for name, names in asked.items() if names]
    groups += [
        Item(f"not known: {group.name} ({group.reason})")
        for group in plan.groups
        if group.asked is None
    ]
    given = [one for one in by_effect[True] if one.source == "file"]
    defaults = [one for one in by_effect[True] if one.source != "file"]
    idle = [one for one in by_effect[False] if one.source == "file"]
    checked: dict[str, list[str]] = {}
    for one in given:
        if one.unchecked:
            checked.setdefault(one.unchecked, []).append(one.option)
    parts = [
        Item(_OUTCOMES[plan.outcome], tuple(_refusals(plan.refusals))),
        Item("Groups", tuple(groups)),
        Item("Answers", tuple(map(_answer, given))),
        Item("Answers without effect", tuple(map(_idle, idle))),
        Item("Answers whose effect is not known", tuple(map(_idle, by_effect[None]))),
        Item("Defaults", tuple(map(_answer, defaults))),
        Item(
            "Not checked",
            tuple(Item(f"{', '.join(names)}: {why}") for why, names in checked.items()),
        ),
        Item(
            "Run", tuple(map(_sequence, (one for one in plan.sequences if one.runs is not False)))
        ),
        Item("Hosts", tuple(map(_host, plan.hosts))),
        Item(
            "Not run",
            tuple(Item(_titled(one)) for one in plan.sequences if one.runs is False),
        ),
    ]
    return [parts[0], *(part for part in parts[1:] if part.below)]


def _refusals(refusals: Iterable[Refusal]) -> Iterator[Item]:
    for refusal in refusals:
        place = f"{refusal.location.path}:{refusal.location.line}"
        if refusal.applies is True:
            yield Item(f"{refusal.message} ({place})")
        elif refusal.applies is None:
            why = refusal.reason
            yield Item(f"not known whether this applies: {refusal.message} ({place}): {why}")


def _answer(answer: PlannedAnswer) -> Item:
    if answer.secret:
        value = "(secret)"
    elif answer.source == "computed":
        value = f"(computed: {answer.reason})"
    else:
        value = "(nothing)" if answer.value in ("", None) else str(answer.value)
    replaced = ""
    if answer.replaced is not None:
        stored = answer.replaced.value
        shown = ", ".join(map(str, stored)) if isinstance(stored, list) else str(stored)
        new = "another secret" if answer.secret else shown or "nothing"
        place = f"{answer.replaced.location.path}:{answer.replaced.location.line}"
        replaced = f"; replaced with {new} by {answer.replaced.plugin} ({place})"
    return Item(f"{answer.option}: {value}{replaced}")


def _idle(answer: PlannedAnswer) -> Item:
    return Item(f"{answer.option}: {answer.reason}")


def _titled(sequence: PlannedSequence) -> str:
    return f"{sequence.title or '(without a title)'} ({sequence.plugin})"


def _sequence(sequence: PlannedSequence) -> Item:
    doubt = "" if sequence.runs else f", not known whether it runs: {sequence.reason}"
    steps = tuple(_step(step) for step in sequence.steps if step.runs is not False)
    return Item(f"{_titled(sequence)}{doubt}", steps)


def _step(step: PlannedStep) -> Item:
    doubt = "" if step.runs else f", not known whether it runs: {step.reason}"
    below = [
        Item(f"{label}: {', '.join(listed)}")
        for label, listed in (
            ("hosts", step.hosts),
            ("templates", step.templates),
            ("sets", step.sets),
        )
        if listed
    ]
    below += [Item(f"runs: {line}") for line in step.commands]
    for what, names in step.perhaps.items():
        below.append(Item(f"perhaps {what}: {', '.join(names)}"))
    return Item(f"{step.title}{doubt}", tuple(below))


def _host(host: PlannedHost) -> Item:
    options = f" ({', '.join(host.options)})" if host.options else ", chosen by code"
    return Item(f"{host.name}{options}", tuple(map(_host_step, host.steps)))


def _host_step(step: HostStep) -> Item:
    doubt = "" if step.runs else ", not known whether it runs"
    parts = [", ".join(step.templates)] if step.templates else []
    if step.commands:
        parts.append(count(len(step.commands), "command"))
    perhaps = [*step.perhaps.get("templates", ())]
    if more := len(step.perhaps.get("commands", ())):
        perhaps.append(count(more, "command"))
    if perhaps:
        parts.append(f"perhaps {', '.join(perhaps)}")
    done = f": {'; '.join(parts)}" if parts else ""
    return Item(f"{step.title} ({step.plugin}){doubt}{done}")


def outline_of_difference(difference: Difference) -> list[Item]:
    """Return the outline of what another file changes."""
    outcome = f"Outcome: {difference.before} before, {difference.after} after."
    parts = [Item(outcome)]
    by_kind: dict[str, list[Item]] = {}
    for change in difference.changes:
        told = f"{change.name}: {change.before} before, {change.after} after"
        by_kind.setdefault(change.kind, []).append(Item(told))
    parts += [Item(kind.capitalize(), tuple(items)) for kind, items in by_kind.items()]
    if not difference.changes:
        parts.append(Item("Nothing else changes."))
    return parts
