"""Installs Glance, the image service, which keeps the disk images that servers start from.

Images lie as files on the controller's own disk.
"""

from __future__ import annotations

from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import add_puppet_modules, announce_service

PLUGIN_NAME = "Glance"
PORT = 9292

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare whether Glance is installed, its two passwords and where images lie."""
    params: list[dict[str, Any]] = [
        {
            "CONF_NAME": "CONFIG_GLANCE_INSTALL",
            "CMD_OPTION": "glance-install",
            "USAGE": (
                "'y' installs Glance, which stores the disk images. It needs Keystone. Choose 'n' "
                "if you only need identities."
            ),
            "PROMPT": "Install Glance",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "y",
        },
    ]
    group: dict[str, Any] = {
        "GROUP_NAME": "GLANCE",
        "DESCRIPTION": "Image service",
        "PRE_CONDITION": False,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)

    params = [
        {
            "CONF_NAME": "CONFIG_GLANCE_DB_PW",
            "CMD_OPTION": "glance-db-passwd",
            "USAGE": (
                "Password of Glance's database account: letters, digits, '.', '_', '~' and '-', "
                "at most 64 characters. PW_PLACEHOLDER is replaced by the default password or, if "
                "there is none, by a random one."
            ),
            "PROMPT": "Password of Glance's database",
            "OPTION_LIST": ["[A-Za-z0-9._~-]{1,64}"],
            "VALIDATORS": [validators.validate_regexp],
            "PROCESSORS": [processors.process_password],
            "DEFAULT_VALUE": "PW_PLACEHOLDER",
            "MASK_INPUT": True,
            "NEED_CONFIRM": True,
        },
        {
            "CONF_NAME": "CONFIG_GLANCE_KS_PW",
            "CMD_OPTION": "glance-ks-passwd",
            "USAGE": (
                "Password of Glance's account in Keystone, which it uses to check the tokens of "
                "its users. PW_PLACEHOLDER is replaced by the default password or, if there is "
                "none, by a random one."
            ),
            "PROMPT": "Password of Glance's account in Keystone",
            "VALIDATORS": [validators.validate_not_empty],
            "PROCESSORS": [processors.process_password],
            "DEFAULT_VALUE": "PW_PLACEHOLDER",
            "MASK_INPUT": True,
            "NEED_CONFIRM": True,
        },
        {
            "CONF_NAME": "CONFIG_GLANCE_STORE_DIR",
            "CMD_OPTION": "glance-store-dir",
            "USAGE": (
                "Absolute path of the folder for images on the controller. If you store many "
                "images, use a separate disk: a full disk stops all services."
            ),
            "PROMPT": "Folder for images on the controller",
            "VALIDATORS": [validators.validate_absolute_path],
            "DEFAULT_VALUE": "/var/lib/glance/images",
        },
    ]
    group = {
        "GROUP_NAME": "GLANCE_SERVICE",
        "DESCRIPTION": "Glance image service",
        "PRE_CONDITION": "CONFIG_GLANCE_INSTALL",
        "PRE_CONDITION_MATCH": "y",
    }
    controller.addGroup(group, params)


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan Glance's database and the service; refuse a Glance without Keystone."""
    config = controller.CONF
    if config["CONFIG_GLANCE_INSTALL"] != "y":
        return
    if config["CONFIG_KEYSTONE_INSTALL"] != "y":
        raise RuntimeError(
            "Glance needs Keystone to check tokens: set CONFIG_KEYSTONE_INSTALL to y, "
            "or CONFIG_GLANCE_INSTALL to n"
        )
    announce_service("Images (Glance)", config["CONFIG_CONTROLLER_HOST"], PORT)
    glancesteps = [
        {"title": "Preparing Glance's database", "functions": [create_database_manifest]},
        {"title": "Preparing Glance", "functions": [create_manifest]},
    ]
    controller.addSequence("Installing Glance", [], [], glancesteps)


def create_database_manifest(config: Config, messages: list[str]) -> None:
    """Create the database where MariaDB runs and note how Glance connects to it."""
    host = config["CONFIG_MARIADB_HOST"]
    password = config["CONFIG_GLANCE_DB_PW"]  # db_sync cannot read an encoded one
    config["CONFIG_GLANCE_DATABASE_URL"] = f"mysql+pymysql://glance:{password}@{host}/glance"
    add_puppet_modules(host, "puppet-module-glance")
    manifest = getManifestTemplate("glance_database")
    appendManifestFile(f"{host}_backend.pp", manifest, marker="backend")


def create_manifest(config: Config, messages: list[str]) -> None:
    """Put the service into the controller's manifest and note the address it answers at."""
    host = config["CONFIG_CONTROLLER_HOST"]
    config["CONFIG_GLANCE_URL"] = f"http://{host}:{PORT}"
    add_puppet_modules(host, "puppet-module-glance")
    appendManifestFile(f"{host}_controller.pp", getManifestTemplate("glance"), "controller")
