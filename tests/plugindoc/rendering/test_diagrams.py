"""Diagrams say what the model says, to eyes and to screen readers alike, and trust no text."""

import re
from xml.etree import ElementTree as ET

import pytest

from plugindoc.model.conditions import Compare
from plugindoc.model.locations import Location
from plugindoc.model.project import (
    SCHEMA_VERSION,
    Actions,
    Option,
    OptionGroup,
    Plugin,
    Project,
    Sequence,
    Step,
    Template,
    Use,
)
from plugindoc.model.questions import Questions
from plugindoc.model.values import Known
from plugindoc.rendering import svg
from plugindoc.rendering.diagrams import run_order
from plugindoc.rendering.svg import COLOURS

SVG = "{http://www.w3.org/2000/svg}"


def parsed(svg: str) -> ET.Element:
    return ET.fromstring(svg)  # noqa: S314 - the text is our own


def at(line: int) -> Location:
    return Location("plugins/demo_100.py", line)


def reads(key: str) -> Use:
    return Use(key=key, access="read", location=at(1))


def sets(key: str) -> Use:
    return Use(key=key, access="write", location=at(1))


def step(title: str, *uses: Use) -> Step:
    return Step(
        title=Known(title),
        plugin="demo_100",
        sequence="S",
        location=at(1),
        actions=Actions(uses=uses),
    )


def sequence(title: str, position: int, *steps: Step) -> Sequence:
    return Sequence(title=title, plugin="demo_100", location=at(1), position=position, steps=steps)


def option(name: str, group: str) -> Option:
    return Option(name=name, plugin="demo_100", group=group, location=at(1))


INSTALL = option("CONFIG_INSTALL", "GLOBAL")
PORT = option("CONFIG_PORT", "AGENT")
ALONE = option("CONFIG_ALONE", "GLOBAL")
HOSTILE = '<script>alert(1)</script> & "co" \x07\u202e'


def questions(*sequences: Sequence) -> Questions:
    groups = (
        OptionGroup(name="GLOBAL", plugin="demo_100", location=at(1), options=(INSTALL, ALONE)),
        OptionGroup(
            name="AGENT",
            plugin="demo_100",
            location=at(1),
            options=(PORT,),
            condition=Compare("CONFIG_INSTALL", "==", "y"),
        ),
    )
    plugin = Plugin(
        module="demo_100", order=100, location=at(1), groups=groups, sequences=sequences
    )
    template = Template(
        name="demo/agent", type="class", location=at(1), uses=(reads("CONFIG_PORT"),)
    )
    return Questions(
        Project(
            schema_version=SCHEMA_VERSION, name="demo", plugins=(plugin,), templates=(template,)
        )
    )


ASKED = questions(
    sequence("Prepare", 1, step("Discover", sets("HOST_DETAILS"), sets("IP_VERSION"))),
    sequence("Install", 2, step("Database", reads("IP_VERSION"), sets("DB_URL"))),
    sequence("Puppet", 3, step("Apply", reads("HOST_DETAILS"), reads("DB_URL"))),
)


def test_the_run_order_says_what_flows_from_step_to_step() -> None:
    assert (
        "1. Prepare",
        "   Discover: sets IP_VERSION for Database; sets HOST_DETAILS for Apply",
        "2. Install",
        "   Database: sets DB_URL for Apply",
        "3. Puppet",
        "   Apply",
    ) == run_order(ASKED).lines


def test_a_step_gets_a_key_from_the_last_step_that_set_it() -> None:
    flows = questions(
        sequence(
            "S", 1, step("A", sets("K")), step("B", sets("K"), reads("K")), step("C", reads("K"))
        )
    ).flows

    assert [("demo_100/A", ("demo_100/B",)), ("demo_100/B", ("demo_100/C",))] == [
        (flow.writer, flow.readers) for flow in flows
    ]


def test_the_picture_draws_one_lane_for_each_way() -> None:
    root = parsed(run_order(ASKED).svg)

    assert 3 == len(root.findall(f".//{SVG}line"))
    assert 6 == len(root.findall(f".//{SVG}circle"))


def test_lanes_that_do_not_overlap_share_a_column() -> None:
    asked = questions(
        sequence(
            "S",
            1,
            step("A", sets("K")),
            step("B", reads("K")),
            step("C", sets("L")),
            step("D", reads("L")),
        )
    )
    root = parsed(run_order(asked).svg)

    assert 1 == len({line.get("x1") for line in root.findall(f".//{SVG}line")})


def test_a_screen_reader_hears_a_title_and_a_description() -> None:
    root = parsed(run_order(ASKED).svg)
    named = [element.get("id") for element in root if element.tag in {f"{SVG}title", f"{SVG}desc"}]

    assert root.get("role") in {"img", "group"}  # a group where it holds links
    assert (root.get("aria-labelledby") or "").split() == named
    assert all(element.text for element in root if element.tag.endswith(("title", "desc")))


def test_a_picture_needs_nothing_from_elsewhere() -> None:
    for tag in parsed(run_order(ASKED).svg).iter():
        assert tag.tag.removeprefix(SVG) in {"svg", "title", "desc", "text", "line", "circle", "g"}


def test_texts_of_plugins_are_no_markup() -> None:
    asked = questions(sequence(HOSTILE, 1, step(HOSTILE, sets(HOSTILE)), step("B", reads(HOSTILE))))
    svg = run_order(asked).svg

    assert "<script" not in svg
    assert "\x07" not in svg
    assert "\u202e" not in svg
    assert any("<script>" in (t.text or "") for t in parsed(svg).iter(f"{SVG}text"))


@pytest.mark.parametrize("page", ["#ffffff", "#131416"])
@pytest.mark.parametrize("ink", COLOURS)
def test_every_colour_can_be_seen_on_a_light_and_a_dark_page(ink: str, page: str) -> None:
    light, dark = sorted((_luminance(ink), _luminance(page)), reverse=True)

    assert (light + 0.05) / (dark + 0.05) >= 3  # WCAG 2.2, 1.4.11


def _luminance(colour: str) -> float:
    channels = [int(pair, 16) / 255 for pair in re.findall("[0-9a-f]{2}", colour)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ('a" onload="x', "a&quot; onload=&quot;x"),
        ("a<b>&c", "a&lt;b&gt;&amp;c"),
        ("\x07", "⟨U+0007⟩"),
    ],
)
def test_a_text_is_no_markup_in_a_picture(text: str, shown: str) -> None:
    """In attributes too, which quotes would end."""
    assert shown == svg.escape(text)
    assert f'<a href="{shown}"><title>{shown}</title>' in svg.linked("", text, text)
