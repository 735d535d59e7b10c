"""Prompts in a terminal, which allow going back, and a summary before the installation."""

from __future__ import annotations

import contextlib
import getpass
import textwrap

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from source_packstack.installer.answers import Answers, misfit, settle
from source_packstack.installer.controller import Controller
from source_packstack.installer.errors import AnswersError
from source_packstack.installer.parameters import PASSWORD_PLACEHOLDER, Group, Parameter
from source_packstack.installer.runs import MASK

__all__ = ["ask_all", "confirm_summary"]

_BACK = "<"
_EMPTY = '""'
_EXPLAIN = "?"
_INTRODUCTION = (
    f"Press Return for the value in brackets, {_EMPTY} for an empty answer, {_EXPLAIN} for an "
    f"explanation, or {_BACK} to go back to the previous question."
)
_RANDOM = "a random one"

_Question = tuple[Group, Parameter]


class _WayBackError(Exception):
    """The user goes back to the previous prompt."""


def ask_all(controller: Controller, given: frozenset[str]) -> None:
    """Ask for every option that applies and was not `given` on the command line.

    Answers are stored in the configuration, which already contains the defaults. `<` goes back. A
    group whose answers contradict each other is asked again. Raises AnswersError if all of these
    were given on the command line, and EOFError at the end of the input.
    """
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401, PLC0415 -- line editing for input(), where there is any
    console = Console(highlight=False)
    console.print(_INTRODUCTION, soft_wrap=True)
    questions = [
        (group, option)
        for group in controller.groups
        for option in controller.asked_with(group)
        if option.name not in given and not option.file_only
    ]
    asked: list[int] = []
    index = 0
    while index < len(questions):
        group, option = questions[index]
        if controller.is_asked(option, group):
            if not asked or questions[asked[-1]][0] is not group:
                console.print(f"\n[bold]{escape(group.description)}[/]")
            try:
                _ask(option, controller, console)
            except _WayBackError:
                index = asked.pop() if asked else index
                continue
            asked.append(index)
        index += 1
        if _ends_group(questions, index) and not group.fits(controller.CONF):
            console.print(f"[red]{escape(misfit(group))}[/]", soft_wrap=True)
            index = _rewind(questions, asked, group)
    for group in controller.groups:
        for option in controller.asked_with(group):
            if option.file_only and controller.is_asked(option, group):
                settle(controller, option, "default value")
        if not group.fits(controller.CONF):  # and all of it was given
            raise AnswersError(misfit(group))


def confirm_summary(controller: Controller) -> bool:
    """Show all answers with masked secrets, and ask whether to start; False means back.

    Raises EOFError if the user cancels the installation.
    """
    table = Table("Option", "Answer", title="Your answers", title_justify="left")
    for group in controller.groups:
        for option in group.parameters.values():
            if controller.is_asked(option, group):
                value = str(controller.CONF[option.name])
                table.add_row(option.name, escape(MASK if option.masked and value else value))
    console = Console(highlight=False)
    console.print()
    console.print(table)
    while True:
        answer = input(f"Install with these answers? (yes, no, {_BACK}) ").strip().lower()
        if answer in ("y", "yes"):
            return True
        if answer in ("n", "no"):
            raise EOFError
        if answer == _BACK:
            return False


def _ask(option: Parameter, controller: Controller, console: Console) -> None:
    """Ask until the answer is valid, or the user keeps an invalid one."""
    config = controller.CONF
    before = config[option.name]
    while True:
        answers = Answers()
        answers.give(option.name, _read(option, str(before)), "this answer")
        config[option.name] = answers.given[option.name]
        doubts = settle(controller, option, "this answer")
        if not answers.problems and not doubts:
            return
        console.print(f"[red]{escape([*answers.problems, *doubts][0])}[/]", soft_wrap=True)
        doubtful = option.loose and not answers.problems
        if doubtful and input("Use it anyway? (yes, no) ").strip().lower() in ("y", "yes"):
            return
        config[option.name] = before


def _read(option: Parameter, default: str) -> str:
    shown = _RANDOM if default == PASSWORD_PLACEHOLDER else default
    if option.masked and shown not in ("", _RANDOM):
        shown = MASK
    choices = f" ({'/'.join(option.choices)})" if option.has_choices else ""
    text = f"{option.prompt}{choices} [{shown}]: " if shown else f"{option.prompt}{choices}: "
    while True:
        answer = _input(text, masked=option.masked)
        if not answer:
            return default
        if answer == _EXPLAIN:
            print(textwrap.indent(textwrap.fill(option.usage), "  "))  # noqa: T201 -- as below
            continue
        if not option.confirm or answer == _EMPTY:
            return "" if answer == _EMPTY else answer
        if _input("Repeat it: ", masked=option.masked) == answer:
            return answer
        print("The two answers differ.")  # noqa: T201 -- belongs to the dialogue


def _input(text: str, *, masked: bool) -> str:
    answer = (getpass.getpass(text) if masked else input(text)).strip()
    if answer == _BACK:
        raise _WayBackError
    return answer


def _ends_group(questions: list[_Question], index: int) -> bool:
    return index == len(questions) or questions[index][0] is not questions[index - 1][0]


def _rewind(questions: list[_Question], asked: list[int], group: Group) -> int:
    while asked and questions[asked[-1]][0] is group:
        asked.pop()
    return next(index for index, question in enumerate(questions) if question[0] is group)
