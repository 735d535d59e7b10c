"""The consequences of settled answers: sequences and steps that run, combinations that are refused.

Each consequence holds, does not hold, or is not known; then the reason and the keys that it depends
on are given. No plugin code runs: the model's conditions are evaluated.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Final, TypeAlias

import msgspec

from plugindoc.answers.settling import Settled, SettledOption, lacking
from plugindoc.model.conditions import (
    Condition,
    Opaque,
    describe,
    evaluate,
    leaves,
    options_of,
)
from plugindoc.model.outcomes import Outcome
from plugindoc.model.project import Constraint, Plugin, Sequence, Step, Use
from plugindoc.model.questions import Questions
from plugindoc.model.uses import can_be

__all__ = [
    "Consequences",
    "HookJudge",
    "Stored",
    "Verdict",
    "consequences",
    "verdict_of",
    "whys_of",
]


class Verdict(msgspec.Struct, frozen=True):
    """Whether something holds: yes, no, or (None) not known, with the reason and its keys."""

    holds: bool | None
    reason: str = ""
    depends_on: tuple[str, ...] = ()


class Lack(msgspec.Struct, frozen=True):
    """A key that a plugin's hook reads, and that the configuration lacks: the hook fails."""

    plugin: Plugin
    key: str


class Stored(msgspec.Struct, frozen=True):
    """Keys that code may set: by name, or by patterns of which only parts are known."""

    names: frozenset[str]
    patterns: tuple[str, ...]

    def __contains__(self, key: str) -> bool:
        return key in self.names or _matches(self.patterns, key)


@lru_cache(maxsize=10_000)  # most plans of an installer ask for the same keys
def _matches(patterns: tuple[str, ...], key: str) -> bool:
    return any(can_be(pattern, key) for pattern in patterns)


class Consequences(msgspec.Struct, frozen=True, kw_only=True):
    """What follows from settled answers, in the order of the run.

    `run_config` is what is known of the configuration during the run. It lacks the keys that are
    `stored_by_steps`: the order of the run decides which value is read.
    """

    settled: Settled
    constraints: tuple[tuple[Constraint, Verdict], ...]
    lacks: tuple[Lack, ...]
    sequences: tuple[tuple[Sequence, Verdict], ...]
    steps: dict[int, tuple[tuple[Step, Verdict], ...]]
    run_config: Mapping[str, object]
    stored_by_steps: Stored


HookJudge: TypeAlias = Callable[[str, Mapping[str, object], Collection[str]], Outcome]
"""Whether a plugin's hook gets through with a configuration, some keys of which are not known."""


def consequences(
    settled: Settled, questions: Questions, hook: HookJudge | None = None
) -> Consequences:
    """Return the consequences of settled answers.

    `hook` is asked where the model's conditions leave open whether a plugin refuses the answers.
    """
    plugins = questions.project.plugins
    known = _Known(settled)
    sequences = []
    steps: dict[int, tuple[tuple[Step, Verdict], ...]] = {}
    for sequence, condition, conditions in questions.run_conditions:
        runs = known.verdict(condition)
        sequences.append((sequence, runs))
        steps[sequence.position] = tuple(
            (step, runs if runs.holds is False else known.verdict(when))
            for step, when in zip(sequence.steps, conditions, strict=True)
        )
    by_steps = _stored(_rewritten(questions, steps), settled.config)
    by_hooks = _stored((use for one in plugins for use in one.actions.uses), settled.config)
    return Consequences(
        settled=settled,
        constraints=tuple(
            judged for plugin in plugins for judged in _constraints(plugin, known, settled, hook)
        ),
        lacks=tuple(lack for plugin in plugins for lack in _lacks(plugin, settled)),
        sequences=tuple(sequences),
        steps=steps,
        run_config=_without(settled.config, by_steps, by_hooks),
        stored_by_steps=by_steps,
    )


def _constraints(
    plugin: Plugin, known: _Known, settled: Settled, hook: HookJudge | None
) -> list[tuple[Constraint, Verdict]]:
    found = [(constraint, known.verdict(constraint.condition)) for constraint in plugin.constraints]
    open_ones = [constraint for constraint, verdict in found if verdict.holds is None]
    if hook is None or not open_ones or any(verdict.holds for _, verdict in found):
        return found
    config = {key: value for key, value in settled.config.items() if key not in settled.absent}
    unknown = {
        one.option.name
        for one in settled.options
        if one.asked is not False and one.option.name not in config
    }
    outcome = hook(plugin.module, config, unknown)
    if outcome.accepted is None or (outcome.accepted is False and len(open_ones) > 1):
        return found
    settled_verdict = Verdict(outcome.accepted is False)
    return [(one, settled_verdict if verdict.holds is None else verdict) for one, verdict in found]


