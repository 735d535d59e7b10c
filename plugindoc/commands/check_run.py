"""The check as the command line runs it: settings, installers, base, baseline and fixes."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from pathlib import Path

import msgspec

from plugindoc.changes.comparison import compare
from plugindoc.checking import baseline as baselines
from plugindoc.checking.checker import Report, Run, check, stale, stale_diagnostics
from plugindoc.checking.fixes import FileChange, apply, plan
from plugindoc.checking.reporters.outcome import Outcome
from plugindoc.checking.rules import RULES
from plugindoc.checking.rules.base import Rule
from plugindoc.checking.selection import SelectionError, enabled, ignored_for
from plugindoc.checking.subject import Subject
from plugindoc.commands.check_inputs import published
from plugindoc.commands.states import base_of
from plugindoc.commands.targets import Target, find
from plugindoc.extraction.modules import read_modules
from plugindoc.model.modules import Classes
from plugindoc.opening import read_file
from plugindoc.settings import FILE, LARGEST, Found, SettingsError
from plugindoc.settings import find as find_settings

__all__ = ["Request", "look", "mend", "planned", "request", "rewrite_baseline"]

_ROUNDS = 3
"""Runs of the fixes: what overlapped in one is fixed in the next."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """What a command line asks for, with the settings behind it.

    `partial` is true if less than everything is reported: a baseline is never rewritten from
    such a run.
    """

    paths: tuple[Path, ...]
    settings: Found
    run: Run
    since: str = ""
    bases: tuple[str, ...] = ()
    baseline: Path | None = None
    modules: Classes | None = None
    partial: bool = False


def request(  # noqa: PLR0913 - one parameter a command-line option
    paths: tuple[Path, ...],
    *,
    select: Sequence[str] = (),
    extend_select: Sequence[str] = (),
    ignore: Sequence[str] = (),
    since: str = "",
    bases: Sequence[str] = (),
    baseline: Path | None = None,
    puppet_modules: Path | None = None,
) -> Request:
    """Return the request of a command line, which takes precedence over the settings.

    Raises SettingsError, SelectionError or NoModulesError, with one line for the user.
    """
    paths = paths or (Path(),)
    settings = _settings_of(paths)
    chosen = settings.settings.check
    rules = enabled(
        select or chosen.select,
        [*chosen.extend_select, *extend_select],
        [*([] if select else chosen.ignore), *ignore],
    )
    baseline = baseline or settings.file("check.baseline", chosen.baseline, may_be_new=True)
    return Request(
        paths=paths,
        settings=settings,
        run=Run(rules=_with_unread(rules), docs_url=settings.settings.docs_url),
        since=since,
        bases=(*bases, *settings.bases),
        baseline=baseline,
        modules=_modules(settings, puppet_modules),
        partial=bool(since or select or extend_select or ignore),
    )


def _modules(settings: Found, named: Path | None) -> Classes | None:
    if named is not None:
        return read_modules(named)
    folder = settings.puppet_modules
    return None if folder is None else read_modules(folder, settings.repository)


def _settings_of(paths: tuple[Path, ...]) -> Found:
    """Return the settings that hold for all paths, with every rule in them known.

    Raises SettingsError if that is not so.
    """
    found = find_settings(paths[0])
    for path in paths[1:]:
        other = find_settings(path).folder
        if other != found.folder:
            message = f"{paths[0]} and {path} have different settings: check them one at a time"
            raise SettingsError(message)
    chosen = found.settings.check
    named = [*(chosen.select or ()), *chosen.extend_select, *chosen.ignore]
    try:
        enabled(
            [*named, *(name for each in chosen.per_path_ignores.values() for name in each)], (), ()
        )
    except SelectionError as error:
        message = f"{found.folder}/{FILE}: tool.plugindoc.check: {error}"
        raise SettingsError(message) from error
    return found


def _with_unread(rules: tuple[type[Rule], ...]) -> tuple[type[Rule], ...]:
    """Return the rules with those that cannot be switched off: what is not read never passes."""
    return (*(rule for rule in RULES if rule.always and rule not in rules), *rules)


def look(asked: Request, *, new_baseline: bool = False) -> Outcome:
    """Check all installers that a request means.

    A baseline that does not exist is an error unless `new_baseline` is set.

    Raises LoadError, BaselineError or OSError, with one line for the user.
    """
    accepted = _accepted(asked, new_baseline=new_baseline)
    targets, skipped = find(asked.paths, asked.settings.settings.protocol, asked.bases)
    unmatched = None if accepted is None else Counter(accepted)
    reports = [_checked(target, asked, unmatched) for target in targets]
    extra = []
    left = stale(accepted or Counter(), reports)
    if asked.baseline is not None and left:
        lines = read_file(asked.baseline, LARGEST).decode().split("\n")
        file = os.path.relpath(asked.baseline)
        extra = stale_diagnostics(left, asked.run, file=file, lines=lines)
    return Outcome(reports, extra, skipped=skipped)


def _accepted(asked: Request, *, new_baseline: bool) -> Counter[baselines.Key] | None:
    if asked.baseline is None:
        return None
    if new_baseline and not asked.baseline.exists():
        return Counter()
    return Counter(baselines.read(asked.baseline).counts)


def _checked(target: Target, asked: Request, accepted: Counter[baselines.Key] | None) -> Report:
    run = msgspec.structs.replace(
        asked.run, within=target.within, ignored_for=_ignorer(target, asked.settings)
    )
    protocol = asked.settings.settings.protocol
    lost, outdated = published(target, asked.settings)
    with ExitStack() as stack:
        old = base_of(target, asked.since, protocol, asked.bases, stack) if asked.since else None
        subject = Subject(
            target.project,
            base=target.base,
            protocol=protocol,
            changes=compare(old.project, target.project).changes if old is not None else None,
            lost_anchors=lost,
            stale_pages=outdated,
            modules=asked.modules,
        )
        before = (
            None
            if old is None
            else Subject(old.project, base=old.base, protocol=protocol, modules=asked.modules)
        )
        return check(subject, run, base=before, accepted=accepted)


def _ignorer(target: Target, settings: Found) -> Callable[[str], tuple[type[Rule], ...]]:
    """Return a function that returns the rules that the settings switch off for a path."""
    per_path, folder = settings.settings.check.per_path_ignores, settings.folder
    root = Path(target.project.root).resolve()

    def ignored(path: str) -> tuple[type[Rule], ...]:
        if not per_path or folder is None:
            return ()
        shown = os.path.relpath(os.path.normpath(root / path), folder)
        return ignored_for(Path(shown).as_posix(), per_path)

    return ignored


def planned(outcome: Outcome, *, unsafe: bool) -> list[tuple[Path, FileChange]]:
    """Return what the fixes of the reported findings would change, with each file's root."""
    return [
        (root, change)
        for report in outcome.reports
        if (root := report.subject.sources.root) is not None
        for change in plan(root, report.diagnostics, unsafe=unsafe)
    ]


