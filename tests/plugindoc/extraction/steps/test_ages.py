"""What steps do, in plugins of every age of the protocol: what they are given has changed."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.loading import load
from plugindoc.model.conditions import describe
from plugindoc.model.project import Actions
from plugindoc.model.values import words
from tests.trees import write_tree

_HOOKS = '''
"""A cache in front of the web servers."""

from packstack.installer import utils
from packstack.modules.ospluginutils import appendManifestFile, getManifestTemplate

controller = None


def initConfig(controllerObject):
    global controller
    controller = controllerObject
    group = {"GROUP_NAME": "CACHE", "DESCRIPTION": "Cache", "PRE_CONDITION": False}
    controller.addGroup(group, [{"CONF_NAME": "CONFIG_CACHE_HOST", "CMD_OPTION": "cache-host"}])


def initSequences(controller):
    controller.CONF["CONFIG_CACHE_HOST"] += ""
    steps = [{"title": "Warming the cache", "functions": [warm]}]
    controller.addSequence("Cache", [], [], steps)
'''

_BODIES = {
    "nothing": """
def warm():
    host = controller.CONF["CONFIG_CACHE_HOST"]
    if controller.CONF["CONFIG_CACHE_SIZE"] == "big":
        utils.ScriptRunner(host).append("echo warm")
    appendManifestFile("%s_cache.pp" % host, getManifestTemplate("cache.pp"))
    controller.MESSAGES.append("The cache is warm")
""",
    "the configuration": """
def warm(config):
    host = config["CONFIG_CACHE_HOST"]
    if controller.CONF["CONFIG_CACHE_SIZE"] == "big":
        utils.ScriptRunner(host).append("echo warm")
    appendManifestFile("%s_cache.pp" % host, getManifestTemplate("cache.pp"))
    controller.MESSAGES.append("The cache is warm")
""",
    "the configuration and the messages": """
def warm(config, messages):
    host = config["CONFIG_CACHE_HOST"]
    if config["CONFIG_CACHE_SIZE"] == "big":
        utils.ScriptRunner(host).append("echo warm")
    appendManifestFile("%s_cache.pp" % host, getManifestTemplate("cache.pp"))
    messages.append("The cache is warm")
""",
    "whatever there is": """
def warm(*given):
    config, messages = given
    host = config["CONFIG_CACHE_HOST"]
    if config["CONFIG_CACHE_SIZE"] == "big":
        utils.ScriptRunner(host).append("echo warm")
    appendManifestFile("%s_cache.pp" % host, getManifestTemplate("cache.pp"))
    messages.append("The cache is warm")
""",
}


def _actions(folder: Path, body: str) -> Actions:
    files = {
        "packstack/plugins/cache_400.py": _HOOKS + body,
        "packstack/puppet/templates/cache.pp": "class { a: size => '%(CONFIG_CACHE_SIZE)s' }\n",
    }
    (plugin,) = load(write_tree(folder, files)).plugins
    return plugin.sequences[0].steps[0].actions


@pytest.mark.parametrize("given", _BODIES)
def test_a_steps_account_is_the_same_whatever_steps_are_given(tmp_path: Path, given: str) -> None:
    actions = _actions(tmp_path, _BODIES[given])
    (template,) = actions.templates
    (command,) = actions.commands
    (message,) = actions.messages
    assert "cache.pp" == words(template.name)
    assert "cache" == template.template
    assert "CONFIG_CACHE_HOST" in words(template.hosts)
    assert "echo warm" == words(command.line)
    assert "CONFIG_CACHE_SIZE is big" == describe(command.guard)
    assert "The cache is warm" == words(message.text)
    keys = {"CONFIG_CACHE_HOST": "read", "CONFIG_CACHE_SIZE": "read"}
    assert keys == {use.key: use.access for use in actions.uses}
    assert () == actions.failures


@pytest.mark.parametrize(
    "text",
    [
        '"the cache on %(CONFIG_CACHE_HOST)s" % controller.CONF',
        '"the cache on %s" % controller.CONF["CONFIG_CACHE_HOST"]',
        '"the cache on {0[CONFIG_CACHE_HOST]}".format(controller.CONF)',
    ],
)
def test_a_text_that_is_filled_from_the_configuration_reads_it(tmp_path: Path, text: str) -> None:
    actions = _actions(
        tmp_path, f"\ndef warm():\n    controller.CONF['CONFIG_GREETING'] = {text}\n"
    )
    uses = {(use.key, use.access) for use in actions.uses}
    assert {("CONFIG_CACHE_HOST", "read"), ("CONFIG_GREETING", "write")} == uses


_HOSTS = """
def warm():
    for host in {function}(controller.CONF):
        utils.ScriptRunner(host).append("echo warm")
"""

_MODULE = '''
def {function}(CONF):
    """Return the hosts that the configuration names."""
    found = []
    for key, value in CONF.items():
        if key.endswith("_HOST"):
            found.append(value.split("/")[0])
        if key.endswith("_HOSTS"):
            found.extend(host.strip() for host in value.split(","))
    return found
'''


@pytest.mark.parametrize("function", ["gethostlist", "filtered_hosts"])
def test_a_line_for_all_hosts_is_one_line(tmp_path: Path, function: str) -> None:
    files = {
        "__init__.py": "",
        "modules/__init__.py": "",
        "modules/ospluginutils.py": _MODULE.format(function=function),
    }
    write_tree(tmp_path / "packstack", files)
    body = f"from packstack.modules.ospluginutils import {function}\n"
    actions = _actions(tmp_path, body + _HOSTS.format(function=function))
    (command,) = actions.commands
    assert words(command.host) == f"⟨each host of {function}(controller.CONF)⟩"
    assert {"*_HOST", "*_HOSTS"} == {use.key for use in actions.uses}
