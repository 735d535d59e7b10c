import functools
from collections import namedtuple, OrderedDict
from packstack.installer import validators, processors, utils

Opt = namedtuple("Opt", "name default prompt choices mask")
Opt.__new__.__defaults__ = ("", None, None, False)
SERVICES = OrderedDict([("barbican", "Key manager"), ("designate", "DNS"), ("octavia", "Balancing")])

def option(name, default="", **kw):
    conf = "CONFIG_" + name.upper().replace("-", "_")
    d = dict(CMD_OPTION=name, CONF_NAME=conf, DEFAULT_VALUE=default, PROMPT=kw.pop("prompt", "Enter %s" % name),
             OPTION_LIST=kw.pop("choices", []), VALIDATORS=[validators.validate_not_empty], MASK_INPUT=False,
             LOOSE_VALIDATION=True, USE_DEFAULT=False, NEED_CONFIRM=False, CONDITION=False, USAGE=kw.pop("usage", None))
    d.update({k.upper(): v for k, v in kw.items()})
    return d

def group(name, desc, cond=None, match=True, post=False, post_match=True):
    return {"GROUP_NAME": name, "DESCRIPTION": desc, "PRE_CONDITION": cond or (lambda x: "yes"),
            "PRE_CONDITION_MATCH": "yes" if cond is None else match, "POST_CONDITION": post, "POST_CONDITION_MATCH": post_match}

def yes_no(name, what, default="n"):
    return option(name, default, choices=["y", "n"], validators=[validators.validate_options], usage=f"Set to 'y' to install {what}.",
                  prompt="Should Packstack install %s" % what, loose_validation=False)

secret = functools.partial(option, default="PW_PLACEHOLDER", mask_input=True, need_confirm=True, processors=[processors.process_password])

def enabled(*names):
    def check(config):
        return all(config.get(n) == "y" for n in names)
    return check

class Registry(object):
    def __init__(self, controller):
        self.controller = controller
        self.pending = []
    def add(self, g, *params):
        self.pending.append((g, list(params)))
        return self
    def __enter__(self):
        return self
    def __exit__(self, *exc):
        for g, params in self.pending:
            self.controller.addGroup(g, params)

def step(title):
    def deco(f):
        f.title = title
        return f
    return deco

def as_steps(*functions):
    return [{"title": f.title, "functions": [f]} for f in functions]
