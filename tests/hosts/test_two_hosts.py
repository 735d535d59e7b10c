"""A controller and a second host from an answer file that a person edited, and then a third.

The answers are the awkward ones: a user with sudo instead of root, an encrypted broker, and an
administrator whose password means something to shells, manifests, YAML and Erlang.
"""

from __future__ import annotations

import hashlib
import shlex
from pathlib import Path

import pytest

from tests.hosts.installing import SITE_DATA, Installer, answered, answers_of, edit_answers
from tests.hosts.lab.host import Host
from tests.hosts.lab.lab import Lab
from tests.hosts.lab.person import Outcome
from tests.hosts.secrets import files_with, readable_by_others, secrets_of

pytestmark = pytest.mark.e2e

TELLTALE = "telltale"  # what no kind of quoting changes
AWKWARD = f"'; reboot #${{x}}\"%{{y}}{TELLTALE}"
NOTHING = "Nothing had to be changed."
ROTATED = (
    *("CONFIG_AMQP_AUTH_PASSWORD", "CONFIG_MARIADB_PW", "CONFIG_KEYSTONE_DB_PW"),
    *("CONFIG_KEYSTONE_ADMIN_PW", "CONFIG_GLANCE_DB_PW", "CONFIG_GLANCE_KS_PW"),
)


@pytest.fixture(scope="module")
def controller(lab: Lab) -> Host:
    return lab.add("controller")


@pytest.fixture(scope="module")
def second(lab: Lab) -> Host:
    return lab.add("second")


@pytest.fixture(scope="module")
def image(installer: Installer) -> Path:
    """Return a file of the installer's machine that becomes the first image."""
    path = installer.person.home / "tiny.img"
    path.write_bytes(bytes(range(256)) * 1000)
    return path


@pytest.fixture(scope="module")
def answer_file(installer: Installer, controller: Host, second: Host, image: Path) -> Path:
    home = installer.person.home
    path = home / "answers.txt"
    hosts = f"{controller.address},{second.address}"
    made = installer.run("answer file", "--install-hosts", hosts, "--gen-answer-file", path)
    assert 0 == made.code, made
    edit_answers(
        path,
        CONFIG_SSH_USER="deploy",
        CONFIG_NOVA_INSTALL="n",  # test_servers.py installs the rest
        CONFIG_NTP_SERVERS="192.0.2.1",
        CONFIG_SSL_ENABLE="y",
        CONFIG_AMQP_AUTH_PASSWORD=AWKWARD,
        CONFIG_KEYSTONE_ADMIN_PW=AWKWARD,
        CONFIG_GLANCE_KS_PW=AWKWARD,
        CONFIG_MEMCACHED_HOSTS=second.address,
        CONFIG_PROVISION_IMAGE_NAME="tiny",
        CONFIG_PROVISION_IMAGE_FORMAT="raw",
        CONFIG_PROVISION_IMAGE_URL=str(image),
        CONFIG_SITE_DATA=str(installer.person.write("site.yaml", SITE_DATA)),
    )
    return path


@pytest.fixture(scope="module")
def installed(installer: Installer, answer_file: Path) -> Outcome:
    return installer.run("two hosts", "--answer-file", answer_file)


@pytest.fixture(scope="module")
def answers(answer_file: Path, installed: Outcome) -> dict[str, str]:
    assert 0 == installed.code
    return answers_of(answer_file.read_text())


@pytest.fixture(scope="module")
def client(second: Host, installed: Outcome) -> Host:
    """Return the second host with the libraries of a database's and a broker's client."""
    assert 0 == installed.code
    second.shell("apt-get -qq -y install python3-pymysql python3-kombu >/dev/null 2>&1")
    return second


def python(host: Host, program: str, *arguments: str) -> str:
    return host.execute("python3", "-W", "ignore", "-c", program, *arguments)


def test_the_installer_succeeds(installed: Outcome) -> None:
    assert 0 == installed.code, installed


def test_its_logs_and_its_output_keep_the_secrets(
    installer: Installer, installed: Outcome, answers: dict[str, str]
) -> None:
    files = [path for path in installer.latest.rglob("*") if path.suffix in (".log", ".sh")]
    assert len(files) >= 7  # the run's, each host's commands, and one of Puppet for each phase
    for shown in (installed.output, installed.errors, *(path.read_text() for path in files)):
        for secret in (*secrets_of(answers), TELLTALE):
            assert secret not in shown


def test_no_secret_can_be_read_by_others_on_any_host(
    controller: Host, second: Host, answers: dict[str, str]
) -> None:
    for host in (controller, second):
        secrets = (*secrets_of(answers), TELLTALE)
        found = files_with(host, secrets)
        assert "/root/openrc" in found
        assert {} == readable_by_others(host, found)
        assert [] == files_with(host, secrets, "/var/log")


