"""The user's SSH key, which is installed on hosts that still ask for a password."""

from __future__ import annotations

import os
from pathlib import Path

from source_packstack.installer.addresses import is_local
from source_packstack.installer.errors import HostError
from source_packstack.installer.processes import Process
from source_packstack.installer.runs import current_run
from source_packstack.installer.ssh import CONNECTION_FAILED, explain_ssh, ssh_command

__all__ = ["find_public_key", "install_key"]

_USUAL_KEYS = ("id_ed25519.pub", "id_ecdsa.pub", "id_rsa.pub")
_SECONDS = 60
_ASKING = (
    "BatchMode=no",
    "NumberOfPasswordPrompts=1",
    "PreferredAuthentications=password,keyboard-interactive",
)

# Reads the key from standard input; adds it once, whatever is in the file.
_ADD_KEY = """\
umask 077; mkdir -p ~/.ssh && read -r key && touch ~/.ssh/authorized_keys &&
{ grep -qxF "$key" ~/.ssh/authorized_keys || printf '%s\\n' "$key" >>~/.ssh/authorized_keys; }
"""


def find_public_key() -> str:
    """Return the path of the user's first default public key, or an empty text."""
    for name in _USUAL_KEYS:
        path = Path.home() / ".ssh" / name
        if path.is_file():
            return str(path)
    return ""


def install_key(host: str, key: Path, password: str) -> bool:
    """Add the public key to the account on a host; return whether this was necessary.

    The password is passed to ssh through memory of this process that only the user can read, never
    through an argument, the environment or a disk. Raises HostError if the host refuses it.
    """
    if current_run().dry_run or is_local(host) or _is_accepted(host):
        return False
    text = key.read_text(encoding="utf-8").strip()
    status, output = _ssh(host, ["sh", "-c", _ADD_KEY], _ASKING, f"{text}\n", password)
    if status:
        wrong = "Permission denied" in output
        raise HostError(host, "it refuses the password" if wrong else explain_ssh(host, output))
    return True


def _is_accepted(host: str) -> bool:
    status, output = _ssh(host, ["true"], ("BatchMode=yes",))
    if status == CONNECTION_FAILED and "Permission denied" not in output:
        raise HostError(host, explain_ssh(host, output))
    return status == 0


def _ssh(
    host: str, remote: list[str], options: tuple[str, ...], text: str = "", password: str = ""
) -> tuple[int, str]:
    with os.fdopen(os.memfd_create("password"), "wb") as secret:
        secret.write(f"{password}\n".encode())
        secret.flush()
        ask = current_run().connections / f"ask-{host}"
        ask.write_text(f"#!/bin/sh\nexec cat /proc/{os.getpid()}/fd/{secret.fileno()}\n")
        ask.chmod(0o700)
        environment = os.environ | {"SSH_ASKPASS": str(ask), "SSH_ASKPASS_REQUIRE": "force"}
        with Process(host, ssh_command(host, remote, *options), environment) as process:
            process.feed(text.encode(), b"")
            return process.finish(None, _SECONDS, explain=False)
