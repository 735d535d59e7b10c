"""``plugindoc why``: why something is so or not, and the smallest change that makes it so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeAlias

import jsonschema
import pytest
from click.testing import CliRunner, Result

from plugindoc.answers import search as answers_search
from plugindoc.commands.main import plugindoc
from tests.trees import write_tree

PLUGIN = """
import distro

from packstack.installer import validators


def initConfig(controller):
    def option(name, default, **more):
        return {"CONF_NAME": name, "DEFAULT_VALUE": default, **more}

    def group(name, condition, match, *params):
        controller.addGroup({"GROUP_NAME": name, "PRE_CONDITION": condition,
                             "PRE_CONDITION_MATCH": match}, list(params))

    choice = {"OPTION_LIST": ["y", "n"], "VALIDATORS": [validators.validate_options]}
    group("GLOBAL", False, True,
          option("CONFIG_A", "n", **choice), option("CONFIG_B", "y", **choice),
          option("CONFIG_C", "n", **choice), option("CONFIG_LIST", "one"),
          option("CONFIG_COMPUTED", distro.id()),
          option("CONFIG_URL", "http://a.b/c.img", VALIDATORS=[not_value]),
          option("CONFIG_SWITCH", "n", OPTION_LIST=["y", "n"], PROCESSORS=[to_truth]),
          option("CONFIG_COLOUR", "red", OPTION_LIST=["red", "green", "blue"],
                 VALIDATORS=[validators.validate_options]),
          option("CONFIG_OTHER_COLOUR", "red", OPTION_LIST=["red"]))
    group("REDS", "CONFIG_COLOUR", "red", option("CONFIG_RED_SHADE", "dark"))
    group("SHADES", lambda config: distro.id() == "x", True, option("CONFIG_SHADE", "x"))
    group("TINTS", lambda config: distro.id() == "x" and config["CONFIG_SHADE"] == "y", True,
          option("CONFIG_TINT", "x"))
    group("IMAGES", lambda config: config["CONFIG_URL"] != "http://a.b/c.img", True,
          option("CONFIG_IMAGE", "x"))
    group("BLUES", "CONFIG_COLOUR", "blue", option("CONFIG_BLUE_SHADE", ""))
    group("BOTH", lambda config: config["CONFIG_A"] == "y" and "two" in config["CONFIG_LIST"], True,
          option("CONFIG_BOTH", "1"))
    group("LOST", False, "yes", option("CONFIG_ABSENT", "1"))
    group("NEVER", "CONFIG_A", "yes", option("CONFIG_NEVER", "1"))
    group("SECRET", "CONFIG_A", "y",
          option("CONFIG_PW", "", MASK_INPUT=True, VALIDATORS=[validators.validate_not_empty]))


def not_value(param, options=None):
    if not param or param == "value":
        raise ValueError("no")


def to_truth(param, name, config=None):
    return param == "y"


def initSequences(controller):
    config = controller.CONF
    if config["CONFIG_C"] == "y" and config["CONFIG_B"] != "n":
        raise RuntimeError("c and b exclude each other")
    steps = [{"title": "First", "functions": [first]}]
    if config["CONFIG_C"] == "y":
        steps.append({"title": "Second", "functions": [first]})
    if config["CONFIG_A"] == "y" or config["CONFIG_B"] == "n":
        steps.append({"title": "Third", "functions": [first]})
    if config["CONFIG_COLOUR"] == "blue":
        steps.append({"title": "Blue", "functions": [first]})
        config["CONFIG_LIST"] = "forced"
    config["CONFIG_KINDS"] = [one.strip() for one in config["CONFIG_LIST"].split(",")]
    steps.append({"title": "Manifests", "functions": [apply]})
    controller.addSequence("All", [], [], steps)


def first(config, messages):
    pass


def apply(config, messages):
    config["CONFIG_LATE"] = "y"
    manifestdata = getManifestTemplate("site")
    appendManifestFile("%s_site.pp" % config["CONFIG_HOST"], manifestdata)
