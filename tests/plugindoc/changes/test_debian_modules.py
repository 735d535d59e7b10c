"""Debian's OpenStack modules from one release to the next, counted."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.changes.modules import compare_modules
from plugindoc.extraction.modules import read_modules
from plugindoc.loading import load
from plugindoc.model.modules import Classes
from plugindoc.reading.puppet import parse_epp, parse_manifest
from tests.puppet_modules import PINS, modules

pytestmark = pytest.mark.deep

ROOT = Path(__file__).parents[3]


OPENSTACK = {"cinder", "glance", "heat", "horizon", "keystone", "neutron", "nova"}
OPENSTACK |= {"openstacklib", "oslo", "placement", "swift"}


def openstack(release: str) -> Classes:
    found = read_modules(modules(release))
    kept = {n: each for n, each in found.by_name.items() if n.partition("::")[0] in OPENSTACK}
    return Classes(kept, found.problems, found.root)


@pytest.fixture(scope="module")
def bookworm() -> Classes:
    return openstack("bookworm")


@pytest.fixture(scope="module")
def trixie() -> Classes:
    return openstack("trixie")


@pytest.mark.parametrize("release", PINS)
def test_every_statement_is_understood(release: str) -> None:
    parsers = {".pp": parse_manifest, ".epp": parse_epp}
    files = [file for file in modules(release).rglob("*.*pp") if file.suffix in parsers]
    broken = [
        str(parsed.location(error))
        for file in files
        for parsed in [parsers[file.suffix](str(file), file.read_text(encoding="utf-8"))]
        for error in parsed.errors()
    ]

    assert len(files) > 800
    assert [] == broken


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
