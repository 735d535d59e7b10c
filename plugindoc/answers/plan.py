"""The plan of an installation: plain data, and JSON with a schema.

What is not known is null in JSON, with ``reason`` and ``depends_on`` beside it. Secrets have no
value.
"""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

import msgspec

from plugindoc.answers.settling import Source
from plugindoc.model.locations import Location

__all__ = [
    "HostStep",
    "Plan",
    "PlanOutcome",
    "PlannedAnswer",
    "PlannedGroup",
    "PlannedHook",
    "PlannedHost",
    "PlannedSequence",
    "PlannedStep",
    "Refusal",
    "Replaced",
    "schema",
]

PlanOutcome: TypeAlias = Literal["accepted", "refused", "unknown"]


class _Planned(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What all parts of a plan share: `reason` and `depends_on` where something is not known."""

    reason: str = ""
    depends_on: tuple[str, ...] = ()


class PlannedGroup(_Planned, frozen=True):
    """An option group, and whether it is asked."""

    name: str
    asked: bool | None


class Replaced(msgspec.Struct, frozen=True):
    """What a plugin's setup code stores instead of an answer; null for a secret."""

    value: Any
    plugin: str
    location: Location


class PlannedAnswer(_Planned, frozen=True):
    """The answer to an option, and whether it has an effect.

    `value` is as written in the file, or the default; null for a secret, and if only the installer
    computes it.
    """

    option: str
    value: Any
    source: Source
    effect: bool | None
    secret: bool = False
    unchecked: str = ""
    replaced: Replaced | None = None


class Refusal(_Planned, frozen=True):
    """Something for which the installer refuses the answers, and whether it applies."""

    message: str
    applies: bool | None
    location: Location


class PlannedStep(_Planned, frozen=True):
    """A step: whether it runs, and what it does then.

    A step that does not run has no hosts, and only what it would do with any answers.
    `perhaps` holds templates, keys and commands for which it is not known whether they are used.
    """

    title: str
    runs: bool | None
    hosts: tuple[str, ...]
    templates: tuple[str, ...]
    sets: tuple[str, ...]
    commands: tuple[str, ...]
    perhaps: dict[str, tuple[str, ...]] = {}


class HostStep(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """What a step does on one host; `plugin` is its module's name.

    `perhaps` holds templates and commands for which it is not known whether they are used.
    """

    title: str
    plugin: str
    runs: bool | None
    templates: tuple[str, ...]
    commands: tuple[str, ...]
    perhaps: dict[str, tuple[str, ...]] = {}


class PlannedHost(msgspec.Struct, frozen=True, kw_only=True):
    """A host with the steps that work on it, in the order of the run.

    `name` is its address, or an expression in ``⟨ ⟩`` if the address is not known. `options` are
    the options that name it; there are none if code chooses the host in another way.
    """

    name: str
    options: tuple[str, ...]
    steps: tuple[HostStep, ...]


class PlannedSequence(_Planned, frozen=True):
    """A sequence, and whether it runs; `plugin` is its module's name."""

    title: str
    plugin: str
    runs: bool | None
    steps: tuple[PlannedStep, ...]


class PlannedHook(msgspec.Struct, frozen=True, omit_defaults=True, kw_only=True):
    """The keys that a plugin sets before any step runs, and those that it perhaps sets."""

    plugin: str
    sets: tuple[str, ...]
    perhaps: tuple[str, ...] = ()


class Plan(msgspec.Struct, frozen=True, kw_only=True):
    """What an installer makes of an answer file, in the order of the run.

    `hooks` are the plugins that set keys before any step runs. `hosts` are the same steps by host.
    """

    version: Literal[1] = 1
    outcome: PlanOutcome
    groups: tuple[PlannedGroup, ...]
    answers: tuple[PlannedAnswer, ...]
    refusals: tuple[Refusal, ...]
    hooks: tuple[PlannedHook, ...]
    sequences: tuple[PlannedSequence, ...]
    hosts: tuple[PlannedHost, ...]


def schema() -> dict[str, Any]:
    """Return the JSON Schema (2020-12) of a plan."""
    found = msgspec.json.schema(Plan)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **found}
