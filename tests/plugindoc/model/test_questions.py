"""A project answers by name, when, and who."""

import pytest

from plugindoc.model.anchors import anchor, fact_anchor, identity, slug
from plugindoc.model.conditions import ALWAYS, Compare, Condition, all_of, describe
from plugindoc.model.locations import Location
from plugindoc.model.project import (
    SCHEMA_VERSION,
    Actions,
    Function,
    Option,
    OptionGroup,
    Plugin,
    Project,
    Sequence,
    Step,
    Template,
    UsageDocument,
    UsageEntry,
    Use,
)
from plugindoc.model.questions import Questions
from plugindoc.model.values import Known


def at(line: int, path: str = "plugins/demo_100.py") -> Location:
    return Location(path, line)


def is_y(name: str) -> Condition:
    return Compare(name, "==", "y")


def option(name: str, group: str, line: int, old: tuple[str, ...] = ()) -> Option:
    return Option(
        name=name,
        plugin="demo_100",
        group=group,
        location=at(line),
        deprecates=Known(list(old)) if old else None,
        usage_location=at(line, "usage.rst"),
    )


INSTALL = option("CONFIG_DEMO_INSTALL", "GLOBAL", 1)
AGENT = option("CONFIG_DEMO_AGENT", "DEMO", 2, old=("CONFIG_OLD_AGENT",))
PORT = option("CONFIG_DEMO_PORT", "AGENT", 3)
GROUPS = (
    OptionGroup(name="GLOBAL", plugin="demo_100", location=at(1), options=(INSTALL,)),
    OptionGroup(
        name="DEMO",
        plugin="demo_100",
        location=at(2),
        options=(AGENT,),
        condition=is_y("CONFIG_DEMO_INSTALL"),
    ),
    OptionGroup(
        name="AGENT",
        plugin="demo_100",
        location=at(3),
        options=(PORT,),
        condition=is_y("CONFIG_DEMO_AGENT"),
    ),
)
STEP = Step(
    title=Known("Preparing Demo entries"),
    plugin="demo_100",
    sequence="Installing Demo",
    location=at(20),
    actions=Actions(uses=(Use(key="CONFIG_DEMO_PORT", access="read", location=at(30)),)),
)
PROJECT = Project(
    schema_version=SCHEMA_VERSION,
    name="demo",
    plugins=(
        Plugin(
            module="demo_100",
            order=100,
            location=at(1),
            groups=GROUPS,
            sequences=(
                Sequence(title="Finishing", plugin="demo_100", location=at(21), position=2),
                Sequence(
                    title="Installing Demo",
                    plugin="demo_100",
                    location=at(20),
                    position=1,
                    guard=is_y("CONFIG_DEMO_INSTALL"),
                    steps=(STEP,),
                ),
            ),
        ),
    ),
    usage_documents=(
        UsageDocument(
            path="usage.rst",
            entries=(
                UsageEntry(
                    name="CONFIG_DEMO_PORT",
                    location=at(3, "usage.rst"),
                    paragraphs=(),
                    shown="",
                ),
            ),
        ),
    ),
)
ASK = Questions(PROJECT)


def test_an_option_is_found_by_its_name_and_by_its_old_name() -> None:
    assert ASK.option("CONFIG_DEMO_AGENT") is AGENT
    assert ASK.option("CONFIG_OLD_AGENT") is AGENT
    assert ASK.option("CONFIG_UNKNOWN") is None


def test_the_run_order_is_by_position() -> None:
    assert ["Installing Demo", "Finishing"] == [s.title for s in ASK.run_order]


@pytest.mark.parametrize(
    ("expected", "shown"),
    [
        (ALWAYS, ASK.shown_when_in_full(INSTALL)),
        (is_y("CONFIG_DEMO_AGENT"), ASK.shown_when(PORT)),
        (
            all_of([is_y("CONFIG_DEMO_AGENT"), is_y("CONFIG_DEMO_INSTALL")]),
            ASK.shown_when_in_full(PORT),
        ),
    ],
)
def test_an_option_is_shown_when_its_group_and_its_groups_options_are(
    expected: Condition, shown: Condition
) -> None:
    assert describe(expected) == describe(shown)


def test_an_option_reveals_the_groups_and_sequences_that_depend_on_it() -> None:
    assert [
        "DEMO",
        "demo_100/Installing Demo",
    ] == [identity(t) for t in ASK.reveals("CONFIG_DEMO_INSTALL")]


def test_uses_name_their_place() -> None:
    found = [
        (place.kind, place.name, place.use.location.line)
        for place in ASK.places
        if place.use.key == "CONFIG_DEMO_PORT"
    ]
    assert [("step", "demo_100/Preparing Demo entries", 30)] == found


def test_a_text_from_a_document_leads_to_its_entry() -> None:
    entry = ASK.usage_entry(PORT)
    assert entry is not None
    assert "CONFIG_DEMO_PORT" == entry.name
    assert ASK.usage_entry(AGENT) is None


@pytest.mark.parametrize(
    ("expected", "found"),
    [
        ("plugin-nova_300", anchor(Plugin(module="nova_300", order=300, location=at(1)))),
        ("group-DEMO", anchor(GROUPS[1])),
        ("CONFIG_DEMO_PORT", anchor(PORT)),
        ("step-demo_100-preparing-demo-entries", anchor(STEP)),
        (
            "template-packstack-nova-api",
            anchor(Template(name="packstack/nova/api", type="class", location=at(1))),
        ),
        (
            "function-validators.validate_ssh",
            anchor(Function(name="validators.validate_ssh", role="validator")),
        ),
        ("fact-CONFIG_NEUTRON_CORE_PLUGIN", fact_anchor("CONFIG_NEUTRON_CORE_PLUGIN")),
        ("CONFIG-script-", anchor(option("CONFIG<script>", "DEMO", 1))),
        ("a-b-c", slug("  A/b --- C! ")),
    ],
)
def test_anchors_are_made_of_names(expected: str, found: str) -> None:
    assert expected == found
