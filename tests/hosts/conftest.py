"""Fixtures of the tests on real hosts: labs, an installer run as a person runs it, its times."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.hosts.installing import Installer
from tests.hosts.lab.lab import Lab
from tests.hosts.lab.person import Outcome
from tests.hosts.lab.prepared import puppet_layer

TIMES = pytest.StashKey[list[tuple[str, Outcome]]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TIMES] = []


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


@pytest.fixture(scope="module")
def times(request: pytest.FixtureRequest) -> list[tuple[str, Outcome]]:
    """Return the list in which every run's times are kept for the summary."""
    return request.config.stash[TIMES]


@pytest.fixture(scope="module")
def installer(lab: Lab, times: list[tuple[str, Outcome]]) -> Installer:
    """Return the installer at the lab's network."""
    return Installer(lab.person, times)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    runs = config.stash.get(TIMES, [])
    if runs:
        terminalreporter.section("what the installer took its time for")
    for name, outcome in runs:
        terminalreporter.write_line(f"{outcome.seconds:7.1f} s  {name}")
        for phase in phases(outcome.output):
            terminalreporter.write_line(f"             {phase}")


def phases(output: str) -> list[str]:
    """Return the lines in which the installer tells a phase's or a host's time."""
    return [line.strip() for line in output.splitlines() if line.endswith(" s")]
