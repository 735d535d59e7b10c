"""What looks like something to read and is not read: always an error, never waited for."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import plugindoc
from plugindoc.checking.reporters import FORMATS
from plugindoc.commands.main import plugindoc as command
from plugindoc.opening import LARGEST, read_file
from tests.trees import write_tree

PLUGIN = '''"""Set things up."""

def initConfig(controller):
    controller.addGroup(
        {
            "GROUP_NAME": "GOOD",
            "DESCRIPTION": "Good options",
            "PRE_CONDITION": False,
            "PRE_CONDITION_MATCH": True,
            "POST_CONDITION": False,
            "POST_CONDITION_MATCH": True,
        },
        [],
    )

def initSequences(controller):
    pass
'''

SOUGHT = {
    "a plugin": "inst/plugins/bad_200.py",
    "a helper module": "inst/modules/helper.py",
    "a helper module of a package in it": "inst/modules/more/helper.py",
    "a module of the installer": "inst/conf.py",
    "a manifest": "inst/puppet/templates/bad.pp",
    "a class": "inst/puppet/modules/bad/manifests/init.pp",
    "an ERB template": "inst/puppet/modules/bad/templates/bad.erb",
    "a text template": "inst/puppet/templates/bad.conf",
    "hieradata": "inst/puppet/hieradata/common.yaml",
    "the usage document": "docs/packstack.rst",
}

Spoil = Callable[[Path, Path], None]


def leads_out(place: Path, outside: Path) -> None:
    (outside / "real").write_text("SECRET = 1\n")
    place.symlink_to(outside / "real")


def leads_nowhere(place: Path, _outside: Path) -> None:
    place.symlink_to("nowhere")


def leads_to_itself(place: Path, _outside: Path) -> None:
    place.symlink_to(place.name)


def is_a_pipe(place: Path, _outside: Path) -> None:
    os.mkfifo(place)


def leads_to_a_pipe(place: Path, outside: Path) -> None:
    pipe = outside.parent / "tree" / "pipe"
    os.mkfifo(pipe)
    place.symlink_to(pipe)


def is_a_socket(place: Path, _outside: Path) -> None:
    with socket.socket(socket.AF_UNIX) as listening:
        here = Path.cwd()
        os.chdir(place.parent)  # the path of a socket is short
        try:
            listening.bind(place.name)
        finally:
            os.chdir(here)


SPOILS = [leads_out, leads_nowhere, leads_to_itself, is_a_pipe, leads_to_a_pipe, is_a_socket]


def installer(tmp_path: Path) -> Path:
    root = write_tree(
        tmp_path / "tree",
        {"inst/__init__.py": "", "setup.py": "", "inst/plugins/good_100.py": PLUGIN},
    )
    (tmp_path / "outside").mkdir()
    return root


def test_the_installer_is_sound(tmp_path: Path) -> None:
    assert 0 == check(installer(tmp_path)).exit_code


def check(root: Path, *words: str) -> Result:
    return CliRunner().invoke(command, ["check", str(root), "--format", "concise", *words])


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda spoil: spoil.__name__)
@pytest.mark.parametrize("path", SOUGHT.values(), ids=SOUGHT)
def test_what_is_not_read_is_an_error(path: str, spoil: Spoil, tmp_path: Path) -> None:
    root = installer(tmp_path)
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    spoil(root / path, tmp_path / "outside")
    for words in ([], ["--select", "PD101"], ["--ignore", "PD0"], ["--fail-on", "never"]):
        result = check(root, *words)
        assert 1 == result.exit_code, result.output
        assert 1 == result.output.count("PD005")
        assert path in result.output
        assert "SECRET" not in result.output
    assert ["GOOD"] == [g.name for p in plugindoc.load(root).plugins for g in p.groups]


@pytest.mark.parametrize(
    "path",
    [
        "inst/puppet",
        "inst/puppet/templates",
        "inst/puppet/modules/bad",
        "inst/modules",
        "inst/templates",
        "inst/more/plugins",
    ],
)
@pytest.mark.parametrize("leads", ["out", "nowhere"])
def test_a_folder_that_is_a_link_is_an_error(path: str, leads: str, tmp_path: Path) -> None:
    root = installer(tmp_path)
    write_tree(tmp_path / "out", {"templates/a.pp": "lookup('CONFIG_X')"})
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).symlink_to(tmp_path / leads)
    result = check(root)
    assert 1 == result.exit_code
    assert 1 == result.output.count("PD005")
    assert f"{path} is a symbolic link that leads {leads}" in result.output


@pytest.mark.parametrize("path", ["inst/puppet/a.pp", "inst/plugins/a_200.py", "inst/help.py"])
def test_a_folder_in_place_of_a_file_is_an_error(path: str, tmp_path: Path) -> None:
    root = installer(tmp_path)
    (root / path).mkdir(parents=True)
    result = check(root)
    assert 1 == result.exit_code
    assert path in result.output


@pytest.mark.parametrize("kind", ["a plugin", "a helper module", "a manifest", "hieradata"])
def test_a_file_that_is_too_large_is_an_error(kind: str, tmp_path: Path) -> None:
    root = write_tree(installer(tmp_path), {"inst/modules/__init__.py": ""})
    (root / SOUGHT[kind]).parent.mkdir(parents=True, exist_ok=True)
    (root / SOUGHT[kind]).write_bytes(b"#" * LARGEST)
    assert "PD005" not in check(root).output
    (root / SOUGHT[kind]).write_bytes(b"#" * (LARGEST + 1))
    result = check(root)
    assert 1 == result.exit_code
    assert "larger than 2,000,000 bytes" in result.output


def unprivileged(*words: str) -> subprocess.CompletedProcess[str]:
    """Run the command without root's right to read everything."""
    rights = "-dac_override,-dac_read_search"
    drop = ["setpriv", f"--bounding-set={rights}", f"--inh-caps={rights}"]
    main = "from plugindoc.commands.main import main; main()"
    command = [*(drop if os.geteuid() == 0 else []), sys.executable, "-c", main, *words]
    return subprocess.run(command, capture_output=True, text=True, check=False)


