"""Settings of a checked tree name regular, bounded files of its repository, and no others."""

import os
from pathlib import Path

import pytest
from click.testing import CliRunner

from plugindoc import settings
from plugindoc.commands.main import plugindoc
from tests.trees import write_tree

PLUGIN = "def initConfig(controller):\n    pass\n\n\ndef initSequences(controller):\n    pass\n"
KEYS = ["check.baseline", "site.anchors", "site.export"]


def refused(tree: Path, key: str, value: str) -> str:
    write_tree(tree, {"plugins/a_100.py": PLUGIN})
    (tree / "pyproject.toml").write_text(f'[tool.plugindoc]\n{key} = "{value}"\n')
    result = CliRunner().invoke(plugindoc, ["check", str(tree)])

    assert 2 == result.exit_code
    assert "hunter2" not in result.output
    return result.stderr


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize(
    "value", ["../secret", "link", "/etc/passwd", "/dev/zero", "a/../../secret"]
)
def test_nothing_outside_is_read(tmp_path: Path, key: str, value: str) -> None:
    tree = tmp_path / "tree"
    (tree / "a").mkdir(parents=True)
    (tmp_path / "secret").write_text("login me password hunter2\n")
    (tree / "link").symlink_to(tmp_path / "secret")

    said = f"tool.plugindoc.{key}: {value} leads out of the repository\n"
    assert refused(tree, key, value).endswith(said)


@pytest.mark.parametrize("key", KEYS)
def test_what_is_no_file_is_not_waited_for(tmp_path: Path, key: str) -> None:
    os.mkfifo(tmp_path / "pipe")

    assert "pipe is no regular file" in refused(tmp_path, key, "pipe")


@pytest.mark.parametrize("key", KEYS)
def test_a_file_that_is_too_large_is_not_read(
    tmp_path: Path, key: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "LARGEST", 10)
    (tmp_path / "large").write_text("x" * 11)

    assert "large is larger than 10 bytes" in refused(tmp_path, key, "large")


def make(file: Path, kind: str) -> None:
    """Put something at a path that cannot be read as a file of the tree."""
    if kind == "pipe":
        os.mkfifo(file)
    elif kind == "folder":
        file.mkdir()
    else:
        file.symlink_to({"dangling": "nowhere", "round": file.name, "device": "/dev/zero"}[kind])


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("pipe", "no regular file"),
        ("folder", "Is a directory"),
        ("device", "no regular file"),
        ("dangling", "No such file or directory"),
        ("round", "Too many levels of symbolic links"),
    ],
)
def test_settings_that_cannot_be_read_are_one_line(tmp_path: Path, kind: str, why: str) -> None:
    tree = write_tree(tmp_path, {"plugins/a_100.py": PLUGIN})
    make(tree / "pyproject.toml", kind)
    for words in (["check"], ["export"], ["new", "thing"], ["diff", str(tree)]):
        result = CliRunner().invoke(plugindoc, [*words, str(tree)])
        assert (2, f"Error: {tree}/pyproject.toml: cannot be read: {why}\n") == (
            result.exit_code,
            result.stderr,
        )


@pytest.mark.parametrize(("kind", "why"), [("pipe", "no regular file"), ("device", "is a link")])
def test_a_template_of_a_scaffold_is_a_file_of_its_folder(
    tmp_path: Path, kind: str, why: str
) -> None:
    tree = write_tree(
        tmp_path,
        {
            "plugins/a_100.py": PLUGIN,
            "own/README": "",
            "pyproject.toml": '[tool.plugindoc]\nnew.templates = "own"\n',
        },
    )
    make(tree / "own" / "plugin.py.j2", kind)
    result = CliRunner().invoke(plugindoc, ["new", "thing", str(tree)])

    assert 2 == result.exit_code
    assert result.stderr.startswith(f"Error: plugin.py.j2: {why}")


@pytest.mark.parametrize("key", ["new.templates", "new.tests", "new.docs"])
def test_a_scaffold_writes_nothing_outside(tmp_path: Path, key: str) -> None:
    tree = write_tree(tmp_path / "tree", {"plugins/a_100.py": PLUGIN})
    (tree / "pyproject.toml").write_text(f'[tool.plugindoc]\n{key} = "../out"\n')
    result = CliRunner().invoke(plugindoc, ["new", "thing", str(tree)])

    assert 2 == result.exit_code
    assert f"tool.plugindoc.{key}: ../out leads out of the repository" in result.stderr
    assert not (tmp_path / "out").exists()


def test_a_package_in_a_larger_repository_names_files_of_that(tmp_path: Path) -> None:
    tree = write_tree(tmp_path / "tree", {"plugins/a_100.py": PLUGIN})
    (tmp_path / ".git").mkdir()
    (tmp_path / "anchors.txt").write_text("")
    (tree / "pyproject.toml").write_text('[tool.plugindoc]\nsite.anchors = "../anchors.txt"\n')

    assert 0 == CliRunner().invoke(plugindoc, ["check", str(tree)]).exit_code
