"""Which options an installer asks for, and what becomes of each answer, group by group.

The order is the installer's: a group's pre-condition first, which may itself ask for an option,
then the group's options, then its post-condition. Nothing of the installer is run. What is not
known without running it is None, and so is everything that depends on it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Final, Literal, TypeAlias
from weakref import WeakKeyDictionary

import msgspec

from plugindoc.answers.parsing import Answer
from plugindoc.model.asking import names_in
from plugindoc.model.conditions import Always, Condition, all_of, evaluate
from plugindoc.model.outcomes import Outcome
from plugindoc.model.project import Option, OptionGroup
from plugindoc.model.questions import Questions
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

    `asked` is None if that is not known. `answer` is the line that applies, None if the default
    does. `outcome` is None for an option that is not asked, and for one without a value.
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
    """Return what the installer asks for, and the resulting configuration, for some answers."""
    return _Settling(answers, questions, judge, protocol).run()


def has_default(option: Option) -> bool:
    """Return whether an option needs no answer: it has a default, or may have one."""
    return option.default is not None and option.default != Known(None)


def answer_to(option: Option, given: Mapping[str, Answer]) -> Answer | None:
    """Return the answer to an option: under its name, else the first under an old one.

    `given` has the names in capitals. An empty answer under an old name does not count.
    """
    own = given.get(option.name.upper())
    if own is not None or option.deprecates is None:
        return own
    old = (known_text(member) for member in members(option.deprecates))
    answers = (given.get(name.upper()) for name in old if name)
    return next((answer for answer in answers if answer is not None and answer.value), None)


def lacking(
    key: str, guard: Condition, config: Mapping[str, object], absent: Collection[str]
) -> bool:
    """Return whether code surely reads a key that the configuration lacks."""
    return key in absent and evaluate(guard, config) is True


_NO_VALUE: Final = Outcome(answer=None, accepted=None, why="it has no default and no answer")


class _Static:
    """What does not depend on answers, found out once for each installer."""

    def __init__(self, questions: Questions) -> None:
        self.unanswered: dict[int, SettledOption] = {}
        self.by_name: dict[str, list[Option]] = {}
        self.defaults: dict[str, Option] = {}
        for option in questions.options:
            self.unanswered[id(option)] = SettledOption(
                option=option, asked=False, source="default"
            )
            self.defaults[option.name] = option
            old = (known_text(member) for member in members(option.deprecates))
            for name in dict.fromkeys((option.name, *filter(None, old))):
                self.by_name.setdefault(name.upper(), []).append(option)
        self.asked = {
            id(group): all_of((group.guard, group.condition)) for group in questions.groups
        }
        self.named = {
            id(group): (tuple(names_in(group.pre_condition)), tuple(names_in(group.post_condition)))
            for group in questions.groups
        }


_STATIC: Final[WeakKeyDictionary[Questions, _Static]] = WeakKeyDictionary()


class _Settling:
    def __init__(
        self, answers: Iterable[Answer], questions: Questions, judge: Judge, protocol: Protocol
    ) -> None:
        self.questions, self.judge, self.protocol = questions, judge, protocol
        static = _STATIC.get(questions)
        if static is None:
            static = _STATIC[questions] = _Static(questions)
        self.static = static
        given: dict[str, Answer] = {}
        for answer in answers:
            given.setdefault(answer.name.upper(), answer)
        self.found = dict(static.unanswered)
        for name in given:
            for option in static.by_name.get(name, ()):
                answered = answer_to(option, given)
                if answered is not None:
                    self.found[id(option)] = SettledOption(
                        option=option, asked=False, source="file", answer=answered
                    )
        self.config: dict[str, object] = dict.fromkeys(static.defaults)
        self.absent = set(static.defaults)
        if protocol.keeps_unasked:
            self._keep_unasked()

    def run(self) -> Settled:
        groups = tuple(self._group(group) for group in self.questions.groups)
        return Settled(
            groups=groups,
            options=tuple(self.found.values()),
            config=self.config,
            absent=frozenset(self.absent),
        )

    def _keep_unasked(self) -> None:
        """Set each option to its answer or default, before it is asked or if it is not."""
        self.absent.clear()
        for option in self.questions.options:
            value = self._value(option, self.found[id(option)].answer)
            if value is None:
                self.config[option.name] = ""
            elif isinstance(value, Known):
                self.config[option.name] = value.value
            else:
                self.config.pop(option.name, None)

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
        before, afterwards = self.static.named[id(group)]
        self._named(before, there)
        for need in group.needs:
            if lacking(need.key, need.guard, self.config, self.absent):
                return SettledGroup(group=group, asked=False, lacks=need.key)
        asked = evaluate(self.static.asked[id(group)], self.config)
        for option in group.options:
            if asked is not False and not self._only_named(option):
                self._ask(option, asked)
        if asked is False:
            return SettledGroup(group=group, asked=False)
        self._named(afterwards, asked)
        return SettledGroup(group=group, asked=asked, fits=evaluate(group.post, self.config))

    def _only_named(self, option: Option) -> bool:
        """Return whether an option is asked as a condition only, and not with its group."""
        return self.protocol.keeps_unasked and truth(option.condition) is True

    def _named(
        self,
        named: Iterable[tuple[Condition, str]],
        there: bool | None,  # noqa: FBT001 - three-valued
    ) -> None:
        """Ask for the options that a condition names."""
        for guard, name in named:
            for option in self.questions.options_named(name):
                holds = evaluate(guard, self.config)
                self._ask(option, None if there is None else holds)

    def _ask(self, option: Option, asked: bool | None) -> None:  # noqa: FBT001 - three-valued
        if not isinstance(option.guard, Always):
            guard = evaluate(option.guard, self.config)
            asked = False if guard is False else (None if guard is None else asked)
        before = self.found[id(option)]
        if asked is False or before.asked is True:
            return
        value = self._value(option, before.answer)
        outcome = self._outcome(option, value)
        source = before.source
        if before.answer is None and not isinstance(value, Known):
            source = "computed"
        self.found[id(option)] = SettledOption(
            option=option, asked=asked, source=source, answer=before.answer, outcome=outcome
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
        reason = getattr(value, "reason", "") or "the default is only known during the run"
        return Outcome(answer=None, value=value, accepted=None, why=reason)
