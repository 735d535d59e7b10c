"""What changed between two states of an installer."""

from __future__ import annotations

import msgspec
import pytest

from plugindoc.comparing import compare
from plugindoc.model.changes import Change
from plugindoc.model.conditions import Compare
from plugindoc.model.locations import Location
from plugindoc.model.things import (
    SCHEMA_VERSION,
    Option,
    OptionGroup,
    Plugin,
    Project,
    Sequence,
    Step,
)
from plugindoc.model.values import Dynamic, Known

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


def said(changes: tuple[Change, ...]) -> list[tuple[str, str, str, str]]:
    return [(change.kind, change.thing, change.old_name, change.name) for change in changes]


def test_nothing_changes_by_moving_lines() -> None:
    moved = option(location=ELSEWHERE, default=Known("1"))
    assert () == compare(project(OPTION), project(moved))


def test_a_computed_default_is_the_same_wherever_it_stands() -> None:
    old = option(default=Dynamic("now()", "calls now", HERE))
    new = option(default=Dynamic("now()", "calls now", ELSEWHERE))
    assert () == compare(project(old), project(new))


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
    (change,) = compare(project(OPTION), project(option(**{field: value})))
    assert (field, "CONFIG_A") == (change.kind, change.name)
    assert (getattr(OPTION, field), value) == (change.old, change.new)


def test_an_option_comes_and_another_goes() -> None:
    changes = compare(project(OPTION), project(option("CONFIG_B")))
    assert [
        ("removed", "option", "", "CONFIG_A"),
        ("added", "option", "", "CONFIG_B"),
    ] == said(changes)


def test_an_option_is_renamed_through_deprecates() -> None:
    new = option("CONFIG_B", deprecates=Known(["CONFIG_A"]), default=Known("3"))
    changes = compare(project(OPTION), project(new))
    assert [
        ("renamed", "option", "CONFIG_A", "CONFIG_B"),
        ("default", "option", "", "CONFIG_B"),
    ] == said(changes)


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
    changes = compare(project(OPTION), project(option(group="B"), group="B"))
    assert [
        ("removed", "group", "", "A"),
        ("added", "group", "", "B"),
        ("moved", "option", "", "CONFIG_A"),
    ] == said(changes)


def test_an_option_applies_at_other_times() -> None:
    gate = Compare("CONFIG_A_INSTALL", "==", "y")
    (change,) = compare(project(OPTION), project(OPTION, condition=gate))
    assert ("condition", "always", "CONFIG_A_INSTALL is y") == (
        change.kind,
        change.old,
        change.new,
    )


def test_plugins_and_steps_come_and_go() -> None:
    step = Step(title=Known("Do"), plugin="a_100", sequence="S", location=HERE)
    sequence = Sequence(title="S", plugin="a_100", location=HERE, steps=(step,))
    old = project(plugin="b_200", group="A")
    new = msgspec.structs.replace(
        project(), plugins=(Plugin(module="a_100", order=1, location=HERE, sequences=(sequence,)),)
    )
    assert [
        ("removed", "plugin", "", "b_200"),
        ("added", "plugin", "", "a_100"),
        ("removed", "group", "", "A"),
        ("added", "step", "", "a_100/Do"),
    ] == said(compare(old, new))
