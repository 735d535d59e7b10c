"""Upstream's releases, compared with each other in both directions."""

from __future__ import annotations

from functools import cache

import pytest

from plugindoc.changes.comparison import Comparison, compare
from plugindoc.loading import load
from plugindoc.model.project import Project
from tests.upstream import groups, release


@cache
def upstream(version: str) -> Project:
    return load(release(version))


@cache
def compared(old: str, new: str) -> Comparison:
    return compare(upstream(old), upstream(new))


def came(found: Comparison) -> set[tuple[str, str]]:
    kinds = {"added", "renamed"}
    return {(each.thing, each.name) for each in found.changes if each.kind in kinds}


def went(found: Comparison) -> set[tuple[str, str]]:
    gone = {(each.thing, each.name) for each in found.changes if each.kind == "removed"}
    return gone | {(e.thing, e.old_name) for e in found.changes if e.kind == "renamed"}


def about(found: Comparison, kind: str) -> set[tuple[str, str]]:
    return {(each.thing, each.name) for each in found.changes if each.kind == kind}


@pytest.mark.parametrize("version", groups(1))
def test_nothing_changes_from_a_release_to_itself(version: str) -> None:
    assert Comparison(()) == compared(version, version)


@pytest.mark.parametrize("pair", groups(2))
def test_the_other_direction_swaps_what_came_and_what_went(pair: tuple[str, str]) -> None:
    forth, back = compared(*pair), compared(*reversed(pair))
    assert came(forth) == went(back)
    assert went(forth) == came(back)


@pytest.mark.parametrize("pair", groups(2))
@pytest.mark.parametrize("kind", ["default", "choices", "usage", "flag", "condition", "readers"])
def test_the_other_direction_finds_the_same_fields(pair: tuple[str, str], kind: str) -> None:
    forth, back = compared(*pair), compared(*reversed(pair))
    assert about(forth, kind) == about(back, kind)


def test_what_the_last_release_means_for_its_users() -> None:
    breaking = [
        each.id for each in compared("23.0.0", "26.0.0").changes if each.impact == "breaking"
    ]
    assert {
        "option-removed:CONFIG_SAHARA_INSTALL",
        "option-removed:CONFIG_NEUTRON_LB_INTERFACE_MAPPINGS",
        "option-choices:CONFIG_NEUTRON_L2_AGENT",
        "option-choices:CONFIG_CINDER_BACKEND",
        "option-default:CONFIG_NOVA_PCI_ALIAS",
    } <= {*breaking}
