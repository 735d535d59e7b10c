"""Conditions that have grown too long, simplified.

Tests that build on one another repeat the same few comparisons, so that a condition of fifty may
depend on five answers. Its table of truth is small then: a row for each way to answer, as one bit
of an integer. Terms that cover it are read from it, each as short as it can be.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, TypeAlias

from plugindoc.evaluation.state.paths import (
    MAX_TERMS,
    Path,
    Scale,
    condition_of,
    extend,
    holds,
    size,
)
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
from plugindoc.model.equivalence import answers_apart

__all__ = ["MAX_ATOMS", "MAX_COLUMNS", "shortened", "simplified", "tidied"]

MAX_ATOMS: Final = 7
"""How many different comparisons a condition may have to be simplified."""

MAX_COLUMNS: Final = 10
"""How many different comparisons a condition may be made of to be looked at for spare parts."""

_WORTH_IT: Final = 4
"""From how many comparisons on a condition is looked at whole."""

_Rows: TypeAlias = int
"""Rows of the table, each a bit."""

_Term: TypeAlias = tuple[dict[int, bool], _Rows]
"""A conjunction: which comparisons hold in it and which do not, by number, and its rows."""


def simplified(condition: Condition, scale: Scale, path: Path = ()) -> Condition | None:
    """Return a short condition that is equivalent to a given one on a path.

    None if it depends on more than `MAX_ATOMS` comparisons that the path leaves open.
    """
    atoms: list[Condition] = []
    if not _collect(condition, path, atoms, MAX_ATOMS, scale):
        return None
    scale.weigh(1 << len(atoms))
    columns = [_column(number, len(atoms)) for number in range(len(atoms))]
    whole = (1 << (1 << len(atoms))) - 1
    possible = _possible(atoms, columns, whole)
    wanted = possible & _rows(condition, path, atoms, columns, whole, scale)
    if wanted in (0, possible):
        return ALWAYS if wanted else NEVER
    terms = _cover(columns, whole, wanted, wanted | (whole & ~possible))
    return any_of([_conjunction(signs, atoms) for signs, _ in terms])


def tidied(condition: Condition, scale: Scale) -> Condition:
    """Return a condition without what the rest of it settles, in other words if those are fewer."""
    if not 1 < size(condition) <= MAX_TERMS:  # comparing many with each other takes long
        return condition
    path = extend((), condition, scale)
    return NEVER if path is None else _irredundant(shortened(condition_of(path), scale), scale)


def _irredundant(condition: Condition, scale: Scale) -> Condition:
    """Return a condition of which no part can be left out, as far as `MAX_COLUMNS` goes."""
    atoms: list[Condition] = []
    if _are_apart(condition) or not _collect(condition, (), atoms, MAX_COLUMNS, scale):
        return condition
    columns = [_column(number, len(atoms)) for number in range(len(atoms))]
    whole = (1 << (1 << len(atoms))) - 1
    possible = _possible(atoms, columns, whole)
    wanted = possible & _rows(condition, (), atoms, columns, whole, scale)
    if wanted in (0, possible):
        return ALWAYS if wanted else NEVER

    def is_same(other: Condition) -> bool:
        return possible & _rows(other, (), atoms, columns, whole, scale) == wanted

    while (shorter := next(filter(is_same, _with_less(condition)), None)) is not None:
        condition = shorter
    return condition


def _are_apart(condition: Condition) -> bool:
    """Return whether a condition's parts are single comparisons, each of another option."""
    if type(condition) is not AllOf and type(condition) is not AnyOf:
        return True
    parts = condition.conditions
    options = {part.option for part in parts if type(part) is Compare}
    return len(options) == len(parts)


def _with_less(condition: Condition) -> Iterator[Condition]:
    """Yield the condition without each of its parts."""
    if type(condition) is AllOf or type(condition) is AnyOf:
        together = all_of if type(condition) is AllOf else any_of
        parts = condition.conditions
        for at, part in enumerate(parts):
            yield together(parts[:at] + parts[at + 1 :])
            for less in _with_less(part):
                yield together((*parts[:at], less, *parts[at + 1 :]))
    elif type(condition) is Not:
        yield from map(negate, _with_less(condition.condition))


def shortened(condition: Condition, scale: Scale) -> Condition:
    """Return a condition in other words, if those are fewer."""
    length = size(condition)
    if length < _WORTH_IT:
        return condition
    found = simplified(condition, scale)
    return condition if found is None or size(found) >= length else found


