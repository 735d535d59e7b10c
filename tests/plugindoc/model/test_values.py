"""Values say what is known, what is not, and show both."""

import pytest

from plugindoc.model.conditions import Compare
from plugindoc.model.values import (
    Alternatives,
    Branch,
    Dynamic,
    Entries,
    Items,
    Known,
    Reference,
    Text,
    Value,
    is_known,
    items,
    known_text,
    members,
    text,
    truth,
    words,
)

HOST = Dynamic("gethostname()", "the machine's name")
ON = Compare("CONFIG_X", "==", "y")


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        (Known(["y", "n"]), items([Known("y"), Known("n")])),
        (Items((Known("y"), HOST)), items([Known("y"), HOST])),
        (Known(""), text([])),
        (Known("admin@"), text(["admin", "", "@"])),
        (Text(("admin@", HOST)), text(["admin", "@", HOST])),
        (Text((HOST,)), text([HOST])),
    ],
)
def test_constructors_keep_known_data_plain(expected: Value, value: Value) -> None:
    assert expected == value


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        ("", None),
        ("y", Known("y")),
        ("None", Known(None)),
        ("16", Known(16)),
        ("['y', 'n']", Known(["y", "n"])),
        ("admin@⟨gethostname()⟩", Text(("admin@", HOST))),
        ("[y, validators.validate_ssh]", Items((Known("y"), Reference("validators.validate_ssh")))),
        ("{a: ⟨gethostname()⟩}", Entries(((Known("a"), HOST),))),
        ("a or b", Alternatives((Branch(ON, Known("a")), Branch(ON, Known("b"))))),
    ],
)
def test_words_show_a_value_in_one_line(expected: str, value: Value | None) -> None:
    assert expected == words(value)


@pytest.mark.parametrize(
    ("expected", "value"),
    [
        (False, None),
        (False, Known("")),
        (True, Known("y")),
        (True, Reference("f")),
        (True, Text(("admin@", HOST))),
        (None, Text((HOST,))),
        (None, HOST),
        (True, Alternatives((Branch(ON, Known("a")), Branch(ON, Known("b"))))),
        (None, Alternatives((Branch(ON, Known("a")), Branch(ON, Known(""))))),
    ],
)
def test_truth_is_told_only_where_it_is_known(
    expected: bool | None,  # noqa: FBT001 - the expected answer
    value: Value | None,
) -> None:
    assert expected is truth(value)


def test_members_of_lists_and_of_nothing_else() -> None:
    assert (Known("y"), Known("n")) == members(Known(["y", "n"]))
    assert (HOST,) == members(Items((HOST,)))
    assert (Reference("f"),) == members(Reference("f"))
    assert () == members(Known("yes"))
    assert () == members(None)


def test_only_a_known_text_is_a_known_text() -> None:
    assert "y" == known_text(Known("y"))
    assert known_text(Known(1)) is None
    assert known_text(HOST) is None
    assert is_known(Known(None))
    assert not is_known(None)
