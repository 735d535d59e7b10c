"""What changed between two states of an installer."""

from __future__ import annotations

import msgspec
import pytest

from plugindoc.changes.comparison import Comparison, compare
from plugindoc.model.conditions import AllOf, Compare, Opaque
from plugindoc.model.locations import Location
from plugindoc.model.project import (
    SCHEMA_VERSION,
    Option,
    OptionGroup,
    Plugin,
    Problem,
    Project,
    Sequence,
    Step,
)
from plugindoc.model.values import Dynamic, Known, Text

HERE = Location("plugins/a_100.py", 3, 5)
ELSEWHERE = Location("plugins/a_100.py", 90, 1)
OPTION = Option(
    name="CONFIG_A",
    plugin="a_100",
    group="A",
    location=HERE,
    flag=Known("a"),
    usage=Known("A."),
    default=Known("1"),
    choices=Known(["1", "2"]),
)


def project(*options: Option, group: str = "A", plugin: str = "a_100", **more: object) -> Project:
    made = OptionGroup(name=group, plugin=plugin, location=HERE, options=options, **more)  # type: ignore[arg-type] # fields of a group
    plugins = (Plugin(module=plugin, order=100, location=HERE, groups=(made,)),)
    return Project(schema_version=SCHEMA_VERSION, name="x", plugins=plugins)


def option(name: str = "CONFIG_A", **more: object) -> Option:
    return msgspec.structs.replace(OPTION, name=name, **more)


def said(found: Comparison) -> list[tuple[str, str, str, str]]:
    return [(c.kind, c.thing, c.old_name, c.name) for c in found.changes]


def test_nothing_changes_by_moving_lines() -> None:
    moved = option(location=ELSEWHERE, default=Known("1"))
    assert () == compare(project(OPTION), project(moved)).changes


def test_a_computed_default_is_the_same_wherever_it_stands() -> None:
    for make in (Dynamic, lambda *given: Text(("at ", Dynamic(*given)))):
        old = option(default=make("now()", "calls now", HERE))
        new = option(default=make("now()", "calls now", ELSEWHERE))
        assert () == compare(project(old), project(new)).changes


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("default", Known("2")),
        ("default", None),
        ("choices", Known(["1"])),
        ("flag", Known("b")),
        ("usage", Known("B.")),
    ],
)
def test_a_field_changes(field: str, value: Known | None) -> None:
    (change,) = compare(project(OPTION), project(option(**{field: value}))).changes
    assert (field, "CONFIG_A") == (change.kind, change.name)
    assert (getattr(OPTION, field), value) == (change.old, change.new)


def test_an_option_comes_and_another_goes() -> None:
    other = option("CONFIG_B", flag=Known("b"), usage=Known("B."))
    changes = compare(project(OPTION), project(other))
    assert [
        ("removed", "option", "", "CONFIG_A"),
        ("added", "option", "", "CONFIG_B"),
    ] == said(changes)


def test_an_option_is_renamed_through_deprecates() -> None:
    new = option("CONFIG_B", deprecates=Known(["CONFIG_A"]), default=Known("3"))
    changes = compare(project(OPTION), project(new))
    assert [
        ("default", "option", "CONFIG_A", "CONFIG_B"),
        ("renamed", "option", "CONFIG_A", "CONFIG_B"),
    ] == said(changes)


def test_a_rename_that_nothing_declares_is_likely() -> None:
    (change,) = compare(project(OPTION), project(option("CONFIG_B"))).changes
    assert ("renamed", "likely", "breaking") == (change.kind, change.rename, change.impact)
    assert "same flag" in change.message


def test_two_that_look_alike_are_no_rename() -> None:
    twins = option("CONFIG_B"), option("CONFIG_C")
    kinds = {change.kind for change in compare(project(OPTION), project(*twins)).changes}
    assert {"removed", "added"} == kinds


def test_several_options_become_one() -> None:
    new = option("CONFIG_C", deprecates=Known(["CONFIG_A", "CONFIG_B"]))
    changes = compare(project(OPTION, option("CONFIG_B")), project(new))
    assert [
        ("renamed", "option", "CONFIG_A", "CONFIG_C"),
        ("renamed", "option", "CONFIG_B", "CONFIG_C"),
    ] == said(changes)


