"""Plugins by other hands, each in a style of its own, are read as they run.

Those of Python 3 run here, on the installer's own modules of a release. Those of Python 2 are held
against what Python 2.7 gave (``third_party/two.json``), which no machine here has.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import plugindoc
from plugindoc.model.conditions import describe
from plugindoc.model.project import Project
from plugindoc.model.values import words
from tests.parity.static import static_form
from tests.parity.test_parity import GROUP_KEYS, KEYS, MACHINES, RECORD, agrees, plain
from tests.upstream import release

THIRD_PARTY = Path(__file__).parent / "third_party"


def tree(folder: Path, version: str, plugins: str) -> Path:
    """Return an installer made of a release's own modules and of somebody else's plugins."""
    found = folder / plugins
    package = found / "packstack"
    for name in ("installer", "modules"):
        shutil.copytree(release(version) / "packstack" / name, package / name)
    shutil.copy(release(version) / "packstack" / "__init__.py", package)
    shutil.copy(release(version) / "packstack" / "version.py", package)
    shutil.copytree(THIRD_PARTY / plugins, package, dirs_exist_ok=True)
    (package / "plugins" / "__init__.py").touch()
    (document,) = release(version).glob("*.data/data/share/packstack/packstack.rst")
    place = found / document.relative_to(release(version))
    place.parent.mkdir(parents=True)
    shutil.copy(document, place)
    return found


@pytest.fixture(scope="module")
def three(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tree(tmp_path_factory.mktemp("third-party"), "26.0.0", "three")


def test_plugins_of_python_3_are_read_as_they_run(three: Path, tmp_path: Path) -> None:
    runs = []
    for machine in MACHINES:
        out = tmp_path / f"{machine}.json"
        command = [sys.executable, "-W", "ignore", "-B", str(RECORD), str(three), str(out)]
        subprocess.run([*command, machine, str(tmp_path / machine)], check=True)
        runs.append(json.loads(out.read_text())["plugins"])
    forms = static_form(plugindoc.load(three))["plugins"]
    assert [one["module"] for one in runs[0]] == [one["module"] for one in forms]
    wrong = []
    for form, *run in zip(forms, *runs, strict=True):
        for group, *ran in zip(form["groups"], *(one["groups"] for one in run), strict=True):
            wrong += [
                (group["name"], key, ran[0]["group"].get(key), group[key.lower()])
                for key in GROUP_KEYS
                if not agrees([one["group"].get(key) for one in ran], group[key.lower()])
            ]
            for option, *params in zip(
                group["options"], *(one["params"] for one in ran), strict=True
            ):
                for field, key in (("conf_name", "CONF_NAME"), ("usage", "USAGE"), *KEYS.items()):
                    if not agrees([one.get(key) for one in params], option[field]):
                        wrong.append((option["conf_name"], key, params[0].get(key), option[field]))
    assert [] == wrong


def told(project: Project) -> Any:
    """Return what plugins declare, in short."""
    return [
        {
            "groups": [
                {
                    "name": group["name"],
                    "description": group["description"],
                    "options": [
                        [
                            *(option[key] for key in ("conf_name", "cmd_option", "default")),
                            *(option[key] for key in ("usage", "prompt", "option_list")),
                            plain(option["validators"]),
                        ]
                        for option in group["options"]
                    ],
                }
                for group in form["groups"]
            ],
            "conditions": [describe(group.condition) for group in plugin.groups],
            "sequences": [
                [
                    sequence.title,
                    describe(sequence.guard),
                    [[words(step.title), describe(step.guard)] for step in sequence.steps],
                ]
                for sequence in plugin.sequences
            ],
            "constraints": [
                [one.error, words(one.text or None), describe(one.condition)]
                for one in plugin.constraints
            ],
        }
        for plugin, form in zip(project.plugins, static_form(project)["plugins"], strict=True)
    ]


def test_plugins_of_python_2_are_read_as_they_ran(tmp_path: Path) -> None:
    project = plugindoc.load(tree(tmp_path, "15.0.1", "two"))
    expected = json.loads((THIRD_PARTY / "two.json").read_text(encoding="utf-8"))
    assert () == project.problems
    assert expected == told(project)
