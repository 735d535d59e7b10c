"""The format *json*: version 1 of plugindoc's own report."""

from __future__ import annotations

from typing import Any

import msgspec

from plugindoc.checking.reporters.outcome import Outcome, Shown

__all__ = ["render"]


def render(outcome: Outcome) -> str:
    """Return the report; `object` is the identity of what a diagnostic is about."""
    reports = outcome.reports
    data = {
        "version": 1,
        "diagnostics": [_plain(each) for each in outcome.shown],
        "summary": {
            **{
                f"{name}s" if name != "info" else name: n for name, n in outcome.by_severity.items()
            },
            "accepted": sum(report.accepted for report in reports),
            "suppressed": sum(report.suppressed for report in reports),
            "plugins": sum(len(report.subject.own.plugins) for report in reports),
            "options": sum(report.subject.own_options for report in reports),
        },
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _plain(each: Shown) -> dict[str, Any]:
    diagnostic = each.diagnostic
    line, column, end_line, end_column = each.bounds
    return {
        "code": diagnostic.code,
        "name": diagnostic.name,
        "severity": diagnostic.severity,
        "message": diagnostic.message,
        "object": diagnostic.object,
        "path": each.path,
        "line": line,
        "column": column,
        "end_line": end_line,
        "end_column": end_column,
        "hint": diagnostic.hint,
        "url": diagnostic.url,
        "fingerprint": diagnostic.fingerprint,
    }
