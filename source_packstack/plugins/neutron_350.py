"""Installs Neutron, the network service: networks, routers and floating addresses.

The controller gets the API. Each network host gets routers, DHCP and the way to Nova's metadata,
and needs a second cable, which leads to the network of the floating addresses. Network hosts and
compute hosts get an agent that connects servers; VXLAN tunnels connect the hosts.
"""

from __future__ import annotations

from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.addresses import split_hosts
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.hieradata import add_host_data
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import add_puppet_modules, announce_service, use_host
from source_packstack.plugins.nova_300 import has_servers

PLUGIN_NAME = "Neutron"
PORT = 9696
INTERFACE = "[A-Za-z0-9._-]{1,15}"
MAPPING = f"[A-Za-z0-9._-]{{1,64}}:{INTERFACE}"
NUMBERS = "[1-9][0-9]{0,7}:[1-9][0-9]{0,7}"

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare Neutron's hosts, passwords and agent, and what each kind of agent needs to know."""
    params: dict[str, list[dict[str, Any]]] = {
        "NEUTRON": [
            {
                "CONF_NAME": "CONFIG_NETWORK_HOSTS",
                "CMD_OPTION": "os-network-hosts",
                "USAGE": (
                    "Comma-separated network hosts, which connect the servers to other networks. "
                    "For floating addresses, each needs a second network interface without an "
                    "address. Leave it empty for the controller. With --install-hosts, the "
                    "network host is the first host."
                ),
                "PROMPT": "Network hosts, comma-separated (empty: the controller)",
                "VALIDATORS": [validators.validate_hosts],
                "PROCESSORS": [processors.process_hosts, processors.process_controller],
                "DEFAULT_VALUE": "",
            },
            {
                "CONF_NAME": "CONFIG_NEUTRON_DB_PW",
                "CMD_OPTION": "os-neutron-db-password",
                "USAGE": (
                    "Password of Neutron's database account: letters, digits, '.', '_', '~' and "
                    "'-', at most 64 characters. PW_PLACEHOLDER is replaced by the default "
                    "password or, if there is none, by a random one."
                ),
                "PROMPT": "Password of Neutron's database",
                "OPTION_LIST": ["[A-Za-z0-9._~-]{1,64}"],
                "VALIDATORS": [validators.validate_regexp],
                "PROCESSORS": [processors.process_password],
                "DEFAULT_VALUE": "PW_PLACEHOLDER",
                "MASK_INPUT": True,
                "NEED_CONFIRM": True,
            },
            {
                "CONF_NAME": "CONFIG_NEUTRON_KS_PW",
                "CMD_OPTION": "os-neutron-ks-password",
                "USAGE": (
                    "Password of Neutron's account in Keystone. PW_PLACEHOLDER is replaced by the "
                    "default password or, if there is none, by a random one."
                ),
                "PROMPT": "Password of Neutron's account in Keystone",
                "VALIDATORS": [validators.validate_not_empty],
                "PROCESSORS": [processors.process_password],
                "DEFAULT_VALUE": "PW_PLACEHOLDER",
                "MASK_INPUT": True,
                "NEED_CONFIRM": True,
            },
            {
                "CONF_NAME": "CONFIG_NEUTRON_METADATA_PW",
                "CMD_OPTION": "os-neutron-metadata-pw",
                "USAGE": (
                    "Secret that Neutron and Nova share, so that Nova accepts requests for the "
                    "metadata of servers. PW_PLACEHOLDER is replaced by the default password or, "
                    "if there is none, by a random one."
                ),
                "PROMPT": "Secret of the metadata agents",
                "VALIDATORS": [validators.validate_not_empty],
                "PROCESSORS": [processors.process_password],
                "DEFAULT_VALUE": "PW_PLACEHOLDER",
                "MASK_INPUT": True,
                "NEED_CONFIRM": True,
            },
            {
                "CONF_NAME": "CONFIG_NEUTRON_ML2_VNI_RANGES",
                "CMD_OPTION": "os-neutron-ml2-vni-ranges",
                "USAGE": (
                    "Comma-separated ranges of the VXLAN network identifiers that projects can "
                    "use, as first:last. Each project network takes one."
                ),
                "PROMPT": "Numbers of VXLAN networks",
                "OPTION_LIST": [
                    "[1-9][0-9]{0,7}:[1-9][0-9]{0,7}(,[1-9][0-9]{0,7}:[1-9][0-9]{0,7})*"
                ],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "10:1000",
            },
            {
                "CONF_NAME": "CONFIG_NEUTRON_L2_AGENT",
                "CMD_OPTION": "os-neutron-l2-agent",
                "USAGE": (
                    "Agent that connects servers to networks on network hosts and compute hosts: "
                    "'linuxbridge' uses the bridges of the Linux kernel, 'openvswitch' uses Open "
                    "vSwitch. Changing it does not move existing networks; read the guide first."
                ),
                "PROMPT": "Agent that connects servers",
                "OPTION_LIST": ["linuxbridge", "openvswitch"],
                "VALIDATORS": [validators.validate_options],
                "DEFAULT_VALUE": "linuxbridge",
            },
        ],
        "NEUTRON_LB_AGENT": [
            {
                "CONF_NAME": "CONFIG_NEUTRON_LB_INTERFACE_MAPPINGS",
                "CMD_OPTION": "os-neutron-lb-interface-mappings",
                "USAGE": (
                    "Network interface of the network hosts that is connected to a physical "
                    "network, as network:interface, such as 'extnet:eth1'. Separate several with "
                    "commas. The interface must have no address. Leave it empty if servers need "
                    "no floating addresses."
                ),
                "PROMPT": "Interfaces to physical networks (network:interface, empty: none)",
                "OPTION_LIST": ["", f"{MAPPING}(,{MAPPING})*"],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "",
            },
            {
                "CONF_NAME": "CONFIG_NEUTRON_LB_TUNNEL_IF",
                "CMD_OPTION": "os-neutron-lb-tunnel-if",
                "USAGE": (
                    "Network interface for VXLAN tunnels, with the same name on all hosts. Leave "
                    "it empty to use the address at which a host is installed."
                ),
                "PROMPT": "Interface for tunnels between hosts (empty: the host's address)",
                "OPTION_LIST": ["", INTERFACE],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "",
            },
        ],
        "NEUTRON_OVS_AGENT": [
            {
                "CONF_NAME": "CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS",
                "CMD_OPTION": "os-neutron-ovs-bridge-mappings",
                "USAGE": (
                    "Open vSwitch bridge on the network hosts that is connected to a physical "
                    "network, as network:bridge. Separate several with commas. Bridges are "
                    "created if they do not exist."
                ),
                "PROMPT": "Bridges to physical networks (network:bridge, empty: none)",
                "OPTION_LIST": ["", f"{MAPPING}(,{MAPPING})*"],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "extnet:br-ex",
            },
            {
                "CONF_NAME": "CONFIG_NEUTRON_OVS_BRIDGE_IFACES",
                "CMD_OPTION": "os-neutron-ovs-bridge-interfaces",
                "USAGE": (
                    "Network interface of the network hosts that is part of a bridge, as "
                    "bridge:interface, such as 'br-ex:eth1'. Separate several with commas. An "
                    "interface that has an address loses its connection."
                ),
                "PROMPT": "Interfaces of the bridges (bridge:interface, empty: none)",
                "OPTION_LIST": ["", f"{INTERFACE}:{INTERFACE}(,{INTERFACE}:{INTERFACE})*"],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "",
            },
            {
                "CONF_NAME": "CONFIG_NEUTRON_OVS_TUNNEL_IF",
                "CMD_OPTION": "os-neutron-ovs-tunnel-if",
                "USAGE": (
                    "Network interface for VXLAN tunnels, with the same name on all hosts. Leave "
                    "it empty to use the address at which a host is installed."
                ),
                "PROMPT": "Interface for tunnels between hosts (empty: the host's address)",
                "OPTION_LIST": ["", INTERFACE],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "",
            },
        ],
    }
    groups: list[dict[str, Any]] = [
        {
            "GROUP_NAME": "NEUTRON",
            "DESCRIPTION": "Neutron network service",
            "PRE_CONDITION": has_servers,
            "PRE_CONDITION_MATCH": True,
        },
        {
            "GROUP_NAME": "NEUTRON_LB_AGENT",
            "DESCRIPTION": "Linux bridge agent",
            "PRE_CONDITION": uses_linuxbridge,
            "PRE_CONDITION_MATCH": True,
        },
        {
            "GROUP_NAME": "NEUTRON_OVS_AGENT",
            "DESCRIPTION": "Open vSwitch agent",
            "PRE_CONDITION": uses_openvswitch,
            "PRE_CONDITION_MATCH": True,
        },
    ]
    for group in groups:
        controller.addGroup(group, params[group["GROUP_NAME"]])


