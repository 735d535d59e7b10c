"""Small installers for the tests of the site, written into a folder."""

from __future__ import annotations

import re
from pathlib import Path
from textwrap import dedent

from tests.trees import write_tree

__all__ = ["CLOUD", "HOSTILE_NAMES", "HOSTILE_TEXT", "hostile", "write_installer", "write_site"]

PRESCRIPT = '''
"""Asks what every run needs."""

from cloud.installer import validators

PLUGIN_NAME = "Prescript"


def initConfig(controller):
    params = [
        {"CMD_OPTION": "compute-install",
         "USAGE": "'y' installs the compute service. See https://docs.example.org/compute.",
         "PROMPT": "Install the compute service",
         "OPTION_LIST": ["y", "n"],
         "VALIDATORS": [validators.validate_options],
         "DEFAULT_VALUE": "y",
         "CONF_NAME": "CONFIG_COMPUTE_INSTALL"},
    ]
    group = {"GROUP_NAME": "GLOBAL", "DESCRIPTION": "Global options",
             "PRE_CONDITION": lambda x: "yes", "PRE_CONDITION_MATCH": "yes",
             "POST_CONDITION": False, "POST_CONDITION_MATCH": True}
    controller.addGroup(group, params)


def initSequences(controller):
    pass
'''

COMPUTE = '''
"""Installs the compute service."""

import socket

from cloud.installer import processors, validators

PLUGIN_NAME = "Compute"


def initConfig(controller):
    params = [
        {"CMD_OPTION": "compute-password",
         "USAGE": "Password of the compute service; needs CONFIG_COMPUTE_INSTALL.",
         "PROMPT": "Password of the compute service",
         "OPTION_LIST": [],
         "VALIDATORS": [validators.validate_not_empty],
         "PROCESSORS": [processors.process_password],
         "DEFAULT_VALUE": "",
         "MASK_INPUT": True,
         "NEED_CONFIRM": True,
         "DEPRECATES": ["CONFIG_NOVA_PW"],
         "CONF_NAME": "CONFIG_COMPUTE_PW"},
        {"CMD_OPTION": "compute-host",
         "USAGE": "Name of the host that runs the compute service.",
         "PROMPT": "Host of the compute service",
         "OPTION_LIST": [],
         "DEFAULT_VALUE": socket.gethostname(),
         "CONF_NAME": "CONFIG_COMPUTE_HOST"},
    ]
    group = {"GROUP_NAME": "COMPUTE", "DESCRIPTION": "Compute options",
             "PRE_CONDITION": "CONFIG_COMPUTE_INSTALL", "PRE_CONDITION_MATCH": "y",
             "POST_CONDITION": False, "POST_CONDITION_MATCH": True}
    controller.addGroup(group, params)


def initSequences(controller):
    if controller.CONF["CONFIG_COMPUTE_INSTALL"] != "y":
        return
    steps = [{"title": "Preparing compute entries", "functions": [prepare]}]
    controller.addSequence("Installing compute", [], [], steps)


def prepare(config, messages):
    """Tells the host its password."""
    config["CONFIG_COMPUTE_URL"] = "http://%s" % config["CONFIG_COMPUTE_HOST"]
    messages.append("Compute runs with %s" % config["CONFIG_COMPUTE_PW"])
'''

VALIDATORS = '''
"""Functions that refuse a value."""


def validate_options(param, options=None):
    """Lets only the choices pass."""
    if param and param not in options:
        raise ValueError("no choice")


def validate_not_empty(param, options=None):
    """Refuses an empty value."""
    if not param:
        raise ValueError("empty")
'''

PROCESSORS = '''
"""Functions that change a value."""


def process_password(param, param_name, config=None):
    """Makes up a password where none is given."""
    return param
'''

CLOUD = {
    "cloud/plugins/prescript_000.py": PRESCRIPT,
    "cloud/plugins/compute_300.py": COMPUTE,
    "cloud/installer/validators.py": VALIDATORS,
    "cloud/installer/processors.py": PROCESSORS,
}
"""A whole installer: paths and contents."""

