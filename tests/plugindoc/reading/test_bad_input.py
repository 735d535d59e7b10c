"""What cannot be read is said in one line, and all else is still there."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import plugindoc
from plugindoc.model.project import Project
from plugindoc.model.values import Known
from tests.plugindoc.conftest import Read

GOOD = """
def initConfig(controller):
    controller.addGroup({"GROUP_NAME": "GOOD"}, [{"CONF_NAME": "CONFIG_GOOD"}])


def initSequences(controller):
    pass
"""


def problems(project: Project) -> list[tuple[str, str, int]]:
    return [(one.kind, one.location.path, one.location.line) for one in project.problems]


def group_names(project: Project) -> list[str]:
    return [group.name for plugin in project.plugins for group in plugin.groups]


@pytest.mark.parametrize("path", ["missing", "file.py", "empty"])
def test_a_path_without_plugins_is_one_line(path: str, tmp_path: Path) -> None:
    (tmp_path / "file.py").write_text("")
    (tmp_path / "empty").mkdir()
    with pytest.raises(plugindoc.LoadError) as caught:
        plugindoc.load(tmp_path / path)
    assert 1 == len(str(caught.value).splitlines())
    assert path in str(caught.value)


def test_a_file_that_is_not_utf8_costs_itself_only(read: Read) -> None:
    broken = b"# first line\nNAME = '\xff\xfe'\n"
    project = read(GOOD, {"plugins/latin_200.py": broken})
    assert [("unreadable", "plugins/latin_200.py", 2)] == problems(project)
    assert ["GOOD"] == group_names(project)


def test_a_declared_encoding_is_used(read: Read) -> None:
    source = "# -*- coding: latin-1 -*-\nPLUGIN_NAME = 'caf\xe9'\n".encode("latin-1")
    project = read(GOOD, {"plugins/latin_200.py": source})
    assert () == project.problems
    assert "café" == project.plugins[1].name.value  # type: ignore[union-attr] # known text


def test_a_byte_order_mark_moves_no_column(read: Read) -> None:
    project = read(files={"plugins/marked_100.py": b"\xef\xbb\xbf" + GOOD.lstrip().encode()})
    assert 1 == project.plugins[0].hooks["initConfig"].column


def test_a_syntax_error_costs_its_function_only(read: Read) -> None:
    source = (
        GOOD + '\n\ndef broken(config:\n    x = (1,\n\n\ndef fine(config):\n    """Be fine."""\n'
    )
    project = read(source)
    assert [("parse-error", "plugins/first_100.py", 10)] == problems(project)
    assert ["GOOD"] == group_names(project)


def test_a_decorated_function_stays_whole_beside_syntax_errors(read: Read) -> None:
    broken = "def broken(config:\n    pass\n\n\n"
    project = read(
        f"{broken * 70}def named(function):\n    return 'kept'\n\n\n"
        "@named\n@named\ndef PLUGIN_NAME():\n    pass\n"
    )
    assert Known("kept") == project.plugins[0].name
    assert [4 * number + 1 for number in range(70)] == [line for _, _, line in problems(project)]


def stairs(first: int, last: int) -> str:
    return "".join(f"{' ' * width}if x:\n" for width in range(first, last))


STAIRS = stairs(1, 600)
BACKSLASH = "\\\n"
COMMENT = "\n# comment\n"
REFUSED = {
    "indentations": f"{STAIRS}{' ' * 600}x = f'{{1}}'",
    "indentations before a text": f'{STAIRS}{" " * 600}x = """a',
    "backslashes": f"    x = 1\n{BACKSLASH * 1_001}    x = 2",
    "backslashes and comments": f"    x = 1\n{(BACKSLASH + COMMENT) * 1_001}    x = 2",
}


@pytest.mark.parametrize("code", REFUSED.values(), ids=REFUSED)
def test_what_the_parser_cannot_bear_costs_its_function_only(code: str, read: Read) -> None:
    project = read(f"{GOOD}\n\ndef refused(x):\n{code}\n\n\nPLUGIN_NAME = 'kept'\n")
    assert [("limit", "plugins/first_100.py", 10)] == problems(project)
    assert "limit: more than" in project.problems[0].message
    assert ["GOOD"] == group_names(project)
    assert Known("kept") == project.plugins[0].name


def test_a_file_that_the_parser_cannot_bear_in_any_part_is_not_read(read: Read) -> None:
    parts = "".join(f"def f():\n{stairs(first, first + 200)}" for first in (1, 201, 401))
    project = read(GOOD, {"plugins/many_200.py": parts})
    assert [("limit", "plugins/many_200.py", 1)] == problems(project)
    assert ["GOOD"] == group_names(project)


