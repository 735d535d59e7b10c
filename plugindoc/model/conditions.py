"""When something applies: conditions over options, as data.

Conditions are kept normalised by their constructors `all_of`, `any_of` and `negate`: flattened,
without doubles, in source order, with constants folded. They can be listed (`options_of`),
evaluated against answers with a three-valued result (`evaluate`), and put in words (`describe`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from operator import contains, eq, ge, gt, le, lt, ne
from typing import Any, Final, Literal, TypeAlias

import msgspec

__all__ = [
    "ALWAYS",
    "NEVER",
    "AllOf",
    "Always",
    "AnyOf",
    "Compare",
    "Condition",
    "Never",
    "Not",
    "Opaque",
    "Operator",
    "Parts",
    "all_of",
    "any_of",
    "compared",
    "contradicts",
    "describe",
    "evaluate",
    "leaves",
    "negate",
    "options_of",
    "phrases",
]

Operator: TypeAlias = Literal[
    "==",
    "!=",
    "in",
    "not in",
    "contains",
    "not contains",
    "has member",
    "has no member",
    "begins with",
    "begins otherwise",
    "truthy",
    "<",
    "<=",
    ">",
    ">=",
]

_OPPOSITE: Final[dict[Operator, Operator]] = {
    "==": "!=",
    "!=": "==",
    "in": "not in",
    "not in": "in",
    "contains": "not contains",
    "not contains": "contains",
    "has member": "has no member",
    "has no member": "has member",
    "begins with": "begins otherwise",
    "begins otherwise": "begins with",
    "<": ">=",
    ">=": "<",
    ">": "<=",
    "<=": ">",
}


class _Condition(msgspec.Struct, frozen=True, gc=False, tag_field="kind", omit_defaults=True):
    """What all conditions share: the tag ``kind`` in JSON. Frozen data makes no circles."""


class Always(_Condition, frozen=True, tag="always"):
    """Holds whatever is answered."""


class Never(_Condition, frozen=True, tag="never"):
    """Cannot hold."""


class Parts(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """How a list is made of an answer: split at `separator`, or at white space where that is empty.

    Pieces that are empty are left out where `filled` is ``raw``, those of white space alone where
    it is ``trimmed``; the others lose the white space around them where they are `trimmed`.
    """

    separator: str = ""
    trimmed: bool = False
    filled: Literal["", "raw", "trimmed"] = ""

    def of(self, answer: object) -> list[object]:
        """Return the members of the list; an answer that is a list already has its own.

        Raises TypeError if the answer is neither a list nor a text.
        """
        if isinstance(answer, list | tuple):
            return list(answer)
        if not isinstance(answer, str):
            raise TypeError
        found = answer.split(self.separator or None)
        if self.filled:
            found = [one for one in found if (one if self.filled == "raw" else one.strip())]
        return [one.strip() for one in found] if self.trimmed else [*found]


class Compare(_Condition, frozen=True, tag="compare"):
    """A comparison of one option's answer with a value.

    ``in``: the answer is one of `value` (a list, or a text that contains it); ``contains``: the
    answer contains `value`; ``has member``: the list that `parts` makes of the answer has it;
    ``begins with``: it is the first member of the answer, or the answer if that is no list;
    ``truthy``: the answer, or that list, is not empty (`value` is None then).
    """

    option: str
    operator: Operator
    value: Any = None
    parts: Parts | None = None


class Opaque(_Condition, frozen=True, tag="opaque"):
    """A condition that static reading does not understand, as written.

    `options` are the options that its source names.
    """

    source: str
    options: tuple[str, ...] = ()


class Not(_Condition, frozen=True, tag="not"):
    """The opposite of a condition."""

    condition: Condition


class AllOf(_Condition, frozen=True, tag="all"):
    """Holds if each of two or more conditions holds."""

    conditions: tuple[Condition, ...]


class AnyOf(_Condition, frozen=True, tag="any"):
    """Holds if one of two or more conditions holds."""

    conditions: tuple[Condition, ...]


Condition: TypeAlias = Always | Never | Compare | Opaque | Not | AllOf | AnyOf

ALWAYS: Final = Always()
NEVER: Final = Never()

_OPPOSITE_KINDS: Final[dict[type, type]] = {
    AllOf: AnyOf,
    AnyOf: AllOf,
    Opaque: Not,
    Always: Never,
    Never: Always,
}
"""The kind of a condition's opposite, but for those of comparisons."""

