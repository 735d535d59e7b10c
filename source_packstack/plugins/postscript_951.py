"""Makes sure, after everything else, that what was installed really answers.

Puppet is content when a service was started. Whether it stayed up is seen only by a client, so
the controller connects to every service of the run.
"""

from __future__ import annotations

import shlex

from source_packstack.installer.controller import Controller
from source_packstack.installer.hosts import ScriptRunner
from source_packstack.installer.parameters import Config
from source_packstack.installer.runs import current_run

PLUGIN_NAME = "Postscript"
SECONDS_TO_ANSWER = 60

# ------------------------- what is asked -------------------------


def initConfig(controller: Controller) -> None:
    """Declare an empty group: there is nothing to ask."""
    group = {
        "GROUP_NAME": "POSTSCRIPT",
        "DESCRIPTION": "Checks after the installation",
        "PRE_CONDITION": False,
        "PRE_CONDITION_MATCH": True,
    }
    controller.addGroup(group, [])


# ------------------------- what is done -------------------------


def initSequences(controller: Controller) -> None:
    """Plan the last look at all services."""
    steps = [
        {"title": "Checking that all services answer", "functions": [check_services]},
    ]
    controller.addSequence("Checking the installation", [], [], steps)


def check_services(config: Config, messages: list[str]) -> None:
    """Connect from the controller to each service's port, for up to a minute each."""
    server = ScriptRunner(config["CONFIG_CONTROLLER_HOST"])
    server.append("export LC_ALL=C.UTF-8")
    server.append(f"deadline=$(($(date +%s) + {SECONDS_TO_ANSWER}))")
    for service in current_run().plan.services:
        connect = shlex.quote(f"exec 3<>/dev/tcp/{service.host}/{service.port}")
        server.append(f"until timeout 5 bash -c {connect} 2>/dev/null; do")
        server.append("  if [ $(date +%s) -ge $deadline ]; then")
        server.append(f"    echo {shlex.quote(service.name + ' does not answer')}; exit 1; fi")
        server.append("  sleep 1")
        server.append("done")
    server.execute()
