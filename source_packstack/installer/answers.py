"""Answers: where they come from, what is wrong with them, and the files that keep them."""

from __future__ import annotations

import difflib
import re
import sys
import textwrap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from source_packstack.installer.controller import Controller
from source_packstack.installer.errors import (
    AnswersError,
    ParamProcessingError,
    ParamValidationError,
)
from source_packstack.installer.parameters import PASSWORD_PLACEHOLDER, Group, Parameter
from source_packstack.installer.runs import write_private

__all__ = [
    "Answer",
    "Answers",
    "check_given",
    "misfit",
    "read_answers",
    "resolve",
    "seed",
    "settle",
    "write_answers",
]

_SECTION = "[general]"
_PREFIX = "CONFIG_"
_LINE = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\s*[=:]\s*(.*?)\s*")
_MAX_BYTES = 1 << 20
_WIDTH = 79


@dataclass(frozen=True)
class Answer:
    """A value as the user gave it, and where: `answers.txt:12` or `--flag`."""

    value: str
    origin: str


@dataclass
class Answers:
    """What the user gave, by option, with the problems and notes that came up while reading."""

    given: dict[str, Answer] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_answers(path: Path, controller: Controller) -> Answers:
    """Read an answer file; everything that is wrong with it is collected with its line.

    Raises AnswersError when the file cannot be read at all.
    """
    answers = Answers()
    renamed = controller.deprecated_names()
    known = {parameter.name for parameter in controller.parameters()}
    for number, line in enumerate(_read_text(path).split("\n"), start=1):
        text = line.strip()
        if not text or text.startswith(("#", ";")) or text == _SECTION:
            continue
        origin = f"{path}:{number}"
        match = _LINE.fullmatch(line)
        if not match:
            answers.problems.append(
                f"{origin}: expected CONFIG_NAME=value, a # comment or {_SECTION}"
            )
            continue
        name, value = match.groups()
        if name in renamed:
            answers.notes.append(f"{origin}: {name} is now called {renamed[name]}")
            name = renamed[name]
        if name not in known:
            answers.problems.append(f"{origin}: there is no option {name}{_nearest(name, known)}")
        elif name in answers.given:
            answers.problems.append(
                f"{origin}: {name} is answered again, after {answers.given[name].origin}"
            )
        else:
            answers.given[name] = Answer(value, origin)
    return answers


def resolve(controller: Controller, answers: Answers) -> None:
    """Fill the configuration: the given answers, and the defaults for everything else.

    Options of groups that do not apply keep their values unchecked. Raises AnswersError with all
    problems of all options at once.
    """
    seed(controller, answers)
    config = controller.CONF
    problems = list(answers.problems)
    conditions = controller.condition_names()
    for group in controller.groups:
        applies = group.applies(config)
        found: list[str] = []
        for parameter in group.parameters.values():
            asked = applies and not parameter.only_as_condition
            if asked or parameter.name in conditions:
                found += settle(controller, parameter, _origin(parameter, answers))
        if applies and not found and not group.fits(config):
            found.append(misfit(group))
        problems += found
    if problems:
        raise AnswersError(sorted(problems, key=_line_number))


def seed(controller: Controller, answers: Answers) -> None:
    """Put the given answers and the defaults into the configuration, as they are."""
    for parameter in controller.parameters():
        answer = answers.given.get(parameter.name)
        value = answer.value.strip() if answer else parameter.default
        controller.CONF[parameter.name] = value


def check_given(controller: Controller, answers: Answers) -> None:
    """Check only what was given, for a dialogue about the rest; raise AnswersError."""
    problems = [
        problem
        for parameter in controller.parameters()
        if parameter.name in answers.given
        for problem in settle(controller, parameter, _origin(parameter, answers))
    ]
    if problems:
        raise AnswersError(problems)


def settle(controller: Controller, parameter: Parameter, origin: str) -> list[str]:
    """Process and check one answer in the configuration; give what is wrong with it."""
    config = controller.CONF
    try:
        value = parameter.process(_earlier_password(controller, parameter), config)
        _refuse_control_characters(value)
        parameter.validate(value)
    except (ParamValidationError, ParamProcessingError) as error:
        return [f"{origin}: {parameter.name} {error}"]
    config[parameter.name] = value
    return []


def misfit(group: Group) -> str:
    """Say that the answers of a group do not go together."""
    check = getattr(group.post_condition, "__doc__", None) or "they do not go together"
    names = ", ".join(group.parameters)
    return f'{group.description}: {names} fail the check "{check.strip().splitlines()[0]}"'


def write_answers(path: Path, controller: Controller, values: Mapping[str, object]) -> None:
    """Write an answer file (mode 0600) in which each answer has its documentation before it."""
    lines = [_SECTION]
    for group in controller.groups:
        lines += ["", f"## {group.description}"]
        for parameter in group.parameters.values():
            lines += ["", *_comment(parameter), f"{parameter.name}={values[parameter.name]}"]
    write_private(path, "\n".join([*lines, ""]))


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise AnswersError([f"{path}: cannot be read ({error.strerror})"]) from error
    if len(data) > _MAX_BYTES:
        raise AnswersError([f"{path}: bigger than {_MAX_BYTES} bytes; is it an answer file?"])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AnswersError([f"{path}:{line}: not UTF-8 text"]) from error


def _earlier_password(controller: Controller, parameter: Parameter) -> object:
    """Give the answer, or for a password to be generated the one that the same cloud has now."""
    config, earlier = controller.CONF, controller.earlier
    value = config[parameter.name]
    same_cloud = earlier.get("CONFIG_CONTROLLER_HOST") == config["CONFIG_CONTROLLER_HOST"]
    if value != PASSWORD_PLACEHOLDER or config["CONFIG_DEFAULT_PASSWORD"] or not same_cloud:
        return value
    return earlier.get(parameter.name, value)


def _line_number(problem: str) -> int:
    """Give the line that a problem names; those without one come last."""
    match = re.match(r".*?:(\d+): ", problem)
    return int(match[1]) if match else sys.maxsize


def _origin(parameter: Parameter, answers: Answers) -> str:
    answer = answers.given.get(parameter.name)
    return answer.origin if answer else "default value"


def _refuse_control_characters(value: object) -> None:
    if any(ord(character) < ord(" ") or character == "\x7f" for character in str(value)):
        message = "must not contain control characters, such as line ends or tabs"
        raise ParamValidationError(message)


def _nearest(name: str, known: Iterable[str]) -> str:
    """Suggest a name; the prefix that all share says nothing about likeness."""
    bare = {other.removeprefix(_PREFIX): other for other in known}
    near = difflib.get_close_matches(name.removeprefix(_PREFIX), bare, n=1)
    return f"; did you mean {bare[near[0]]}?" if near else ""


def _comment(parameter: Parameter) -> list[str]:
    text = " ".join(parameter.usage.split())
    if parameter.choices and not any(set(choice) & set("[(\\") for choice in parameter.choices):
        text += f" Choices: {', '.join(parameter.choices)}."
    return textwrap.wrap(
        text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )
