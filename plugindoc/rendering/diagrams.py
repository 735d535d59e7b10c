"""Diagrams of the model: inline SVG with an equivalent text.

Pure functions: the same model gives the same picture. No external program, no script, no network.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Sequence
from typing import Final, TypeAlias

import msgspec

from plugindoc.model.anchors import identity
from plugindoc.model.project import Sequence as StepSequence
from plugindoc.model.project import Step
from plugindoc.model.questions import Flow, Questions
from plugindoc.model.values import words
from plugindoc.rendering.svg import (
    ROW,
    dot,
    escape,
    fitted,
    linked,
    picture,
    text,
    upright,
)

__all__ = ["LinkOf", "Picture", "run_order", "translated"]

LinkOf: TypeAlias = Callable[[str, str], str]
"""Gives the address of a thing by its kind (``step``, ``option``) and identity, "" for none."""

_WIDTH: Final = 860
_TITLES: Final = 330
_LANE: Final = 14
_INDENT: Final = 22
_MOST_LANES: Final = 16
_SETS: Final = "sets"
_NUMBER: Final = re.compile(r"\d+\. ")
_LINE: Final = re.compile(
    r"(?:<title>(?P<full>[^<]*)</title>)?"
    r'(?P<start><text x="(?P<x>[^"]*)"[^>]*>)(?P<shown>[^<]*)</text>'
)
_SENTENCE: Final = re.compile(r"(?<=\.) ")
_ABOUT: Final = re.compile(r'(?P<start><(?:title|desc) id="[^"]*">)(?P<text>[^<]*)')


class Picture(msgspec.Struct, frozen=True):
    """An ``<svg>`` element, what it is called, and the same in lines of plain text."""

    svg: str
    label: str
    lines: tuple[str, ...]


def _no_link(_kind: str, _name: str) -> str:
    return ""


def translated(svg: str, say: Callable[[str], str]) -> str:
    """Return a picture of this module with its texts in another language, fitted again."""

    def line(found: re.Match[str]) -> str:
        full = html.unescape(found["full"] or found["shown"])
        said = _said(full, say)
        if said == full:
            return found[0]
        shown = fitted(said, _room(float(found["x"])))
        title = f"<title>{escape(said)}</title>" if shown != said else ""
        return f"{title}{found['start']}{escape(shown)}</text>"

    def about(found: re.Match[str]) -> str:
        sentences = _SENTENCE.split(html.unescape(found["text"]))
        return found["start"] + escape(" ".join(map(say, sentences)))

    return _ABOUT.sub(about, _LINE.sub(line, svg))


def _said(text: str, say: Callable[[str], str]) -> str:
    """Return a line in another language: without a sequence's number, or the names of keys."""
    if number := _NUMBER.match(text):
        return number[0] + say(text[number.end() :])
    verb, space, keys = text.partition(" ")
    return f"{say(verb)}{space}{keys}" if verb == _SETS else say(text)


# The run order


def _room(x: float) -> float:
    """Return how wide a line of text may be that begins at `x`."""
    if x in {0, _INDENT}:
        return _TITLES - (_INDENT + 18 if x else 10)
    return _WIDTH - x


class _Lane(msgspec.Struct):
    """What flows between the same steps; rows count steps, `column` is its place."""

    keys: list[str]
    writer: int
    readers: tuple[int, ...]
    column: int = 0

    @property
    def label(self) -> str:
        return ", ".join(self.keys)


def run_order(questions: Questions, link_of: LinkOf = _no_link, name: str = "run-order") -> Picture:
    """Return all sequences and steps in run order, with the keys that flow between them.

    A filled dot sets a key, a ring further down reads it. `name` has to be the picture's own in
    its page.
    """
    label = "Run order and data flow"
    steps = questions.steps
    lanes = _lanes(questions.flows, steps)
    shown = [lane for lane in lanes if lane.column < _MOST_LANES]
    rows, height = _rows(questions.run_order)
    lines = _run_order_lines(questions, lanes)
    content = [_sequence_row(one, y, link_of) for one, y in rows.sequences]
    content += [_step_row(step, y, link_of) for step, y in zip(steps, rows.steps, strict=True)]
    content += [_lane(lane, rows.steps) for lane in shown]
    labels_at = _TITLES + _LANE * (1 + max((lane.column for lane in shown), default=-1) + 1)
    content += _lane_labels(shown, rows.steps, labels_at)
    description = "A line leads from a step that sets a key to the later steps that read it."
    if len(shown) < len(lanes):
        description += " Some lines are left out."
    said = (label, description)
    return Picture(picture(name, (_WIDTH, height), said, "".join(content)), label, lines)


