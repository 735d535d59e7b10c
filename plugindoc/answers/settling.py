"""Which options an installer asks for, and what becomes of each answer, group by group.

The order is the installer's: a group's pre-condition first, which may itself ask for an option,
then the group's options, then its post-condition. Nothing of the installer is run. What cannot be
told without running it is None, and what hangs on it is not known either.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, Literal, TypeAlias

import msgspec

from plugindoc.answers.parsing import Answer
from plugindoc.model.asking import names_in
from plugindoc.model.conditions import Always, Condition, all_of, evaluate
from plugindoc.model.outcomes import Outcome
from plugindoc.model.questions import Questions
from plugindoc.model.things import Option, OptionGroup
from plugindoc.model.values import Alternatives, Known, Value, known_text, members, truth
from plugindoc.protocol import PACKSTACK, Protocol

__all__ = [
    "Judge",
    "Settled",
    "SettledGroup",
    "SettledOption",
    "Source",
    "answer_to",
    "has_default",
    "lacking",
    "settle",
]

Judge: TypeAlias = Callable[[Option, object, Mapping[str, object]], Outcome]
"""What becomes of an answer to an option, given what is known of the configuration."""

Source: TypeAlias = Literal["file", "default", "computed"]


class SettledOption(msgspec.Struct, frozen=True, kw_only=True):
    """One declaration of an option, with what the installer makes of its answer.

    `asked` is None where that is not known. `answer` is the line that counts, None where the
    default does. `outcome` is None for an option that is not asked, and for one without a value.
    """

    option: Option
    asked: bool | None
    source: Source
    answer: Answer | None = None
    outcome: Outcome | None = None

    @property
    def missing(self) -> bool:
        """Whether the option is asked, but has neither an answer nor a default."""
        return self.asked is True and self.answer is None and not has_default(self.option)


class SettledGroup(msgspec.Struct, frozen=True, kw_only=True):
    """A group: whether it is asked, and whether its answers go together afterwards.

    `lacks` names a key that its condition cannot do without and that is not there: the installer
    ends with an error.
    """

    group: OptionGroup
    asked: bool | None
    fits: bool | None = True
    lacks: str = ""


class Settled(msgspec.Struct, frozen=True, kw_only=True):
    """What an installer has when it has read all answers.

    `config` holds the values that are known; a key that the configuration surely lacks is in
    `absent` and has the value None there.
    """

    groups: tuple[SettledGroup, ...]
    options: tuple[SettledOption, ...]
    config: dict[str, object]
    absent: frozenset[str]


def settle(
    answers: Iterable[Answer], questions: Questions, judge: Judge, protocol: Protocol = PACKSTACK
) -> Settled:
    """Return what the installer asks for and has in the end, given the answers of a file."""
    return _Settling(answers, questions, judge, protocol).run()


def has_default(option: Option) -> bool:
    """Tell whether an option needs no answer: it has a default, or may have one."""
    return option.default is not None and option.default != Known(None)


def answer_to(option: Option, given: Mapping[str, Answer]) -> Answer | None:
    """Return the answer to an option: under its name, else the first under an old one.

    `given` has the names in capitals. An empty answer under an old name does not count.
    """
    own = given.get(option.name.upper())
    if own is not None:
        return own
    old = (known_text(member) for member in members(option.deprecates))
    answers = (given.get(name.upper()) for name in old if name)
    return next((answer for answer in answers if answer is not None and answer.value), None)


def lacking(
    key: str, guard: Condition, config: Mapping[str, object], absent: Collection[str]
) -> bool:
    """Tell whether code surely reads a key that the configuration lacks."""
    return key in absent and evaluate(guard, config) is True


_NO_VALUE: Final = Outcome(answer=None, accepted=None, why="it has no default and no answer")


class _Settling:
    def __init__(
        self, answers: Iterable[Answer], questions: Questions, judge: Judge, protocol: Protocol
    ) -> None:
        self.questions, self.judge, self.protocol = questions, judge, protocol
        self.given: dict[str, Answer] = {}
        for answer in answers:
            self.given.setdefault(answer.name.upper(), answer)
        self.config: dict[str, object] = {}
        self.absent: set[str] = set()
        self.found: dict[tuple[str, str, int], SettledOption] = {}
        for option in questions.options:
            self._leave(option)

    def run(self) -> Settled:
        groups = tuple(self._group(group) for group in self.questions.groups)
        return Settled(
            groups=groups,
            options=tuple(self.found[_identity(option)] for option in self.questions.options),
            config=self.config,
            absent=frozenset(self.absent),
        )

    def _leave(self, option: Option) -> None:
        """Let an option be what it is before it is asked, and for good where it is not."""
        answer = answer_to(option, self.given)
        source: Source = "default" if answer is None else "file"
        self.found[_identity(option)] = SettledOption(
            option=option, asked=False, source=source, answer=answer
        )
        if self.protocol.keeps_unasked:
            value = self._value(option, answer)
            self.config[option.name] = getattr(value, "value", "")
            if not isinstance(value, Known):
                del self.config[option.name]
        else:
            self.config[option.name] = None
            self.absent.add(option.name)

    def _value(self, option: Option, answer: Answer | None) -> Value | None:
        if answer is not None:
            return Known(answer.value)
        if isinstance(option.default, Alternatives):
            for branch in option.default.branches:
                if evaluate(branch.guard, self.config) is True:
                    return branch.value
        return option.default

    def _group(self, group: OptionGroup) -> SettledGroup:
        there = evaluate(group.guard, self.config)
        if there is False:
            return SettledGroup(group=group, asked=False)
        self._named(group.pre_condition, there)
        for need in group.needs:
            if lacking(need.key, need.guard, self.config, self.absent):
                return SettledGroup(group=group, asked=False, lacks=need.key)
        asked = evaluate(all_of((group.guard, group.condition)), self.config)
        for option in group.options:
            if asked is not False and not self._only_named(option):
                self._ask(option, asked)
        if asked is False:
            return SettledGroup(group=group, asked=False)
        self._named(group.post_condition, asked)
        return SettledGroup(group=group, asked=asked, fits=evaluate(group.post, self.config))

    def _only_named(self, option: Option) -> bool:
        """Tell whether an option is asked as a condition only, and not with its group."""
        return self.protocol.keeps_unasked and truth(option.condition) is True

    def _named(self, value: Value | None, there: bool | None) -> None:  # noqa: FBT001 - three-valued
        """Ask for the options that a condition names."""
        for guard, name in names_in(value):
            for option in self.questions.options_named(name):
                named = evaluate(guard, self.config)
                self._ask(option, None if there is None else named)

    def _ask(self, option: Option, asked: bool | None) -> None:  # noqa: FBT001 - three-valued
        if not isinstance(option.guard, Always):
            guard = evaluate(option.guard, self.config)
            asked = False if guard is False else (None if guard is None else asked)
        before = self.found[_identity(option)]
        if asked is False or before.asked is True:
            return
        value = self._value(option, before.answer)
        outcome = self._outcome(option, value)
        source = before.source
        if before.answer is None and not isinstance(value, Known):
            source = "computed"
        self.found[_identity(option)] = msgspec.structs.replace(
            before, asked=asked, outcome=outcome, source=source
        )
        self.absent.discard(option.name)
        final = value if outcome.value is None else outcome.value
        taken = outcome.accepted is not False and outcome is not _NO_VALUE
        if asked is True and isinstance(final, Known) and taken:
            self.config[option.name] = final.value
        else:
            self.config.pop(option.name, None)

    def _outcome(self, option: Option, value: Value | None) -> Outcome:
        if isinstance(value, Known) and value.value is not None:
            return self.judge(option, value.value, self.config)
        if value is None or isinstance(value, Known):
            return _NO_VALUE
        reason = getattr(value, "reason", "") or "the default depends on the run"
        return Outcome(answer=None, value=value, accepted=None, why=reason)


def _identity(option: Option) -> tuple[str, str, int]:
    return option.name, option.group, option.location.line
