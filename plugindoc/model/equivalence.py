"""Whether two conditions mean the same: a decision procedure over finite sets of answers.

What a condition compares an option with divides that option's answers into finitely many classes.
One answer of each class is tried, in all combinations: a truth table. A condition that static
reading does not understand is either true or false, wherever the same source text is.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, Literal, TypeAlias

from plugindoc.model.conditions import (
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Not,
    Opaque,
    Parts,
    evaluate,
    leaves,
)

__all__ = ["Domains", "Relation", "answers_apart", "equivalent", "implies", "relation"]

Relation: TypeAlias = Literal["same", "wider", "narrower", "different", "unknown"]
"""How a new condition relates to an old one; ``wider`` if it holds in more cases."""

Domains: TypeAlias = Mapping[str, Sequence[object]]
"""The only answers that some options can have, by the option's name."""

_MOST_ROWS: Final = 20_000
_MOST_SUBSETS: Final = 64
_OTHER: Final = "\0other"
"""An answer that no condition names: it can be no line of an answer file."""
_BEGINNING: Final = frozenset({"begins with", "begins otherwise"})
_ORDERED: Final = frozenset({"<", "<=", ">", ">="})
_UNLISTED: Final = "\0opaque:"


def relation(old: Condition, new: Condition, domains: Domains | None = None) -> Relation:
    """Return how the new condition relates to the old one.

    Options in `domains` take the answers given there, all others any answer. ``unknown`` is
    returned if the table would have more than 20,000 rows, if a comparison cannot be made (a text
    with a number), or if a difference depends on a condition that is not understood.
    """
    if old == new:
        return "same"
    atoms = [*leaves(old), *leaves(new)]
    opaque = [*dict.fromkeys(_UNLISTED + atom.source for atom in atoms if type(atom) is Opaque)]
    answers = answers_apart([atom for atom in atoms if type(atom) is Compare], domains or {})
    if answers is None or math.prod(map(len, answers.values())) << len(opaque) > _MOST_ROWS:
        return "unknown"
    before, after = _listed(old), _listed(new)
    certain: set[str] = set()
    possible: set[str] = set()
    for row in itertools.product(*answers.values()):
        given = dict(zip(answers, row, strict=True))
        found = {_outcome(before, after, {**given, **more}) for more in _truths(opaque)}
        possible |= found
        if len(found) == 1:
            certain |= found
    possible.discard("same")
    certain.discard("same")
    if not possible:
        return "same"
    if {"lost", "gained"} <= certain:
        return "different"
    if "unknown" in possible or certain != possible:
        return "unknown"
    return "narrower" if "lost" in certain else "wider"


def equivalent(one: Condition, two: Condition, domains: Domains | None = None) -> bool | None:
    """Return whether two conditions hold for the same answers; None if that is not known."""
    found = relation(one, two, domains)
    return None if found == "unknown" else found == "same"


def implies(one: Condition, two: Condition, domains: Domains | None = None) -> bool | None:
    """Return whether the second condition holds wherever the first does; None if not known."""
    found = relation(one, two, domains)
    return None if found == "unknown" else found in {"same", "wider"}


def _outcome(old: Condition, new: Condition, answers: Mapping[str, object]) -> str:
    was, now = evaluate(old, answers), evaluate(new, answers)
    if was == now:
        return "same"
    if was is None or now is None:
        return "unknown"
    return "lost" if was else "gained"


def _truths(names: Sequence[str]) -> Iterator[dict[str, object]]:
    for row in itertools.product((True, False), repeat=len(names)):
        yield dict(zip(names, row, strict=True))


def _listed(condition: Condition) -> Condition:
    """Return the condition with what is not understood as an answer of its own."""
    match condition:
        case Opaque(source=source):
            return Compare(_UNLISTED + source, "==", value=True)
        case Not(condition=inner):
            return Not(_listed(inner))
        case AllOf(conditions=parts):
            return AllOf(tuple(map(_listed, parts)))
        case AnyOf(conditions=parts):
            return AnyOf(tuple(map(_listed, parts)))
        case _:
            return condition


def answers_apart(
    atoms: Sequence[Compare], domains: Domains | None = None
) -> dict[str, list[object]] | None:
    """Return one answer of each class that the comparisons tell apart, by option.

    None if there are too many classes, or values of different types.
    """
    domains = domains or {}
    by_option: dict[str, list[Compare]] = defaultdict(list)
    for atom in atoms:
        by_option[atom.option].append(atom)
    found: dict[str, list[object]] = {}
    for option, compared in by_option.items():
        classes = domains.get(option) or _classes(compared)
        if classes is None:
            return None
        found[option] = _distinct(classes, compared)
    return found


