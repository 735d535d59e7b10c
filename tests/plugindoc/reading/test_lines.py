"""Files with the line ends and encodings of every age."""

from __future__ import annotations

import pytest

from plugindoc.model.values import Known
from tests.plugindoc.conftest import Read

_PLUGIN = """{coding}
def initConfig(controller):
    group = {{"GROUP_NAME": "CAFE", "DESCRIPTION": u"Caf\u00e9"}}
    controller.addGroup(group, [{{"CONF_NAME": "CONFIG_CAFE", "DEFAULT_VALUE": "\u00e9"}}])
"""


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize(
    ("coding", "encoding"),
    [
        ("#", "utf-8"),
        ("#", "utf-8-sig"),
        ("# -*- coding: latin-1 -*-", "latin-1"),
        ("# vim: set fileencoding=cp1252 :", "cp1252"),
    ],
)
def test_a_file_is_read_whatever_its_line_ends_and_encoding(
    read: Read, coding: str, encoding: str, end: str
) -> None:
    code = _PLUGIN.format(coding=coding).replace("\n", end).encode(encoding)
    project = read(files={"plugins/cafe_100.py": code})
    assert () == project.problems
    (group,) = project.plugins[0].groups
    (option,) = group.options
    assert Known("Caf\u00e9") == group.description
    assert Known("\u00e9") == option.default
    assert 4 == option.location.line
