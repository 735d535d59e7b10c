"""``plugindoc serve``: a real server, a real save, and the page that follows it."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from pathlib import Path

import pytest
from click.testing import CliRunner
from websockets.sync.client import connect

from plugindoc.commands.main import plugindoc
from tests.plugindoc.sphinx.installers import write_installer

PLUGIN = "compute_300.py"
PAGE = "plugins/compute_300.html"
TIMEOUT = 60
"""Seconds; a machine that is busy with other things takes long."""


@pytest.fixture
def installer(tmp_path: Path) -> Path:
    return write_installer(tmp_path / "installer")


@pytest.fixture
def port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def page(port: int) -> str:
    """Return the plugin's page as the server gives it; "" while there is none."""
    connection = HTTPConnection("127.0.0.1", port, timeout=TIMEOUT)
    try:
        connection.request("GET", f"/{PAGE}")
        answer = connection.getresponse()
        return answer.read().decode() if answer.status == 200 else ""
    except ConnectionError:
        return ""
    finally:
        connection.close()


@pytest.fixture
def _served(installer: Path, port: int, tmp_path: Path) -> Iterator[None]:
    """Serve the installer's site in a process of its own until the test is over."""
    command = [Path(sys.executable).parent / "plugindoc", "serve", installer, "--port", str(port)]
    said = tmp_path / "said.txt"
    with said.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=stream)
    try:
        end = time.monotonic() + TIMEOUT
        while not page(port):
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < end, said.read_text()
            time.sleep(0.1)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(TIMEOUT)


@pytest.mark.usefixtures("_served")
def test_a_page_reloads_when_its_plugin_is_saved(installer: Path, port: int) -> None:
    (plugin,) = installer.rglob(PLUGIN)
    before = page(port)

    with connect(f"ws://127.0.0.1:{port}/websocket-reload") as browser:
        plugin.write_text(plugin.read_text().replace('"""', '"""Changed a moment ago. ', 1))
        assert "refresh" == browser.recv(TIMEOUT)

    assert "/websocket-reload" in before
    assert "Changed a moment ago." not in before
    assert "Changed a moment ago." in page(port)


def test_an_address_that_is_taken_is_refused_before_anything_is_built(
    installer: Path, port: int
) -> None:
    with socket.create_server(("127.0.0.1", port)):
        result = CliRunner().invoke(plugindoc, ["serve", str(installer), "--port", str(port)])

    assert (2, f"Error: cannot listen on 127.0.0.1, port {port}: Address already in use\n") == (
        result.exit_code,
        result.stderr,
    )


@pytest.mark.parametrize("path", ["empty", "nowhere"])
def test_what_cannot_be_served_gets_a_clear_line(path: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()

    result = CliRunner().invoke(plugindoc, ["serve", str(tmp_path / path)])

    assert 2 == result.exit_code
    assert "Error: " in result.stderr
