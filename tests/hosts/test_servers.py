"""A cloud on two machines, from the tutorial's own answer file, used from outside of it.

It takes minutes and two processors for itself, so it is no part of `make e2e`: see `make cloud`.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hosts.installing import SITE_DATA, Installer, answered, edit_answers
from tests.hosts.lab.cloud import CLOUD_DATA, add_cloud_host
from tests.hosts.lab.downloads import CLOUD
from tests.hosts.lab.host import Host
from tests.hosts.lab.lab import Lab
from tests.hosts.lab.person import Outcome
from tests.hosts.lab.server_image import server_image
from tests.hosts.timing import Times

pytestmark = pytest.mark.cloud

PROJECT = Path(__file__).parent.parent.parent
TUTORIAL = PROJECT / "docs" / "tutorials" / "lab-on-two-machines.md"
NOTHING = "Nothing had to be changed."
HOUR = 3600
BROKER = 5672
FAILED = 5
PICTURES = PROJECT / "build" / "cloud"


@pytest.fixture(scope="module")
def lab() -> Iterator[Lab]:
    with Lab(packages=CLOUD) as lab:
        yield lab


@pytest.fixture(scope="module")
def installer(lab: Lab, times: Times) -> Installer:
    return Installer(lab.person, times)


@pytest.fixture(scope="module")
def controller(lab: Lab) -> Host:
    return add_cloud_host(lab, "controller", second_cable=True)


@pytest.fixture(scope="module")
def compute(lab: Lab, controller: Host) -> Host:
    assert "192.0.2.11" == controller.address  # as in the tutorial
    return add_cloud_host(lab, "compute")


@pytest.fixture(scope="module")
def client(lab: Lab) -> str:
    """Return the network namespace of somebody who has no part in the cloud."""
    return lab.add_client()


@pytest.fixture(scope="module")
def answer_file(installer: Installer, compute: Host) -> Path:
    """Write the tutorial's answer file, with what test hosts need instead of a way out."""
    assert "192.0.2.12" == compute.address  # as in the tutorial
    text = TUTORIAL.read_text()
    [answers] = re.findall(r":caption: answers\.txt\n\n(.*?)```", text, flags=re.DOTALL)
    path = installer.person.write("answers.txt", answers)
    edit_answers(
        path,
        CONFIG_PROVISION_IMAGE_NAME="tiny",
        CONFIG_PROVISION_IMAGE_URL=str(installer.person.home / "server.qcow2"),
    )
    (installer.person.home / "server.qcow2").write_bytes(server_image().read_bytes())
    site = installer.person.write("site.yaml", SITE_DATA + CLOUD_DATA)
    with path.open("a") as file:
        file.write(f"CONFIG_SITE_DATA={site}\nCONFIG_NTP_SERVERS=192.0.2.1\n")
        file.write("CONFIG_HORIZON_INSTALL=y\n")
    return path


@pytest.fixture(scope="module")
def installed(installer: Installer, answer_file: Path) -> Outcome:
    return installer.run("a cloud", "--answer-file", answer_file, timeout=3 * HOUR)


@pytest.fixture(scope="module")
def cloud(controller: Host, installed: Outcome) -> Host:
    """Return the controller of the installed cloud."""
    assert 0 == installed.code, installed
    return controller


@pytest.fixture(scope="module")
def address(cloud: Host) -> str:
    """Boot a server as the end of the installation says, and return its floating address."""
    openstack(
        cloud,
        "server create --wait --flavor m1.tiny --network private --security-group web "
        "--image tiny one",
        timeout=HOUR,
    )
    floating = openstack(cloud, "floating ip create public --format value -c floating_ip_address")
    openstack(cloud, f"server add floating ip one {floating}")
    return floating


def openstack(host: Host, command: str, timeout: float = 600) -> str:
    return host.shell(f". /root/openrc; openstack {command}", timeout=timeout).strip()


def fetch(namespace: str, address: str, seconds: float = 900) -> str:
    """Fetch a page from outside the cloud, as soon as there is one."""
    program = (
        "import sys, urllib.request as web; "
        "print(web.urlopen(sys.argv[1], timeout=5).read().decode())"
    )
    command = ["ip", "netns", "exec", namespace, sys.executable, "-c", program]
    deadline = time.monotonic() + seconds
    while True:
        done = subprocess.run(
            [*command, f"http://{address}/"], capture_output=True, text=True, check=False
        )
        if done.returncode == 0 or time.monotonic() > deadline:
            return done.stdout
        time.sleep(2)


def test_the_installer_succeeds_and_tried_a_server(installed: Outcome) -> None:
    assert 0 == installed.code, installed
    assert re.search(r"The server at 192\.0\.2\.1\d\d answered after \d+ s", installed.output)


@pytest.mark.usefixtures("cloud")
def test_horizon_serves_its_login_page_and_lets_the_administrator_in(
    client: str, installed: Outcome
) -> None:
    assert 'name="password"' in fetch(client, "192.0.2.11/horizon")
    assert "Horizon: logged in at http://192.0.2.11/horizon/" in installed.output


def test_the_server_that_was_tried_is_gone(cloud: Host) -> None:
    assert "[]" == openstack(cloud, "server list --all-projects --format json")
    assert "[]" == openstack(cloud, "floating ip list --format json")


def test_a_server_is_reached_at_its_floating_address_from_outside(
    client: str, address: str
) -> None:
    page = fetch(client, address)
    assert "hello from one" in page
    assert "i-0000000" in page  # which it learned from Nova's metadata
    assert "nameserver 192.0.2.1\n" in page


