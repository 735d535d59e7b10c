"""The same source gives the same export, however the running Python orders its sets."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.trees import write_tree

PLUGIN = """
import dataclasses, json, textwrap

NAMES = {"alpha", "beta", "gamma", "delta", ("x", "y"), 1, 2.5, None}
TEXTS = {"alpha", "beta", "gamma", "delta"}


def wanted(config):
    return config["CONFIG_MODE"] in {"alpha", "beta", "gamma", "delta"}


def initConfig(controller):
    values = [
        NAMES, list(TEXTS), str(TEXTS), repr([TEXTS]), "%s" % TEXTS, "%s" % (TEXTS,), f"{TEXTS}",
        "{}".format(TEXTS), ",".join(TEXTS), sorted(TEXTS), TEXTS | {"more"}, TEXTS - {"alpha"},
        [one for one in TEXTS], {one: 1 for one in TEXTS}, dict.fromkeys(TEXTS), min(TEXTS),
        tuple(TEXTS), set("abcdef"), frozenset("abcdef"), {"a": TEXTS}, next(iter(TEXTS)),
        [*TEXTS], max(TEXTS, key=len), ascii(TEXTS), "-".join(map(str, NAMES)), enumerate(TEXTS),
        {*TEXTS, *"xyz"}, list({"b": 1, **dict.fromkeys(TEXTS)}), TEXTS ^ {"alpha", "x"},
    ]
    params = [
        {"CONF_NAME": "CONFIG_%d" % i, "DEFAULT_VALUE": value} for i, value in enumerate(values)
    ]
    controller.addGroup({"GROUP_NAME": "G", "PRE_CONDITION": wanted}, params)


def initSequences(controller):
    if controller.CONF["CONFIG_MODE"] in TEXTS:
        controller.addSequence("S", [], [], [])
"""

CHILD = """
import sys, plugindoc
from plugindoc.model.export import encode
sys.stdout.buffer.write(encode(plugindoc.load(sys.argv[1])))
"""


def exported(folder: Path, seed: int) -> bytes:
    environment = {**os.environ, "PYTHONHASHSEED": str(seed)}
    command = [sys.executable, "-c", CHILD, str(folder)]
    return subprocess.run(command, env=environment, capture_output=True, check=True).stdout


def test_the_export_does_not_show_the_hash_seed(tmp_path: Path) -> None:
    write_tree(tmp_path, {"plugins/first_100.py": PLUGIN})
    first, *others = [exported(tmp_path, seed) for seed in range(1, 5)]
    assert [first] * len(others) == others
