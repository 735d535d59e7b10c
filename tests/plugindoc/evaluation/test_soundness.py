"""What is read as known is what running gives; what is not followed exactly is unknown.

The snippets aim at what is easily taken for granted: iterators that are used up, views, the order
of sets, arguments, special methods, code from outside, the order of evaluation. Each is run here.
"""

from __future__ import annotations

import contextlib
import io
import textwrap
import warnings
from pathlib import Path
from typing import Any

import pytest

import plugindoc
from plugindoc.model.project import Plugin
from plugindoc.model.values import Alternatives, Dynamic, Entries, Items, Known, Text, Value

HERE = Path(__file__).parent
SNIPPETS = (HERE / "never_wrong.txt").read_text(encoding="utf-8").strip("\n").split("\n---\n")
WAYS = {
    "in a hook": "def initConfig(controller):\n{inside}\n    given = D\n{declares}",
    "in a module": "{beside}\ndef initConfig(controller):\n    given = D\n{declares}",
    "in a function": "def made():\n{inside}\n    return D\n"
    "def initConfig(controller):\n    given = made()\n{declares}",
}
DECLARES = (
    '    controller.addGroup({"GROUP_NAME": "G"}, [{"CONF_NAME": "X", "DEFAULT_VALUE": given}])\n'
)


class Controller:
    """Keeps the default that a plugin declares."""

    given: Any = None
    declared = False

    def addGroup(self, _: object, options: list[dict[str, Any]]) -> None:  # noqa: N802 - the protocol's name
        self.given, self.declared = options[0]["DEFAULT_VALUE"], True


def source(snippet: str, way: str) -> str:
    inside = textwrap.indent(snippet, "    ")
    return WAYS[way].format(inside=inside, beside=snippet, declares=DECLARES)


@pytest.fixture(scope="module")
def plugins(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Plugin]:
    """Return all snippets, read at once, each in three plugins of its own."""
    folder = tmp_path_factory.mktemp("soundness") / "plugins"
    folder.mkdir()
    for way_number, way in enumerate(WAYS):
        for number, snippet in enumerate(SNIPPETS):
            path = folder / f"piece{way_number}_{number:03d}.py"
            path.write_text(source(snippet, way), encoding="utf-8")
    return {one.module: one for one in plugindoc.load(folder.parent).plugins}


def run(code: str) -> Controller:
    controller, names = Controller(), dict[str, Any](__name__=__name__)
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        try:
            exec(compile(code, "snippet", "exec", dont_inherit=True), names)  # noqa: S102 - the tests' own snippets
            names["initConfig"](controller)
        except Exception:  # noqa: BLE001 - a snippet may raise whatever it likes
            controller.declared = False
    return controller


def agrees(value: Value | None, given: Any) -> bool:
    """Return whether what is read may be what running gave."""
    match value:
        case Known(value=known):
            return bool(known == as_read(given))
        case Items(members=members):
            if any(isinstance(one, Alternatives) and len(one.branches) == 1 for one in members):
                return True
            listed = as_read(given)
            return len(listed) == len(members) and all(map(agrees, members, listed))
        case Entries(pairs=pairs):
            if any(isinstance(key, Dynamic) for key, _ in pairs):
                return True
            found = list(given.items())
            return len(found) == len(pairs) and all(
                agrees(key, each) and agrees(one, other)
                for (key, one), (each, other) in zip(pairs, found, strict=True)
            )
        case Alternatives(branches=branches):
            return any(agrees(branch.value, given) for branch in branches)
        case Dynamic() | Text():
            return True
    return False


def as_read(given: Any) -> Any:
    if isinstance(given, set | frozenset):
        return sorted((as_read(one) for one in given), key=repr)
    if isinstance(given, list | tuple):
        return [as_read(one) for one in given]
    return given


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("number", range(len(SNIPPETS)))
def test_what_is_read_as_known_is_true(number: int, way: str, plugins: dict[str, Plugin]) -> None:
    snippet = SNIPPETS[number]
    plugin = plugins[f"piece{list(WAYS).index(way)}_{number:03d}"]
    ran = run(source(snippet, way))
    options = plugin.groups[0].options if plugin.groups else ()
    assert ran.declared <= bool(options), snippet
    if ran.declared:
        assert agrees(options[0].default, ran.given), (snippet, ran.given, options[0].default)
    elif options:
        assert not isinstance(options[0].default, Known), snippet
