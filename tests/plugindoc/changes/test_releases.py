"""Releases out of git's tags and folders, compared once and kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import plugindoc.releases
from plugindoc.commands.main import plugindoc as command
from plugindoc.loading import load
from plugindoc.model.export import encode
from plugindoc.reading import python
from plugindoc.reading.python import Module
from tests.plugindoc.checking.installers import git, plugin, port
from tests.trees import write_tree

PLUGIN = "example/plugins/example_100.py"
LISTEN = {"CMD_OPTION": "example-listen", "USAGE": "Port on which the example listens."}
PORT = {**LISTEN, "DEPRECATES": ["CONFIG_EXAMPLE_LISTEN"]}
STATES = {
    "1.0": plugin(port("CONFIG_EXAMPLE_LISTEN", **LISTEN)),
    "1.1": plugin(port("CONFIG_EXAMPLE_LISTEN", **LISTEN, DEFAULT_VALUE="8081")),
    "2.0": plugin(port(**PORT, DEFAULT_VALUE="8081")),
    "10.0": plugin(port(**PORT, DEFAULT_VALUE="8082")),
}
"""Releases by version: the last of them would come second if they were sorted as texts."""


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "plugindoc" / "history"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    root = tmp_path / "repository"
    write_tree(root, {"README": "No plugins yet."})
    git(root, "init", "-q", "-b", "main")
    for version, text in {"0.1": "", **STATES, "11.0rc1": STATES["10.0"]}.items():
        write_tree(root, {PLUGIN: text} if text else {})
        git(root, "add", "-A")
        git(root, "commit", "-q", "--allow-empty", "-m", version)
        git(root, "tag", f"v{version}")
    git(root, "tag", "newest")
    return root


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for version, text in STATES.items():
        write_tree(tmp_path / "releases" / f"example-{version}", {PLUGIN: text})
    (tmp_path / "releases" / "notes.txt").write_text("1.0")
    return tmp_path / "releases"


def history(*words: str | Path) -> Result:
    return CliRunner().invoke(command, ["history", *map(str, words)])


def told(result: Result) -> list[str]:
    found = json.loads(result.stdout)
    return [
        f"{release['release']} {change['kind']} {change['name']}"
        for release in found["releases"]
        for change in release["changes"]
    ]


EXPECTED = [
    "1.1 default CONFIG_EXAMPLE_LISTEN",
    "2.0 renamed CONFIG_EXAMPLE_PORT",
    "10.0 default CONFIG_EXAMPLE_PORT",
]


def test_the_history_of_git_tags(repository: Path) -> None:
    result = history(repository, "--format", "json")
    assert EXPECTED == told(result)
    assert "" == result.stderr


def test_the_history_of_a_folder_is_that_of_the_tags(repository: Path, folder: Path) -> None:
    assert EXPECTED == told(history(repository, "--releases", folder, "--format", "json"))
    assert EXPECTED == told(history(repository, "--tags", "v*", "--format", "json"))


def test_exports_are_releases(folder: Path) -> None:
    for version in STATES:
        tree = folder / f"example-{version}"
        (folder / f"exported-{version}.json").write_bytes(encode(load(tree)))
        tree.rename(folder / f"kept-{version.replace('.', '_')}x")
    newest = folder / "kept-10_0x"
    assert EXPECTED == told(history(newest, "--releases", folder, "--format", "json"))


def test_what_no_release_has_yet(repository: Path) -> None:
    write_tree(repository, {PLUGIN: plugin(port(**PORT, DEFAULT_VALUE="8083"))})
    assert "unreleased default CONFIG_EXAMPLE_PORT" in told(history(repository, "--format", "json"))


@pytest.mark.parametrize("name", ["CONFIG_EXAMPLE_PORT", "CONFIG_EXAMPLE_LISTEN"])
def test_the_history_of_an_option_under_any_of_its_names(repository: Path, name: str) -> None:
    lines = history(name, repository).stdout.splitlines()
    assert ["1.0  first release on record", "1.1 ", "2.0 ", "10.0"] == [
        lines[0],
        *(line[:4] for line in lines[1:]),
    ]


def test_a_name_that_no_release_knows(repository: Path) -> None:
    result = history("CONFIG_EXAMPLE_PROT", repository)
    assert 2 == result.exit_code
    assert "did you mean CONFIG_EXAMPLE_PORT?" in result.stderr


def test_two_releases_of_one_version(repository: Path, folder: Path) -> None:
    result = history(repository, "--releases", folder, "--tags", "v*")
    assert 2 == result.exit_code
    assert "two releases are called 1.0: " in result.stderr
    assert 1 == len(result.stderr.splitlines())


def test_a_shallow_clone_is_one_warning(repository: Path, tmp_path: Path) -> None:
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", "clone")
    git(tmp_path / "clone", "tag", "v10.0", "HEAD")
    result = history(tmp_path / "clone")
    assert 0 == result.exit_code
    assert 1 == len(result.stderr.splitlines())
    assert "shallow clone" in result.stderr


def test_no_releases(folder: Path) -> None:
    result = history(folder / "example-1.0")
    assert 2 == result.exit_code
    assert 1 == len(result.stderr.splitlines())


def test_an_export_of_a_newer_schema_is_one_line(folder: Path) -> None:
    (folder / "newer-12.0.json").write_text('{"schema_version": 99}')
    result = history(folder / "example-10.0", "--releases", folder)
    assert 2 == result.exit_code
    assert "newer-12.0.json: schema_version is 99" in result.stderr


def test_what_could_not_be_read_is_a_warning_and_no_removal(folder: Path) -> None:
    write_tree(folder / "example-11.0", {PLUGIN: "def initConfig(:\n"})
    result = history(folder / "example-10.0", "--releases", folder, "--format", "json")
    assert EXPECTED == told(result)
    assert "11.0: plugins/example_100.py cannot be parsed" in result.stderr


def test_what_could_not_be_read_is_not_called_unchanged(folder: Path) -> None:
    """Of the oldest release too, whose content is compared as the old side alone."""
    write_tree(folder / "example-0.9", {PLUGIN: "def initConfig(:\n"})
    result = history(folder / "example-10.0", "--releases", folder)
    assert "1.0 (after 0.9)\n  no change in what could be read\n" in result.stdout
    assert "Warning: 0.9: plugins/example_100.py cannot be parsed at line 1" in result.stderr
    assert 1 == len(result.stderr.splitlines())


# The cache


def test_nothing_is_read_twice(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = folder / "example-10.0"
    first = history(newest, "--releases", folder, "--format", "json")
    read: list[str] = []

    def noting(path: Path, **more: object) -> object:
        read.append(Path(path).name)
        return load(path, **more)  # type: ignore[arg-type] # what it was called with

    monkeypatch.setattr(plugindoc.releases, "load", noting)
    second = history(newest, "--releases", folder, "--format", "json")
    assert first.stdout == second.stdout
    assert [] == read


def test_only_what_changed_is_read_again(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    history(folder / "example-10.0", "--releases", folder)
    write_tree(folder / "example-12.0", {PLUGIN: plugin(port(**PORT, DEFAULT_VALUE="8083"))})
    read: list[str] = []

    def noting(path: Path, **more: object) -> object:
        read.append(Path(path).name)
        return load(path, **more)  # type: ignore[arg-type] # what it was called with

    monkeypatch.setattr(plugindoc.releases, "load", noting)
    result = history(folder / "example-12.0", "--releases", folder, "--format", "json")
    assert "12.0 default CONFIG_EXAMPLE_PORT" in told(result)
    assert ["example-10.0"] == read  # the new one is the tree itself, which is read anyway


def test_a_file_that_several_releases_have_is_parsed_once(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsed: list[tuple[str, str]] = []

    class Noting(Module):
        def __init__(self, path: str, source: str, *, thorough: bool = True) -> None:
            parsed.append((path, source))
            super().__init__(path, source, thorough=thorough)

    python.parse.cache_clear()
    monkeypatch.setattr(python, "Module", Noting)
    write_tree(repository, {"example/plugins/other_200.py": plugin(port("CONFIG_OTHER"))})
    for version in ("12.0", "13.0"):
        (repository / "README").write_text(version)
        git(repository, "add", "-A")
        git(repository, "commit", "-q", "-m", version)
        git(repository, "tag", f"v{version}")
    assert "13.0" in history(repository).stdout
    assert [*dict.fromkeys(parsed)] == parsed
    assert {*STATES.values()} <= {source for _, source in parsed}


@pytest.mark.parametrize("content", ["", "{", "null", "[]", '{"changes": 1}'])
def test_a_damaged_cache_is_made_again(folder: Path, cache: Path, content: str) -> None:
    newest = folder / "example-10.0"
    history(newest, "--releases", folder)
    assert [*cache.iterdir()]
    for file in cache.iterdir():
        file.write_text(content)
    assert EXPECTED == told(history(newest, "--releases", folder, "--format", "json"))


def test_a_cache_that_cannot_be_written_is_none(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    newest = folder / "example-10.0"
    assert EXPECTED == told(history(newest, "--releases", folder, "--format", "json"))


# Where it is shown


def test_show_has_the_history_that_the_settings_name(repository: Path) -> None:
    show = ["show", "CONFIG_EXAMPLE_PORT", str(repository)]
    assert "Deprecated in 2.0" not in CliRunner().invoke(command, show).stdout
    (repository / "pyproject.toml").write_text('[tool.plugindoc.history]\ntags = "v*"\n')
    shown = CliRunner().invoke(command, show).stdout
    assert "Added in 1.0 or before" in shown
    assert "Deprecated in 2.0: the name CONFIG_EXAMPLE_LISTEN" in shown
    assert "8082 instead of 8081" in shown


def test_an_option_that_is_gone_says_when(repository: Path) -> None:
    write_tree(repository, {PLUGIN: plugin(port("CONFIG_OTHER", CMD_OPTION="other", USAGE="O."))})
    (repository / "pyproject.toml").write_text('[tool.plugindoc.history]\ntags = "v*"\n')
    result = CliRunner().invoke(command, ["show", "CONFIG_EXAMPLE_PORT", str(repository)])
    assert 2 == result.exit_code
    assert "in unreleased: CONFIG_EXAMPLE_PORT was removed" in result.stderr


def test_the_export_carries_it(repository: Path) -> None:
    found = json.loads(CliRunner().invoke(command, ["export", "--history", str(repository)]).stdout)
    assert ["1.1", "2.0", "10.0"] == [release["release"] for release in found["history"]]
    plain = json.loads(CliRunner().invoke(command, ["export", str(repository)]).stdout)
    assert "history" not in plain