def test_a_file_of_many_broken_statements_is_not_read_to_its_end(read: Read) -> None:
    project = read(GOOD + "x = = 1\n" * 3_000)
    kinds = [kind for kind, _, _ in problems(project)]
    assert 1 == kinds.count("limit")
    assert 2_000 > kinds.count("parse-error")
    assert ["GOOD"] == group_names(project)


def test_half_a_file_keeps_the_other_half(read: Read) -> None:
    project = read(GOOD, {"plugins/half_200.py": GOOD.replace("GOOD", "HALF") + "x = {'a': [1,\n"})
    assert ["GOOD", "HALF"] == group_names(project)
    assert ["parse-error"] == [kind for kind, _, _ in problems(project)]


def test_links_that_lead_out_or_round_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret_300.py").write_text(GOOD.replace("GOOD", "SECRET"))
    installer = tmp_path / "installer"
    (installer / "plugins").mkdir(parents=True)
    (installer / "plugins" / "good_100.py").write_text(GOOD)
    (installer / "plugins" / "secret_300.py").symlink_to(outside / "secret_300.py")
    (installer / "plugins" / "round_400.py").symlink_to(installer / "plugins" / "round_400.py")
    project = plugindoc.load(installer)
    assert ["GOOD"] == group_names(project)
    assert ["link", "link"] == [kind for kind, _, _ in problems(project)]
    assert ["plugins/round_400.py", "plugins/secret_300.py"] == [p for _, p, _ in problems(project)]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    for folder, name in (("plugins", "pipe_300.py"), ("puppet/templates", "pipe.pp")):
        (tmp_path / folder).mkdir(parents=True)
        os.mkfifo(tmp_path / folder / name)
    (tmp_path / "plugins" / "good_100.py").write_text(GOOD)
    project = plugindoc.load(tmp_path)
    assert ["GOOD"] == group_names(project)
    pipes = ("plugins/pipe_300.py", "puppet/templates/pipe.pp")
    assert [("unreadable", pipe, 1) for pipe in pipes] == problems(project)


def test_nothing_is_ever_imported(read: Read, tmp_path: Path) -> None:
    mark = tmp_path / "imported"
    read(f"open({str(mark)!r}, 'w').close()\n" + GOOD)
    assert not mark.exists()


def test_a_declaration_that_cannot_be_read_is_said(read: Read) -> None:
    source = """
    import other

    def initConfig(controller):
        controller.addGroup(other.group(), [])
        controller.addGroup({"GROUP_NAME": "HALF"}, other.params())
        controller.addGroup({"GROUP_NAME": "SOME"}, [other.one(), {"CONF_NAME": "X"}])

    def initSequences(controller):
        controller.addSequence("Later", [], [], other.steps())
    """
    project = read(source)
    assert ["unknown-declaration"] * 4 == [kind for kind, _, _ in problems(project)]
    assert ["HALF", "SOME"] == group_names(project)
    assert ["X"] == [option.name for option in project.plugins[0].groups[1].options]


def test_a_hook_that_always_fails_is_said(read: Read) -> None:
    project = read("def initConfig(controller):\n    {}['missing']\n")
    assert [("unknown-declaration", "plugins/first_100.py", 2)] == problems(project)


def test_a_missing_usage_document_is_said(read: Read) -> None:
    source = """
    from packstack.modules.documentation import update_params_usage

    def initConfig(controller):
        params = [{"CONF_NAME": "CONFIG_X"}]
        update_params_usage("packstack.rst", params, sectioned=False)
        controller.addGroup({"GROUP_NAME": "G"}, params)
    """
    project = read(source)
    assert ["missing"] == [kind for kind, _, _ in problems(project)]


def test_a_usage_document_puts_no_file_into_a_page(read: Read, tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret words")
    document = f"""
    SYNOPSIS
    ========

    A document.

    OPTIONS
    =======

    Part
    ----

    .. include:: {tmp_path}/secret.txt

    .. raw:: html
       :file: {tmp_path}/secret.txt

    **CONFIG_X**
        The text.
    """
    source = """
    def initConfig(controller):
        params = [{"CONF_NAME": "CONFIG_X"}]
        update_params_usage("packstack.rst", params, sectioned=False)
        controller.addGroup({"GROUP_NAME": "G"}, params)

    from packstack.modules.documentation import update_params_usage
    """
    project = read(source, {"docs/packstack.rst": document})
    assert "secret words" not in repr(project)
    assert "The text." in repr(project.plugins[0].groups[0].options[0].usage)
