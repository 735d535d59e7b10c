"""Conditions are said in few words, and mean what the code tests."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from plugindoc.evaluation.state.paths import Scale, size
from plugindoc.evaluation.state.simplify import (
    MAX_ATOMS,
    MAX_COLUMNS,
    shortened,
    simplified,
    tidied,
)
from plugindoc.model.conditions import (
    ALWAYS,
    NEVER,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Not,
    Opaque,
    Parts,
    all_of,
    any_of,
    describe,
    evaluate,
    negate,
)
from tests.differential.compare import compare

OPTIONS = ("A", "B")
ANSWERS = ("", "x", "y", "x,y", "xy", ",", "z", "x,z", "y,z", "xy,z", "x,y,z")
ANSWERS += ("  y  ", "  y  ,z", "xy,  y  ", "xy,y", "  ", "    ,")
ODD = Opaque("odd")
COMPARISONS = [
    Compare(option, operator, value)
    for option in OPTIONS
    for operator, value in (
        ("==", "x"),
        ("!=", "y"),
        ("contains", "y"),
        ("truthy", None),
        ("in", ["x", "y"]),
    )
]
LISTED = [
    *(Compare(option, "has member", "y", Parts(",")) for option in OPTIONS),
    *(Compare(option, "has member", "y", Parts(",", trimmed=True)) for option in OPTIONS),
    *(Compare(option, "truthy", None, Parts(",", filled="raw")) for option in OPTIONS),
    Compare("C", "==", "x"),
    ODD,
]
CONDITIONS: st.SearchStrategy[Condition] = st.recursive(
    st.sampled_from([*COMPARISONS, *LISTED]),
    lambda parts: st.one_of(
        st.lists(parts, min_size=2, max_size=4).map(all_of),
        st.lists(parts, min_size=2, max_size=4).map(any_of),
        parts.map(negate),
    ),
    max_leaves=14,
)
AB = all_of([Compare("A", "==", "x"), Compare("B", "==", "x")])


def _holds(condition: Condition, answers: dict[str, str]) -> bool:
    match condition:
        case Opaque():
            return bool(answers["odd"])
        case Not(condition=inner):
            return not _holds(inner, answers)
        case AllOf(conditions=parts):
            return all(_holds(part, answers) for part in parts)
        case AnyOf(conditions=parts):
            return any(_holds(part, answers) for part in parts)
        case _:
            return bool(evaluate(condition, answers))


_ROWS = [
    dict(zip((*OPTIONS, "C", "odd"), row, strict=True))
    for row in product(ANSWERS, ANSWERS, ("x", ""), ("y", ""))
]


def _table(condition: Condition) -> list[bool]:
    return [_holds(condition, row) for row in _ROWS]


def _with_less(condition: Condition) -> Iterator[Condition]:
    if isinstance(condition, AllOf | AnyOf):
        together = all_of if isinstance(condition, AllOf) else any_of
        for at, part in enumerate(condition.conditions):
            others = [one for one in condition.conditions if one is not part]
            yield together(others)
            for less in _with_less(part):
                yield together([*others[:at], less, *others[at:]])


def _comparisons(condition: Condition) -> set[str]:
    if isinstance(condition, AllOf | AnyOf):
        return {one for part in condition.conditions for one in _comparisons(part)}
    return {min(describe(condition), describe(negate(condition)))}


@given(CONDITIONS)
def test_a_condition_said_anew_means_the_same(condition: Condition) -> None:
    anew = simplified(condition, Scale())
    assert anew is None or _table(anew) == _table(condition)
    assert _table(tidied(condition, Scale())) == _table(condition)


@given(CONDITIONS)
def test_no_part_of_a_tidied_condition_can_be_left_out(condition: Condition) -> None:
    found = tidied(condition, Scale())
    assume(len(_comparisons(found)) <= MAX_COLUMNS)
    assert size(found) <= size(condition)
    assert not [less for less in _with_less(found) if _table(less) == _table(found)]


@given(CONDITIONS)
def test_a_condition_never_grows(condition: Condition) -> None:
    assert size(shortened(condition, Scale())) <= size(condition)


@given(CONDITIONS, st.sampled_from(COMPARISONS))
def test_what_a_path_settles_is_left_out(condition: Condition, known: Compare) -> None:
    anew = simplified(condition, Scale(), (known,))
    assert anew is None or _table(all_of([known, anew])) == _table(all_of([known, condition]))


@pytest.mark.parametrize(
    ("expected", "condition"),
    [
        ("always", any_of([AB, negate(AB)])),
        ("never", all_of([Compare("A", "==", "x"), Compare("A", "==", "y")])),
        ("A is x", all_of([Compare("A", "!=", "y"), Compare("A", "==", "x")])),
        (
            "A is x and B is x",
            any_of([all_of([AB, Opaque("odd")]), all_of([AB, negate(Opaque("odd"))])]),
        ),
    ],
)
def test_a_condition_is_tidied(expected: str, condition: Condition) -> None:
    assert expected == describe(tidied(condition, Scale()))


def test_more_comparisons_than_a_table_has_columns_stay_as_they_are() -> None:
    parts = [Compare(f"CONFIG_{number}", "==", "y") for number in range(MAX_ATOMS + 1)]
    condition = any_of([all_of(parts[:2]), all_of(parts[1:])])
    assert simplified(condition, Scale()) is None
    assert shortened(condition, Scale()) is condition


@pytest.mark.parametrize("condition", [ALWAYS, NEVER])
def test_constants_stay(condition: Condition) -> None:
    assert condition == simplified(condition, Scale()) == tidied(condition, Scale())


_TESTS_UPON_TESTS = """
def first(config, messages): pass

def is_a(config):
    return config["CONFIG_A"] == "y"

def any_set(config):
    return bool(config.get("CONFIG_C") or config.get("CONFIG_D"))

def initConfig(controller):
    group = {"GROUP_NAME": "ONE", "DESCRIPTION": "", "PRE_CONDITION": False,
             "PRE_CONDITION_MATCH": True, "POST_CONDITION": False, "POST_CONDITION_MATCH": True}
    controller.addGroup(group, [{"CONF_NAME": f"CONFIG_{one}", "USAGE": ""} for one in "ABCD"])

def initSequences(controller):
    conf = controller.CONF
    steps = [{"title": "Four", "functions": [first]}]
    try:
        if "red" in conf["CONFIG_D"]:
            raise ValueError("no")
        [][9]
    except Exception:
        if "red" in conf["CONFIG_C"]:
            conf["CONFIG_C"] = "n"
        elif not is_a(conf):
            raise RuntimeError("not this")
    steps.append({"title": "One", "functions": [first]})
    if any_set(conf):
        steps.append({"title": "Two", "functions": [first]})
    elif not any_set(conf):
        steps.insert(0, {"title": "Three", "functions": [first]})
    else:
        steps.append({"title": "One", "functions": [first]})
    controller.addSequence("All", "CONFIG_A", "y", steps)
"""


def test_a_list_that_many_tests_change_keeps_its_members(tmp_path: Path) -> None:
    assert [] == compare(_TESTS_UPON_TESTS, tmp_path)
