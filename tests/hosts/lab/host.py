"""One test host: a root file system of its own in namespaces of its own, with sshd as its init."""

from __future__ import annotations

import shlex
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.hosts.lab.teardown import identity

__all__ = ["Disk", "Host"]

_INIT = Path(__file__).with_name("host_init.sh")
_PATIENCE = 60.0
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


@dataclass(slots=True)
class Host:
    """A host of a lab, running or stopped; its disk outlives a stop."""

    name: str
    address: str
    namespace: str
    directory: Path
    disk: Disk
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)

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
            self._process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        # Whoever takes the lab down, this process or another, knows the host's by this file.
        (self.directory / "process").write_text(identity(self._pid) or f"{self._pid} gone")

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
        if not self._process:
            return
        # unshare passes its own end on to the host's init, and with that all of the host ends.
        init = self._init
        self._process.kill()
        self._process.wait()
        self._process = None
        (self.directory / "process").unlink(missing_ok=True)
        while init and identity(init):
            time.sleep(_POLL)

    @property
    def running(self) -> bool:
        """Whether the host is switched on."""
        return self._process is not None and self._process.poll() is None

    def execute(self, *command: str, given: str = "", timeout: float = 300) -> str:
        """Run `command` as root at the host's console, `given` on its input; return its output.

        Raises `AssertionError` with both outputs when it fails.
        """
        done = subprocess.run(
            [*self.inside, *command],
            input=given,
            capture_output=True,
            text=True,
            timeout=timeout,
            check=False,
        )
        if done.returncode:
            message = f"{shlex.join(command)} on {self.name} ended with {done.returncode}:\n"
            raise AssertionError(message + done.stdout + done.stderr)
        return done.stdout

    def shell(self, script: str, timeout: float = 300) -> str:
        """Run a line of shell at the host's console and return its output."""
        return self.execute("bash", "-euo", "pipefail", "-c", script, timeout=timeout)

    def write(self, path: str, text: str) -> None:
        """Write a file of the host."""
        self.execute("tee", path, given=text)

    def unplug(self) -> None:
        """Take the host off the network; its processes do not notice."""
        command = ["ip", "-n", self.namespace, "link", "set", "eth0", "down"]
        subprocess.run(command, check=True)

    def plug(self) -> None:
        """Put the host on the network again."""
        command = ["ip", "-n", self.namespace, "link", "set", "eth0", "up"]
        subprocess.run(command, check=True)

    @property
    def inside(self) -> list[str]:
        """The command prefix that runs what follows at the host's console."""
        enter = ["nsenter", f"--target={self._init}", "--all", "--root"]
        return [*enter, "env", "-i", "--chdir=/", "HOME=/root", "LANG=C.UTF-8", f"PATH={_PATH}"]

    @property
    def _pid(self) -> int:
        assert self._process, f"{self.name} is switched off"
        return self._process.pid

    @property
    def _init(self) -> int | None:
        """The host's first process, as the machine numbers it."""
        try:
            children = Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()
        except FileNotFoundError:
            return None
        return int(children[0]) if children else None


_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
