"""Says which hosts the installation uses, how they are reached and how they keep the time.

Everything that holds for the whole run is asked here: the controller, the SSH account, the limits
of the preflight, the time servers. The first steps bring a public key to hosts that still ask for
a password, and examine every host before anything is changed on any of them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from source_packstack.installer import processors, validators
from source_packstack.installer.addresses import get_localhost_ip, split_hosts
from source_packstack.installer.controller import Controller
from source_packstack.installer.errors import HostsFailedError, PreflightError
from source_packstack.installer.hosts import on_hosts
from source_packstack.installer.parameters import Config
from source_packstack.installer.runs import current_run
from source_packstack.modules.keys import find_public_key, install_key
from source_packstack.modules.manifests import appendManifestFile, getManifestTemplate
from source_packstack.modules.planning import add_puppet_modules, planned_hosts, use_host
from source_packstack.modules.preflight import Limits, examine_host

PLUGIN_NAME = "Prescript"

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare the options that concern all hosts."""
    params: dict[str, list[dict[str, Any]]] = {
        "GLOBAL": [
            {
                "CONF_NAME": "CONFIG_CONTROLLER_HOST",
                "CMD_OPTION": "controller-host",
                "USAGE": (
                    "IP address or host name of the controller, the server that runs the "
                    "OpenStack services. Other servers and your users connect to the services at "
                    "this address, so it must be reachable from all of them."
                ),
                "PROMPT": "Address of the controller",
                "VALIDATORS": [validators.validate_host],
                "DEFAULT_VALUE": get_localhost_ip(),
            },
            {
                "CONF_NAME": "CONFIG_DEFAULT_PASSWORD",
                "CMD_OPTION": "default-password",
                "USAGE": (
                    "Password for every service whose own password you do not set. If it is "
                    "empty, a random password of 192 bits is generated for each. Give '-' as the "
                    "value of the flag to read it from standard input; this works for every "
                    "password."
                ),
                "PROMPT": "Default password (empty: a random one for each service)",
                "DEFAULT_VALUE": "",
                "MASK_INPUT": True,
                "NEED_CONFIRM": True,
            },
            {
                "CONF_NAME": "CONFIG_SERVICE_WORKERS",
                "CMD_OPTION": "service-workers",
                "USAGE": (
                    "Number of processes that each OpenStack API starts. 'auto' is the number of "
                    "processors of the controller, but at least 2 and at most 8. A Keystone "
                    "process takes about 140 MiB of memory."
                ),
                "PROMPT": "Processes of each OpenStack API ('auto' or a number)",
                "OPTION_LIST": ["auto", "[1-9][0-9]{0,2}"],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "auto",
            },
            {
                "CONF_NAME": "CONFIG_NTP_INSTALL",
                "CMD_OPTION": "ntp-install",
                "USAGE": (
                    "'y' installs chrony on every host, which sets the clock. Choose 'n' if "
                    "something else keeps the time, such as the hypervisor of virtual hosts. "
                    "Tokens and clusters fail on hosts whose clocks differ."
                ),
                "PROMPT": "Keep the time of all hosts with chrony",
                "OPTION_LIST": ["y", "n"],
                "VALIDATORS": [validators.validate_options],
                "PROCESSORS": [processors.process_bool],
                "DEFAULT_VALUE": "y",
                "CONDITION": True,  # asked right before the time servers, which depend on it
                "MESSAGE": "Nothing was installed that keeps the time of your hosts.",
                "MESSAGE_VALUES": ["n"],
            },
        ],
        "NTP": [
            {
                "CONF_NAME": "CONFIG_NTP_SERVERS",
                "CMD_OPTION": "ntp-servers",
                "USAGE": (
                    "Comma-separated time servers for chrony. Give at least three if you can: "
                    "with fewer, chrony cannot tell which one is wrong."
                ),
                "PROMPT": "Time servers, comma-separated",
                "VALIDATORS": [validators.validate_hosts],
                "PROCESSORS": [processors.process_hosts],
                "DEFAULT_VALUE": ",".join(f"{number}.debian.pool.ntp.org" for number in range(4)),
            },
        ],
        "SSH": [
            {
                "CONF_NAME": "CONFIG_SSH_USER",
                "CMD_OPTION": "ssh-user",
                "USAGE": (
                    "Account that the installer uses to log in to every host. It must be root or "
                    "be allowed to use sudo without a password. If it is empty, your ssh_config "
                    "decides for each host."
                ),
                "PROMPT": "SSH account on the hosts (empty: as your ssh_config says)",
                "OPTION_LIST": ["", "[a-z_][a-z0-9_.-]{0,31}"],
                "VALIDATORS": [validators.validate_regexp],
                "DEFAULT_VALUE": "root",
            },
            {
                "CONF_NAME": "CONFIG_SSH_ACCEPT_NEW_KEYS",
                "CMD_OPTION": "ssh-accept-new-keys",
                "USAGE": (
                    "'y' adds the key of a host that is not in known_hosts yet, and trusts it "
                    "from then on. With 'n', such a host is refused. A host whose key has changed "
                    "is always refused."
                ),
                "PROMPT": "Trust hosts that are seen for the first time",
                "OPTION_LIST": ["y", "n"],
                "VALIDATORS": [validators.validate_options],
                "PROCESSORS": [processors.process_bool],
                "DEFAULT_VALUE": "n",
            },
            {
                "CONF_NAME": "CONFIG_SSH_INSTALL_KEY",
                "CMD_OPTION": "ssh-install-key",
                "USAGE": (
                    "'y' logs in with the password once and adds your public key to the account "
                    "on each host that does not accept it yet. With 'n', all hosts must accept "
                    "one of your keys already."
                ),
                "PROMPT": "Install your public key on hosts that ask for a password",
                "OPTION_LIST": ["y", "n"],
                "VALIDATORS": [validators.validate_options],
                "PROCESSORS": [processors.process_bool],
                "DEFAULT_VALUE": "n",
            },
        ],
        "SSH_KEY": [
            {
                "CONF_NAME": "CONFIG_SSH_KEY",
                "CMD_OPTION": "ssh-key",
                "USAGE": (
                    "Path of the public key, on this machine, to install on the hosts. The "
                    "default is the first of your usual keys that exists. If you have none, "
                    "create one with `ssh-keygen`."
                ),
                "PROMPT": "Public key to install",
                "VALIDATORS": [validators.validate_file],
                "PROCESSORS": [processors.process_path],
                "DEFAULT_VALUE": find_public_key(),
            },
            {
                "CONF_NAME": "CONFIG_SSH_PASSWORD",
                "CMD_OPTION": "ssh-password",
                "USAGE": (
                    "Password of the SSH account, the same on all hosts. It is used once, to "
                    "install the key, and is written to no log and to no disk of a host. Other "
                    "users can see flags in the process list; give '-' as the value of the flag "
                    "to read the password from standard input."
                ),
                "PROMPT": "Password of the SSH account",
                "VALIDATORS": [validators.validate_not_empty],
                "DEFAULT_VALUE": "",
                "MASK_INPUT": True,
            },
        ],
        "PREFLIGHT": [
            {
                "CONF_NAME": "CONFIG_PREFLIGHT_DISK",
                "CMD_OPTION": "preflight-disk",
                "USAGE": (
                    "Free disk space, in MiB, that each host must have under /var before the "
                    "installation starts. All services on one host take about 1500 MiB with their "
                    "downloaded packages, without images."
                ),
                "PROMPT": "Free disk space that a host must have, in MiB",
                "VALIDATORS": [validators.validate_integer],
                "DEFAULT_VALUE": "4096",
            },
            {
                "CONF_NAME": "CONFIG_PREFLIGHT_CLOCK",
                "CMD_OPTION": "preflight-clock",
                "USAGE": (
                    "Number of seconds by which the clock of a host may differ from the clock of "
                    "this machine. If clocks differ, tokens expire too early and new certificates "
                    "are not valid yet."
                ),
                "PROMPT": "Seconds by which a host's clock may be wrong",
                "VALIDATORS": [validators.validate_integer],
                "DEFAULT_VALUE": "30",
            },
        ],
    }

    groups: list[dict[str, Any]] = [
        {
            "GROUP_NAME": "GLOBAL",
            "DESCRIPTION": "Global options",
            "PRE_CONDITION": lambda _: "yes",
            "PRE_CONDITION_MATCH": "yes",
        },
        {
            "GROUP_NAME": "NTP",
            "DESCRIPTION": "Time servers",
            "PRE_CONDITION": "CONFIG_NTP_INSTALL",
            "PRE_CONDITION_MATCH": "y",
        },
        {
            "GROUP_NAME": "SSH",
            "DESCRIPTION": "SSH access to the hosts",
            "PRE_CONDITION": False,
            "PRE_CONDITION_MATCH": True,
        },
        {
            "GROUP_NAME": "SSH_KEY",
            "DESCRIPTION": "Installation of your SSH key",
            "PRE_CONDITION": "CONFIG_SSH_INSTALL_KEY",
            "PRE_CONDITION_MATCH": "y",
            "POST_CONDITION": has_public_key,
            "POST_CONDITION_MATCH": True,
        },
        {
            "GROUP_NAME": "PREFLIGHT",
            "DESCRIPTION": "Limits of the preflight",
            "PRE_CONDITION": False,
            "PRE_CONDITION_MATCH": True,
        },
    ]
    for group in groups:
        controller.addGroup(group, params[group["GROUP_NAME"]])


