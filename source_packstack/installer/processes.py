"""Run scripts on hosts; they are sent through standard input and end with the connection.

Scripts are not visible in a process list. The connection stays open while the host works. If it
ends early, because of Ctrl-C, a killed installer or a broken link, the host ends the work itself.
"""

from __future__ import annotations

import logging
import re
import shutil
import subprocess
import threading
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Self

from source_packstack.installer.addresses import is_local
from source_packstack.installer.errors import HostError, TimeLimitError
from source_packstack.installer.runs import current_run
from source_packstack.installer.ssh import CONNECTION_FAILED, explain_ssh, ssh_command

__all__ = ["Process", "command_line", "end_all", "without_controls"]

_SECONDS_TO_END = 20
_CHUNK = 1 << 16
# Control characters, writing directions and other line ends could control the user's terminal.
_STEERING = re.compile(r"[\x00-\x08\x0a-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u206f]")
_LONGEST_LINE = 1 << 14  # characters
_LONGEST_ENTRY = 1 << 20  # characters of a line of JSON: the output of a command in Puppet's log
_MOST_OUTPUT = 1 << 26  # bytes; Puppet prints a few thousand lines

OnLine = Callable[[str], None]
log = logging.getLogger(__name__)
_running: set[Process] = set()
_over = threading.Event()

# Becomes root when it is not yet, and then runs _WORK.
_BECOME_ROOT = (
    'if [ "$(id -u)" -eq 0 ]; then exec sh -c "$0" source-packstack "$1" "$2"; '
    'else exec sudo -n -H -- sh -c "$0" source-packstack "$1" "$2"; fi'
)
# Reads a script of $1 bytes and a payload of $2 bytes from standard input and runs the script in
# a session of its own. The end of the input means that nobody waits any more: the session gets ten
# seconds to end. The watch cleans up, too: without a reader the shell itself may not live to.
_WORK = """\
work=$(mktemp -d /var/tmp/source-packstack.XXXXXXXXXX) || exit 1
trap 'rm -rf "$work"' EXIT
(umask 077; head -c "$1" >"$work/script"; head -c "$2" >"$work/payload") || exit 1
export PAYLOAD="$work/payload"
exec 3<&0 </dev/null
setsid sh "$work/script" 3<&- &
job=$!
{ cat <&3; : >"$work/over"; kill -TERM -"$job"; tries=50
  while [ "$tries" -gt 0 ] && kill -0 -"$job"; do sleep 0.2; tries=$((tries - 1)); done
  kill -KILL -"$job"; rm -rf "$work"; } >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$job"; status=$?
if [ -e "$work/over" ]; then wait "$watch"; else kill "$watch"; fi 2>/dev/null
exit "$status"
"""


def command_line(host: str, script_size: str, payload_size: str) -> list[str]:
    """Return the command that runs a script of a given size on a host, followed by a payload.

    If the host is this machine, ssh is not used.
    """
    remote = ["sh", "-c", _BECOME_ROOT, _WORK, script_size, payload_size]
    return remote if is_local(host) else ssh_command(host, remote)


class Process:
    """A process that runs a script on a host: written through standard input, read by lines."""

    def __init__(
        self, host: str, command: list[str], environment: Mapping[str, str] | None = None
    ) -> None:
        self.host = host
        self._timed_out = False
        self._killer: threading.Timer | None = None
        self._popen = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C reaches only the installer
        )
        assert self._popen.stdin and self._popen.stdout  # noqa: S101, PT018 -- Popen got PIPE
        self._stdin, self._stdout = self._popen.stdin, self._popen.stdout

    def __enter__(self) -> Self:
        _running.add(self)
        if _over.is_set():
            self.end()
        return self

    def __exit__(self, *_: object) -> None:
        _running.discard(self)
        self.end()
        self._popen.wait()
        if self._killer:
            self._killer.cancel()
        self._stdout.close()

    def feed(self, body: bytes, payload: bytes | Path) -> None:
        """Send the script and its payload; a closed connection is reported on reading."""
        try:
            self._stdin.write(body)
            if isinstance(payload, Path):
                with payload.open("rb") as file:
                    shutil.copyfileobj(file, self._stdin, _CHUNK)
            else:
                self._stdin.write(payload)
            self._stdin.flush()
        except BrokenPipeError:
            log.debug("%s hung up while it was sent a script", self.host)

    def finish(
        self, on_line: OnLine | None, time_limit: float | None, *, explain: bool = True
    ) -> tuple[int, str]:
        """Read all output; return the exit code and the output.

        Raises TimeLimitError after `time_limit` seconds, and HostError for an output without an
        end or, with `explain`, a lost connection.
        """
        timer = threading.Timer(time_limit or threading.TIMEOUT_MAX, self._reach_limit)
        timer.start()
        lines: list[str] = []
        try:
            for line in self._lines():
                lines.append(line)
                if on_line:
                    on_line(line)
            status = self._popen.wait()
        finally:
            timer.cancel()
        if self._timed_out:
            raise TimeLimitError(self.host, f"not finished after {time_limit:g} seconds")
        output = "\n".join(lines)
        if status == CONNECTION_FAILED and explain:
            raise HostError(self.host, explain_ssh(self.host, output))
        return status, output

    def _lines(self) -> Iterator[str]:
        """Yield the output by lines; overlong lines are cut."""
        size, begins = 0, True
        while raw := self._stdout.readline(2 * _LONGEST_ENTRY):
            size += len(raw)
            if size > _MOST_OUTPUT:
                raise HostError(self.host, f"its output is larger than {_MOST_OUTPUT} bytes")
            if begins:
                line = raw.decode("utf-8", "replace").rstrip()
                longest = _LONGEST_ENTRY if line.startswith("{") else _LONGEST_LINE
                if len(line) > longest:  # masked first, so that no part of a secret remains
                    line = current_run().masked(line)[:longest]
                yield without_controls(line)
            begins = raw.endswith(b"\n")

    def end(self) -> None:
        """Close the input, so that the host ends the work; do not wait for a dead host."""
        if self._popen.poll() is None and self._killer is None:
            self._killer = threading.Timer(_SECONDS_TO_END, self._popen.kill)
            self._killer.daemon = True
            self._killer.start()
        try:
            self._stdin.close()
        except BrokenPipeError:
            log.debug("%s had hung up already", self.host)

    def _reach_limit(self) -> None:
        self._timed_out = True
        self.end()


def without_controls(text: str) -> str:
    """Return a text without terminal control characters that can be written to any file."""
    return _STEERING.sub("\ufffd", text).encode("utf-8", "replace").decode("utf-8")


def end_all() -> None:
    """End the work on every host, including work that has not started yet."""
    _over.set()
    for process in list(_running):
        process.end()
