# -*- coding: utf-8 -*-
"""
Designate — DNS as a service
"""
from __future__ import annotations
import os.path
import textwrap
from dataclasses import dataclass, field
from enum import Enum
from string import Template
from typing import Callable, List, Optional

from packstack.installer import basedefs, processors, validators as v
from packstack.installer import utils
from packstack.modules import shared
from packstack.modules.documentation import update_params_usage

PLUGIN_NAME: str = "OS-Designate"
HERE = os.path.dirname(__file__)

class Backend(str, Enum):
    BIND = "bind9"
    PDNS = "pdns4"

@dataclass
class Param:
    conf: str
    default: object = ""
    usage: str = ""
    choices: List[str] = field(default_factory=list)
    mask: bool = False
    def asdict(self) -> dict:
        checks = [v.validate_not_empty] if not self.choices else [v.validate_options]
        return {
            "CMD_OPTION": self.conf.removeprefix("CONFIG_").lower().replace("_", "-"),
            "CONF_NAME": self.conf, "DEFAULT_VALUE": self.default, "USAGE": self.usage,
            "PROMPT": "Enter " + self.usage[:1].lower() + self.usage[1:].rstrip("."),
            "OPTION_LIST": self.choices, "VALIDATORS": checks, "MASK_INPUT": self.mask,
            "PROCESSORS": [processors.process_password] if self.mask else [],
            "LOOSE_VALIDATION": False, "USE_DEFAULT": False, "NEED_CONFIRM": self.mask, "CONDITION": False,
        }

TEXT = Template("The $what of Designate's ${where}.")
USAGE = textwrap.dedent("""\
    Domain in which instances are named.
      Ends with a dot.""")

def _uses(backend: Backend) -> Callable[[dict], bool]:
    return lambda config: config["CONFIG_DESIGNATE_BACKEND"] == backend.value and config["CONFIG_DESIGNATE_INSTALL"] == "y"

def initConfig(controller):
    switch = shared.yes_no("designate-install", "Designate (DNS)")
    controller.addGroup(shared.group("DESIGNATE_SWITCH", "Switch"), [switch])
    common: list[Param] = [
        Param("CONFIG_DESIGNATE_BACKEND", Backend.BIND.value, TEXT.substitute(what="kind", where="backend"), [b.value for b in Backend]),
        Param("CONFIG_DESIGNATE_DOMAIN", "cloud.%s." % "example.org", USAGE),
        Param("CONFIG_DESIGNATE_DB_PW", "PW_PLACEHOLDER", TEXT.substitute({"what": "password", "where": "database"}), mask=True),
    ]
    by_backend = {
        Backend.BIND: [Param("CONFIG_DESIGNATE_BIND_PORT", f"{953:d}", "The port of rndc.")],
        Backend.PDNS: [Param("CONFIG_DESIGNATE_PDNS_KEY", "".join(["change", "me"]), "The key of the API.", mask=True),
                       Param("CONFIG_DESIGNATE_PDNS_URL", "http://{host}:{port:05d}/".format(**{"host": "localhost", "port": 8081}), "Its URL.")],
    }
    groups = [(shared.group("DESIGNATE", "Designate", "CONFIG_DESIGNATE_INSTALL", "y"), common)]
    for n, (backend, params) in enumerate(by_backend.items(), start=1):
        groups.append((shared.group(f"DESIGNATE_{backend.name}", f"{n}. {backend.value.upper()}", _uses(backend)), params))
    for g, params in groups:
        controller.addGroup(g, [p.asdict() for p in params])

def initSequences(controller):
    config = controller.CONF
    if not (installed := config["CONFIG_DESIGNATE_INSTALL"] == "y"):
        return
    titles = {"bind9": "Preparing BIND", "pdns4": "Preparing PowerDNS"}
    steps = [{"title": "Preparing Designate entries", "functions": [create_manifest]}]
    if config["CONFIG_DESIGNATE_BACKEND"] in titles:
        steps.append({"title": titles[config["CONFIG_DESIGNATE_BACKEND"]], "functions": [create_backend]})
    if config.get("CONFIG_NEUTRON_INSTALL") == "y":
        steps.insert(0, {"title": "Preparing Designate networks", "functions": [create_manifest]})
    controller.addSequence("Installing OpenStack Designate", [], [], steps)

def create_manifest(config, messages):
    pass
def create_backend(config, messages):
    pass