@pytest.mark.usefixtures("answers")
def test_the_second_host_gets_a_token(second: Host) -> None:
    token = second.shell(". /root/openrc; openstack token issue --format value --column id")
    assert token.startswith("gAAAA")


@pytest.mark.usefixtures("answers")
def test_an_image_makes_the_round_trip_byte_for_byte(second: Host) -> None:
    second.shell(
        ". /root/openrc; cd /root; head -c 2000000 /dev/urandom > there.img;"
        "openstack image create --disk-format raw --file there.img trip --format value >/dev/null;"
        "openstack image save --file back.img trip; cmp there.img back.img"
    )


@pytest.mark.usefixtures("answers")
def test_the_first_image_is_the_file_of_the_installers_machine(second: Host, image: Path) -> None:
    second.shell(". /root/openrc; openstack image save --file /root/first.img tiny")
    digest = second.execute("sha256sum", "/root/first.img").split()[0]
    assert hashlib.sha256(image.read_bytes()).hexdigest() == digest


def test_the_database_answers_the_second_host(
    client: Host, controller: Host, answers: dict[str, str]
) -> None:
    program = (
        "import sys, pymysql\n"
        "database = pymysql.connect(host=sys.argv[1], user='glance', password=sys.argv[2],"
        " database='glance')\n"
        "cursor = database.cursor()\n"
        "cursor.execute('SELECT name FROM images WHERE name = %s', ['tiny'])\n"
        "print(cursor.fetchall())\n"
        "database.close()"
    )
    rows = python(client, program, controller.address, answers["CONFIG_GLANCE_DB_PW"])
    assert "(('tiny',),)\n" == rows


def test_the_broker_lets_the_services_in_and_nobody_else(
    client: Host, controller: Host, answers: dict[str, str]
) -> None:
    program = (
        "import ssl, sys, kombu\n"
        "authority, host, user, password = sys.argv[1:]\n"
        "kombu.Connection(transport='amqp', hostname=host, port=5671, userid=user,"
        " password=password, connect_timeout=10, ssl={'ca_certs': authority,"
        " 'cert_reqs': ssl.CERT_REQUIRED, 'server_hostname': host}).connect()\n"
        "print('in')"
    )
    authority = "/root/authority.pem"
    client.write(authority, controller.execute("cat", "/etc/rabbitmq/ssl/ca.pem"))
    user = answers["CONFIG_AMQP_AUTH_USER"]
    assert "in\n" == python(client, program, authority, controller.address, user, AWKWARD)
    for name, password in ((user, "wrong"), ("guest", "guest")):
        with pytest.raises(AssertionError, match=r"ACCESS_REFUSED|AccessRefused"):
            python(client, program, authority, controller.address, name, password)
    assert not answered(controller, 5672)


@pytest.mark.usefixtures("answers")
def test_the_cache_answers_the_controller(controller: Host, second: Host) -> None:
    program = (
        "import memcache, sys\n"
        "cache = memcache.Client([sys.argv[1] + ':11211'])\n"
        "assert cache.set('key', 'value')\n"
        "print(cache.get('key'))"
    )
    assert "value\n" == python(controller, program, second.address)
    assert not answered(controller, 11211)


@pytest.fixture(scope="module")
def edited(
    installer: Installer, lab: Lab, second: Host, answer_file: Path, answers: dict[str, str]
) -> Outcome:
    """Return how it went to add a host and to change every password, in one run."""
    third = lab.add("third")
    passwords = {name: f"new-{number}" for number, name in enumerate(answers) if name in ROTATED}
    assert len(passwords) == len(ROTATED)
    edit_answers(
        answer_file,
        CONFIG_MEMCACHED_HOSTS=f"{second.address},{third.address}",
        **passwords,
    )
    return installer.run("a third host and new passwords", "--answer-file", answer_file)


def test_a_host_is_added_by_editing_the_answer_file(edited: Outcome, lab: Lab) -> None:
    assert 0 == edited.code, edited
    assert NOTHING not in edited.output
    assert answered(lab.hosts["third"], 11211)


def test_passwords_are_changed_by_editing_the_answer_file(edited: Outcome, second: Host) -> None:
    assert 0 == edited.code, edited
    # Through Glance's own account in Keystone and its database, as the administrator.
    image = second.shell(". /root/openrc; openstack image show --format value --column name tiny")
    assert "tiny\n" == image
    with pytest.raises(AssertionError, match="HTTP 401"):
        second.shell(f". /root/openrc; OS_PASSWORD={shlex.quote(AWKWARD)} openstack token issue")


def test_after_that_a_run_changes_nothing(
    edited: Outcome, installer: Installer, answer_file: Path
) -> None:
    assert 0 == edited.code, edited
    again = installer.run("two hosts, again", "--answer-file", answer_file)
    assert 0 == again.code, again
    assert NOTHING in again.output
