"""Documentation and checks for installer plugins, read by static analysis.

`load` reads an installer, `Project` is what it returns, `setup` makes this a Sphinx extension.
Nothing is imported before it is asked for.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from plugindoc.loading import LoadError, load
    from plugindoc.model.project import Project
    from plugindoc.sphinx import setup

__all__ = ["LoadError", "Project", "load", "setup"]

_HOMES = {
    "LoadError": "plugindoc.loading",
    "Project": "plugindoc.model.project",
    "load": "plugindoc.loading",
    "setup": "plugindoc.sphinx",
}


def __getattr__(name: str) -> Any:  # noqa: ANN401 - a function or a class
    if name not in _HOMES:
        message = f"module {__name__!r} has no attribute {name!r}"
        raise AttributeError(message)
    import importlib  # noqa: PLC0415 - importing plugindoc stays cheap

    return getattr(importlib.import_module(_HOMES[name]), name)
