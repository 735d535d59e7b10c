"""What an installer will not take of an answer file, or will not look at.

No message shows the value of a secret, nor that of a name that is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Literal, TypeAlias

import msgspec

from plugindoc.answers.parsing import Answer, AnswerFile, Fault
from plugindoc.answers.settling import Settled, SettledGroup, SettledOption
from plugindoc.model.conditions import describe, evaluate
from plugindoc.model.locations import Location
from plugindoc.model.names import nearest, sounds_secret
from plugindoc.model.outcomes import Outcome
from plugindoc.model.project import Option
from plugindoc.model.questions import Questions
from plugindoc.model.values import Known, Value, known_text, members, truth, words
from plugindoc.validation import refusal_words

__all__ = ["Remark", "RemarkKind", "Unchecked", "check", "is_secret", "unchecked"]

RemarkKind: TypeAlias = Literal[
    "malformed-line",
    "unknown-option",
    "duplicate-answer",
    "deprecated-option",
    "not-a-choice",
    "refused-value",
    "refused-group",
    "refused-combination",
    "missing-option",
    "not-applicable",
]


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """Something to say about an answer, or about one that is missing.

    `option` is the name in the file, that of the missing option, or of the group whose answers do
    not go together; it is "" for a line that cannot be read.
    """

    kind: RemarkKind
    severity: Literal["error", "warning", "info"]
    option: str
    message: str
    location: Location
    hint: str = ""


class Unchecked(msgspec.Struct, frozen=True, kw_only=True):
    """A function for which it is not known what it accepts, and why."""

    function: str
    reason: str
    options: tuple[str, ...]


def check(file: AnswerFile, settled: Settled, questions: Questions) -> tuple[Remark, ...]:
    """Return what the installer would refuse, ignore or miss, in the order of the file.

    What concerns no line of the file comes last.
    """
    remarks = [_malformed(fault) for fault in file.faults]
    first: dict[str, Answer] = {}
    for answer in file.answers:
        if answer.name.upper() in first:
            remarks.append(_duplicate(answer))
        first.setdefault(answer.name.upper(), answer)
    known = {option.name.upper() for option in questions.options}
    remarks += (
        _unknown(answer, first, questions) for name, answer in first.items() if name not in known
    )
    remarks += _conflicts(first, questions)
    by_name: dict[str, list[SettledOption]] = {}
    for one in settled.options:
        by_name.setdefault(one.option.name, []).append(one)
    for declared in by_name.values():
        remarks += _judged(file.path, declared, questions)
    remarks.sort(key=lambda remark: remark.location)
    return (*remarks, *_general(file.path, settled, questions))


def _general(path: str, settled: Settled, questions: Questions) -> Iterator[Remark]:
    """Yield what concerns no line of the file."""
    yield from _missing(path, settled)
    for group in settled.groups:
        if group.asked is True and group.fits is False:
            yield _misfit(path, group)
    for plugin in questions.project.plugins:
        for constraint in plugin.constraints:
            if evaluate(constraint.condition, settled.config) is True:
                text = words(constraint.text) or constraint.error
                yield Remark(
                    kind="refused-combination",
                    severity="error",
                    option=plugin.module,
                    message=f"{plugin.module} refuses these answers: {text}",
                    location=Location(path, 1),
                    hint=f"it does so when {describe(constraint.condition)}",
                )


def unchecked(settled: Settled) -> tuple[Unchecked, ...]:
    """Return which functions could not be followed with the answers of the file."""
    found: dict[tuple[str, str], list[str]] = {}
    for one in settled.options:
        outcome = one.outcome
        if one.answer is not None and outcome is not None and outcome.accepted is None:
            found.setdefault((outcome.by, outcome.why), []).append(one.option.name)
    return tuple(
        Unchecked(function=function, reason=reason, options=tuple(dict.fromkeys(names)))
        for (function, reason), names in found.items()
    )


def is_secret(option: Option) -> bool:
    """Return whether an option's value is not to be shown: it is masked, may be, or sounds so."""
    return truth(option.mask_input) is not False or sounds_secret(option.name)


def _malformed(fault: Fault) -> Remark:
    return Remark(
        kind="malformed-line",
        severity="error",
        option="",
        message=fault.message,
        location=fault.location,
    )


