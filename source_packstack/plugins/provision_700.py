"""Puts a first image into Glance, so that there is something to try the cloud with."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.hieradata import add_resource
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate

PLUGIN_NAME = "Provision"
CIRROS = "https://download.cirros-cloud.net/0.6.2/cirros-0.6.2-x86_64-disk.img"

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare whether there is a first image, and what it is."""
    params: list[dict[str, Any]] = [
        {
            "CONF_NAME": "CONFIG_PROVISION_IMAGE",
            "CMD_OPTION": "provision-image",
            "USAGE": (
                "'y' puts a first image, open to all projects, into Glance. 'n' leaves Glance "
                "empty, and takes no image away that an earlier run put there."
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
    controller.insertGroupBeforeGroup("CLIENT", group, params)  # right behind Glance

    params = [
        {
            "CONF_NAME": "CONFIG_PROVISION_IMAGE_NAME",
            "CMD_OPTION": "provision-image-name",
            "USAGE": (
                "Name of the first image: letters, digits, spaces, '.', '_' and '-', at most "
                "64 of them. An image of this name that exists already is left as it is."
            ),
            "PROMPT": "Name of the first image",
            "OPTION_LIST": ["[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}"],
            "VALIDATORS": [validators.validate_regexp],
            "DEFAULT_VALUE": "cirros",
        },
        {
            "CONF_NAME": "CONFIG_PROVISION_IMAGE_SOURCE",
            "CMD_OPTION": "provision-image-source",
            "USAGE": (
                "Where the first image comes from: the path of a file on this machine, or an "
                "http or https address from which the controller downloads it."
            ),
            "PROMPT": "File or address of the first image",
            "VALIDATORS": [validators.validate_source],
            "PROCESSORS": [processors.process_path],
            "DEFAULT_VALUE": CIRROS,
            "LOOSE_VALIDATION": True,
        },
        {
            "CONF_NAME": "CONFIG_PROVISION_IMAGE_FORMAT",
            "CMD_OPTION": "provision-image-format",
            "USAGE": (
                "Format of the first image's file: 'qcow2' for QEMU's compact format, which most "
                "images come in, 'raw' for a plain copy of a disk."
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
    controller.insertGroupBeforeGroup("CLIENT", group, params)


def has_image(config: Config) -> bool:
    """Tell whether an image is wanted and there is a Glance that keeps it."""
    return bool(config["CONFIG_GLANCE_INSTALL"] == "y" and config["CONFIG_PROVISION_IMAGE"] == "y")


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan the image, where there is to be one; refuse the usual image in a wrong format."""
    config = controller.CONF
    if not has_image(config):
        return
    source = controller.getParamByName("CONFIG_PROVISION_IMAGE_SOURCE")
    is_usual = config["CONFIG_PROVISION_IMAGE_SOURCE"] == source.DEFAULT_VALUE
    if is_usual and config["CONFIG_PROVISION_IMAGE_FORMAT"] == "raw":
        raise RuntimeError(
            "The usual image is no raw one: set CONFIG_PROVISION_IMAGE_FORMAT to qcow2, "
            "or name an image of your own in CONFIG_PROVISION_IMAGE_SOURCE"
        )
    steps = [
        {"title": "Preparing the first image", "functions": [create_manifest]},
    ]
    controller.addSequence("Providing a first image", [], [], steps)


def create_manifest(config: Config, messages: list[str]) -> None:
    """Have a local image copied to the controller, and the image created once Glance is there."""
    host = config["CONFIG_CONTROLLER_HOST"]
    source = config["CONFIG_PROVISION_IMAGE_SOURCE"]
    if "://" in source:
        config["CONFIG_PROVISION_IMAGE_FILE"] = source
    else:
        config["CONFIG_PROVISION_IMAGE_FILE"] = add_resource(host, Path(source))
    manifest = getManifestTemplate("provision_image")
    appendManifestFile(f"{host}_controller.pp", manifest, marker="controller")
    messages.append(f"The image {config['CONFIG_PROVISION_IMAGE_NAME']} is in Glance.")
