"""What all reports are made of: diagnostics with their files' names as users know them."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Final, TypeAlias

import msgspec

from plugindoc.checking.checker import Report
from plugindoc.checking.diagnostics import SEVERITIES, Diagnostic, Severity, by_severity
from plugindoc.checking.rules.base import About, Rule
from plugindoc.checking.sources import Sources
from plugindoc.model.anchors import identity
from plugindoc.model.project import Option, OptionGroup, Plugin, Sequence, Step, Template
from plugindoc.model.questions import Questions

__all__ = ["Outcome", "Shown", "shown_path"]

Thing: TypeAlias = Option | OptionGroup | Plugin | Sequence | Step | Template


_BRACKETS: Final = ("{", "[", "(", "({", "[{")


class Shown(msgspec.Struct, frozen=True):
    """A diagnostic, its file's path from the working directory, and its source line.

    `next_line` is the line after it if the first is only a bracket, else "".
    """

    diagnostic: Diagnostic
    path: str
    source: str
    next_line: str = ""

    @property
    def bounds(self) -> tuple[int, int, int, int]:
        """Return line, column, end line and end column; the end of the line if none is known."""
        at = self.diagnostic.location
        if at.end_line:
            return (at.line, at.column, at.end_line, max(at.end_column, 1))
        return (at.line, at.column, at.line, max(len(self.source) + 1, at.column))


class Outcome:
    """Everything that one command found, in one or several installers.

    `extra` are diagnostics that belong to no installer, such as stale entries of the baseline;
    their paths are relative to the working directory. `skipped` counts files that were named and
    belong to no installer.
    """

    def __init__(
        self, reports: Iterable[Report], extra: Iterable[Diagnostic] = (), *, skipped: int = 0
    ) -> None:
        self.reports = tuple(reports)
        self.extra = tuple(extra)
        self.skipped = skipped

    @cached_property
    def shown(self) -> tuple[Shown, ...]:
        """All diagnostics, the gravest first."""
        found = [
            _shown(each, report.subject.sources)
            for report in self.reports
            for each in report.diagnostics
        ]
        whole = Sources(os.sep)
        for each in self.extra:
            path, number = _at(each)
            found.append(Shown(each, path, whole.line(str(Path(path).absolute()), number)))
        return tuple(sorted(found, key=lambda each: by_severity(each.diagnostic)))

    @cached_property
    def by_severity(self) -> dict[Severity, int]:
        """How many there are of each severity."""
        found = Counter(each.diagnostic.severity for each in self.shown)
        return {severity: found[severity] for severity in SEVERITIES}

    @property
    def rules(self) -> tuple[type[Rule], ...]:
        """The rules that were on."""
        return self.reports[0].rules if self.reports else ()

    @cached_property
    def fixable(self) -> tuple[int, int]:
        """How many findings a safe fix would mend, and how many an unsafe one."""
        fixes = [each.diagnostic.fix for each in self.shown if each.diagnostic.fix is not None]
        safe = sum(fix.safe for fix in fixes)
        return safe, len(fixes) - safe

    def objects(self, about: About) -> list[tuple[str, str]]:
        """Return the identities of all things of a kind, with their files."""
        return [
            (name, shown_path(report.subject.sources.root, path))
            for report in self.reports
            for name, path in _objects(report, about)
        ]


def _objects(report: Report, about: About) -> list[tuple[str, str]]:
    project = report.subject.own
    questions = Questions(project)
    things: dict[str, tuple[Thing, ...]] = {
        "option": questions.options,
        "group": questions.groups,
        "step": questions.steps,
        "sequence": questions.run_order,
        "plugin": project.plugins,
        "template": project.templates,
    }
    if about == "entry":
        found = [(e.name, e.location.path) for d in project.usage_documents for e in d.entries]
    elif about == "file":
        found = [(plugin.location.path, plugin.location.path) for plugin in project.plugins]
    else:
        found = [(identity(thing), thing.location.path) for thing in things[about]]
    return [*dict.fromkeys(found)]


def _at(diagnostic: Diagnostic) -> tuple[str, int]:
    return diagnostic.location.path, diagnostic.location.line


def _shown(diagnostic: Diagnostic, sources: Sources) -> Shown:
    path = shown_path(sources.root, diagnostic.location.path)
    source = sources.line(*_at(diagnostic))
    at = diagnostic.location
    opens = source.strip() in _BRACKETS and at.end_line > at.line
    return Shown(diagnostic, path, source, sources.line(at.path, at.line + 1) if opens else "")


def shown_path(root: Path | None, path: str) -> str:
    """Return a path as users know it: from the working directory, or whole if it lies outside."""
    if root is None:
        return path
    whole = os.path.normpath(root.absolute() / path)
    here = os.path.relpath(whole)
    return whole if here.startswith("..") else here.replace(os.sep, "/")
