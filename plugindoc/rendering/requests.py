"""What a page can ask for, as data that can be kept, compared and asked again (see `replies`)."""

from __future__ import annotations

from typing import Final, Literal, TypeAlias, get_args

import msgspec

from plugindoc.rendering.blocks import Kind

__all__ = ["OVERVIEWS", "NotFoundError", "OptionFilter", "Overview", "Request", "View"]

View: TypeAlias = Literal[
    "answers",
    "auto",
    "changes",
    "hosts",
    "options",
    "page",
    "source",
    "walkthrough",
    "walkthrough-page",
]

Overview: TypeAlias = Literal[
    "welcome",
    "summary",
    "plugins",
    "run-order",
    "flow",
    "legend",
    "templates",
    "facts",
    "functions",
    "deprecated-names",
    "releases",
    "removed-options",
    "answer-file",
    "walkthroughs",
]

OVERVIEWS: Final[tuple[Overview, ...]] = get_args(Overview)


class OptionFilter(msgspec.Struct, frozen=True):
    """Which options a list holds; empty fields choose nothing away."""

    plugin: str = ""
    group: str = ""
    secret: bool = False
    deprecated: bool = False
    undocumented: bool = False


class NotFoundError(LookupError):
    """A name that nothing has; the message is one line that suggests the nearest name."""


class Request(msgspec.Struct, frozen=True):
    """One thing that a page asks of a source; for ``answers``, `name` is the excerpt.

    For ``changes`` it is the release before the first and the last one, with a line feed between.
    """

    view: View | Overview
    source: str
    name: str = ""
    kind: Kind | None = None
    filter: OptionFilter = OptionFilter()
