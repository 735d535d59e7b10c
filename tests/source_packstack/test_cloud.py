"""A cloud with servers and networks: what its plan holds, refuses, and ends with."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml

from source_packstack.installer.controller import Controller
from tests.source_packstack.bench import CONTROLLER, SECOND, Bench

THIRD = "198.51.100.13"
CLOUD = f"""\
CONFIG_CONTROLLER_HOST={CONTROLLER}
CONFIG_COMPUTE_HOSTS={SECOND}
CONFIG_DEFAULT_PASSWORD=open-sesame
CONFIG_NTP_INSTALL=n
CONFIG_HORIZON_INSTALL=y
CONFIG_PROVISION_IMAGE=n
CONFIG_NEUTRON_LB_INTERFACE_MAPPINGS=extnet:eth1
"""
DEMO = """\
CONFIG_PROVISION_DEMO=y
CONFIG_PROVISION_DEMO_FLOATRANGE=198.51.100.0/24
CONFIG_PROVISION_DEMO_ALLOCATION_POOLS=["start=198.51.100.128,end=198.51.100.159"]
"""


def dry_run(bench: Bench, answers: str, *flags: str) -> Path:
    done = bench.run("--answer-file", bench.answers(answers), "--dry-run", *flags)
    assert 0 == done.returncode, done.stderr
    return bench.planned / "hosts"


def refusal(bench: Bench, answers: str) -> str:
    done = bench.run("--answer-file", bench.answers(answers), "--dry-run")
    assert 3 == done.returncode, done.stdout
    return done.stderr


def classes(host: Path, phase: str) -> set[str]:
    manifest = host / "tree" / "manifests" / f"{host.name}_{phase}.pp"
    return set(re.findall(r"^include packstack::(\S+)$", manifest.read_text(), re.MULTILINE))


def data(host: Path, name: str) -> dict[str, object]:
    content: dict[str, object] = yaml.safe_load((host / "tree" / "data" / name).read_text())
    return content


def test_each_host_gets_its_part(bench: Bench) -> None:
    hosts = dry_run(bench, CLOUD + DEMO)
    controller, compute = hosts / CONTROLLER, hosts / SECOND
    assert {"keystone", "glance", "placement", "nova", "neutron", "horizon"} == classes(
        controller, "controller"
    )
    assert {"nova::database", "neutron::database", "nova::hypervisor"} == {
        *classes(controller, "backend"),
        *classes(compute, "backend"),
    } - {"amqp", "mariadb", "memcached", "keystone::database", "glance::database"}
    assert {"neutron::network_host", "neutron::l2_agent"} == classes(controller, "agents")
    assert {"nova::compute", "neutron::l2_agent"} == classes(compute, "agents")
    assert {"nova::cell", "provision::flavors", "provision::demo"} == classes(
        controller, "provision"
    )


def test_controllers_come_before_agents_and_what_fills_the_cloud_after_them(bench: Bench) -> None:
    dry_run(bench, CLOUD + DEMO)
    script = (bench.planned / "hosts" / CONTROLLER / "commands.sh").read_text()
    phases = re.findall(rf"manifests/{CONTROLLER}_(\w+)\.pp", script)
    assert ["backend", "controller", "agents", "provision", "client"] == phases


def test_only_network_hosts_have_a_cable_to_physical_networks(bench: Bench) -> None:
    hosts = dry_run(bench, f"{CLOUD}CONFIG_NETWORK_HOSTS={THIRD}\n")
    name = "CONFIG_THIS_HOST_INTERFACES"
    assert ["extnet:eth1"] == data(hosts / THIRD, "host.yaml")[name]
    assert [] == data(hosts / SECOND, "host.yaml")[name]
    assert not (hosts / CONTROLLER / "tree" / "data" / "host.yaml").exists()


def test_one_host_may_be_everything_with_one_set_of_settings(bench: Bench) -> None:
    answers = CLOUD.replace(f"CONFIG_COMPUTE_HOSTS={SECOND}", "CONFIG_COMPUTE_HOSTS=")
    hosts = dry_run(bench, answers)
    assert ["extnet:eth1"] == data(hosts / CONTROLLER, "host.yaml")["CONFIG_THIS_HOST_INTERFACES"]
    assert {"nova::compute", "neutron::network_host", "neutron::l2_agent"} == classes(
        hosts / CONTROLLER, "agents"
    )


def test_the_brokers_password_reaches_the_services_as_part_of_a_url(bench: Bench) -> None:
    hosts = dry_run(bench, f"{CLOUD}CONFIG_AMQP_AUTH_PASSWORD=a/b@c:d%25\n")
    url = data(hosts / CONTROLLER, "common.yaml")["CONFIG_AMQP_URL"]
    assert f"rabbit://openstack:a%2Fb%40c%3Ad%2525@{CONTROLLER}:5672/" == url


@pytest.mark.parametrize(
    ("agent", "asked"),
    [
        ("linuxbridge", {"CONFIG_NEUTRON_LB_INTERFACE_MAPPINGS", "CONFIG_NEUTRON_LB_TUNNEL_IF"}),
        (
            "openvswitch",
            {
                "CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS",
                "CONFIG_NEUTRON_OVS_BRIDGE_IFACES",
                "CONFIG_NEUTRON_OVS_TUNNEL_IF",
            },
        ),
    ],
)
def test_the_agent_decides_which_group_is_asked(
    plugins: Controller, agent: str, asked: set[str]
) -> None:
    for option in plugins.parameters():
        plugins.CONF[option.name] = option.default
    plugins.CONF["CONFIG_NEUTRON_L2_AGENT"] = agent
    groups = [group for group in plugins.groups if group.name.startswith("NEUTRON_")]
    assert asked == {
        name for group in groups if group.applies(plugins.CONF) for name in group.parameters
    }


def test_open_vswitch_gets_its_bridges_and_its_tunnels_interface(bench: Bench) -> None:
    hosts = dry_run(
        bench,
        f"{CLOUD}CONFIG_NEUTRON_L2_AGENT=openvswitch\nCONFIG_NEUTRON_OVS_TUNNEL_IF=eth2\n"
        "CONFIG_NEUTRON_OVS_BRIDGE_IFACES=br-ex:eth1\n",
    )
    own = data(hosts / CONTROLLER, "host.yaml")
    assert ["extnet:br-ex"] == own["CONFIG_THIS_HOST_BRIDGES"]
    assert ["br-ex:eth1"] == own["CONFIG_THIS_HOST_BRIDGE_PORTS"]
    assert "eth2" == data(hosts / CONTROLLER, "common.yaml")["CONFIG_NEUTRON_TUNNEL_IF"]


def test_of_several_hosts_the_first_is_controller_and_network_host(bench: Bench) -> None:
    path = bench.folder / "made.txt"
    hosts = f"{CONTROLLER},{SECOND},{THIRD}"
    bench.run("--install-hosts", hosts, "--gen-answer-file", path)
    answers = dict(re.findall(r"^(CONFIG_\w+)=(.*)$", path.read_text(), re.MULTILINE))
    assert (CONTROLLER, f"{SECOND},{THIRD}", hosts) == (
        answers["CONFIG_NETWORK_HOSTS"],
        answers["CONFIG_COMPUTE_HOSTS"],
        answers["CONFIG_MEMCACHED_HOSTS"],
    )


def pools(*parts: str) -> str:
    listed = ", ".join(
        f'"start={first},end={last}"' for first, last in (p.split("-") for p in parts)
    )
    return f"CONFIG_PROVISION_DEMO_ALLOCATION_POOLS=[{listed}]\n"


NETWORK = "CONFIG_PROVISION_DEMO=y\nCONFIG_PROVISION_DEMO_FLOATRANGE=198.51.100.0/24\n"


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        (CLOUD + NETWORK, f"{CONTROLLER} is in use"),
        (CLOUD + NETWORK + pools("198.51.100.10-198.51.100.20"), f"{CONTROLLER} is in use"),
        (CLOUD + NETWORK + pools("198.51.100.1-198.51.100.5"), "198.51.100.1 is in use"),
        (CLOUD + NETWORK + pools("203.0.113.5-203.0.113.9"), "must lie within"),
        (CLOUD + NETWORK + pools("198.51.100.9-198.51.100.5"), "must lie within"),
        (CLOUD + NETWORK + pools("198.51.100.128-198.51.100.300"), "ALLOCATION_POOLS"),
        (CLOUD + DEMO + "CONFIG_PROVISION_DEMO_GATEWAY=203.0.113.1\n", "GATEWAY is not within"),
        (CLOUD + DEMO + "CONFIG_PROVISION_DEMO_GATEWAY=203.0.113.999\n", "GATEWAY"),
        (CLOUD.replace("extnet:eth1", "") + DEMO, "Floating addresses need a physical network"),
        (CLOUD + DEMO + "CONFIG_PROVISION_TEST_SERVER=y\n", "needs an image and m1.tiny"),
        (CLOUD + "CONFIG_AMQP_BACKEND=none\n", "set CONFIG_AMQP_BACKEND to rabbitmq"),
        (
            CLOUD + DEMO.replace("198.51.100.0/24", "198.51.100.5/24"),
            "must be an IPv4 network such as",
        ),
        (CLOUD + DEMO.replace("0/24", "0/31"), "too small"),
        (CLOUD.replace("extnet:eth1", "eth1"), "CONFIG_NEUTRON_LB_INTERFACE_MAPPINGS must match"),
    ],
)
def test_answers_that_would_harm_or_lead_nowhere_are_refused(
    bench: Bench, answers: str, complaint: str
) -> None:
    assert complaint in refusal(bench, answers)


@pytest.fixture
def cloud_hosts(bench: Bench, controller: Path, second: Path) -> Path:
    """Make a third fake host beside the two, and give its folder."""
    return bench.add_host(THIRD)


def test_a_run_ends_by_using_the_cloud(bench: Bench, controller: Path, cloud_hosts: Path) -> None:
    done = bench.run("--answer-file", bench.answers(CLOUD + DEMO))
    assert 0 == done.returncode, done.stderr
    [line] = [line for line in (controller / "calls").read_text().splitlines() if "python3" in line]
    _, tool, expected = line.split(maxsplit=2)
    assert "try-cloud" == tool
    assert {
        "images": True,
        "compute_hosts": 1,
        "agents": 5,
        "pages": f"http://{CONTROLLER}/horizon/",
        "server": None,
    } == json.loads(expected)
    assert "• Images: 1" in done.stdout
    assert f"• Next, open http://{CONTROLLER}/horizon/ and log in as admin" in done.stdout
    assert "--network private --security-group web --image" in done.stdout


def test_a_cloud_that_cannot_be_used_is_a_failure(
    bench: Bench, controller: Path, second: Path
) -> None:
    (controller / "cloud-fails").write_text("Traceback\nerror: Nova does not hear from x\nmore\n")
    done = bench.run("--answer-file", bench.answers(CLOUD))
    assert 5 == done.returncode
    assert f"Error: {CONTROLLER}: error: Nova does not hear from x" in done.stderr


def test_a_compute_host_is_added_by_one_changed_line(
    bench: Bench, controller: Path, second: Path, cloud_hosts: Path
) -> None:
    assert 0 == bench.run("--answer-file", bench.answers(CLOUD)).returncode
    more = CLOUD.replace(f"COMPUTE_HOSTS={SECOND}", f"COMPUTE_HOSTS={SECOND},{THIRD}")
    done = bench.run("--answer-file", bench.answers(more))
    assert f"Changed: {THIRD}\n" in done.stdout
