"""``plugindoc answers check``: what the installer will not take, and never a secret."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.main import plugindoc

PLUGIN = '''"""Example: install the example service."""

from packstack.installer import processors
from packstack.installer import validators


def initConfig(controller):
    controller.addGroup(
        {"GROUP_NAME": "GLOBAL", "DESCRIPTION": "Global", "PRE_CONDITION_MATCH": True},
        [
            {"CONF_NAME": "CONFIG_INSTALL", "OPTION_LIST": ["y", "n"], "DEFAULT_VALUE": "y",
             "VALIDATORS": [validators.validate_options], "DEPRECATES": ["CONFIG_SETUP"]},
            {"CONF_NAME": "CONFIG_PORT", "DEFAULT_VALUE": "80",
             "VALIDATORS": [validators.validate_port]},
            {"CONF_NAME": "CONFIG_PW", "MASK_INPUT": True, "DEFAULT_VALUE": "PW_PLACEHOLDER",
             "VALIDATORS": [validators.validate_not_empty, validators.validate_integer],
             "PROCESSORS": [processors.process_password]},
            {"CONF_NAME": "CONFIG_KEY", "VALIDATORS": [validators.validate_not_empty]},
            {"CONF_NAME": "CONFIG_BOOL", "DEFAULT_VALUE": "n",
             "PROCESSORS": [processors.process_bool]},
        ],
    )
    controller.addGroup(
        {"GROUP_NAME": "EXAMPLE", "DESCRIPTION": "Example",
         "PRE_CONDITION": "CONFIG_INSTALL", "PRE_CONDITION_MATCH": "y"},
        [
            {"CONF_NAME": "CONFIG_MODE", "OPTION_LIST": ["a", "b"], "DEFAULT_VALUE": "a",
             "VALIDATORS": [validators.validate_multi_options]},
            {"CONF_NAME": "CONFIG_MUST"},
        ],
    )
    controller.addGroup(
        {"GROUP_NAME": "TRUE", "DESCRIPTION": "True",
         "PRE_CONDITION": lambda config: config["CONFIG_BOOL"], "PRE_CONDITION_MATCH": True},
        [{"CONF_NAME": "CONFIG_IF_TRUE", "DEFAULT_VALUE": "1"}],
    )


def initSequences(controller):
    pass
'''
SOUND = "CONFIG_KEY=k\nCONFIG_MUST=m\n"

Check: TypeAlias = Callable[..., Result]


@pytest.fixture
def check(tmp_path: Path) -> Check:
    plugins = tmp_path / "example" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "example_100.py").write_text(PLUGIN)
    file = tmp_path / "answers.txt"

    def run(answers: str | bytes, *words: str) -> Result:
        content = answers if isinstance(answers, bytes) else f"[general]\n{answers}".encode()
        file.write_bytes(content)
        command = ["answers", "check", str(file), str(tmp_path / "example"), *words]
        return CliRunner().invoke(plugindoc, command)

    return run


def remarks(result: Result) -> list[tuple[str, str, str]]:
    found = json.loads(result.stdout)["remarks"]
    return [(each["kind"], each["severity"], each["option"]) for each in found]


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        (SOUND, []),
        (f"{SOUND}config_port=81\n", []),
        (f"{SOUND}CONFIG_MODE=a, b\nCONFIG_BOOL=y\nCONFIG_IF_TRUE=2\n", []),
        (f"{SOUND}CONFIG_PROT=1\n", [("unknown-option", "error", "CONFIG_PROT")]),
        (f"{SOUND}CONFIG_SETUP=y\n", [("deprecated-option", "warning", "CONFIG_SETUP")]),
        (f"{SOUND}CONFIG_INSTALL=x\n", [("not-a-choice", "error", "CONFIG_INSTALL")]),
        (f"{SOUND}CONFIG_MODE=a,c\n", [("not-a-choice", "error", "CONFIG_MODE")]),
        (f"{SOUND}CONFIG_PORT=http\n", [("refused-value", "error", "CONFIG_PORT")]),
        (f"{SOUND}CONFIG_PW=\n", [("refused-value", "error", "CONFIG_PW")]),
        (
            f"{SOUND}CONFIG_PORT=1\nCONFIG_PORT=2\n",
            [("duplicate-answer", "error", "CONFIG_PORT")],
        ),
        (
            "CONFIG_KEY=k\nCONFIG_INSTALL=n\nCONFIG_MODE=b\n",
            [("not-applicable", "info", "CONFIG_MODE")],
        ),
        ("CONFIG_KEY=k\nCONFIG_INSTALL=n\nCONFIG_MODE=a\n", []),
        (f"{SOUND}CONFIG_IF_TRUE=2\n", [("not-applicable", "info", "CONFIG_IF_TRUE")]),
        (
            "",
            [("missing-option", "error", "CONFIG_KEY"), ("missing-option", "error", "CONFIG_MUST")],
        ),
        ("CONFIG_KEY=k\nCONFIG_SETUP=n\n", [("deprecated-option", "warning", "CONFIG_SETUP")]),
    ],
)
def test_remarks(answers: str, expected: list[tuple[str, str, str]], check: Check) -> None:
    result = check(answers, "--format", "json")
    assert expected == remarks(result)
    failed = any(severity == "error" for _, severity, _ in expected)
    assert int(failed) == result.exit_code


def test_the_text_names_place_and_nearest(check: Check) -> None:
    result = check(f"{SOUND}CONFIG_PROT=1\n")
    assert "answers.txt:4: error: CONFIG_PROT is no option; the installer ignores it" in (
        result.stdout
    )
    assert "(did you mean CONFIG_PORT?)" in result.stdout
    assert "3 answers, 1 error." in result.stdout


def test_an_old_name_leads_to_the_new_one(check: Check) -> None:
    output = check(f"{SOUND}CONFIG_SETUP=y\n").stdout
    assert "CONFIG_SETUP is an old name of CONFIG_INSTALL (write CONFIG_INSTALL)" in output
    output = check(f"{SOUND}CONFIG_SETUP=y\nCONFIG_INSTALL=y\n").stdout
    assert "which is answered as well: this one is ignored" in output


def test_a_value_that_is_refused_is_shown(check: Check) -> None:
    output = check(f"{SOUND}CONFIG_INSTALL=x\n").stdout
    assert "CONFIG_INSTALL: 'x' is none of y, n" in output


@pytest.mark.parametrize(
    "answers",
    [
        "CONFIG_PW=hunter2\n",
        "CONFIG_PWD=hunter2\n",
        "CONFIG_OTHER_PASSWORD=hunter2\n",
        "CONFIG_PW=1\nCONFIG_PW=hunter2\n",
    ],
)
@pytest.mark.parametrize("form", ["text", "json"])
def test_secrets_are_never_printed(answers: str, form: str, check: Check) -> None:
    result = check(SOUND + answers, "--format", form)
    assert 1 == result.exit_code
    assert "hunter2" not in result.output


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"CONFIG_A=1\n", "answers.txt:1: there is no [general] in front of the first answer"),
        (b"\xff\xfe", "answers.txt: not UTF-8 (byte 0)"),
        (b"[general]\nhunter2\n", "answers.txt:2: neither NAME=VALUE nor a comment"),
    ],
)
def test_what_is_no_answer_file(content: bytes, complaint: str, check: Check) -> None:
    result = check(content)
    assert 2 == result.exit_code
    assert complaint in result.stderr
    assert "hunter2" not in result.output


def test_a_file_or_installer_that_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "answers.txt"
    result = CliRunner().invoke(plugindoc, ["answers", "check", str(file)])
    assert 2 == result.exit_code
    assert "answers.txt: No such file or directory" in result.stderr
    file.write_text("[general]\n")
    nowhere = str(tmp_path / "nowhere")
    result = CliRunner().invoke(plugindoc, ["answers", "check", str(file), nowhere])
    assert 2 == result.exit_code
    assert "nowhere" in result.stderr
