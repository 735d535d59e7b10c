"""``plugindoc answers plan``: what an answer file will do, with reasons for what is not known."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema
import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.main import plugindoc
from tests.trees import write_tree
from tests.upstream import release

PLUGIN = """
import socket
from packstack.installer import processors, utils, validators
from packstack.modules.documentation import update_params_usage
from packstack.modules.shortcuts import get_manifest_template


def initConfig(controller):
    def option(name, default, **more):
        return {"CONF_NAME": name, "DEFAULT_VALUE": default, **more}

    def group(name, condition, match, *params, **more):
        controller.addGroup({"GROUP_NAME": name, "PRE_CONDITION": condition,
                             "PRE_CONDITION_MATCH": match, **more}, list(params))

    group("GLOBAL", False, True,
          option("CONFIG_INSTALL", "y", OPTION_LIST=["y", "n"],
                 VALIDATORS=[validators.validate_options]),
          option("CONFIG_HOST", socket.gethostname()),
          option("CONFIG_PW", "", MASK_INPUT=True, VALIDATORS=[validators.validate_not_empty]),
          option("CONFIG_LEVEL", "1", VALIDATORS=[validators.validate_integer]),
          option("CONFIG_HOSTS", "192.0.2.1", VALIDATORS=[validators.validate_multi_ssh]))
    group("EXTRA", "CONFIG_INSTALL", "y", option("CONFIG_MODE", "fast"))
    group("NEEDY", lambda config: config["CONFIG_MODE"], "needy", option("CONFIG_NEEDY", "1"))
    group("NAMED", lambda config: config["CONFIG_HOST"] == "192.0.2.9", True,
          option("CONFIG_NAMED", "1"))


def initSequences(controller):
    config = controller.CONF
    if config["CONFIG_INSTALL"] != "y":
        return
    if config["CONFIG_MODE"] == "none" and config["CONFIG_LEVEL"] == "9":
        raise RuntimeError("no such level")
    steps = [{"title": "Preparing", "functions": [prepare]}]
    if config["CONFIG_MODE"] == "fast":
        steps.append({"title": "Speeding up", "functions": [speed]})
    if config["CONFIG_HOST"] == "192.0.2.9":
        steps.append({"title": "Renaming", "functions": [rename]})
    controller.addSequence("Installing", [], [], steps)
    resting = [{"title": "Resting", "functions": [rest]}]
    controller.addSequence("Last", "CONFIG_MODE", "slow", resting)


def prepare(config, messages):
    config["CONFIG_URL"] = "http://%s" % config["CONFIG_HOST"]
    if config["CONFIG_HOST"] == "192.0.2.9":
        config["CONFIG_NINE"] = "y"


def speed(config, messages):
    for host in utils.split_hosts(config["CONFIG_HOSTS"]):
        server = utils.ScriptRunner(host)
        server.append("echo fast")
        server.execute()


def rename(config, messages):
    pass


def rest(config, messages):
    pass
