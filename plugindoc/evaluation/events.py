"""What happens while code is followed, in order."""

from __future__ import annotations

from typing import Literal, TypeAlias

import msgspec

from plugindoc.evaluation.state.paths import Path
from plugindoc.evaluation.state.values import Arguments, Value
from plugindoc.reading.python import Module
from plugindoc.reading.syntax import Node

__all__ = ["Event", "EventKind"]

EventKind: TypeAlias = Literal["read", "write", "call", "native", "limit", "mistake", "unfollowed"]


class Event(msgspec.Struct, eq=False):
    """One thing that the code does, and the path on which it does it.

    ``read`` and ``write``: the configuration's `key`; a read's `value` is its fallback, a write's
    what is written. ``call``: `function` and `arguments`, before the call is followed. ``limit``,
    ``mistake`` (of plugindoc itself) and ``unfollowed``: `text` says what could not be followed.
    """

    kind: EventKind
    node: Node
    module: Module | None
    path: Path
    key: Value = None
    value: Value = None
    function: Value = None
    arguments: Arguments | None = None
    text: str = ""
    via: tuple[str, ...] = ()
