"""Fixtures of the tests on real hosts: labs, an installer run as a person runs it, its times."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from xdist.workermanage import WorkerController

from tests.hosts.installing import Installer, Pair
from tests.hosts.lab.lab import Lab
from tests.hosts.lab.prepared import puppet_layer
from tests.hosts.timing import Times

TIMES = pytest.StashKey[Times]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TIMES] = Times()


@pytest.fixture(scope="session", autouse=True)
def _root() -> None:
    if os.geteuid():
        pytest.fail("namespaces and mounts need root; `make e2e` says what else", pytrace=False)


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    """Yield a network whose hosts are bare Debian 12."""
    with Lab() as lab:
        yield lab


@pytest.fixture(scope="module")
def puppet_lab() -> Iterator[Lab]:
    """Yield a network whose hosts have Puppet already, so that an installation takes seconds."""
    with Lab(layers=(puppet_layer(),)) as lab:
        yield lab


@pytest.fixture
def pair(puppet_lab: Lab, times: Times, request: pytest.FixtureRequest) -> Iterator[Pair]:
    """Yield two fresh hosts that have Puppet; a parameter says what is special of the second."""
    number = len(puppet_lab.hosts)
    first = puppet_lab.add(f"first{number}")
    second = puppet_lab.add(f"second{number}", **getattr(request, "param", {}))
    yield Pair(Installer(puppet_lab.person, times), first, second)
    first.stop()
    second.stop()


@pytest.fixture(scope="session")
def times(request: pytest.FixtureRequest) -> Times:
    """Return where every run's times are kept for the summary."""
    return request.config.stash[TIMES]


@pytest.fixture(scope="module")
def installer(lab: Lab, times: Times) -> Installer:
    """Return the installer at the lab's network."""
    return Installer(lab.person, times)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Hand the times of a process that ran tests to the one that writes the summary."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["times"] = session.config.stash[TIMES].lines


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: WorkerController) -> None:
    node.config.stash[TIMES].lines.extend(getattr(node, "workeroutput", {}).get("times", []))


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    lines = config.stash[TIMES].lines
    if lines:
        terminalreporter.section("what the installer took its time for")
    for line in lines:
        terminalreporter.write_line(line)
