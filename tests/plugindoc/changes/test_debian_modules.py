"""Debian's OpenStack modules from one release to the next, counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.changes.modules import compare_modules
from plugindoc.extraction.modules import read_modules
from plugindoc.loading import load
from plugindoc.model.modules import Classes
from tests.puppet_modules import modules

pytestmark = pytest.mark.deep

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def bookworm() -> Classes:
    return read_modules(modules("bookworm"))


@pytest.fixture(scope="module")
def trixie() -> Classes:
    return read_modules(modules("trixie"))


def test_every_manifest_is_understood(bookworm: Classes, trixie: Classes) -> None:
    assert ((), ()) == (bookworm.problems, trixie.problems)


def test_what_is_gone_is_counted(bookworm: Classes, trixie: Classes) -> None:
    kept = [each for name, each in bookworm.by_name.items() if name in trixie]
    gone = [
        (each.name, parameter)
        for each in kept
        for parameter in each.parameters
        if parameter not in trixie.by_name[each.name].parameters
    ]

    assert (496, 19) == (len(bookworm.by_name), len(bookworm.by_name) - len(kept))
    assert (5123, 131) == (
        sum(len(each.parameters) for each in bookworm.by_name.values()),
        len(gone),
    )


def test_what_is_deprecated_is_counted(bookworm: Classes, trixie: Classes) -> None:
    counts = [
        (
            sum(bool(each.deprecated) for each in side.by_name.values()),
            sum(
                bool(one.deprecated)
                for each in side.by_name.values()
                for one in each.parameters.values()
            ),
        )
        for side in (bookworm, trixie)
    ]

    assert [(14, 76), (17, 46)] == counts


def test_the_linux_bridge_is_deprecated_in_both(bookworm: Classes, trixie: Classes) -> None:
    told = "Support for the linuxbridge mechanism driver has been deprecated."
    name = "neutron::agents::ml2::linuxbridge"

    assert [told, told] == [side.by_name[name].deprecated for side in (bookworm, trixie)]


def test_nothing_that_the_bundled_installer_uses_is_gone(
    bookworm: Classes, trixie: Classes
) -> None:
    found = compare_modules(bookworm, trixie, load(ROOT / "source_packstack"))

    assert 0 == found.summary()["breaking"]
    assert () == found.problems