HOSTILE_TEXT = (
    "<script>alert(1)</script> \" onload=\"alert(2) ' onload='alert(3) {{ 7 * 7 }} {% raw %} "
    "```{include} /etc/passwd\n``` "
    "{eval-rst} .. raw:: html :plugin:option:`X` [x](javascript:alert(1)) | a | ` ** _ "
    "\x07\u202eevil\u202c $x$ &amp; <!-- ]]> \n.so /etc/passwd\n'so /etc/passwd\n"
    "@include /etc/passwd \\input{/etc/passwd} \\write18{id} %n }{ \n\n javascript:alert(4) "
    "<img src=x onerror=alert(5)>"
)
"""What a plugin might say to make a page, a book or a manual misbehave."""

HOSTILE_NAMES = (
    'x" onload="alert(3)_400',
    'x" onmouseover="document.title=`X`" y="_400',
    "<img src=x onerror=alert(1)>_400",
    "``` {include} a_400",
    "x`y # Title_400",
    "--- {{ x }}_400",
    "..\\evil_400",
    "é ü_400",
    "\u202eevil_400",
    "'_400",
)
"""Names of plugins' files that might do so."""

_DOCSTRINGS = (
    "Installs the compute service.",
    "Tells the host its password.",
    "Asks what every run needs.",
    "Lets only the choices pass.",
    "Makes up a password where none is given.",
)
_LITERALS = (
    "Name of the host that runs the compute service.",
    "Host of the compute service",
    "Compute options",
    "Preparing compute entries",
    "Installing compute",
    "compute-host",
    "Compute",
    "CONFIG_NOVA_PW",
    "http://%s",
)
_NAMES = ("CONFIG_COMPUTE_HOST", "CONFIG_COMPUTE_URL", "COMPUTE")


def hostile(*, names: bool = False) -> dict[str, str]:
    """Return an installer of which every text is hostile; with `names`, those of things too."""
    escaped = HOSTILE_TEXT.encode("unicode_escape").decode("ascii").replace('"', '\\"')
    replaced = dict.fromkeys(_DOCSTRINGS, escaped)
    replaced |= {f'"{text}"': ascii(HOSTILE_TEXT) for text in _LITERALS}
    if names:
        replaced |= {f'"{name}"': ascii(name + HOSTILE_TEXT) for name in _NAMES}
    pattern = re.compile("|".join(map(re.escape, replaced)))
    files = {
        name: pattern.sub(lambda found: replaced[found[0]], content)
        for name, content in CLOUD.items()
    }
    template = f"# {HOSTILE_TEXT}\n\nclass cloud::compute {{ $x = '{HOSTILE_TEXT[:20]}' }}\n"
    files["cloud/puppet/templates/compute.pp"] = template
    return files


def write_installer(folder: Path, files: dict[str, str] | None = None) -> Path:
    """Write an installer's files below a folder and return it."""
    texts = CLOUD if files is None else files
    return write_tree(folder, {name: text.lstrip("\n") for name, text in texts.items()})


def write_site(folder: Path, index: str = "# Cloud\n", **settings: object) -> Path:
    """Write a site that documents the installer beside it, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    values: dict[str, object] = {
        "project": "Cloud",
        "extensions": ["plugindoc"],
        "plugindoc_sources": {"cloud": "../installer"},
        "plugindoc_walkthroughs": "walkthroughs",
        "html_theme": "basic",
        **settings,
    }
    lines = "".join(f"{name} = {value!r}\n" for name, value in values.items())
    (folder / "conf.py").write_text(lines, encoding="utf-8")
    toctree = "```{toctree}\n:hidden:\n\nplugins/index\nwalkthroughs/index\n```\n"
    generated = settings.get("plugindoc_pages", "plugins") and values["plugindoc_sources"]
    text = dedent(index) + ("\n" + toctree if generated else "")
    (folder / "index.md").write_text(text, encoding="utf-8")
    return folder