"""
MANIFEST = """
$kinds = lookup('CONFIG_KINDS', { merge => 'unique' })
case $kinds[0] {
  'one': { include 'example::one' }
  'two': { include 'example::two' }
  default: { include 'example::other' }
}
if lookup('CONFIG_LIST') == 'one' { include 'example::plain' }
if lookup('CONFIG_LATE') == 'y' { include 'example::late' }
"""
CLASSES = ("one", "two", "other", "plain", "late")

Why: TypeAlias = Callable[..., Result]


@pytest.fixture
def why(tmp_path: Path) -> Why:
    classes = {
        f"puppet/modules/example/manifests/{name}.pp": f"class example::{name} {{ }}\n"
        for name in CLASSES
    }
    files = {"plugins/example_100.py": PLUGIN, "puppet/templates/site.pp": MANIFEST, **classes}
    root = write_tree(tmp_path / "example", files)

    def run(name: str, *words: str, answers: str | None = None) -> Result:
        command = ["why", name, str(root), *words]
        if answers is not None:
            (tmp_path / "answers.txt").write_text(f"[general]\n{answers}")
            command += ["--answers", str(tmp_path / "answers.txt")]
        return CliRunner().invoke(plugindoc, command)

    return run


def explained(result: Result) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result.stdout)
    schema = CliRunner().invoke(plugindoc, ["why", "--schema"]).stdout
    jsonschema.validate(found, json.loads(schema))
    assert 0 == result.exit_code
    return found


def ways(found: dict[str, Any]) -> list[dict[str, str | None]]:
    return [{one["option"]: one["value"] for one in changes} for changes in found["proposals"]]


@pytest.mark.parametrize(
    ("name", "answers", "kind", "holds", "proposals"),
    [
        ("CONFIG_A", None, "option", True, []),
        ("config_a", None, "option", True, []),
        ("CONFIG_BOTH", "CONFIG_A=y\nCONFIG_PW=x\nCONFIG_LIST=two\n", "option", True, []),
        (
            *("CONFIG_BOTH", "CONFIG_A=y\nCONFIG_PW=x\n", "option", False),
            [{"CONFIG_LIST": "two"}, {"CONFIG_LIST": "one,two"}],
        ),
        ("SECRET", None, "group", False, [{"CONFIG_A": "y", "CONFIG_PW": None}]),
        ("First", None, "step", True, []),
        # What the change would be refused for has to be changed as well.
        ("Second", None, "step", False, [{"CONFIG_C": "y", "CONFIG_B": "n"}]),
        # One change is smaller than a change that asks for a password.
        ("Third", None, "step", False, [{"CONFIG_B": "n"}]),
        ("All", None, "sequence", True, []),
        ("c and b exclude each other", None, "refusal", False, [{"CONFIG_C": "y"}]),
        ("c and b exclude each other", "CONFIG_C=y\n", "refusal", True, []),
        ("CONFIG_COLOUR=red", None, "answer", True, []),
        ("config_colour=blue", None, "answer", False, [{"CONFIG_COLOUR": "blue"}]),
        ("green", None, "answer", False, [{"CONFIG_COLOUR": "green"}]),  # one option has it
        ("example_100", None, "plugin", True, []),
        # What a processor makes of an answer does not matter.
        ("CONFIG_SWITCH=y", None, "answer", False, [{"CONFIG_SWITCH": "y"}]),
        ("CONFIG_SWITCH=n", None, "answer", True, []),
        # The only other value that is named is not accepted: one of the same shape is.
        ("IMAGES", None, "group", False, [{"CONFIG_URL": "https://example.org/example"}]),
        # A default that is not known is no reason not to tell which answer is.
        ("CONFIG_COMPUTED=x", None, "answer", None, [{"CONFIG_COMPUTED": "x"}]),
        # What the hook makes of an answer is what a manifest looks up.
        ("example::plain", None, "template", True, []),
        (
            *("example::plain", "CONFIG_COLOUR=blue\n", "template", False),
            [{"CONFIG_COLOUR": "red"}, {"CONFIG_COLOUR": "green"}],
        ),
        ("example::one", None, "template", True, []),
        ("example::two", None, "template", False, [{"CONFIG_LIST": "two"}]),
        (
            *("example::other", None, "template", False),
            [{"CONFIG_LIST": ""}, {"CONFIG_COLOUR": "blue"}],
        ),
        ("example::late", None, "template", None, []),
    ],
)
def test_the_smallest_changes(
    name: str,
    answers: str | None,
    kind: str,
    holds: bool | None,  # noqa: FBT001 - a case
    proposals: list[dict[str, str | None]],
    why: Why,
) -> None:
    found = explained(why(name, "--format", "json", answers=answers))
    assert (kind, holds) == (found["kind"], found["holds"])
    assert proposals == ways(found)


def test_what_can_never_be_says_why(why: Why) -> None:
    found = explained(why("CONFIG_NEVER", "--format", "json"))
    assert (False, True, []) == (found["holds"], found["never"], found["proposals"])
    assert "CONFIG_A is never yes: it is none of y, n" == found["reason"]
    assert "It is never asked: CONFIG_A is never yes" in why("NEVER").stdout


def test_the_text(why: Why) -> None:
    output = why("CONFIG_BOTH", answers="CONFIG_A=y\nCONFIG_PW=hunter2\n").stdout
    assert "CONFIG_BOTH is not asked." in output
    assert "It is asked when CONFIG_A is y and CONFIG_LIST contains two." in output
    assert "CONFIG_A is y (your answer)\n  CONFIG_LIST is one (default)\n" in output
    assert "To change this, set one of:\n  CONFIG_LIST=two\n" in output
    assert "CONFIG_PW=… (choose a secret)" in why("SECRET").stdout
    assert "hunter2" not in output


def test_a_name_that_is_not_there(why: Why) -> None:
    result = why("CONFIG_LSIT")
    assert 2 == result.exit_code
    assert "is named CONFIG_LSIT. Did you mean CONFIG_LIST?" in result.stderr
    for name in ("", " ", "x"):
        assert "Use `plugindoc list` to search." in why(name).stderr
    result = why("CONFIG_L")
    assert "is named CONFIG_L. Did you mean CONFIG_LIST?" in result.stderr
    result = why("red")
    assert "Did you mean CONFIG_COLOUR=red or CONFIG_OTHER_COLOUR=red?" in result.stderr
    assert 2 == CliRunner().invoke(plugindoc, ["why"]).exit_code


def test_what_an_answer_enables_and_what_is_asked_instead(why: Why) -> None:
    found = explained(why("CONFIG_COLOUR=blue", "--format", "json"))
    assert [
        {"kind": "option", "name": "CONFIG_BLUE_SHADE"},
        {"kind": "step", "name": "Blue"},
    ] == found["enables"]
    assert ["CONFIG_RED_SHADE"] == explained(why("CONFIG_BLUE_SHADE", "--format", "json"))[
        "instead"
    ]
    assert "Instead, CONFIG_RED_SHADE is asked." in why("CONFIG_BLUE_SHADE").stdout
    assert "To be sure, set:\n  CONFIG_COMPUTED=x\n" in why("CONFIG_COMPUTED=x").stdout
    output = why("CONFIG_COLOUR").stdout
    assert "use `plugindoc why CONFIG_COLOUR=blue`" in output


def test_a_value_that_a_plugin_changes_is_told_with_what_it_becomes(why: Why) -> None:
    output = why("example::plain", answers="CONFIG_COLOUR=blue\n").stdout
    assert "CONFIG_LIST is one (default), and example_100 sets it to forced" in output


def test_what_a_step_sets_is_not_known(why: Why) -> None:
    output = why("example::late").stdout
    assert "CONFIG_LATE is set during the run, by step example_100/Manifests." in output
    result = why("CONFIG_LATE")
    assert 2 == result.exit_code
    assert "use `plugindoc show CONFIG_LATE`" in result.stderr


def test_what_hangs_on_the_machine_says_so_once(why: Why) -> None:
    output = why("SHADES").stdout
    assert 'Whether distro.id() == "x" is only known during the run.' in output
    output = why("CONFIG_TINT").stdout
    assert "CONFIG_SHADE is perhaps asked" in output
    assert "Whether CONFIG_SHADE is asked is not known" in output
    assert 1 == output.count('distro.id() == "x" is only known')


def test_a_secret_is_not_repeated(why: Why) -> None:
    result = why("CONFIG_PW=hunter2")
    assert 0 == result.exit_code
    assert "hunter2" not in result.output


def test_a_search_that_is_given_up_says_so(why: Why, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(answers_search, "_MOST_STEPS", 0)
    found = explained(why("example/two", "--format", "json"))
    assert (False, []) == (found["never"], ways(found))
    assert "the search for changes was given up: there are too many to try" == found["reason"]


def test_what_can_never_be_has_no_condition(why: Why) -> None:
    assert [
        "CONFIG_ABSENT is not asked.",
        "",
        "It is never asked: its condition contradicts itself.",
    ] == why("CONFIG_ABSENT").stdout.splitlines()[:3]
