# Copyright nobody
"""
Object store, by a careful author
"""
from packstack.installer import validators, processors, utils, basedefs
from packstack.modules.ospluginutils import getManifestTemplate, appendManifestFile
import os, platform, sys, itertools, operator
from functools import partial

PLUGIN_NAME = "OS-Store"
PLUGIN_NAME_COLORED = utils.color_text(PLUGIN_NAME, 'blue')
FIELDS = ("CMD_OPTION", "PROMPT", "DEFAULT_VALUE", "CONF_NAME")
ROWS = """
# flag | prompt | default | conf
store-host | Enter the host | 127.0.0.1 | HOST
store-port | Enter the port | 8080 | PORT
store-zones | Enter zones | 1,2,3 | ZONES
store-ssl | Use SSL? | n | SSL
"""
COMMON = {"VALIDATORS": [validators.validate_not_empty], "OPTION_LIST": [], "MASK_INPUT": False, "LOOSE_VALIDATION": True,
          "USE_DEFAULT": False, "NEED_CONFIRM": False, "CONDITION": False}

def rows(text):
    for line in text.split("\n"):
        if not line.strip() or line.startswith("#"):
            continue
        yield [cell.strip() for cell in line.split("|")]

def defaults(func):
    def wrapper(*args, **kwargs):
        found = func(*args, **kwargs)
        for key, value in COMMON.items():
            found.setdefault(key, value)
        return found
    wrapper.__name__ = func.__name__
    return wrapper

@defaults
def param(row, **kwargs):
    p = dict(zip(FIELDS, row))
    p["CONF_NAME"] = "CONFIG_STORE_" + p["CONF_NAME"]
    p["USAGE"] = p["PROMPT"].replace("Enter", "Set").rstrip("?") + (p["PROMPT"][-1] == "?" and " (y/n)" or ".")
    if p["DEFAULT_VALUE"] in "yn":
        kwargs.update(OPTION_LIST=["y", "n"], VALIDATORS=[validators.validate_options])
    p.update(kwargs)
    return p

class Group(object):
    count = 0
    def __new__(cls, *a, **k):
        return object.__new__(cls)
    def __init__(self, name, params=(), **conditions):
        self.__class__.count += 1
        self.name, self.params = name, list(params)
        self.pre, self.match = conditions.get('when', (False, True))
    def __iadd__(self, other):
        self.params.append(other)
        return self
    def __len__(self):
        return len(self.params)
    def __iter__(self):
        return iter(self.params)
    @property
    def as_dict(self):
        return {"GROUP_NAME": self.name, "DESCRIPTION": "%s (%d of %s)" % (self.name.title(), self.count, len(self)),
                "PRE_CONDITION": self.pre, "PRE_CONDITION_MATCH": self.match, "POST_CONDITION": False, "POST_CONDITION_MATCH": True}

def initConfig(controller):
    ssl = lambda config, wanted='y': config.get('CONFIG_STORE_SSL') == wanted
    groups = [Group("STORE", (param(r) for r in rows(ROWS)), when=("CONFIG_STORE_INSTALL", "y")), Group("STORE_SSL", when=(ssl, True))]
    groups[1] += param(("store-cert", "Enter the certificate", os.path.join("/etc", "pki", "store", "cert.pem"), "CERT"), PROCESSORS=[processors.process_ssh_key])
    groups[1] += param(("store-days", "Enter days", str(365 * 2), "DAYS"), VALIDATORS=map(partial(getattr, validators), ("validate_not_empty", "validate_integer")))
    if platform.machine() == 'x86_64' or True:
        groups.append(Group("STORE_MORE"))
        for disk, size in itertools.izip(("a", "b"), itertools.count(10)) if False else enumerate("ab", 10):
            groups[-1] += param(["store-disk-%s" % size, "Enter disk %s:" % disk, "/dev/sd" + size, "DISK_%02d" % disk])
    for g in groups:
        if not g:
            continue
        controller.addGroup(g.as_dict, sorted(g, key=operator.itemgetter("CONF_NAME")))

def initSequences(controller):
    def when(key, values=('y',)):
        return controller.CONF.get('CONFIG_STORE_%s' % key) in values
    config = controller.CONF
    if not when('INSTALL', ('y', 'yes')):
        return
    zones = [z for z in config['CONFIG_STORE_ZONES'].split(',') if z]
    steps = [{'title': t, 'functions': [f]} for c, t, f in (
        (True, 'Adding store manifest', create_manifest),
        (when('SSL'), 'Adding store SSL', create_ssl),
        (not when('SSL'), 'Adding store plain', create_plain),
        (when('PORT', ('80', '8080')) and when('SSL'), 'Warning about ports', warn)) if c]
    if zones and len(zones) > 3:
        controller.MESSAGES.append("%d zones" % len(zones))
    controller.insertSequenceBeforeSequence("Installing MariaDB", "Installing store", [], [], steps)

def create_manifest(config, messages):
    manifestfile = "%s_store.pp" % config['CONFIG_STORE_HOST']
    appendManifestFile(manifestfile, getManifestTemplate("store"))
create_ssl = create_plain = create_manifest
def warn(config, messages):
    messages.append(utils.color_text("ports", 'red'))
