"""Random answer files for an installer: choices, numbers, hosts, texts that its code looks at."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator

from plugindoc.model.conditions import AllOf, AnyOf, Compare, Condition, Not
from plugindoc.model.project import Option
from plugindoc.model.questions import Questions
from plugindoc.model.values import Known

__all__ = ["answer_files", "values_of_interest"]

_HOSTS = ("192.0.2.1", "192.0.2.2,192.0.2.3", "2001:db8::1")
_NUMBERS = ("0", "1", "20", "70000", "many")
_TEXTS = ("", "some text")
_CHANGED_AT_MOST = 8
_TAKEN_MORE_OFTEN = 12


def answer_files(questions: Questions, count: int, seed: int) -> Iterator[str]:
    """Yield answer files, the same for the same seed."""
    pick = random.Random(seed)  # noqa: S311 - no secret
    values = values_of_interest(questions)
    names = [name for name, listed in values.items() if listed]
    switches = [name for name in names if {"y", "n"} <= set(values[name])]
    for _ in range(count):
        answers = {}
        for name in pick.sample(switches, min(len(switches), pick.randint(0, len(switches) // 2))):
            answers[name] = pick.choice(["y", "n"])
        for name in pick.sample(names, min(len(names), pick.randint(0, _CHANGED_AT_MOST))):
            answers[name] = pick.choice(values[name])
        lines = (f"{name}={value}" for name, value in answers.items())
        yield "\n".join(["[general]", *lines, ""])


def values_of_interest(questions: Questions) -> dict[str, list[str]]:
    """Return values by option: those that it takes, and those that conditions compare it with."""
    found: dict[str, list[str]] = defaultdict(list)
    conditions: list[Condition] = [group.condition for group in questions.groups]
    for plugin in questions.project.plugins:
        conditions += [constraint.condition for constraint in plugin.constraints]
        conditions += [use.guard for use in plugin.actions.uses]
        for sequence in plugin.sequences:
            conditions += [sequence.guard, *(step.guard for step in sequence.steps)]
    for condition in conditions:
        for compared in _compared(condition):
            listed = compared.value if isinstance(compared.value, list) else [compared.value]
            found[compared.option] += [one for one in listed if isinstance(one, str)]
    for option in questions.options:
        found[option.name] += _sample(option)
    for option in questions.options:  # most files should get to the hooks
        refused = {told.answer for told in option.outcomes if told.accepted is False}
        default = option.default.value if isinstance(option.default, Known) else None
        usual = [str(default)] if default is not None and default not in refused else []
        known = {told.answer for told in option.outcomes if told.accepted is True}
        taken = [value for value in found[option.name] if value in known or not option.outcomes]
        found[option.name] += (taken or usual) * _TAKEN_MORE_OFTEN
    return dict(found)


def _sample(option: Option) -> list[str]:
    choices = option.choices.value if isinstance(option.choices, Known) else None
    listed = [str(choice) for choice in choices] if isinstance(choices, list) else []
    if listed:
        return [*listed, ",".join(listed[:2])]
    if "HOST" in option.name:
        return list(_HOSTS)
    default = option.default.value if isinstance(option.default, Known) else ""
    return list(_NUMBERS if str(default).isdecimal() else _TEXTS)


def _compared(condition: Condition) -> Iterator[Compare]:
    match condition:
        case Compare():
            yield condition
        case Not(condition=inner):
            yield from _compared(inner)
        case AllOf(conditions=parts) | AnyOf(conditions=parts):
            for part in parts:
                yield from _compared(part)
        case _:
            return
