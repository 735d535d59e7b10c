"""Work on several hosts at the same time, for steps."""

from __future__ import annotations

import concurrent.futures
import contextvars
import logging
import shlex
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TypeVar

from source_packstack.installer.errors import HostError, HostsFailedError
from source_packstack.installer.processes import Process, command_line, end_all
from source_packstack.installer.runs import current_run

__all__ = ["ScriptRunner", "on_hosts", "run_script"]

_PARALLEL = 64

T = TypeVar("T")
log = logging.getLogger(__name__)


class ScriptRunner:
    """A shell script for one host, built line by line.

    The script stops at the first line that fails. Put values into lines with `shlex.quote`.
    """

    def __init__(self, host: str) -> None:
        self.host = host
        self.lines: list[str] = []

    def append(self, line: str) -> None:
        """Add a line."""
        self.lines.append(line)

    def execute(self) -> tuple[int, str]:
        """Run the script as root; return its exit code, 0, and its output.

        Raises HostError with the script's last output if a line fails. A dry run only records
        the script.
        """
        status, output = run_script(self.host, "\n".join(["set -eu", *self.lines]))
        if status:
            raise HostError(self.host, f"{_complaint(output)} (exit code {status})")
        return status, output


def run_script(
    host: str,
    script: str,
    payload: bytes | Path = b"",
    on_line: Callable[[str], None] | None = None,
    time_limit: float | None = None,
) -> tuple[int, str]:
    """Run a script as root on a host; return its exit code and output.

    The script can read `payload` (bytes or a local file) from `$PAYLOAD`. `on_line` is called with
    each line of output as it arrives; without it, lines are logged and shown. Raises HostError if
    the host cannot be reached or is lost, and TimeLimitError after `time_limit` seconds.
    """
    run = current_run()
    body = f"{script}\n".encode()
    size = payload.stat().st_size if isinstance(payload, Path) else len(payload)
    _note(host, script, payload, size)
    if run.dry_run:
        return 0, ""
    try:
        with Process(host, command_line(host, str(len(body)), str(size))) as process:
            process.feed(body, payload)
            return process.finish(on_line or partial(_show_line, host), time_limit)
    finally:
        if not on_line:
            run.show(host, "", "")


def on_hosts(hosts: Iterable[str], work: Callable[[str], T]) -> dict[str, T]:
    """Do the work for all hosts at the same time; return the results by host.

    If some hosts fail, the others still finish; HostsFailedError then reports all failures. Ctrl-C
    ends the work on every host before it is raised again.
    """
    with concurrent.futures.ThreadPoolExecutor(_PARALLEL) as pool:
        futures = {host: pool.submit(contextvars.copy_context().run, work, host) for host in hosts}
        try:
            concurrent.futures.wait(futures.values())
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            end_all()
            raise
    errors = [future.exception() for future in futures.values()]
    failures = [error for error in errors if isinstance(error, HostError)]
    if failures:
        raise HostsFailedError(*failures)
    return {host: future.result() for host, future in futures.items()}


def _show_line(host: str, line: str) -> None:
    log.debug("%s| %s", host, line)
    if line:
        current_run().show(host, "", current_run().masked(line))


def _introduction(host: str) -> str:
    command = shlex.join(command_line(host, "SIZE", "PAYLOAD_SIZE"))
    quoted = "\n".join(f"#   {line}" for line in command.splitlines())
    return (
        f"# What runs on {host}, as root, block by block. Each block, and behind it the bytes of\n"
        f"# its $PAYLOAD if it has one, is the standard input of this command:\n{quoted}\n"
    )


def _complaint(output: str) -> str:
    """Return the most helpful line of a failed script's output: an error, or the last line."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("E:", "Error:", "error:"))]
    return (errors or lines or ["it said nothing"])[-1]


def _note(host: str, script: str, payload: bytes | Path, size: int) -> None:
    """Record the script, in the log and in the folder of the run."""
    run = current_run()
    log.debug("%s: %s\n%s", host, run.step, script)
    commands = run.host_folder(host) / "commands.sh"
    new = not commands.exists()
    what = payload if isinstance(payload, Path) else f"{size} bytes"
    remark = f"; $PAYLOAD: {what}" if size else ""
    with commands.open("a", encoding="utf-8") as file:
        if new:
            commands.chmod(0o600)
            file.write(_introduction(host))
        file.write(f"\n# {run.step}{remark}\n{run.masked(script)}\n")
