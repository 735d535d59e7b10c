"""Changes of which answers an option accepts, under which names, and what becomes of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final

import msgspec

from plugindoc.changes.change import Change, Kind
from plugindoc.changes.kinds.effects import Effect, change_of
from plugindoc.changes.kinds.samples import declared, sample
from plugindoc.changes.matching import Pair, former_names
from plugindoc.changes.wording import from_to, hides, quoted, same_value
from plugindoc.model.outcomes import FOREIGN
from plugindoc.model.project import Option
from plugindoc.model.values import Items, Known, Reference, Value, known_text, members
from plugindoc.model.wording import listed
from plugindoc.validation import choices_of, outcome_of

__all__ = ["KINDS"]

_PROBES: Final = (
    *("8080", "70000", "-1", "1.5", "text", "192.0.2.1", "2001:db8::1", "192.0.2.1,192.0.2.2"),
    "192.0.2.0/24",
)
"""Answers by which the validators of Packstack differ."""

_ANY: Final = "other text"
_MOST: Final = 3


class _Accepted(msgspec.Struct, frozen=True):
    """Answers that only one of two states accepts, and which function refuses the first."""

    lost: tuple[str, ...]
    won: tuple[str, ...]
    by: str


def _is_listed(value: Value | None) -> bool:
    """Return whether a value is a list, or nothing: what is computed can be any."""
    return value is None or isinstance(value, Known | Items | Reference)


def _names(value: Value | None) -> list[str] | None:
    if not _is_listed(value):
        return None
    found = [m.name.rpartition(".")[2] for m in members(value) if isinstance(m, Reference)]
    return found if len(found) == len(members(value)) else None


# Validators


def _validators(pair: Pair) -> Iterator[Change]:
    for old, new in pair.kept_options:
        effect = _validation(pair, old, new)
        if effect is not None:
            yield change_of("validators", old, new, effect)


def _validation(pair: Pair, old: Option, new: Option) -> Effect | None:
    was, now = _names(old.validators), _names(new.validators)
    if was is None or now is None:
        if same_value(old.validators, new.validators):
            return None
        told = from_to(old.validators, new.validators)
        return Effect("notable", f"may be validated differently{told}")
    check = f"Check the answer to {new.name}"
    if was == now:
        return _same_names(_accepted(pair, old, new), check) if _same_choices(old, new) else None
    gone, come = [n for n in was if n not in now], [n for n in now if n not in was]
    if not gone and not come:
        return Effect("cosmetic", "is validated in another order")
    if not come:
        return Effect("notable", f"no longer has to pass {listed(gone)}")
    found = _accepted(pair, old, new)
    hint = f"{check}: {_refused(found.lost)} now." if found.lost else f"{check}."
    if not gone:
        return Effect("breaking", f"also has to pass {listed(come)}", hint)
    words = f"has to pass {listed(come)} instead of {listed(gone)}"
    return Effect("breaking" if found.lost else "notable", words, hint)


def _same_names(found: _Accepted, check: str) -> Effect | None:
    """Return the effect of validators whose code may have changed."""
    if found.lost:
        words = f"accepts less: {_refused(found.lost)} by {found.by.rpartition('.')[2]}"
        return Effect("breaking", words, f"{check}.")
    return Effect("notable", f"also accepts {listed(found.won)}") if found.won else None


def _same_choices(old: Option, new: Option) -> bool:
    """Return whether what is accepted can differ only by the functions."""
    return same_value(old.choices, new.choices) and same_value(old.processors, new.processors)


def _refused(answers: tuple[str, ...]) -> str:
    return f"{listed(answers)} {'is' if len(answers) == 1 else 'are'} refused"


def _accepted(pair: Pair, old: Option, new: Option) -> _Accepted:
    """Return the answers that only one state accepts, as far as that is known.

    A choice that is gone is left to the change of the choices.
    """
    gone = {*choices_of(old)} - {*choices_of(new)}
    lost: dict[str, None] = {}
    won: dict[str, None] = {}
    by = ""
    for answer in _answers(old, new):
        if answer in _PROBES and _ANY in lost:
            break  # any other text is refused
        before = outcome_of(old, answer, pair.old.like)
        after = outcome_of(new, answer, pair.new.like)
        if str(answer) in gone or {before.accepted, after.accepted} != {True, False}:
            continue
        (lost if before.accepted else won)[_shown(answer, old, new)] = None
        by = by or after.by
    return _Accepted(tuple(lost)[:_MOST], tuple(won)[:_MOST], by)


def _answers(old: Option, new: Option) -> Iterator[Any]:
    """Yield the answers to compare, those of the options' own before any other text."""
    told = {repr(one.answer): one.answer for one in (*old.outcomes, *new.outcomes)}
    yield from sorted(told.values(), key=lambda answer: answer == FOREIGN)
    yield from (each for each in _PROBES if repr(each) not in told)


def _shown(answer: object, old: Option, new: Option) -> str:
    if answer == FOREIGN:
        return _ANY
    if answer == "":
        return "an empty answer"
    return "the default" if hides(old, new) else f"'{quoted(str(answer))}'"