def _lacks(plugin: Plugin, settled: Settled) -> Iterator[Lack]:
    """Yield the keys without which a plugin's hooks fail."""
    absent = set(settled.absent)
    for use in plugin.actions.uses:
        if use.access == "write":
            absent.discard(use.key)
        elif (
            not use.pattern
            and use.default is None
            and lacking(use.key, use.guard, settled.config, absent)
        ):
            yield Lack(plugin, use.key)
            return


def _rewritten(
    questions: Questions, steps: Mapping[int, tuple[tuple[Step, Verdict], ...]]
) -> Iterator[Use]:
    """Yield where steps that run, or may run, set a key that was there before them."""
    for step, verdict in (pair for pairs in steps.values() for pair in pairs):
        if verdict.holds is not False:
            yield from questions.rewrites(step)


def _stored(uses: Iterable[Use], config: Mapping[str, object]) -> Stored:
    """Return the keys that code may set."""
    names: set[str] = set()
    patterns: dict[str, None] = {}
    for use in uses:
        if use.access == "write" and evaluate(use.guard, config) is not False:
            if use.pattern:
                patterns[use.key] = None
            else:
                names.add(use.key)
    return Stored(frozenset(names), tuple(patterns))


def _without(config: Mapping[str, object], *stored: Stored) -> dict[str, object]:
    """Return a configuration without the keys that code may set."""
    left = dict(config)
    for each in stored:
        for name in each.names:
            left.pop(name, None)
        if each.patterns:
            left = {key: one for key, one in left.items() if not _matches(each.patterns, key)}
    return left


def _why(one: SettledOption) -> str:
    """Return why an option's value is not known, if it is not."""
    outcome, name = one.outcome, one.option.name
    if one.asked is None:
        return f"whether {name} is asked is not known"
    if outcome is not None and outcome.accepted is False:
        return f"the answer to {name} is refused"
    reason = "" if outcome is None else outcome.why
    return f"the value of {name} is not known" + (f": {reason}" if reason else "")


def whys_of(settled: Settled) -> dict[str, str]:
    """Return why the values of options are not known, if they are not."""
    return {one.option.name: _why(one) for one in settled.options if one.outcome is not None}


class _Known:
    """Evaluates conditions, with reasons for those that are not known."""

    def __init__(self, settled: Settled) -> None:
        self.settled = settled

    @cached_property
    def whys(self) -> dict[str, str]:
        """Why the values of options are not known; few plans ask."""
        return whys_of(self.settled)

    def verdict(self, condition: Condition) -> Verdict:
        holds = evaluate(condition, self.settled.config)
        if holds is None:
            return verdict_of(condition, self.settled.config, self.whys)
        return _YES if holds else _NO


_YES: Final = Verdict(True)  # noqa: FBT003 - what it holds
_NO: Final = Verdict(False)  # noqa: FBT003 - as above
_EMPTY: Final[dict[str, str]] = {}


def verdict_of(
    condition: Condition, config: Mapping[str, object], whys: Mapping[str, str] = _EMPTY
) -> Verdict:
    """Return whether a condition holds; `whys` are the reasons for unknown values of options."""
    holds = evaluate(condition, config)
    if holds is not None:
        return _YES if holds else _NO
    open_parts = [part for part in leaves(condition) if evaluate(part, config) is None]
    names = tuple(dict.fromkeys(name for part in open_parts for name in options_of(part)))
    unknown = [name for name in names if name not in config]
    reasons = [whys.get(name, f"{name} is not known before the run") for name in unknown]
    told = dict.fromkeys(describe(part) for part in open_parts if isinstance(part, Opaque))
    if told:
        verb = "are" if len(told) > 1 else "is"
        reasons.append(f"whether {' and whether '.join(told)} {verb} only known during the run")
    reason = "; ".join(dict.fromkeys(reasons)) or "its values cannot be compared"
    return Verdict(None, reason, names)