def test_a_name_that_lives_on_was_not_renamed() -> None:
    new = option("CONFIG_B", deprecates=Known(["CONFIG_A"]))
    changes = compare(project(OPTION), project(OPTION, new))
    assert [("added", "option", "", "CONFIG_B")] == said(changes)


def test_an_option_moves_to_another_group() -> None:
    second = option("CONFIG_B", flag=Known("b"), usage=Known("B."))
    changes = compare(project(OPTION, second), project(option(group="B"), group="B"))
    assert [
        ("removed", "option", "", "CONFIG_B"),
        ("moved", "option", "", "CONFIG_A"),
        ("added", "group", "", "B"),
        ("removed", "group", "", "A"),
    ] == said(changes)


def test_an_option_applies_at_other_times() -> None:
    gate = Compare("CONFIG_A_INSTALL", "==", "y")
    (change,) = compare(project(OPTION), project(OPTION, condition=gate)).changes
    assert ("condition", "always", "CONFIG_A_INSTALL is y") == (
        change.kind,
        change.old,
        change.new,
    )


def test_a_condition_in_other_words_is_the_same() -> None:
    one, two = Compare("CONFIG_X", "==", "y"), Compare("CONFIG_Y", "==", "y")
    was, now = AllOf((one, two)), AllOf((two, one))
    assert () == compare(project(OPTION, condition=was), project(OPTION, condition=now)).changes


def test_code_that_is_not_understood_may_change_a_condition() -> None:
    gate = Compare("CONFIG_X", "==", "y")
    was, now = AllOf((Opaque("platform.system()"), gate)), AllOf((Opaque("distro.id()"), gate))
    (change,) = compare(project(OPTION, condition=was), project(OPTION, condition=now)).changes
    assert ("condition", "cosmetic") == (change.kind, change.impact)
    assert "may apply in other cases" in change.message


def test_a_condition_on_a_renamed_option_is_the_same() -> None:
    gate = Compare("CONFIG_G", "==", "y")
    old = project(option("CONFIG_G"), option(flag=Known("x")), condition=gate)
    renamed = option("CONFIG_H", deprecates=Known(["CONFIG_G"]))
    now = Compare("CONFIG_H", "==", "y")
    new = project(renamed, option(flag=Known("x")), condition=now)
    assert [("renamed", "option", "CONFIG_G", "CONFIG_H")] == said(compare(old, new))


@pytest.mark.parametrize("kind", ["parse-error", "unreadable", "unknown-declaration", "limit"])
@pytest.mark.parametrize("side", ["old", "new"])
def test_what_could_not_be_read_is_neither_added_nor_removed(side: str, kind: str) -> None:
    problem = Problem(kind=kind, message="cannot be read", location=HERE)  # type: ignore[arg-type] # one of the kinds
    whole = project(OPTION)
    partly = msgspec.structs.replace(project(), problems=(problem,))
    found = compare(partly, whole) if side == "old" else compare(whole, partly)
    assert () == found.changes
    assert [side] == [each.side for each in found.problems]


def test_the_default_of_a_secret_is_not_told() -> None:
    old, new = (option("CONFIG_A_PW", default=Known(text)) for text in ("hunter2", "hunter3"))
    (change,) = compare(project(old), project(new)).changes
    assert b"hunter" not in msgspec.json.encode(change)


def test_the_same_computed_default_for_another_reason_is_no_change() -> None:
    old, new = (option(default=Dynamic("ip()", reason)) for reason in ("calls a", "calls b"))
    assert () == compare(project(old), project(new)).changes


def test_plugins_and_steps_come_and_go() -> None:
    step = Step(title=Known("Do"), plugin="a_100", sequence="S", location=HERE)
    sequence = Sequence(title="S", plugin="a_100", location=HERE, steps=(step,))
    old = project(plugin="b_200", group="A")
    new = msgspec.structs.replace(
        project(), plugins=(Plugin(module="a_100", order=1, location=HERE, sequences=(sequence,)),)
    )
    assert [
        ("added", "plugin", "", "a_100"),
        ("removed", "plugin", "", "b_200"),
        ("added", "sequence", "", "a_100/S"),
        ("added", "step", "", "a_100/Do"),
        ("removed", "group", "", "A"),
    ] == said(compare(old, new))
