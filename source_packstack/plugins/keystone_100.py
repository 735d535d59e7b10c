"""Installs Keystone, the identity service: it knows the users and issues their tokens.

Its database goes to the database server, the service itself to the controller, where it creates
the administrator's account, the region and the `services` project that the other services use.
"""

from __future__ import annotations

from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import add_puppet_modules, announce_service

PLUGIN_NAME = "Keystone"
PORT = 5000

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare whether Keystone is installed, then its database's and its administrator's data."""
    keystone_params: dict[str, list[dict[str, Any]]] = {
        "KEYSTONE": [
            {
                "CONF_NAME": "CONFIG_KEYSTONE_INSTALL",
                "CMD_OPTION": "keystone-install",
                "USAGE": (
                    "'y' installs Keystone, which all other OpenStack services need. Choose 'n' "
                    "to install only what Keystone needs, such as the database."
                ),
                "PROMPT": "Install Keystone",
                "OPTION_LIST": ["y", "n"],
                "VALIDATORS": [validators.validate_options],
                "PROCESSORS": [processors.process_bool],
                "DEFAULT_VALUE": "y",
            },
        ],
        "KEYSTONE_SERVICE": [
            {
                "CONF_NAME": "CONFIG_KEYSTONE_DB_PW",
                "CMD_OPTION": "keystone-db-passwd",
                "USAGE": (
                    "Password of Keystone's database account: letters, digits, '.', '_', '~' and "
                    "'-', at most 64 characters. PW_PLACEHOLDER is replaced by the default "
                    "password or, if there is none, by a random one."
                ),
                "PROMPT": "Password of Keystone's database",
                "OPTION_LIST": ["[A-Za-z0-9._~-]{1,64}"],
                "VALIDATORS": [validators.validate_regexp],
                "PROCESSORS": [processors.process_password],
                "DEFAULT_VALUE": "PW_PLACEHOLDER",
                "MASK_INPUT": True,
                "NEED_CONFIRM": True,
            },
            {
                "CONF_NAME": "CONFIG_KEYSTONE_REGION",
                "CMD_OPTION": "keystone-region",
                "USAGE": (
                    "Name of the region of all services in the catalog: letters, digits, '.', '_' "
                    "and '-', at most 64 characters."
                ),
                "PROMPT": "Region name",
                "OPTION_LIST": ["[A-Za-z0-9._-]{1,64}"],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "RegionOne",
            },
            {
                "CONF_NAME": "CONFIG_KEYSTONE_TOKEN_EXPIRATION",
                "CMD_OPTION": "keystone-token-expiration",
                "USAGE": (
                    "Number of seconds for which a token is valid after a user has logged in. An "
                    "operation that takes longer, such as the upload of a large image, fails."
                ),
                "PROMPT": "Seconds for which a token is valid",
                "VALIDATORS": [validators.validate_integer],
                "DEFAULT_VALUE": "3600",
            },
        ],
        "KEYSTONE_ADMIN": [
            {
                "CONF_NAME": "CONFIG_KEYSTONE_ADMIN_USERNAME",
                "CMD_OPTION": "keystone-admin-username",
                "USAGE": (
                    "Name of the administrator's account in Keystone: letters, digits, '.', '_' "
                    "and '-', at most 64 characters. The administrator has all permissions in all "
                    "projects."
                ),
                "PROMPT": "Name of the administrator",
                "OPTION_LIST": ["[A-Za-z0-9._-]{1,64}"],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "admin",
            },
            {
                "CONF_NAME": "CONFIG_KEYSTONE_ADMIN_EMAIL",
                "CMD_OPTION": "keystone-admin-email",
                "USAGE": "Email address of the administrator. Keystone sends no email to it.",
                "PROMPT": "E-mail address of the administrator",
                "OPTION_LIST": [r"[^\s@]{1,64}@[^\s@]{1,190}"],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "root@localhost",
            },
            {
                "CONF_NAME": "CONFIG_KEYSTONE_ADMIN_PW",
                "CMD_OPTION": "keystone-admin-passwd",
                "USAGE": (
                    "Password of the administrator's account in Keystone. After the installation, "
                    "you find it in /root/openrc on the controller. PW_PLACEHOLDER is replaced by "
                    "the default password or, if there is none, by a random one."
                ),
                "PROMPT": "Password of the administrator",
                "VALIDATORS": [validators.validate_not_empty],
                "PROCESSORS": [processors.process_password],
                "DEFAULT_VALUE": "PW_PLACEHOLDER",
                "MASK_INPUT": True,
                "NEED_CONFIRM": True,
            },
        ],
    }

    keystone_groups: list[dict[str, Any]] = [
        {
            "GROUP_NAME": "KEYSTONE",
            "DESCRIPTION": "Identity service",
            "PRE_CONDITION": False,
            "PRE_CONDITION_MATCH": True,
        },
        {
            "GROUP_NAME": "KEYSTONE_SERVICE",
            "DESCRIPTION": "Keystone identity service",
            "PRE_CONDITION": "CONFIG_KEYSTONE_INSTALL",
            "PRE_CONDITION_MATCH": "y",
        },
        {
            "GROUP_NAME": "KEYSTONE_ADMIN",
            "DESCRIPTION": "Keystone administrator",
            "PRE_CONDITION": "CONFIG_KEYSTONE_INSTALL",
            "PRE_CONDITION_MATCH": "y",
        },
    ]
    for group in keystone_groups:
        controller.addGroup(group, keystone_params[group["GROUP_NAME"]])


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan Keystone's database and the service; refuse a Keystone without a database server."""
    config = controller.CONF
    if config["CONFIG_KEYSTONE_INSTALL"] != "y":
        return
    if config["CONFIG_MARIADB_INSTALL"] != "y":
        raise RuntimeError(
            "Keystone stores its data in MariaDB: set CONFIG_MARIADB_INSTALL to y, "
            "or CONFIG_KEYSTONE_INSTALL to n"
        )
    announce_service("Identity (Keystone)", config["CONFIG_CONTROLLER_HOST"], PORT)
    keystonesteps = [
        {"title": "Preparing Keystone's database", "functions": [create_database_manifest]},
        {"title": "Preparing Keystone", "functions": [create_manifest]},
    ]
    controller.addSequence("Installing Keystone", [], [], keystonesteps)


def create_database_manifest(config: Config, messages: list[str]) -> None:
    """Create the database where MariaDB runs and note how Keystone connects to it."""
    host = config["CONFIG_MARIADB_HOST"]
    password = config["CONFIG_KEYSTONE_DB_PW"]  # db_sync cannot read an encoded one
    config["CONFIG_KEYSTONE_DATABASE_URL"] = f"mysql+pymysql://keystone:{password}@{host}/keystone"
    add_puppet_modules(host, "puppet-module-keystone")
    manifest = getManifestTemplate("keystone_database")
    appendManifestFile(f"{host}_backend.pp", manifest, marker="backend")


def create_manifest(config: Config, messages: list[str]) -> None:
    """Put the service into the controller's manifest and note the address it answers at."""
    host = config["CONFIG_CONTROLLER_HOST"]
    config["CONFIG_KEYSTONE_PUBLIC_URL"] = f"http://{host}:{PORT}"
    add_puppet_modules(host, "puppet-module-keystone")
    appendManifestFile(f"{host}_controller.pp", getManifestTemplate("keystone"), "controller")
    messages.append(
        f"Keystone is at {config['CONFIG_KEYSTONE_PUBLIC_URL']}/v3; "
        f"/root/openrc on {host} contains the administrator's credentials."
    )
