"""What an option's answers enable: groups, sequences and steps, by the values that do it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from plugindoc.model.conditions import Compare, Condition, all_of, describe, evaluate, leaves
from plugindoc.model.project import Option, OptionGroup, Sequence, Step
from plugindoc.model.questions import Questions
from plugindoc.model.values import known_text, members

__all__ = ["Enabled", "enabled", "enabling_values"]


class Enabled(msgspec.Struct, frozen=True):
    """Things that the same answers enable: those `values`, else answers as `words` say."""

    values: tuple[str, ...]
    words: str
    things: tuple[OptionGroup | Sequence | Step, ...]


def enabled(questions: Questions, option: Option) -> tuple[Enabled, ...]:
    """Return what an option enables, in the order of its choices."""
    found: dict[tuple[tuple[str, ...], str], list[OptionGroup | Sequence | Step]] = {}
    for thing in questions.reveals(option.name):
        condition = _condition(thing)
        values = enabling_values(condition, option)
        words = "" if values else " or ".join(dict.fromkeys(_compared(condition, option.name)))
        found.setdefault((values, words), []).append(thing)
    order = [value for key in sorted(found, key=lambda key: len(key[0])) for value in key[0]]
    choices = {value: place for place, value in enumerate([*_choices(option), *order])}
    keys = sorted(found, key=lambda key: (not key[0], [choices[value] for value in key[0]]))
    return tuple(Enabled(*key, tuple(found[key])) for key in keys)


def enabling_values(condition: Condition, option: Option) -> tuple[str, ...]:
    """Return the values of an option that go furthest to make a condition hold.

    The values are the option's choices, else those that the condition names; () if none goes
    further than the others.
    """
    name = option.name
    values = list(dict.fromkeys((*_choices(option), *_named(condition, name))))
    ranks = {value: _RANKS[evaluate(condition, {name: value})] for value in values}
    others = _RANKS[evaluate(condition, {name: _ANY_OTHER})]
    best = max(ranks.values(), default=others)
    if best == min((others, *ranks.values())) or (best == others and not _choices(option)):
        return ()
    return tuple(value for value in values if ranks[value] == best)


_RANKS = {False: 0, None: 1, True: 2}
_ANY_OTHER = "\N{REPLACEMENT CHARACTER}"


def _condition(thing: OptionGroup | Sequence | Step) -> Condition:
    return thing.guard if isinstance(thing, Step) else all_of((thing.guard, thing.condition))


def _choices(option: Option) -> list[str]:
    found = (known_text(choice) for choice in members(option.choices))
    return [choice for choice in found if choice]


def _comparisons(condition: Condition, name: str) -> list[Compare]:
    return [one for one in leaves(condition) if isinstance(one, Compare) and one.option == name]


def _named(condition: Condition, name: str) -> Iterator[str]:
    for compared in _comparisons(condition, name):
        value = compared.value
        if compared.operator in {"==", "begins with", "contains", "has member", "in"}:
            for one in value if isinstance(value, list | tuple) else (value,):
                if isinstance(one, str) and one:
                    yield one


def _compared(condition: Condition, name: str) -> Iterator[str]:
    for compared in _comparisons(condition, name):
        yield describe(compared).removeprefix(f"{name} ")
