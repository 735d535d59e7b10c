"""What happened to an option, from release to release."""

from __future__ import annotations

import pytest

from plugindoc.changes.history import between, gone_options, newest_name, timeline
from plugindoc.model.changes import Change, ReleaseChanges


def change(kind: str, name: str, old_name: str = "", **more: object) -> Change:
    impact = "breaking"
    return Change(
        kind=kind,
        thing="option",
        name=name,
        old_name=old_name,
        impact=impact,
        message=".",
        **more,  # type: ignore[arg-type] # fields of a change
    )


HISTORY = (
    ReleaseChanges("2", "1", (change("added", "A"), change("removed", "GONE"))),
    ReleaseChanges("3", "2", (change("default", "A"),)),
    ReleaseChanges("4", "3", (change("renamed", "B", "A", rename="declared"),)),
    ReleaseChanges("5", "4", ()),
    ReleaseChanges(
        "6",
        "5",
        (change("renamed", "C", "B", rename="likely"), change("choices", "C"), change("flag", "D")),
    ),
)


def kinds(name: str) -> list[tuple[str, str]]:
    return [(event.release, event.change.kind) for event in timeline(HISTORY, name)]


def test_an_option_is_followed_through_its_old_names() -> None:
    expected = [("2", "added"), ("3", "default"), ("4", "renamed"), ("6", "renamed")]
    assert [*expected, ("6", "choices")] == sorted(kinds("C"), key=lambda pair: pair[0])
    assert [("6", "flag")] == kinds("D")
    assert [] == kinds("NEVER")


@pytest.mark.parametrize(("name", "newest"), [("A", "C"), ("B", "C"), ("C", "C"), ("D", "D")])
def test_an_old_name_leads_to_the_newest(name: str, newest: str) -> None:
    assert newest == newest_name(HISTORY, name)


def test_options_that_are_gone_say_when_and_what_replaced_them() -> None:
    gone = gone_options(HISTORY, frozenset({"C", "D"}))
    assert [("A", "4", "C"), ("B", "6", "C"), ("GONE", "2", "")] == [
        (each.name, each.release, each.successor) for each in gone
    ]
    assert ["GONE"] == [each.name for each in gone_options(HISTORY, frozenset("ABCD"))]


def test_releases_between_two() -> None:
    assert ["2", "3", "4", "5", "6"] == [each.release for each in between(HISTORY)]
    assert ["4", "5"] == [each.release for each in between(HISTORY, "3", "5")]
    assert ["2"] == [each.release for each in between(HISTORY, "1", "2")]
    with pytest.raises(LookupError, match="no release 9; it has 1, 2, 3, 4, 5, 6"):
        between(HISTORY, "9")
