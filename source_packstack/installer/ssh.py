"""The user's own OpenSSH, with one shared connection for each host.

The sockets of the connections are in a folder that is named after the process. Folders that a
killed installer left behind are removed by the next one.
"""

from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from source_packstack.installer.runs import Run, current_run

__all__ = ["CONNECTION_FAILED", "explain_ssh", "shared_connections", "ssh_command"]

CONNECTION_FAILED = 255  # exit code of ssh itself
_SECONDS_TO_CONNECT = 15
_SECONDS_TO_CLOSE = 5
_TEMPORARY = Path("/tmp")  # noqa: S108 -- short: a socket's path may have 107 characters

_ADVICE = {
    "REMOTE HOST IDENTIFICATION HAS CHANGED": (
        "its host key differs from the one in known_hosts; find out why before you trust it"
    ),
    "Host key verification failed": (
        "its host key is not known; check it with `ssh {host}`, or set CONFIG_SSH_ACCEPT_NEW_KEYS"
    ),
    "Permission denied": (
        "it accepts none of your SSH keys; set CONFIG_SSH_INSTALL_KEY to have one installed"
    ),
}


def ssh_command(host: str, remote: list[str], *more_options: str) -> list[str]:
    """Return the command line that runs `remote` on a host over a shared connection.

    All other settings come from the user's ssh_config: jump hosts, ports, keys.
    """
    run = current_run()
    options = [
        "ControlMaster=auto",
        f"ControlPath={run.connections}/%C",
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
    """Explain a failure of ssh from its output, with advice."""
    for complaint, advice in _ADVICE.items():
        if complaint in output:
            return advice.format(host=host)
    said = [line.strip() for line in output.splitlines() if line.strip()]
    return f"the connection failed: {said[-1]}" if said else "the connection was lost"


@contextlib.contextmanager
def shared_connections(run: Run) -> Iterator[None]:
    """Create a folder for the sockets of a run's connections, and close them after the block."""
    _remove_leftovers()
    run.connections = Path(tempfile.mkdtemp(prefix=f"sp-{os.getpid()}-", dir=_TEMPORARY))
    try:
        yield
    finally:
        for socket in filter(Path.is_socket, run.connections.iterdir()):
            command = ["ssh", "-o", f"ControlPath={socket}", "-O", "exit", "--", "all"]
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS_TO_CLOSE)
        shutil.rmtree(run.connections, ignore_errors=True)


def _remove_leftovers() -> None:
    """Remove the folders of the user's own processes that have ended."""
    for folder in _TEMPORARY.glob("sp-*-*"):
        process = Path("/proc", folder.name.split("-")[1])
        with contextlib.suppress(OSError):  # another installer may be removing it as well
            if folder.lstat().st_uid == os.getuid() and not process.exists():
                shutil.rmtree(folder)
