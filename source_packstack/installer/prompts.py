"""Questions in a terminal, with a way back, and a summary before anything starts."""

from __future__ import annotations

import contextlib
import getpass
from dataclasses import dataclass

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from source_packstack.installer.answers import misfit, settle
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import PASSWORD_PLACEHOLDER, Group, Parameter
from source_packstack.installer.runs import MASK

__all__ = ["BACK", "ask_all", "confirm_summary"]

BACK = "<"  # the answer that leads to the question before
_RANDOM = "a random one"


class _WayBackError(Exception):
    """The user wants to answer the question before again."""


@dataclass(frozen=True)
class _Question:
    group: Group
    parameter: Parameter

    def is_asked(self, controller: Controller) -> bool:
        if self.parameter.file_only:
            return False
        if self.parameter.name in controller.condition_names():
            return True
        return not self.parameter.only_as_condition and self.group.applies(controller.CONF)


def ask_all(controller: Controller, given: frozenset[str], console: Console) -> None:
    """Ask for every option that applies and was not `given` on the command line.

    Answers go to the configuration, which already has a default for each. `<` goes back. A group
    whose answers do not go together is asked again. Raises EOFError when the input ends.
    """
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401, PLC0415 -- line editing for input(), where there is any
    console.print(f"Return takes the value in brackets; {BACK} goes back to the question before.")
    questions = [
        _Question(group, parameter)
        for group in controller.groups
        for parameter in group.parameters.values()
        if parameter.name not in given
    ]
    asked: list[int] = []
    index = 0
    while index < len(questions):
        question = questions[index]
        if question.is_asked(controller):
            if not asked or questions[asked[-1]].group is not question.group:
                console.print(f"\n[bold]{escape(question.group.description)}[/]")
            try:
                _ask(question.parameter, controller, console)
            except _WayBackError:
                index = asked.pop() if asked else index
                continue
            asked.append(index)
        index += 1
        if _ends_group(questions, index) and not _fits(question.group, controller):
            console.print(f"[red]{escape(misfit(question.group))}[/]", soft_wrap=True)
            index = _rewind(questions, asked, question.group)


def confirm_summary(controller: Controller, console: Console) -> bool:
    """Show all answers, secrets masked, and ask whether to start; False means back."""
    table = Table("Option", "Answer", title="Your answers", title_justify="left")
    for group in controller.groups:
        if not group.applies(controller.CONF):
            continue
        for parameter in group.parameters.values():
            value = str(controller.CONF[parameter.name])
            shown = MASK if parameter.masked and value else value
            table.add_row(parameter.name, escape(shown))
    console.print()
    console.print(table)
    while True:
        answer = input(f"Install with these answers? (yes, no, {BACK}) ").strip().lower()
        if answer in ("y", "yes"):
            return True
        if answer in ("n", "no"):
            raise EOFError
        if answer == BACK:
            return False


def _ask(parameter: Parameter, controller: Controller, console: Console) -> None:
    """Ask until the answer is right, or kept although it is not."""
    config = controller.CONF
    before = config[parameter.name]
    while True:
        config[parameter.name] = _read(parameter, str(before))
        problems = settle(controller, parameter, "this answer")
        if not problems:
            return
        console.print(f"[red]{escape(problems[0])}[/]", soft_wrap=True)
        if parameter.loose and _keep_anyway():
            return
        config[parameter.name] = before


def _read(parameter: Parameter, default: str) -> str:
    shown = _RANDOM if default == PASSWORD_PLACEHOLDER else default
    if parameter.masked and shown not in ("", _RANDOM):
        shown = MASK
    choices = f" ({'/'.join(parameter.choices)})" if _has_choices(parameter) else ""
    text = f"{parameter.prompt}{choices} [{shown}]: "
    while True:
        answer = _input(text, masked=parameter.masked)
        if not answer:
            return default
        if not parameter.confirm:
            return answer
        if _input("Once more, to be sure: ", masked=parameter.masked) == answer:
            return answer
        print("The two answers differ.")  # noqa: T201 -- belongs to the dialogue


def _input(text: str, *, masked: bool) -> str:
    answer = (getpass.getpass(text) if masked else input(text)).strip()
    if answer == BACK:
        raise _WayBackError
    return answer


def _keep_anyway() -> bool:
    return input("Keep it anyway? (yes, no) ").strip().lower() in ("y", "yes")


def _has_choices(parameter: Parameter) -> bool:
    return any(check.__name__ == "validate_options" for check in parameter.validators)


def _ends_group(questions: list[_Question], index: int) -> bool:
    return index == len(questions) or questions[index].group is not questions[index - 1].group


def _fits(group: Group, controller: Controller) -> bool:
    return not group.applies(controller.CONF) or group.fits(controller.CONF)


def _rewind(questions: list[_Question], asked: list[int], group: Group) -> int:
    while asked and questions[asked[-1]].group is group:
        asked.pop()
    return next(index for index, question in enumerate(questions) if question.group is group)
