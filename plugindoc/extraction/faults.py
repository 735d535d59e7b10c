"""Errors of the reader itself: each costs what was just read, and is a problem with its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from plugindoc.evaluation.limits import is_mistake, reason_of
from plugindoc.model.locations import Location
from plugindoc.model.project import Problem, ProblemKind

__all__ = ["contained", "fault"]

_Made = TypeVar("_Made")


def fault(error: Exception, location: Location, owner: str = "") -> Problem:
    """Return the problem that an error, or a limit that was reached, is to the user."""
    reason = reason_of(error)
    kind: ProblemKind = "mistake" if is_mistake(reason) else "limit"
    return Problem(kind=kind, message=reason, location=location, object=owner)


def contained(
    problems: list[Problem],
    location: Location,
    make: Callable[[], _Made],
    otherwise: Callable[[], _Made],
    owner: str = "",
) -> _Made:
    """Return the result; if this fails, add a problem and return the fallback."""
    try:
        return make()
    except Exception as error:  # noqa: BLE001 - no file may end the reading of others
        problems.append(fault(error, location, owner))
        return otherwise()
