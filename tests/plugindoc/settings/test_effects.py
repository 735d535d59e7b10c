"""Every setting of the protocol does what it says, and what cannot be used is one clear line."""

import re
from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

import plugindoc
from plugindoc.commands.main import plugindoc as command
from plugindoc.model.patterns import pattern_trouble
from plugindoc.protocol import GroupKeys, OptionKeys, Protocol
from tests.trees import write_tree

PACKAGE = Path(plugindoc.__file__).parent
PLUGIN = """
from engine import appendManifestFile, getManifestTemplate


def initConfig(controller):
    params = [{"CONF_NAME": "CONFIG_PORT", "CMD_OPTION": "port", "USAGE": "Port.",
               "PROMPT": "Port", "DEFAULT_VALUE": "80"}]
    controller.addGroup({"GROUP_NAME": "DEMO", "PRE_CONDITION_MATCH": True}, params)


def initSequences(controller):
    controller.addSequence("Doing", [], [], [{"title": "Do it", "functions": [do]}])


def do(config, messages):
    appendManifestFile("x.pp", getManifestTemplate("web"))
"""
ENGINE = """
class Controller:
    def addGroup(self, group, params): ...


def getManifestTemplate(name): ...
def appendManifestFile(name, text): ...
"""


def run(folder: Path, settings: str, *words: str) -> Result:
    files = {
        "inst/plugins/demo_100.py": PLUGIN,
        "inst/engine.py": ENGINE,
        "inst/pp/web.pp": "$p = conf('CONFIG_PORT')",
        "inst/pp/a.rb": "",
        "pyproject.toml": f"[tool.plugindoc.protocol]\n{settings}\n",
    }
    write_tree(folder, files)
    return CliRunner().invoke(command, [*words, str(folder / "inst")])


def fields(table: type[msgspec.Struct]) -> list[str]:
    found: list[str] = []
    for field in msgspec.structs.fields(table):
        inner = field.type
        if inner in (OptionKeys, GroupKeys):  # read as a whole: all keys that a dict may have
            continue
        is_table = isinstance(inner, type) and issubclass(inner, msgspec.Struct)
        found += fields(inner) if is_table else [field.name]
    return found


@pytest.mark.parametrize("name", fields(Protocol))
def test_every_field_of_the_protocol_is_read(name: str) -> None:
    texts = [path.read_text() for path in PACKAGE.rglob("*.py") if path != PACKAGE / "protocol.py"]
    assert any(re.search(rf"\.{name}\b", text) for text in texts)


def test_names_of_templates_are_relative_to_their_folder(tmp_path: Path) -> None:
    assert "PD501" in run(tmp_path, "", "check").stdout
    settings = '[tool.plugindoc.protocol.steps]\ntemplates-folder = "pp"'
    assert "PD501" not in run(tmp_path, settings, "check").stdout


def test_look_ups_go_by_the_names_of_the_settings(tmp_path: Path) -> None:
    steps = '[tool.plugindoc.protocol.steps]\ntemplates-folder = "pp"\n'
    shown = ("show", "--where", "CONFIG_PORT")
    assert "reads CONFIG_PORT" not in run(tmp_path, steps, *shown).stdout
    assert "reads CONFIG_PORT" in run(tmp_path, f'{steps}lookups = ["conf"]', *shown).stdout


@pytest.mark.parametrize("setting", ["steps.resources-key", "methods.get-plugin"])
def test_a_setting_that_had_no_effect_says_so(tmp_path: Path, setting: str) -> None:
    result = run(tmp_path, f'{setting} = "x"', "check")
    assert 2 == result.exit_code
    assert f"tool.plugindoc.protocol.{setting} is no setting any more" in result.stderr


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ('order-pattern = ""', "order-pattern: '' has no group in parentheses"),
        ('order-pattern = "("', "order-pattern: '(' is no regular expression: missing )"),
        ('plugin-pattern = "x"', "plugin-pattern: 'x' has no group in parentheses"),
        ('plugin-pattern = "^((a+)+)$"', "plugin-pattern: '^((a+)+)$' repeats a group"),
        ('plugins-folder = "../x"', "plugins-folder: '../x' is no path inside the tree"),
        ('plugins-folder = ""', "plugins-folder: '' is no path inside the tree"),
        ('import-folders = ["/etc"]', "import-folders: '/etc' is no path inside the tree"),
        (
            '[tool.plugindoc.protocol.usage]\ndocuments = ["share/../../x"]',
            "usage.documents: 'share/../../x' is no path inside the tree",
        ),
    ],
)
def test_what_cannot_be_used_is_one_line(tmp_path: Path, settings: str, says: str) -> None:
    result = run(tmp_path, settings, "check")
    assert 2 == result.exit_code
    assert says in result.stderr
    assert 1 == result.stderr.count("\n")


@pytest.mark.parametrize(
    ("pattern", "is_good"),
    [
        (r"^(.+_\d\d\d)\.py$", True),
        (r".+_(\d\d\d)", True),
        (r"^(?:[a-z]+_)?(\w+?)_(\d{3})\.py$", True),
        (r"([(|*+]{2})x", True),
        (r"(a|b)_\d+", True),
        (r"(a|a)*b", False),
        (r"(?:a?){30}", False),
        (r"(x)" + "a?" * 30, False),
        (r"(a*)*", False),
        (r"(a+)+?", False),
        ("(" + "a" * 300 + ")", False),
    ],
)
def test_patterns_are_simple(pattern: str, *, is_good: bool) -> None:
    assert is_good == (not pattern_trouble(pattern))