def uses_linuxbridge(config: Config) -> bool:
    """Return whether Linux bridges connect servers."""
    return has_servers(config) and bool(config["CONFIG_NEUTRON_L2_AGENT"] == "linuxbridge")


def uses_openvswitch(config: Config) -> bool:
    """Return whether Open vSwitch connects servers."""
    return has_servers(config) and bool(config["CONFIG_NEUTRON_L2_AGENT"] == "openvswitch")


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan Neutron on the controller, the network hosts and the compute hosts."""
    config = controller.CONF
    if not has_servers(config):
        return
    announce_service("Networks (Neutron)", config["CONFIG_CONTROLLER_HOST"], PORT)
    for host in split_hosts(config["CONFIG_NETWORK_HOSTS"]):
        use_host(host)
    steps = [
        {"title": "Preparing Neutron's database", "functions": [create_database_manifest]},
        {"title": "Preparing Neutron", "functions": [create_manifest]},
        {"title": "Preparing the network hosts", "functions": [create_network_manifests]},
        {"title": "Connecting the compute hosts", "functions": [create_compute_manifests]},
    ]
    controller.addSequence("Installing Neutron", [], [], steps)


def create_database_manifest(config: Config, messages: list[str]) -> None:
    """Create the database where MariaDB runs and note how Neutron connects to it."""
    host = config["CONFIG_MARIADB_HOST"]
    password = config["CONFIG_NEUTRON_DB_PW"]  # db_sync cannot read an encoded one
    config["CONFIG_NEUTRON_DATABASE_URL"] = f"mysql+pymysql://neutron:{password}@{host}/neutron"
    add_puppet_modules(host, "puppet-module-neutron")
    appendManifestFile(f"{host}_backend.pp", getManifestTemplate("neutron_database"), "backend")


def create_manifest(config: Config, messages: list[str]) -> None:
    """Put the API into the controller's manifest and note the address it answers at."""
    host = config["CONFIG_CONTROLLER_HOST"]
    kind = "LB" if uses_linuxbridge(config) else "OVS"
    config["CONFIG_NEUTRON_TUNNEL_IF"] = config[f"CONFIG_NEUTRON_{kind}_TUNNEL_IF"]
    config["CONFIG_NEUTRON_URL"] = f"http://{host}:{PORT}"
    add_puppet_modules(host, "puppet-module-neutron")
    appendManifestFile(f"{host}_controller.pp", getManifestTemplate("neutron"), "controller")


