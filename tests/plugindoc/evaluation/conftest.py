"""Options whose default is all that a test is about."""

from __future__ import annotations

import textwrap
from collections.abc import Callable

import pytest

from plugindoc.model.project import Option
from tests.plugindoc.conftest import Read


@pytest.fixture
def default(read: Read) -> Callable[[str], Option]:
    """Return a function that reads one option whose default is the name ``D`` in some code."""

    def read_default(code: str) -> Option:
        body = textwrap.indent(textwrap.dedent(code).strip(), "    ")
        project = read(
            f"def initConfig(controller):\n{body}\n"
            '    param = {"CONF_NAME": "CONFIG_X", "DEFAULT_VALUE": D}\n'
            '    controller.addGroup({"GROUP_NAME": "G"}, [param])\n'
            "\n\ndef initSequences(controller):\n    pass\n"
        )
        return project.plugins[0].groups[0].options[0]

    return read_default
