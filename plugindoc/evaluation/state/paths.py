"""Paths: under which conditions a line of a plugin runs.

A path is a tuple of conditions that all hold. Paths are kept small: what another condition already
settles is left out, and what contradicts another makes the path impossible.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final, TypeAlias

from plugindoc.evaluation.limits import MAX_PATH_PARTS, Exhausted, limit_reached
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
    Opaque,
    all_of,
    any_of,
    contradicts,
    evaluate,
    negate,
    options_of,
)

__all__ = [
    "MAX_JOINED",
    "MAX_MET",
    "MAX_OUTLINED",
    "MAX_SKETCHED",
    "MAX_TERMS",
    "MORE",
    "Path",
    "Scale",
    "both",
    "bounded",
    "comparisons",
    "condition_of",
    "disjoin",
    "extend",
    "has_opaque",
    "holds",
    "in_common",
    "is_shown",
    "join",
    "many_combinations",
    "outline",
    "relative",
    "size",
    "sketch",
]

Path: TypeAlias = tuple[Condition, ...]

MAX_OUTLINED: Final = 6
"""How many comparisons an outlined path keeps where branches meet."""

MAX_SKETCHED: Final = 32
"""How many conditions the path of an outline has; it only shows that there are more."""

LONGEST_TEST: Final = 80
"""Characters of a test that an outline shows as written."""

_LOOPS: Final = ("for ", "while ")
MORE: Final = Opaque("more tests")
"""Represents the conditions after the last one that a path is shown with."""

MAX_JOINED: Final = 120
"""How many comparisons the paths may be made of that meet, before they are kept apart no more."""

MAX_MET: Final = 1_000
"""How many parts the paths may have that meet, before all is unknown in which they differ."""

MAX_TERMS: Final = 32
"""How many comparisons a condition may be made of before it is kept as it is written."""


_UNSETTLED: Final = frozenset({AllOf, Always, Never})
"""Kinds of conditions that are not kept in a path, but may occur where paths met."""


class Scale:
    """Weighs conditions against paths; `left` is how many parts it still may, None for any."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left: int | None = None

    def weigh(self, parts: int) -> None:
        """Count parts of paths as weighed; raises Exhausted beyond the limit."""
        if self.left is not None:
            self.left -= parts
            if self.left < 0:
                raise Exhausted(limit_reached(MAX_PATH_PARTS, "parts of paths to weigh"))


def size(condition: Condition) -> int:
    """Return how many comparisons a condition is made of."""
    if type(condition) is AllOf or type(condition) is AnyOf:
        return sum(map(size, condition.conditions))
    return size(condition.condition) if type(condition) is Not else 1


def extend(path: Path, condition: Condition, scale: Scale) -> Path | None:
    """Return the path where the condition holds too; None if that cannot be."""
    if type(condition) is Always:
        return path
    if type(condition) is Never:
        return None
    if type(condition) is AllOf:
        for part in condition.conditions:
            longer = extend(path, part, scale)
            if longer is None:
                return None
            path = longer
        return path
    if not path and type(condition) is not AnyOf:
        return (condition,)
    settled = holds(path, condition, scale)
    if settled is not None:
        return path if settled else None
    if type(condition) is Compare and condition.operator == "==":
        answers = {condition.option: condition.value}
        kept = tuple([part for part in path if evaluate(part, answers) is not True])
        return (*kept, condition)
    if type(condition) is AnyOf:
        return _extend_by_any(path, condition, scale)
    return (*path, condition)


def sketch(path: Path, condition: Condition, scale: Scale) -> Path | None:
    """Return the path of an outline where the condition holds too; None if that cannot be."""
    if not is_shown(condition):
        return path
    if len(path) < MAX_SKETCHED:
        return extend(path, condition, scale)
    return path if MORE in path else (*path, MORE)


def _extend_by_any(path: Path, condition: AnyOf, scale: Scale) -> Path | None:
    possible = [part for part in condition.conditions if extend(path, part, scale) is not None]
    if not possible:
        return None
    if len(possible) == 1:
        return extend(path, possible[0], scale)
    return (*path, any_of(possible))


def holds(path: Path, condition: Condition, scale: Scale) -> bool | None:
    """Return whether a condition holds wherever the path does; None if the path leaves it open."""
    scale.weigh(len(path))
    if type(condition) is Compare:
        option = condition.option
        path = tuple([p for p in path if type(p) is not Compare or p.option == option])
    return _holds(path, condition, scale) if path else None


def _holds(path: Path, condition: Condition, scale: Scale) -> bool | None:
    if condition in path:
        return True
    if contradicts(condition, path):
        return False
    answers = {
        part.option: part.value for part in path if type(part) is Compare and part.operator == "=="
    }
    if answers:
        found = evaluate(condition, answers)
        if found is not None:
            return found
    if _is_ruled_out(path, condition):
        return False
    found = _holds_for_choices(path, condition)
    if found is None and type(condition) is AnyOf:
        for alternative in condition.conditions:
            if holds(path, alternative, scale):
                return True
    return found


def _is_ruled_out(path: Path, condition: Condition) -> bool:
    """Return whether an option's value contradicts the rest of the path."""
    if type(condition) is not Compare or condition.operator != "==":
        return False
    against = {condition.option: condition.value}
    return False in [evaluate(part, against) for part in path]


def _holds_for_choices(path: Path, condition: Condition) -> bool | None:
    """Return whether a condition holds for all values of an option that has one of several."""
    for part in path:
        if type(part) is Compare and part.operator == "in":
            found = _holds_for_each(path, part, condition)
            if found is not None:
                return found
    return None


