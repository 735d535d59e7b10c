"""``plugindoc answers check``: what the installer will not take, and never a secret."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.main import plugindoc
from plugindoc.loading import load
from plugindoc.rendering.answer_files import answer_file
from plugindoc.rendering.catalogue import Catalogue
from plugindoc.rendering.layout import Layout
from tests.upstream import release

BUNDLED = Path(__file__).parents[3] / "source_packstack"

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


CONTROLLER = "class Controller:\n    def addGroup(self, group, params): ...\n"


@pytest.fixture
def check(tmp_path: Path) -> Check:
    plugins = tmp_path / "example" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "example_100.py").write_text(PLUGIN)
    (plugins.parent / "controller.py").write_text(CONTROLLER)
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
    assert "answers.txt:4: error: CONFIG_PROT is not an option of this installer" in result.stdout
    assert "(did you mean CONFIG_PORT?)" in result.stdout
    assert "3 answers, 1 error." in result.stdout


def test_an_old_name_leads_to_the_new_one(check: Check) -> None:
    output = check(f"{SOUND}CONFIG_SETUP=y\n").stdout
    assert "CONFIG_SETUP is a former name of CONFIG_INSTALL (write CONFIG_INSTALL)" in output
    output = check(f"{SOUND}CONFIG_SETUP=y\nCONFIG_INSTALL=y\n").stdout
    assert "which is also answered (delete it)" in output


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


def test_a_file_that_is_no_text(check: Check) -> None:
    result = check(b"\xff\xfe")
    assert 2 == result.exit_code
    assert "answers.txt:1: not UTF-8 (byte 0); convert the file" in result.stderr


def test_a_malformed_line_hides_no_other_finding(check: Check) -> None:
    result = check(f"hunter2\n{SOUND}CONFIG_INSTALL=x\n[all]\nCONFIG_PORT=http\n", "--format=json")
    assert [
        ("malformed-line", "error", ""),
        ("not-a-choice", "error", "CONFIG_INSTALL"),
        ("malformed-line", "error", ""),
        ("refused-value", "error", "CONFIG_PORT"),
    ] == remarks(result)
    assert 1 == result.exit_code
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


SWITCHES = """
from example.installer import processors
from example.installer import validators


def initConfig(controller):
    def option(name, default, **more):
        return {"CONF_NAME": name, "CMD_OPTION": name.lower(), "DEFAULT_VALUE": default, **more}

    def group(name, pre, match, *params, **more):
        controller.addGroup({"GROUP_NAME": name, "PRE_CONDITION": pre,
                             "PRE_CONDITION_MATCH": match, **more}, list(params))

    number = {"VALIDATORS": [validators.validate_integer]}
    group("FIRST", False, True, option("CONFIG_X", "n"), option("CONFIG_CHECK", "n"))
    group("SECOND", "CONFIG_X", "y",
          option("CONFIG_Y", "n"), option("CONFIG_IN_SECOND", "1", **number))
    group("THIRD", "CONFIG_Y", "y", option("CONFIG_Z", "1", **number))
    group("OWN", "CONFIG_BACKUP", "y", option("CONFIG_BACKUP", "y"), option("CONFIG_DIR", "/srv"))
    group("CHECKED", "CONFIG_CHECK", "y", option("CONFIG_ONE", "1"),
          POST_CONDITION="CONFIG_IN_FIFTH", POST_CONDITION_MATCH="yes")
    group("FIFTH", "CONFIG_X", "y",
          option("CONFIG_IN_FIFTH", "yes", PROCESSORS=[processors.process_word]))


def initSequences(controller):
    if controller.CONF["CONFIG_X"] == "y" and controller.CONF["CONFIG_DIR"] == "/":
        raise RuntimeError("no backup of everything")
"""
VALIDATORS = """
class Refused(Exception):
    pass


def validate_integer(param, options=None):
    if not param.isdigit():
        raise Refused("digits only")
"""
PROCESSORS = """
def process_word(param, name, config=None):
    return param.strip().lower()
