"""The format *gitlab*: a Code Quality report.

Fields: GitLab's documentation, "Code Quality report format".
"""

from __future__ import annotations

from typing import Final

import msgspec

from plugindoc.checking.reporters.outcome import Outcome

__all__ = ["render"]

_SEVERITIES: Final = {"error": "major", "warning": "minor", "info": "info"}


def render(outcome: Outcome) -> str:
    """Return the report, an array of findings."""
    data = [
        {
            "description": f"{each.diagnostic.name}: {each.diagnostic.message}",
            "check_name": each.diagnostic.code,
            "fingerprint": each.diagnostic.fingerprint,
            "severity": _SEVERITIES[each.diagnostic.severity],
            "location": {
                "path": each.path,
                "positions": {
                    "begin": {"line": each.bounds[0], "column": each.bounds[1]},
                    "end": {"line": each.bounds[2], "column": each.bounds[3]},
                },
            },
        }
        for each in outcome.shown
    ]
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"
