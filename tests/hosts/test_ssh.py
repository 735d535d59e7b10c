"""OpenSSH is the person's own: what their configuration says holds for the installer too."""

from __future__ import annotations

import pytest

from tests.hosts.installing import Pair

pytestmark = pytest.mark.e2e


def test_a_host_is_reached_through_the_jump_host_of_the_persons_ssh_config(pair: Pair) -> None:
    config = pair.installer.person.home / ".ssh" / "config"
    config.write_text(f"Host {pair.second.address}\n  ProxyJump {pair.first.address}\n")
    installed = pair.install("through a jump host")
    config.unlink()
    assert 0 == installed.code, installed
    assert pair.both_serve()
    logins = (pair.second.directory / "log").read_text()
    assert f"from {pair.first.address} port" in logins
    assert "from 192.0.2.1 port" not in logins
