"""Installs Barbican"""
from packstack.modules.shared import *
from packstack.modules.shared import Opt
PLUGIN_NAME = "OS-Barbican"
PLUGIN_NAME_COLORED = utils.color_text(PLUGIN_NAME, "blue")
_OPTS = [
    Opt("barbican-db-pw", "PW_PLACEHOLDER", "Enter the DB password", mask=True),
    Opt("barbican-backend", "simple", choices=["simple", "vault", "kmip"]),
    Opt("barbican-port", 9311),
]

def initConfig(controller):
    reg = Registry(controller)
    reg.add(group("BARBICAN_SWITCH", "Barbican switch"), yes_no("barbican-install", SERVICES["barbican"]))
    params = []
    for o in _OPTS:
        p = option(o.name, o.default, choices=list(o.choices or []), mask_input=o.mask)
        if o.prompt:
            p["PROMPT"] = o.prompt
        if o.choices:
            p["VALIDATORS"].append(validators.validate_options)
        params.append(p)
    params += [secret("barbican-ks-pw"), secret("barbican-token", mask_input=False)]
    reg.add(group("BARBICAN", "Barbican options", enabled("CONFIG_BARBICAN_INSTALL")), *params)
    reg.__exit__()

def initSequences(controller):
    conf = controller.CONF
    if conf["CONFIG_BARBICAN_INSTALL"] != "y":
        return
    steps = as_steps(create_keystone, create_api)
    match conf["CONFIG_BARBICAN_BACKEND"]:
        case "vault" | "kmip":
            steps += as_steps(create_vault)
        case _:
            pass
    controller.addSequence("Installing OpenStack Barbican", [], [], steps)

@step("Preparing Barbican Keystone entries")
def create_keystone(config, messages):
    pass
@step("Preparing Barbican API entries")
def create_api(config, messages):
    pass
@step("Preparing Barbican backend")
def create_vault(config, messages):
    pass
