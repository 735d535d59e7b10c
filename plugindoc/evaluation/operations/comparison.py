"""Judgements: is a value true, equal to another, in another? The answer is a condition."""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any, Final

from plugindoc.evaluation.limits import MEMBERS_A_STEP, Unfit, limit_reached
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.native import Native
from plugindoc.evaluation.operations.classes import has_known_truth, row_of, special
from plugindoc.evaluation.operations.constants import Version
from plugindoc.evaluation.operations.conversion import (
    plain,
    plain_or_none,
    presence,
    remaining,
)
from plugindoc.evaluation.operations.ordering import order
from plugindoc.evaluation.state.paths import MAX_TERMS, both, disjoin, size
from plugindoc.evaluation.state.simplify import simplified
from plugindoc.evaluation.state.values import (
    ABSENT,
    UNSUPPORTED,
    Answer,
    Bound,
    Choice,
    ClassValue,
    External,
    Function,
    Joined,
    ModuleValue,
    Object,
    Pieces,
    Truth,
    Unknown,
    Value,
    guarded,
    has_plain_identity,
    is_constant,
    is_key,
)
from plugindoc.model.conditions import (
    ALWAYS,
    NEVER,
    Always,
    Compare,
    Condition,
    Never,
    Opaque,
    all_of,
    negate,
    options_of,
)
from plugindoc.reading.syntax import Node

__all__ = [
    "as_value",
    "compare",
    "compare_values",
    "contains",
    "equal",
    "for_each",
    "truth",
]

_JSON: Final = (str, int, float, bool, type(None))
_CONTAINERS: Final = frozenset({"dict", "list", "set"})
_FLIPPED: Final = {"<": ">", "<=": ">=", ">": "<", ">=": "<="}
_ORDERED: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def as_value(condition: Condition) -> Value:
    """Return a condition as the value of a test."""
    if isinstance(condition, Always):
        return True
    if isinstance(condition, Never):
        return False
    return Truth(condition)


def for_each(machine: Machine, value: Choice, decide: Callable[[Value], Condition]) -> Condition:
    """Return when a condition holds that is decided for each alternative of a value."""
    return disjoin([both(guard, decide(one), machine.scale) for guard, one in value.branches])


def truth(machine: Machine, value: Value, node: Node) -> Condition:
    """Return when a value counts as true; `node` is the code to show if that is unknown."""
    found = _truth(machine, value, node)
    if size(found) <= MAX_TERMS:
        return found
    short = simplified(found, machine.scale, machine.path)
    if short is not None and size(short) <= MAX_TERMS:
        return short
    machine.report_limit(node, limit_reached(MAX_TERMS, "comparisons in a condition"))
    return Opaque(machine.text(node), options_of(found))


def _truth(machine: Machine, value: Value, node: Node) -> Condition:
    if type(value) is Truth:
        return value.condition
    if is_constant(value):
        return ALWAYS if value else NEVER
    if type(value) is Answer:
        return Compare(value.option, "truthy")
    if type(value) is Pieces:
        return _truth_of_pieces(value)
    if type(value) is Object:
        return _truth_of_object(machine, value, node)
    if type(value) is Choice:
        return for_each(machine, value, lambda one: truth(machine, one, node))
    if type(value) is Joined:
        if any(isinstance(part, str) and part for part in value.parts):
            return ALWAYS
        return disjoin([truth(machine, part, node) for part in value.parts])
    if isinstance(value, Native):
        return value.truth(machine)
    if isinstance(value, Function | ClassValue | ModuleValue | Bound):
        return ALWAYS
    return _as_written(machine, value, node)


def _as_written(machine: Machine, value: Value, node: Node) -> Condition:
    if type(value) is Unknown and value.source and not value.reason.startswith("limit"):
        return Opaque(value.source, value.options)
    return machine.opaque(node, value)


def _truth_of_instance(machine: Machine, found: Object, node: Node) -> Condition:
    for name in ("__bool__", "__nonzero__", "__len__"):
        given = special(machine, found, name, [], node)
        if given is not ABSENT:
            return truth(machine, given, node)
    kind = found.owner
    if isinstance(kind, ClassValue) and not has_known_truth(machine, found):
        return machine.opaque(node, found)
    return ALWAYS


def _truth_of_pieces(pieces: Pieces) -> Condition:
    if pieces.parts.separator and not pieces.parts.filled:
        return ALWAYS  # even an empty text has one piece
    return Compare(pieces.option, "truthy", None, pieces.parts)


