"""The user's own OpenSSH: one shared connection a host, closed in the end."""

from __future__ import annotations

import atexit
import contextlib
import shlex
import shutil
import subprocess
import tempfile
import threading
from pathlib import Path

from source_packstack.installer.runs import current_run

__all__ = ["CONNECTION_FAILED", "close_connections", "explain_ssh", "ssh_command"]

CONNECTION_FAILED = 255  # what ssh itself exits with
_SECONDS_TO_CONNECT = 15
_SECONDS_TO_CLOSE = 5

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


def explain_ssh(host: str, output: str) -> str:
    """Say what a failed ssh means and what to do, from what it printed."""
    for complaint, advice in _SSH_COMPLAINTS:
        if complaint in output:
            return advice.format(host=host)
    said = [line.strip() for line in output.splitlines() if line.strip()]
    return f"the connection failed: {said[-1]}" if said else "the connection was lost"


def close_connections() -> None:
    """Close the shared connections and remove their folder."""
    folder = _Connections.folder
    if folder is None:
        return
    _Connections.folder = None
    for socket in folder.iterdir():
        command = ["ssh", "-o", f"ControlPath={socket}", "-O", "exit", "--", "all"]
        with contextlib.suppress(subprocess.TimeoutExpired):
            subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS_TO_CLOSE)
    shutil.rmtree(folder, ignore_errors=True)


class _Connections:
    """The folder of the connections' sockets, made when the first host is reached."""

    folder: Path | None = None
    lock = threading.Lock()


def _control_folder() -> Path:
    with _Connections.lock:
        if _Connections.folder is None:
            # Short on purpose: a socket's path may have 107 characters.
            _Connections.folder = Path(tempfile.mkdtemp(prefix="sp-", dir="/tmp"))
            atexit.register(close_connections)
        return _Connections.folder
