"""Conditions that mean the same are found to be the same, however they are written."""

import itertools
from collections.abc import Iterable

import pytest
from hypothesis import assume, given, settings
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
    Parts,
    all_of,
    any_of,
    evaluate,
    negate,
)
from plugindoc.model.equivalence import (
    Domains,
    Relation,
    answers_apart,
    equivalent,
    implies,
    relation,
)

NOVA = Compare("CONFIG_NOVA_INSTALL", "==", "y")
SWIFT = Compare("CONFIG_SWIFT_INSTALL", "==", "y")
ODD = Opaque("is_odd(config)", ("CONFIG_NUMBER",))
HAS_A = Compare("A", "has member", "a", Parts(","))
BEGINS_A = Compare("A", "begins with", "a")
FEW = {"CONFIG_NOVA_INSTALL": ("y", "n")}


@pytest.mark.parametrize(
    ("expected", "old", "new", "domains"),
    [
        ("same", all_of([NOVA, SWIFT]), all_of([SWIFT, NOVA]), {}),
        ("same", NOVA, Compare("CONFIG_NOVA_INSTALL", "in", ["y"]), {}),
        ("same", NOVA, any_of([NOVA, all_of([NOVA, SWIFT])]), {}),
        ("same", NOVA, negate(Compare("CONFIG_NOVA_INSTALL", "!=", "y")), {}),
        ("same", NOVA, Compare("CONFIG_NOVA_INSTALL", "!=", "n"), FEW),
        ("wider", NOVA, Compare("CONFIG_NOVA_INSTALL", "!=", "n"), {}),
        ("wider", all_of([NOVA, SWIFT]), NOVA, {}),
        ("narrower", NOVA, all_of([NOVA, SWIFT]), {}),
        ("narrower", ALWAYS, NOVA, {}),
        ("different", NOVA, SWIFT, {}),
        ("narrower", ALWAYS, NEVER, {}),
        ("same", Compare("A", "<", 3), Compare("A", "<=", 2), {"A": range(9)}),
        ("wider", Compare("A", "<", 3), Compare("A", "<=", 3), {}),
        ("same", Compare("A", "in", "ab"), Compare("A", "in", ["", "a", "b", "ab"]), {}),
        ("wider", Compare("A", "==", "a,b"), Compare("A", "contains", "a"), {}),
        ("narrower", Compare("A", "contains", "a"), HAS_A, {}),
        ("wider", Compare("A", "==", "a"), HAS_A, {}),
        ("unknown", Compare("A", "has member", "a", Parts(";")), HAS_A, {}),
        ("wider", BEGINS_A, any_of([BEGINS_A, Compare("A", "begins with", "b")]), {}),
        ("unknown", Compare("A", "==", "a"), BEGINS_A, {}),  # a list can begin with it, too
        ("same", all_of([ODD, NOVA]), all_of([NOVA, ODD]), {}),
        ("unknown", NOVA, all_of([NOVA, ODD]), {}),
        ("narrower", any_of([NOVA, ODD]), all_of([ODD, SWIFT, NEVER]), {}),
        ("unknown", Compare("A", "in", "a" + "bcdefghijklmnopqrstuvw" * 9), NOVA, {}),
    ],
)
def test_how_a_new_condition_relates_to_an_old_one(
    expected: Relation, old: Condition, new: Condition, domains: Domains
) -> None:
    assert expected == relation(old, new, domains)


def test_a_table_that_is_too_large_is_not_made() -> None:
    many = [Compare(f"CONFIG_{number}", "==", "y") for number in range(40)]
    assert "unknown" == relation(all_of(many), any_of(many))
    assert equivalent(all_of(many), all_of([*many])) is True
    assert implies(all_of(many), any_of(many)) is None