# What follows is asked for each line of a plugin, many times. It looks at types itself, since
# `isinstance` and `match` take several times as long to tell msgspec's structs apart.


def all_of(conditions: Iterable[Condition]) -> Condition:
    """Return the normalised conjunction; `ALWAYS` of none."""
    parts: list[Condition] = []
    for condition in conditions:
        if type(condition) is AllOf and not parts:  # which is normalised already
            parts.extend(condition.conditions)
            continue
        for part in condition.conditions if type(condition) is AllOf else (condition,):
            if type(part) is Always or part in parts:
                continue
            if type(part) is Never or contradicts(part, parts):
                return NEVER
            parts.append(part)
    if not parts:
        return ALWAYS
    return parts[0] if len(parts) == 1 else AllOf(tuple(parts))


def any_of(conditions: Iterable[Condition]) -> Condition:
    """Return the normalised disjunction; `NEVER` of none."""
    parts: list[Condition] = []
    for condition in conditions:
        if type(condition) is AnyOf and not parts:  # which is normalised already
            parts.extend(condition.conditions)
            continue
        for part in condition.conditions if type(condition) is AnyOf else (condition,):
            if type(part) is Never or part in parts:
                continue
            if type(part) is Always or contradicts(part, parts):
                return ALWAYS
            parts.append(part)
    if not parts:
        return NEVER
    return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))


def contradicts(part: Condition, parts: Sequence[Condition]) -> bool:
    """Return whether a condition's opposite is among others; it is negated only if it may be."""
    if type(part) is Not:
        return part.condition in parts
    if type(part) is Compare:
        option = part.option
        for other in parts:
            if type(other) is Not or (type(other) is Compare and other.option == option):
                return negate(part) in parts
        return False
    opposite = _OPPOSITE_KINDS.get(type(part))
    return opposite in [type(other) for other in parts] and negate(part) in parts


def negate(condition: Condition) -> Condition:
    """Return the normalised opposite."""
    if type(condition) is Compare:
        opposite = _OPPOSITE.get(condition.operator)
        if opposite is None:
            return Not(condition)
        return Compare(condition.option, opposite, condition.value, condition.parts)
    if type(condition) is Not:
        return condition.condition
    if type(condition) is AllOf:
        return any_of([negate(part) for part in condition.conditions])
    if type(condition) is AnyOf:
        return all_of([negate(part) for part in condition.conditions])
    if type(condition) is Always:
        return NEVER
    return ALWAYS if type(condition) is Never else Not(condition)


def options_of(condition: Condition) -> tuple[str, ...]:
    """Return the names of the options in it, each once, in source order."""
    return tuple(dict.fromkeys(_names(condition)))


def _names(condition: Condition) -> Iterator[str]:
    match condition:
        case Compare(option=option):
            yield option
        case Opaque(options=options):
            yield from options
        case Not(condition=inner):
            yield from _names(inner)
        case AllOf(conditions=parts) | AnyOf(conditions=parts):
            for part in parts:
                yield from _names(part)
        case _:
            return


def leaves(condition: Condition) -> Iterator[Condition]:
    """Yield the comparisons and other parts that a condition is made of, in source order."""
    if isinstance(condition, AllOf | AnyOf):
        for part in condition.conditions:
            yield from leaves(part)
    elif isinstance(condition, Not):
        yield from leaves(condition.condition)
    else:
        yield condition