"""
SOUND = "CONFIG_PW=hunter2\nCONFIG_HOST=192.0.2.7\n"

Plan: TypeAlias = Callable[..., Result]


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    root = write_tree(tmp_path / "example", {"plugins/example_100.py": PLUGIN})

    def run(answers: str, *words: str, against: str | None = None) -> Result:
        file, other = tmp_path / "answers.txt", tmp_path / "other.txt"
        file.write_text(f"[general]\n{answers}")
        command = ["answers", "plan", str(file), str(root), *words]
        if against is not None:
            other.write_text(f"[general]\n{against}")
            command += ["--against", str(other)]
        return CliRunner().invoke(plugindoc, command)

    return run


@pytest.fixture
def data(plan: Plan) -> Callable[[str], dict[str, Any]]:
    def run(answers: str) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(plan(answers, "--format", "json").stdout)
        schema = CliRunner().invoke(plugindoc, ["answers", "plan", "--schema"]).stdout
        jsonschema.validate(found, json.loads(schema))
        return found

    return run


Data: TypeAlias = Callable[[str], dict[str, Any]]


def named(found: list[dict[str, Any]], key: str, name: str) -> dict[str, Any]:
    (one,) = (each for each in found if each[key] == name)
    return one


def test_an_accepted_file_runs_in_order(data: Data) -> None:
    found = data(SOUND)
    assert (1, "accepted") == (found["version"], found["outcome"])
    assert {"GLOBAL": True, "EXTRA": True, "NEEDY": False, "NAMED": False} == {
        group["name"]: group["asked"] for group in found["groups"]
    }
    installing, last = found["sequences"]
    assert ("Installing", "example_100", True) == (
        installing["title"],
        installing["plugin"],
        installing["runs"],
    )
    assert [("Preparing", True), ("Speeding up", True), ("Renaming", False)] == [
        (step["title"], step["runs"]) for step in installing["steps"]
    ]
    assert ["CONFIG_URL"] == installing["steps"][0]["sets"]
    assert (["192.0.2.1"], ["echo fast"]) == (
        installing["steps"][1]["hosts"],
        installing["steps"][1]["commands"],
    )
    assert ("Last", False) == (last["title"], last["runs"])


def test_what_runs_on_each_host(data: Data) -> None:
    answers = SOUND + "CONFIG_HOSTS=192.0.2.3,192.0.2.4\n"
    speeding_up = {
        "title": "Speeding up",
        "plugin": "example_100",
        "runs": True,
        "templates": [],
        "commands": ["echo fast"],
    }
    assert [
        {"name": name, "options": ["CONFIG_HOSTS"], "steps": [speeding_up]}
        for name in ("192.0.2.3", "192.0.2.4")
    ] == data(answers)["hosts"]


@pytest.mark.parametrize(
    "replacing",
    [
        'config["CONFIG_HOSTS"] = "192.0.2.99"',
        'config["CONFIG_%sS" % config["CONFIG_KIND"]] = "192.0.2.99"',
    ],
    ids=["by name", "by a pattern"],
)
def test_hosts_that_a_step_may_replace_are_not_claimed(
    replacing: str, data: Data, tmp_path: Path
) -> None:
    file = tmp_path / "example" / "plugins" / "example_100.py"
    file.write_text(file.read_text().replace("messages):\n", f"messages):\n    {replacing}\n", 1))
    found = data(SOUND)
    [speeding_up] = [
        step
        for sequence in found["sequences"]
        for step in sequence["steps"]
        if step["title"] == "Speeding up"
    ]
    assert ["⟨each host of CONFIG_HOSTS⟩"] == speeding_up["hosts"]
    assert ["⟨each host of CONFIG_HOSTS⟩"] == [host["name"] for host in found["hosts"]]


def test_a_derived_key_that_a_hook_and_a_step_set_is_not_known(data: Data, tmp_path: Path) -> None:
    file = tmp_path / "example" / "plugins" / "example_100.py"
    text = file.read_text()
    text = text.replace("CONF\n", 'CONF\n    config["CONFIG_WAY"] = "long"\n', 1)
    text = text.replace("messages):\n", 'messages):\n    config["CONFIG_WAY"] = "short"\n', 1)
    running = 'if config["CONFIG_WAY"] == "long":\n            server.append("echo fast")'
    file.write_text(text.replace('server.append("echo fast")', running, 1))
    [host] = data(SOUND)["hosts"]
    assert ([], {"commands": ["echo fast"]}) == (
        host["steps"][0]["commands"],
        host["steps"][0]["perhaps"],
    )


def test_an_answer_that_a_hook_replaces(plan: Plan, data: Data, tmp_path: Path) -> None:
    file = tmp_path / "example" / "plugins" / "example_100.py"
    hook = 'config = controller.CONF\n    if config["CONFIG_LEVEL"] == "7":'
    replacing = f'{hook}\n        config["CONFIG_MODE"] = "none"'
    file.write_text(file.read_text().replace("config = controller.CONF", replacing, 1))
    assert "replaced" not in named(data(SOUND)["answers"], "option", "CONFIG_MODE")
    found = named(data(SOUND + "CONFIG_LEVEL=7\n")["answers"], "option", "CONFIG_MODE")
    assert ("none", "example_100") == (found["replaced"]["value"], found["replaced"]["plugin"])
    assert "CONFIG_MODE: fast; replaced with none by example_100 (plugins/example_100.py:" in (
        plan(SOUND + "CONFIG_LEVEL=7\n").stdout
    )


def test_where_each_value_comes_from(data: Data) -> None:
    answers = data(SOUND + "CONFIG_LEVEL=3\nCONFIG_NEEDY=2\nCONFIG_OTHER=hunter2\n")["answers"]
    expected = {
        "CONFIG_OTHER": (None, "file", False),
        "CONFIG_INSTALL": ("y", "default", True),
        "CONFIG_HOST": ("192.0.2.7", "file", True),
        "CONFIG_PW": (None, "file", True),
        "CONFIG_LEVEL": ("3", "file", True),
        "CONFIG_HOSTS": ("192.0.2.1", "default", True),
        "CONFIG_MODE": ("fast", "default", True),
        "CONFIG_NEEDY": ("2", "file", False),
        "CONFIG_NAMED": ("1", "default", False),
    }
    assert expected == {
        one["option"]: (one["value"], one["source"], one["effect"]) for one in answers
    }
    assert named(answers, "option", "CONFIG_PW")["secret"]
    assert "CONFIG_MODE is needy" in named(answers, "option", "CONFIG_NEEDY")["reason"]
    assert named(answers, "option", "CONFIG_HOSTS")["unchecked"].startswith(
        "validators.validate_multi_ssh"
    )


def test_what_depends_on_a_computed_value_is_not_known(data: Data) -> None:
    found = data("CONFIG_PW=x\n")
    assert "unknown" == found["outcome"]
    host = named(found["answers"], "option", "CONFIG_HOST")
    assert (None, "computed", True) == (host["value"], host["source"], host["effect"])
    group = named(found["groups"], "name", "NAMED")
    assert (None, ["CONFIG_HOST"]) == (group["asked"], group["depends_on"])
    assert "CONFIG_HOST" in group["reason"]
    renaming = named(found["sequences"][0]["steps"], "title", "Renaming")
    assert (None, ["CONFIG_HOST"]) == (renaming["runs"], renaming["depends_on"])
    preparing = named(found["sequences"][0]["steps"], "title", "Preparing")
    assert {"sets": ["CONFIG_NINE"]} == preparing["perhaps"]


@pytest.mark.parametrize(
    ("answers", "messages"),
    [
        (f"{SOUND}CONFIG_LEVEL=9\nCONFIG_MODE=none\n", ["no such level"]),
        (
            f"{SOUND}CONFIG_LEVEL=x\n",
            ["CONFIG_LEVEL: 'x' is refused by validators.validate_integer: is no integer"],
        ),
        (f"{SOUND}CONFIG_INSTALL=x\n", ["CONFIG_INSTALL: 'x' is none of y, n"]),
        (
            "CONFIG_HOST=192.0.2.7\n",
            ["CONFIG_PW: the value is refused by validators.validate_not_empty"],
        ),
        (f"{SOUND}hunter2\n", ["neither NAME=VALUE nor a comment"]),
        (f"{SOUND}CONFIG_PW=1\n", ["CONFIG_PW is answered twice"]),
        (
            f"{SOUND}CONFIG_INSTALL=n\n",
            ["the condition of group NEEDY reads CONFIG_MODE, which is not asked"],
        ),
    ],
)
def test_what_is_refused(answers: str, messages: list[str], plan: Plan) -> None:
    result = plan(answers, "--format", "json")
    found = json.loads(result.stdout)
    assert 1 == result.exit_code
    assert "refused" == found["outcome"]
    assert messages == [each["message"] for each in found["refusals"] if each["applies"]]
    assert "hunter2" not in result.output


def test_an_installer_that_refuses_unknown_names(tmp_path: Path) -> None:
    root = write_tree(tmp_path, {"example/plugins/example_100.py": PLUGIN}) / "example"
    settings = "[tool.plugindoc.protocol]\nrefuses-unknown = true\n"
    (tmp_path / "pyproject.toml").write_text(settings)
    file = tmp_path / "answers.txt"
    file.write_text(f"[general]\n{SOUND}CONFIG_OTHER=1\n")
    result = CliRunner().invoke(plugindoc, ["answers", "plan", str(file), str(root)])
    assert 1 == result.exit_code
    assert "CONFIG_OTHER is not an option of this installer" in result.stdout


def test_a_combination_that_does_not_apply_is_listed(data: Data) -> None:
    refusal = named(data(SOUND)["refusals"], "message", "no such level")
    assert False is refusal["applies"]
    assert "plugins/example_100.py" == refusal["location"]["path"]


@pytest.mark.parametrize(
    ("answers", "words", "status"),
    [
        (SOUND, [], 0),
        (SOUND, ["--strict"], 1),  # nobody knows whether its hosts can be reached
        ("CONFIG_PW=x\n", [], 0),
        ("CONFIG_PW=x\n", ["--strict"], 1),
        (SOUND + "CONFIG_LEVEL=x\n", [], 1),
    ],
)
def test_the_exit_status(answers: str, words: list[str], status: int, plan: Plan) -> None:
    assert status == plan(answers, *words).exit_code


def test_strict_lists_what_is_not_known(plan: Plan) -> None:
    found = plan("CONFIG_PW=x\n", "--strict")
    assert "Not known: whether group NAMED is asked\n" in found.stderr
    assert "Not known: whether the step Renaming runs\n" in found.stderr
    assert "" == plan("CONFIG_PW=x\n").stderr


def test_a_plan_that_cannot_be_made(tmp_path: Path) -> None:
    file = tmp_path / "answers.txt"
    assert 2 == CliRunner().invoke(plugindoc, ["answers", "plan"]).exit_code
    assert 2 == CliRunner().invoke(plugindoc, ["answers", "plan", str(file)]).exit_code
    file.write_text("[general]\n")
    command = ["answers", "plan", str(file), str(tmp_path / "nowhere")]
    assert 2 == CliRunner().invoke(plugindoc, command).exit_code


@pytest.mark.parametrize("form", ["text", "markdown"])
def test_the_outline(form: str, plan: Plan) -> None:
    output = plan(SOUND + "CONFIG_NEEDY=2\n", "--format", form).stdout.replace("\\", "")
    for line in (
        "The installer accepts these answers.",
        "asked: GLOBAL, EXTRA",
        "CONFIG_HOST: 192.0.2.7",
        "CONFIG_PW: (secret)",
        "CONFIG_NEEDY: it applies when CONFIG_MODE is needy",
        "CONFIG_MODE: fast",
        "Installing (example_100)",
        "hosts: 192.0.2.1",
        "runs: echo fast",
        "Last (example_100)",
    ):
        assert line in output
    assert "hunter2" not in output
    assert ("## Run" in output) is ("markdown" == form)


def test_what_another_file_changes(plan: Plan) -> None:
    result = plan(f"{SOUND}CONFIG_MODE=slow\n", "--format", "json", against=SOUND)
    found = json.loads(result.stdout)
    assert ("accepted", "accepted") == (found["before"], found["after"])
    changes = {
        (each["kind"], each["name"]): (each["before"], each["after"]) for each in found["changes"]
    }
    assert {
        ("answers", "CONFIG_MODE"): ("fast", "slow"),
        ("steps", "example_100: Speeding up"): ("run", "not run"),
        ("hosts", "example_100: Speeding up"): ("192.0.2.1", "none"),
        ("commands", "example_100: Speeding up"): ("echo fast", "none"),
        ("sequences", "example_100: Last"): ("not run", "run"),
        ("steps", "example_100: Resting"): ("not run", "run"),
    } == changes
    output = plan(f"{SOUND}CONFIG_MODE=slow\n", against=SOUND).stdout
    assert "CONFIG_MODE: fast before, slow after" in output
    assert "Nothing else changes." in plan(SOUND, against=SOUND).stdout


def test_an_export_takes_the_place_of_a_tree(tmp_path: Path) -> None:
    def run(*words: object) -> Result:
        return CliRunner().invoke(plugindoc, [str(word) for word in words])

    root = write_tree(tmp_path / "example", {"plugins/example_100.py": PLUGIN})
    answers, export = tmp_path / "answers.txt", tmp_path / "example.json"
    answers.write_text(f"[general]\n{SOUND}CONFIG_LEVEL=nine\n")
    export.write_text(run("export", root).stdout)
    for command in ("check", "plan"):
        from_tree = run("answers", command, answers, root)
        assert (1, from_tree.stdout) == (
            (found := run("answers", command, answers, export)).exit_code,
            found.stdout,
        )


@pytest.mark.parametrize("content", ["[]", "{", '{"schema_version": 99}'])
def test_a_file_that_is_no_export_is_one_line(tmp_path: Path, content: str) -> None:
    answers, export = tmp_path / "answers.txt", tmp_path / "example.json"
    answers.write_text(f"[general]\n{SOUND}")
    export.write_text(content)
    result = CliRunner().invoke(plugindoc, ["answers", "plan", str(answers), str(export)])
    assert (2, 1) == (result.exit_code, len(result.stderr.splitlines()))
    assert f"Error: {export}: " in result.stderr


def test_what_hooks_make_of_answers_decides_which_templates_are_applied(tmp_path: Path) -> None:
    """Only what a step sets is not known before the run."""
    (tmp_path / "answers.txt").write_text("[general]\n")
    words = ["answers", "plan", str(tmp_path / "answers.txt"), str(release("26.0.0"))]
    plan = json.loads(CliRunner().invoke(plugindoc, [*words, "--format", "json"]).stdout)
    steps = [step for sequence in plan["sequences"] for step in sequence["steps"]]
    perhaps = {name for step in steps for name in step.get("perhaps", {}).get("templates", ())}
    assert {"packstack/neutron/ovs_bridge", "packstack/swift/fs"} == perhaps
    applied = {name for step in steps if step["runs"] for name in step["templates"]}
    assert "packstack/cinder/backend/lvm" in applied
    assert "packstack/neutron/metering" not in applied
