"""The look at Horizon that ends a run, against a small stand-in for Horizon."""

from __future__ import annotations

import runpy
import sys
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from types import ModuleType
from typing import Any, ClassVar
from urllib.parse import parse_qs

import pytest

import source_packstack

TOOL = Path(source_packstack.__file__).parent / "puppet/modules/packstack/files/try-cloud"
LOGIN = """\
<link rel="stylesheet" href="/horizon/static/dashboard.css">
<form method="post"><input type="hidden" name="csrfmiddlewaretoken" value="a&amp;b">
<input type="hidden" name="region" value="default"><input type="password" name="password"></form>
"""


class Horizon(BaseHTTPRequestHandler):
    """Lets admin in who brings back the cookie and the hidden fields, and sends others back."""

    broken: ClassVar[set[str]] = set()

    def do_GET(self) -> None:
        if self.path in self.broken:
            self.answer(500)
        elif self.path == "/horizon/" and "session=1" not in self.headers.get("Cookie", ""):
            self.answer(302, Location="/horizon/auth/login/?next=/horizon/")
        else:
            self.answer(200, LOGIN, **{"Set-Cookie": "csrf=1; Path=/"})

    def do_POST(self) -> None:
        form = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
        known = {
            "csrfmiddlewaretoken": ["a&b"],
            "region": ["default"],
            "username": ["admin"],
            "password": ["open sesame"],
        }
        if form == known and self.headers.get("Cookie") == "csrf=1":
            self.answer(302, Location="/horizon/", **{"Set-Cookie": "session=1; Path=/"})
        else:
            self.answer(200, LOGIN)

    def answer(self, code: int, text: str = "", **headers: str) -> None:
        self.send_response(code)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *_: object) -> None:
        """Keep quiet."""


@pytest.fixture
def address(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    monkeypatch.setattr(Horizon, "broken", set())
    with HTTPServer(("127.0.0.1", 0), Horizon) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/horizon/"
        server.shutdown()
        thread.join()


@pytest.fixture
def tool(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Load the tool, with stand-ins for the modules that only hosts have."""
    config = ModuleType("openstack.config")
    config.OpenStackConfig = None  # type: ignore[attr-defined]  # never called here
    monkeypatch.setitem(sys.modules, "openstack", ModuleType("openstack"))
    monkeypatch.setitem(sys.modules, "openstack.config", config)
    return runpy.run_path(str(TOOL))


@pytest.fixture
def log_in(tool: dict[str, Any], address: str) -> Callable[[str], str]:
    def log_in(password: str) -> str:
        try:
            found: str = tool["log_in"](address, {"username": "admin", "password": password})
        except tool["NotThereError"] as error:
            return str(error)
        return found

    return log_in


def test_the_administrator_logs_in(log_in: Callable[[str], str], address: str) -> None:
    assert f"Horizon: logged in at {address}" == log_in("open sesame")


def test_a_refused_login_is_a_failure(log_in: Callable[[str], str], address: str) -> None:
    assert f"Horizon at {address} lets nobody log in" == log_in("wrong")


@pytest.mark.parametrize(
    "path",
    ["/horizon/", "/horizon/auth/login/?next=/horizon/", "/horizon/static/dashboard.css"],
)
def test_a_page_or_style_sheet_that_is_not_served_is_a_failure(
    log_in: Callable[[str], str], address: str, path: str
) -> None:
    Horizon.broken.add(path)
    assert f"Horizon at {address} does not work (HTTP Error 500: Internal Server Error)" == log_in(
        "open sesame"
    )
