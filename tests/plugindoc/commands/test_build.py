"""``plugindoc build``: a site in one command, and committed files that stay true."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from plugindoc.commands.main import plugindoc
from tests.plugindoc.sphinx.installers import write_installer


@pytest.fixture
def installer(tmp_path: Path) -> Path:
    """Return the folder of an installer."""
    return write_installer(tmp_path / "installer")


def run(*arguments: object) -> Result:
    """Run a command line."""
    return CliRunner().invoke(plugindoc, [str(argument) for argument in arguments])


def build(*arguments: object) -> None:
    """Build a site in a process of its own, as a user does."""
    command = [Path(sys.executable).parent / "plugindoc", "build", *map(str, arguments)]
    subprocess.run([*command, "--strict", "-q", "-j", "1"], check=True)


def test_a_site_needs_no_configuration(installer: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build(installer, "-o", out)
    assert 'id="CONFIG_COMPUTE_PW"' in (out / "plugins" / "compute_300.html").read_text()
    assert "cloud plugins" in (out / "index.html").read_text()
    assert (out / "walkthroughs" / "compute_300.html").exists()


def test_a_title_is_text(installer: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    title = "# <b>`{x}` ** _"
    build(installer, "-o", out, "--title", title, "-b", "text")
    assert (out / "index.txt").read_text().startswith(title)


def test_a_site_in_german(installer: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build(installer, "-o", out, "--language", "de", "-b", "text")
    page = " ".join((out / "index.txt").read_text().split())
    assert "Plugins in der Reihenfolge des Ladens" in page
    assert "Der Installer führt diese Sequenzen der Reihe nach aus." in page
    assert "Plugins in load order" not in page


def test_nothing_is_built_among_other_files(installer: Path, tmp_path: Path) -> None:
    taken = tmp_path / "docs"
    taken.mkdir()
    (taken / "mine.md").write_text("# Mine\n")
    refused = run("build", installer, "-o", taken)
    assert 2 == refused.exit_code
    assert "contains other files" in refused.output
    assert ["mine.md"] == [file.name for file in taken.iterdir()]


def test_a_build_that_failed_fails_again(installer: Path, tmp_path: Path) -> None:
    (plugin,) = installer.rglob("compute_300.py")
    plugin.with_name("broken_500.py").write_text("def initConfig(c:\n")
    command = [Path(sys.executable).parent / "plugindoc", "build", installer]
    command += ["-o", tmp_path / "site", "-b", "dummy", "--strict", "-q", "-j", "1"]
    for _ in range(2):
        failed = subprocess.run(command, check=False, capture_output=True, text=True)
        assert (1, True) == (failed.returncode, "cannot be parsed" in failed.stderr)


def test_the_page_of_a_plugin_that_is_gone_goes_too(installer: Path, tmp_path: Path) -> None:
    out = tmp_path / "site"
    build(installer, "-o", out, "-b", "text")
    (compute,) = installer.rglob("compute_300.py")
    compute.rename(compute.with_name("compute_310.py"))
    build(installer, "-o", out, "-b", "text")
    assert ["compute_310.txt"] == [file.name for file in (out / "plugins").glob("compute_*")]
    assert ["compute_310.txt"] == [file.name for file in (out / "walkthroughs").glob("compute_*")]


@pytest.mark.parametrize("kind", ["export", "answers", "anchors"])
def test_a_stale_file_fails_with_a_diff_and_the_mending_command(
    installer: Path, tmp_path: Path, kind: str
) -> None:
    file = tmp_path / "committed.txt"
    assert 0 == run("build", installer, f"--{kind}", file).exit_code
    fresh = run("build", installer, f"--{kind}", file, "--check")
    assert (0, "") == (fresh.exit_code, fresh.output)
    file.write_text(file.read_text().replace("COMPUTE_HOST", "COMPUTE_HOTS"))
    stale = run("build", installer, f"--{kind}", file, "--check")
    assert 1 == stale.exit_code
    assert "COMPUTE_HOTS" in stale.output
    assert f"plugindoc build {installer} --{kind} {file}" in stale.output
    assert 0 == run("build", installer, f"--{kind}", file).exit_code
    assert 0 == run("build", installer, f"--{kind}", file, "--check").exit_code


def test_a_committed_export_holds_the_history(
    installer: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    old = write_installer(tmp_path / "releases" / "cloud-1.0")
    (plugin,) = old.rglob("compute_300.py")
    plugin.write_text(plugin.read_text().replace("compute-host", "compute-node"))
    file, releases = tmp_path / "export.json", ("--releases", tmp_path / "releases")
    assert 0 == run("build", installer, "--export", file).exit_code
    stale = run("build", installer, "--export", file, *releases, "--check")
    assert (1, True) == (stale.exit_code, '"unreleased"' in stale.output)
    assert f"--releases {tmp_path / 'releases'} --export {file}" in stale.output
    assert 0 == run("build", installer, "--export", file, *releases).exit_code
    assert 0 == run("build", installer, "--export", file, *releases, "--check").exit_code


def test_a_committed_file_that_is_not_there_is_stale(installer: Path, tmp_path: Path) -> None:
    result = run("build", installer, "--answers", tmp_path / "none.txt", "--check")
    assert 1 == result.exit_code
    assert "+CONFIG_COMPUTE_INSTALL=y" in result.output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["nowhere", "-o", "site"], "nowhere: No such file or directory"),
        (["empty", "-o", "site"], "no plugins here"),
        (["installer"], "missing output folder"),
        (["installer", "--check"], "--check needs files to compare"),
        (["installer", "-o", "taken/site"], "taken"),
    ],
)
def test_what_cannot_run_gets_a_clear_line(
    installer: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    arguments: list[str],
    said: str,
) -> None:
    assert installer.exists()
    (tmp_path / "empty").mkdir()
    (tmp_path / "taken").write_text("a file")
    monkeypatch.chdir(tmp_path)
    result = run("build", *arguments)
    assert 2 == result.exit_code
    assert said in result.output
    assert "Traceback" not in result.output


def test_a_build_tells_what_it_does_in_a_few_lines(installer: Path, tmp_path: Path) -> None:
    command = [
        Path(sys.executable).parent / "plugindoc",
        "build",
        installer,
        "-o",
        tmp_path / "site",
        "-j",
        "1",
    ]
    first, again = (
        subprocess.run(command, capture_output=True, text=True, check=True) for _ in range(2)
    )
    assert re.fullmatch(
        r"Read \d+ plugins with \d+ options\.\nMaking \d+ pages \.\.\.\n"
        r"Writing the site of \d+ pages \.\.\.\n",
        first.stderr,
    )
    assert first.stdout == f"{tmp_path / 'site' / 'index.html'}\n"
    assert again.stderr.startswith("The plugins have not changed.\n")
    loud = subprocess.run([*command, "-v"], capture_output=True, text=True, check=True)
    assert "Running Sphinx" in loud.stdout
