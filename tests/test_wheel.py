"""The wheel works where nothing else is: an empty environment, outside the checkout."""

from __future__ import annotations

import os
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "-q", "--disable-pip-version-check"]
    command = ["wheel", "--no-deps", "--no-build-isolation", "-w", str(folder), str(ROOT)]
    subprocess.run([*pip, *command], check=True)
    (built,) = folder.glob("*.whl")
    return built


def test_the_wheel_holds_every_file_of_both_packages(wheel: Path) -> None:
    tracked = {
        path.relative_to(ROOT).as_posix()
        for package in ("plugindoc", "source_packstack")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    with zipfile.ZipFile(wheel) as archive:
        packed = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert tracked == packed
    assert {"plugindoc/py.typed", "source_packstack/py.typed"} <= packed
    assert any(name.endswith(".pp") for name in packed)
    assert any(name.endswith(".css") for name in packed)


def test_the_source_archive_holds_all_that_a_clone_has(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "sdist", "-d", str(tmp_path)]
    subprocess.run(command, check=True, cwd=ROOT, capture_output=True)
    (built,) = tmp_path.glob("*.tar.gz")
    with tarfile.open(built) as archive:
        packed = {name.partition("/")[2] for name in archive.getnames()}
    assert {"action.yml", ".pre-commit-hooks.yaml", "LICENSE", "Makefile"} <= packed
    assert {"plugindoc/py.typed", "docs/conf.py", "tests/test_wheel.py"} <= packed


@pytest.mark.wheel
def test_both_commands_work_in_an_empty_environment(wheel: Path, tmp_path: Path) -> None:
    home = tmp_path / "environment"
    venv.create(home, with_pip=True)
    bin_folder = home / "bin"

    def run(*command: str, code: int = 0) -> str:
        environment = {"PATH": f"{bin_folder}:{os.environ['PATH']}", "HOME": str(tmp_path)}
        done = subprocess.run(
            command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False
        )
        assert code == done.returncode, done.stdout + done.stderr
        return done.stdout

    run("python", "-m", "pip", "-q", "--disable-pip-version-check", "install", str(wheel))
    installed = run("python", "-c", "import source_packstack as s; print(s.__path__[0], end='')")
    assert str(home) in installed
    assert run("plugindoc", "--version").startswith("plugindoc ")
    assert "CONFIG_" in run("plugindoc", "export", installed)
    assert run("plugindoc", "check", installed)
    run("plugindoc", "build", installed, "--output", "site")
    assert "CONFIG_MARIADB_PW" in "".join(
        page.read_text() for page in (tmp_path / "site").rglob("*.html")
    )
    assert "--gen-answer-file" in run("source-packstack", "--help")
    run("source-packstack", "--gen-answer-file", "answers.txt")
    assert "CONFIG_" in (tmp_path / "answers.txt").read_text()
    run("plugindoc", "export", "nowhere", code=2)
