"""Regular expressions mean the same in every Python that the project supports."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

import plugindoc
import source_packstack
from plugindoc.reading.puppet_tokens import Tokens

PRODUCT = [Path(str(package.__file__)).parent for package in (plugindoc, source_packstack)]

# Before 3.11.5, a possessive group kept what its last round had consumed before it failed
# (CPython issue 106052); single characters and sets are not affected.
POSSESSIVE_GROUP = re.compile(r"(?<!\\)\)(?:[*+?]|\{\d*,?\d*\})\+|\(\?>")


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(path, id=str(path.relative_to(package.parent)))
        for package in PRODUCT
        for path in sorted(package.rglob("*.py"))
        if "re.compile(" in path.read_text("utf-8")
    ],
)
def test_no_group_is_possessive(path: Path) -> None:
    texts = [
        node.value
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]

    assert [] == [text for text in texts if "(?" in text and POSSESSIVE_GROUP.search(text)]


@pytest.mark.parametrize(
    ("source", "kinds"),
    [
        ('"a ${b}"', ["text_start", "text", "${", "name", "$}", "text_end"]),
        (
            '"a $5 \\" $ ${b}"',
            ["text_start", "text", "variable", "text", "${", "name", "$}", "text_end"],
        ),
        ("12e", ["number", "name"]),
        ("12e5 0x1F", ["number", "number"]),
        ("a::b: c", ["name", ":", "name"]),
        ("a-b-", ["name", "-"]),
        ("'it\\'s' \"a $ b\"", ["string", "string"]),
        ("# a\n/* b */ /* c **/ d # e", ["name"]),
        ("/* a */ /* b */", []),
        ("a /* b", ["name", "unknown"]),
    ],
)
def test_tokens(source: str, kinds: list[str]) -> None:
    assert [*kinds, "end", "end"] == Tokens(source).kinds
