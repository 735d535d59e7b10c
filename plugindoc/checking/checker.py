"""From a subject to a report: run the rules, then drop what is suppressed, accepted or old.

The order matters. Suppressions and the baseline are held against *all* findings, so that an unused
one is seen whatever a run reports; only then a base and the selected paths narrow the report.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from traceback import walk_tb
from typing import Final

import msgspec

from plugindoc.checking.baseline import NEVER_ACCEPTED, Entry, Key, key
from plugindoc.checking.diagnostics import Diagnostic, Finding, by_severity, fingerprint
from plugindoc.checking.rules import RULES
from plugindoc.checking.rules.analysis import (
    ParseError,
    UnreadFile,
    UnusedSuppression,
)
from plugindoc.checking.rules.base import Rule
from plugindoc.checking.subject import Leftover, Subject
from plugindoc.checking.suppressions import Suppression, find
from plugindoc.model.bases import is_outside
from plugindoc.model.locations import Location
from plugindoc.model.names import nearest

__all__ = ["Report", "Run", "check", "page_url", "stale", "stale_diagnostics"]

PAGES: Final = "reference/rules"


class Run(msgspec.Struct, frozen=True, kw_only=True):
    """What a run asks for.

    `rules` are on; `ignored_for` returns the rules that are off for a path. `within` holds paths
    relative to the root: only what is below them is reported, or everything if it is None.
    `docs_url` is where plugindoc's own documentation is published.
    """

    rules: tuple[type[Rule], ...]
    ignored_for: Callable[[str], tuple[type[Rule], ...]] = lambda _: ()
    within: tuple[str, ...] | None = None
    docs_url: str = ""


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """What a run found in one installer.

    `diagnostics` are reported, the gravest first; `accepted` were taken by the baseline, and `all`
    holds both, also what a base or the selected paths hide. `suppressed` counts silenced findings;
    `within` is what the run asked to report, relative to the root.
    """

    subject: Subject
    rules: tuple[type[Rule], ...]
    diagnostics: tuple[Diagnostic, ...]
    accepted: int = 0
    suppressed: int = 0
    within: tuple[str, ...] | None = None
    all: tuple[Diagnostic, ...] = ()

    @property
    def broken(self) -> bool:
        """Return whether a file could not be parsed."""
        return any(each.code == ParseError.code for each in self.diagnostics)

    @property
    def unread(self) -> bool:
        """Return whether a file was not read."""
        return any(each.code == UnreadFile.code for each in self.diagnostics)


_Found = tuple[type[Rule], Finding]


def check(
    subject: Subject, run: Run, *, base: Subject | None = None, accepted: Counter[Key] | None = None
) -> Report:
    """Return what the rules find in a subject.

    With a `base`, only what is not found there in the same words. `accepted` is what a baseline
    holds; what this run finds of it is taken out, so that no other run counts it again.
    """
    live, suppressed = _judged(subject, run)
    diagnostics = tuple(_diagnostics(live, run, is_open=subject.own.is_open))
    kept, taken = _outside_baseline(diagnostics, accepted)
    if base is not None:
        old = Counter(_words(rule, finding) for rule, finding in _judged(base, run)[0])
        kept = [*_new(kept, old, _rules_by_code(run), subject, base)]
    if run.within is not None:
        kept = [each for each in kept if _lies_in(each.location.path, run.within)]
    return Report(
        subject=subject,
        rules=run.rules,
        diagnostics=tuple(sorted(kept, key=by_severity)),
        accepted=taken,
        suppressed=suppressed,
        within=run.within,
        all=diagnostics,
    )


def _judged(subject: Subject, run: Run) -> tuple[list[_Found], int]:
    """Return the findings that no suppression silences, and how many one does."""
    found = [*_spoken(subject, run.rules)]
    if subject.own.is_open:
        found = [(rule, _not_here(one) if one.absent else one) for rule, one in found]
    suppressions = [s for path in _paths(subject) for s in find(path, subject.sources)]
    used: set[tuple[Suppression, str]] = set()
    live: list[_Found] = []
    for rule, finding in found:
        silenced = [
            (suppression, name)
            for suppression in suppressions
            if not rule.always and suppression.covers(finding)
            for name in suppression.rules
            if name in (rule.code, rule.name)
        ]
        used.update(silenced)
        if not silenced:
            live.append((rule, finding))
    suppressed = len(found) - len(live)
    judged = subject.with_suppressions(_unused(suppressions, used, run), _unjustified(suppressions))
    for rule in run.rules:
        if rule.about_suppressions:
            live += [(rule, finding) for finding in rule().check(judged)]
    ignored = {path: run.ignored_for(path) for path in {f.location.path for _, f in live}}
    kept = [(r, f) for r, f in live if r.always or r not in ignored[f.location.path]]
    return kept, suppressed


def _spoken(subject: Subject, rules: tuple[type[Rule], ...]) -> Iterator[_Found]:
    """Run the rules and report each cause once."""
    found: dict[str, list[Finding]] = {}
    for rule in rules:
        if not rule.about_suppressions:
            found[rule.code], faults = _applied(rule, subject)
            yield from ((UnreadFile, fault) for fault in faults)
    spoken = {code: {finding.object for finding in findings} for code, findings in found.items()}
    for rule in rules:
        louder = set().union(*(spoken.get(code, ()) for code in rule.unless))
        for finding in found.get(rule.code, ()):
            if finding.object not in louder and not is_outside(finding.location):
                yield rule, finding


_MOST_FAULTS: Final = 20
"""Things that a rule may fail at; a rule that fails at more is given up."""


def _applied(rule: type[Rule], subject: Subject) -> tuple[list[Finding], list[Finding]]:
    """Return what a rule finds, and its own failures: each concerns one thing."""
    faults: list[Finding] = []
    left_out: list[object] = []
    while True:
        found: list[Finding] = []
        try:
            found.extend(rule().check(subject.without(left_out) if left_out else subject))
        except Exception as error:  # noqa: BLE001 - a fault in one rule costs no other
            thing = _failed_at(error, subject)
            if any(thing is each for each in left_out):
                thing = None
            is_last = thing is None or len(left_out) == _MOST_FAULTS
            faults.append(_fault(rule, subject, error, thing, is_last=is_last))
            left_out.append(thing)
            if not is_last:
                continue
        return found, faults


def _failed_at(error: Exception, subject: Subject) -> object:
    """Return what a rule looked at when it failed; None if that is not known."""
    things = {id(thing) for thing in subject.things() if not isinstance(thing, str)}
    found = None
    for frame, _ in walk_tb(error.__traceback__):
        if not frame.f_globals["__name__"].startswith("plugindoc.model."):
            for value in frame.f_locals.values():
                found = value if id(value) in things else found
    return found


def _fault(
    rule: type[Rule], subject: Subject, error: Exception, thing: object, *, is_last: bool
) -> Finding:
    """Return the finding for a rule that failed at a thing."""
    location = getattr(thing, "location", None)
    more = "and reported nothing more" if is_last else "and skipped it"
    return Finding(
        object=rule.code,
        message=f"{rule.code} ({rule.name}) failed here, {more}: {type(error).__name__}: {error}",
        location=location
        if isinstance(location, Location)
        else Location(subject.own.sources[0], 1),
        hint="this is an internal error in plugindoc: report it with the code above",
    )


def _paths(subject: Subject) -> list[str]:
    project = subject.own
    found = [
        *(plugin.location.path for plugin in project.plugins),
        *(template.location.path for template in project.templates),
        *(document.path for document in project.usage_documents),
    ]
    return [*dict.fromkeys(found)]


def _unused(
    suppressions: Iterable[Suppression], used: set[tuple[Suppression, str]], run: Run
) -> Iterator[Leftover]:
    enabled = {name for rule in run.rules for name in (rule.code, rule.name)}
    known = {name for rule in RULES for name in (rule.code, rule.name)}
    for suppression in suppressions:
        idle = [name for name in suppression.rules if (suppression, name) not in used]
        for name in idle:
            if name not in known:
                guess = nearest(name.upper(), known) or nearest(name.lower(), known)
                message = f"the suppression names {name}, which is not a rule"
                hint = f"did you mean {guess}?" if guess else "`plugindoc rules` lists the rules"
                span = None
            elif name in enabled:
                message = f"the suppression of {name} matches no finding"
                hint = "remove it"
                span = suppression.whole if idle == [*suppression.rules] else None
            else:
                continue
            yield Leftover(
                object=suppression.location.path,
                message=message,
                location=suppression.location,
                hint=hint,
                span=span,
            )


def _unjustified(suppressions: Iterable[Suppression]) -> Iterator[Leftover]:
    for suppression in suppressions:
        if not suppression.reason:
            yield Leftover(
                object=suppression.location.path,
                message=f"the suppression of {', '.join(suppression.rules)} has no reason",
                location=suppression.location,
                hint="state the reason after the closing bracket",
            )


_NAME_THE_BASE: Final = (
    "pass the installer that these plugins extend: --base, or `bases` in the settings"
)


def _not_here(finding: Finding) -> Finding:
    """Return a finding as it applies to a tree that adds to an installer elsewhere."""
    message = f"{finding.message} here"
    return msgspec.structs.replace(finding, message=message, hint=_NAME_THE_BASE, fix=None)


def _diagnostics(
    found: Iterable[_Found], run: Run, *, is_open: bool = False
) -> Iterator[Diagnostic]:
    """Yield what is reported; in an open tree, that something is absent is no more than a note."""
    seen: Counter[Key] = Counter()
    for rule, finding in sorted(found, key=lambda each: (each[1].location, each[0].code)):
        about = (rule.code, finding.location.path, finding.object)
        is_note = is_open and finding.absent
        yield Diagnostic(
            code=rule.code,
            name=rule.name,
            severity="info" if is_note else rule.severity,
            message=finding.message,
            object=finding.object,
            location=finding.location,
            hint=finding.hint,
            url=page_url(rule, run.docs_url),
            fingerprint=fingerprint(*about, seen[about]),
            fix=finding.fix,
        )
        seen[about] += 1


def page_url(rule: type[Rule], docs_url: str) -> str:
    """Return the address of a rule's page, relative to plugindoc's documentation without one."""
    page = f"{PAGES}/{rule.code}.html"
    return f"{docs_url.rstrip('/')}/{page}" if docs_url else page


def _outside_baseline(
    diagnostics: Iterable[Diagnostic], accepted: Counter[Key] | None
) -> tuple[list[Diagnostic], int]:
    """Remove what a baseline accepts; a file that cannot be read is never accepted."""
    if accepted is None:
        return [*diagnostics], 0
    kept, taken = [], 0
    for diagnostic in diagnostics:
        if diagnostic.code not in NEVER_ACCEPTED and accepted[key(diagnostic)] > 0:
            accepted[key(diagnostic)] -= 1
            taken += 1
        else:
            kept.append(diagnostic)
    return kept, taken


def _words(rule: type[Rule], finding: Finding) -> tuple[str, str, str]:
    return (rule.code, finding.object, finding.message)


def _rules_by_code(run: Run) -> Mapping[str, type[Rule]]:
    return {rule.code: rule for rule in run.rules}


def _new(
    diagnostics: Iterable[Diagnostic],
    old: Counter[tuple[str, str, str]],
    rules: Mapping[str, type[Rule]],
    subject: Subject,
    base: Subject,
) -> Iterator[Diagnostic]:
    """Yield the findings that the base does not have; unreadable files are always reported.

    A base without files (an export) has no findings in texts; there, a finding is new if its object
    is.
    """
    changed = {change.name for change in subject.changes or ()}
    for diagnostic in diagnostics:
        words = (diagnostic.code, diagnostic.object, diagnostic.message)
        if rules[diagnostic.code].always:
            yield diagnostic
        elif old[words] > 0:
            old[words] -= 1
        elif (
            base.sources.root is not None
            or not rules[diagnostic.code].reads_files
            or diagnostic.object in changed
        ):
            yield diagnostic


def _lies_in(path: str, folders: Iterable[str]) -> bool:
    return any(
        folder in ("", ".") or path == folder or path.startswith(f"{folder}/") for folder in folders
    )


def stale(accepted: Counter[Key], reports: Iterable[Report]) -> list[Entry]:
    """Return what a baseline accepts and the reports do not contain.

    Entries of rules that are off, and of paths that are not reported, are not stale.
    """
    there: Counter[Key] = Counter()
    checked: set[str] = set()
    within: list[str] = []
    for report in reports:
        there.update(key(each) for each in report.all if each.code not in NEVER_ACCEPTED)
        checked.update(rule.code for rule in report.rules)
        within += ("",) if report.within is None else report.within
    off = {rule.code for rule in RULES} - checked
    return [
        Entry(*about, count)
        for about, count in sorted((accepted - there).items())
        if about[0] not in off and _lies_in(about[1], within)
    ]


def stale_diagnostics(
    entries: Iterable[Entry], run: Run, *, file: str, lines: list[str]
) -> list[Diagnostic]:
    """Return findings for the stale entries of a baseline, given its path and text."""
    if UnusedSuppression not in run.rules:
        return []
    codes = {rule.code for rule in RULES}
    places = _entry_places(file, lines)
    found: list[_Found] = []
    for entry in entries:
        times = f" ({entry.count} times)" if entry.count > 1 else ""
        finding = Finding(
            object=entry.object,
            message=f"the baseline accepts {entry.rule} of {entry.object} in {entry.path}{times}, "
            f"which is {'fixed' if entry.rule in codes else 'not a rule'}",
            location=places.get((entry.rule, entry.path, entry.object), Location(file, 1)),
            hint="remove it from the baseline with --prune",
        )
        found.append((UnusedSuppression, finding))
    return [*_diagnostics(found, run)]


def _entry_places(file: str, lines: Iterable[str]) -> dict[Key, Location]:
    """Return the line of each entry of a baseline that has one of its own."""
    found: dict[Key, Location] = {}
    for number, line in enumerate(lines, 1):
        text = line.strip().removesuffix(",")
        try:
            entry = msgspec.json.decode(text, type=Entry) if text else None
        except msgspec.DecodeError:
            continue
        if entry is not None:
            start = len(line) - len(line.lstrip()) + 1
            place = Location(file, number, start, number, start + len(text))
            found.setdefault((entry.rule, entry.path, entry.object), place)
    return found
