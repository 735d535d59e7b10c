"""Fills a new cloud: a first image, and networks so that a first server is reached from outside.

What exists already under the same name is left as it is.
"""

from __future__ import annotations

import re
from ipaddress import IPv4Address, IPv4Network
from pathlib import Path
from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.addresses import split_hosts
from source_packstack.installer.controller import Controller
from source_packstack.installer.errors import ParamValidationError
from source_packstack.installer.parameters import Config
from source_packstack.modules.hieradata import add_resource
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import planned_hosts
from source_packstack.plugins.neutron_350 import uses_linuxbridge
from source_packstack.plugins.nova_300 import has_images, has_servers

PLUGIN_NAME = "Provision"
CIRROS = "https://download.cirros-cloud.net/0.6.2/cirros-0.6.2-x86_64-disk.img"
ADDRESS = r"[0-9]{1,3}(?:\.[0-9]{1,3}){3}"
POOL = rf'"start=({ADDRESS}),\s*end=({ADDRESS})"'
SMALLEST_RANGE = 30  # bits: two addresses, one for the gateway and one to float

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare what a new cloud is filled with."""
    params: list[dict[str, Any]] = [
        {
            "CONF_NAME": "CONFIG_PROVISION_IMAGE",
            "CMD_OPTION": "provision-image",
            "USAGE": (
                "'y' uploads a first image to Glance, which all projects can use. 'n' uploads "
                "none, and removes no image of an earlier run."
            ),
            "PROMPT": "Put a first image into Glance",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "y",
        },
    ]
    group: dict[str, Any] = {
        "GROUP_NAME": "PROVISION",
        "DESCRIPTION": "First image",
        "PRE_CONDITION": "CONFIG_GLANCE_INSTALL",
        "PRE_CONDITION_MATCH": "y",
    }
    controller.insertGroupBeforeGroup("NOVA", group, params)  # right behind Glance

    params = [
        {
            "CONF_NAME": "CONFIG_PROVISION_IMAGE_NAME",
            "CMD_OPTION": "provision-image-name",
            "USAGE": (
                "Name of the first image: letters, digits, spaces, '.', '_' and '-', at most 64 "
                "characters. If an image of this name exists, it is not changed."
            ),
            "PROMPT": "Name of the first image",
            "OPTION_LIST": ["[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}"],
            "VALIDATORS": [validators.validate_regexp],
            "DEFAULT_VALUE": "cirros",
        },
        {
            "CONF_NAME": "CONFIG_PROVISION_IMAGE_URL",
            "CMD_OPTION": "provision-image-url",
            "USAGE": (
                "Source of the first image: the path of a file on this machine, or an http or "
                "https URL from which the controller downloads it."
            ),
            "PROMPT": "File or address of the first image",
            "VALIDATORS": [validators.validate_source],
            "PROCESSORS": [processors.process_path],
            "DEFAULT_VALUE": CIRROS,
            "LOOSE_VALIDATION": True,
            "DEPRECATES": ["CONFIG_PROVISION_IMAGE_SOURCE"],
        },
        {
            "CONF_NAME": "CONFIG_PROVISION_IMAGE_FORMAT",
            "CMD_OPTION": "provision-image-format",
            "USAGE": (
                "Format of the image file: 'qcow2' for the compressed format of QEMU, which most "
                "images use, or 'raw' for a plain copy of a disk."
            ),
            "PROMPT": "Format of the first image",
            "OPTION_LIST": ["qcow2", "raw"],
            "VALIDATORS": [validators.validate_options],
            "DEFAULT_VALUE": "qcow2",
        },
    ]
    group = {
        "GROUP_NAME": "PROVISION_IMAGE",
        "DESCRIPTION": "Source of the first image",
        "PRE_CONDITION": has_image,
        "PRE_CONDITION_MATCH": True,
    }
    controller.insertGroupBeforeGroup("NOVA", group, params)

    params = [
        {
            "CONF_NAME": "CONFIG_PROVISION_DEMO",
            "CMD_OPTION": "provision-demo",
            "USAGE": (
                "'y' creates in the administrator's project: the network 'private', a router to "
                "the network 'public' with the floating addresses, and the security group 'web', "
                "which allows ping, SSH and HTTP. 'n' removes nothing."
            ),
            "PROMPT": "Create networks for first servers",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "n",
        },
    ]
    group = {
        "GROUP_NAME": "PROVISION_NETWORKS",
        "DESCRIPTION": "First networks",
        "PRE_CONDITION": has_servers,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)

    params = [
        {
            "CONF_NAME": "CONFIG_PROVISION_DEMO_FLOATRANGE",
            "CMD_OPTION": "provision-demo-floatrange",
            "USAGE": (
                "Network of the floating addresses as address/bits, such as 192.168.178.0/24. The "
                "second interface of the network hosts is connected to it. It can be your home "
                "network, including the hosts."
            ),
            "PROMPT": "Network of the floating addresses",
            "VALIDATORS": [validate_network],
            "DEFAULT_VALUE": "172.24.4.0/24",
        },
        {
            "CONF_NAME": "CONFIG_PROVISION_DEMO_ALLOCATION_POOLS",
            "CMD_OPTION": "provision-demo-allocation-pools",
            "USAGE": (
                "Ranges of that network that Neutron may assign, as a list such as "
                '["start=192.168.178.200,end=192.168.178.220"]. Nothing else may use these '
                "addresses, so exclude them from the DHCP range of your router. '[]' means the "
                "whole network."
            ),
            "PROMPT": "Addresses that may be given out",
            "OPTION_LIST": [r"\[\s*\]", rf"\[\s*{POOL}(,\s*{POOL})*\s*\]"],
            "VALIDATORS": [validators.validate_regexp],
            "DEFAULT_VALUE": "[]",
        },
        {
            "CONF_NAME": "CONFIG_PROVISION_DEMO_GATEWAY",
            "CMD_OPTION": "provision-demo-gateway",
            "USAGE": (
                "Address of the router of that network, through which servers reach the internet. "
                "Leave it empty for the first address of the network."
            ),
            "PROMPT": "Router of that network (empty: the first address)",
            "OPTION_LIST": ["", ADDRESS],
            "VALIDATORS": [validators.validate_regexp],
            "DEFAULT_VALUE": "",
        },
        {
            "CONF_NAME": "CONFIG_PROVISION_DEMO_DNS",
            "CMD_OPTION": "provision-demo-dns",
            "USAGE": (
                "Comma-separated addresses of the name servers for the servers of the network "
                "'private'. Leave it empty to use the name servers of the network hosts."
            ),
            "PROMPT": "Name servers, comma-separated (empty: those of the network hosts)",
            "OPTION_LIST": ["", f"{ADDRESS}(,{ADDRESS})*"],
            "VALIDATORS": [validators.validate_regexp],
            "PROCESSORS": [processors.process_hosts],
            "DEFAULT_VALUE": "",
        },
        {
            "CONF_NAME": "CONFIG_PROVISION_TEST_SERVER",
            "CMD_OPTION": "provision-test-server",
            "USAGE": (
                "'y' tests the cloud with a server at the end: it boots the first image with "
                "m1.tiny, gets a floating address, must serve a page there, and is deleted. The "
                "controller must be able to reach the floating addresses."
            ),
            "PROMPT": "Try the cloud with a server",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "n",
        },
    ]
    group = {
        "GROUP_NAME": "PROVISION_DEMO",
        "DESCRIPTION": "Floating addresses",
        "PRE_CONDITION": has_demo,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)


def has_image(config: Config) -> bool:
    """Return whether an image is wanted and there is a Glance that keeps it."""
    return bool(config["CONFIG_GLANCE_INSTALL"] == "y" and config["CONFIG_PROVISION_IMAGE"] == "y")


def has_demo(config: Config) -> bool:
    """Return whether networks are wanted and there is a Neutron that has them."""
    return has_servers(config) and bool(config["CONFIG_PROVISION_DEMO"] == "y")


def validate_network(param: str, options: list[str] | None = None) -> None:
    """Accept an IPv4 network as address/bits, with room for a gateway and a floating address."""
    try:
        network = IPv4Network(param)
    except ValueError as error:
        raise ParamValidationError("must be an IPv4 network such as 192.168.178.0/24") from error
    if network.prefixlen > SMALLEST_RANGE:
        raise ParamValidationError("is too small for a gateway and a floating address")


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan the image and the networks; refuse answers that would harm the hosts' network."""
    config = controller.CONF
    steps = []
    if has_images(config) and has_image(config):
        source = controller.getParamByName("CONFIG_PROVISION_IMAGE_URL")
        is_usual = config["CONFIG_PROVISION_IMAGE_URL"] == source.DEFAULT_VALUE
        if is_usual and config["CONFIG_PROVISION_IMAGE_FORMAT"] == "raw":
            raise RuntimeError(
                "The default image is not a raw image: set CONFIG_PROVISION_IMAGE_FORMAT to qcow2, "
                "or set CONFIG_PROVISION_IMAGE_URL to another image"
            )
        steps.append({"title": "Preparing the first image", "functions": [create_manifest]})
    if has_demo(config):
        check_floating_addresses(config)
        steps.append({"title": "Preparing the first networks", "functions": [create_networks]})
    if steps:
        controller.addSequence("Filling the cloud", [], [], steps)


def check_floating_addresses(config: Config) -> None:
    """Raise RuntimeError for floating addresses that others have, or that lead nowhere."""
    network = IPv4Network(config["CONFIG_PROVISION_DEMO_FLOATRANGE"])
    pools = floating_pools(config) or [(network[1], network[-2])]
    for first, last in pools:
        if not network.network_address < first <= last < network.broadcast_address:
            raise RuntimeError(
                "CONFIG_PROVISION_DEMO_ALLOCATION_POOLS: each part must lie within "
                f"CONFIG_PROVISION_DEMO_FLOATRANGE, {network}, and start before its end"
            )
    if gateway(config) not in network:
        raise RuntimeError(f"CONFIG_PROVISION_DEMO_GATEWAY is not within {network}")
    for host in [*planned_hosts(), *([str(gateway(config))] if floating_pools(config) else [])]:
        address = IPv4Address(host) if re.fullmatch(ADDRESS, host) else None
        if address and any(first <= address <= last for first, last in pools):
            raise RuntimeError(
                f"{host} is in use, and Neutron would assign it as a floating address: exclude "
                "it from CONFIG_PROVISION_DEMO_ALLOCATION_POOLS"
            )
    if not physical_network(config):
        raise RuntimeError(
            "Floating addresses need a physical network: set the second interface of the network "
            "hosts in CONFIG_NEUTRON_LB_INTERFACE_MAPPINGS, or the bridge in "
            "CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS; or set CONFIG_PROVISION_DEMO to n"
        )
    if config["CONFIG_PROVISION_TEST_SERVER"] == "y" and not (
        has_image(config) and config["CONFIG_NOVA_MANAGE_FLAVORS"] == "y"
    ):
        raise RuntimeError(
            "The test server needs an image and m1.tiny: set "
            "CONFIG_PROVISION_IMAGE and CONFIG_NOVA_MANAGE_FLAVORS to y, "
            "or CONFIG_PROVISION_TEST_SERVER to n"
        )


def floating_pools(config: Config) -> list[tuple[IPv4Address, IPv4Address]]:
    """Give the first and the last address of each part that may be given out; empty for all."""
    found = re.findall(POOL, config["CONFIG_PROVISION_DEMO_ALLOCATION_POOLS"])
    try:
        return [(IPv4Address(first), IPv4Address(last)) for first, last in found]
    except ValueError as error:
        raise RuntimeError(f"CONFIG_PROVISION_DEMO_ALLOCATION_POOLS: {error}") from error


def gateway(config: Config) -> IPv4Address:
    """Give the router of the network of the floating addresses."""
    network = IPv4Network(config["CONFIG_PROVISION_DEMO_FLOATRANGE"])
    try:
        return IPv4Address(config["CONFIG_PROVISION_DEMO_GATEWAY"] or network[1])
    except ValueError as error:
        raise RuntimeError(f"CONFIG_PROVISION_DEMO_GATEWAY: {error}") from error


def physical_network(config: Config) -> str:
    """Give the name of the first physical network that the network hosts lead to, if any."""
    if uses_linuxbridge(config):
        mappings = config["CONFIG_NEUTRON_LB_INTERFACE_MAPPINGS"]
    else:
        mappings = config["CONFIG_NEUTRON_OVS_BRIDGE_MAPPINGS"]
    return str(mappings).partition(":")[0]


def create_manifest(config: Config, messages: list[str]) -> None:
    """Have a local image copied to the controller, and the image created once Glance is there."""
    host = config["CONFIG_CONTROLLER_HOST"]
    source = config["CONFIG_PROVISION_IMAGE_URL"]
    if "://" in source:
        config["CONFIG_PROVISION_IMAGE_FILE"] = source
    else:
        config["CONFIG_PROVISION_IMAGE_FILE"] = add_resource(host, Path(source))
    manifest = getManifestTemplate("provision_image")
    appendManifestFile(f"{host}_controller.pp", manifest, marker="controller")
    messages.append(f"The image {config['CONFIG_PROVISION_IMAGE_NAME']} is in Glance.")


def create_networks(config: Config, messages: list[str]) -> None:
    """Have networks, a router and rules created once Neutron is there."""
    host = config["CONFIG_CONTROLLER_HOST"]
    pools = floating_pools(config)
    config["CONFIG_PROVISION_DEMO_PHYSNET"] = physical_network(config)
    config["CONFIG_PROVISION_DEMO_POOL_LIST"] = [f"{first}-{last}" for first, last in pools]
    config["CONFIG_PROVISION_DEMO_GATEWAY_ADDRESS"] = str(gateway(config))
    config["CONFIG_PROVISION_DEMO_DNS_LIST"] = split_hosts(config["CONFIG_PROVISION_DEMO_DNS"])
    manifest = getManifestTemplate("provision_demo")
    appendManifestFile(f"{host}_provision.pp", manifest, marker="provision")
