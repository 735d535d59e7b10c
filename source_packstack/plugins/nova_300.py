"""Installs Nova, the compute service, and Placement, which counts what compute hosts have.

The controller gets the API, the conductor, the scheduler and the metadata service; each compute
host gets libvirt, QEMU and the service that starts servers with them. A compute host is added by
naming it and running the installer again.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from source_packstack.installer import processors, validators
from source_packstack.installer.addresses import split_hosts
from source_packstack.installer.controller import Controller
from source_packstack.installer.parameters import Config
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import add_puppet_modules, announce_service, use_host

PLUGIN_NAME = "Nova"
PORT = 8774
METADATA_PORT = 8775
PLACEMENT_PORT = 8778

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare whether Nova is installed, its passwords, its compute hosts and their hypervisor."""
    params: list[dict[str, Any]] = [
        {
            "CONF_NAME": "CONFIG_NOVA_INSTALL",
            "CMD_OPTION": "nova-install",
            "USAGE": (
                "'y' installs Nova and Placement, which run servers, and Neutron, which connects "
                "them. They need Keystone, Glance and a message broker. With 'n', the cloud has "
                "identities and images only; nothing of an earlier run is removed."
            ),
            "PROMPT": "Install Nova and Neutron",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "y",
        },
    ]
    group: dict[str, Any] = {
        "GROUP_NAME": "NOVA",
        "DESCRIPTION": "Compute service",
        "PRE_CONDITION": has_images,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)

    params = [
        {
            "CONF_NAME": "CONFIG_COMPUTE_HOSTS",
            "CMD_OPTION": "os-compute-hosts",
            "USAGE": (
                "Comma-separated compute hosts, which run the servers. Leave it empty for the "
                "controller. To add or remove a host, change the list and run the installer "
                "again; running servers are not affected. With --install-hosts, the compute hosts "
                "are all hosts but the first, if there are several."
            ),
            "PROMPT": "Compute hosts, comma-separated (empty: the controller)",
            "VALIDATORS": [validators.validate_hosts],
            "PROCESSORS": [processors.process_hosts, processors.process_controller],
            "DEFAULT_VALUE": "",
        },
        {
            "CONF_NAME": "CONFIG_NOVA_DB_PW",
            "CMD_OPTION": "nova-db-passwd",
            "USAGE": (
                "Password of the database accounts of Nova and Placement: letters, digits, '.', "
                "'_', '~' and '-', at most 64 characters. PW_PLACEHOLDER is replaced by the "
                "default password or, if there is none, by a random one."
            ),
            "PROMPT": "Password of Nova's databases",
            "OPTION_LIST": ["[A-Za-z0-9._~-]{1,64}"],
            "VALIDATORS": [validators.validate_regexp],
            "PROCESSORS": [processors.process_password],
            "DEFAULT_VALUE": "PW_PLACEHOLDER",
            "MASK_INPUT": True,
            "NEED_CONFIRM": True,
        },
        {
            "CONF_NAME": "CONFIG_NOVA_KS_PW",
            "CMD_OPTION": "nova-ks-passwd",
            "USAGE": (
                "Password of the accounts of Nova and Placement in Keystone. PW_PLACEHOLDER is "
                "replaced by the default password or, if there is none, by a random one."
            ),
            "PROMPT": "Password of Nova's account in Keystone",
            "VALIDATORS": [validators.validate_not_empty],
            "PROCESSORS": [processors.process_password],
            "DEFAULT_VALUE": "PW_PLACEHOLDER",
            "MASK_INPUT": True,
            "NEED_CONFIRM": True,
        },
        {
            "CONF_NAME": "CONFIG_NOVA_LIBVIRT_VIRT_TYPE",
            "CMD_OPTION": "nova-libvirt-virt-type",
            "USAGE": (
                "Hypervisor of the compute hosts: 'kvm' uses the virtualization features of the "
                "processor, 'qemu' does not and is about ten times slower. 'auto' uses KVM on "
                "each host that boots its own kernel with KVM within a minute, and QEMU on the "
                "others."
            ),
            "PROMPT": "How servers are run",
            "OPTION_LIST": ["auto", "kvm", "qemu"],
            "VALIDATORS": [validators.validate_options],
            "DEFAULT_VALUE": "auto",
        },
        {
            "CONF_NAME": "CONFIG_NOVA_MANAGE_FLAVORS",
            "CMD_OPTION": "nova-manage-flavors",
            "USAGE": (
                "'y' creates the usual flavors, from m1.tiny (512 MiB of memory, 1 GiB of disk) "
                "to m1.xlarge, if they do not exist. With 'n', you create your own."
            ),
            "PROMPT": "Create the usual sizes of servers",
            "OPTION_LIST": ["y", "n"],
            "VALIDATORS": [validators.validate_options],
            "PROCESSORS": [processors.process_bool],
            "DEFAULT_VALUE": "y",
        },
    ]
    group = {
        "GROUP_NAME": "NOVA_SERVICE",
        "DESCRIPTION": "Nova compute service",
        "PRE_CONDITION": has_servers,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, params)


