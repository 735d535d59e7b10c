"""Assertions state what is expected first: ``assert expected == actual``."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
OTHERS = TESTS / "parity" / "third_party"


def is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True


def reversed_comparisons(source: str) -> Iterator[ast.Compare]:
    """Yield comparisons in assertions that have a literal on the right side only."""
    for assertion in ast.walk(ast.parse(source)):
        for node in ast.walk(assertion) if isinstance(assertion, ast.Assert) else ():
            if (
                isinstance(node, ast.Compare)
                and isinstance(node.ops[0], ast.Eq | ast.NotEq)
                and is_literal(node.comparators[0])
                and not is_literal(node.left)
            ):
                yield node


def test_the_expected_value_comes_first() -> None:
    found = [
        f"{file.relative_to(TESTS)}:{node.lineno}"
        for file in sorted(TESTS.rglob("*.py"))
        if OTHERS not in file.parents
        for node in reversed_comparisons(file.read_text(encoding="utf-8"))
    ]
    assert [] == found
