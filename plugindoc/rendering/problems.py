"""What could not be read of a plugin, for its page: an omission must not look like nothing."""

from __future__ import annotations

from typing import Final

from plugindoc.model.project import Plugin, Problem
from plugindoc.rendering.blocks import Bullets, Note, Paragraph, Part
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.texts import printable

__all__ = ["problems_of", "unread_note"]

_KINDS: Final = frozenset({"unreadable", "parse-error", "unknown-declaration"})


def problems_of(catalogue: Catalogue, plugin: Plugin) -> tuple[Problem, ...]:
    """Return the problems for which something that a plugin declares may be missing."""
    return tuple(
        problem
        for problem in catalogue.project.problems
        if problem.kind in _KINDS and problem.location.path == plugin.location.path
    )


def unread_note(catalogue: Catalogue, plugin: Plugin) -> tuple[Note, ...]:
    """Return a note that names what could not be read; none if all was."""
    problems = problems_of(catalogue, plugin)
    if not problems:
        return ()
    said = "Parts of this plugin could not be read and are missing here."
    lead = Paragraph((Part(said),))
    items = tuple(
        (Paragraph((Part(printable(p.message), "plain", catalogue.source_link(p.location)),)),)
        for p in problems
    )
    return (Note((lead, Bullets(items)), "warning"),)
