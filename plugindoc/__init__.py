"""Documentation and checks for installer plugins, read by static analysis."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.util.typing import ExtensionMetadata

__all__ = ["setup"]


def setup(app: Sphinx) -> ExtensionMetadata:
    """Set up the Sphinx extension ``plugindoc``."""
    from plugindoc.sphinx import setup as extension  # noqa: PLC0415 - commands need no Sphinx

    return extension(app)
