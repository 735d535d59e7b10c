"""Debian's OpenStack modules from one release to the next, counted twice.

plugindoc's own figures are held, and beside them those of a reader that shares no code with it. In
November 2026, Puppet's own parser (``Puppet::Pops``) gave the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from plugindoc.changes.modules import compare_modules
from plugindoc.extraction.modules import read_modules
from plugindoc.loading import load
from plugindoc.model.class_uses import ClassUses
from plugindoc.model.modules import Classes
from plugindoc.model.questions import Questions
from plugindoc.reading.puppet import parse_epp, parse_manifest
from plugindoc.settings import Found, Settings
from plugindoc.states import with_classes
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


# Names of parameters by class or defined type.
Signatures = dict[str, set[str]]


def of_kinds(classes: Classes, *kinds: str) -> Signatures:
    found = classes.by_name.items()
    return {name: {*each.parameters} for name, each in found if each.kind in kinds}


def gone(old: Signatures, new: Signatures) -> tuple[int, int, int, int]:
    """Count classes, those that went, parameters, and those that went of the classes that stay."""
    kept = old.keys() & new.keys()
    return (
        len(old),
        len(old) - len(kept),
        sum(map(len, old.values())),
        sum(len(old[name] - new[name]) for name in kept),
    )


def test_what_is_gone_is_counted(bookworm: Classes, trixie: Classes) -> None:
    kinds = "class", "define"

    assert (496, 19, 5123, 131) == gone(of_kinds(bookworm, *kinds), of_kinds(trixie, *kinds))
    assert (401, 15, 4051, 129) == gone(of_kinds(bookworm, "class"), of_kinds(trixie, "class"))


def test_another_reader_finds_the_same_classes_and_parameters(
    bookworm: Classes, trixie: Classes
) -> None:
    for release, found in {"bookworm": bookworm, "trixie": trixie}.items():
        for kind in ("class", "define"):
            assert dict(signatures(modules(release), kind)) == of_kinds(found, kind)


TOKEN: Final = re.compile(
    r"""\#[^\n]* | '(?:\\.|[^'\\])*' | "(?:\\.|[^"\\])*" | \$\w+ | \w+(?:::\w+)* | \S""", re.VERBOSE
)


def signatures(folder: Path, kind: str) -> Iterator[tuple[str, set[str]]]:
    """Yield the classes or defined types of the eleven modules: what `kind` begins in column 1."""
    for module in sorted(OPENSTACK):
        for file in (folder / module / "manifests").rglob("*.pp"):
            text = file.read_text(encoding="utf-8")
            for found in re.finditer(rf"^{kind}\s+(?:::)?([\w:]+)[^({{]*", text, re.MULTILINE):
                yield found[1], {*parameters(text[found.end() :])}


def parameters(text: str) -> Iterator[str]:
    """Yield the variables that are the first of their item in a bracketed list at the start."""
    depth, waiting = 0, True
    if not text.startswith("("):
        return
    for word in TOKEN.findall(text):
        depth += (word in {*"([{"}) - (word in {*")]}"})
        if not depth:
            return
        if depth == 1 and waiting and word[0] == "$":
            yield word[1:]
            waiting = False
        elif depth == 1 and word == ",":
            waiting = True


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


@pytest.mark.parametrize("release", PINS)
def test_the_parameters_that_the_bundled_installer_sets_have_texts(release: str) -> None:
    project, warnings = with_classes(
        load(ROOT / "source_packstack"), Found(Settings()), modules(release)
    )
    by_name = {one.name: one for one in project.classes}
    whole = read_modules(modules(release)).by_name
    for name, one in by_name.items():
        for key, parameter in one.parameters.items():
            assert whole[name].parameters[key] == parameter

    assert () == warnings
    fed = ClassUses(Questions(project)).fed
    expected = {
        "CONFIG_HORIZON_SECRET_KEY": "horizon::secret_key",
        "CONFIG_THIS_HOST_BRIDGES": "neutron::agents::ml2::ovs::bridge_mappings",
    }
    for key, parameter in expected.items():
        assert [parameter] == [f"{one.name}::{one.parameter.name}" for one in fed[key]]
    assert all(one.parameter.text for every in fed.values() for one in every)
