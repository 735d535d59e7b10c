"""Installs memcached, the cache that keeps checked tokens and saves Keystone most of its work.

It is the smallest plugin that installs a service, and a good one to read first.
"""

from __future__ import annotations

from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.addresses import split_hosts
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import add_puppet_modules, announce_service

PLUGIN_NAME = "Memcached"
PORT = 11211

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare the cache's options; only the first is asked where no cache is wanted."""
    params: list[dict[str, Any]] = [
        {
            "CONF_NAME": "CONFIG_MEMCACHED_INSTALL",
            "CMD_OPTION": "memcached-install",
            "USAGE": (
                "'y' installs memcached, in which services store tokens that they have checked. "
                "With 'n', they ask Keystone about the token of every request."
            ),
            "PROMPT": "Install memcached",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "y",
        },
    ]
    group: dict[str, Any] = {
        "GROUP_NAME": "MEMCACHED",
        "DESCRIPTION": "Cache",
        "PRE_CONDITION": False,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)

    params = [
        {
            "CONF_NAME": "CONFIG_MEMCACHED_HOSTS",
            "CMD_OPTION": "memcached-hosts",
            "USAGE": (
                "Comma-separated servers that run memcached. The services distribute their cached "
                "data among them. Memcached has no passwords, so make sure that only the other "
                "hosts can reach its port 11211. Leave it empty for the controller."
            ),
            "PROMPT": "Memcached servers, comma-separated (empty: the controller)",
            "VALIDATORS": [validators.validate_hosts],
            "PROCESSORS": [processors.process_hosts, processors.process_controller],
            "DEFAULT_VALUE": "",
        },
        {
            "CONF_NAME": "CONFIG_MEMCACHED_SIZE",
            "CMD_OPTION": "memcached-size",
            "USAGE": (
                "Memory, in MiB, that memcached may use on each server. When it is full, "
                "memcached drops the tokens that have not been used for the longest time, and the "
                "services check them again."
            ),
            "PROMPT": "Memory of memcached, in MiB",
            "VALIDATORS": [validators.validate_integer],
            "DEFAULT_VALUE": "64",
        },
    ]
    group = {
        "GROUP_NAME": "MEMCACHED_SERVERS",
        "DESCRIPTION": "Memcached cache servers",
        "PRE_CONDITION": "CONFIG_MEMCACHED_INSTALL",
        "PRE_CONDITION_MATCH": "y",
    }
    controller.addGroup(group, params)


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan a cache on each of its hosts."""
    config = controller.CONF
    config["CONFIG_MEMCACHED_SERVERS"] = []
    if config["CONFIG_MEMCACHED_INSTALL"] != "y":
        return
    for host in split_hosts(config["CONFIG_MEMCACHED_HOSTS"]):
        announce_service("Cache (memcached)", host, PORT)
    steps = [
        {"title": "Preparing memcached", "functions": [create_manifests]},
    ]
    controller.addSequence("Installing memcached", [], [], steps)


def create_manifests(config: Config, messages: list[str]) -> None:
    """Put the cache into each host's manifest and note where the services find all caches."""
    hosts = split_hosts(config["CONFIG_MEMCACHED_HOSTS"])
    config["CONFIG_MEMCACHED_SERVERS"] = [f"{host}:{PORT}" for host in hosts]
    for host in hosts:
        add_puppet_modules(host, "puppet-module-saz-memcached")
        manifest = getManifestTemplate("memcached")
        appendManifestFile(f"{host}_backend.pp", manifest, marker="backend")
