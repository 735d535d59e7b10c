"""Installs the message broker through which OpenStack services talk to each other.

The broker is RabbitMQ. It gets one account for all services and no guest account. With SSL on,
it accepts encrypted connections only.
"""

from __future__ import annotations

from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import add_puppet_modules, announce_service

PLUGIN_NAME = "AMQP"
PLAIN_PORT = 5672
SSL_PORT = 5671

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare the broker's options; its account is asked for only where there is a broker."""
    params: list[dict[str, Any]] = [
        {
            "CONF_NAME": "CONFIG_AMQP_BACKEND",
            "CMD_OPTION": "amqp-backend",
            "USAGE": (
                "Message broker to install: 'rabbitmq' for RabbitMQ, 'none' for no broker. "
                "Keystone and Glance do not need one. Nova and Neutron do."
            ),
            "PROMPT": "Message broker",
            "OPTION_LIST": ["rabbitmq", "none"],
            "VALIDATORS": [validators.validate_options],
            "DEFAULT_VALUE": "rabbitmq",
        },
    ]
    group: dict[str, Any] = {
        "GROUP_NAME": "AMQP",
        "DESCRIPTION": "Message broker",
        "PRE_CONDITION": False,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)

    params = [
        {
            "CONF_NAME": "CONFIG_AMQP_HOST",
            "CMD_OPTION": "amqp-host",
            "USAGE": (
                "IP address or host name of the server that runs the message broker. The services "
                "on all hosts connect to its port 5672, or 5671 with SSL. Leave it empty for the "
                "controller."
            ),
            "PROMPT": "Address of the message broker (empty: the controller)",
            "VALIDATORS": [validators.validate_host],
            "PROCESSORS": [processors.process_controller],
            "DEFAULT_VALUE": "",
        },
        {
            "CONF_NAME": "CONFIG_AMQP_AUTH_USER",
            "CMD_OPTION": "amqp-auth-user",
            "USAGE": (
                "Name of the account that all OpenStack services use to connect to the broker: "
                "letters, digits, '.', '_' and '-', at most 64 characters."
            ),
            "PROMPT": "Account of the services at the broker",
            "OPTION_LIST": ["[A-Za-z0-9._-]{1,64}"],
            "VALIDATORS": [validators.validate_regexp],
            "DEFAULT_VALUE": "openstack",
        },
        {
            "CONF_NAME": "CONFIG_AMQP_AUTH_PASSWORD",
            "CMD_OPTION": "amqp-auth-password",
            "USAGE": (
                "Password of the services' account at the broker. PW_PLACEHOLDER is replaced by "
                "the default password or, if there is none, by a random one."
            ),
            "PROMPT": "Password of the services at the broker",
            "VALIDATORS": [validators.validate_not_empty],
            "PROCESSORS": [processors.process_password],
            "DEFAULT_VALUE": "PW_PLACEHOLDER",
            "MASK_INPUT": True,
            "NEED_CONFIRM": True,
        },
    ]
    group = {
        "GROUP_NAME": "AMQP_ACCOUNT",
        "DESCRIPTION": "Message broker's host and account",
        "PRE_CONDITION": has_broker,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)


def has_broker(config: Config) -> bool:
    """Return whether any message broker is installed."""
    return bool(config["CONFIG_AMQP_BACKEND"] != "none")


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan the broker, on its own host or on the controller."""
    config = controller.CONF
    if config["CONFIG_AMQP_BACKEND"] == "none":
        return
    port = SSL_PORT if config["CONFIG_SSL_ENABLE"] == "y" else PLAIN_PORT
    config["CONFIG_AMQP_PORT"] = port
    announce_service("Message broker (RabbitMQ)", config["CONFIG_AMQP_HOST"], port)
    steps = [
        {"title": "Preparing the message broker", "functions": [create_manifest]},
    ]
    controller.addSequence("Installing the message broker", [], [], steps)


def create_manifest(config: Config, messages: list[str]) -> None:
    """Put the broker into its host's manifest."""
    host = config["CONFIG_AMQP_HOST"]
    add_puppet_modules(host, "puppet-module-puppetlabs-rabbitmq")
    appendManifestFile(f"{host}_backend.pp", getManifestTemplate("amqp"), marker="backend")
