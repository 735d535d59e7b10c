"""Brings the prepared manifests to the hosts and has Puppet apply them.

All plugins before this one only prepare. Here, and nowhere else, hosts are changed: Puppet is
installed, the manifests and their data are copied, and the phases are applied one after the
other, each on all its hosts at once. Puppet changes only what differs, so a second run changes
nothing.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from source_packstack.installer import processors, validators
from source_packstack.installer.controller import Controller
from source_packstack.installer.hosts import on_hosts
from source_packstack.installer.parameters import Config
from source_packstack.installer.runs import current_run
from source_packstack.modules.hieradata import read_site_data, write_host_files
from source_packstack.modules.manifests import appendManifestFile, manifest_host
from source_packstack.modules.planning import planned_hosts
from source_packstack.modules.puppet import apply_manifest, copy_tree, install_puppet

PLUGIN_NAME = "Puppet"

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare what a site may add of its own."""
    params = [
        {
            "CONF_NAME": "CONFIG_SITE_DATA",
            "CMD_OPTION": "site-data",
            "USAGE": (
                "Path of a YAML file, on this machine, with additional hieradata. It overrides "
                "all answers and can set parameters of any Puppet class, such as "
                "'keystone::wsgi::uwsgi::threads: 8'. Leave it empty for none."
            ),
            "PROMPT": "YAML file with hieradata of your own (empty: none)",
            "VALIDATORS": [validators.validate_file],
            "PROCESSORS": [processors.process_path],
            "DEFAULT_VALUE": "",
        },
        {
            "CONF_NAME": "CONFIG_SITE_MANIFEST",
            "CMD_OPTION": "site-manifest",
            "USAGE": (
                "Path of a Puppet manifest, on this machine, that every host applies in a last "
                "phase, after all services. Leave it empty for none."
            ),
            "PROMPT": "Puppet manifest of your own (empty: none)",
            "VALIDATORS": [validators.validate_file],
            "PROCESSORS": [processors.process_path],
            "DEFAULT_VALUE": "",
        },
    ]
    group = {
        "GROUP_NAME": "PUPPET",
        "DESCRIPTION": "Puppet",
        "PRE_CONDITION": lambda _: "yes",
        "PRE_CONDITION_MATCH": "yes",
    }
    controller.addGroup(group, params)


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan a look at the site's own files first of all, and Puppet after all preparations."""
    sitesteps = [
        {"title": "Reading the site's files", "functions": [check_site_files]},
    ]
    controller.insertSequence("Reading the site's files", [], [], sitesteps, index=0)

    puppetsteps = [
        {"title": "Writing manifests and hieradata", "functions": [write_manifests]},
        {"title": "Installing Puppet", "functions": [install_puppet_on_hosts]},
        {"title": "Copying manifests and hieradata", "functions": [copy_manifests]},
        {"title": "Applying the manifests", "functions": [apply_manifests]},
    ]
    controller.addSequence("Puppet", [], [], puppetsteps)


def check_site_files(config: Config, messages: list[str]) -> None:
    """Stop before any host is contacted when the site's hieradata cannot be read."""
    read_site_data(config["CONFIG_SITE_DATA"])


def write_manifests(config: Config, messages: list[str]) -> None:
    """Write what each host gets into the run's folder; the site's own manifest comes last."""
    if config["CONFIG_SITE_MANIFEST"]:
        manifest = Path(config["CONFIG_SITE_MANIFEST"]).read_text(encoding="utf-8")
        for host in planned_hosts():
            appendManifestFile(f"{host}_site.pp", manifest, marker="site")
    for host in planned_hosts():
        write_host_files(host, config)


def install_puppet_on_hosts(config: Config, messages: list[str]) -> None:
    """Install Puppet and the modules that each host's manifests need, where they are missing."""
    on_hosts(planned_hosts(), install_puppet)


def copy_manifests(config: Config, messages: list[str]) -> None:
    """Replace what earlier runs left in the installer's folder on each host."""
    run = current_run()
    on_hosts(planned_hosts(), lambda host: copy_tree(host, run.host_folder(host) / "tree"))


def apply_manifests(config: Config, messages: list[str]) -> None:
    """Apply phase after phase; a phase starts only when the one before is done on all hosts."""
    phases = current_run().plan.manifests
    for number, (marker, manifests) in enumerate(phases.items(), start=1):
        hosts = [manifest_host(name) for name in manifests]
        position = f"{number} of {len(phases)}"
        on_hosts(hosts, partial(apply_manifest, marker=marker, position=position))
