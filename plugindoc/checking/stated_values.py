"""What a text states: lists of values, enumerations, and defaults."""

from __future__ import annotations

import ast
import re
from typing import Final

__all__ = ["LIST", "enumerated_besides", "is_same", "listed_values", "stated_defaults"]

LIST: Final = re.compile(
    r"\[\s*(?:'[^'\[\]]*'|\"[^\"\[\]]*\")(?:\s*,\s*(?:'[^']*'|\"[^\"]*\"))*,?\s*\]"
)


def listed_values(text: str, declared: list[str]) -> list[str] | None:
    """Return the list of values that a text states, None if it states none."""
    if not [value for value in declared if value]:
        return None
    found = [*LIST.finditer(text)]
    for match in reversed(found):
        values = _parsed(match[0])
        at_end = not text[match.end() :].strip(" .\n")
        if values and (at_end or set(values) & set(declared)):
            return values
    return None


_ITEM: Final = r"(?:'[^'\s]+'|\"[^\"\s]+\"|[A-Za-z0-9_][\w+-]*(?:\.\w[\w+-]*)*)"
_ENUMERATION: Final = re.compile(
    r"(?:\b(?:accepted|allowed|available|permitted|possible|supported|valid) [a-z]+(?: are| is)?"
    r"|\b(?:either|one of))\s*(?::\s*)?"
    rf"(?P<items>{_ITEM}(?:\s*,\s*(?:(?:and|or)\s+)?{_ITEM})*(?:\s+(?:and|or)\s+{_ITEM})?)"
    r"\s*(?=[.;()\[]|$)",
    re.IGNORECASE,
)


def enumerated_besides(text: str, declared: list[str]) -> list[str]:
    """Return the values of an enumeration that are not choices, if others of it are."""
    found: list[str] = []
    known = {value.lower() for value in declared}
    for match in _ENUMERATION.finditer(text) if known else ():
        items = [item.strip("'\"") for item in re.findall(_ITEM, match["items"])]
        values = [item for item in items if item.lower() not in ("and", "or")]
        if any(value in declared for value in values):
            found += [value for value in values if value.lower() not in known]
    return found


def _parsed(text: str) -> list[str]:
    try:
        return [str(value) for value in ast.literal_eval(text)]
    except (ValueError, SyntaxError):
        return []


_SAYS: Final = (
    r"(?:\bdefaults? (?:to|is|value is|value:|value)|\bthe default(?: value)? is|\(default:?)\s+"
)
_DEFAULT: Final = re.compile(rf"{_SAYS}(?P<quote>['\"])(?P<value>[^'\"]*)(?P=quote)", re.IGNORECASE)
_BARE_DEFAULT: Final = re.compile(
    rf"{_SAYS}(?P<value>-?\w+(?:[.-]\w+)*)(?=[.,;)]*(?:\s|$))(?! [a-z])", re.IGNORECASE
)
_BY_DEFAULT: Final = re.compile(
    r"(?<![\w.-])(?P<value>-?\d+(?:\.\d+)?) by default(?=[.,;)]|$)", re.IGNORECASE
)
_NUMBER: Final = re.compile(r"-?\d+(?:\.\d+)?")
_OWN: Final = re.compile(r"(?:[.,;:!?(]|\b(?:and|it|that|which))$", re.IGNORECASE)
"""Words before a default of the option itself; a server's own default is another one."""
_BEFORE: Final = 40
"""Characters before a statement that are looked at."""


def stated_defaults(text: str, default: str, declared: list[str]) -> list[str]:
    """Return the defaults that a text states and that can be compared with the declared one."""
    if "default" not in text.lower():
        return []
    bare = [m["value"] for m in _BARE_DEFAULT.finditer(text) if _is_own(text, m)]
    bare += [m["value"] for m in _BY_DEFAULT.finditer(text)]
    number = _NUMBER.fullmatch(default) is not None
    comparable = [
        value
        for value in bare
        if (number and _NUMBER.fullmatch(value)) or (value in declared and default in declared)
    ]
    return [*(match["value"] for match in _DEFAULT.finditer(text)), *comparable]


def is_same(default: str, stated: str) -> bool:
    """Return whether a default is what a text states, be it as another way to write a number."""
    numbers = _NUMBER.fullmatch(default) and _NUMBER.fullmatch(stated)
    return default == stated or bool(numbers and float(default) == float(stated))


def _is_own(text: str, found: re.Match[str]) -> bool:
    before = text[max(0, found.start() - _BEFORE) : found.start()].rstrip()
    return not before or found[0].startswith("(") or _OWN.search(before) is not None
