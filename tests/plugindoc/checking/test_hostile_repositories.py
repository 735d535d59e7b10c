"""Repositories whose git directory is hostile: nothing of it is run, fetched or waited for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import IO

import pytest

from plugindoc.reading import git as reading
from plugindoc.reading.git import Blob, GitError, Repository
from plugindoc.reading.history import checked_out
from tests.plugindoc.checking.installers import Check, git, plugin, port

PLUGIN = "installer/plugins/a_100.py"


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a repository of two commits with a plugin."""
    folder = tmp_path / "repository"
    (folder / PLUGIN).parent.mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    for text in (plugin(), plugin(port(USAGE=None))):
        (folder / PLUGIN).write_text(text)
        git(folder, "add", "-A")
        git(folder, "commit", "-q", "-m", "a change")
    return folder


def without_old_plugin(repository: Path) -> None:
    """Delete the old plugin's object: git would ask a promisor remote for it."""
    name = git(repository, "rev-parse", f"HEAD~1:{PLUGIN}")
    (repository / ".git" / "objects" / name[:2] / name[2:]).unlink()


def planted(repository: Path) -> str:
    """Return a command that leaves a file, in the words of a shell."""
    return f"touch {repository.parent / 'executed'};"


REMOTES = {
    "a program as the transport": {"url": "ext::sh -c touch% {marker}"},
    "a program at the other end": {"url": "/nowhere", "uploadpack": "{command} git-upload-pack"},
    "a helper": {"url": "nowhere", "vcs": "ext"},
    "ssh": {"url": "ssh://nowhere/x"},
    "git": {"url": "git://nowhere/x"},
    "https": {"url": "https://localhost:1/x"},
}


