"""Which names and numbers a new plugin can have."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plugindoc.model.locations import Location
from plugindoc.model.project import OptionGroup, Plugin, Project
from plugindoc.scaffolding.names import (
    NameProblem,
    Names,
    free_number,
    names_for,
    title_for,
)


def project(*modules: str, groups: tuple[str, ...] = ()) -> Project:
    here = Location("plugins/x.py", 1)
    declared = tuple(OptionGroup(name=name, plugin="x", location=here) for name in groups)
    plugins = tuple(
        Plugin(module=module, order=int(module[-3:]), location=here, groups=declared)
        for module in modules
    )
    return Project(schema_version=1, name="p", plugins=plugins)


UPSTREAM = project("prescript_000", "nova_300", "magnum_920", "trove_850", "puppet_950")


def test_all_names_follow_from_one() -> None:
    names = names_for(UPSTREAM, "file_share", None, "")
    assert Names("file_share", 860, "File share") == names
    assert ("file_share_860", "FILE_SHARE", "CONFIG_FILE_SHARE", "file-share") == (
        names.module,
        names.group,
        names.option,
        names.flag,
    )


@pytest.mark.parametrize(
    ("name", "complaint"),
    [
        ("nova", "there is a plugin nova already: plugins/x.py"),
        ("nova_300", "leave the number out of the name"),
        ("File-Share", "how about file_share?"),
        ("1st", "is no name for a plugin"),
        ("class", "is no name for a plugin"),
        ("", "is no name for a plugin"),
        ("../../etc/passwd", "how about etc_passwd?"),
        ("a" * 41, "at most 40"),
        ("a\n", "is no name for a plugin"),
    ],
)
def test_a_name_that_cannot_be_is_refused_in_one_line(name: str, complaint: str) -> None:
    with pytest.raises(NameProblem) as caught:
        names_for(UPSTREAM, name, None, "")
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_group_that_exists_keeps_its_name() -> None:
    taken = project("nova_300", groups=("VNC_SETTINGS",))
    with pytest.raises(NameProblem, match="nova_300 has an option group VNC_SETTINGS already"):
        names_for(taken, "vnc", None, "")


@pytest.mark.parametrize(
    ("number", "complaint"),
    [(300, "nova_300 has the number 300 already; 860 is free"), (-1, "0 to 999"), (1000, "999")],
)
def test_a_number_that_cannot_be_is_refused(number: int, complaint: str) -> None:
    with pytest.raises(NameProblem, match=complaint):
        names_for(UPSTREAM, "motd", number, "")


@pytest.mark.parametrize("title", ['a "quote"', "a\\n", "{{ x }}", "a\x07", "${x}", "it's"])
def test_a_title_cannot_leave_the_text_that_it_stands_in(title: str) -> None:
    with pytest.raises(NameProblem, match="is no title"):
        title_for(title)


@given(st.sets(st.integers(0, 999), max_size=40))
def test_the_number_found_is_free_and_behind_the_services(taken: set[int]) -> None:
    number = free_number(project(*(f"p{order}_{order:03}" for order in taken)))
    assert number not in taken
    assert all(number > order for order in taken if order < 890)


def test_a_full_project_says_so() -> None:
    full = project(*(f"p_{order:03}" for order in range(1000)))
    with pytest.raises(NameProblem, match="every number from 000 to 999 is taken"):
        free_number(full)