# Processors


def _processors(pair: Pair) -> Iterator[Change]:
    for old, new in pair.kept_options:
        was, now = _names(old.processors), _names(new.processors)
        if same_value(old.processors, new.processors) or (was == now and was is not None):
            effect = _results(old, new)
        else:
            before, after = (
                listed(found) or "nothing" if found is not None else "⟨…⟩" for found in (was, now)
            )
            effect = Effect("notable", f"is processed by {after} instead of {before}")
        if effect is not None:
            yield change_of("processors", old, new, effect)


def _results(old: Option, new: Option) -> Effect | None:
    """Return the effect of processors whose code may have changed.

    The results for the same answers are compared.
    """
    for before in old.outcomes:
        after = next((one for one in new.outcomes if one.answer == before.answer), None)
        if after is None or not (before.accepted and after.accepted) or before.answer == FOREIGN:
            continue
        was, now = (Known(o.answer) if o.value is None else o.value for o in (before, after))
        if isinstance(was, Known) and isinstance(now, Known) and was != now:
            if hides(old, new):
                return Effect("notable", "is processed to another value")
            told = f"{quoted(now)} instead of {quoted(was)}"
            answer = _shown(before.answer, old, new)
            return Effect("notable", f"is processed to another value: {answer} becomes {told}")
    return None


# Former names


def _former_names(pair: Pair) -> Iterator[Change]:
    for old, new in pair.kept_options:
        was, now = (former_names(each) for each in (old, new))
        lost = [name for name in was if name not in {*now, new.name}]
        won = [
            name for name in now if name not in {*was, old.name} and name not in _renamed_to(pair)
        ]
        is_told = _is_listed(new.deprecates) and all(map(known_text, members(new.deprecates)))
        if lost and is_told:
            yield change_of("former-names", old, new, _lost(lost, new, pair))
        elif lost:
            words = f"may no longer accept the former name{'s' * (len(lost) > 1)} {listed(lost)}"
            yield change_of("former-names", old, new, Effect("notable", words))
        elif won and _is_listed(old.deprecates):
            yield change_of("former-names", old, new, _won(won, new, pair))


def _renamed_to(pair: Pair) -> frozenset[str]:
    """Return the old names whose options have another one now: that is a separate change."""
    return frozenset(old for old, new in pair.new_names.items() if old != new)


def _lost(names: Iterable[str], new: Option, pair: Pair) -> Effect:
    every = [*names]
    taken = [
        f"{name} is an option of its own" if owner.name == name else f"{name} sets {owner.name}"
        for name in every
        if (owner := pair.new.option(name))
    ]
    ignored = [name for name in every if pair.new.option(name) is None]
    told = [*taken, f"{listed(ignored)} {'is' if len(ignored) == 1 else 'are'} ignored"]
    return Effect(
        "breaking",
        f"no longer accepts the former name{'s' * (len(every) > 1)} {listed(every)}",
        f"Write {new.name} in answer files: {listed(told if ignored else taken)} now.",
    )


def _won(names: Iterable[str], new: Option, pair: Pair) -> Effect:
    every = [*names]
    live = [name for name in every if pair.old.options_named(name)]
    if live:
        words = f"takes the answer to {listed(live)} where it has none of its own"
        return Effect("notable", words, f"Answer {new.name} to keep it apart.")
    plural = "s" * (len(every) > 1)
    return Effect("notable", f"also accepts the former name{plural} {listed(every)}")


_PORT: Final = {"VALIDATORS": "[validators.validate_port]"}
_INTEGER: Final = {"VALIDATORS": "[validators.validate_integer]"}
_FORMER: Final = {"DEPRECATES": '["CONFIG_EXAMPLE_LISTEN"]'}

KINDS: Final = (
    Kind(
        thing="option",
        name="validators",
        summary="an option is validated differently",
        text="Breaking where a validator was added to the old ones, and where an answer that was "
        "accepted is known to be refused, by another validator or by changed code of the same one. "
        "Notable where a validator was replaced or removed otherwise.",
        find=_validators,
        samples=(
            sample(declared({}), declared(_PORT), "breaking"),
            sample(declared(_INTEGER), declared(_PORT), "breaking"),
            sample(declared(_PORT), declared(_INTEGER), "notable"),
        ),
    ),
    Kind(
        thing="option",
        name="processors",
        summary="an option's answer is processed differently",
        text="Steps and templates get another value for the same answer.",
        find=_processors,
        samples=(
            sample(declared({}), declared({"PROCESSORS": "[processors.process_host]"}), "notable"),
        ),
    ),
    Kind(
        thing="option",
        name="former-names",
        summary="an option accepts other former names",
        text="Breaking where the `DEPRECATES` of an option no longer has a name: an answer under "
        "it is ignored, or sets another option. Notable where a name was added.",
        find=_former_names,
        samples=(
            sample(declared(_FORMER), declared({}), "breaking"),
            sample(declared({}), declared(_FORMER), "notable"),
        ),
    ),
)