@pytest.mark.usefixtures("address")
def test_the_server_runs_on_the_compute_host(cloud: Host) -> None:
    shown = json.loads(openstack(cloud, "server show one --format json"))
    assert "compute" == shown["OS-EXT-SRV-ATTR:host"]


@pytest.mark.usefixtures("address")
def test_horizon_lists_the_server_in_a_browser(cloud: Host, client: str) -> None:
    password = cloud.shell('. /root/openrc; printf %s "$OS_PASSWORD"')
    PICTURES.mkdir(parents=True, exist_ok=True)
    picture = PICTURES / "horizon.png"
    browser = [sys.executable, "-m", "tests.hosts.lab.horizon", "http://192.0.2.11/horizon/"]
    done = subprocess.run(
        ["ip", "netns", "exec", client, *browser, str(picture)],
        capture_output=True,
        text=True,
        check=False,
        cwd=PROJECT,
        env=os.environ | {"PASSWORD": password},
    )
    assert 0 == done.returncode, done.stderr
    assert "one" in done.stdout.split()


@pytest.mark.usefixtures("address")
def test_a_second_run_changes_nothing(installer: Installer, answer_file: Path) -> None:
    again = installer.run("a cloud, again", "--answer-file", answer_file, timeout=3 * HOUR)
    assert 0 == again.code, again
    assert NOTHING in again.output, again


@pytest.mark.usefixtures("address")
def test_a_stopped_broker_is_started_by_the_next_run(
    installer: Installer, cloud: Host, answer_file: Path
) -> None:
    cloud.shell("service rabbitmq-server stop")
    assert not answered(cloud, BROKER)
    outcome = installer.run("the broker is off", "--answer-file", answer_file, timeout=3 * HOUR)
    assert 0 == outcome.code, outcome
    assert "Changed: 192.0.2.11" in outcome.output, outcome
    assert answered(cloud, BROKER)


def test_a_compute_host_that_is_switched_off_while_it_is_added_is_named(
    lab: Lab, installer: Installer, cloud: Host, client: str, answer_file: Path, address: str
) -> None:
    added = add_cloud_host(lab, "compute2")
    edit_answers(answer_file, CONFIG_COMPUTE_HOSTS=f"192.0.2.12,{added.address}")
    running = installer.start("--answer-file", answer_file)
    while "puppet apply" not in added.execute("ps", "-eo", "args"):
        assert running.poll() is None, running.communicate()
        time.sleep(0.1)
    added.stop()
    output, errors = running.communicate(timeout=HOUR)
    assert running.returncode == FAILED, output + errors
    assert added.address in errors
    assert "hello from one" in fetch(client, address)
    hosts = json.loads(openstack(cloud, "hypervisor list --format json"))
    assert {"compute"} == {host["Hypervisor Hostname"] for host in hosts}


def test_a_compute_host_is_added_and_running_servers_do_not_notice(
    lab: Lab, installer: Installer, cloud: Host, client: str, address: str
) -> None:
    added = lab.hosts["compute2"]
    added.start()
    outcome = installer.run("one more host", "--resume", timeout=3 * HOUR)
    assert 0 == outcome.code, outcome
    assert added.address in re.findall(r"^Changed: (.*)", outcome.output, re.MULTILINE)[0]
    hosts = json.loads(openstack(cloud, "hypervisor list --format json"))
    assert {"compute", "compute2"} == {host["Hypervisor Hostname"] for host in hosts}
    assert "hello from one" in fetch(client, address)


def test_a_compute_host_with_servers_gets_no_new_ones(
    installer: Installer, cloud: Host, client: str, answer_file: Path, address: str
) -> None:
    edit_answers(answer_file, CONFIG_COMPUTE_HOSTS="192.0.2.13")
    outcome = installer.run("a host leaves", "--answer-file", answer_file, timeout=3 * HOUR)
    assert 0 == outcome.code, outcome
    assert "192.0.2.12 is not a compute host any more and gets no new servers" in outcome.output
    assert "1 server still runs there: one." in outcome.output
    services = json.loads(
        openstack(cloud, "compute service list --service nova-compute --format json")
    )
    states = {service["Host"]: service["Status"] for service in services}
    assert {"compute": "disabled", "compute2": "enabled"} == states
    assert "hello from one" in fetch(client, address)


def test_a_compute_host_comes_back_and_an_empty_one_is_taken_out(
    lab: Lab, installer: Installer, cloud: Host, client: str, answer_file: Path, address: str
) -> None:
    leaving = lab.hosts["compute2"]
    edit_answers(answer_file, CONFIG_COMPUTE_HOSTS="192.0.2.12")
    outcome = installer.run("a host is gone", "--answer-file", answer_file, timeout=3 * HOUR)
    assert 0 == outcome.code, outcome
    assert "192.0.2.12 takes new servers again." in outcome.output
    assert "192.0.2.13 was taken out of the cloud; its packages" in outcome.output
    services = json.loads(
        openstack(cloud, "compute service list --service nova-compute --format json")
    )
    assert {"compute": "enabled"} == {item["Host"]: item["Status"] for item in services}
    agents = json.loads(openstack(cloud, "network agent list --format json"))
    assert "compute2" not in {agent["Host"] for agent in agents}
    running = leaving.execute("ps", "-eo", "args")
    assert "nova-compute" not in running
    assert "neutron-linuxbridge-agent" not in running
    assert "hello from one" in fetch(client, address)
