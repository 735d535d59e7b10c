"""`source-packstack --allinone`, run on a bare host by somebody who is logged in there."""

from __future__ import annotations

import shlex
import sys
from pathlib import Path

import pytest

from tests.hosts.installing import SITE_DATA, answers_of, latest_run
from tests.hosts.lab.host import Host
from tests.hosts.lab.lab import Lab
from tests.hosts.lab.person import Outcome, program_paths
from tests.hosts.secrets import files_with, readable_by_others, secrets_of
from tests.hosts.timing import Times
from tests.hosts.watching import Watch

pytestmark = pytest.mark.e2e

COMMAND = Path(sys.executable).with_name("source-packstack")
IMAGE = "/root/tiny.img"


@pytest.fixture(scope="module")
def host(lab: Lab) -> Host:
    """Return a host on which the installer itself is at hand, read-only."""
    host = lab.add("solo", shared=program_paths())
    host.write("/root/site.yaml", SITE_DATA)
    host.shell(f"head -c 300000 /dev/urandom > {IMAGE}")
    return host


@pytest.fixture(scope="module")
def command() -> str:
    options = {
        "--nova-install": "n",  # test_servers.py installs the rest
        "--ntp-servers": "192.0.2.1",
        "--site-data": "/root/site.yaml",
        "--provision-image-name": "tiny",
        "--provision-image-format": "raw",
        "--provision-image-url": IMAGE,
    }
    line = [str(COMMAND), "--allinone", *(f"{flag}={value}" for flag, value in options.items())]
    return shlex.join(line)


@pytest.fixture(scope="module")
def watch(host: Host) -> Watch:
    return Watch(host)


@pytest.fixture(scope="module")
def installed(lab: Lab, host: Host, command: str, watch: Watch, times: Times) -> Outcome:
    with watch:
        outcome = lab.person.run("ssh", host.address, command)
    times.add("all in one", outcome)
    return outcome


@pytest.fixture(scope="module")
def answers(host: Host, installed: Outcome) -> dict[str, str]:
    assert 0 == installed.code
    return answers_of(host.execute("cat", f"{latest_run(Path('/root'))}/answers.txt"))


def test_the_installer_succeeds(installed: Outcome) -> None:
    assert 0 == installed.code, installed


@pytest.mark.usefixtures("installed")
def test_a_token_is_issued(host: Host) -> None:
    token = host.shell(". /root/openrc; openstack token issue --format value --column id")
    assert token.startswith("gAAAA")


@pytest.mark.usefixtures("installed")
def test_the_first_image_comes_back_byte_for_byte(host: Host) -> None:
    host.shell(". /root/openrc; openstack image save --file /root/back.img tiny")
    host.execute("cmp", IMAGE, "/root/back.img")


def test_services_use_the_database_with_their_own_accounts(
    host: Host, answers: dict[str, str]
) -> None:
    password = answers["CONFIG_KEYSTONE_DB_PW"]
    host.write("/root/keystone.cnf", f"[client]\nuser=keystone\npassword={password}\n")
    users = host.shell(
        "mysql --defaults-extra-file=/root/keystone.cnf --host=127.0.0.1 --batch "
        "--skip-column-names --execute='SELECT name FROM local_user ORDER BY name' keystone"
    )
    assert ["admin", "glance"] == users.split()


def test_no_secret_stands_in_a_process_list(watch: Watch, answers: dict[str, str]) -> None:
    secrets = secrets_of(answers)
    assert len(secrets) >= 6
    assert len(watch.seen) > 200
    for secret in secrets:
        shown = [line for line in watch.seen if secret in line]
        assert [] == shown


def test_no_secret_can_be_read_by_others(host: Host, answers: dict[str, str]) -> None:
    found = files_with(host, secrets_of(answers))
    assert {"/root/openrc", "/etc/keystone/keystone.conf"} <= set(found)
    assert {} == readable_by_others(host, found)


def test_no_log_holds_a_secret(host: Host, answers: dict[str, str]) -> None:
    assert [] == files_with(host, secrets_of(answers), "/var/log")
    runs = "/root/.local/state/source-packstack"
    held = {file.rpartition("/")[2] for file in files_with(host, secrets_of(answers), runs)}
    assert {"answers.txt", "common.yaml"} == held


@pytest.mark.usefixtures("answers")
def test_a_second_run_changes_nothing(lab: Lab, host: Host, command: str, times: Times) -> None:
    before = running_services(host)
    assert len(before) >= 4
    again = lab.person.run("ssh", host.address, command)
    times.add("all in one, again", again)
    assert 0 == again.code, again
    assert "Nothing had to be changed." in again.output
    assert before == running_services(host)


def running_services(host: Host) -> list[str]:
    """Return the services' processes with their start times: a restart changes them."""
    names = "beam.smp|mariadbd|memcached|uwsgi_python311"
    return host.shell(
        f"for pid in $(pgrep -x '{names}'); do awk '{{print $1, $2, $22}}' /proc/$pid/stat; done"
    ).splitlines()