def _truth_of_object(machine: Machine, found: Object, node: Node) -> Condition:
    if found.kind == "instance":
        return _truth_of_instance(machine, found, node)
    if found.kind == "iterator":
        return ALWAYS
    content = machine.heap.read(found)
    values = content if isinstance(content, list) else content.values()
    return disjoin([presence(value) for value in values])


def equal(machine: Machine, one: Value, other: Value, node: Node) -> Condition:
    """Return when two values are equal."""
    if is_constant(one) and is_constant(other):
        return ALWAYS if one == other else NEVER
    if type(one) is Choice:
        return for_each(machine, one, lambda mine: equal(machine, mine, other, node))
    if type(other) is Choice:
        return for_each(machine, other, lambda its: equal(machine, its, one, node))
    for value, against in ((one, other), (other, one)):
        if type(value) is tuple and type(against) is tuple:
            return _equal_tuples(machine, value, against, node)
        if type(value) is Object and value.kind == "instance":
            found = _equal_instance(machine, value, against, node)
        else:
            found = _equal(machine, value, against)
        if found is not None:
            return found
    if one is other and not isinstance(one, Unknown):
        return ALWAYS
    return machine.opaque(node, one, other)


def _equal(machine: Machine, value: Value, against: Value) -> Condition | None:
    if type(value) is Truth:
        return _equal_truth(value, against)
    if type(value) is Answer:
        if isinstance(against, Answer):
            return ALWAYS if against.option == value.option else None
        data = plain_or_none(machine, against)
        if data is not None or against is None:
            return Compare(value.option, "==", data)
        return None
    if type(value) is Object:
        return _equal_object(machine, value, against)
    if type(value) is tuple and (is_constant(against) or isinstance(against, Object)):
        return None if type(against) is tuple else NEVER
    if type(value) is External and value.name.startswith("builtins."):
        return _equal_builtin(value, against)
    if type(value) is Joined and isinstance(against, str):
        return _equal_joined(value, against)
    if isinstance(value, Function | ClassValue | ModuleValue):
        settled = is_constant(against) or isinstance(against, Function | ClassValue | ModuleValue)
        return (ALWAYS if value is against else NEVER) if settled else None
    return None


def _equal_tuples(
    machine: Machine, one: tuple[Value, ...], other: tuple[Value, ...], node: Node
) -> Condition:
    if len(one) != len(other):
        return NEVER
    pairs = zip(one, other, strict=True)
    return all_of(equal(machine, mine, theirs, node) for mine, theirs in pairs)


def _equal_instance(
    machine: Machine, value: Object, against: Value, node: Node
) -> Condition | None:
    given = special(machine, value, "__eq__", [against], node)
    if given is not ABSENT:
        return truth(machine, given, node)
    members = row_of(machine, value)
    if members is not None:
        others = against if isinstance(against, tuple) else row_of(machine, against)
        if others is not None:
            return _equal_tuples(machine, members, others, node)
    if value is against:
        return ALWAYS
    if isinstance(value.owner, ClassValue) and is_constant(against):
        return NEVER if has_plain_identity(value) else None
    return None


def _equal_builtin(value: External, against: Value) -> Condition | None:
    """Compare one of Python's own types or functions, by name."""
    if isinstance(against, External) and against.name.startswith("builtins."):
        return ALWAYS if value.name == against.name else NEVER
    return NEVER if isinstance(against, ClassValue | Function) or is_constant(against) else None


def _equal_truth(value: Truth, against: Value) -> Condition | None:
    if isinstance(against, Truth):
        mine, theirs = value.condition, against.condition
        return disjoin([all_of((mine, theirs)), all_of((negate(mine), negate(theirs)))])
    if isinstance(against, bool | int | float) and against in (0, 1):
        return value.condition if against else negate(value.condition)
    return NEVER if is_constant(against) or isinstance(against, Object) else None


def _equal_object(machine: Machine, value: Object, against: Value) -> Condition | None:
    if value is against:
        return ALWAYS
    if is_constant(against):
        if value.kind == "set" and type(against) is frozenset:
            mine = plain(machine, value)
            return None if mine is ABSENT else ALWAYS if mine == against else NEVER
        return NEVER if value.kind in _CONTAINERS else None
    if not isinstance(against, Object) or not {value.kind, against.kind} <= _CONTAINERS:
        return None
    if not _compare_as_plain(value, against):
        return None
    if value.kind != against.kind:
        return NEVER
    mine, theirs = plain_or_none(machine, value), plain_or_none(machine, against)
    if mine is None or theirs is None:
        return None
    return ALWAYS if mine == theirs else NEVER


