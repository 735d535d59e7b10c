"""A repository of add-on plugins, with and without the installer that they add to."""

from pathlib import Path

import msgspec
import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.main import plugindoc
from plugindoc.loading import LoadError, load, read
from plugindoc.model.bases import is_outside
from plugindoc.model.export import encode
from plugindoc.model.project import Project
from plugindoc.model.values import words
from tests.trees import write_tree

CONTROLLER = "class Controller:\n    def addGroup(self, group, params):\n        pass\n"
UTILS = """
def storage_of(config):
    return config["CONFIG_STORAGE_HOST"]


def execute(cmd):
    pass
"""
HELPERS = """
def getManifestTemplate(name):
    pass


def appendManifestFile(name, text):
    pass
"""
BASE = '''
from stack.installer import utils


def initConfig(controller):
    params = [
        {"CONF_NAME": "CONFIG_CINDER", "CMD_OPTION": "cinder", "USAGE": "Install Cinder?",
         "PROMPT": "Cinder", "DEFAULT_VALUE": "y"},
        {"CONF_NAME": "CONFIG_STORAGE_HOST", "CMD_OPTION": "storage-host", "USAGE": "Host.",
         "PROMPT": "Host", "DEFAULT_VALUE": "192.0.2.1"},
    ]
    group = {"GROUP_NAME": "CINDER", "DESCRIPTION": "Cinder", "PRE_CONDITION_MATCH": True}
    controller.addGroup(group, params)


def initSequences(controller):
    controller.addSequence("Puppet", [], [], [{"title": "Apply", "functions": [apply]}])


def apply(config, messages):
    """Apply it."""
    messages.append(config["CONFIG_BACKEND"] + config["CONFIG_CINDER"])
'''
ADDON = '''
"""Vendor storage."""
from stack.installer import utils
from stack.modules.puppet import appendManifestFile, getManifestTemplate


def initConfig(controller):
    controller.getParamByName("CONFIG_CINDER").DEFAULT_VALUE = "n"
    controller.getGroupByName("CINDER").setKey("PRE_CONDITION", 1)
    params = [
        {"CONF_NAME": "CONFIG_VENDOR_HOST", "CMD_OPTION": "vendor-host", "USAGE": "Host.",
         "PROMPT": "Host", "DEFAULT_VALUE": "192.0.2.2"},
    ]
    group = {"GROUP_NAME": "VENDOR", "DESCRIPTION": "Vendor", "PRE_CONDITION": "CONFIG_CINDER",
             "PRE_CONDITION_MATCH": "y"}
    controller.addGroup(group, params)


def initSequences(controller):
    steps = [{"title": "Vendor entries", "functions": [entries]}]
    controller.insertSequenceBeforeSequence("Puppet", "Vendor", [], [], steps)


def entries(config, messages):
    """Write the manifest."""
    appendManifestFile(utils.storage_of(config), getManifestTemplate("cinder"))
    appendManifestFile("x.pp", getManifestTemplate("nowhere"))
    config["CONFIG_BACKEND"] = "vendor"
    utils.execute("sync")
    messages.append(config["CONFIG_VENDOR_HOST"] + config["CONFIG_NOWHERE"])
'''
ABSENT = ["PD301", "PD407", "PD501", "PD501"]
"""What is reported where the helper that gets all answers cannot be followed."""


@pytest.fixture
def base(tmp_path: Path) -> Path:
    return write_tree(
        tmp_path / "base",
        {
            "stack/__init__.py": "",
            "stack/installer/__init__.py": "",
            "stack/installer/controller.py": CONTROLLER,
            "stack/installer/utils.py": UTILS,
            "stack/modules/__init__.py": "",
            "stack/modules/puppet.py": HELPERS,
            "stack/plugins/__init__.py": "",
            "stack/plugins/cinder_250.py": BASE,
            "stack/puppet/templates/cinder.pp": "$host = lookup('CONFIG_STORAGE_HOST')\n",
        },
    )


@pytest.fixture
def addon(tmp_path: Path) -> Path:
    return write_tree(tmp_path / "addon", {"plugins/vendor_910.py": ADDON.lstrip()})


def run(*arguments: object) -> Result:
    return CliRunner().invoke(plugindoc, [str(one) for one in arguments])


def found(*arguments: object) -> list[tuple[str, str]]:
    report = msgspec.json.decode(run("check", "--format", "json", *arguments).stdout)
    return sorted((one["code"], one["severity"]) for one in report["diagnostics"])