VALUES = ["", "a", "b", "ab", "a,b", "c", "xa", "xb", "xaxb", ",", " , ", "a,xb", "xa,b"]
PIECES = ["", "a", "b", "ab", "a,b", ",", " ", "a "]
VALUES += ["a,c", "b,c", "a,b,c"]
COMPARISONS = st.builds(
    Compare, st.sampled_from(["X", "Y"]), st.sampled_from(["==", "!="]), st.sampled_from(VALUES[:5])
)
COMPARISONS |= st.builds(
    Compare,
    st.sampled_from(["X", "Y"]),
    st.sampled_from(["in", "not in"]),
    st.lists(st.sampled_from(VALUES[:5]), max_size=3),
)
COMPARISONS |= st.builds(
    Compare,
    st.sampled_from(["X", "Y"]),
    st.sampled_from(["contains", "not contains"]),
    st.sampled_from(["a", "b"]),
)
COMPARISONS |= st.builds(Compare, st.sampled_from(["X", "Y"]), st.just("truthy"))
COMPARISONS |= st.builds(
    Compare,
    st.sampled_from(["X", "Y"]),
    st.sampled_from(["has member", "has no member"]),
    st.sampled_from(["a", "b"]),
    st.just(Parts(",")),
)
COMPARISONS |= st.builds(
    Compare,
    st.sampled_from(["X", "Y"]),
    st.just("truthy"),
    st.none(),
    st.sampled_from([Parts(",", filled="raw"), Parts(",", trimmed=True, filled="trimmed")]),
)
CONDITIONS = st.recursive(
    COMPARISONS | st.just(ALWAYS) | st.just(NEVER),
    lambda inner: (
        st.builds(Not, inner)
        | st.builds(lambda one, two: AllOf((one, two)), inner, inner)
        | st.builds(lambda one, two: AnyOf((one, two)), inner, inner)
    ),
    max_leaves=8,
)
"""Conditions over two options, for which `VALUES` has an answer of every kind."""


def tried(old: Condition, new: Condition) -> Relation:
    rows = [{"X": x, "Y": y} for x, y in itertools.product(VALUES, repeat=2)]
    pairs = {(evaluate(old, row), evaluate(new, row)) for row in rows}
    lost, gained = (True, False) in pairs, (False, True) in pairs
    if lost and gained:
        return "different"
    return "narrower" if lost else "wider" if gained else "same"


@settings(max_examples=500)
@given(CONDITIONS, CONDITIONS)
def test_the_answer_is_that_of_trying_everything(old: Condition, new: Condition) -> None:
    assert tried(old, new) == relation(old, new)


@given(CONDITIONS, CONDITIONS)
def test_the_opposite_direction_has_the_opposite_answer(old: Condition, new: Condition) -> None:
    opposite = {"wider": "narrower", "narrower": "wider"}
    found = relation(old, new)
    assert opposite.get(found, found) == relation(new, old)
    assert opposite.get(found, found) == relation(negate(old), negate(new))


LISTS = st.builds(
    Parts,
    st.sampled_from([",", ""]),
    st.booleans(),
    st.sampled_from(["", "raw", "trimmed"]),
)
ATOMS = (
    st.builds(Compare, st.just("X"), st.sampled_from(["==", "contains"]), st.sampled_from(PIECES))
    | st.builds(Compare, st.just("X"), st.just("in"), st.sampled_from(["ab", ["a", "b"], ["a,b"]]))
    | st.builds(Compare, st.just("X"), st.just("has member"), st.sampled_from(PIECES), LISTS)
    | st.builds(Compare, st.just("X"), st.just("truthy"), st.none(), st.none() | LISTS)
    | st.builds(Compare, st.just("X"), st.sampled_from(["<", "<="]), st.sampled_from(PIECES))
)
TEXTS = ["".join(row) for length in range(5) for row in itertools.product("ab, ", repeat=length)]


@settings(max_examples=300)
@given(st.lists(ATOMS, min_size=1, max_size=4))
def test_no_answer_is_missing_among_those_that_comparisons_tell_apart(atoms: list[Compare]) -> None:
    apart = answers_apart(atoms)
    assume(apart is not None)
    assert apart is not None

    def outcomes(answers: Iterable[object]) -> set[tuple[bool | None, ...]]:
        return {tuple(evaluate(one, {"X": answer}) for one in atoms) for answer in answers}

    assert outcomes(TEXTS) <= outcomes(apart["X"])
