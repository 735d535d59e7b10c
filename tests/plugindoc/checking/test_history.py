"""Trees out of git: read without checking out, whatever the repository tries."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from plugindoc.reading import history
from plugindoc.reading.git import GitError, Repository
from tests.plugindoc.checking.installers import git


def commit(folder: Path, message: str = "a change") -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "--allow-empty", "-m", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "installer" / "plugins").mkdir(parents=True)
    git(folder, "init", "-q", "-b", "main")
    (folder / "installer" / "plugins" / "a.py").write_text("one\n")
    (folder / "other.txt").write_text("elsewhere\n")
    commit(folder)
    return folder


@contextmanager
def checked_out(folder: Path, revision: str) -> Iterator[Path]:
    repository = Repository(folder)
    inside = folder.resolve().relative_to(repository.top).as_posix()
    with history.checked_out(repository, repository.commit(revision), inside) as scratch:
        yield scratch


def files(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_a_folder_as_it_was(repository: Path) -> None:
    (repository / "installer" / "plugins" / "a.py").write_text("two\n")
    (repository / "installer" / "new.py").write_text("new\n")
    with checked_out(repository / "installer", "main") as folder:
        assert {"plugins/a.py": "one\n"} == files(folder)
    assert not folder.exists()
    assert "two\n" == (repository / "installer" / "plugins" / "a.py").read_text()


def test_the_whole_repository(repository: Path) -> None:
    with checked_out(repository, "HEAD") as folder:
        assert {"installer/plugins/a.py": "one\n", "other.txt": "elsewhere\n"} == files(folder)


def test_a_folder_whose_name_looks_like_an_option(repository: Path) -> None:
    (repository / "-x").mkdir()
    (repository / "-x" / "b.py").write_text("three\n")
    commit(repository)
    with checked_out(repository / "-x", "HEAD") as folder:
        assert {"b.py": "three\n"} == files(folder)


def test_the_repository_of_a_hook_is_not_that_of_the_folder(
    repository: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q", "other")
    monkeypatch.setenv("GIT_DIR", str(tmp_path / "other" / ".git"))
    with checked_out(repository / "installer", "HEAD") as folder:
        assert {"plugins/a.py": "one\n"} == files(folder)


def test_a_folder_that_was_not_there_is_empty(repository: Path) -> None:
    (repository / "later").mkdir()
    with checked_out(repository / "later", "main") as folder:
        assert {} == files(folder)


def test_attributes_and_filters_have_no_effect(repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.py export-ignore\n*.txt filter=steal\n")
    git(repository, "config", "filter.steal.smudge", "touch stolen; cat")
    revision = commit(repository)
    with checked_out(repository, revision) as folder:
        assert "one\n" == (folder / "installer" / "plugins" / "a.py").read_text()
    assert not (repository / "stolen").exists()


def test_three_dots_mean_where_the_branch_left(repository: Path) -> None:
    git(repository, "checkout", "-q", "-b", "feature")
    commit(repository)
    git(repository, "checkout", "-q", "main")
    (repository / "other.txt").write_text("moved on\n")
    commit(repository)
    git(repository, "checkout", "-q", "feature")
    with checked_out(repository, "main") as folder:
        assert "moved on\n" == (folder / "other.txt").read_text()
    with checked_out(repository, "main...") as folder:
        assert "elsewhere\n" == (folder / "other.txt").read_text()


def test_links_that_lead_out_are_left_out(repository: Path) -> None:
    (repository / "installer" / "inside").symlink_to("plugins/a.py")
    (repository / "installer" / "outside").symlink_to("/etc/passwd")
    (repository / "installer" / "above").symlink_to("../../../../etc/passwd")
    revision = commit(repository)
    with checked_out(repository / "installer", revision) as folder:
        assert ["inside", "plugins"] == sorted(path.name for path in folder.iterdir())
        assert "one\n" == (folder / "inside").read_text()


@pytest.mark.parametrize(
    ("revision", "complaint"),
    [
        ("no-such-branch", "no revision no-such-branch in the repository of"),
        ("--output=/tmp/x", "'--output=/tmp/x' is no revision"),
        ("", "'' is no revision"),
        ("a\0b", "is no revision"),
        ("nowhere...", "no revision nowhere in the repository of"),
    ],
)
def test_a_revision_that_does_not_exist(repository: Path, revision: str, complaint: str) -> None:
    with pytest.raises(GitError) as error, checked_out(repository, revision):
        pass
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_a_branch_that_only_the_remote_has_is_suggested(repository: Path, tmp_path: Path) -> None:
    git(repository, "branch", "release")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", str(repository), str(clone))
    with (
        pytest.raises(GitError, match="did you mean origin/release"),
        checked_out(clone, "release"),
    ):
        pass


def test_a_shallow_clone_is_told_how_to_get_the_rest(repository: Path, tmp_path: Path) -> None:
    first = git(repository, "rev-parse", "HEAD")
    commit(repository)
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--depth", "1", f"file://{repository}", str(clone))
    with pytest.raises(GitError, match="fetch-depth: 0"), checked_out(clone, first):
        pass


def test_a_folder_outside_any_repository(tmp_path: Path) -> None:
    complaint = "git cannot find the repository"
    with pytest.raises(GitError, match=complaint), checked_out(tmp_path, "main"):
        pass
