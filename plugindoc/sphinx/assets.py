"""Style sheet and script of the pages, and what else a site's formats need to show them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from plugindoc.sphinx.languages import script_words

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.config import Config

__all__ = ["connect"]

_STATIC: Final = Path(__file__).parent / "static"
_STYLE: Final = "plugindoc.css"
_SCRIPT: Final = "plugindoc.js"
_MOST_LISTS: Final = "20"
_LETTERS: Final = r"""
\DeclareUnicodeCharacter{27E8}{\ensuremath{\langle}}
\DeclareUnicodeCharacter{27E9}{\ensuremath{\rangle}}
"""


def connect(app: Sphinx) -> None:
    """Add the static files to an app's site."""
    app.connect("builder-inited", _add_files)
    app.connect("config-inited", _prepare_latex)


def _add_files(app: Sphinx) -> None:
    if app.builder.name == "epub":  # readers of books know neither scripts nor newer style rules
        return
    app.config.html_static_path.append(str(_STATIC))
    app.add_css_file(_STYLE, priority=700)
    if words := script_words(app.config.language):
        app.add_js_file(None, body=words, priority=690)
    app.add_js_file(_SCRIPT, loading_method="defer", priority=700)


def _prepare_latex(_app: Sphinx, config: Config) -> None:
    """Allow LaTeX to nest lists as cards do, and to print marks for unprintable characters."""
    elements = config.latex_elements
    elements.setdefault("maxlistdepth", _MOST_LISTS)
    if config.latex_engine == "pdflatex":  # the others know all letters
        elements["preamble"] = elements.get("preamble", "") + _LETTERS
