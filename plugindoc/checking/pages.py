"""The rules' documentation pages, made of their classes: MyST that reads well as it is."""

from __future__ import annotations

import ast
from itertools import groupby
from pathlib import Path
from typing import Final

from plugindoc.checking.rules import RULES
from plugindoc.checking.rules.base import Rule
from plugindoc.written import publish, toctree

__all__ = ["index", "page", "pages", "write_pages"]

FAMILIES: Final = {
    "PD0": "Analysis",
    "PD1": "Option documentation",
    "PD2": "Option consistency",
    "PD3": "Groups and conditions",
    "PD4": "Steps and sequences",
    "PD5": "Templates",
    "PD6": "Naming and order",
    "PD7": "Deprecation",
    "PD8": "Published documentation",
}
"""What the first digit of a code means."""

_LANGUAGES: Final = {".pp": "puppet", ".rst": "rst", ".toml": "toml", ".txt": "text"}


def page(rule: type[Rule]) -> str:
    """Return a rule's page."""
    when = "" if rule.severity != "info" else "; off by default, enable it with `extend-select`"
    what, blind = rule.body().split("\n## What it cannot see", 1)
    parts = [
        f"# {rule.name} ({rule.code})",
        f"{rule.summary()}. Severity: **{rule.severity}**{when}.{_fixes(rule)}",
        what.strip(),
        "## Example",
        _block(rule, rule.invalid[0].shown),
        "## Use instead",
        _block(rule, rule.valid[0].shown),
        "## What it cannot see",
        blind.strip(),
        "## Silencing it",
        "If the finding is intentional, suppress it in the source and state the reason:",
        f"```text\n{_comment(rule)} plugindoc: ignore[{rule.code}] why it is intentional\n```"
        if not rule.always
        else "This finding cannot be suppressed, because a file that is not read is not checked.",
    ]
    if rule.always:
        del parts[-2]
    return "\n\n".join(parts) + "\n"


def _fixes(rule: type[Rule]) -> str:
    fix = _fix(rule)
    return f" It has {'an' if fix == 'unsafe' else 'a'} {fix} fix." if fix else ""


def _fix(rule: type[Rule]) -> str:
    if "the fix " not in rule.body().lower():
        return ""
    return "unsafe" if "unsafe" in rule.body() else "safe"


def _comment(rule: type[Rule]) -> str:
    return ".." if rule.about == "entry" else "#"


def _block(rule: type[Rule], shown: str) -> str:
    language = _language(rule, shown)
    return f"```{language}\n{shown.rstrip()}\n```"


def _language(rule: type[Rule], shown: str) -> str:
    if shown.startswith("**"):
        return "rst"
    if shown.startswith("[tool."):
        return "toml"
    if rule.about == "template" and not shown.startswith("def "):
        return "puppet"
    try:
        ast.parse(shown)
    except SyntaxError:
        return "text"
    return "py" if "(" in shown or "{" in shown else "text"


_INTRODUCTION: Final = (
    "`plugindoc check` checks an installer against these rules. An *error* means that the "
    "installer "
    "misbehaves, or that users get wrong information or none. A *warning* is something that a "
    "maintainer should fix. *Info* is a matter of taste and off by default. `plugindoc rule CODE` "
    "prints the page of a rule."
)


def index() -> str:
    """Return the page that lists all rules."""
    parts = [
        "# Rules of the check",
        _INTRODUCTION,
    ]
    for family, rules in groupby(RULES, key=lambda rule: rule.code[:3]):
        rows = [
            f"| [{rule.code}]({rule.code}.md) | {rule.name} | {rule.severity} | {_fix(rule)} "
            f"| {rule.summary()} |"
            for rule in rules
        ]
        head = "| code | name | severity | fix | what it finds |\n|---|---|---|---|---|"
        parts += [f"## {FAMILIES[family]}", "\n".join((head, *rows))]
    parts.append(toctree(rule.code for rule in RULES))
    return "\n\n".join(parts) + "\n"


def pages() -> dict[str, str]:
    """Return all pages by file name."""
    return {"index.md": index(), **{f"{rule.code}.md": page(rule) for rule in RULES}}


def write_pages(folder: Path) -> None:
    """Write all pages into a folder, and delete pages of rules that no longer exist.

    Raises OSError if that cannot be done, or would change a file that plugindoc did not write.
    """
    publish(folder, pages(), ".plugindoc-rules")
