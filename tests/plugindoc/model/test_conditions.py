"""Conditions stay normalised, read well, and answer in three values."""

from collections.abc import Callable, Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugindoc.model.conditions import (
    ALWAYS,
    NEVER,
    AllOf,
    AnyOf,
    Compare,
    Condition,
    Not,
    Opaque,
    Operator,
    Parts,
    all_of,
    any_of,
    describe,
    evaluate,
    negate,
    options_of,
)

NOVA = Compare("CONFIG_NOVA_INSTALL", "==", "y")
AGENT = Compare("CONFIG_NEUTRON_L2_AGENT", "==", "openvswitch")
TRIMMED = Parts(",", trimmed=True, filled="trimmed")
SECRET = Compare("CONFIG_SECRET", "truthy")
ODD = Opaque("is_odd(config)", ("CONFIG_NUMBER",))


@pytest.mark.parametrize(
    ("expected", "condition"),
    [
        (ALWAYS, all_of([])),
        (NEVER, any_of([])),
        (NOVA, all_of([NOVA, ALWAYS, NOVA])),
        (NOVA, any_of([NEVER, NOVA, NOVA])),
        (NEVER, all_of([NOVA, negate(NOVA)])),
        (ALWAYS, any_of([NOVA, negate(NOVA)])),
        (AllOf((NOVA, AGENT, SECRET)), all_of([all_of([NOVA, AGENT]), SECRET])),
        (AnyOf((NOVA, AGENT, SECRET)), any_of([NOVA, any_of([AGENT, SECRET])])),
        (AnyOf((negate(NOVA), Not(SECRET))), negate(all_of([NOVA, SECRET]))),
    ],
)
def test_constructors_normalise(expected: Condition, condition: Condition) -> None:
    assert expected == condition


@pytest.mark.parametrize(
    ("expected", "condition"),
    [
        ("always", ALWAYS),
        ("never", NEVER),
        ("CONFIG_NOVA_INSTALL is y", NOVA),
        (
            "CONFIG_NOVA_INSTALL is y and CONFIG_NEUTRON_L2_AGENT is openvswitch",
            all_of([NOVA, AGENT]),
        ),
        (
            "CONFIG_SECRET is set and (CONFIG_NOVA_INSTALL is y or is_odd(config))",
            all_of([SECRET, any_of([NOVA, ODD])]),
        ),
        ("CONFIG_SECRET is not set", negate(SECRET)),
        ("CONFIG_NOVA_INSTALL is not y", negate(NOVA)),
        ("not (is_odd(config))", negate(ODD)),
        ("CONFIG_X is one of a, b", Compare("CONFIG_X", "in", ["a", "b"])),
        ("CONFIG_X is empty", Compare("CONFIG_X", "==", "")),
    ],
)
def test_conditions_read_as_sentences(expected: str, condition: Condition) -> None:
    assert expected == describe(condition)


def test_options_are_listed_once_in_source_order() -> None:
    condition = all_of([AGENT, any_of([NOVA, ODD]), negate(AGENT), SECRET])
    assert condition == NEVER
    condition = all_of([AGENT, any_of([NOVA, ODD, AGENT])])
    assert ("CONFIG_NEUTRON_L2_AGENT", "CONFIG_NOVA_INSTALL", "CONFIG_NUMBER") == options_of(
        condition
    )


