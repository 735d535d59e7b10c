"""The format *sarif*: SARIF 2.1.0, for code scanning.

Form: "Static Analysis Results Interchange Format (SARIF) Version 2.1.0", OASIS Standard; and what
GitHub reads of it: "SARIF support for code scanning".
"""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any, Final
from urllib.parse import quote

import msgspec

from plugindoc.checking.reporters.outcome import Outcome, Shown
from plugindoc.checking.rules.base import Rule

__all__ = ["render"]

SCHEMA: Final = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS: Final = {"error": "error", "warning": "warning", "info": "note"}
_LONGEST: Final = 1024
"""Characters that GitHub takes of a rule's description."""


def render(outcome: Outcome) -> str:
    """Return a log with one run; the rules that were on are described in it."""
    rules = list(outcome.rules)
    urls = {each.diagnostic.code: each.diagnostic.url for each in outcome.shown}
    codes = {rule.code: index for index, rule in enumerate(rules)}
    data = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "plugindoc",
                        "semanticVersion": version("plugindoc"),
                        "rules": [_rule(rule, urls.get(rule.code, "")) for rule in rules],
                    }
                },
                "columnKind": "unicodeCodePoints",
                "results": [_result(each, codes) for each in outcome.shown],
            }
        ],
    }
    return msgspec.json.format(msgspec.json.encode(data), indent=2).decode() + "\n"


def _rule(rule: type[Rule], url: str) -> dict[str, Any]:
    body = rule.body()
    described: dict[str, Any] = {
        "id": rule.code,
        "name": "".join(word.title() for word in rule.name.split("-")),
        "shortDescription": {"text": rule.summary()},
        "fullDescription": {"text": rule.what()[:_LONGEST]},
        "help": {"text": body.replace("## ", ""), "markdown": body},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
    }
    if "://" in url:
        described["helpUri"] = url
    return described


def _result(each: Shown, codes: dict[str, int]) -> dict[str, Any]:
    diagnostic = each.diagnostic
    line, column, end_line, end_column = each.bounds
    text = diagnostic.message + (f"; {diagnostic.hint}" if diagnostic.hint else "")
    result: dict[str, Any] = {
        "ruleId": diagnostic.code,
        "level": _LEVELS[diagnostic.severity],
        "message": {"text": text},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {"uri": _uri(each.path)},
                    "region": {
                        "startLine": line,
                        "startColumn": column,
                        "endLine": end_line,
                        "endColumn": end_column,
                    },
                }
            }
        ],
        "partialFingerprints": {"primaryLocationLineHash": diagnostic.fingerprint},
    }
    if diagnostic.code in codes:
        result["ruleIndex"] = codes[diagnostic.code]
    return result


def _uri(path: str) -> str:
    return Path(path).as_uri() if Path(path).is_absolute() else quote(path)
