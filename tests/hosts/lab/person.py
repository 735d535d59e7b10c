"""The person at the lab's installer machine: a home of their own, keys, and commands."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Outcome", "Person", "program_paths"]

_SHARED_TMP = Path("/tmp")  # noqa: S108 -- named to be kept out of, not to be written to


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended: its exit code, both its outputs and its time in seconds."""

    command: str
    code: int
    output: str
    errors: str
    seconds: float

    def __str__(self) -> str:
        """Everything a reader of a failed test needs."""
        head = f"$ {self.command}\nexit code {self.code} after {self.seconds:.1f} s\n"
        return f"{head}--- output\n{self.output}--- errors\n{self.errors}"


class Person:
    """Somebody with a shell on the lab's network, whose home is the lab's and not the machine's."""

    def __init__(self, home: Path, namespace: str) -> None:
        self.home = home
        self.namespace = namespace
        ssh = home / ".ssh"
        ssh.mkdir(parents=True, mode=0o700)
        key = ssh / "id_ed25519"
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "person", "-f", str(key)]
        subprocess.run(command, check=True)
        self.public_key = key.with_suffix(".pub").read_text()
        # OpenSSH asks the account database where home is, whatever HOME says.
        (home / "etc").mkdir()
        (home / "etc" / "passwd").write_text(f"root:x:0:0:person:{home}:/bin/bash\n")
        (home / "etc" / "hosts").write_text("127.0.0.1 localhost\n192.0.2.1 installer\n")
        (home / "etc" / "resolv.conf").touch()
        (home / "tmp").mkdir()

    def know(self, address: str, name: str, host_key: str) -> None:
        """Note a host's address and key, as after a first login that was checked."""
        with (self.home / "etc" / "hosts").open("a") as hosts:
            hosts.write(f"{address} {name}\n")
        with (self.home / ".ssh" / "known_hosts").open("a") as known:
            known.write(f"{address},{name} {host_key}")

    def write(self, name: str, text: str) -> Path:
        """Write a file in the person's home and return its path."""
        path = self.home / name
        path.write_text(text)
        return path

    def popen(self, *command: str | Path, environment: dict[str, str] | None = None) -> Shell:
        """Start a command in the person's home, with nobody at its terminal."""
        return subprocess.Popen(
            [*self.inside, *map(str, command)],
            cwd=self.home,
            env=self.environment | (environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        )

    def run(
        self,
        *command: str | Path,
        timeout: float = 1800,
        environment: dict[str, str] | None = None,
    ) -> Outcome:
        """Run a command to its end; the caller judges the outcome."""
        started = time.monotonic()
        with self.popen(*command, environment=environment) as process:
            try:
                output, errors = process.communicate(timeout=timeout)
            except BaseException:
                process.kill()
                raise
        seconds = time.monotonic() - started
        line = shlex.join(map(str, command))
        return Outcome(line, process.returncode, output, errors, seconds)

    @property
    def environment(self) -> dict[str, str]:
        """The person's whole environment; nothing of the tests' own leaks in."""
        tools = Path(sys.executable).parent
        return {
            "HOME": str(self.home),
            "USER": "root",
            "LANG": "C.UTF-8",
            "PATH": f"{tools}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
            "TERM": os.environ.get("TERM", "dumb"),
        }

    @property
    def inside(self) -> list[str]:
        """The command prefix that puts what follows on the lab's network."""
        own = ("etc/passwd", "etc/hosts", "etc/resolv.conf", "tmp")
        steps = [f'mount --rbind "$HOME/{path}" /{path}' for path in own]
        # Programs that lie under the machine's /tmp are shown in the person's own.
        hidden = [path for path in program_paths() if path.is_relative_to(_SHARED_TMP)]
        shown = [
            f'mkdir -p "$HOME{path}" && mount --bind "{path}" "$HOME{path}"' for path in hidden
        ]
        # `ip netns exec` gives each command a mount namespace, so these mounts are its own.
        script = " && ".join([*shown, *steps, 'exec "$@"'])
        return ["ip", "netns", "exec", self.namespace, "sh", "-c", script, "sh"]


def program_paths() -> tuple[Path, ...]:
    """Return what the project's commands consist of: its source, its environment, its Python."""
    project = Path(__file__).parents[3]
    return tuple(sorted({project, Path(sys.prefix), Path(sys.base_prefix)} - {Path("/usr")}))


Shell = subprocess.Popen[str]
