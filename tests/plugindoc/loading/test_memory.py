"""What was read is forgotten again: servers and watchers read the same tree many times."""

from __future__ import annotations

import gc

from plugindoc.reading.python import Module
from tests.plugindoc.conftest import Read

SOURCE = """
def initConfig(controller):
    controller.addGroup({"GROUP_NAME": "G"}, [{"CONF_NAME": "CONFIG_A"}])


def never_called(config):
    for one in config:
        if one:
            return one
"""


def modules() -> int:
    gc.collect()
    return sum(isinstance(one, Module) for one in gc.get_objects())


def test_reading_again_keeps_nothing_of_the_last_time(read: Read) -> None:
    project = read(SOURCE)
    before = modules()
    for _ in range(3):
        project = read(SOURCE)
    assert before == modules()
    assert "CONFIG_A" == project.plugins[0].groups[0].options[0].name