def _duplicate(answer: Answer) -> Remark:
    return Remark(
        kind="duplicate-answer",
        severity="error",
        option=answer.name,
        message=f"{answer.name} is answered twice, which the installer refuses",
        location=answer.location,
        hint="delete one",
    )


def _unknown(answer: Answer, given: Mapping[str, Answer], questions: Questions) -> Remark:
    successor = questions.deprecated_names.get(answer.name.upper())
    if successor is None:
        names = [option.name for option in questions.options] + [*questions.deprecated_names]
        guess = nearest(answer.name.upper(), names)
        if questions.project.is_open:
            return Remark(
                kind="unknown-option",
                severity="info",
                option=answer.name,
                message=f"{answer.name} does not exist here",
                location=answer.location,
                hint="pass the installer that these plugins extend: --base, or `bases` in the "
                "settings",
            )
        return Remark(
            kind="unknown-option",
            severity="error",
            option=answer.name,
            message=f"{answer.name} is not an option of this installer",
            location=answer.location,
            hint=f"did you mean {guess}?" if guess else "delete it",
        )
    besides = successor.name.upper() in given
    return Remark(
        kind="deprecated-option",
        severity="warning",
        option=answer.name,
        message=f"{answer.name} is a former name of {successor.name}"
        + (", which is also answered" if besides else ""),
        location=answer.location,
        hint="delete it" if besides else f"write {successor.name}",
    )


def _conflicts(given: Mapping[str, Answer], questions: Questions) -> Iterator[Remark]:
    """Yield old names of one option that are answered differently."""
    for option in questions.options:
        if option.name.upper() in given:
            continue
        old = (known_text(member) for member in members(option.deprecates))
        answers = [given[name.upper()] for name in old if name and name.upper() in given]
        told = [answer for answer in answers if answer.value]
        for other in told[1:]:
            if other.value != told[0].value:
                yield Remark(
                    kind="deprecated-option",
                    severity="error",
                    option=other.name,
                    message=f"{told[0].name} and {other.name} are former names of {option.name}, "
                    "and their answers differ",
                    location=other.location,
                    hint=f"write {option.name} instead of both",
                )


def _judged(path: str, declared: Iterable[SettledOption], questions: Questions) -> Iterator[Remark]:
    """Yield what is wrong with the answer to an option, or with its default."""
    asked = [one for one in declared if one.asked is not False]
    if asked:
        refused = (one for one in asked if one.outcome and one.outcome.accepted is False)
        one = next(refused, None)
        if one is not None and one.asked is True and one.outcome is not None:
            yield _refused(path, one, one.outcome)
        return
    one = next(iter(declared))
    default = one.option.default
    settled = default is None or isinstance(default, Known)
    if one.answer is not None and settled and one.answer.value != _written(default):
        yield Remark(
            kind="not-applicable",
            severity="info",
            option=one.answer.name,
            message=f"{one.answer.name} is ignored unless "
            f"{describe(questions.shown_when(one.option))}",
            location=one.answer.location,
        )


def _written(default: Value | None) -> str:
    """Return a default as an answer file holds it."""
    value = getattr(default, "value", None)
    return "" if value is None else str(value)


def _refused(path: str, one: SettledOption, outcome: Outcome) -> Remark:
    option, answer = one.option, one.answer
    name = option.name if answer is None else answer.name
    secret = is_secret(option)
    value = "the value" if secret else repr(outcome.answer)
    complaint = refusal_words(option, outcome, secret=secret)
    chosen = complaint.startswith("is none of")
    return Remark(
        kind="not-a-choice" if chosen else "refused-value",
        severity="error",
        option=name,
        message=f"{name}: {value} {complaint}" + ("" if answer else " (it is the default)"),
        location=Location(path, 1) if answer is None else answer.location,
    )


def _missing(path: str, settled: Settled) -> Iterator[Remark]:
    """Yield the options that are asked, have no default, and are not answered."""
    names = dict.fromkeys(one.option.name for one in settled.options if one.missing)
    for name in names:
        yield Remark(
            kind="missing-option",
            severity="error",
            option=name,
            message=f"{name} has no default and is not answered",
            location=Location(path, 1),
            hint=f"add {name}=…",
        )


def _misfit(path: str, settled: SettledGroup) -> Remark:
    group = settled.group
    return Remark(
        kind="refused-group",
        severity="error",
        option=group.name,
        message=f"the answers of group {group.name} do not fit together",
        location=Location(path, 1),
        hint=f"they do when {describe(group.post)}",
    )