def create_network_manifests(config: Config, messages: list[str]) -> None:
    """Put routers, DHCP and metadata into each network host's manifest.

    Only network hosts have a cable to physical networks.
    """
    for host in split_hosts(config["CONFIG_NETWORK_HOSTS"]):
        _connect(
            config,
            host,
            interfaces=split_hosts(config["CONFIG_NEUTRON_LB_INTERFACE_MAPPINGS"]),
            bridges=split_hosts(config["CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS"]),
            bridge_ports=split_hosts(config["CONFIG_NEUTRON_OVS_BRIDGE_IFACES"]),
        )
        manifest = getManifestTemplate("neutron_network_host")
        appendManifestFile(f"{host}_agents.pp", manifest, marker="agents")


def create_compute_manifests(config: Config, messages: list[str]) -> None:
    """Put the agent that connects servers into each compute host's manifest."""
    network_hosts = split_hosts(config["CONFIG_NETWORK_HOSTS"])
    for host in split_hosts(config["CONFIG_COMPUTE_HOSTS"]):
        if host not in network_hosts:
            _connect(config, host, interfaces=[], bridges=[], bridge_ports=[])


def _connect(
    config: Config, host: str, *, interfaces: list[str], bridges: list[str], bridge_ports: list[str]
) -> None:
    add_host_data(
        host,
        {
            "CONFIG_THIS_HOST": host,
            "CONFIG_THIS_HOST_INTERFACES": interfaces,
            "CONFIG_THIS_HOST_BRIDGES": bridges,
            "CONFIG_THIS_HOST_BRIDGE_PORTS": bridge_ports,
        },
    )
    add_puppet_modules(host, "puppet-module-neutron")
    appendManifestFile(f"{host}_agents.pp", getManifestTemplate("neutron_l2_agent"), "agents")
