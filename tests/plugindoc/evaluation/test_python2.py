"""Plugins from the days of Python 2 are read with the same exactness."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from plugindoc.model.conditions import Compare, describe
from plugindoc.model.project import Option
from plugindoc.model.values import Known, Reference
from tests.plugindoc.conftest import Read

OLD_PLUGIN = '''\
"""
Installs the old way
"""
import logging
import sys

from packstack.installer import common_utils as utils
import packstack.installer.engine_validators as validate

controller = None
PLUGIN_NAME = ur"OS-Old"
MODE = 0755

logging.debug("plugin %s loaded", __name__)


def initConfig(controllerObject):
    global controller
    controller = controllerObject
    print "Adding", PLUGIN_NAME
    print >>sys.stderr, "options"
    paramsList = []
    for key, value in {"HOST": "localhost", "PORT": 5672}.iteritems():
\tparamsList.append({"CMD_OPTION"      : "old-" + key.lower(),
                           "USAGE"           : "The %s of the old service" % key.lower(),
                           "DEFAULT_VALUE"   : value,
                           "OPTION_LIST"     : [],
                           "VALIDATION_FUNC" : validate.validatePort,
                           "VALIDATORS"      : [validate.validatePort],
                           "CONF_NAME"       : "CONFIG_OLD_%s" % key})
    if not paramsList <> []:
        raise RuntimeError, "no options"
    try:
        mode = `MODE`
    except (KeyError, ValueError), error:
        mode = str(error)
    paramsList[0]["PROMPT"] = mode
    groupDict = { "GROUP_NAME"            : "OLD",
                  "DESCRIPTION"           : u"Old options",
                  "PRE_CONDITION"         : utils.returnYes,
                  "PRE_CONDITION_MATCH"   : "yes",
                  "POST_CONDITION"        : False,
                  "POST_CONDITION_MATCH"  : True}
    controller.addGroup(groupDict, paramsList)


def initSequences(controller):
    if controller.CONF["CONFIG_OLD_INSTALL"] != 'y':
        print "the old service is left out"
        return
    if not controller.CONF.has_key("CONFIG_OLD_HOST"):
        sys.exit(1)
    steps = [{'title': 'Adding old manifest entries', 'functions':[createmanifest]}]
    controller.addSequence("Installing the old service", [], [], steps)


def createmanifest():
    manifest = "%(CONFIG_OLD_HOST)s_old.pp" % controller.CONF
'''

COMMON = """
def returnYes(controller):
    return "yes"
"""

VALIDATORS = '''
def validatePort(param, options=[]):
    """
    Check that the port is one.
    """
    return True
'''


def test_an_old_plugin_is_read_like_a_new_one(read: Read) -> None:
    project = read(
        files={
            "packstack/__init__.py": "",
            "packstack/installer/__init__.py": "",
            "packstack/installer/common_utils.py": COMMON,
            "packstack/installer/engine_validators.py": VALIDATORS,
            "packstack/plugins/__init__.py": "",
            "packstack/plugins/old_300.py": OLD_PLUGIN,
        }
    )
    (plugin,) = project.plugins
    assert () == project.problems
    assert Known("OS-Old") == plugin.name
    (group,) = plugin.groups
    assert "always" == describe(group.condition)
    host, port = group.options
    assert ["CONFIG_OLD_HOST", "CONFIG_OLD_PORT"] == [host.name, port.name]
    assert Known("The host of the old service") == host.usage
    assert Known("493") == host.prompt
    assert Known(5672) == port.default
    assert {"VALIDATION_FUNC"} == set(port.extra)
    reference = port.extra["VALIDATION_FUNC"]
    assert isinstance(reference, Reference)
    assert "engine_validators.validatePort" == reference.name
    (sequence,) = plugin.sequences
    assert Compare("CONFIG_OLD_INSTALL", "==", "y") in (
        sequence.guard,
        *getattr(sequence.guard, "conditions", ()),
    )
    assert ["old_300.createmanifest"] == [s.function.name for s in sequence.steps if s.function]


@pytest.mark.parametrize(
    ("code", "value"),
    [
        ("print 'x'\nD = 7 / 2", 3),
        ("D = 7 / 2", 3.5),
        ("D = 0777", 511),
        ("D = 10L", 10),
        ("D = ur'a\\n'", "a\\n"),
        ("print 1\nD = '\\xc3\\xa9'", "é"),
        ("print 1\nD = '\\u00e9'", "\\u00e9"),
        ("print 1\nD = b'bytes'", "bytes"),
        ("D = u'\\u00e9'", "é"),
        ("x = 5\nD = `x`", "5"),
        ("exec 'x = 1'\nD = unicode('u')", "u"),
        ("D = reduce(lambda a, b: a + b, [1, 2, 3])", 6),
        ("D = [k for k in xrange(3)]", [0, 1, 2]),
        ("D = {'a': 1}.has_key('a')", True),
        ("D = 1 <> 2", True),
        ("def f((a, b), c):\n    return a + b + c\nD = f((1, 2), 3)", 6),
    ],
)
def test_values_of_python_2(code: str, value: object, default: Callable[[str], Option]) -> None:
    assert Known(value) == default(code).default