def names(project: Project) -> list[str]:
    return [o.name for p in project.plugins for group in p.groups for o in group.options]


def test_what_is_not_in_the_tree_is_not_known_without_the_installer(addon: Path) -> None:
    assert [(code, "info") for code in ABSENT] == found(addon)
    assert 0 == run("check", addon).exit_code


STAR = '''
"""Vendor storage."""
from stack.installer.utils import *
from stack.modules.puppet import *
from stack.modules.documentation import *


def initConfig(controller):
    pass


def initSequences(controller):
    steps = [{"title": "Vendor entries", "functions": [entries]}]
    controller.addSequence("Vendor", [], [], steps)


def entries(config, messages):
    """Write the manifest."""
    for host in filtered_hosts(config):
        appendManifestFile(f"{host}_vendor.pp", getManifestTemplate("vendor"))
    execute("sync")
'''


def test_helpers_are_known_where_all_names_of_a_module_are_imported(tmp_path: Path) -> None:
    files = {"plugins/vendor_910.py": STAR.lstrip(), "puppet/templates/vendor.pp": "notice(1)\n"}
    project = load(write_tree(tmp_path, files))
    (step,) = project.plugins[0].sequences[0].steps
    assert ["vendor"] == [used.template for used in step.actions.templates]
    assert ["sync"] == [words(command.line) for command in step.actions.commands]


def test_both_sides_of_a_comparison_are_read_with_the_installer(
    addon: Path, base: Path, tmp_path: Path
) -> None:
    write_tree(base, {"stack/installer/constants.py": 'HOST = "192.0.2.2"\n'})
    imported = ADDON.replace('"192.0.2.2"', "constants.HOST").replace(
        "import utils", "import constants, utils"
    )
    new = write_tree(tmp_path / "new", {"plugins/vendor_910.py": imported.lstrip()})

    def changed(*words: object) -> list[str]:
        report = msgspec.json.decode(run("diff", addon, new, "--format", "json", *words).stdout)
        return [f"{change['kind']} {change['name']}" for change in report["changes"]]

    assert [] == changed("--base", base)
    assert ["default CONFIG_VENDOR_HOST"] == changed()


def test_a_new_plugin_keeps_clear_of_the_installers(addon: Path, base: Path) -> None:
    result = run("new", "cinder", addon, "--base", base, "--dry-run")
    assert 2 == result.exit_code
    assert "cinder_250" in result.stderr
    assert "cinder_010" in run("new", "cinder", addon, "--dry-run").stdout


@pytest.mark.parametrize("kind", ["tree", "package", "export"])
def test_with_the_installer_only_what_it_lacks_is_an_error(
    addon: Path, base: Path, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "base.json").write_bytes(encode(load(base)))
    monkeypatch.syspath_prepend(base)
    monkeypatch.chdir(addon)
    named = {"tree": base, "package": "stack", "export": tmp_path / "base.json"}[kind]

    followed = [] if kind == "export" else [("PD213", "error")]
    assert [*followed, ("PD501", "error")] == found(addon, "--base", named)


def test_a_whole_installer_lacks_what_it_does_not_have(base: Path) -> None:
    write_tree(base, {"stack/plugins/vendor_910.py": ADDON})

    errors = [code for code, severity in found(base) if severity == "error"]
    assert ["PD213", "PD501"] == errors


@pytest.mark.parametrize("with_base", [True, False])
def test_the_model_holds_what_the_tree_declares(
    addon: Path, base: Path, *, with_base: bool
) -> None:
    project = load(addon, bases=[base] if with_base else [])

    assert ["CONFIG_VENDOR_HOST"] == names(project)
    assert ["Vendor"] == [s.title for p in project.plugins for s in p.sequences]
    assert () == project.templates
    assert () == project.problems
    step = project.plugins[0].sequences[0].steps[0]
    assert ["sync"] == [words(command.line) for command in step.actions.commands]
    assert (("stack",) if with_base else ()) == project.bases
    assert (() if with_base else ("stack",)) == project.needs


def test_helpers_of_the_installer_are_followed(addon: Path, base: Path) -> None:
    step = load(addon, bases=[base]).plugins[0].sequences[0].steps[0]

    use = next(use for use in step.actions.uses if use.key == "CONFIG_STORAGE_HOST")
    assert "/stack/stack/installer/utils.py" == use.location.path
    assert "cinder" == step.actions.templates[0].template


