"""Templates that are no Puppet code: Python's ``%(KEY)s``, ERB, Ruby and YAML hieradata."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from plugindoc.model.locations import Location
from plugindoc.model.patterns import names_pattern
from plugindoc.model.project import Problem, Use

__all__ = ["erb_uses", "hieradata_uses", "percent_uses", "ruby_uses"]

_PERCENT: Final = re.compile(
    r"%(?:%|\((?P<key>[^()\n]*)\)"
    r"(?P<conversion>[#0\- +]*+\d*+(?:\.\d++)?[hlL]?[diouxXeEfFgGcrsa])?)"
)
_ERB_TAG: Final = re.compile(r"<%%|<%(?P<kind>[=#-]?)(?P<code>.*?)-?%>", re.DOTALL)
_RUBY_COMMENT: Final = re.compile(r"(?<![\"'\w#])#(?!\{)[^\n]*")
_RUBY_HOLE: Final = re.compile(r"#\{[^}]*(?:\}|\Z)")
_HIERA_LOOKUP: Final = re.compile(r"%\{\s*(?:lookup|hiera|alias)\(\s*[\"'](?P<key>[^\"']+)[\"']")


@lru_cache(maxsize=16)
def _ruby_lookup(lookups: tuple[str, ...]) -> re.Pattern[str]:
    """Return what a call of a function that looks a key up looks like in Ruby."""
    names = names_pattern(lookups)
    return re.compile(
        rf"(?:\b(?:function_)?(?:{names})"
        rf"|call_function\s*+\(?\s*+:?[\"']?(?:{names}))"
        r"[\"']?\s*+,?\s*+\(?\s*+\[?\s*+(?P<quote>[\"'])(?P<key>.*?)(?P=quote)"
    )


class _Lines:
    """Locations in a text."""

    def __init__(self, path: str, text: str) -> None:
        self.path = path
        self.starts = [0, *(match.end() for match in re.finditer(r"\n", text))]

    def span(self, start: int, end: int) -> Location:
        line = bisect_right(self.starts, start)
        end_line = bisect_right(self.starts, end)
        return Location(
            self.path,
            line,
            start - self.starts[line - 1] + 1,
            end_line,
            end - self.starts[end_line - 1] + 1,
        )


def percent_uses(path: str, text: str) -> tuple[list[Use], list[Problem]]:
    """Return the keys that Python's ``text % config`` asks for, comments included.

    ``%%`` is a percent sign. A key without a conversion is a problem: the installer fails.
    """
    lines = _Lines(path, text)
    uses: list[Use] = []
    problems: list[Problem] = []
    for found in _PERCENT.finditer(text):
        key = found["key"]
        if key is None:
            continue
        location = lines.span(found.start(), found.end())
        if found["conversion"] is None:
            message = f"%({key}) lacks its conversion: write %({key})s, or %% for a percent sign"
            problems.append(Problem(kind="malformed", message=message, location=location))
        uses.append(Use(key=key, access="read", location=location))
    return uses, problems


def erb_uses(path: str, text: str, lookups: tuple[str, ...]) -> list[Use]:
    """Return the keys that an ERB template looks up; Ruby's interpolations become ``*``."""
    lines = _Lines(path, text)
    uses: list[Use] = []
    for tag in _ERB_TAG.finditer(text, 0, text.rfind("%>") + 2):
        if tag["code"] is not None and tag["kind"] != "#":
            uses.extend(_lookups(lines, tag["code"], tag.start("code"), lookups))
    return uses


def ruby_uses(path: str, text: str, lookups: tuple[str, ...]) -> list[Use]:
    """Return the keys that a function or fact written in Ruby looks up."""
    return list(_lookups(_Lines(path, text), text, 0, lookups))


def _lookups(lines: _Lines, code: str, offset: int, lookups: tuple[str, ...]) -> Iterator[Use]:
    code = _RUBY_COMMENT.sub(lambda comment: " " * len(comment[0]), code)
    for found in _ruby_lookup(lookups).finditer(code):
        key = found["key"]
        if found["quote"] == '"':
            key = _RUBY_HOLE.sub("*", key)
        start = offset + found.start("key")
        location = lines.span(start, start + len(found["key"]))
        yield Use(key=key, access="read", location=location, pattern="*" in key)


def hieradata_uses(path: str, text: str) -> tuple[list[Use], list[Problem]]:
    """Return the keys that a YAML data file sets, and those that its texts look up."""
    import yaml  # noqa: PLC0415 - 15 ms that most trees need not pay

    lines = _Lines(path, text)
    try:
        loader = yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader
        document = yaml.compose(text, Loader=loader)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        location = Location(path, mark.line + 1, mark.column + 1) if mark else Location(path, 1)
        reason = getattr(error, "problem", None) or "it is nested too deeply"
        message = f"no valid YAML: {reason}"
        return [], [Problem(kind="parse-error", message=message, location=location)]
    uses: list[Use] = []
    for key, _ in document.value if isinstance(document, yaml.MappingNode) else ():
        if isinstance(key, yaml.ScalarNode):
            location = lines.span(key.start_mark.index, key.end_mark.index)
            uses.append(Use(key=key.value, access="write", location=location))
    for found in _HIERA_LOOKUP.finditer(text):
        location = lines.span(found.start("key"), found.end("key"))
        uses.append(Use(key=found["key"], access="read", location=location))
    return uses, []