"""


@pytest.mark.parametrize("version", ["", "15.0.1", "26.0.0"])
def test_the_answer_file_that_is_made_is_taken(version: str, tmp_path: Path) -> None:
    """What the installer computes and what has to be chosen are no answers in it."""
    installer = release(version) if version else BUNDLED
    project = load(installer)
    file = tmp_path / "answers.txt"
    file.write_text(answer_file(Catalogue("", project, Layout("pages"))))
    result = CliRunner().invoke(plugindoc, ["answers", "check", str(file), str(installer)])
    assert [] == [line for line in result.stdout.splitlines() if ": error:" in line]
    assert 0 == result.exit_code


def test_an_installer_s_own_file_is_taken(tmp_path: Path) -> None:
    file = tmp_path / "answers.txt"
    command = [sys.executable, "-m", "source_packstack", "--gen-answer-file", str(file)]
    subprocess.run(command, check=True, cwd=BUNDLED.parent, capture_output=True)
    result = CliRunner().invoke(plugindoc, ["answers", "check", str(file), str(BUNDLED)])
    assert [] == [line for line in result.stdout.splitlines() if ".txt:" in line]
    assert 0 == result.exit_code


@pytest.fixture
def switches(tmp_path: Path) -> Check:
    example = tmp_path / "example"
    for folder in ("plugins", "installer"):
        (example / folder).mkdir(parents=True)
        (example / folder / "__init__.py").touch()
    (example / "__init__.py").touch()
    (example / "plugins" / "switch_100.py").write_text(SWITCHES)
    (example / "installer" / "validators.py").write_text(VALIDATORS)
    (example / "installer" / "processors.py").write_text(PROCESSORS)

    def run(answers: str, *words: str) -> Result:
        (tmp_path / "answers.txt").write_text(f"[general]\n{answers}")
        command = ["answers", "check", str(tmp_path / "answers.txt"), str(example), *words]
        return CliRunner().invoke(plugindoc, command)

    return run


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        # What a pre-condition names is asked although its own group is off.
        ("CONFIG_Y=y\nCONFIG_Z=abc\n", [("refused-value", "CONFIG_Z")]),
        ("CONFIG_X=n\nCONFIG_Y=n\nCONFIG_Z=abc\n", [("not-applicable", "CONFIG_Z")]),
        ("CONFIG_Y=y\nCONFIG_IN_SECOND=abc\n", [("not-applicable", "CONFIG_IN_SECOND")]),
        ("CONFIG_X=y\nCONFIG_IN_SECOND=abc\n", [("refused-value", "CONFIG_IN_SECOND")]),
        # So is one in the group that it opens.
        ("CONFIG_BACKUP=n\n", []),
        ("CONFIG_BACKUP=n\nCONFIG_DIR=/\n", [("not-applicable", "CONFIG_DIR")]),
        # A post-condition's option is asked where the group is.
        ("CONFIG_CHECK=y\nCONFIG_IN_FIFTH= YES \n", []),
        ("CONFIG_CHECK=y\nCONFIG_IN_FIFTH=no\n", [("refused-group", "CHECKED")]),
        ("CONFIG_CHECK=n\nCONFIG_IN_FIFTH=no\n", [("not-applicable", "CONFIG_IN_FIFTH")]),
        # All parts of a refused combination must hold.
        ("CONFIG_X=y\nCONFIG_DIR=/\n", [("refused-combination", "switch_100")]),
        ("CONFIG_X=y\nCONFIG_DIR=/srv\n", []),
        ("CONFIG_DIR=/\n", []),
    ],
)
def test_asked_through_conditions(
    answers: str, expected: list[tuple[str, str]], switches: Check
) -> None:
    found = json.loads(switches(answers, "--format", "json").stdout)["remarks"]
    assert expected == [(each["kind"], each["option"]) for each in found]


def test_a_refusal_quotes_the_validator(switches: Check) -> None:
    output = switches("CONFIG_Y=y\nCONFIG_Z=abc\n").stdout
    assert "CONFIG_Z: 'abc' is refused by validators.validate_integer: digits only" in output


def test_what_cannot_be_followed_is_named(check: Check) -> None:
    found = json.loads(check(SOUND + "CONFIG_PW=PW_PLACEHOLDER\n", "--format", "json").stdout)
    reason = "a password is generated, unless there is a default one"
    expected = {
        "function": "processors.process_password",
        "reason": reason,
        "options": ["CONFIG_PW"],
    }
    assert [expected] == found["unchecked"]


@pytest.mark.parametrize(
    ("declared", "secret"),
    [("True", True), ("False", False), ("None", False), ("ask_somebody()", True)],
)
def test_a_value_that_may_be_secret_is_not_shown(
    declared: str,
    secret: bool,  # noqa: FBT001 - a case
    tmp_path: Path,
) -> None:
    plugins = tmp_path / "example" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "example_100.py").write_text(
        "from packstack.installer import validators\n"
        "def initConfig(controller):\n"
        '    controller.addGroup({"GROUP_NAME": "A", "PRE_CONDITION_MATCH": True}, [\n'
        f'        {{"CONF_NAME": "CONFIG_A", "MASK_INPUT": {declared}, "DEFAULT_VALUE": "1",\n'
        '         "VALIDATORS": [validators.validate_integer]}])\n'
    )
    file = tmp_path / "answers.txt"
    file.write_text("[general]\nCONFIG_A=hunter2\n")
    result = CliRunner().invoke(plugindoc, ["answers", "check", str(file), str(plugins.parent)])
    assert 1 == result.exit_code
    assert secret is ("hunter2" not in result.output)


OLD = """
def initConfig(controller):
    controller.addGroup({"GROUP_NAME": "A", "PRE_CONDITION_MATCH": True}, [
        {"CONF_NAME": "CONFIG_A", "DEPRECATES": ["CONFIG_B", "CONFIG_C"], "DEFAULT_VALUE": "n"}])
    controller.addGroup(
        {"GROUP_NAME": "B", "PRE_CONDITION": "CONFIG_A", "PRE_CONDITION_MATCH": "y"},
        [{"CONF_NAME": "CONFIG_D", "DEFAULT_VALUE": "n"}])
"""


@pytest.mark.parametrize(
    ("answers", "kinds"),
    [
        ("CONFIG_B=\nCONFIG_C=y\nCONFIG_D=1\n", ["deprecated-option", "deprecated-option"]),
        ("CONFIG_B=\nCONFIG_D=1\n", ["deprecated-option", "not-applicable"]),
        ("CONFIG_B=y\nCONFIG_C=n\n", ["deprecated-option"] * 3),
    ],
)
def test_answers_under_old_names(answers: str, kinds: list[str], tmp_path: Path) -> None:
    plugins = tmp_path / "example" / "plugins"
    plugins.mkdir(parents=True)
    (plugins / "example_100.py").write_text(OLD)
    file = tmp_path / "answers.txt"
    file.write_text(f"[general]\n{answers}")
    command = ["answers", "check", str(file), str(plugins.parent), "--format", "json"]
    result = CliRunner().invoke(plugindoc, command)
    assert kinds == [each["kind"] for each in json.loads(result.stdout)["remarks"]]
    assert int("CONFIG_C=n" in answers) == result.exit_code
