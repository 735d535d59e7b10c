"""What the installer's machine settles is shown as the plugin writes it, at its own line."""

from __future__ import annotations

import pytest

from plugindoc.model.conditions import describe
from plugindoc.model.project import Plugin
from plugindoc.model.values import Alternatives, Dynamic, Known
from tests.plugindoc.conftest import Read

_NETWORK = """
import socket

available = True
try:
    import netaddr
except ImportError:
    available = False

def get_localhost_ip():
    probe = socket.socket()
    try:
        probe.connect(("192.0.2.1", 53))
        return probe.getsockname()[0]
    except OSError:
        return "127.0.0.1"

def is_address(host):
    if not available:
        raise ImportError("netaddr is missing")
    return netaddr.IPAddress(host)
"""


def _read(read: Read, code: str) -> Plugin:
    files = {
        "packstack/__init__.py": "",
        "packstack/installer/__init__.py": "",
        "packstack/installer/network.py": _NETWORK,
        "packstack/plugins/odd_100.py": code,
    }
    (plugin,) = read(files=files).plugins
    return plugin


def test_a_helpers_result_is_the_call_in_the_plugin(read: Read) -> None:
    code = """
from packstack.installer import network

def initConfig(controller):
    params = [{"CONF_NAME": "CONFIG_HOST", "DEFAULT_VALUE": network.get_localhost_ip()}]
    controller.addGroup({"GROUP_NAME": "ODD"}, params)
"""
    found = _read(read, code).groups[0].options[0].default
    assert isinstance(found, Dynamic)
    assert "network.get_localhost_ip()" == found.source
    assert "socket.socket runs on the installer's machine" == found.reason
    assert found.location is not None
    assert ("packstack/plugins/odd_100.py", 5) == (found.location.path, found.location.line)


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("try:\n    import quick\n    D = 'quick'\nexcept ImportError:\n    D = 'slow'", None),
        ("try:\n    import configparser\n    D = 3\nexcept ImportError:\n    D = 2", Known(3)),
        ("try:\n    import ConfigParser\n    D = 2\nexcept ImportError:\n    D = 3", Known(3)),
        ("try:\n    import imp\n    D = 2\nexcept ImportError:\n    D = 3", Known(2)),
    ],
)
def test_an_import_may_fail_where_it_is_not_pythons_own(
    read: Read, code: str, expected: Known | None
) -> None:
    hook = """
def initConfig(controller):
    controller.addGroup({"GROUP_NAME": "ODD"}, [{"CONF_NAME": "X", "DEFAULT_VALUE": D}])
"""
    found = _read(read, f"{code}\n{hook}").groups[0].options[0].default
    if expected is not None:
        assert expected == found
    else:
        assert isinstance(found, Alternatives)
        assert [
            ("not (ImportError is raised)", Known("quick")),
            ("ImportError is raised", Known("slow")),
        ] == [(describe(branch.guard), branch.value) for branch in found.branches]


def test_a_step_fails_with_nothing_that_its_installer_rules_out(read: Read) -> None:
    code = """
from packstack.installer import network

def initConfig(controller):
    controller.addGroup({"GROUP_NAME": "ODD"}, [{"CONF_NAME": "CONFIG_HOST"}])

def initSequences(controller):
    steps = [{"title": "Looking", "functions": [look]}]
    controller.addSequence("Looking", [], [], steps)

def look(config, messages):
    if not network.is_address(config["CONFIG_HOST"]):
        raise RuntimeError("no address")
"""
    (step,) = _read(read, code).sequences[0].steps
    assert step.actions is not None
    assert ["RuntimeError"] == [failure.error for failure in step.actions.failures]