@pytest.mark.parametrize("new_git", [True, False], ids=["new git", "git before 2.45"])
@pytest.mark.parametrize("remote", REMOTES.values(), ids=REMOTES)
def test_what_is_missing_is_not_fetched(
    repository: Path,
    remote: dict[str, str],
    new_git: bool,  # noqa: FBT001 - a parameter of the test
    check: Check,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if not new_git:
        kept = {k: v for k, v in reading._SET.items() if k != "GIT_NO_LAZY_FETCH"}  # noqa: SLF001 - an old git ignores it
        monkeypatch.setattr(reading, "_SET", kept)
    without_old_plugin(repository)
    marker = repository.parent / "executed"
    settings = {
        "core.repositoryformatversion": "1",
        "extensions.partialClone": "origin",
        "remote.origin.promisor": "true",
        "protocol.allow": "always",
        "protocol.ext.allow": "always",
        "core.sshCommand": planted(repository),
        "core.gitProxy": planted(repository),
        "core.askPass": planted(repository),
        "credential.helper": f"!{planted(repository)}",
        **{
            f"remote.origin.{key}": value.format(marker=marker, command=planted(repository))
            for key, value in remote.items()
        },
    }
    for key, value in settings.items():
        git(repository, "config", key, value)
    result = check(repository, "--since", "HEAD~1")
    assert 2 == result.exit_code
    assert 1 == len(result.stderr.splitlines())
    assert "partial clone" in result.stderr
    assert "fetch-depth: 0" in result.stderr
    assert not marker.exists()


EXECUTED = [
    "alias.rev-parse",
    "alias.ls-tree",
    "core.alternateRefsCommand",
    "core.editor",
    "core.fsmonitor",
    "core.pager",
    "core.sshCommand",
    "diff.external",
    "diff.own.command",
    "diff.own.textconv",
    "filter.own.clean",
    "filter.own.process",
    "filter.own.smudge",
    "gpg.program",
    "gpg.ssh.defaultKeyCommand",
    "pager.cat-file",
    "pager.ls-tree",
    "pager.rev-parse",
    "uploadpack.packObjectsHook",
]


def test_no_setting_of_a_repository_runs_a_program(repository: Path, check: Check) -> None:
    program = repository / "program"
    program.write_text(f"#!/bin/sh\n{planted(repository)}\n")
    program.chmod(0o755)
    hooks = repository / "hooks"
    hooks.mkdir()
    for hook in ("post-checkout", "post-index-change", "reference-transaction", "fsmonitor"):
        (hooks / hook).symlink_to(program)
    (repository / ".gitattributes").write_text("*.py diff=own filter=own\n")
    included = repository / "more.config"
    for setting in EXECUTED:
        git(repository, "config", "--file", str(included), setting, str(program))
    git(repository, "config", "include.path", str(included))
    git(repository, "config", "core.hooksPath", str(hooks))
    git(repository, "config", "log.showSignature", "true")
    (repository / ".git" / "objects" / "info" / "alternates").write_text(f"{hooks}\n")
    (repository.parent / "executed").unlink(missing_ok=True)  # what writing these settings ran
    result = check(repository, "--since", "HEAD~1")
    assert 1 == result.exit_code, result.output
    assert [] == Repository(repository).tags()
    assert not (repository.parent / "executed").exists()


def test_a_git_directory_of_another_folder(repository: Path, tmp_path: Path, check: Check) -> None:
    (tmp_path / "private").mkdir()
    git(repository, "config", "core.worktree", str(tmp_path / "private"))
    result = check(repository, "--since", "HEAD~1")
    assert 2 == result.exit_code
    assert 1 == len(result.stderr.splitlines())
    assert "belongs to another folder" in result.stderr


def test_a_folder_that_looks_like_a_git_directory(repository: Path, check: Check) -> None:
    """A clone can hold a bare repository as plain files, with settings of its own."""
    bare = repository / "installer" / "bare"
    git(repository, "clone", "-q", "--bare", str(repository), str(bare))
    git(bare, "config", "core.worktree", "..")
    (bare / "plugins").mkdir()
    (bare / "plugins" / "b_100.py").write_text(plugin(port(USAGE=None)))
    result = check(bare, "--since", "HEAD~1")
    assert 2 == result.exit_code
    assert "safe.bareRepository" in result.stderr


@pytest.mark.parametrize("name", ["config", "HEAD", "packed-refs"])
def test_a_pipe_in_a_git_directory_is_not_waited_for(
    repository: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_SECONDS", 1)
    (repository / ".git" / name).unlink(missing_ok=True)
    os.mkfifo(repository / ".git" / name)
    with pytest.raises(GitError, match=r"git did not answer within 1 seconds|not a git repository"):
        Repository(repository).commit("no-such-revision")


def test_few_trees_that_stand_for_billions_of_files(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_LARGEST_LIST", 100_000)
    blob = git(repository, "rev-parse", f"HEAD:{PLUGIN}")
    inner = tree(repository, *((b"100644", b"f%d" % number, blob) for number in range(10)))
    for _ in range(9):
        inner = tree(repository, *((b"40000", b"d%d" % number, inner) for number in range(10)))
    with pytest.raises(GitError, match="more files than are read here"):
        Repository(repository).files(commit(repository, inner))


def test_much_content_in_few_objects(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "_LARGEST_TREE", 1000)
    large = blob(repository, b"x" * 300)
    top = tree(repository, *((b"100644", b"f%d" % number, large) for number in range(4)))
    mine = Repository(repository)
    with pytest.raises(GitError, match="take more than"):
        [*mine.contents(mine.files(commit(repository, top)))]


def test_contents_come_in_order_whatever_the_batches(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "_BATCH", 10)
    names = [blob(repository, b"\n" * size) for size in range(8)]
    top = tree(repository, *((b"100644", b"f%d" % n, name) for n, name in enumerate(names)))
    mine = Repository(repository)
    found = [content for _, content in mine.contents(mine.files(commit(repository, top)))]
    assert [b"\n" * size for size in range(8)] == found


def test_one_process_reads_the_files_of_all_revisions(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started: list[subprocess.Popen[bytes]] = []

    def start(command: list[str], given: int, errors: IO[bytes] | int) -> subprocess.Popen[bytes]:
        process = really(command, given, errors)
        started.extend([process] if "cat-file" in command else [])
        return process

    really = reading._started  # noqa: SLF001 - what is watched
    monkeypatch.setattr(reading, "_started", start)
    mine = Repository(repository)
    for revision in ("HEAD~1", "HEAD", "HEAD~1"):
        with checked_out(mine, mine.commit(revision)) as folder:
            assert (folder / PLUGIN).is_file()
    (reader,) = started
    assert reader.poll() is None
    del mine
    assert reader.poll() is not None


def test_what_is_there_is_read_after_something_missing(repository: Path) -> None:
    mine = Repository(repository)
    with pytest.raises(GitError, match="is missing or damaged"):
        [*mine.contents([Blob("0" * 40, "a.py", 1)])]
    assert [plugin(port(USAGE=None))] == [
        content.decode() for _, content in mine.contents(mine.files(mine.commit("HEAD")))
    ]


def test_a_damaged_object_is_one_line(repository: Path, check: Check) -> None:
    name = git(repository, "rev-parse", f"HEAD~1:{PLUGIN}")
    file = repository / ".git" / "objects" / name[:2] / name[2:]
    file.chmod(0o644)
    file.write_bytes(b"no object")
    result = check(repository, "--since", "HEAD~1")
    assert 2 == result.exit_code
    assert 1 == len(result.stderr.splitlines())


def test_a_missing_object_is_named(repository: Path, check: Check) -> None:
    without_old_plugin(repository)
    result = check(repository, "--since", "HEAD~1")
    assert 2 == result.exit_code
    assert f"git cannot read {PLUGIN}: it is missing or damaged" in result.stderr


def test_no_tree_writes_outside_of_the_scratch_folder(repository: Path, tmp_path: Path) -> None:
    """Trees made by hand may hold a link and, under its name, a folder or a file."""
    (tmp_path / "scratch").mkdir()
    victim = tmp_path / "victim"
    deep = blob(repository, b"../../..")
    out = blob(repository, b"a/b/c/deep/../../victim")
    content = blob(repository, b"overwritten")
    inner = tree(repository, (b"120000", b"deep", deep))
    for name in (b"c", b"b"):
        inner = tree(repository, (b"40000", name, inner))
    below = tree(repository, (b"100644", b"file", content))
    for entries in [
        [(b"120000", b"m", out), (b"100644", b"m", content)],
        [(b"120000", b"m", out), (b"40000", b"m", below)],
        [(b"100644", b"m", content), (b"40000", b"m", below)],
        [(b"100644", b"m", content), (b"100644", b"m", content)],
    ]:
        top = tree(repository, (b"40000", b"a", inner), *entries)
        mine = Repository(repository)
        try:
            with checked_out(mine, commit(repository, top)) as folder:
                assert (folder / "m").resolve().is_relative_to(folder)
        except GitError as error:
            assert "is in the tree twice" in str(error)  # noqa: PT017 - either is right
    assert not victim.exists()


def test_file_names_that_are_not_utf_8(repository: Path) -> None:
    content = blob(repository, b"text")
    top = tree(repository, (b"100644", b"caf\xe9.py", content))
    with checked_out(Repository(repository), commit(repository, top)) as folder:
        assert ["caf\udce9.py"] == [path.name for path in folder.iterdir()]


def blob(repository: Path, content: bytes) -> str:
    return made(repository, "blob", content)


def tree(repository: Path, *entries: tuple[bytes, bytes, str]) -> str:
    """Write a tree as it is given, however wrong; return its name."""
    content = b"".join(
        mode + b" " + name + b"\0" + bytes.fromhex(entry) for mode, name, entry in entries
    )
    return made(repository, "tree", content)


def made(repository: Path, kind: str, content: bytes) -> str:
    done = subprocess.run(
        ["git", "hash-object", "-t", kind, "-w", "--stdin", "--literally"],
        cwd=repository,
        input=content,
        check=True,
        capture_output=True,
    )
    return done.stdout.decode().strip()


def commit(repository: Path, name: str) -> str:
    return git(repository, "commit-tree", name, "-m", "by hand")