def has_images(config: Config) -> bool:
    """Return whether there are a Keystone and a Glance, which Nova needs."""
    return bool(config["CONFIG_KEYSTONE_INSTALL"] == "y" and config["CONFIG_GLANCE_INSTALL"] == "y")


def has_servers(config: Config) -> bool:
    """Return whether Nova is wanted and has what it needs."""
    return bool(has_images(config) and config["CONFIG_NOVA_INSTALL"] == "y")


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan Nova on the controller and on each compute host; refuse it without a broker."""
    config = controller.CONF
    if not has_servers(config):
        return
    if config["CONFIG_AMQP_BACKEND"] == "none":
        raise RuntimeError(
            "Nova's services communicate through a message broker: set CONFIG_AMQP_BACKEND to "
            "rabbitmq, or CONFIG_NOVA_INSTALL to n"
        )
    host = config["CONFIG_CONTROLLER_HOST"]
    announce_service("Placement", host, PLACEMENT_PORT)
    announce_service("Servers (Nova)", host, PORT)
    announce_service("Servers' metadata (Nova)", host, METADATA_PORT)
    for compute_host in split_hosts(config["CONFIG_COMPUTE_HOSTS"]):
        use_host(compute_host)
    steps = [
        {"title": "Preparing Nova's databases", "functions": [create_database_manifest]},
        {"title": "Preparing Placement", "functions": [create_placement_manifest]},
        {"title": "Preparing Nova", "functions": [create_manifest]},
        {"title": "Preparing the compute hosts", "functions": [create_compute_manifests]},
    ]
    controller.addSequence("Installing Nova", [], [], steps)


def create_database_manifest(config: Config, messages: list[str]) -> None:
    """Create the databases where MariaDB runs and note how the services connect to them."""
    host = config["CONFIG_MARIADB_HOST"]
    password = config["CONFIG_NOVA_DB_PW"]  # db_sync cannot read an encoded one
    for name, database in (
        ("CONFIG_NOVA_DATABASE_URL", "nova"),
        ("CONFIG_NOVA_API_DATABASE_URL", "nova_api"),
        ("CONFIG_PLACEMENT_DATABASE_URL", "placement"),
    ):
        config[name] = f"mysql+pymysql://{database}:{password}@{host}/{database}"
    add_puppet_modules(host, "puppet-module-nova", "puppet-module-placement")
    appendManifestFile(f"{host}_backend.pp", getManifestTemplate("nova_database"), "backend")


def create_placement_manifest(config: Config, messages: list[str]) -> None:
    """Put Placement into the controller's manifest and note the address it answers at."""
    host = config["CONFIG_CONTROLLER_HOST"]
    config["CONFIG_PLACEMENT_URL"] = f"http://{host}:{PLACEMENT_PORT}"
    add_puppet_modules(host, "puppet-module-placement")
    appendManifestFile(f"{host}_controller.pp", getManifestTemplate("placement"), "controller")


def create_manifest(config: Config, messages: list[str]) -> None:
    """Put the services into the controller's manifest and note the addresses that they need."""
    host = config["CONFIG_CONTROLLER_HOST"]
    account = f"{config['CONFIG_AMQP_AUTH_USER']}:{quote(config['CONFIG_AMQP_AUTH_PASSWORD'], '')}"
    broker = f"{config['CONFIG_AMQP_HOST']}:{config['CONFIG_AMQP_PORT']}"
    config["CONFIG_AMQP_URL"] = f"rabbit://{account}@{broker}/"
    config["CONFIG_NOVA_URL"] = f"http://{host}:{PORT}/v2.1"
    add_puppet_modules(host, "puppet-module-nova")
    appendManifestFile(f"{host}_controller.pp", getManifestTemplate("nova"), "controller")


def create_compute_manifests(config: Config, messages: list[str]) -> None:
    """Put the hypervisor and Nova's service into each compute host's manifests.

    When all of them have reported, the controller takes them in.
    """
    hosts = split_hosts(config["CONFIG_COMPUTE_HOSTS"])
    config["CONFIG_COMPUTE_HOSTS_COUNT"] = len(hosts)
    for host in hosts:
        add_puppet_modules(host, "puppet-module-nova")
        appendManifestFile(f"{host}_backend.pp", getManifestTemplate("nova_hypervisor"), "backend")
        appendManifestFile(f"{host}_agents.pp", getManifestTemplate("nova_compute"), "agents")
    controller = config["CONFIG_CONTROLLER_HOST"]
    manifest = f"{controller}_provision.pp"
    appendManifestFile(manifest, getManifestTemplate("nova_cell"), marker="provision")
    if config["CONFIG_NOVA_MANAGE_FLAVORS"] == "y":
        appendManifestFile(manifest, getManifestTemplate("provision_flavors"), marker="provision")
