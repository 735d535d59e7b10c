"""Makes the certificates with which services prove who they are and encrypt what they say.

A certificate authority of its own signs one certificate for each host. Authority and
certificates stay in a folder on this machine and are used again by later runs, until they come
near their end.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.certificates import Authority
from source_packstack.modules.hieradata import add_host_data
from source_packstack.modules.planning import planned_hosts

PLUGIN_NAME = "SSL"

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare whether connections are encrypted, and the authority's options if they are."""
    params: list[dict[str, Any]] = [
        {
            "CONF_NAME": "CONFIG_SSL_ENABLE",
            "CMD_OPTION": "ssl-enable",
            "USAGE": (
                "'y' encrypts the connections to the message broker with SSL (TLS 1.2 or newer) "
                "and closes its plain port. With 'n', everybody on the network can read them."
            ),
            "PROMPT": "Encrypt the connections to the message broker",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "n",
            "MESSAGE": (
                "Clients of the message broker must trust the certificate authority: its "
                "certificate is ca.crt in the folder that CONFIG_SSL_FOLDER names."
            ),
            "MESSAGE_VALUES": ["y"],
        },
    ]
    group: dict[str, Any] = {
        "GROUP_NAME": "SSL",
        "DESCRIPTION": "Encryption",
        "PRE_CONDITION": False,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)

    params = [
        {
            "CONF_NAME": "CONFIG_SSL_FOLDER",
            "CMD_OPTION": "ssl-folder",
            "USAGE": (
                "Folder on this machine for the certificate authority, its private key and the "
                "certificates of the hosts. Only you can read it. It is created if it does not "
                "exist. If you delete it, all hosts get new certificates in the next run."
            ),
            "PROMPT": "Folder for the certificate authority",
            "VALIDATORS": [validators.validate_not_empty],
            "PROCESSORS": [processors.process_path],
            "DEFAULT_VALUE": str(Path.home() / ".local/share/source-packstack/ssl"),
        },
        {
            "CONF_NAME": "CONFIG_SSL_DAYS",
            "CMD_OPTION": "ssl-days",
            "USAGE": (
                "Number of days for which the certificate of a host is valid. A run renews it if "
                "fewer than 30 days are left, so run the installer again in time."
            ),
            "PROMPT": "Days for which a certificate is valid",
            "VALIDATORS": [validators.validate_integer],
            "DEFAULT_VALUE": "365",
        },
    ]
    group = {
        "GROUP_NAME": "SSL_AUTHORITY",
        "DESCRIPTION": "Certificate authority",
        "PRE_CONDITION": "CONFIG_SSL_ENABLE",
        "PRE_CONDITION_MATCH": "y",
    }
    controller.addGroup(group, params)


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan the certificates, where connections are to be encrypted.

    They come before the hosts: without openssl here, no host need be bothered.
    """
    steps = [
        {"title": "Creating certificates", "functions": [create_certificates]},
    ]
    controller.insertSequenceBeforeSequence(
        "Preparing the hosts", "Creating certificates", "CONFIG_SSL_ENABLE", "y", steps
    )


def create_certificates(config: Config, messages: list[str]) -> None:
    """Give every host its certificate and key, and the authority's certificate to trust."""
    authority = Authority(Path(config["CONFIG_SSL_FOLDER"]), int(config["CONFIG_SSL_DAYS"]))
    for host in planned_hosts():
        certificate, key = authority.issue(host)
        add_host_data(
            host,
            {
                "CONFIG_SSL_CA_CERT": authority.certificate(),
                "CONFIG_SSL_HOST_CERT": certificate,
                "CONFIG_SSL_HOST_KEY": key,
            },
        )
