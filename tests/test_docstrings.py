"""Docstrings open with the words that CONTRIBUTING asks for."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
AVOIDED = ("Tell ", "Say ", "Let ", "Gives ", "Returns ", "Tells ", "Carry out ")


def openings(source: str) -> Iterator[tuple[int, str]]:
    """Yield the docstrings of functions and classes, with their lines."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            yield node.lineno, ast.get_docstring(node) or ""


@pytest.mark.parametrize("package", ["plugindoc", "source_packstack"])
def test_docstrings_open_as_agreed(package: str) -> None:
    found = [
        f"{file.relative_to(ROOT)}:{line}: {text.splitlines()[0]}"
        for file in sorted((ROOT / package).rglob("*.py"))
        for line, text in openings(file.read_text(encoding="utf-8"))
        if text.startswith(AVOIDED)
    ]
    assert [] == found


def test_a_docstring_that_opens_otherwise_is_found() -> None:
    source = 'class A:\n    def f():\n        """Tell whether it is."""\n'
    assert (2, "Tell whether it is.") in list(openings(source))
