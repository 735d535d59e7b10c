"""Installs the MariaDB server in which OpenStack services keep their data."""

from __future__ import annotations

from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import add_puppet_modules, announce_service

PLUGIN_NAME = "MariaDB"
PORT = 3306

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare the database server's options."""
    params: list[dict[str, Any]] = [
        {
            "CONF_NAME": "CONFIG_MARIADB_INSTALL",
            "CMD_OPTION": "mariadb-install",
            "USAGE": (
                "'y' installs a MariaDB server. With 'n', you cannot install services that store "
                "data in it, such as Keystone and Glance."
            ),
            "PROMPT": "Install MariaDB",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "y",
        },
    ]
    group: dict[str, Any] = {
        "GROUP_NAME": "MARIADB",
        "DESCRIPTION": "Database",
        "PRE_CONDITION": False,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)

    params = [
        {
            "CONF_NAME": "CONFIG_MARIADB_HOST",
            "CMD_OPTION": "mariadb-host",
            "USAGE": (
                "IP address or host name of the server that runs MariaDB. The services connect to "
                "its port 3306, so it must be reachable from the controller. Leave it empty for "
                "the controller."
            ),
            "PROMPT": "Address of the database server (empty: the controller)",
            "VALIDATORS": [validators.validate_host],
            "PROCESSORS": [processors.process_controller],
            "DEFAULT_VALUE": "",
            "DEPRECATES": ["CONFIG_MYSQL_HOST"],
        },
        {
            "CONF_NAME": "CONFIG_MARIADB_PW",
            "CMD_OPTION": "mariadb-pw",
            "USAGE": (
                "Password of MariaDB's root account, which can log in on the database server "
                "only: letters, digits, '.', '_', '~' and '-', at most 64 characters. "
                "PW_PLACEHOLDER is replaced by the default password or, if there is none, by a "
                "random one."
            ),
            "PROMPT": "Password of MariaDB's root account",
            "OPTION_LIST": ["[A-Za-z0-9._~-]{1,64}"],
            "VALIDATORS": [validators.validate_regexp],
            "PROCESSORS": [processors.process_password],
            "DEFAULT_VALUE": "PW_PLACEHOLDER",
            "MASK_INPUT": True,
            "NEED_CONFIRM": True,
            "DEPRECATES": ["CONFIG_MYSQL_PW"],
        },
        {
            "CONF_NAME": "CONFIG_MARIADB_MAX_CONNECTIONS",
            "CMD_OPTION": "mariadb-max-connections",
            "USAGE": (
                "Number of connections that MariaDB accepts at the same time. Each process of "
                "each service keeps up to 5 connections open, and more when it is busy. If you "
                "raise the number of processes, raise this number as well."
            ),
            "PROMPT": "Maximum number of connections to MariaDB",
            "VALIDATORS": [validators.validate_integer],
            "DEFAULT_VALUE": "1024",
            "USE_DEFAULT": True,
        },
    ]
    group = {
        "GROUP_NAME": "MARIADB_SERVER",
        "DESCRIPTION": "MariaDB database server",
        "PRE_CONDITION": "CONFIG_MARIADB_INSTALL",
        "PRE_CONDITION_MATCH": "y",
    }
    controller.addGroup(group, params)


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan the database server, on its own host or on the controller."""
    config = controller.CONF
    if config["CONFIG_MARIADB_INSTALL"] != "y":
        return
    announce_service("Database (MariaDB)", config["CONFIG_MARIADB_HOST"], PORT)
    steps = [
        {"title": "Preparing MariaDB", "functions": [create_manifest]},
    ]
    controller.addSequence("Installing MariaDB", [], [], steps)


def create_manifest(config: Config, messages: list[str]) -> None:
    """Put the database server into its host's manifest."""
    host = config["CONFIG_MARIADB_HOST"]
    add_puppet_modules(host, "puppet-module-puppetlabs-mysql")
    appendManifestFile(f"{host}_backend.pp", getManifestTemplate("mariadb"), marker="backend")
