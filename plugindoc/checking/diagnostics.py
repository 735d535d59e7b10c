"""What the check reports: a finding as a rule makes it, and a diagnostic as a user sees it."""

from __future__ import annotations

import hashlib
from typing import Final, Literal, TypeAlias

import msgspec

from plugindoc.model.locations import Location

__all__ = [
    "SEVERITIES",
    "Diagnostic",
    "Edit",
    "Finding",
    "Fix",
    "Severity",
    "by_severity",
    "fingerprint",
]

Severity: TypeAlias = Literal["error", "warning", "info"]

SEVERITIES: Final[tuple[Severity, ...]] = ("error", "warning", "info")
"""From the gravest on."""


class Edit(msgspec.Struct, frozen=True):
    """A span of a file to be replaced by `text`; an empty span inserts."""

    span: Location
    text: str


class Fix(msgspec.Struct, frozen=True):
    """A change that repairs a finding.

    A *safe* fix keeps what the installer does and what its author meant; any other is applied only
    when it is asked for.
    """

    edits: tuple[Edit, ...]
    safe: bool


class Finding(msgspec.Struct, frozen=True, kw_only=True):
    """What a rule found: about which thing, what, where, and what to do.

    `absent` is true if it reports that something does not exist, which is not known for a tree
    whose installer is elsewhere.
    """

    object: str
    message: str
    location: Location
    hint: str = ""
    fix: Fix | None = None
    absent: bool = False


class Diagnostic(msgspec.Struct, frozen=True, kw_only=True):
    """A finding with its rule's code, name and severity, and the address of the rule's page.

    `fingerprint` is made of code, path and object (and a count where these repeat), never of a
    line: it stays when code moves within its file.
    """

    code: str
    name: str
    severity: Severity
    message: str
    object: str
    location: Location
    hint: str = ""
    url: str = ""
    fingerprint: str = ""
    fix: Fix | None = None


def by_severity(diagnostic: Diagnostic) -> tuple[int, str, int, int, str]:
    """Return the key that sorts the gravest first, then by place."""
    at = diagnostic.location
    gravity = SEVERITIES.index(diagnostic.severity)
    return (gravity, at.path, at.line, at.column, diagnostic.code)


def fingerprint(code: str, path: str, about: str, count: int) -> str:
    """Return 32 hexadecimal digits that identify a finding; `count` tells repeated ones apart."""
    key = "\0".join((code, path, about, *([str(count)] if count else [])))
    return hashlib.sha256(key.encode()).hexdigest()[:32]
