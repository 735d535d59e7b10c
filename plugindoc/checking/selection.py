"""Which rules are on: codes, names and prefixes of codes, on the command line and in settings."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Iterable, Mapping, Sequence

from plugindoc.checking.rules import RULES
from plugindoc.checking.rules.base import Rule
from plugindoc.model.names import nearest

__all__ = ["SelectionError", "enabled", "ignored_for", "rule_named"]


class SelectionError(ValueError):
    """A selector that names no rule; the message is one line and suggests the nearest."""


def rule_named(name: str) -> type[Rule]:
    """Return a rule by its code or name.

    Raises SelectionError if there is none.
    """
    for rule in RULES:
        if name.upper() == rule.code or name.lower() == rule.name:
            return rule
    several = [rule.code for rule in RULES if _reach(name, rule)]
    if several:
        message = f"{name!r} matches several rules: {', '.join(several)}"
        raise SelectionError(message)
    raise SelectionError(_unknown(name))


def enabled(
    select: Sequence[str] | None, extend: Iterable[str], ignore: Iterable[str]
) -> tuple[type[Rule], ...]:
    """Return the rules that are on, by code.

    Without `select`, every rule but those of severity *info*. Between a selector that switches on
    and one that switches off, the longer one wins; a name is longer than any prefix.

    Raises SelectionError for a selector that is not a rule.
    """
    extend, ignore = list(extend), list(ignore)
    for selector in (*(select or ()), *extend, *ignore):
        if not any(_reach(selector, rule) for rule in RULES):
            raise SelectionError(_unknown(selector))
    return tuple(rule for rule in RULES if _is_on(rule, select, extend, ignore))


def _is_on(
    rule: type[Rule], select: Sequence[str] | None, extend: Iterable[str], ignore: Iterable[str]
) -> bool:
    by_default = 1 if select is None and rule.severity != "info" else 0
    chosen = max(by_default, *(_reach(each, rule) for each in (*(select or ()), *extend, "")))
    return chosen > max((_reach(each, rule) for each in ignore), default=0)


_WHOLE = 100


def _reach(selector: str, rule: type[Rule]) -> int:
    """Return how closely a selector means a rule: 0 not at all, more for longer prefixes."""
    if selector.upper() == "ALL":
        return 1
    if selector.upper() == rule.code or selector.lower() == rule.name:
        return _WHOLE
    return (
        1 + len(selector)
        if re.match(r"(?i)PD\d*$", selector) and rule.code.startswith(selector.upper())
        else 0
    )


def _unknown(selector: str) -> str:
    codes = [rule.code for rule in RULES]
    guess = nearest(selector.upper(), codes) or nearest(
        selector.lower(), [rule.name for rule in RULES]
    )
    hint = f" Did you mean {guess}?" if guess else " `plugindoc rules` lists them."
    return f"{selector!r} is not a rule.{hint}"


def ignored_for(path: str, per_path: Mapping[str, Sequence[str]]) -> tuple[type[Rule], ...]:
    """Return the rules that settings switch off for a path; globs match as ``fnmatch`` does.

    Raises SelectionError for a selector that is not a rule.
    """
    selectors: list[str] = []
    for pattern, rules in per_path.items():
        if fnmatch.fnmatchcase(path, pattern) or fnmatch.fnmatchcase(path, f"{pattern}/*"):
            selectors += rules
    return enabled(selectors, (), ()) if selectors else ()