@pytest.mark.parametrize(
    ("expected", "condition", "answers"),
    [
        (True, NOVA, {"CONFIG_NOVA_INSTALL": "y"}),
        (False, NOVA, {"CONFIG_NOVA_INSTALL": "n"}),
        (None, NOVA, {}),
        (False, all_of([NOVA, AGENT]), {"CONFIG_NOVA_INSTALL": "n"}),
        (None, all_of([NOVA, AGENT]), {"CONFIG_NOVA_INSTALL": "y"}),
        (True, any_of([NOVA, AGENT]), {"CONFIG_NOVA_INSTALL": "y"}),
        (None, ODD, {"CONFIG_NUMBER": 3}),
        (True, Compare("CONFIG_X", "contains", "vxlan"), {"CONFIG_X": "gre,vxlan"}),
        (None, Compare("CONFIG_X", "contains", "vxlan"), {"CONFIG_X": 3}),
        (False, Compare("CONFIG_X", "truthy"), {"CONFIG_X": ""}),
        (True, Compare("CONFIG_X", "has member", "a", Parts(",")), {"CONFIG_X": "b,a"}),
        (True, Compare("CONFIG_X", "begins with", "a"), {"CONFIG_X": ["a", "b"]}),
        (False, Compare("CONFIG_X", "begins with", "b"), {"CONFIG_X": ["a", "b"]}),
        (True, Compare("CONFIG_X", "begins with", "a"), {"CONFIG_X": "a"}),
        (False, Compare("CONFIG_X", "begins with", "a"), {"CONFIG_X": "ab"}),
        (False, Compare("CONFIG_X", "begins with", "a"), {"CONFIG_X": []}),
        (True, negate(Compare("CONFIG_X", "begins with", "a")), {"CONFIG_X": ["b", "a"]}),
        (True, Compare("CONFIG_X", "has member", "a", Parts(",")), {"CONFIG_X": ["b", "a"]}),
        (False, Compare("CONFIG_X", "has member", "a", Parts(",")), {"CONFIG_X": "b, a"}),
        (True, Compare("CONFIG_X", "has member", "a", TRIMMED), {"CONFIG_X": "b, a"}),
        (True, Compare("CONFIG_X", "has no member", "a", TRIMMED), {"CONFIG_X": "ab"}),
        (True, Compare("CONFIG_X", "has member", "a", Parts()), {"CONFIG_X": " b  a "}),
        (False, Compare("CONFIG_X", "has member", "", Parts(",", filled="raw")), {"CONFIG_X": ","}),
        (True, Compare("CONFIG_X", "truthy", None, Parts(",")), {"CONFIG_X": ""}),
        (False, Compare("CONFIG_X", "truthy", None, Parts(",", filled="raw")), {"CONFIG_X": ","}),
        (True, Compare("CONFIG_X", "truthy", None, Parts(",", filled="raw")), {"CONFIG_X": " "}),
        (False, Compare("CONFIG_X", "truthy", None, TRIMMED), {"CONFIG_X": " , "}),
        (None, Compare("CONFIG_X", "has member", "a", Parts(",")), {}),
    ],
)
def test_answers_settle_a_condition_or_leave_it_open(
    expected: bool | None,  # noqa: FBT001 - the expected answer
    condition: Condition,
    answers: dict[str, object],
) -> None:
    assert expected is evaluate(condition, answers)


@pytest.mark.parametrize(
    ("operator", "opposite"),
    [
        ("==", "!="),
        ("in", "not in"),
        ("contains", "not contains"),
        ("has member", "has no member"),
        ("<", ">="),
        (">", "<="),
    ],
)
def test_every_comparison_has_its_opposite(operator: Operator, opposite: Operator) -> None:
    assert Compare("CONFIG_A", opposite, 3) == negate(Compare("CONFIG_A", operator, 3))
    assert Compare("CONFIG_A", operator, 3) == negate(Compare("CONFIG_A", opposite, 3))


@pytest.mark.parametrize(
    ("operator", "value", "answers"),
    [
        ("==", "m", {"a": False, "M".lower(): True, "z": False}),
        ("!=", "m", {"a": True, "M".lower(): False, "z": True}),
        ("==", "long text", {"LONG TEXT".lower(): True}),
        ("!=", "long text", {"LONG TEXT".lower(): False}),
        ("<", 3, {2: True, 3: False, 4: False}),
        ("<=", 3, {2: True, 3: True, 4: False}),
        (">", 3, {2: False, 3: False, 4: True}),
        (">=", 3, {2: False, 3: True, 4: True}),
        ("in", ["a", "b"], {"a": True, "c": False}),
        ("not in", ["a", "b"], {"a": False, "c": True}),
        ("contains", "a", {"cab": True, "cub": False, "": False}),
        ("not contains", "a", {"cab": False, "cub": True, "": True}),
        ("truthy", None, {"": False, "n": True, False: False}),
    ],
)
def test_what_a_comparison_says_of_answers(
    operator: Operator, value: object, answers: dict[object, bool]
) -> None:
    condition = Compare("CONFIG_A", operator, value)
    found = {answer: evaluate(condition, {"CONFIG_A": answer}) for answer in answers}
    assert answers == found


