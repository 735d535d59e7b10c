"""The plugin API as data: names and behaviour of an installer's plugin protocol.

Packstack's is the default. ``[tool.plugindoc.protocol]`` changes single entries for another
installer; the shape of that table is this struct.
"""

from __future__ import annotations

from typing import Final

import msgspec

__all__ = ["PACKSTACK", "Protocol"]


class _Table(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A table of the settings: unknown names are refused."""


class Protocol(_Table, frozen=True):
    """How plugins of an installer look."""

    name: str = "packstack"
    plugin_pattern: str = r"^(.+_\d\d\d)\.py$"
    plugins_folder: str = "plugins"


PACKSTACK: Final = Protocol()
