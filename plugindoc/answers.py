"""Answer files against a model: read them as the installer does, and tell what it will not take.

An answer file is what ``configparser.RawConfigParser`` reads: one section ``[general]``, a name and
a value a line, names without regard to case. It holds passwords: no message shows the value of a
secret, nor that of a name that is not known.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Final, Literal, TypeAlias

import msgspec

from plugindoc.model.conditions import describe, evaluate
from plugindoc.model.locations import Location
from plugindoc.model.names import nearest, sounds_secret
from plugindoc.model.questions import Questions
from plugindoc.model.things import Option
from plugindoc.model.values import Known, Reference, known_text, members, truth
from plugindoc.validation import known, refusal

__all__ = ["Answer", "AnswersError", "Remark", "RemarkKind", "check", "parse"]

SECTION: Final = "general"

RemarkKind: TypeAlias = Literal[
    "unknown-option",
    "duplicate-answer",
    "deprecated-option",
    "not-a-choice",
    "refused-value",
    "missing-option",
    "not-applicable",
]


class AnswersError(ValueError):
    """A text that is no answer file; the message is one line with the place."""


class Answer(msgspec.Struct, frozen=True):
    """A name and its value, as written; `location` is where the name stands."""

    name: str
    value: str
    location: Location


class Remark(msgspec.Struct, frozen=True, kw_only=True):
    """Something to say about an answer, or about one that is missing.

    `option` is the name in the file, or that of the missing option.
    """

    kind: RemarkKind
    severity: Literal["error", "warning", "info"]
    option: str
    message: str
    location: Location
    hint: str = ""


_HEADER: Final = re.compile(r"\[(?P<name>.+)\]")
_ENTRY: Final = re.compile(r"(?P<name>.*?)\s*[=:]\s*(?P<value>.*)$")


def parse(text: str, path: str) -> tuple[Answer, ...]:
    """Return the answers of a file, in order, with their lines.

    Raises AnswersError for a line that is no answer, and for a section other than ``[general]``.
    """
    found: list[tuple[str, list[str], int]] = []
    section, indent = "", 0
    growing: list[str] | None = None
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        bare = line.strip()
        if not bare or bare.startswith(("#", ";")):
            continue
        depth = len(line) - len(line.lstrip())
        if growing is not None and depth > indent:
            growing.append(bare)
            continue
        indent = depth
        header = _HEADER.match(bare)
        entry = _ENTRY.match(bare)
        if header:
            section, growing = header["name"], None
            if section != SECTION:
                _refuse(path, number, f"section [{section}]; an answer file has only [{SECTION}]")
        elif not section:
            _refuse(path, number, f"there is no [{SECTION}] in front of the first answer")
        elif entry is None or not entry["name"]:
            _refuse(path, number, "neither NAME=VALUE nor a comment")
        else:
            growing = [entry["value"].strip()]
            found.append((entry["name"], growing, number))
    return tuple(
        Answer(name, "\n".join(lines).rstrip(), Location(path, number, 1, number, len(name) + 1))
        for name, lines, number in found
    )


def _refuse(path: str, line: int, complaint: str) -> None:
    message = f"{path}:{line}: {complaint}"
    raise AnswersError(message)


def check(answers: Iterable[Answer], questions: Questions, path: str) -> tuple[Remark, ...]:
    """Return what the installer would refuse, ignore or miss, in the order of the file.

    `path` is the file's, for what is missing in it.
    """
    given = [*answers]
    by_name = {option.name.upper(): option for option in reversed(questions.options)}
    first: dict[str, Answer] = {}
    remarks: list[Remark] = []
    for answer in given:
        if answer.name.upper() in first:
            remarks.append(_duplicate(answer))
        first.setdefault(answer.name.upper(), answer)
    settled = _settled(first, questions)
    for name, answer in first.items():
        option = by_name.get(name)
        if option is None:
            remarks.append(_unknown(answer, first, questions))
        else:
            remarks += _judged(option, answer, settled, questions)
    remarks.sort(key=lambda remark: remark.location)
    return (*remarks, *_missing(first, settled, questions, path))


def _duplicate(answer: Answer) -> Remark:
    return Remark(
        kind="duplicate-answer",
        severity="error",
        option=answer.name,
        message=f"{answer.name} is answered twice; the installer refuses the file",
        location=answer.location,
        hint="delete one",
    )


def _unknown(answer: Answer, given: Mapping[str, Answer], questions: Questions) -> Remark:
    successor = questions.deprecated_names.get(answer.name.upper())
    if successor is None:
        names = [option.name for option in questions.options] + [*questions.deprecated_names]
        guess = nearest(answer.name.upper(), names)
        return Remark(
            kind="unknown-option",
            severity="error",
            option=answer.name,
            message=f"{answer.name} is no option; the installer ignores it",
            location=answer.location,
            hint=f"did you mean {guess}?" if guess else "delete it",
        )
    ignored = successor.name.upper() in given
    return Remark(
        kind="deprecated-option",
        severity="warning",
        option=answer.name,
        message=f"{answer.name} is an old name of {successor.name}"
        + (", which is answered as well: this one is ignored" if ignored else ""),
        location=answer.location,
        hint="delete it" if ignored else f"write {successor.name}",
    )


def _settled(given: Mapping[str, Answer], questions: Questions) -> dict[str, object]:
    """Return the value that each option will have, where that is known."""
    found: dict[str, object] = {}
    for option in questions.options:
        answer = _answer_to(option, given)
        if answer is not None:
            found[option.name] = _processed(option, answer.value)
        elif isinstance(option.default, Known) and option.default.value is not None:
            found.setdefault(option.name, _processed(option, option.default.value))
    return found


def _answer_to(option: Option, given: Mapping[str, Answer]) -> Answer | None:
    """Return the answer to an option: under its name, else the first under an old one."""
    own = given.get(option.name.upper())
    if own is not None:
        return own
    old = (known_text(member) for member in members(option.deprecates))
    answers = (given.get(name.upper()) for name in old if name)
    return next((answer for answer in answers if answer is not None and answer.value), None)


_YES: Final = {"y": True, "yes": True, "true": True, "n": False, "no": False, "false": False}


def _processors(option: Option) -> list[str]:
    references = [m for m in members(option.processors) if isinstance(m, Reference)]
    return [reference.name.rpartition(".")[2] for reference in references]


def _processed(option: Option, value: object) -> object:
    if isinstance(value, str) and "process_bool" in _processors(option):
        return _YES.get(value.lower(), value)
    return value


def _is_secret(option: Option) -> bool:
    return truth(option.mask_input) is not False or sounds_secret(option.name)


def _judged(
    option: Option, answer: Answer, settled: Mapping[str, object], questions: Questions
) -> Iterator[Remark]:
    """Yield what is wrong with the answer to a known option."""
    declared = questions.options_named(option.name)
    conditions = [questions.shown_when_in_full(each) for each in declared]
    if all(evaluate(condition, settled) is False for condition in conditions):
        default = getattr(option.default, "value", answer.value)
        if str(default) != answer.value:
            yield Remark(
                kind="not-applicable",
                severity="info",
                option=answer.name,
                message=f"{answer.name} is not looked at: "
                f"it applies when {describe(conditions[0])}",
                location=answer.location,
            )
        return
    if truth(option.processors) is False or set(_processors(option)) <= {"process_password"}:
        yield from _refused(option, answer)


_CHOOSING: Final = ("validate_options", "validate_multi_options")


def _refused(option: Option, answer: Answer) -> Iterator[Remark]:
    listed = option.choices.value if isinstance(option.choices, Known) else None
    choices = [str(choice) for choice in listed] if isinstance(listed, list) else []
    for member in members(option.validators):
        name = known(member.target) if isinstance(member, Reference) else ""
        complaint = refusal(name, answer.value, choices)
        if complaint:
            value = "the value" if _is_secret(option) else repr(answer.value)
            yield Remark(
                kind="not-a-choice" if name in _CHOOSING else "refused-value",
                severity="error",
                option=answer.name,
                message=f"{answer.name}: {value} {complaint}",
                location=answer.location,
            )
            return


def _missing(
    given: Mapping[str, Answer], settled: Mapping[str, object], questions: Questions, path: str
) -> Iterator[Remark]:
    """Yield the options that apply, have no default, and are not answered."""
    told: set[str] = set()
    for option in questions.options:
        without = option.default is None or (
            isinstance(option.default, Known) and option.default.value is None
        )
        if not without or option.name in told or _answer_to(option, given) is not None:
            continue
        if evaluate(questions.shown_when_in_full(option), settled) is True:
            told.add(option.name)
            yield Remark(
                kind="missing-option",
                severity="error",
                option=option.name,
                message=f"{option.name} has no default and is not answered",
                location=Location(path, 1),
                hint=f"add {option.name}=…",
            )
