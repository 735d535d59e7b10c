"""Progress without a terminal, as lines, and in one, in place."""

from __future__ import annotations

import io
import time

import pytest
from rich.console import Console

from source_packstack.installer.progress import Progress


def wait_for(output: io.StringIO, text: str) -> None:
    deadline = time.monotonic() + 20
    while text not in output.getvalue():
        assert time.monotonic() < deadline, output.getvalue()
        time.sleep(0.01)


def test_without_a_terminal_each_host_at_work_gets_a_line_from_time_to_time() -> None:
    output = io.StringIO()
    with Progress(Console(file=output, width=100), "Applying", 0.02) as progress:
        progress.show("192.0.2.1", "phase 1 of 5 (backend), resource 3 of 9", "Package[a]")
        wait_for(
            output, "    192.0.2.1: phase 1 of 5 (backend), resource 3 of 9, 0 s: Package[a]\n"
        )
        progress.show("192.0.2.1", "", "")
        progress.report("done")
        progress.show("192.0.2.2", "", "apt-get: [brackets] are text")
        wait_for(output, "192.0.2.2: 0 s: apt-get: [brackets] are text\n")
    assert "Package[a]" not in output.getvalue().partition("done")[2]


def test_the_time_is_that_of_the_phase(monkeypatch: pytest.MonkeyPatch) -> None:
    now = iter([100, 160, 160, 170, 170])
    monkeypatch.setattr(time, "monotonic", lambda: next(now, 171))
    output = io.StringIO()
    progress = Progress(Console(file=output, width=100), "Applying")
    for phase in ("phase 1 of 5, resource 3 of 9", "phase 1 of 5, resource 4 of 9"):
        progress.show("h", phase, "a")
    assert ["h: phase 1 of 5, resource 4 of 9, 60 s: a"] == progress.lines()
    progress.show("h", "phase 2 of 5", "c")
    assert ["h: phase 2 of 5, 10 s: c"] == progress.lines()


def test_in_a_terminal_hosts_are_shown_in_place_and_many_are_counted() -> None:
    output = io.StringIO()
    console = Console(file=output, force_terminal=True, width=60)
    with Progress(console, "Applying") as progress:
        for number in range(12):
            progress.show(f"host{number}", "", "x" * 80)
        wait_for(output, "and 4 more hosts")
    assert "host7: 0 s: xxx" in output.getvalue()
    assert "host8" not in output.getvalue()
