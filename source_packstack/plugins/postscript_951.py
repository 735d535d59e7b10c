"""Checks, after everything else, that what was installed can be used.

For Puppet, a service that was started is good enough. Whether it stays up and works shows only in
use, so the controller connects to every service of the run and then uses the cloud. Compute hosts
that are no longer named leave the cloud here, too.
"""

from __future__ import annotations

import json
import shlex

from source_packstack.installer.addresses import split_hosts
from source_packstack.installer.controller import Controller
from source_packstack.installer.hosts import ScriptRunner
from source_packstack.installer.parameters import Config
from source_packstack.installer.runs import current_run
from source_packstack.modules.compute_hosts import ComputeHosts
from source_packstack.modules.hieradata import HOST_FOLDER
from source_packstack.plugins.dashboard_500 import has_dashboard, pages_url
from source_packstack.plugins.nova_300 import has_servers
from source_packstack.plugins.provision_700 import has_demo

PLUGIN_NAME = "Postscript"
SECONDS_TO_ANSWER = 60
LEFTOVERS = {
    "CONFIG_NTP_INSTALL": "chrony stays installed and keeps the time of the hosts",
    "CONFIG_MEMCACHED_INSTALL": "memcached keeps running on its hosts",
    "CONFIG_MARIADB_INSTALL": "MariaDB keeps running with its databases",
    "CONFIG_KEYSTONE_INSTALL": "Keystone keeps running, with its users and projects",
    "CONFIG_GLANCE_INSTALL": "Glance keeps running, with its images",
    "CONFIG_NOVA_INSTALL": "Nova, Placement and Neutron keep running, with servers and networks",
    "CONFIG_HORIZON_INSTALL": "Horizon keeps running on the controller",
    "CONFIG_CLIENT_INSTALL": "the openstack command stays installed",
    "CONFIG_PROVISION_IMAGE": "the image stays in Glance",
    "CONFIG_PROVISION_DEMO": "the networks, the router and the security group stay in Neutron",
    "CONFIG_NOVA_MANAGE_FLAVORS": "the flavors stay in Nova",
}

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare an empty group: there is nothing to ask."""
    group = {
        "GROUP_NAME": "POSTSCRIPT",
        "DESCRIPTION": "Checks after the installation",
        "PRE_CONDITION": False,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, [])


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan the last look at all services, and at the cloud where there is one."""
    steps = [
        {"title": "Checking that all services respond", "functions": [check_services]},
    ]
    if has_servers(controller.CONF):
        steps.append({"title": "Settling the compute hosts", "functions": [settle_compute_hosts]})
    if controller.CONF["CONFIG_KEYSTONE_INSTALL"] == "y":
        steps.append({"title": "Using the cloud", "functions": [use_cloud]})
    steps.append({"title": "Listing what stays installed", "functions": [list_leftovers]})
    controller.addSequence("Checking the installation", [], [], steps)


def check_services(config: Config, messages: list[str]) -> None:
    """Connect from the controller to each service's port, for up to a minute each."""
    server = ScriptRunner(config["CONFIG_CONTROLLER_HOST"])
    server.append("export LC_ALL=C.UTF-8")
    server.append(f"deadline=$(($(date +%s) + {SECONDS_TO_ANSWER}))")
    for service in current_run().plan.services:
        connect = shlex.quote(f"exec 3<>/dev/tcp/{service.host}/{service.port}")
        server.append(f"until timeout 5 bash -c {connect} 2>/dev/null; do")
        server.append("  if [ $(date +%s) -ge $deadline ]; then")
        server.append(f"    echo {shlex.quote(service.name + ' does not respond')}; exit 1; fi")
        server.append("  sleep 1")
        server.append("done")
    server.execute()


def settle_compute_hosts(config: Config, messages: list[str]) -> None:
    """Take compute hosts out of the cloud that the answers no longer name."""
    controller, earlier = config["CONFIG_CONTROLLER_HOST"], current_run().earlier
    same_cloud = earlier.get("CONFIG_CONTROLLER_HOST") == controller
    hosts = ComputeHosts(
        controller=controller,
        wanted=tuple(split_hosts(config["CONFIG_COMPUTE_HOSTS"])),
        network_hosts=tuple(split_hosts(config["CONFIG_NETWORK_HOSTS"])),
        earlier=tuple(split_hosts(earlier.get("CONFIG_COMPUTE_HOSTS", ""))) if same_cloud else (),
    )
    messages.extend(hosts.settle())


def list_leftovers(config: Config, messages: list[str]) -> None:
    """Report what stays of what the latest run installed and this one does not."""
    earlier = current_run().earlier
    for option, stays in LEFTOVERS.items():
        if earlier.get(option) == "y" and config[option] == "n":
            messages.append(f"{option} changed from y to n. Nothing is removed: {stays}.")


def use_cloud(config: Config, messages: list[str]) -> None:
    """Take a token, list images, hosts and agents, log in at Horizon, and try a server.

    The messages say what was found and what to do next.
    """
    servers, host = has_servers(config), config["CONFIG_CONTROLLER_HOST"]
    network_hosts = split_hosts(config["CONFIG_NETWORK_HOSTS"]) if servers else []
    compute_hosts = split_hosts(config["CONFIG_COMPUTE_HOSTS"]) if servers else []
    wants_server = has_demo(config) and config["CONFIG_PROVISION_TEST_SERVER"] == "y"
    expected = {
        "images": config["CONFIG_GLANCE_INSTALL"] == "y",
        "compute_hosts": len(compute_hosts),
        # Routers, DHCP and metadata on each network host, and what connects servers on all.
        "agents": 3 * len(network_hosts) + len({*network_hosts, *compute_hosts}),
        "pages": pages_url(config) if has_dashboard(config) else None,
        "server": config["CONFIG_PROVISION_IMAGE_NAME"] if wants_server else None,
    }
    runner = ScriptRunner(host)
    tool = f"{HOST_FOLDER}/modules/packstack/files/try-cloud"
    runner.append(f"EXPECTED={shlex.quote(json.dumps(expected))} python3 {tool}")
    _, output = runner.execute()
    messages.extend(output.splitlines())
    if has_dashboard(config):
        messages.append(
            f"Next, open {pages_url(config)} and log in as "
            f"{config['CONFIG_KEYSTONE_ADMIN_USERNAME']}, domain Default; the password is "
            f"OS_PASSWORD in /root/openrc on {host}."
        )
    if has_demo(config):
        messages.append(
            "To start a first server: openstack server create --flavor m1.tiny --network private "
            f"--security-group web --image {shlex.quote(config['CONFIG_PROVISION_IMAGE_NAME'])} one"
        )