def _compare_as_plain(one: Object, other: Object) -> bool:
    """Return whether two containers are compared as lists, dicts and sets are."""
    families = [each.family for each in (one, other) if each.family is not None]
    return all(family in _LIKE_DICT for family in families) and len(families) < 2  # noqa: PLR2004 - both


_LIKE_DICT: Final = (External("collections.OrderedDict"), External("collections.defaultdict"))


def _equal_joined(value: Joined, against: str) -> Condition | None:
    first, last = value.parts[0], value.parts[-1]
    before = first if isinstance(first, str) else ""
    after = last if isinstance(last, str) else ""
    if not against.startswith(before) or not against.endswith(after):
        return NEVER
    if len(against) < len(before) + len(after):
        return NEVER
    holes = [part for part in value.parts if not isinstance(part, str)]
    if len(holes) == 1 and isinstance(holes[0], Answer):
        return Compare(holes[0].option, "==", against[len(before) : len(against) - len(after)])
    return None


def _of_each(
    machine: Machine,
    pair: tuple[Value, Value],
    decide: Callable[[Value, Value], Condition],
    node: Node,
) -> Condition:
    """Return when a comparison holds that may raise for some alternatives of two values."""
    return truth(machine, machine.each_of(pair, lambda both: as_value(decide(*both))), node)


def contains(machine: Machine, member: Value, whole: Value, node: Node) -> Condition:
    """Return when `member` is in `whole`."""
    if type(member) is Choice or type(whole) is Choice:
        return _of_each(
            machine, (member, whole), lambda one, all_: contains(machine, one, all_, node), node
        )
    found = _contains(machine, member, whole, node)
    if found is not None:
        return found
    machine.may_raise()
    return machine.opaque(node, member, whole)


def _contains(machine: Machine, member: Value, whole: Value, node: Node) -> Condition | None:
    if isinstance(whole, Answer | Pieces):
        return _in_answer(member, whole)
    if isinstance(whole, Native):
        answer = whole.contains(machine, member, node)
        return None if answer is UNSUPPORTED else truth(machine, answer, node)
    if isinstance(whole, Joined) and isinstance(member, str):
        if any(isinstance(part, str) and member in part for part in whole.parts):
            return ALWAYS
        holes = [part for part in whole.parts if not isinstance(part, str)]
        answers = [hole for hole in holes if isinstance(hole, Answer)]
        if len(answers) < len(holes):
            return None
        return disjoin([Compare(one.option, "contains", member) for one in answers])
    if isinstance(member, Answer):
        return _answer_in(member, plain_or_none(machine, whole))
    if isinstance(whole, str):
        if isinstance(member, str):
            return ALWAYS if member in whole else NEVER
        if is_constant(member):
            machine.fail("TypeError", None, node)
        return None
    return _in_members(machine, member, whole, node)


def _answer_in(member: Answer, data: object) -> Condition | None:
    if not isinstance(data, list | tuple | set | dict | str):
        return None
    listed = data if isinstance(data, str) else list(data)
    if len(listed) > 1:
        return Compare(member.option, "in", listed)
    if isinstance(listed, str):  # "" is in any text, and alone in an empty one
        return Compare(member.option, "in" if listed else "==", listed)
    return Compare(member.option, "==", listed[0]) if listed else NEVER


def _in_answer(member: Value, whole: Answer | Pieces) -> Condition | None:
    if not isinstance(member, _JSON):
        return None
    if isinstance(whole, Answer):
        return Compare(whole.option, "contains", member)
    return Compare(whole.option, "has member", member, whole.parts)


def _in_members(machine: Machine, member: Value, whole: Value, node: Node) -> Condition | None:
    if isinstance(whole, int | float | None):
        machine.fail("TypeError", None, node)
    if isinstance(whole, Object) and whole.kind in ("dict", "set"):
        content = machine.heap.read(whole)
        if is_key(member):
            return presence(content[member]) if member in content else _missing(content)
        return None
    if isinstance(whole, Object) and whole.kind == "iterator":
        return _in_iterator(machine, member, whole, node)
    if isinstance(whole, Object) and whole.kind in ("list", "range"):
        members = machine.heap.read(whole)
    elif isinstance(whole, tuple | frozenset | bytes):
        members = list(whole)
    else:
        given = special(machine, whole, "__contains__", [member], node)
        return None if given is ABSENT else truth(machine, given, node)
    machine.steps -= len(members) // MEMBERS_A_STEP
    found = []
    for one in members:
        guard, value = guarded(one)
        found.append(all_of((guard, equal(machine, member, value, node))))
    return disjoin(found)


