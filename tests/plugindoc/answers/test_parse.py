"""Answer files are read as the installer's own parser reads them."""

from __future__ import annotations

import configparser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugindoc.answers import AnswersError, parse

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
        return {} if not parser.sections() else None
    return dict(parser.items("general"))


@given(LINES)
def test_the_same_as_python_s_own_parser(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        found = {answer.name.lower(): answer.value for answer in parse(text, "answers.txt")}
    except AnswersError:
        found = None
    expected = by_configparser(text)
    if expected is not None and found is not None:
        expected = {name: " ".join(value.split()) for name, value in expected.items()}
        assert expected == {name: " ".join(value.split()) for name, value in found.items()}
    else:
        assert expected is found


def test_names_have_places() -> None:
    first, second = parse("[general]\n\n# comment\nCONFIG_A=1\nCONFIG_B=2\n", "answers.txt")
    assert ("CONFIG_A", "1", 4) == (first.name, first.value, first.location.line)
    assert ("CONFIG_B", "2", 5) == (second.name, second.value, second.location.line)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("CONFIG_A=1\n", "answers.txt:1: there is no [general] in front of the first answer"),
        ("[general]\nCONFIG_A\n", "answers.txt:2: neither NAME=VALUE nor a comment"),
        ("[all]\nCONFIG_A=1\n", "answers.txt:1: section [all]; an answer file has only [general]"),
    ],
)
def test_what_is_no_answer_file_is_told_with_its_line(text: str, complaint: str) -> None:
    with pytest.raises(AnswersError) as error:
        parse(text, "answers.txt")
    assert complaint == str(error.value)


def test_a_message_never_shows_a_line() -> None:
    with pytest.raises(AnswersError) as error:
        parse("[general]\nhunter2\n", "answers.txt")
    assert "hunter2" not in str(error.value)
