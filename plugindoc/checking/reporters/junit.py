"""The format *junit*: one test case a rule and object, those that pass too.

Form: the JUnit XML that the Jenkins plugin and GitLab read (``testsuites``, ``testsuite``,
``testcase``, ``failure``); a rule is a suite.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import Final
from xml.sax.saxutils import quoteattr

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
        failures = sum(bool(failed[rule.code][name]) for name in cases)
        head = f'name={_attribute(f"{rule.code} {rule.name}")} tests="{len(rows)}"'
        suites.append(
            f'  <testsuite {head} failures="{failures}">\n{"".join(rows)}  </testsuite>\n'
        )
    failures = sum(bool(found) for each in failed.values() for found in each.values())
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<testsuites name="plugindoc check" tests="{total}" failures="{failures}">\n'
        f"{''.join(suites)}</testsuites>\n"
    )


def _case(code: str, name: str, path: str, found: list[Shown]) -> str:
    head = f"    <testcase name={_attribute(f'{code}[{name}]')} classname={_attribute(path)}"
    if not found:
        return f"{head}/>\n"
    failures = "".join(
        f"      <failure type={_attribute(each.diagnostic.severity)} "
        f"message={_attribute(f'{each.path}:{each.bounds[0]}: {each.diagnostic.message}')}/>\n"
        for each in found
    )
    return f"{head}>\n{failures}    </testcase>\n"


def _attribute(text: str) -> str:
    return quoteattr(_NOT_XML.sub("\N{REPLACEMENT CHARACTER}", text))