def _collect(
    condition: Condition, path: Path, atoms: list[Condition], most: int, scale: Scale
) -> bool:
    """Collect the comparisons that a condition is made of; False if there are too many."""
    if type(condition) is AllOf or type(condition) is AnyOf:
        return all(_collect(part, path, atoms, most, scale) for part in condition.conditions)
    if type(condition) is Not:
        return _collect(condition.condition, path, atoms, most, scale)
    if type(condition) is Always or type(condition) is Never:
        return True
    known = condition in atoms or negate(condition) in atoms
    if not known and holds(path, condition, scale) is None:
        atoms.append(condition)
    return len(atoms) <= most


def _column(number: int, count: int) -> _Rows:
    """Return the rows in which the comparison of a number holds."""
    return sum(1 << row for row in range(1 << count) if row >> number & 1)


def _rows(
    condition: Condition,
    path: Path,
    atoms: Sequence[Condition],
    columns: Sequence[_Rows],
    whole: _Rows,
    scale: Scale,
) -> _Rows:
    """Return the rows in which a condition holds."""
    if type(condition) is AllOf or type(condition) is AnyOf:
        found = [_rows(part, path, atoms, columns, whole, scale) for part in condition.conditions]
        rows = found[0]
        for other in found[1:]:
            rows = rows & other if type(condition) is AllOf else rows | other
        return rows
    if type(condition) is Not:
        return whole & ~_rows(condition.condition, path, atoms, columns, whole, scale)
    if condition in atoms:
        return columns[atoms.index(condition)]
    opposite = negate(condition)
    if opposite in atoms:
        return whole & ~columns[atoms.index(opposite)]
    certain = type(condition) is Always or holds(path, condition, scale) is True
    return whole if certain else 0


def _possible(atoms: Sequence[Condition], columns: Sequence[_Rows], whole: _Rows) -> _Rows:
    """Return the rows that some answers make: one value settles all comparisons of an option."""
    options: dict[str, list[tuple[Compare, _Rows]]] = {}
    for atom, column in zip(atoms, columns, strict=True):
        if type(atom) is Compare:
            options.setdefault(atom.option, []).append((atom, column))
    found = whole
    for option, compared in options.items():
        apart = answers_apart([atom for atom, _ in compared]) if len(compared) > 1 else None
        if apart is not None:
            found &= _made_by(apart[option], compared, whole)
    return found


def _made_by(
    answers: Sequence[object], compared: Sequence[tuple[Compare, _Rows]], whole: _Rows
) -> _Rows:
    """Return the rows that one option's answers make."""
    found = 0
    for answer in answers:
        rows = whole
        for atom, column in compared:
            holds_there = evaluate(atom, {atom.option: answer})
            if holds_there is not None:
                rows &= column if holds_there else whole & ~column
        found |= rows
    return found


def _cover(columns: Sequence[_Rows], whole: _Rows, wanted: _Rows, allowed: _Rows) -> list[_Term]:
    """Return terms that together hold in all rows that are wanted, and in none but the allowed."""
    terms: list[_Term] = []
    left = wanted
    while left:
        row = left.bit_length() - 1
        signs = [bool(row >> number & 1) for number in range(len(columns))]
        literals = [
            column if sign else whole & ~column for sign, column in zip(signs, columns, strict=True)
        ]
        kept, rows = max(
            (_grown(literals, order, whole, allowed) for order in _orders(len(columns))),
            key=lambda grown: grown[1].bit_count(),
        )
        terms.append(({number: signs[number] for number in sorted(kept)}, rows))
        left &= ~rows
    return _needed(terms, wanted)


def _orders(count: int) -> list[list[int]]:
    """Return orders in which literals may be left out, each of them first and last in some."""
    forth = [[(start + step) % count for step in range(count)] for start in range(count)]
    return [*forth, *(order[::-1] for order in forth)]


def _grown(
    literals: Sequence[_Rows], order: Sequence[int], whole: _Rows, allowed: _Rows
) -> tuple[list[int], _Rows]:
    """Return the literals that a term needs, and its rows."""
    kept = list(order)
    for number in order:
        rows = whole
        for other in kept:
            if other != number:
                rows &= literals[other]
        if not rows & ~allowed:
            kept.remove(number)
    rows = whole
    for number in kept:
        rows &= literals[number]
    return kept, rows


def _needed(terms: list[_Term], wanted: _Rows) -> list[_Term]:
    """Return the terms whose rows are not all in others, short ones first."""
    kept = list(terms)
    for term in terms:
        others = 0
        for other in kept:
            if other is not term:
                others |= other[1]
        if not wanted & ~others:
            kept.remove(term)
    return sorted(kept, key=lambda term: (len(term[0]), list(term[0])))


def _conjunction(signs: dict[int, bool], atoms: Sequence[Condition]) -> Condition:
    return all_of(
        atoms[number] if sign else negate(atoms[number]) for number, sign in signs.items()
    )