@pytest.mark.parametrize(
    "path",
    ["inst/puppet", "inst/puppet/templates", "inst/modules", "docs", "inst/puppet/templates/a.pp"],
)
def test_what_may_not_be_read_is_an_error(path: str, tmp_path: Path) -> None:
    root = write_tree(
        installer(tmp_path),
        {
            "inst/puppet/templates/a.pp": "lookup('CONFIG_X')",
            "inst/modules/a.py": "",
            "docs/packstack.rst": "",
        },
    )
    (root / path).chmod(0)
    try:
        done = unprivileged("check", str(root), "--format", "concise")
    finally:
        (root / path).chmod(0o755)
    assert 1 == done.returncode, done.stderr
    assert 1 == done.stdout.count("PD005")
    assert path in done.stdout


def test_links_inside_of_the_tree_are_read(tmp_path: Path) -> None:
    root = installer(tmp_path)
    write_tree(
        root,
        {
            "shared/puppet/templates/a.pp": "$a = lookup('CONFIG_A')",
            "shared/b.pp": "$b = lookup('CONFIG_B')",
        },
    )
    (root / "inst" / "puppet").symlink_to("../shared/puppet")
    (root / "inst" / "again").symlink_to("../inst")
    (root / "inst" / "b.pp").symlink_to("../shared/b.pp")
    project = plugindoc.load(root)
    assert () == project.problems
    assert ["a", "inst/b"] == sorted(template.name for template in project.templates)


@pytest.mark.parametrize(
    "path", ["inst/README", ".git/x.pp", "inst/tests/a.pp", "inst/docs/conf.py", "notes.py"]
)
def test_what_is_not_looked_for_may_lead_anywhere(path: str, tmp_path: Path) -> None:
    root = installer(tmp_path)
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).symlink_to("/nowhere")
    assert () == plugindoc.load(root).problems


@pytest.mark.parametrize(
    "path",
    [
        b"inst/plugins/caf\xe9_200.py",
        b"inst/modules/caf\xe9.py",
        b"inst/puppet/templates/caf\xe9.pp",
        b"inst/puppet/modules/caf\xe9/manifests/init.pp",
    ],
)
def test_a_name_that_is_not_utf_8_is_an_error(path: bytes, tmp_path: Path) -> None:
    root = installer(tmp_path)
    file = Path(os.fsdecode(os.fsencode(root) + b"/" + path))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("x = 1\n")
    for form in FORMATS:
        result = check(root, "--format", form)
        assert 1 == result.exit_code, result.output
        assert "caf? has a name" in result.output.replace(".py", "").replace(".pp", "").replace(
            "_200", ""
        )
    assert 0 == CliRunner().invoke(command, ["export", str(root)]).exit_code


def test_an_installer_may_lie_anywhere(tmp_path: Path) -> None:
    root = installer(tmp_path).rename(Path(os.fsdecode(os.fsencode(tmp_path) + b"/caf\xe9")))
    assert 0 == check(root).exit_code
    assert 0 == CliRunner().invoke(command, ["export", str(root)]).exit_code


def test_a_baseline_accepts_what_is_not_read(tmp_path: Path) -> None:
    root = installer(tmp_path)
    (root / "inst" / "a.pp").symlink_to("/nowhere")
    baseline = str(tmp_path / "baseline.json")
    assert 0 == check(root, "--baseline", baseline, "--accept").exit_code
    assert 0 == check(root, "--baseline", baseline).exit_code
    (root / "inst" / "b.pp").symlink_to("/nowhere")
    assert 1 == check(root, "--baseline", baseline).exit_code


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/tty", "/proc/self/environ", "/"])
def test_devices_and_the_like_are_not_read(path: str) -> None:
    with pytest.raises(OSError, match=r"."):
        read_file(path, largest=0)
