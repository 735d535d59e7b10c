"""Files that a project commits beside its plugins, and whether they are up to date."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from plugindoc.opening import read_file
from plugindoc.settings import LARGEST

if TYPE_CHECKING:
    from plugindoc.rendering.catalogue import Catalogue

__all__ = ["Artefacts", "stale", "write"]

Artefacts = dict[str, Path]
"""What (``export``, ``answers``, ``anchors``) to the file that holds it."""

_MOST_LINES = 60


def write(catalogue: Catalogue, artefacts: Artefacts) -> None:
    """Write the files; raises OSError for one that cannot be written."""
    for kind, file in artefacts.items():
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(_content(kind, catalogue), encoding="utf-8")


def stale(catalogue: Catalogue, artefacts: Artefacts) -> bool:
    """Return whether a file differs from what the plugins give now, and show the difference.

    Raises OSError for a file that exists and cannot be read.
    """
    found = False
    for kind, file in artefacts.items():
        difference = list(_difference(file, _content(kind, catalogue)))
        for line in difference[:_MOST_LINES]:
            click.echo(line)
        if len(difference) > _MOST_LINES:
            click.echo(f"... and {len(difference) - _MOST_LINES} more lines")
        found = found or bool(difference)
    return found


def _difference(file: Path, wanted: str) -> Iterator[str]:
    try:
        content = read_file(file, LARGEST).decode(errors="replace")
    except FileNotFoundError:
        content = ""
    lines = (content.splitlines(), wanted.splitlines())
    yield from difflib.unified_diff(*lines, str(file), "generated from the plugins", lineterm="")


def _content(kind: str, catalogue: Catalogue) -> str:
    contents: dict[str, Callable[[Catalogue], str]] = {
        "export": _export,
        "answers": _answers,
        "anchors": _anchors,
    }
    return contents[kind](catalogue)


def _export(catalogue: Catalogue) -> str:
    from plugindoc.model.export import encode  # noqa: PLC0415 - only who asks for it pays

    return encode(catalogue.project).decode()


def _answers(catalogue: Catalogue) -> str:
    from plugindoc.rendering.answer_files import answer_file  # noqa: PLC0415 - as above

    return answer_file(catalogue)


def _anchors(catalogue: Catalogue) -> str:
    from plugindoc.sphinx.published import HEAD  # noqa: PLC0415 - as above

    return HEAD + "".join(f"{place}\n" for place in catalogue.places_of_things())
