"""Upstream's manifests are read completely: compared with a search in their text."""

import re

import pytest

from plugindoc.extraction.templates import Holder, read_templates
from plugindoc.model.locations import Location
from plugindoc.model.project import Problem, Template
from tests.upstream import release

CALL = re.compile(r"\b(?:lookup|hiera(?:_[a-z]+)?)\s*\(")
COMMENT = re.compile(r"(?m)^\s*#.*$")
INCLUDE = re.compile(r"(?m)^\s*(?:include|contain|require)\s+'?(?:::)?([a-z_0-9:]+)'?\s*$")
DECLARED = re.compile(r"\bclass\s*\{\s*['\"](?:::)?([a-z_0-9:]+)['\"]\s*:")


def read(version: str) -> tuple[tuple[Template, ...], tuple[Problem, ...]]:
    root = release(version)
    return read_templates(Holder(root, [root / "packstack"]))


def manifests(version: str) -> dict[str, str]:
    root = release(version)
    return {
        path.relative_to(root).as_posix(): COMMENT.sub("", path.read_text())
        for path in (root / "packstack" / "puppet").rglob("*.pp")
    }


@pytest.mark.parametrize(("version", "calls"), [("26.0.0", 985), ("15.0.1", 1091)])
def test_every_lookup_outside_comments_is_found(version: str, calls: int) -> None:
    searched = {path: len(CALL.findall(text)) for path, text in manifests(version).items()}
    places: dict[str, set[Location]] = {path: set() for path in searched}
    for template in read(version)[0]:
        if template.type not in {"erb", "text"}:
            places[template.location.path].update(use.location for use in template.uses)

    assert calls == sum(searched.values())
    assert searched == {path: len(found) for path, found in places.items()}


@pytest.mark.parametrize("version", ["26.0.0", "15.0.1"])
def test_every_class_that_a_manifest_brings_in_is_found(version: str) -> None:
    searched = {
        path: sorted({*INCLUDE.findall(text), *DECLARED.findall(text)})
        for path, text in manifests(version).items()
    }
    found: dict[str, set[str]] = {path: set() for path in searched}
    for template in read(version)[0]:
        for include in template.includes:
            found[template.location.path].add(include.name)

    assert {path: [] for path in searched} == {
        path: [name for name in names if name not in found[path]]
        for path, names in searched.items()
    }


@pytest.mark.parametrize("version", ["26.0.0", "15.0.1"])
def test_upstream_has_no_statement_that_is_not_understood(version: str) -> None:
    assert () == read(version)[1]


@pytest.mark.parametrize("version", ["26.0.0", "15.0.1"])
def test_each_class_of_upstreams_module_is_where_puppet_looks_for_it(version: str) -> None:
    classes = [template for template in read(version)[0] if template.type == "class"]

    assert [t.name for t in classes] == [t.class_name.replace("::", "/") for t in classes]
    assert len(classes) == len({template.name for template in classes})