def test_what_lies_in_the_installer_is_apart(addon: Path, base: Path) -> None:
    whole = read(addon, bases=[base]).base

    assert whole is not None
    assert ["CONFIG_CINDER", "CONFIG_STORAGE_HOST"] == names(whole)
    assert all(is_outside(plugin.location) for plugin in whole.plugins)


@pytest.mark.parametrize("missing", ["tree", "export"])
def test_nothing_is_lost_where_the_installer_lacks_what_a_plugin_asks_for(
    addon: Path, base: Path, tmp_path: Path, missing: str
) -> None:
    plugin = addon / "plugins" / "vendor_910.py"
    plugin.write_text(plugin.read_text().replace('"CINDER")', '"NFS")'))
    (tmp_path / "base.json").write_bytes(encode(load(base)))
    named = base if missing == "tree" else tmp_path / "base.json"
    project = load(addon, bases=[named])

    assert ["CONFIG_VENDOR_HOST"] == names(project)
    assert ["NFS is declared neither here nor in the base stack"] == [
        problem.message for problem in project.problems
    ]


def test_an_overlay_of_the_same_package_is_no_whole_installer(addon: Path, base: Path) -> None:
    package = addon / "stack"
    package.mkdir()
    (addon / "plugins").rename(package / "plugins")
    write_tree(package, {"__init__.py": "", "plugins/__init__.py": ""})

    assert ("stack",) == load(addon).needs
    assert [("PD213", "error"), ("PD501", "error")] == found(addon, "--base", base)


@pytest.mark.parametrize(
    "imports",
    ["import os\n", "import json, re\n", "from urllib2 import urlopen\n", "from . import x\n", ""],
)
def test_a_tree_that_imports_no_other_is_whole(tmp_path: Path, imports: str) -> None:
    plugin = f"{imports}def initConfig(controller):\n    pass\n"

    assert () == load(write_tree(tmp_path, {"plugins/a_100.py": plugin})).needs


def test_a_tree_with_the_controller_is_whole_whatever_it_imports(tmp_path: Path) -> None:
    files = {"plugins/a_100.py": "import netaddr\n", "controller.py": CONTROLLER}

    assert () == load(write_tree(tmp_path, files)).needs


def test_settings_name_a_tree_in_the_repository(addon: Path, base: Path) -> None:
    (base / "stack").rename(addon / "stack")
    moved = {"addon/plugins/vendor_910.py": ADDON, "pyproject.toml": ""}
    write_tree(addon, {**moved, "pyproject.toml": '[tool.plugindoc]\nbases = ["stack"]\n'})

    assert [("PD213", "error"), ("PD501", "error")] == found(addon / "addon")
    assert 0 == run("show", "CONFIG_VENDOR_HOST", addon / "addon").exit_code


@pytest.mark.parametrize(
    ("value", "says"),
    [
        ("../base", "leads out of the repository"),
        ("/etc/passwd", "leads out of the repository"),
        ("no_such_package_at_all", "is neither here nor an installed package"),
    ],
)
def test_settings_name_nothing_outside(addon: Path, base: Path, value: str, says: str) -> None:
    assert base.is_dir()
    (addon / "pyproject.toml").write_text(f'[tool.plugindoc]\nbases = ["{value}"]\n')
    result = run("check", addon)

    assert 2 == result.exit_code
    assert f"tool.plugindoc.bases: {value} {says}" in result.stderr


def test_a_base_that_is_none_is_one_line(addon: Path) -> None:
    with pytest.raises(LoadError, match="base nowhere: No such file or directory"):
        load(addon, bases=["nowhere"])


def test_answers_of_the_installer_are_known(addon: Path, base: Path, tmp_path: Path) -> None:
    file = tmp_path / "answers.txt"
    file.write_text(
        "[general]\nCONFIG_CINDER=y\nCONFIG_STORAGE_HOST=192.0.2.1\nCONFIG_VENDOR_HOST=192.0.2.2\n"
    )

    assert "no problems" in run("answers", "check", file, addon, "--base", base).stdout
    alone = run("answers", "check", file, addon)
    assert 0 == alone.exit_code
    assert "info: CONFIG_CINDER does not exist here" in alone.stdout


def test_a_comparison_reads_the_base_for_both(addon: Path, base: Path, tmp_path: Path) -> None:
    before = tmp_path / "before"
    write_tree(before, {"plugins/vendor_910.py": ADDON.lstrip()})

    assert [] == found(addon, "--base", base, "--since", before)
