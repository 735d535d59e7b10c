"""Installs Horizon, the web pages in which people use the cloud, on the controller."""

from __future__ import annotations

from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import add_puppet_modules, announce_service
from source_packstack.plugins.nova_300 import has_servers

PLUGIN_NAME = "Horizon"
PORT = 80

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare whether Horizon is installed, and the secret of its sessions."""
    params: list[dict[str, Any]] = [
        {
            "CONF_NAME": "CONFIG_HORIZON_INSTALL",
            "CMD_OPTION": "horizon-install",
            "USAGE": (
                "'y' installs Horizon, the web dashboard, on port 80 of the controller. With 'n', "
                "you use the cloud with the openstack command."
            ),
            "PROMPT": "Install Horizon",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "n",
        },
    ]
    group: dict[str, Any] = {
        "GROUP_NAME": "HORIZON",
        "DESCRIPTION": "Web pages",
        "PRE_CONDITION": has_servers,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)

    params = [
        {
            "CONF_NAME": "CONFIG_HORIZON_SECRET_KEY",
            "CMD_OPTION": "os-horizon-secretkey",
            "USAGE": (
                "Secret with which Horizon signs session data. If you change it, all users are "
                "logged out. PW_PLACEHOLDER is replaced by the default password or, if there is "
                "none, by a random one."
            ),
            "PROMPT": "Secret of Horizon's sessions",
            "OPTION_LIST": [r"[^'\\]+"],
            "VALIDATORS": [validators.validate_regexp],
            "PROCESSORS": [processors.process_password],
            "DEFAULT_VALUE": "PW_PLACEHOLDER",
            "MASK_INPUT": True,
            "NEED_CONFIRM": True,
        },
    ]
    group = {
        "GROUP_NAME": "HORIZON_SERVICE",
        "DESCRIPTION": "Horizon dashboard",
        "PRE_CONDITION": has_dashboard,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)


def has_dashboard(config: Config) -> bool:
    """Return whether Horizon is wanted and has a cloud to show."""
    return has_servers(config) and bool(config["CONFIG_HORIZON_INSTALL"] == "y")


def pages_url(config: Config) -> str:
    """Return the address at which browsers find Horizon."""
    return f"http://{config['CONFIG_CONTROLLER_HOST']}/horizon/"


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan Horizon on the controller."""
    config = controller.CONF
    if not has_dashboard(config):
        return
    announce_service("Web pages (Horizon)", config["CONFIG_CONTROLLER_HOST"], PORT)
    steps = [
        {"title": "Preparing Horizon", "functions": [create_manifest]},
    ]
    controller.addSequence("Installing Horizon", [], [], steps)


def create_manifest(config: Config, messages: list[str]) -> None:
    """Put Horizon into the controller's manifest."""
    host = config["CONFIG_CONTROLLER_HOST"]
    add_puppet_modules(host, "puppet-module-horizon")
    appendManifestFile(f"{host}_controller.pp", getManifestTemplate("horizon"), "controller")
