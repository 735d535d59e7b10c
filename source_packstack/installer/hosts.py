"""Work on hosts: scripts and files over the user's own OpenSSH, on many hosts at once.

Every script goes to its host through standard input, so nothing of it stands in a process list.
The connection stays open while the host works; when it ends early, by Ctrl-C, a killed installer
or a broken link, the host ends the work by itself.
"""

from __future__ import annotations

import atexit
import concurrent.futures
import contextvars
import logging
import shlex
import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import IO, Self, TypeVar

from source_packstack.installer.addresses import is_local
from source_packstack.installer.errors import (
    HostError,
    HostsFailedError,
    ScriptRuntimeError,
    TimeLimitError,
)
from source_packstack.installer.runs import current_run

__all__ = [
    "LOCAL",
    "ScriptRunner",
    "close_connections",
    "explain_ssh",
    "on_hosts",
    "run_script",
    "ssh_command",
]

LOCAL = "this machine"
_PARALLEL = 64
_SECONDS_TO_CONNECT = 15
_SECONDS_TO_END = 20
_CONNECTION_LOST = 255  # what ssh itself exits with
_CHUNK = 1 << 16

T = TypeVar("T")
log = logging.getLogger(__name__)

# Becomes root when it is not yet, and then runs _WORK.
_BECOME_ROOT = (
    'if [ "$(id -u)" -eq 0 ]; then exec sh -c "$0" source-packstack "$1" "$2"; '
    'else exec sudo -n -H -- sh -c "$0" source-packstack "$1" "$2"; fi'
)
# Reads a script of $1 bytes and a payload of $2 bytes from standard input and runs the script in
# a session of its own. The end of the input means that nobody waits any more: the session gets ten
# seconds to end, and no longer.
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
  kill -KILL -"$job"; } >/dev/null 2>&1 &
watch=$!
exec 3<&-
wait "$job"; status=$?
if [ -e "$work/over" ]; then wait "$watch"; else kill "$watch"; fi 2>/dev/null
exit "$status"
"""


def ssh_command(host: str, remote: list[str], *more_options: str) -> list[str]:
    """Give the command line that runs `remote` on a host over a shared connection.

    Whatever is not said here is left to the user's ssh_config: jump hosts, ports, keys.
    """
    run = current_run()
    options = [
        "ControlMaster=auto",
        f"ControlPath={_control_folder()}/%C",
        "ControlPersist=60",
        f"ConnectTimeout={_SECONDS_TO_CONNECT}",
        "ServerAliveInterval=10",
        *(more_options or ["BatchMode=yes"]),
    ]
    if run.ssh_accept_new_keys:
        options.append("StrictHostKeyChecking=accept-new")
    if run.ssh_user:
        options.append(f"User={run.ssh_user}")
    flags = [part for option in options for part in ("-o", option)]
    return ["ssh", "-T", *flags, "--", host, shlex.join(remote)]


class ScriptRunner:
    """A shell script, put together line by line, for one host or for this machine.

    The script stops at the first line that fails. Put values into lines with `shlex.quote`.
    """

    def __init__(self, host: str = LOCAL) -> None:
        self.host = host
        self.lines: list[str] = []

    def append(self, line: str) -> None:
        """Add a line."""
        self.lines.append(line)

    def execute(self) -> tuple[int, str]:
        """Run the script as root and give its exit code, 0, and its output.

        Raises ScriptRuntimeError with the script's last words when a line fails. A dry run only
        notes the script.
        """
        status, output = run_script(self.host, "\n".join(["set -eu", *self.lines]))
        if status:
            raise ScriptRuntimeError(
                self.host, f"{_complaint(output)} (exit code {status})", status
            )
        return status, output


def run_script(
    host: str,
    script: str,
    payload: bytes | Path = b"",
    on_line: Callable[[str], None] | None = None,
    time_limit: float | None = None,
) -> tuple[int, str]:
    """Run a script as root on a host and give its exit code and output.

    `payload` (bytes or a local file) reaches the script as the file `$PAYLOAD`. `on_line` gets
    each line of output when it comes. Raises HostError when the host cannot be reached or is
    lost, TimeLimitError after `time_limit` seconds.
    """
    run = current_run()
    body = f"{script}\n".encode()
    size = payload.stat().st_size if isinstance(payload, Path) else len(payload)
    _note(host, script, payload, size)
    if run.dry_run:
        return 0, ""
    remote = ["sh", "-c", _BECOME_ROOT, _WORK, str(len(body)), str(size)]
    with _Process(host, _transport(host, remote)) as process:
        process.feed(body, payload)
        return process.finish(on_line, time_limit)


def on_hosts(hosts: Iterable[str], work: Callable[[str], T]) -> dict[str, T]:
    """Do the work for all hosts at once and give the results by host.

    When it fails on some hosts, the others still come to their end; then HostsFailedError tells
    about all failures. Ctrl-C ends the work on every host before it is raised again.
    """
    names = list(hosts)
    results: dict[str, T] = {}
    failures: list[HostError] = []
    if not names:
        return results
    with concurrent.futures.ThreadPoolExecutor(min(len(names), _PARALLEL)) as pool:
        futures = {pool.submit(contextvars.copy_context().run, work, host): host for host in names}
        try:
            for future in concurrent.futures.as_completed(futures):
                try:
                    results[futures[future]] = future.result()
                except HostError as error:
                    log.error("%s", error)  # noqa: TRY400 -- the message is the whole story
                    failures.append(error)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end_all()
            raise
    if failures:
        raise HostsFailedError(sorted(failures, key=lambda failure: names.index(failure.host)))
    return {host: results[host] for host in names}


def close_connections() -> None:
    """Close the shared connections and remove their folder."""
    folder = _Connections.folder
    if folder is None:
        return
    _Connections.folder = None
    for socket in folder.iterdir():
        subprocess.run(
            ["ssh", "-o", f"ControlPath={socket}", "-O", "exit", "--", "all"],
            check=False,
            capture_output=True,
            timeout=_SECONDS_TO_END,
        )
    shutil.rmtree(folder, ignore_errors=True)


class _Connections:
    """The folder of the connections' sockets, made when the first host is reached."""

    folder: Path | None = None
    lock = threading.Lock()
    running: set[_Process] = set()  # noqa: RUF012 -- one set for the process


