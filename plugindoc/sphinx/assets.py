"""Style sheet and script of the pages, and their way into a site."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from sphinx.application import Sphinx

__all__ = ["connect"]

_STATIC: Final = Path(__file__).parent / "static"
_STYLE: Final = "plugindoc.css"
_SCRIPT: Final = "plugindoc.js"


def connect(app: Sphinx) -> None:
    """Add the static files to an app's site."""
    app.connect("builder-inited", _add_static_path)
    app.add_css_file(_STYLE, priority=700)
    app.add_js_file(_SCRIPT, loading_method="defer", priority=700)


def _add_static_path(app: Sphinx) -> None:
    app.config.html_static_path.append(str(_STATIC))
