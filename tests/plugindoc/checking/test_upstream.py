"""Upstream's releases: all that is found in them, read by a person, line by line.

Every finding of the snapshots was held against the sources of that release. A new line in them
needs the same; an error that is no defect is a mistake of its rule.
"""

from __future__ import annotations

from functools import cache

import pytest
from syrupy.assertion import SnapshotAssertion

from plugindoc.checking.reporters.outcome import Outcome
from plugindoc.commands import check_run
from tests.upstream import release

UNREAD = "PD002"
"""What reading gave up on is a matter of the reader's own tests."""


@cache
def outcome(version: str, *, taste: bool = False) -> Outcome:
    extend = ["ALL"] if taste else []
    return check_run.look(check_run.request((release(version),), extend_select=extend))


@pytest.mark.parametrize("version", ["26.0.0", "15.0.1"])
def test_what_is_found(version: str, snapshot: SnapshotAssertion) -> None:
    found = [each for each in outcome(version).shown if each.diagnostic.code != UNREAD]
    rows = sorted(
        f"{each.diagnostic.code} {each.diagnostic.location.path.rpartition('/')[2]} "
        f"{each.diagnostic.message}"
        for each in found
    )
    assert snapshot == "\n".join(rows)


@pytest.mark.parametrize(
    ("code", "about"),
    [
        ("PD101", "CONFIG_HORIZON_SSL_CACERT"),
        ("PD102", "CONFIG_HORIZON_SSL_CACHAIN"),
        ("PD103", "CONFIG_KEYSTONE_ADMIN_EMAIL"),
        ("PD104", "CONFIG_MANILA_GLUSTERFS_VOLUME_PATTERN"),
        ("PD106", "CONFIG_CINDER_BACKEND"),
        ("PD107", "CONFIG_MANILA_NETAPP_LOGIN"),
        ("PD109", "CONFIG_SATELLITE_URL"),
        ("PD111", "CONFIG_NEUTRON_OVS_EXTERNAL_PHYSNET"),
        ("PD204", "CONFIG_AMQP_AUTH_PASSWORD"),
        ("PD208", "CONFIG_MANILA_SERVICE_INSTANCE_PASSWORD"),
        ("PD212", "CONFIG_TROVE_NOVA_TENANT"),
        ("PD213", "CONFIG_RH_PROXY_PASSWORD"),
        ("PD214", "CONFIG_MANILA_NETWORK_STANDALONE_GATEWAY"),
        ("PD216", "CONFIG_RH_PROXY"),
    ],
)
def test_known_defects_of_26_are_found(code: str, about: str) -> None:
    found = {(each.diagnostic.code, each.diagnostic.object) for each in outcome("26.0.0").shown}
    assert (code, about) in found


def test_a_step_that_may_be_unbound_is_found_where_it_was() -> None:
    def found(version: str) -> list[str]:
        shown = outcome(version).shown
        return [each.diagnostic.object for each in shown if each.diagnostic.code == "PD404"]

    assert ["nova_300"] == found("15.0.1")
    assert [] == found("26.0.0")


def test_taste_is_told_only_when_asked_for() -> None:
    assert 0 == outcome("26.0.0").by_severity["info"]
    assert 0 < outcome("26.0.0", taste=True).by_severity["info"]
