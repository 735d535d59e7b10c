"""The formats *text*, with source excerpts and grouped by file, and *concise*, one line each."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Final

from plugindoc.checking.diagnostics import Diagnostic, Severity
from plugindoc.checking.reporters.outcome import Outcome, Shown
from plugindoc.model.printing import in_one_line
from plugindoc.model.wording import count, listed

__all__ = ["concise", "statistics", "text"]

_WIDTH: Final = 120
_COLOURS: Final[dict[Severity | str, str]] = {
    "error": "1;31",
    "warning": "1;33",
    "info": "1;36",
    "bold": "1",
    "dim": "2",
    "good": "32",
}


def text(outcome: Outcome, *, colour: bool) -> str:
    """Return the findings with their source lines, and a summary."""
    by_file = sorted(outcome.shown, key=lambda each: (each.path, each.bounds))
    blocks = []
    for path, group in groupby(by_file, key=lambda each: each.path):
        blocks.append(_paint(in_one_line(path), "bold", colour=colour))
        blocks += [_block(each, colour=colour) for each in group]
    return "\n\n".join([*blocks, _summary(outcome, colour=colour)]) + "\n"


def _block(each: Shown, *, colour: bool) -> str:
    diagnostic = each.diagnostic
    line, column, *_ = each.bounds
    head = _paint(f"{diagnostic.severity}[{diagnostic.code}]", diagnostic.severity, colour=colour)
    rows = [
        f"{head} {_paint(in_one_line(diagnostic.message), 'bold', colour=colour)}",
        _paint(f"  --> {in_one_line(each.path)}:{line}:{column}", "dim", colour=colour),
    ]
    gutter = " " * len(str(line))
    if each.source.strip():
        rows += _excerpt(each, gutter, colour=colour)
    if diagnostic.hint:
        rows.append(f"{gutter} = help: {in_one_line(diagnostic.hint)}")
    if diagnostic.fix is not None:
        unsafe = "" if diagnostic.fix.safe else " --unsafe-fixes"
        rows.append(f"{gutter} = fix: plugindoc check --fix{unsafe}")
    page = f"{gutter} = {diagnostic.name}: {_explanation(diagnostic)}"
    return "\n".join([*rows, _paint(page, "dim", colour=colour)])


def _explanation(diagnostic: Diagnostic) -> str:
    """Return where the rule is explained: at the address of its page, or by a command."""
    published = "://" in diagnostic.url
    return diagnostic.url if published else f"plugindoc rule {diagnostic.code}"


def _excerpt(each: Shown, gutter: str, *, colour: bool) -> Iterator[str]:
    line, column, end_line, end_column = each.bounds
    source = each.source.rstrip()
    end = end_column if end_line == line else len(source) + 1
    start = min(column, len(source)) - 1
    skipped = max(0, start - _WIDTH // 2) if len(source) > _WIDTH else 0
    window = source[skipped : skipped + _WIDTH]
    more = "…" if len(source) > skipped + _WIDTH else ""
    marks = max(1, min(end, skipped + _WIDTH + 1) - column)
    indent = " " * (start - skipped + (1 if skipped else 0))
    bar = _paint("|", "dim", colour=colour)
    yield f"{gutter} {bar}"
    yield f"{line} {bar} {'…' if skipped else ''}{in_one_line(window)}{more}"
    marked = _paint("^" * marks, each.diagnostic.severity, colour=colour)
    if each.next_line:
        after = in_one_line(each.next_line.rstrip()[:_WIDTH])
        yield f"{line + 1:<{len(gutter)}} {bar} {after}"
    else:
        yield f"{gutter} {bar} {indent}{marked}"


def concise(outcome: Outcome, *, colour: bool) -> str:
    """Return one line a finding, and a summary."""
    rows = [
        f"{in_one_line(each.path)}:{each.bounds[0]}:{each.bounds[1]}: "
        f"{each.diagnostic.severity}[{each.diagnostic.code}] {in_one_line(each.diagnostic.message)}"
        for each in outcome.shown
    ]
    return "\n".join([*rows, _summary(outcome, colour=colour)]) + "\n"


def _summary(outcome: Outcome, *, colour: bool) -> str:
    found = listed(count(number, noun) for noun, number in outcome.by_severity.items() if number)
    aside = [
        f"{number} {word}"
        for number, word in (
            (sum(report.suppressed for report in outcome.reports), "suppressed"),
            (sum(report.accepted for report in outcome.reports), "accepted by the baseline"),
        )
        if number
    ]
    if outcome.skipped:
        aside.append(f"{count(outcome.skipped, 'file')} outside any installer skipped")
    more = f" ({', '.join(aside)})" if aside else ""
    if not found:
        return _paint(f"Nothing to report in {_extent(outcome)}{more}.", "good", colour=colour)
    safe, unsafe = outcome.fixable
    fixes = f" {safe} can be fixed with --fix." if safe else ""
    if unsafe:
        fixes += f" {unsafe} can be fixed with --unsafe-fixes."
    return f"Found {found} in {_extent(outcome)}{more}.{fixes}"


def _extent(outcome: Outcome) -> str:
    plugins = sum(len(report.subject.own.plugins) for report in outcome.reports)
    options = sum(report.subject.own_options for report in outcome.reports)
    return f"{count(plugins, 'plugin')} with {count(options, 'option')}"


def statistics(outcome: Outcome) -> str:
    """Return how often each rule spoke, the most frequent first."""
    counts = Counter(
        (each.diagnostic.code, each.diagnostic.name, each.diagnostic.severity)
        for each in outcome.shown
    )
    width = len(str(max(counts.values(), default=0)))
    rows = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    return "".join(
        f"{count:>{width}}  {code}  {severity:<7}  {name}\n"
        for (code, name, severity), count in rows
    )


def _paint(text: str, style: Severity | str, *, colour: bool) -> str:
    return f"\033[{_COLOURS[style]}m{text}\033[0m" if colour else text
