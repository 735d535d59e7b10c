"""The labs themselves: what they keep inside, and that nothing of them is left behind."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.hosts.lab.host import Host
from tests.hosts.lab.lab import Lab
from tests.hosts.lab.teardown import STATE, identity, namespaces, processes

pytestmark = pytest.mark.e2e

ROOT = Path(__file__).parent.parent.parent

STANDING_LAB = """\
import sys
from tests.hosts.lab.lab import Lab

with Lab() as lab:
    lab.add("host", size="64m")
    lab.person.popen("sleep", "1000")
    print(lab.name, lab.janitor, flush=True)
    if sys.stdin.readline() == "fail\\n":
        raise RuntimeError("a test fails")
"""


@dataclass(frozen=True, slots=True)
class Standing:
    """A lab that another process built."""

    owner: subprocess.Popen[str]
    name: str
    janitor: int

    def remains(self) -> list[str]:
        """Return what there is of the lab besides its processes."""
        mounts = Path("/proc/self/mounts").read_text()
        found = [*namespaces(self.name), *map(str, STATE.glob(self.name))]
        return found + (["a mount"] if self.name in mounts else [])


@pytest.fixture
def standing() -> Standing:
    owner = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", STANDING_LAB],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert owner.stdout
    name, janitor = owner.stdout.readline().split()
    return Standing(owner, name, int(janitor))


def wait_until_gone(standing: Standing, records: set[str | None]) -> None:
    deadline = time.monotonic() + 60
    while remains := standing.remains() + [
        record for record in records if record and identity(int(record.split()[0])) == record
    ]:
        assert time.monotonic() < deadline, f"{remains} of {standing.name} remain"
        time.sleep(0.05)


def end(owner: subprocess.Popen[str], how: str | signal.Signals) -> None:
    if isinstance(how, signal.Signals):
        owner.send_signal(how)
        owner.communicate(timeout=30)
    else:
        owner.communicate(f"{how}\n", timeout=30)


@pytest.mark.parametrize(
    "how",
    [
        "end",
        "fail",
        pytest.param(signal.SIGINT, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, id="TERM"),
        pytest.param(signal.SIGKILL, id="kill -9"),
    ],
)
def test_nothing_is_left_however_the_tests_end(
    standing: Standing, how: str | signal.Signals
) -> None:
    records = {identity(pid) for pid in processes(standing.name)}
    assert len(records) >= 3  # the host's init, its sshd, and what the person runs
    assert len(standing.remains()) >= 4
    end(standing.owner, how)
    wait_until_gone(standing, records)


def test_a_lab_without_owner_and_janitor_is_swept_by_the_next(standing: Standing) -> None:
    records = {identity(pid) for pid in processes(standing.name)}
    subprocess.run(["kill", "-KILL", str(standing.janitor)], check=True)
    end(standing.owner, signal.SIGKILL)
    assert standing.remains()
    with Lab():
        wait_until_gone(standing, records)


def test_a_lab_that_is_in_use_is_not_swept(standing: Standing) -> None:
    before = standing.remains()
    with Lab():
        assert before == standing.remains()
    end(standing.owner, "end")


@pytest.fixture(scope="module")
def host(lab: Lab) -> Host:
    return lab.add("host")


def test_no_way_leads_out_of_a_lab(lab: Lab, host: Host) -> None:
    for where in (host.inside, lab.person.inside):
        environment = lab.person.environment
        routes = subprocess.run(
            [*where, "ip", "route"], env=environment, capture_output=True, text=True, check=True
        )
        assert ["192.0.2.0/24"] == [line.split()[0] for line in routes.stdout.splitlines()]
    reached = lab.person.run("bash", "-c", "exec 3<>/dev/tcp/198.51.100.1/443")
    assert "Network is unreachable" in reached.errors


def test_the_machines_own_network_is_as_before() -> None:
    def links() -> str:
        return subprocess.run(
            ["ip", "-oneline", "address"], capture_output=True, text=True, check=True
        ).stdout

    before = links()
    with Lab() as lab:
        host = lab.add("host")
        assert "host\n" == lab.person.run("ssh", host.address, "hostname").output
        assert before == links()


@pytest.mark.parametrize(
    "command",
    [
        "date --set 12:00",
        "echo 1 > /proc/sys/vm/compact_memory",
        "touch /srv/repository/changed",
        "mknod /dev/disk b 8 0",
    ],
)
def test_a_host_cannot_reach_into_the_machine(lab: Lab, host: Host, command: str) -> None:
    assert 0 != lab.person.run("ssh", host.address, command).code


def test_a_hosts_network_switches_are_its_own(lab: Lab, host: Host) -> None:
    switch = Path("/proc/sys/net/ipv4/conf/lo/log_martians")
    before = switch.read_text()
    other = "0" if before.strip() == "1" else "1"
    assert 0 == lab.person.run("ssh", host.address, f"echo {other} > {switch}").code
    assert before == switch.read_text()


def test_a_hosts_disk_outlives_a_power_cut(host: Host) -> None:
    host.write("/etc/motd", "here\n")
    host.stop()
    host.start()
    assert "here\n" == host.execute("cat", "/etc/motd")