def _in_iterator(machine: Machine, member: Value, whole: Object, node: Node) -> Condition | None:
    """Search a member as Python does: it and everything before it is used up."""
    left = remaining(machine, whole)
    while left:
        condition = equal(machine, member, left.pop(0), node)
        if condition is ALWAYS:
            return ALWAYS
        if condition is not NEVER:
            message = "what is left of the iterator depends on answers"
            raise Unfit(message)
    return NEVER


def _missing(content: dict[Any, Value]) -> Condition | None:
    """Return when a key is there that is not among the known ones."""
    return NEVER if all(map(is_key, content)) else None


def compare(machine: Machine, sign: str, one: Value, other: Value, node: Node) -> Condition:
    """Return when a comparison holds."""
    match sign:
        case "==":
            return equal(machine, one, other, node)
        case "!=" | "<>":
            return _unlike(machine, equal(machine, one, other, node), node)
        case "in":
            return contains(machine, one, other, node)
        case "not in":
            return _unlike(machine, contains(machine, one, other, node), node)
        case "is":
            return _identical(machine, one, other, node)
        case "is not":
            return _unlike(machine, _identical(machine, one, other, node), node)
        case _:
            return _ordered(machine, sign, one, other, node)


def compare_values(machine: Machine, sign: str, one: Value, other: Value, node: Node) -> Value:
    """Return ``one sign other`` for a comparison."""
    return as_value(compare(machine, sign, one, other, node))


def _unlike(machine: Machine, condition: Condition, node: Node) -> Condition:
    """Return the opposite; what is kept as written already is the opposite, as written."""
    if isinstance(condition, Opaque) and condition.source == machine.text(node):
        return condition
    return negate(condition)


def _identical(machine: Machine, one: Value, other: Value, node: Node) -> Condition:
    if type(one) is Choice or type(other) is Choice:
        return _of_each(
            machine, (one, other), lambda mine, its: _identical(machine, mine, its, node), node
        )
    for value, against in ((one, other), (other, one)):
        if isinstance(value, Object) and isinstance(against, Object):
            return ALWAYS if value is against else NEVER
        if against is None and isinstance(value, Truth | Joined | Pieces | Native):
            return NEVER
        if (
            isinstance(value, bool | None)
            and is_constant(against)
            and type(value) is not type(against)
        ):
            return NEVER
    found = equal(machine, one, other, node)
    if found is NEVER or not (_may_be_copied(one) and _may_be_copied(other)):
        return found
    return machine.opaque(node, one, other)


def _may_be_copied(value: Value) -> bool:
    """Return whether Python may hold a value twice, so that equal ones need not be the same."""
    if isinstance(value, bool | None):
        return False
    return is_constant(value) or isinstance(value, Answer | Joined | tuple)


def _ordered(machine: Machine, sign: str, one: Value, other: Value, node: Node) -> Condition:
    if type(one) is Choice or type(other) is Choice:
        return _of_each(
            machine, (one, other), lambda mine, its: _ordered(machine, sign, mine, its, node), node
        )
    for version, against, wanted in ((one, other, sign), (other, one, _FLIPPED[sign])):
        if isinstance(version, Version):
            found = version.order(against)
            if found is not None:
                return ALWAYS if _ORDERED[wanted](found, 0) else NEVER
    if isinstance(one, Answer) and isinstance(other, _JSON):
        return Compare(one.option, sign, other)  # type: ignore[arg-type] # one of _ORDERED's keys
    if isinstance(other, Answer) and isinstance(one, _JSON):
        return Compare(other.option, _FLIPPED[sign], one)  # type: ignore[arg-type] # as above
    mine, theirs = plain(machine, one), plain(machine, other)
    if mine is not ABSENT and theirs is not ABSENT:
        try:
            if not machine.python2:
                return ALWAYS if _ORDERED[sign](mine, theirs) else NEVER
            return ALWAYS if _ORDERED[sign](order(machine, mine, theirs), 0) else NEVER
        except TypeError:
            if not machine.python2:
                machine.fail("TypeError", None, node)
    machine.may_raise()
    return machine.opaque(node, one, other)
