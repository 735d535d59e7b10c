"""Running a random plugin with a controller that takes down what it declares."""

from __future__ import annotations

import copy
from functools import lru_cache
from types import CodeType, ModuleType, SimpleNamespace
from typing import Any, Final

UNKNOWN: Final = "UNKNOWN"

__all__ = ["UNKNOWN", "Recording", "record", "run_sequences"]


class Recording:
    """A controller by the installer's rules."""

    def __init__(self, answers: dict[str, str] | None = None) -> None:
        self.CONF: dict[str, Any] = dict(answers or {})  # the protocol's name
        self.MESSAGES: list[str] = []
        self.groups: list[tuple[dict[str, Any], list[dict[str, Any]]]] = []
        self.sequences: list[tuple[str, Any, Any, list[dict[str, Any]]]] = []
        self.calls: list[tuple[str, Any, Any, list[dict[str, Any]]]] = []

    def addGroup(self, group: dict[str, Any], params: list[dict[str, Any]]) -> None:  # noqa: N802 - the protocol's name
        self.groups.append((copy.copy(group), [copy.deepcopy(one) for one in params]))

    def addSequence(self, desc: str, cond: Any, match: Any, steps: list[Any]) -> None:  # noqa: N802 - the protocol's name
        self._take(len(self.sequences), desc, cond, match, steps)

    def insertSequence(  # noqa: N802 - the protocol's name
        self, desc: str, cond: Any, match: Any, steps: list[Any], index: int = 0
    ) -> None:
        self._take(index, desc, cond, match, steps)

    def insertSequenceBeforeSequence(  # noqa: N802 - the protocol's name
        self, name: str, desc: str, cond: Any, match: Any, steps: list[Any]
    ) -> None:
        titles = [sequence[0] for sequence in self.sequences]
        index = titles.index(name) if name in titles else len(titles)
        self._take(index, desc, cond, match, steps)

    def _take(self, index: int, *declared: Any) -> None:
        *rest, steps = declared
        sequence = (*rest, copy.deepcopy(steps))
        self.calls.append(sequence)
        self.sequences.insert(index, sequence)


@lru_cache(maxsize=2)
def _compiled(source: str) -> CodeType:
    return compile(source, "random_100.py", "exec")


def load(source: str) -> ModuleType:
    module = ModuleType("random_100")
    exec(_compiled(source), module.__dict__)  # noqa: S102 - the test wrote it
    module.__dict__["uuid"] = SimpleNamespace(uuid4=lambda: SimpleNamespace(hex=UNKNOWN * 8))
    return module


def record(source: str) -> Recording:
    """Run ``initConfig``."""
    recording = Recording()
    load(source).initConfig(recording)
    return recording


def run_sequences(source: str, answers: dict[str, str]) -> tuple[Recording, Exception | None]:
    """Run ``initSequences`` for a set of answers; an error is what it gives back."""
    recording = Recording(answers)
    try:
        load(source).initSequences(recording)
    except Exception as error:  # noqa: BLE001 - whatever the plugin raises
        return recording, error
    return recording, None