def _classes(atoms: Sequence[Compare]) -> list[object] | None:
    if 0 < sum(atom.operator in _BEGINNING for atom in atoms) < len(atoms):
        return None  # a list that begins with a value may be like others in any other way
    found: list[object] = []
    contained: list[object] = []
    members: list[object] = []
    lists = {atom.parts for atom in atoms if atom.parts is not None}
    ordered: list[object] = []
    for atom in atoms:
        value = atom.value
        if atom.operator in {"in", "not in"} and isinstance(value, str):
            parts = {value[i:j] for i in range(len(value)) for j in range(i + 1, len(value) + 1)}
            if len(parts) > _MOST_SUBSETS:
                return None
            found += sorted(parts)
        elif atom.operator in {"in", "not in"} and isinstance(value, list | tuple):
            found += value
        elif atom.operator in {"has member", "has no member"}:
            members.append(value)
        elif atom.operator in {"contains", "not contains"}:
            contained.append(value)
        elif atom.operator in _ORDERED:
            ordered.append(value)
        elif atom.operator != "truthy":
            found.append(value)
    longest = max((len(value) for value in found if isinstance(value, str)), default=0)
    blank = " " * (longest + 1)  # so that what is made of it is none of the values
    subsets = _listing(contained, members, lists, blank) if lists else _containing(contained)
    points = _around(ordered)
    if subsets is None or points is None or (points and (contained or lists)):
        return None
    if points and all(isinstance(value, int | float) for value in (*found, *points)):
        return [*found, *points]  # numbers only: a text would compare with none of them
    return [*found, *subsets, *points, *_special(found), "", _OTHER]


def _special(found: Sequence[object]) -> list[object]:
    """Return both truth values if either is compared with: processors can return them."""
    return [True, False] if any(isinstance(value, bool) for value in found) else []


def _containing(values: Sequence[object]) -> list[object] | None:
    """Return an answer for each set of values that one can contain."""
    texts = [*dict.fromkeys(value for value in values if isinstance(value, str))]
    if len(texts) != len({*map(repr, values)}) or 1 << len(texts) > _MOST_SUBSETS:
        return None
    return ["\0".join(("", *chosen)) for chosen in _chosen([("", text) for text in texts])]


def _listing(
    contained: Sequence[object], members: Sequence[object], lists: Iterable[Parts], blank: str
) -> list[object] | None:
    """Return an answer for each way to have texts in it, and in the list that is made of it."""
    separators = {parts.separator for parts in lists}
    if len(separators) > 1:
        return None
    joiner = separators.pop() or " "
    trims = {parts.trimmed or joiner == " " for parts in lists}
    states: list[tuple[str, ...]] = []
    for value in {**dict.fromkeys(contained), **dict.fromkeys(members)}:
        if not isinstance(value, str) or value.split() != [value] or joiner in value:
            return None  # such a text may be in an answer in other ways
        inside = (f"\0{value}\0",) if value in contained else ()
        padded = (f"{blank}{value}{blank}",) if len(trims) > 1 else ()
        states.append(("", *inside, *((value, *padded) if value in members else ())))
    if members:
        states.append(("", _OTHER))  # a list of one member is that text, a longer one is not
    pads = ("", blank) if True in trims else ("",)
    if math.prod(map(len, states)) * len(pads) > _MOST_SUBSETS:
        return None
    rows = [joiner.join(row) for row in _chosen(states)]
    return [
        *(pad + row + pad for pad in pads for row in rows),
        joiner * len(blank),
        blank + joiner,
        blank,
    ]


def _chosen(states: Sequence[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Yield each way to take one of every text's states; what is left out of all is no answer."""
    for row in itertools.product(*states):
        if any(row):
            yield tuple(filter(None, row))


def _around(values: Sequence[Any]) -> list[object] | None:
    """Return the values that an order is asked of, with one below, above and between each."""
    if all(isinstance(value, str) for value in values):
        return [each for value in values for each in (value, f"{value}\0")]
    if not all(isinstance(value, int | float) for value in values):
        return None
    points = sorted(set(values))
    between = [(low + high) / 2 for low, high in itertools.pairwise(points)]
    return [points[0] - 1, *points, *between, points[-1] + 1]


def _distinct(answers: Sequence[object], atoms: Sequence[Compare]) -> list[object]:
    """Return the first answer of each class: those that no comparison tells apart are one."""
    found: dict[tuple[bool | None, ...], object] = {}
    for answer in answers:
        given = {atoms[0].option: answer}
        found.setdefault(tuple(evaluate(atom, given) for atom in atoms), answer)
    return [*found.values()]
