"""Reports for people and programs: one function a format, imported only when it is asked for."""

from __future__ import annotations

import importlib
from typing import Final

from plugindoc.checking.reporters.outcome import Outcome

__all__ = ["FORMATS", "render"]

FORMATS: Final = ("text", "concise", "json", "github", "gitlab", "sarif", "junit")

_ROOMS: Final = {"text": "terminal", "concise": "terminal"}


def render(name: str, outcome: Outcome, *, colour: bool = False) -> str:
    """Return a report in one of `FORMATS`; colour is for terminals and the format *text* only."""
    room = importlib.import_module(f"{__name__}.{_ROOMS.get(name, name)}")
    if name in _ROOMS:
        return str(getattr(room, name)(outcome, colour=colour))
    return str(room.render(outcome))
