"""Answers: reading, checking, and writing them."""

from __future__ import annotations

import difflib
import re
import sys
import textwrap
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from source_packstack.installer.controller import Controller
from source_packstack.installer.errors import (
    AnswersError,
    InstallerError,
    ParamProcessingError,
    ParamValidationError,
)
from source_packstack.installer.parameters import (
    PASSWORD_FROM_STDIN,
    PASSWORD_PLACEHOLDER,
    Group,
    Parameter,
)
from source_packstack.installer.runs import write_private

__all__ = [
    "Answers",
    "check_given",
    "misfit",
    "read_answers",
    "resolve",
    "settle",
    "write_answers",
]

_SECTION = "[general]"
_PREFIX = "CONFIG_"
# Options of all Packstack releases, which may be in an answer file that was written for Packstack.
_UPSTREAM = Path(__file__).parent.parent / "upstream_options.txt"
_LINE = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\s*[=:](.*)")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_MAX_BYTES = 1 << 20
_WIDTH = 79


@dataclass
class Answers:
    """The user's answers by option, with their origins, notes and problems.

    An origin is a location such as `answers.txt:12`. Notes are shown; problems end the run.
    """

    given: dict[str, str] = field(default_factory=dict)
    origins: dict[str, str] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def give(self, name: str, value: str, origin: str) -> None:
        """Record an answer; a value that an answer file cannot contain is a problem."""
        if _CONTROL.search(value):
            self.problems.append(
                f"{origin}: {name} must not contain control characters, such as line ends or tabs"
            )
        self.given[name] = value.strip()
        self.origins[name] = origin

    def origin(self, option: Parameter) -> str:
        """Return where an option's answer comes from."""
        return self.origins.get(option.name, "default value")


def read_answers(path: Path, controller: Controller) -> Answers:
    """Read an answer file and collect all problems with their lines.

    Raises AnswersError when the file cannot be read at all.
    """
    answers = Answers()
    renamed = controller.deprecated_names()
    known = {parameter.name for parameter in controller.parameters()}
    upstream = frozenset(_UPSTREAM.read_text().split())
    for number, line in enumerate(_read_text(path).split("\n"), start=1):
        text = line.strip()
        if not text or text.startswith(("#", ";")) or text == _SECTION:
            continue
        origin = f"{path}:{number}"
        match = _LINE.fullmatch(text)
        if not match:
            answers.problems.append(
                f"{origin}: expected CONFIG_NAME=value, a # comment or {_SECTION}"
            )
            continue
        name, value = match[1], match[2].strip()
        if name in renamed:
            answers.notes.append(f"{origin}: {name} is now called {renamed[name]}")
            name = renamed[name]
        if name in upstream - known:
            answers.notes.append(f"{origin}: {name} is an option of Packstack only and is ignored")
        elif name not in known:
            answers.problems.append(f"{origin}: there is no option {name}{_nearest(name, known)}")
        elif name in answers.given:
            answers.problems.append(f"{origin}: {name} is already set at {answers.origins[name]}")
        else:
            answers.give(name, value, origin)
    return answers


def resolve(controller: Controller, answers: Answers, *, resumed: bool = False) -> None:
    """Fill the configuration with the given answers, and with defaults for all other options.

    Options of groups that do not apply are not checked. If the run is `resumed`, invalid values of
    options with loose validation are accepted, because the user already confirmed them. Raises
    AnswersError with the problems of all options.
    """
    _seed(controller, answers)
    problems = list(answers.problems)
    for group in controller.groups:
        found: list[str] = []
        for parameter in controller.asked_with(group):
            if controller.is_asked(parameter, group):
                kept = resumed and parameter.loose
                found += settle(controller, parameter, answers.origin(parameter), kept=kept)
        if not found and not group.fits(controller.CONF):
            found.append(misfit(group))
        problems += found
    if problems:
        raise AnswersError(*sorted(problems, key=_line_number))


def _seed(controller: Controller, answers: Answers) -> None:
    """Copy the given answers and the defaults into the configuration, unprocessed."""
    for parameter in controller.parameters():
        controller.CONF[parameter.name] = answers.given.get(parameter.name, parameter.default)


def check_given(controller: Controller, answers: Answers) -> None:
    """Fill the configuration before prompting, and check the given answers; raise AnswersError."""
    _seed(controller, answers)
    problems = list(answers.problems)
    for parameter in controller.parameters():
        if parameter.name in answers.given:
            problems += settle(controller, parameter, answers.origin(parameter))
    if problems:
        raise AnswersError(*problems)