def evaluate(condition: Condition, answers: Mapping[str, object]) -> bool | None:
    """Return whether the condition holds for the answers; None if they do not settle it."""
    if type(condition) is Compare:
        if condition.option not in answers:
            return None
        try:
            answer = answers[condition.option]
            if condition.parts is not None:
                answer = condition.parts.of(answer)
            return _COMPARISONS[condition.operator](answer, condition.value)
        except TypeError:  # values that cannot be compared settle nothing
            return None
    if type(condition) is AllOf or type(condition) is AnyOf:
        decisive = type(condition) is AnyOf
        unknown = False
        for part in condition.conditions:
            found = evaluate(part, answers)
            if found is decisive:
                return decisive
            unknown = unknown or found is None
        return None if unknown else not decisive
    if type(condition) is Not:
        found = evaluate(condition.condition, answers)
        return None if found is None else not found
    if type(condition) is Always:
        return True
    return False if type(condition) is Never else None


def _first(answer: object) -> list[object]:
    return list(answer[:1]) if isinstance(answer, list | tuple) else [answer]


_COMPARISONS: Final[dict[Operator, Callable[[Any, Any], bool]]] = {
    "truthy": lambda answer, _: bool(answer),
    "==": eq,
    "!=": ne,
    "in": lambda answer, value: answer in value,
    "not in": lambda answer, value: answer not in value,
    "contains": contains,
    "not contains": lambda answer, value: value not in answer,
    "has member": contains,
    "has no member": lambda answer, value: value not in answer,
    "begins with": lambda answer, value: _first(answer) == [value],
    "begins otherwise": lambda answer, value: _first(answer) != [value],
    "<": lt,
    "<=": le,
    ">": gt,
    ">=": ge,
}


_IN_WORDS: Final[dict[Operator, str]] = {
    "==": "is",
    "!=": "is not",
    "in": "is one of",
    "not in": "is none of",
    "contains": "contains",
    "not contains": "does not contain",
    "has member": "includes",
    "has no member": "does not include",
    "begins with": "begins with",
    "begins otherwise": "does not begin with",
    "<": "is less than",
    "<=": "is at most",
    ">": "is more than",
    ">=": "is at least",
}


def describe(condition: Condition) -> str:
    """Return the condition in words: *CONFIG_NOVA_INSTALL is y and …*."""
    return "".join(one if isinstance(one, str) else _words(one) for one in phrases(condition))


def phrases(
    condition: Condition, *, nested: bool = False
) -> Iterator[str | Compare | Not | Opaque]:
    """Yield a condition in words, and each comparison and piece of source in it as it is.

    A `Not` that is yielded is always that of a comparison that asks whether something is set.
    """
    match condition:
        case Always():
            yield "always"
        case Never():
            yield "never"
        case Compare() | Opaque() | Not(condition=Compare(operator="truthy")):
            yield condition
        case Not(condition=opposite):
            yield "not ("
            yield from phrases(opposite)
            yield ")"
        case AllOf(conditions=inner) | AnyOf(conditions=inner):
            joiner = " and " if isinstance(condition, AllOf) else " or "
            for number, part in enumerate(inner):
                yield joiner if number else "(" if nested else ""
                yield from phrases(part, nested=True)
            yield ")" if nested else ""


def _words(condition: Compare | Not | Opaque) -> str:
    if isinstance(condition, Opaque):
        return condition.source
    name, verb, values = compared(condition)
    return f"{name}{verb}{', '.join(map(_value_words, values))}"


def compared(condition: Compare | Not) -> tuple[str, str, Sequence[object]]:
    """Return the option of a comparison, what is said of it, and the values that follow."""
    match condition:
        case Compare(option=option, operator="truthy", parts=parts):
            return option, " is set" if parts is None else " has members", ()
        case Not(condition=Compare(option=option, operator="truthy", parts=parts)):
            return option, " is not set" if parts is None else " has no members", ()
        case Compare(option=option, operator=operator, value=value):
            values = value if isinstance(value, list | tuple) else (value,)
            return option, f" {_IN_WORDS[operator]} ", values
    raise TypeError(condition)


def _value_words(value: object) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(_value_words(member) for member in value)
    if value == "":
        return "empty"
    return value if isinstance(value, str) else repr(value)
