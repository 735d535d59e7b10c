"""When to look for garbage: an extension of its own, for a process that builds one site and ends.

A page is a tree of many small objects that point at each other. Python's collector looks at what
lives as often as at what died, and the model of all plugins lives through the whole build.
"""

from __future__ import annotations

import gc
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]

_THRESHOLDS: Final = (50_000, 10, 4)
"""Some two million objects, the trees of a hundred pages, may be dead before all are looked at:
a quarter off the time of a build, for a hundred megabytes however large the site is."""
_AFTER_THE_SOURCES: Final = 900


def setup(app: Sphinx) -> ExtensionMetadata:
    """Collect seldom, and leave what is read from the sources out of it."""
    gc.set_threshold(*_THRESHOLDS)
    app.connect("builder-inited", _keep, priority=_AFTER_THE_SOURCES)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _keep(_app: Sphinx) -> None:
    gc.collect()
    gc.freeze()
