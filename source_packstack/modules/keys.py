"""The user's SSH key: found here, and brought to hosts that still ask for a password."""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from pathlib import Path

from source_packstack.installer.addresses import is_local
from source_packstack.installer.errors import HostError
from source_packstack.installer.runs import current_run, write_private
from source_packstack.installer.ssh import CONNECTION_FAILED, explain_ssh, ssh_command

__all__ = ["find_public_key", "install_key"]

_USUAL_KEYS = ("id_ed25519.pub", "id_ecdsa.pub", "id_rsa.pub")
_SECONDS = 60

# Reads the key from standard input; adds it once, whatever is in the file.
_ADD_KEY = """\
umask 077; mkdir -p ~/.ssh && read -r key && touch ~/.ssh/authorized_keys &&
{ grep -qxF "$key" ~/.ssh/authorized_keys || printf '%s\\n' "$key" >>~/.ssh/authorized_keys; }
"""


def find_public_key() -> str:
    """Give the path of the user's first usual public key, or nothing where there is none."""
    for name in _USUAL_KEYS:
        path = Path.home() / ".ssh" / name
        if path.is_file():
            return str(path)
    return ""


def install_key(host: str, key: Path, password: str) -> bool:
    """Add the public key to the account on a host; tell whether that was needed.

    The password reaches ssh through a file that only the user can read, never through an
    argument or the environment. Raises HostError when the host refuses it.
    """
    if current_run().dry_run or is_local(host) or _is_accepted(host):
        return False
    text = key.read_text(encoding="utf-8").strip()
    with tempfile.TemporaryDirectory(prefix="sp-") as folder:
        secret = Path(folder) / "password"
        write_private(secret, f"{password}\n")
        ask = Path(folder) / "ask"
        write_private(ask, f"#!/bin/sh\nexec cat {shlex.quote(str(secret))}\n")
        ask.chmod(0o700)
        options = (
            "BatchMode=no",
            "NumberOfPasswordPrompts=1",
            "PreferredAuthentications=password,keyboard-interactive",
        )
        status, output = _ssh(host, ["sh", "-c", _ADD_KEY], options, f"{text}\n", ask)
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
    host: str,
    remote: list[str],
    options: tuple[str, ...],
    text: str = "",
    ask: Path | None = None,
) -> tuple[int, str]:
    variables = {"SSH_ASKPASS": str(ask), "SSH_ASKPASS_REQUIRE": "force"} if ask else {}
    try:
        done = subprocess.run(
            ssh_command(host, remote, *options),
            env=os.environ | variables,
            input=text,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            timeout=_SECONDS,
            start_new_session=True,
        )
    except subprocess.TimeoutExpired as error:
        raise HostError(host, f"no answer within {_SECONDS} seconds") from error
    return done.returncode, done.stdout