def mend(asked: Request, outcome: Outcome, *, unsafe: bool) -> tuple[Outcome, int]:
    """Apply fixes until none is left; return the remaining findings and the number of fixes."""
    fixed = 0
    for _ in range(_ROUNDS):
        changes = planned(outcome, unsafe=unsafe)
        if not changes:
            break
        for root, change in changes:
            apply(root, [change])
            fixed += change.fixed
        outcome = look(asked)
    return outcome, fixed


def rewrite_baseline(asked: Request, outcome: Outcome, *, accept: bool, prune: bool) -> str:
    """Accept all findings, or remove what is fixed; return what was done, in words.

    Raises BaselineError without a baseline, and for a partial run.
    """
    word = " and ".join(["--accept"] * accept + ["--prune"] * prune)
    if asked.baseline is None:
        message = f"{word} needs a baseline: --baseline FILE, or `baseline` in the settings"
        raise baselines.BaselineError(message)
    if asked.partial or any(report.within is not None for report in outcome.reports):
        message = (
            f"{word} needs a full run: no path inside an installer, "
            "no --select, --extend-select, --ignore or --since"
        )
        raise baselines.BaselineError(message)
    before = baselines.read(asked.baseline) if asked.baseline.exists() else baselines.Baseline()
    after = before
    if prune:
        after = after.pruned(stale(before.counts, outcome.reports))
    if accept:
        after = after.accepting(
            each
            for report in outcome.reports
            for each in report.all
            if each.code not in baselines.NEVER_ACCEPTED
        )
    baselines.write(asked.baseline, after)
    added = (after.counts - before.counts).total()
    gone = (before.counts - after.counts).total()
    return f"{os.path.relpath(asked.baseline)}: {added} accepted, {gone} removed"