class _Rows(msgspec.Struct):
    sequences: list[tuple[StepSequence, float]]
    steps: list[float]


def _rows(sequences: Sequence[StepSequence]) -> tuple[_Rows, float]:
    rows = _Rows([], [])
    y = float(ROW)
    for sequence in sequences:
        rows.sequences.append((sequence, y))
        y += ROW
        for _ in sequence.steps:
            rows.steps.append(y)
            y += ROW
        y += ROW / 3
    return rows, y


def _sequence_row(sequence: StepSequence, y: float, link_of: LinkOf) -> str:
    label = f"{sequence.position}. {sequence.title or '(no title)'}"
    shown = fitted(label, _room(0))
    content = text(0, y, shown, style="font-weight:600")
    return linked(content, link_of("sequence", identity(sequence)), label if shown != label else "")


def _step_row(step: Step, y: float, link_of: LinkOf) -> str:
    label = words(step.title)
    shown = fitted(label, _room(_INDENT))
    return linked(
        text(_INDENT, y, shown),
        link_of("step", identity(step)),
        label if shown != label else "",
    )


def _lanes(flows: Iterable[Flow], steps: Sequence[Step]) -> list[_Lane]:
    """Return one lane for all keys of the same way, each in the first column that is free."""
    row = {identity(step): number for number, step in enumerate(steps)}
    ways: dict[tuple[int, tuple[int, ...]], _Lane] = {}
    for flow in flows:
        readers = tuple(row[reader] for reader in flow.readers)
        if readers:
            writer = row[flow.writer]
            lane = ways.setdefault((writer, readers), _Lane([], writer, readers))
            lane.keys.append(flow.key)
    lanes = sorted(ways.values(), key=lambda lane: (lane.writer, max(lane.readers)))
    ends: list[int] = []
    for lane in lanes:
        free = (column for column, end in enumerate(ends) if end < lane.writer)
        lane.column = next(free, len(ends))
        if lane.column == len(ends):
            ends.append(0)
        ends[lane.column] = max(lane.readers)
    return lanes


def _lane(lane: _Lane, rows: Sequence[float]) -> str:
    x = _TITLES + _LANE * lane.column
    level = [rows[row] - 4.5 for row in (lane.writer, *lane.readers)]
    parts = [upright(x, level[0], level[-1], lane.column, lane.label)]
    parts += [dot(x, y, lane.column, filled=number == 0) for number, y in enumerate(level)]
    return "".join(parts)


def _lane_labels(lanes: Iterable[_Lane], rows: Sequence[float], x: float) -> list[str]:
    keys: dict[int, list[str]] = {}
    for lane in lanes:
        keys.setdefault(lane.writer, []).extend(lane.keys)
    found = []
    for writer, named in keys.items():
        label = f"{_SETS} {', '.join(named)}"
        shown = fitted(label, _room(x))
        content = text(x, rows[writer], shown, style="font-size:12px;opacity:.85")
        found.append(linked(content, "", label if shown != label else ""))
    return found


def _run_order_lines(questions: Questions, lanes: Iterable[_Lane]) -> tuple[str, ...]:
    steps = questions.steps
    sets: dict[int, list[str]] = {}
    for lane in lanes:
        readers = ", ".join(words(steps[reader].title) for reader in lane.readers)
        sets.setdefault(lane.writer, []).append(f"sets {lane.label} for {readers}")
    lines: list[str] = []
    number = 0
    for sequence in questions.run_order:
        lines.append(f"{sequence.position}. {sequence.title or '(no title)'}")
        for step in sequence.steps:
            flow = "; ".join(sets.get(number, ()))
            lines.append(f"   {words(step.title)}" + (f": {flow}" if flow else ""))
            number += 1
    return tuple(lines)
