"""Zaqar"""
import json
from contextlib import contextmanager
from packstack.installer import *
from packstack.installer import validators, utils
PLUGIN_NAME = "OS-Zaqar"
SPEC = json.loads("""[
 {"conf": "CONFIG_ZAQAR_STORE", "default": "mongodb", "choices": ["mongodb", "redis", "swift"]},
 {"conf": "CONFIG_ZAQAR_TTL", "default": 3600, "choices": null},
 {"conf": "CONFIG_ZAQAR_LIMITS", "default": [1, 2], "choices": null}
]""")
@contextmanager
def options(controller, name, **kw):
    params = []
    yield params
    base = dict.fromkeys(("PRE_CONDITION", "POST_CONDITION"), False)
    base.update(GROUP_NAME=name, DESCRIPTION=kw.get("title", name.title()), PRE_CONDITION_MATCH=True, POST_CONDITION_MATCH=True)
    if "when" in kw:
        base["PRE_CONDITION"], base["PRE_CONDITION_MATCH"] = kw["when"]
    controller.addGroup(base, params)

def initConfig(controller):
    with options(controller, "ZAQAR", when=("CONFIG_ZAQAR_INSTALL", "y")) as params:
        for spec in SPEC:
            params.append({"CMD_OPTION": spec["conf"][7:].lower().replace("_", "-"), "CONF_NAME": spec["conf"], "DEFAULT_VALUE": spec["default"],
              "OPTION_LIST": spec["choices"] or [], "VALIDATORS": [validators.validate_options if spec["choices"] else validators.validate_not_empty],
              "USAGE": " ".join(w for w in ["Zaqar's", spec["conf"].rsplit("_", 1)[-1].lower()] if w), "PROMPT": "", "MASK_INPUT": False,
              "LOOSE_VALIDATION": True, "USE_DEFAULT": bool(spec["choices"]), "NEED_CONFIRM": False, "CONDITION": False})
        with options(controller, "ZAQAR_REDIS", title="Redis for Zaqar", when=(lambda c: c.get("CONFIG_ZAQAR_STORE") == "redis", True)) as inner:
            inner.append(dict(params[0], CONF_NAME="CONFIG_ZAQAR_REDIS", CMD_OPTION="zaqar-redis", OPTION_LIST=[], DEFAULT_VALUE="%s:%d" % ("127.0.0.1", 6379)))

def initSequences(controller):
    conf = controller.CONF
    if conf.get("CONFIG_ZAQAR_INSTALL") != "y":
        return
    steps = []
    {"mongodb": lambda: steps.append({"title": "Preparing MongoDB", "functions": [create]}),
     "redis": lambda: steps.append({"title": "Preparing Redis", "functions": [create]})}.get(conf["CONFIG_ZAQAR_STORE"], lambda: None)()
    steps += [{"title": "Preparing Zaqar", "functions": [create]}]
    controller.addSequence("Installing Zaqar", [], [], steps)

def create(config, messages):
    pass
