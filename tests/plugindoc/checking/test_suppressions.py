"""Suppressions: in plugins, manifests and usage documents; idle and bare ones are findings."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.plugindoc.checking.installers import Check, Write, plugin, port

BARE = port(USAGE=None)
DOCUMENT = """SYNOPSIS
========

example

OPTIONS
=======

Example
-------

{entries}
"""


def codes(check: Check, path: Path, *words: str) -> list[str]:
    report = json.loads(check(path, "--format", "json", *words).stdout)
    return [each["code"] for each in report["diagnostics"]]


def in_plugin(write: Write, text: str) -> Path:
    return write({"example/plugins/example_100.py": text})


@pytest.mark.parametrize(
    "text",
    [
        plugin(BARE).replace(f"{BARE},", f"{BARE},  # plugindoc: ignore[PD101] why"),
        plugin(BARE).replace(BARE, f"# plugindoc: ignore[PD101] why\n            {BARE}"),
        plugin(BARE).replace(BARE, f"# plugindoc: ignore[undocumented-option] why\n{BARE}"),
        plugin(BARE).replace(BARE, f"# plugindoc: ignore[PD101]: why\n\n  # more\n{BARE}"),
        plugin(BARE).replace('"PROMPT"', '# plugindoc: ignore[PD101] why\n"PROMPT"'),
    ],
    ids=["behind", "above", "by name", "above more comments", "inside the dict"],
)
def test_a_finding_is_silenced(text: str, write: Write, check: Check) -> None:
    assert [] == codes(check, in_plugin(write, text))


def test_what_is_silenced_is_counted(write: Write, check: Check) -> None:
    text = plugin(BARE).replace(f"{BARE},", f"{BARE},  # plugindoc: ignore[PD101] why")
    assert "(1 suppressed)" in check(in_plugin(write, text)).stdout


def test_a_suppression_speaks_of_its_own_place_only(write: Write, check: Check) -> None:
    other = port("CONFIG_EXAMPLE_OTHER", USAGE=None)
    text = plugin(BARE, other)
    text = text.replace(f"{BARE},", f"{BARE},  # plugindoc: ignore[PD101] why")
    assert ["PD101"] == codes(check, in_plugin(write, text))


@pytest.mark.parametrize(
    ("comment", "expected"),
    [
        ("# plugindoc: ignore[PD202] why", ["PD003"]),
        ("# plugindoc: ignore[PD101, PD202] why", ["PD003"]),
        ("# plugindoc: ignore[PD999] why", ["PD101", "PD003"]),
        ("# plugindoc: ignore[PD101]", ["PD004"]),
    ],
    ids=["idle", "half idle", "no rule", "no reason"],
)
def test_a_suppression_that_is_wrong_is_a_finding(
    comment: str, expected: list[str], write: Write, check: Check
) -> None:
    option = BARE if "PD101" in "".join([comment, *expected]) else port()
    text = plugin(option).replace(f"{option},", f"{option},  {comment}")
    assert expected == codes(check, in_plugin(write, text))


def test_an_idle_one_is_no_finding_where_its_rule_is_off(write: Write, check: Check) -> None:
    text = plugin(port()).replace(f"{port()},", f"{port()},  # plugindoc: ignore[PD202] why")
    assert [] == codes(check, in_plugin(write, text), "--ignore", "PD202")


def test_the_fix_takes_an_idle_one_out(write: Write, check: Check) -> None:
    text = plugin(port())
    root = in_plugin(write, text.replace(f"{port()},", f"{port()},  # plugindoc: ignore[PD202] x"))
    assert 0 == check(root, "--fix").exit_code
    assert text == (root / "example/plugins/example_100.py").read_text()


def test_the_same_words_in_a_text_are_no_suppression(write: Write, check: Check) -> None:
    text = plugin(port(USAGE="Say # plugindoc: ignore[PD101] to silence it."))
    assert [] == codes(check, in_plugin(write, text))


def test_in_a_usage_document(write: Write, check: Check) -> None:
    text = plugin(port(USAGE=None)).replace(
        "def initConfig(controller):\n    controller.addGroup(",
        "def initConfig(controller):\n    params = []\n"
        "    update_params_usage(basedefs.PACKSTACK_DOC, params, sectioned=False)\n"
        "    controller.addGroup(",
    )
    entry = "**CONFIG_EXAMPLE_GONE**\n    Gone.\n"
    files = {"example/plugins/example_100.py": text}
    document = "docs/source/packstack.rst"
    loud = write({**files, document: DOCUMENT.format(entries=entry)})
    assert ["PD102"] == codes(check, loud, "--select", "PD102")
    reason = ".. plugindoc: ignore[PD102] kept for old links\n\n"
    silent = write({**files, document: DOCUMENT.format(entries=reason + entry)})
    assert [] == codes(check, silent, "--select", "PD102,PD003,PD004")


def test_in_a_usage_document_it_speaks_of_the_whole_entry(write: Write, check: Check) -> None:
    text = plugin(port()).replace(
        "def initConfig(controller):\n    controller.addGroup(",
        "def initConfig(controller):\n"
        '    params = [{"CONF_NAME": "CONFIG_DOC", "CMD_OPTION": "doc", "PROMPT": "Doc"}]\n'
        "    update_params_usage(basedefs.PACKSTACK_DOC, params, sectioned=False)\n"
        '    controller.addGroup({"GROUP_NAME": "DOC", "DESCRIPTION": "Doc",\n'
        '                         "PRE_CONDITION_MATCH": True}, params)\n'
        "    controller.addGroup(",
    )
    entry = "**CONFIG_DOC**\n    First line,\n    then CONFIG_NOWHERE.\n"
    files = {"example/plugins/example_100.py": text}
    document = "docs/source/packstack.rst"
    rules = ("--select", "PD109,PD003,PD004")
    loud = write({**files, document: DOCUMENT.format(entries=entry)})
    assert ["PD109"] == codes(check, loud, *rules)
    reason = ".. plugindoc: ignore[PD109] of another program\n\n"
    silent = write({**files, document: DOCUMENT.format(entries=reason + entry)})
    assert [] == codes(check, silent, *rules)


def test_in_a_manifest(write: Write, check: Check) -> None:
    manifest = "$a = lookup('CONFIG_NOWHERE')"
    path = "example/puppet/templates/example.pp"
    text = {"example/plugins/example_100.py": plugin(port())}
    assert ["PD502"] == codes(check, write({**text, path: manifest}), "--select", "PD502")
    silenced = f"{manifest} # plugindoc: ignore[PD502] set by the site\n"
    assert [] == codes(check, write({**text, path: silenced}), "--select", "PD502,PD003")


def test_paths_can_be_left_out_in_the_settings(write: Write, check: Check) -> None:
    root = in_plugin(write, plugin(BARE))
    settings = root / "pyproject.toml"
    settings.write_text(
        '[tool.plugindoc.check.per-path-ignores]\n"example/plugins/*_100.py" = ["PD101"]\n'
    )
    assert [] == codes(check, root)
    settings.write_text('[tool.plugindoc.check.per-path-ignores]\n"elsewhere/*" = ["PD101"]\n')
    assert ["PD101"] == codes(check, root)
