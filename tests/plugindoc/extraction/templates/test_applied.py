"""A file that a step applies is a template of its own, whatever it defines besides."""

from pathlib import Path

import pytest

from plugindoc.loading import load
from plugindoc.model.questions import Questions
from tests.trees import write_tree

PLUGIN = """
from packstack.modules.puppet import appendManifestFile, getManifestTemplate


def initConfig(controller):
    pass


def initSequences(controller):
    steps = [{"title": "Write", "functions": [write]}]
    controller.addSequence("Web", [], [], steps)


def write(config, messages):
    appendManifestFile("x.pp", getManifestTemplate("NAME"))
"""
PORT = "service { 'web': port => lookup('CONFIG_PORT') }"


@pytest.mark.parametrize("named", ["web", "web.pp"])
@pytest.mark.parametrize(
    ("source", "reached"),
    [
        (PORT, ["web"]),
        (f"web_server {{ 'one': }}\ndefine web_server() {{ {PORT} }}", ["web", "web_server"]),
        (f"define web_server() {{ {PORT} }}\nweb_server {{ 'one': }}", ["web", "web_server"]),
        (f"class web {{ {PORT} }}\ninclude web", ["web"]),
        (f"class other::web {{ {PORT} }}\ninclude other::web", ["web", "other/web"]),
        (f"{PORT}\nfunction web_port() {{ 80 }}", ["web"]),
    ],
)
def test_a_manifest_with_definitions_belongs_to_its_step(
    tmp_path: Path, named: str, source: str, reached: list[str]
) -> None:
    files = {"plugins/web_100.py": PLUGIN.replace("NAME", named)}
    questions = Questions(load(write_tree(tmp_path, {**files, "puppet/templates/web.pp": source})))

    brought = [one.template for one in questions.templates_of(questions.steps[0])]
    assert reached == [template.name for template in brought]
    assert ["CONFIG_PORT"] == [use.key for template in brought for use in template.uses]


def test_a_define_is_found_from_another_file(tmp_path: Path) -> None:
    files = {
        "plugins/web_100.py": PLUGIN.replace("NAME", "web"),
        "puppet/templates/web.pp": "web_server { 'one': }\nfile { '/x': }",
        "puppet/templates/shared.pp": f"define web_server() {{ {PORT} }}",
    }
    questions = Questions(load(write_tree(tmp_path, files)))

    brought = questions.templates_of(questions.steps[0])
    assert ["web", "web_server"] == [one.template.name for one in brought]
