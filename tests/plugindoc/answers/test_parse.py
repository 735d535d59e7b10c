"""Answer files are read as the installer's own parser reads them."""

from __future__ import annotations

import configparser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugindoc.answers.parsing import parse

LINES = st.lists(
    st.sampled_from(
        [
            "[general]",
            "CONFIG_A=1",
            "CONFIG_B = two words ",
            "config_c: x=y",
            "  continued",
            "\tCONFIG_D=4",
            "# comment",
            "; comment",
            "   # indented comment",
            "",
            "CONFIG_E=",
            "CONFIG_F",
            "=3",
            "[other]",
            " [general]",
            "CONFIG_G=%(x)s # not a comment",
        ]
    ),
    max_size=8,
)


def by_configparser(text: str) -> dict[str, str] | None:
    parser = configparser.RawConfigParser(strict=False)
    try:
        parser.read_string(text)
    except configparser.Error:
        return None
    if parser.sections() != ["general"]:
        return None
    return dict(parser.items("general"))


@given(LINES)
def test_the_same_as_python_s_own_parser(lines: list[str]) -> None:
    found = parse("\n".join(lines), "answers.txt")
    expected = by_configparser("\n".join(lines))
    if expected is None:
        assert found.faults
    else:
        values = {answer.name.lower(): " ".join(answer.value.split()) for answer in found.answers}
        assert () == found.faults
        assert {name: " ".join(value.split()) for name, value in expected.items()} == values


def test_names_have_places() -> None:
    first, second = parse("[general]\n\n# comment\nCONFIG_A=1\nCONFIG_B=2\n", "answers.txt").answers
    assert ("CONFIG_A", "1", 4) == (first.name, first.value, first.location.line)
    assert ("CONFIG_B", "2", 5) == (second.name, second.value, second.location.line)


@pytest.mark.parametrize(
    ("text", "line", "complaint"),
    [
        ("CONFIG_A=1\n", 1, "missing [general] before the first answer"),
        ("[general]\nCONFIG_A\n", 2, "neither NAME=VALUE nor a comment"),
        ("[general]\n=1\n", 2, "neither NAME=VALUE nor a comment"),
        ("[all]\nCONFIG_A=1\n", 1, "unexpected section [all]; an answer file only has [general]"),
    ],
)
def test_a_line_that_cannot_be_read_is_a_fault(text: str, line: int, complaint: str) -> None:
    (fault,) = parse(text, "answers.txt").faults
    assert (complaint, line) == (fault.message, fault.location.line)


def test_lines_behind_one_that_cannot_be_read_are_read() -> None:
    found = parse("CONFIG_A=1\nhunter2\n[general]\nCONFIG_B=2\n???\nCONFIG_C=3\n", "a.txt")
    assert ["CONFIG_A", "CONFIG_B", "CONFIG_C"] == [answer.name for answer in found.answers]
    assert [1, 2, 5] == [fault.location.line for fault in found.faults]
    assert not any("hunter2" in fault.message for fault in found.faults)


@pytest.mark.parametrize("unit", [" ", "[", "=", " =", "\t:"])
def test_a_line_takes_time_in_proportion_to_its_length(unit: str) -> None:
    # A quadratic pattern would take hours here.
    parse(f"[general]\nCONFIG_A{unit * 1_000_000}x\n", "answers.txt")


@pytest.mark.parametrize(
    ("text", "answers", "faults"),
    [
        ("[general]\nCONFIG_A=1\n", [("CONFIG_A", "1", 9)], []),
        ("[g]\nCONFIG_A=1\n", [("CONFIG_A", "1", 9)], [1]),
        ("[general]\n[]\nA=1\n", [("A", "1", 2)], [2]),
        ("[general]\na]b=1\n", [("a]b", "1", 4)], []),
        ("A=1\nB=2\n", [("A", "1", 2), ("B", "2", 2)], [1]),  # told once
        (
            "[general]\n  A=1\n    more\n  B=2\nC=3\n D\n",
            [("A", "1\nmore", 2), ("B", "2", 2), ("C", "3\nD", 2)],
            [],
        ),
        ("[general]\n=1\n:2\n", [], [2, 3]),
    ],
)
def test_what_is_a_name_and_what_belongs_to_it(
    text: str, answers: list[tuple[str, str, int]], faults: list[int]
) -> None:
    found = parse(text, "answers.txt")
    assert answers == [(one.name, one.value, one.location.end_column) for one in found.answers]
    assert faults == [fault.location.line for fault in found.faults]
