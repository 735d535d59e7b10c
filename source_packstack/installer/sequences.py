"""Sequences and steps: the ordered actions of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from source_packstack.installer.errors import PluginError
from source_packstack.installer.parameters import Config, Declared

__all__ = ["Step", "StepSequence", "Steps"]

Steps = Sequence[Declared]
StepFunction = Callable[[Config, list[str]], None]


@dataclass(frozen=True)
class Step:
    """A step: a title and a function."""

    title: str
    function: StepFunction

    @classmethod
    def from_dict(cls, declared: Declared) -> Step:
        """Read a step's dictionary; raise PluginError unless it has a title and one function.

        Packstack silently ignores all but the first function; here, several functions are an error.
        """
        title = declared.get("title")
        functions = declared.get("functions") or []
        if not title or set(declared) - {"title", "functions"} or len(functions) != 1:
            raise PluginError(f"a step needs a title and exactly one function: {dict(declared)!r}")
        return cls(title=title, function=functions[0])


@dataclass(frozen=True)
class StepSequence:
    """Steps of a plugin that run one after another if a condition is met."""

    name: str
    condition: Any
    condition_match: Any
    steps: tuple[Step, ...]

    @classmethod
    def from_dicts(cls, name: str, condition: object, match: object, steps: Steps) -> StepSequence:
        """Read a plugin's steps; a repeated title replaces the earlier step at its position."""
        by_title = {step.title: step for step in map(Step.from_dict, steps)}
        return cls(name, condition, match, tuple(by_title.values()))

    def applies(self, config: Config) -> bool:
        """Return whether the sequence runs: always, unless its condition names an option."""
        if not self.condition:
            return True
        return bool(config[self.condition] == self.condition_match)