def settle(
    controller: Controller, parameter: Parameter, origin: str, *, kept: bool = False
) -> list[str]:
    """Process and check one answer in the configuration; return its problems.

    An answer that is `kept` has no problem, even if a check fails.
    """
    config, name = controller.CONF, parameter.name
    subject = name
    if config[name] == PASSWORD_PLACEHOLDER and config["CONFIG_DEFAULT_PASSWORD"]:
        subject = f"{name} uses the default password, which"
    try:
        if config[name] == PASSWORD_PLACEHOLDER:
            config[name] = _earlier_password(controller, parameter)
        config[name] = parameter.process(config[name], config)
        parameter.validate(config[name])
    except (ParamValidationError, ParamProcessingError) as error:
        return [] if kept else [f"{origin}: {subject} {error}"]
    return []


def misfit(group: Group) -> str:
    """Return the message for a group whose answers contradict each other."""
    check = getattr(group.post_condition, "__doc__", None) or "they do not go together"
    names = ", ".join(group.parameters)
    return f'{group.description}: {names} fail the check "{check.strip().splitlines()[0]}"'


def write_answers(path: Path, controller: Controller, *, all_passwords: bool = False) -> None:
    """Write all answers to a file (mode 0600), each preceded by its documentation.

    Unless `all_passwords` is set, passwords that were read from standard input are replaced by a
    placeholder. Raises InstallerError if the file cannot be written.
    """
    lines = [_SECTION]
    for group in controller.groups:
        lines += ["", f"## {group.description}"]
        for parameter in group.parameters.values():
            kept = controller.CONF[parameter.name]
            value = kept if all_passwords else _kept_answer(controller, parameter)
            lines += ["", *_comment(parameter), f"{parameter.name}={value}"]
    try:
        write_private(path, "\n".join([*lines, ""]))
    except OSError as error:
        raise InstallerError(f"{path}: cannot be written ({error.strerror})") from error


def _kept_answer(controller: Controller, parameter: Parameter) -> object:
    """Return an option's answer, or a placeholder for a password that is not kept."""
    value, unkept = controller.CONF[parameter.name], controller.unkept
    if not parameter.masked or value not in unkept.values():
        return value
    is_default = value == unkept.get("CONFIG_DEFAULT_PASSWORD") and parameter.name not in unkept
    return PASSWORD_PLACEHOLDER if is_default else PASSWORD_FROM_STDIN


def _read_text(path: Path) -> str:
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise AnswersError(f"{path}: cannot be read ({error.strerror})") from error
    if len(data) > _MAX_BYTES:
        raise AnswersError(f"{path}: bigger than {_MAX_BYTES} bytes; is this an answer file?")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AnswersError(f"{path}:{line}: not UTF-8 text") from error


def _earlier_password(controller: Controller, parameter: Parameter) -> str:
    """Return the current password of the same cloud, or the placeholder for a new one.

    Raises ParamValidationError if the cloud has a password that was not stored.
    """
    config, earlier = controller.CONF, controller.earlier
    same_cloud = earlier.get("CONFIG_CONTROLLER_HOST") == config["CONFIG_CONTROLLER_HOST"]
    if config["CONFIG_DEFAULT_PASSWORD"] or not same_cloud:
        return PASSWORD_PLACEHOLDER
    password = earlier.get(parameter.name, PASSWORD_PLACEHOLDER)
    default = controller.getParamByName("CONFIG_DEFAULT_PASSWORD")
    unkept = {PASSWORD_FROM_STDIN: parameter}
    if earlier.get(default.name) == PASSWORD_FROM_STDIN:
        unkept[PASSWORD_PLACEHOLDER] = default
    if password in unkept:
        raise ParamValidationError(
            "was read from standard input in the latest run and is not kept: "
            f"give it again with --{unkept[password].flag}=-"
        )
    return password


def _line_number(problem: str) -> int:
    """Return the line number in a problem; problems without one are sorted last."""
    match = re.match(r".*?:(\d+): ", problem)
    return int(match[1]) if match else sys.maxsize


def _nearest(name: str, known: Iterable[str]) -> str:
    """Suggest a similar name; the common prefix is not compared."""
    bare = {other.removeprefix(_PREFIX): other for other in known}
    near = difflib.get_close_matches(name.removeprefix(_PREFIX), bare, n=1)
    return f"; did you mean {bare[near[0]]}?" if near else ""


def _comment(parameter: Parameter) -> list[str]:
    text = " ".join(parameter.usage.split())
    if parameter.has_choices:
        text += f" Choices: {', '.join(parameter.choices)}."
    return textwrap.wrap(
        text, _WIDTH, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )
