"""Installs the `openstack` command and the administrator's login on the hosts that want them."""

from __future__ import annotations

from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.addresses import split_hosts
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import use_host

PLUGIN_NAME = "OpenStack client"

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare whether the client is installed, and where."""
    params: list[dict[str, Any]] = [
        {
            "CONF_NAME": "CONFIG_CLIENT_INSTALL",
            "CMD_OPTION": "os-client-install",
            "USAGE": (
                "'y' installs the openstack command and writes /root/openrc, with which root uses "
                "the cloud as the administrator. It needs Keystone."
            ),
            "PROMPT": "Install the OpenStack client",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "y",
        },
    ]
    group: dict[str, Any] = {
        "GROUP_NAME": "CLIENT",
        "DESCRIPTION": "OpenStack client",
        "PRE_CONDITION": "CONFIG_KEYSTONE_INSTALL",
        "PRE_CONDITION_MATCH": "y",
    }
    controller.addGroup(group, params)

    params = [
        {
            "CONF_NAME": "CONFIG_CLIENT_HOSTS",
            "CMD_OPTION": "os-client-hosts",
            "USAGE": (
                "Comma-separated hosts on which the client is installed. The root user of each "
                "has all permissions in the cloud, so keep the list short. Leave it empty for the "
                "controller."
            ),
            "PROMPT": "Hosts of the client, comma-separated (empty: the controller)",
            "VALIDATORS": [validators.validate_hosts],
            "PROCESSORS": [processors.process_hosts, processors.process_controller],
            "DEFAULT_VALUE": "",
        },
    ]
    group = {
        "GROUP_NAME": "CLIENT_HOSTS",
        "DESCRIPTION": "Hosts of the OpenStack client",
        "PRE_CONDITION": has_client,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)


def has_client(config: Config) -> bool:
    """Return whether the client is wanted and there is a Keystone that it can log into."""
    return bool(config["CONFIG_KEYSTONE_INSTALL"] == "y" and config["CONFIG_CLIENT_INSTALL"] == "y")


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan the client on each of its hosts."""
    config = controller.CONF
    if not has_client(config):
        return
    for host in split_hosts(config["CONFIG_CLIENT_HOSTS"]):
        use_host(host)
    steps = [
        {"title": "Preparing the OpenStack client", "functions": [create_manifests]},
    ]
    controller.addSequence("Installing the OpenStack client", [], [], steps)


def create_manifests(config: Config, messages: list[str]) -> None:
    """Put the client into each host's manifest, in the phase after the services."""
    for host in split_hosts(config["CONFIG_CLIENT_HOSTS"]):
        manifest = getManifestTemplate("openstack_client")
        appendManifestFile(f"{host}_client.pp", manifest, marker="client")
    messages.append(
        "To use the cloud, log in to a host of the client as root, and run: . /root/openrc"
    )
