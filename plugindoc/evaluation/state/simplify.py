"""Conditions that have grown too long, said anew in few words.

Tests that build on one another repeat the same few comparisons, so that a condition of fifty may
depend on five answers. Its table of truth is small then: a row for each way to answer, as one bit
of an integer, from which the shortest terms are read that cover it (as Quine and McCluskey do).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import Final, TypeAlias

from plugindoc.evaluation.state.paths import Path, condition_of, extend, holds, size, weigh
from plugindoc.model.conditions import (
    ALWAYS,
    NEVER,
    AllOf,
    Always,
    AnyOf,
    Compare,
    Condition,
    Never,
    Not,
    all_of,
    any_of,
    evaluate,
    negate,
)

__all__ = ["MAX_ATOMS", "shortened", "simplified", "tidied"]

MAX_ATOMS: Final = 7
"""How many different comparisons a condition may be made of to be said anew."""

_WORTH_IT: Final = 4
"""From how many comparisons on a condition is looked at whole."""

_Rows: TypeAlias = int
"""Rows of the table, each a bit."""

_Cube: TypeAlias = tuple[tuple[bool | None, ...], _Rows]
"""A conjunction: whether each comparison holds (None for either way), and its rows."""


def simplified(condition: Condition, path: Path = ()) -> Condition | None:
    """Return a short condition that holds on a path exactly where a given one does.

    None where it depends on more than `MAX_ATOMS` comparisons that the path leaves open.
    """
    atoms: list[Condition] = []
    if not _collect(condition, path, atoms):
        return None
    weigh(3 ** len(atoms) // 10)
    columns = [_column(number, len(atoms)) for number in range(len(atoms))]
    whole = (1 << (1 << len(atoms))) - 1
    possible = whole & ~_impossible(atoms, columns, whole)
    wanted = possible & _rows(condition, path, atoms, columns, whole)
    if wanted in (0, possible):
        return ALWAYS if wanted else NEVER
    terms = _cover(_primes(columns, whole, wanted, whole & ~possible | wanted), wanted)
    return any_of([_conjunction(signs, atoms) for signs in terms])


def tidied(condition: Condition) -> Condition:
    """Return a condition without what the rest of it settles, in other words if those are fewer."""
    if size(condition) == 1:
        return condition
    path = extend((), condition)
    return NEVER if path is None else shortened(condition_of(path))


def shortened(condition: Condition) -> Condition:
    """Return a condition in other words, if those are fewer."""
    length = size(condition)
    if length < _WORTH_IT:
        return condition
    found = simplified(condition)
    return condition if found is None or size(found) >= length else found


def _collect(condition: Condition, path: Path, atoms: list[Condition]) -> bool:
    """Collect the comparisons that a condition is made of; False where they are too many."""
    if type(condition) is AllOf or type(condition) is AnyOf:
        return all(_collect(part, path, atoms) for part in condition.conditions)
    if type(condition) is Not:
        return _collect(condition.condition, path, atoms)
    if type(condition) is Always or type(condition) is Never:
        return True
    known = condition in atoms or negate(condition) in atoms
    if not known and holds(path, condition) is None:
        atoms.append(condition)
    return len(atoms) <= MAX_ATOMS


def _column(number: int, count: int) -> _Rows:
    """Return the rows in which the comparison of a number holds."""
    return sum(1 << row for row in range(1 << count) if row >> number & 1)


def _rows(
    condition: Condition,
    path: Path,
    atoms: Sequence[Condition],
    columns: Sequence[_Rows],
    whole: _Rows,
) -> _Rows:
    """Return the rows in which a condition holds."""
    if type(condition) is AllOf or type(condition) is AnyOf:
        found = [_rows(part, path, atoms, columns, whole) for part in condition.conditions]
        rows = found[0]
        for other in found[1:]:
            rows = rows & other if type(condition) is AllOf else rows | other
        return rows
    if type(condition) is Not:
        return whole & ~_rows(condition.condition, path, atoms, columns, whole)
    if condition in atoms:
        return columns[atoms.index(condition)]
    opposite = negate(condition)
    if opposite in atoms:
        return whole & ~columns[atoms.index(opposite)]
    certain = type(condition) is Always or holds(path, condition) is True
    return whole if certain else 0


def _impossible(atoms: Sequence[Condition], columns: Sequence[_Rows], whole: _Rows) -> _Rows:
    """Return the rows that no answer makes: an option's value settles all else said of it."""
    found = 0
    for one, column in zip(atoms, columns, strict=True):
        if type(one) is Compare and one.operator in ("==", "!="):
            equal = column if one.operator == "==" else whole & ~column
            for other, rows in zip(atoms, columns, strict=True):
                settled = evaluate(other, {one.option: one.value})
                if settled is not None:
                    found |= equal & (whole & ~rows if settled else rows)
    return found


def _primes(columns: Sequence[_Rows], whole: _Rows, wanted: _Rows, allowed: _Rows) -> list[_Cube]:
    """Return the conjunctions that hold nowhere else, of which no part alone does, short first."""
    signs = sorted(
        product((None, True, False), repeat=len(columns)),
        key=lambda one: len(one) - one.count(None),
    )
    primes: list[_Cube] = []
    for one in signs:
        rows = whole
        for sign, column in zip(one, columns, strict=True):
            if sign is not None:
                rows &= column if sign else ~column
        if (
            rows & wanted
            and not rows & ~allowed
            and not any(rows | known == known for _, known in primes)
        ):
            primes.append((one, rows))
    return primes


def _cover(primes: Sequence[_Cube], wanted: _Rows) -> list[tuple[bool | None, ...]]:
    """Return conjunctions that together hold in all rows that are wanted."""
    chosen: list[int] = []
    left = wanted
    while left:
        best = max(range(len(primes)), key=lambda at: (primes[at][1] & left).bit_count())
        chosen.append(best)
        left &= ~primes[best][1]
    return [primes[at][0] for at in sorted(chosen)]


def _conjunction(signs: tuple[bool | None, ...], atoms: Sequence[Condition]) -> Condition:
    return all_of(
        atom if sign else negate(atom)
        for sign, atom in zip(signs, atoms, strict=True)
        if sign is not None
    )
