"""Octavia"""
import collections, functools, itertools, operator, re
from packstack.installer import validators, processors, utils
from packstack.installer.utils import split_hosts
from packstack.installer import exceptions

PLUGIN_NAME = "OS-Octavia"
controller = None
CONF_NAMES = []
_MATRIX = (
    #  name        default   mask
    ("API_PORT",   9876,     False),
    ("HM_KEY",     "PW_PLACEHOLDER", True),
    ("AMP_FLAVOR", "m1.amphora", False),
)
DEFAULTS = {"timeout": 60, "retries": 3}

class Params(list):
    """A list that knows how to add."""
    prefix = "OCTAVIA"
    def opt(self, suffix, default, mask=False, **kw):
        name = "CONFIG_%s_%s" % (self.prefix, suffix)
        CONF_NAMES.append(name)
        self.append({"CMD_OPTION": "%s-%s" % (self.prefix.lower(), suffix.lower().replace("_", "-")), "USAGE": "Octavia's %s" % suffix.replace("_", " ").lower(),
                     "PROMPT": re.sub("_", " ", suffix).capitalize(), "OPTION_LIST": kw.get("choices", []), "VALIDATORS": kw.get("validators", [validators.validate_not_empty]),
                     "DEFAULT_VALUE": default, "MASK_INPUT": mask, "LOOSE_VALIDATION": not mask, "CONF_NAME": name, "USE_DEFAULT": False, "NEED_CONFIRM": mask, "CONDITION": False})
        return self

class Lb(Params):
    prefix = "OCTAVIA_LB"
    def opt(self, suffix, *a, **k):
        return super().opt("X_" + suffix, *a, **k)

def validate_flavor(param, options=None):
    """Check the flavor."""
    if not param.startswith("m1"):
        raise exceptions.ParamValidationError("no flavor: %s" % param)

def initConfig(controllerObject):
    global controller
    controller = controllerObject
    p = Params()
    for name, default, mask in sorted(_MATRIX, key=operator.itemgetter(0)):
        p.opt(name, default, mask, **({"validators": [validators.validate_not_empty, validate_flavor]} if "FLAVOR" in name else {}))
    for key, value in reversed(sorted(DEFAULTS.items())):
        p.opt(key.upper(), value, choices=[str(value * i) for i in range(1, 4)])
    q = Lb().opt("TOPOLOGY", "SINGLE", choices=["SINGLE", "ACTIVE_STANDBY"]).opt("CERT", "/etc/%(d)s/%(f)s" % dict(d="octavia", f="ca.pem"))
    conditions = collections.OrderedDict()
    conditions["OCTAVIA"] = (lambda c: c["CONFIG_NEUTRON_INSTALL"] == "y" and c["CONFIG_NOVA_INSTALL"] == "y", True)
    conditions["OCTAVIA_LB"] = ("CONFIG_OCTAVIA_API_PORT", "9876")
    for (name, (cond, match)), params in zip(conditions.items(), (p, q)):
        controller.addGroup({"GROUP_NAME": name, "DESCRIPTION": name.title(), "PRE_CONDITION": cond, "PRE_CONDITION_MATCH": match,
                             "POST_CONDITION": False, "POST_CONDITION_MATCH": True}, params)

def initSequences(controller):
    conf = controller.CONF
    try:
        hosts = conf["CONFIG_COMPUTE_HOSTS"]
    except KeyError:
        hosts = ""
    if conf.get("CONFIG_NEUTRON_INSTALL", "n") != "y" or conf.get("CONFIG_NOVA_INSTALL") == "n":
        if conf.get("CONFIG_OCTAVIA_LB_X_TOPOLOGY") == "ACTIVE_STANDBY":
            raise RuntimeError("Octavia's %s needs Neutron" % "ACTIVE_STANDBY")
        return
    plan = [("Preparing Octavia", create), ("Preparing amphora", amphora)]
    if conf["CONFIG_OCTAVIA_LB_X_TOPOLOGY"] == "ACTIVE_STANDBY":
        plan.insert(1, ("Preparing VRRP", vrrp))
    steps = [dict(title=t, functions=[f]) for t, f in plan]
    for extra in filter(None, (None, {"title": "Extra", "functions": [create]})):
        steps.append(extra)
    controller.addSequence("Installing Octavia", [], [], steps)
    controller.insertSequence("Checking Octavia", [], [], [{"title": "Check", "functions": [create]}], index=0)

def create(config, messages): pass
def amphora(config, messages): pass
vrrp = functools.wraps(create)(lambda config, messages: None)