def _control_folder() -> Path:
    with _Connections.lock:
        if _Connections.folder is None:
            # Short on purpose: a socket's path may have 107 characters.
            _Connections.folder = Path(tempfile.mkdtemp(prefix="sp-", dir="/tmp"))
            atexit.register(close_connections)
        return _Connections.folder


def _transport(host: str, remote: list[str]) -> list[str]:
    if host == LOCAL or is_local(host):
        return remote
    return ssh_command(host, remote)


def _introduction(host: str) -> str:
    command = shlex.join(
        _transport(host, ["sh", "-c", _BECOME_ROOT, _WORK, "SIZE", "PAYLOAD_SIZE"])
    )
    quoted = "\n".join(f"#   {line}" for line in command.splitlines())
    return (
        f"# What runs on {host}, as root, block by block. Each block, and behind it the bytes of\n"
        f"# its $PAYLOAD if it has one, is the standard input of this command:\n{quoted}\n"
    )


def _complaint(output: str) -> str:
    """Give the line of a failed script's output that says most: an error, or the last one."""
    lines = [line.strip() for line in output.splitlines() if line.strip()]
    errors = [line for line in lines if line.startswith(("E:", "Error:", "error:"))]
    return (errors or lines or ["it said nothing"])[-1]


def _note(host: str, script: str, payload: bytes | Path, size: int) -> None:
    """Write the script down, for the log and for whoever reads a dry run's folder."""
    run = current_run()
    log.debug("%s: %s\n%s", host, run.step, script)
    if host == LOCAL:
        return
    commands = run.host_folder(host) / "commands.sh"
    new = not commands.exists()
    source = f"; $PAYLOAD is {payload}" if isinstance(payload, Path) else ""
    amount = f"; $PAYLOAD has {size} bytes" if size and not source else ""
    with commands.open("a", encoding="utf-8") as file:
        if new:
            commands.chmod(0o600)
            file.write(_introduction(host))
        file.write(f"\n# {run.step or 'Preparing'}{source}{amount}\n{run.masked(script)}\n")


class _Process:
    """A running transport: fed through standard input, read line by line."""

    def __init__(self, host: str, command: list[str]) -> None:
        self.host = host
        self._timed_out = False
        self._killer: threading.Timer | None = None
        self._popen = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # Ctrl-C is for the installer, which ends the work in order
        )

    def __enter__(self) -> Self:
        _Connections.running.add(self)
        return self

    def __exit__(self, *_: object) -> None:
        _Connections.running.discard(self)
        self.end()
        self._popen.wait()
        if self._killer:
            self._killer.cancel()
        self._stdout.close()

    @property
    def _stdin(self) -> IO[bytes]:
        assert self._popen.stdin is not None  # noqa: S101 -- Popen got PIPE
        return self._popen.stdin

    @property
    def _stdout(self) -> IO[bytes]:
        assert self._popen.stdout is not None  # noqa: S101 -- Popen got PIPE
        return self._popen.stdout

    def feed(self, body: bytes, payload: bytes | Path) -> None:
        """Send the script and its payload; a host that hangs up is noticed when it is read."""
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
        self, on_line: Callable[[str], None] | None, time_limit: float | None
    ) -> tuple[int, str]:
        """Read the output to its end and give the exit code with it."""
        timer = threading.Timer(time_limit, self._reach_limit) if time_limit else None
        if timer:
            timer.start()
        lines: list[str] = []
        try:
            for raw in self._stdout:
                line = raw.decode("utf-8", "replace").rstrip("\r\n")
                log.debug("%s| %s", self.host, line)
                lines.append(line)
                if on_line:
                    on_line(line)
            status = self._popen.wait()
        finally:
            if timer:
                timer.cancel()
        if self._timed_out:
            raise TimeLimitError(self.host, f"not finished after {time_limit:g} seconds")
        output = "\n".join(lines)
        if status == _CONNECTION_LOST:
            raise HostError(self.host, explain_ssh(self.host, output))
        return status, output

    def end(self) -> None:
        """Close the input, upon which the host ends the work; do not wait for a dead host."""
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


def _end_all() -> None:
    for process in list(_Connections.running):
        process.end()


_SSH_COMPLAINTS = (
    (
        "REMOTE HOST IDENTIFICATION HAS CHANGED",
        "its host key is not the one in known_hosts; find out why before you trust it",
    ),
    (
        "Host key verification failed",
        "its host key is not known; check it with `ssh {host}`, or set CONFIG_SSH_ACCEPT_NEW_KEYS",
    ),
    (
        "Permission denied",
        "it accepts none of your SSH keys; set CONFIG_SSH_INSTALL_KEY to have one installed",
    ),
)


def explain_ssh(host: str, output: str) -> str:
    """Say what a failed ssh means and what to do, from what it printed."""
    for complaint, advice in _SSH_COMPLAINTS:
        if complaint in output:
            return advice.format(host=host)
    said = [line.strip() for line in output.splitlines() if line.strip()]
    return f"the connection failed: {said[-1]}" if said else "the connection was lost"
