"""What a few lines of Python bind to ``D`` is read as it runs, in both Pythons.

Those of Python 3 are run here. Those of Python 2 say what Python 2.7 gave (``# =``), or the error
that it raised (``# !``).
"""

from __future__ import annotations

import json
import textwrap
from pathlib import Path
from typing import Any

import pytest

import plugindoc
from plugindoc.model.project import Plugin
from plugindoc.model.values import Entries, Items, Known, Value

HERE = Path(__file__).parent
PYTHON3 = (HERE / "python3.txt").read_text(encoding="utf-8").strip("\n").split("\n---\n")
PYTHON2 = (HERE / "python2.txt").read_text(encoding="utf-8").strip("\n").split("\n---\n")
PLUGIN = """\
# -*- coding: utf-8 -*-
MODULE = "module"


def initConfig(controller):
{mark}{body}
    controller.addGroup({{"GROUP_NAME": "G"}}, [{{"CONF_NAME": "X", "DEFAULT_VALUE": D}}])
"""


def plugin(snippet: str, mark: str = "") -> str:
    return PLUGIN.format(mark=mark, body=textwrap.indent(snippet, "    "))


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plugin]:
    """Return all snippets, read at once, each in a plugin of its own."""
    folder = tmp_path_factory.mktemp("snippets") / "plugins"
    folder.mkdir()
    for name, snippets, mark in (("three", PYTHON3, ""), ("two", PYTHON2, "    print 'x'\n")):
        for number, snippet in enumerate(snippets):
            path = folder / f"{name}{number}_{number:03d}.py"
            path.write_text(plugin(snippet, mark), encoding="utf-8")
    return {one.module: one for one in plugindoc.load(folder.parent).plugins}


def plain(value: Any) -> Any:
    """Return data as it is compared: lists for all that is in order, pairs for dicts."""
    if isinstance(value, list | tuple):
        return [plain(one) for one in value]
    if isinstance(value, set | frozenset):
        return sorted((plain(one) for one in value), key=repr)
    if isinstance(value, dict):
        pairs = [[plain(key), plain(one)] for key, one in value.items()]
        return {"dict": sorted(pairs, key=repr)}
    return value.decode() if isinstance(value, bytes) else value


def found(value: Value | None) -> Any:
    match value:
        case Known(value=data):
            return plain(data)
        case Items(members=members):
            return [found(one) for one in members]
        case Entries(pairs=pairs):
            return {"dict": sorted(([found(key), found(one)] for key, one in pairs), key=repr)}
        case _:
            return f"unknown: {value}"


def default(one: Plugin) -> Any:
    return found(one.groups[0].options[0].default) if one.groups else "it ends before"


class Controller:
    def addGroup(self, group: Any, params: Any) -> None:  # noqa: ARG002, N802 - the protocol's name
        self.given = params[0]["DEFAULT_VALUE"]


@pytest.mark.parametrize("number", range(len(PYTHON3)))
def test_python_3_is_read_as_it_runs(number: int, plugins: dict[str, Plugin]) -> None:
    names: dict[str, Any] = {"__name__": "three"}
    code = compile(plugin(PYTHON3[number]), "three", "exec", dont_inherit=True)
    exec(code, names)  # noqa: S102 - a snippet of this folder
    controller = Controller()
    one = plugins[f"three{number}_{number:03d}"]
    try:
        names["initConfig"](controller)
    except Exception:  # noqa: BLE001 - a snippet that fails is one that is read as failing
        assert "it ends before" == default(one), PYTHON3[number]
        return
    assert plain(controller.given) == default(one), PYTHON3[number]
    assert type(plain(controller.given)) is type(default(one))


@pytest.mark.parametrize("number", range(len(PYTHON2)))
def test_python_2_is_read_as_it_ran(number: int, plugins: dict[str, Plugin]) -> None:
    one = plugins[f"two{number}_{number:03d}"]
    *_, last = PYTHON2[number].splitlines()
    if last.startswith("# ="):
        expected = json.loads(last[3:])
        assert expected == default(one), PYTHON2[number]
        assert type(expected) is type(default(one))
    else:
        assert "it ends before" == default(one), PYTHON2[number]
