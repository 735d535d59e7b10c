"""What a comparison found, for people and programs: one function a format."""

from __future__ import annotations

import importlib
from typing import Final

from plugindoc.changes.reporters.report import Report

__all__ = ["FORMATS", "Report", "render"]

FORMATS: Final = ("text", "markdown", "json", "github", "comment")

_MODULES: Final = {"comment": "markdown"}


def render(name: str, report: Report) -> str:
    """Return a report in one of `FORMATS`."""
    module = importlib.import_module(f"{__name__}.{_MODULES.get(name, name)}")
    return str(getattr(module, "comment" if name == "comment" else "render")(report))