def _holds_for_each(path: Path, choice: Compare, condition: Condition) -> bool | None:
    if choice.option not in options_of(condition) or not isinstance(choice.value, list):
        return None
    possible = [{choice.option: value} for value in choice.value]
    possible = [one for one in possible if not any(evaluate(part, one) is False for part in path)]
    found = {evaluate(condition, one) for one in possible}
    return found.pop() if len(found) == 1 else None


def both(one: Condition, other: Condition, scale: Scale) -> Condition:
    """Return when two conditions hold, `NEVER` if they exclude each other."""
    path = extend((), one, scale)
    longer = None if path is None else extend(path, other, scale)
    return NEVER if longer is None else all_of(longer)


def condition_of(path: Path) -> Condition:
    """Return a path as one condition; its parts neither repeat nor contradict one another."""
    if len(path) > 1 and _UNSETTLED.isdisjoint(map(type, path)):
        return AllOf(path)
    return all_of(path)


def relative(path: Path, base: Path) -> Path:
    """Return what a path adds to the one that it starts from."""
    start = _shared((path, base))
    if start == len(base):  # nearly always, and looking up all parts takes long if there are many
        return path[start:]
    return tuple([part for part in path[start:] if part not in base])


def _shared(paths: Sequence[Path]) -> int:
    """Return how many parts paths have in common from the start, being the very same."""
    first = paths[0]
    for index, parts in enumerate(zip(*paths, strict=False)):
        for part in parts:
            if part is not first[index]:
                return index
    return min(map(len, paths))


def in_common(paths: Sequence[Path]) -> Path:
    """Return what holds on all of the paths."""
    first, *others = paths
    start = _shared(paths)
    rest = [part for part in first[start:] if all(part in path for path in others)]
    return (*first[:start], *rest)


def join(paths: Sequence[Path]) -> Path:
    """Return the path that holds if any of the paths does."""
    if len(paths) == 1:
        return paths[0]
    common = in_common(paths)
    rests = [relative(path, common) for path in paths]
    if sum(size(part) for rest in rests for part in rest) > MAX_JOINED:
        return (*common, many_combinations(*(part for rest in rests for part in rest)))
    found = disjoin(all_of(rest) for rest in rests)
    if type(found) is Always:
        return common
    return (*common, found)


def bounded(condition: Condition) -> Condition:
    """Return a condition, or a substitute if it has too many comparisons."""
    return many_combinations(condition) if size(condition) > MAX_JOINED else condition


def many_combinations(*conditions: Condition) -> Condition:
    """Return a substitute for conditions that have too many comparisons."""
    names = dict.fromkeys(name for part in conditions for name in options_of(part))
    return Opaque("one of many combinations of answers", tuple(names))


def outline(paths: Sequence[Path]) -> Path:
    """Return what certainly holds if any of the paths does, kept short.

    What holds only on one of the paths is kept if it is a few comparisons of options; else it is
    left out, so that following long code with many tests stays cheap.
    """
    if len(paths) == 1:
        return paths[0]
    common = in_common(paths)
    rests = [relative(path, common) for path in paths]
    if sum(comparisons(part) for rest in rests for part in rest) > MAX_OUTLINED:
        return common
    found = disjoin(all_of(rest) for rest in rests)
    return common if type(found) is Always else (*common, found)


def is_shown(condition: Condition) -> bool:
    """Return whether an outline shows a condition: a few comparisons of options, or one short test.

    A loop is left out, as is the fact that an earlier test has not ended the function.
    """
    if type(condition) is Compare:
        return True
    if type(condition) is Opaque:
        return len(condition.source) <= LONGEST_TEST and not condition.source.startswith(_LOOPS)
    return comparisons(condition) <= MAX_OUTLINED


def comparisons(condition: Condition) -> int:
    """Return the number of comparisons of options in a condition; many if it has other parts."""
    if type(condition) is Compare:
        return 1
    if type(condition) is Not:
        return comparisons(condition.condition)
    if type(condition) is AllOf or type(condition) is AnyOf:
        return sum(map(comparisons, condition.conditions))
    return MAX_OUTLINED + 1


def disjoin(conditions: Iterable[Condition]) -> Condition:
    """Return the disjunction, made smaller if one term settles part of another."""
    given = list(conditions)
    if len(given) == 1 and type(given[0]) is not AnyOf:
        return given[0]
    terms: list[tuple[Condition, ...]] = []
    for condition in given:
        for part in condition.conditions if type(condition) is AnyOf else (condition,):
            if type(part) is Always:
                return ALWAYS
            if type(part) is not Never:
                terms.append(part.conditions if type(part) is AllOf else (part,))
    if len(terms) <= MAX_TERMS:
        terms = _shrink(terms)
    if not all(terms):
        return ALWAYS
    return any_of([all_of(term) for term in terms]) if terms else NEVER


def _shrink(terms: list[tuple[Condition, ...]]) -> list[tuple[Condition, ...]]:
    """Drop ``a`` from ``not a or (a and b)``, and ``(a and b)`` from ``a or (a and b)``."""
    changed = True
    while changed:
        changed = False
        for index, term in enumerate(terms):
            for other in terms:
                if other is term or len(other) > len(term):
                    continue
                if all(part in term for part in other):
                    del terms[index]
                    changed = True
                    break
                shared = [part for part in other if part not in term]
                if len(shared) == 1 and (opposite := negate(shared[0])) in term:
                    terms[index] = tuple(part for part in term if part != opposite)
                    changed = True
                    break
            if changed:
                break
    return terms


def has_opaque(condition: Condition) -> bool:
    """Return whether any part of a condition is kept as written, so that it may hold repeatedly."""
    if isinstance(condition, AllOf | AnyOf):
        return any(map(has_opaque, condition.conditions))
    return isinstance(condition.condition if isinstance(condition, Not) else condition, Opaque)
