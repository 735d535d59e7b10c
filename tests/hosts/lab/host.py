"""One test host: a root file system of its own in namespaces of its own, with sshd as its init."""

from __future__ import annotations

import shlex
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from lab.teardown import identity

__all__ = ["Disk", "Host"]

_INIT = Path(__file__).with_name("host_init.sh")
_PATIENCE = 20.0
_POLL = 0.02
_LISTENING_ON_SSH = ":0016 00000000:0000 0A"


@dataclass(frozen=True, slots=True)
class Disk:
    """What a host's file system starts from, and what it can see of the machine (read-only)."""

    layers: tuple[Path, ...]
    repository: Path
    size: str = ""
    """Mount size such as `64m` for a disk in memory; empty for the machine's own disk."""
    shared: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class Host:
    """A host of a lab, running or stopped; its disk outlives a stop."""

    name: str
    address: str
    namespace: str
    directory: Path
    disk: Disk

    @property
    def files(self) -> Path:
        """The writable layer of the host's disk."""
        return self.directory / "disk" / "upper"

    def start(self) -> None:
        """Switch the host on and wait until sshd listens."""
        self.switch_on()
        self.wait()

    def switch_on(self) -> None:
        """Start the host's processes without waiting for sshd."""
        command = ["ip", "netns", "exec", self.namespace]
        command += ["unshare", "--mount", "--pid", "--uts", "--ipc", "--fork", "--kill-child"]
        command += ["--", "bash", str(_INIT), self.name, ":".join(map(str, self.disk.layers))]
        command += [str(self.directory), str(self.disk.repository), *map(str, self.disk.shared)]
        with (self.directory / "log").open("ab") as log:
            process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        (self.directory / "process").write_text(identity(process.pid) or f"{process.pid} gone")

    def wait(self) -> None:
        """Wait until sshd listens."""
        table = Path(f"/proc/{self._pid}/net/tcp")
        deadline = time.monotonic() + _PATIENCE
        while self.running and time.monotonic() < deadline:
            if self._init and _LISTENING_ON_SSH in table.read_text():
                return
            time.sleep(_POLL)
        message = f"{self.name} has no sshd: {(self.directory / 'log').read_text()}"
        raise RuntimeError(message)

    def stop(self) -> None:
        """Switch the host off as a power cut does."""
        record = self.directory / "process"
        if self.running:
            _kill(self._pid)
        record.unlink(missing_ok=True)

    @property
    def running(self) -> bool:
        """Whether the host is switched on."""
        record = self.directory / "process"
        return record.exists() and identity(self._pid) == record.read_text()

    def execute(self, *command: str, timeout: float = 120, check: bool = True) -> str:
        """Run `command` as root at the host's console and return its output.

        Raises `AssertionError` with both outputs when it fails and `check` is true.
        """
        enter = ["nsenter", f"--target={self._init}", "--all", "--root"]
        clean = ["env", "-i", "--chdir=/", "HOME=/root", "LANG=C.UTF-8", f"PATH={_PATH}"]
        done = subprocess.run(
            [*enter, *clean, *command],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if check and done.returncode:
            message = f"{shlex.join(command)} on {self.name} ended with {done.returncode}:\n"
            raise AssertionError(message + done.stdout + done.stderr)
        return done.stdout

    def shell(self, script: str, timeout: float = 120) -> str:
        """Run a line of shell at the host's console and return its output."""
        return self.execute("bash", "-euo", "pipefail", "-c", script, timeout=timeout)

    @property
    def _pid(self) -> int:
        return int((self.directory / "process").read_text().split()[0])

    @property
    def _init(self) -> int | None:
        """The host's first process as the machine numbers it, once it is inside its own root."""
        children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()
        return int(children[0]) if children else None


_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"


def _kill(pid: int) -> None:
    # unshare passes its own end on to the host's init, and with that all of the host ends.
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    subprocess.run(["kill", "-KILL", str(pid)], check=True)
    while any(identity(int(process)) for process in [pid, *children]):
        time.sleep(_POLL)
