"""Fixes: the right places, whatever the file's bytes; nothing half done."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.checking.diagnostics import Diagnostic, Edit, Fix
from plugindoc.checking.fixes import apply, plan
from plugindoc.model.locations import Location

NAME = "plugin.py"


def edit(line: int, column: int, end_column: int, text: str, path: str = NAME) -> Edit:
    return Edit(Location(path, line, column, line, end_column), text)


def finding(*edits: Edit, safe: bool = True) -> Diagnostic:
    return Diagnostic(
        code="PD206",
        name="empty-choice-list",
        severity="warning",
        message="",
        object="CONFIG_X",
        location=edits[0].span,
        fix=Fix(edits, safe),
    )


def fixed(folder: Path, content: bytes, *findings: Diagnostic, unsafe: bool = False) -> bytes:
    file = folder / NAME
    file.write_bytes(content)
    apply(folder, plan(folder, findings, unsafe=unsafe))
    return file.read_bytes()


def test_earlier_places_stay_true_when_later_ones_change(tmp_path: Path) -> None:
    content = b"a = [1]\nb = [2]\n"
    findings = [finding(edit(1, 5, 8, "[]")), finding(edit(2, 5, 8, "[10, 20]"))]
    assert b"a = []\nb = [10, 20]\n" == fixed(tmp_path, content, *findings)


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"\xef\xbb\xbfa = [1]\n", b"\xef\xbb\xbfa = []\n"),
        (b"a = [1]\r\nb = 2\r\n", b"a = []\r\nb = 2\r\n"),
        ("é = [1]\n".encode(), "é = []\n".encode()),
        (b"a = [1]", b"a = []"),
        (b"a = [1]\rb = 2\r", b"a = []\rb = 2\r"),
    ],
    ids=["byte-order mark", "windows", "more bytes than characters", "no last line end", "old Mac"],
)
def test_everything_else_stays_byte_for_byte(
    content: bytes, expected: bytes, tmp_path: Path
) -> None:
    assert expected == fixed(tmp_path, content, finding(edit(1, 5, 8, "[]")))


def test_of_two_that_overlap_the_later_waits(tmp_path: Path) -> None:
    findings = [finding(edit(1, 1, 4, "x")), finding(edit(1, 2, 3, "y"))]
    assert b"x\n" == fixed(tmp_path, b"abc\n", *findings)


def test_an_unsafe_fix_waits_to_be_asked_for(tmp_path: Path) -> None:
    unsafe = finding(edit(1, 1, 2, "b"), safe=False)
    assert b"a\n" == fixed(tmp_path, b"a\n", unsafe)
    assert b"b\n" == fixed(tmp_path, b"a\n", unsafe, unsafe=True)


@pytest.mark.parametrize("place", [edit(9, 1, 2, "x"), edit(1, 1, 99, "x")])
def test_a_place_beyond_the_file_changes_nothing(place: Edit, tmp_path: Path) -> None:
    assert b"abc" == fixed(tmp_path, b"abc", finding(place))


def test_a_file_outside_the_root_is_left_alone(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    outside = tmp_path / "outside.py"
    outside.write_text("a")
    (root / "link.py").symlink_to(outside)
    for path in ("../outside.py", "link.py"):
        assert () == plan(root, [finding(edit(1, 1, 2, "x", path))], unsafe=False)


def test_a_file_that_is_not_utf_8_is_left_alone(tmp_path: Path) -> None:
    assert b"a\xff" == fixed(tmp_path, b"a\xff", finding(edit(1, 1, 2, "x")))


def test_permissions_stay(tmp_path: Path) -> None:
    file = tmp_path / NAME
    file.write_text("a")
    file.chmod(0o750)
    fixed(tmp_path, b"a", finding(edit(1, 1, 2, "b")))
    assert 0o750 == file.stat().st_mode & 0o777


def test_a_diff_shows_what_would_change(tmp_path: Path) -> None:
    (tmp_path / NAME).write_text("a = [1]")
    (change,) = plan(tmp_path, [finding(edit(1, 5, 8, "[]"))], unsafe=False)
    assert (
        "--- a/plugins/x.py\n+++ b/plugins/x.py\n@@ -1 +1 @@\n"
        "-a = [1]\n\\ No newline at end of file\n+a = []\n\\ No newline at end of file\n"
    ) == change.diff("plugins/x.py")