def has_public_key(config: Config) -> bool:
    """Return whether the key to install is a public one; a private key must never leave here."""
    path = config["CONFIG_SSH_KEY"]
    return bool(path) and Path(path).suffix == ".pub"


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan the controller and the checks that come before everything else."""
    config = controller.CONF
    run = current_run()
    run.ssh_user = config["CONFIG_SSH_USER"]
    run.ssh_accept_new_keys = config["CONFIG_SSH_ACCEPT_NEW_KEYS"] == "y"
    use_host(config["CONFIG_CONTROLLER_HOST"])

    steps = []
    if config["CONFIG_SSH_INSTALL_KEY"] == "y":
        steps.append({"title": "Installing your SSH key", "functions": [install_keys]})
    steps.append({"title": "Checking all hosts", "functions": [check_hosts]})
    if config["CONFIG_NTP_INSTALL"] == "y":
        steps.append({"title": "Preparing the time service", "functions": [prepare_ntp]})
    controller.addSequence("Preparing the hosts", [], [], steps)


def install_keys(config: Config, messages: list[str]) -> None:
    """Add the public key on every host that does not accept it yet."""
    key = Path(config["CONFIG_SSH_KEY"])
    password = config["CONFIG_SSH_PASSWORD"]
    try:
        results = on_hosts(planned_hosts(), lambda host: install_key(host, key, password))
    except HostsFailedError as error:
        raise PreflightError(*error.problems) from error
    installed = [host for host, added in results.items() if added]
    if installed:
        messages.append(f"Your SSH key {key} was installed on {', '.join(installed)}.")


def check_hosts(config: Config, messages: list[str]) -> None:
    """Examine all hosts at once and refuse to go on with a list of everything that is wrong."""
    run = current_run()
    limits = Limits(
        disk_mb=int(config["CONFIG_PREFLIGHT_DISK"]),
        clock_seconds=int(config["CONFIG_PREFLIGHT_CLOCK"]),
    )

    def examine(host: str) -> list[str]:
        ports = [service.port for service in run.plan.services if service.host == host]
        return examine_host(host, ports, limits)

    findings = on_hosts(planned_hosts(), examine)
    problems = [problem for host_problems in findings.values() for problem in host_problems]
    if problems:
        raise PreflightError(*problems)


def prepare_ntp(config: Config, messages: list[str]) -> None:
    """Have chrony keep the time on every host, in the first phase of all."""
    config["CONFIG_NTP_SERVER_LIST"] = split_hosts(config["CONFIG_NTP_SERVERS"])
    for host in planned_hosts():
        add_puppet_modules(host, "puppet-module-aboe-chrony")
        appendManifestFile(f"{host}_base.pp", getManifestTemplate("ntp"), marker="base")