YES, NO, OPEN = Compare("YES", "truthy"), Compare("NO", "truthy"), Compare("OPEN", "truthy")


@pytest.mark.parametrize(
    ("parts", "all_hold", "any_holds"),
    [
        ((YES, Compare("YES", "==", "y")), True, True),
        ((YES, NO), False, True),
        ((NO, YES), False, True),
        ((NO, Compare("NO", "==", "y")), False, False),
        ((YES, OPEN), None, True),
        ((OPEN, YES), None, True),
        ((NO, OPEN), False, None),
        ((OPEN, NO), False, None),
        ((OPEN, Compare("OPEN", "==", "y")), None, None),
    ],
)
def test_three_values_of_several_parts(
    parts: tuple[Condition, ...],
    all_hold: bool | None,  # noqa: FBT001 - a case
    any_holds: bool | None,  # noqa: FBT001 - a case
) -> None:
    answers = {"YES": "y", "NO": ""}
    assert all_hold is evaluate(AllOf(parts), answers)
    assert any_holds is evaluate(AnyOf(parts), answers)
    assert (None if all_hold is None else not all_hold) is evaluate(Not(AllOf(parts)), answers)


@pytest.mark.parametrize(
    ("join", "neutral", "kind"), [(all_of, ALWAYS, AllOf), (any_of, NEVER, AnyOf)]
)
def test_parts_behind_one_that_says_nothing_are_kept(
    join: Callable[[Iterable[Condition]], Condition],
    neutral: Condition,
    kind: type[AllOf | AnyOf],
) -> None:
    assert kind((YES, OPEN)) == join([YES, neutral, YES, OPEN])
    assert YES == join([neutral, YES])
    nested = (AnyOf if kind is AllOf else AllOf)((NO, OPEN))
    assert kind((YES, nested, NO)) == join([YES, nested, kind((YES, NO))])
    assert neutral == join([])


def test_parts_in_words_are_grouped_where_they_are_nested() -> None:
    some = AnyOf((YES, NO))
    assert "OPEN is set and (YES is set or NO is set)" == describe(AllOf((OPEN, some)))
    assert "OPEN is set or (YES is set and (YES is set or NO is set))" == describe(
        AnyOf((OPEN, AllOf((YES, some))))
    )
    assert "not (YES is set or NO is set)" == describe(Not(some))
    assert "not (x and y)" == describe(Not(Opaque("x and y")))


NAMES = st.sampled_from(["CONFIG_A", "CONFIG_B", "CONFIG_C"])
COMPARISONS = st.one_of(
    st.builds(
        Compare,
        NAMES,
        st.sampled_from(["==", "!=", "contains", "<", ">="]),
        st.sampled_from(["", "y", "yes"]),
    ),
    st.builds(Compare, NAMES, st.just("truthy")),
)
CONDITIONS = st.recursive(
    COMPARISONS | st.sampled_from([ALWAYS, NEVER]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(all_of),
        st.lists(inner, max_size=3).map(any_of),
        inner.map(negate),
    ),
    max_leaves=12,
)
ANSWERS = st.fixed_dictionaries(
    {},
    optional=dict.fromkeys(
        ["CONFIG_A", "CONFIG_B", "CONFIG_C"], st.sampled_from(["", "y", "yes", "n"])
    ),
)


@given(CONDITIONS, ANSWERS)
def test_a_condition_and_its_opposite_never_agree(
    condition: Condition, answers: dict[str, object]
) -> None:
    found, opposite = evaluate(condition, answers), evaluate(negate(condition), answers)
    assert (found is None) == (opposite is None)
    assert found is None or found is not opposite


@given(st.lists(CONDITIONS, max_size=4), ANSWERS)
def test_normalising_keeps_the_meaning(
    conditions: list[Condition], answers: dict[str, object]
) -> None:
    results = [evaluate(condition, answers) for condition in conditions]
    if None not in results:
        assert all(results) is evaluate(all_of(conditions), answers)
        assert any(results) is evaluate(any_of(conditions), answers)
