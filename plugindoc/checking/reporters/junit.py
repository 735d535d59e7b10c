"""The format *junit*: one test case a rule and object, those that pass too.

Form: the JUnit XML that the Jenkins plugin and GitLab read (``testsuites``, ``testsuite``,
``testcase``, ``failure``); a rule is a suite. Information is output of a case that passes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final
from xml.sax.saxutils import escape, quoteattr

from plugindoc.checking.reporters.outcome import Outcome, Shown

__all__ = ["render"]

_NOT_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def render(outcome: Outcome) -> str:
    """Return the report as XML; a case's class is its file."""
    failed: dict[str, dict[str, list[Shown]]] = defaultdict(lambda: defaultdict(list))
    for each in outcome.shown:
        failed[each.diagnostic.code][each.diagnostic.object].append(each)
    suites = []
    total = 0
    for rule in outcome.rules:
        cases = dict(reversed(outcome.objects(rule.about)))
        cases |= {name: found[0].path for name, found in failed[rule.code].items()}
        rows = [
            _case(rule.code, name, cases[name], failed[rule.code][name]) for name in sorted(cases)
        ]
        total += len(rows)
        failures = sum(_fails(failed[rule.code][name]) for name in cases)
        head = f'name={_attribute(f"{rule.code} {rule.name}")} tests="{len(rows)}"'
        suites.append(
            f'  <testsuite {head} failures="{failures}">\n{"".join(rows)}  </testsuite>\n'
        )
    failures = sum(_fails(found) for each in failed.values() for found in each.values())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="plugindoc check" tests="{total}" failures="{failures}">\n'
        f"{''.join(suites)}</testsuites>\n"
    )


def _fails(found: list[Shown]) -> bool:
    return any(each.diagnostic.severity != "info" for each in found)


def _case(code: str, name: str, path: str, found: list[Shown]) -> str:
    head = f"    <testcase name={_attribute(f'{code}[{name}]')} classname={_attribute(path)}"
    if not found:
        return f"{head}/>\n"
    rows = "".join(f"      {_row(each)}\n" for each in found)
    return f"{head}>\n{rows}    </testcase>\n"


def _row(shown: Shown) -> str:
    said = f"{shown.path}:{shown.bounds[0]}: {shown.diagnostic.message}"
    if shown.diagnostic.severity == "info":
        return f"<system-out>{escape(_xml(said))}</system-out>"
    return f"<failure type={_attribute(shown.diagnostic.severity)} message={_attribute(said)}/>"


def _attribute(text: str) -> str:
    return quoteattr(_xml(text))


def _xml(text: str) -> str:
    return _NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text)
