"""Excerpts of answer files in hand-written pages: only what is sure to be wrong is told."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc import load
from plugindoc.rendering.answer_excerpts import mistakes
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.layout import Layout

PLUGIN = '''
"""Asks."""

from packstack.installer import processors, validators


def initConfig(controller):
    choose = [validators.validate_options]
    options = [
        {"CONF_NAME": "CONFIG_PLAIN", "OPTION_LIST": ["y", "n"], "VALIDATORS": choose},
        {"CONF_NAME": "CONFIG_COMPUTED", "OPTION_LIST": drivers(), "VALIDATORS": choose},
        {"CONF_NAME": "CONFIG_HALF", "OPTION_LIST": ["y", driver()], "VALIDATORS": choose},
        {"CONF_NAME": "CONFIG_BOOL", "OPTION_LIST": ["y", "n"], "VALIDATORS": choose,
         "PROCESSORS": [processors.process_bool]},
    ]
    controller.addGroup({"GROUP_NAME": "ALL", "DESCRIPTION": "All"}, options)


def initSequences(controller):
    pass
'''


@pytest.fixture
def catalogue(tmp_path: Path) -> Catalogue:
    plugins = tmp_path / "demo" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "all_100.py").write_text(PLUGIN)
    return Catalogue("demo", load(tmp_path), Layout("plugins"))


def test_a_value_that_is_none_of_the_choices_is_told(catalogue: Catalogue) -> None:
    (mistake,) = mistakes(catalogue, "[general]\nCONFIG_PLAIN=maybe")
    assert (1, "CONFIG_PLAIN=maybe is none of y, n") == (mistake.line, mistake.message)


@pytest.mark.parametrize("answer", ["CONFIG_COMPUTED=x", "CONFIG_HALF=x", "CONFIG_BOOL=yes"])
def test_what_may_be_taken_is_not_told(catalogue: Catalogue, answer: str) -> None:
    assert [] == [*mistakes(catalogue, answer)]
