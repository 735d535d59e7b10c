"""Fake hosts: folders that the real installer "logs into" through a stand-in for ssh."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

INSTALLER = Path(sys.executable).parent / "source-packstack"
CONTROLLER = "198.51.100.11"  # RFC 5737: nobody's address
SECOND = "198.51.100.12"
SMALL_PLAN = (
    "--ntp-install=n",
    "--amqp-backend=none",
    "--mariadb-install=n",
    "--keystone-install=n",
    "--glance-install=n",
)


@dataclass
class Bench:
    """An installer with fake hosts around it."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)

    @property
    def runs(self) -> Path:
        return self.folder / "state" / "source-packstack"

    @property
    def latest(self) -> Path:
        return self.runs / "latest"

    @property
    def ssh_log(self) -> Path:
        return self.folder / "hosts" / "ssh.log"

    @property
    def planned(self) -> Path:
        return self.runs / "latest-dry-run"

    def add_host(self, name: str) -> Path:
        host = self.folder / "hosts" / name
        (host / "home").mkdir(parents=True)
        (host / "uid").write_text("0\n")
        (host / "os-release").write_text('ID=debian\nVERSION_ID="12"\n')
        (host / "free").write_text("9000\n")
        (host / "tcp").write_text("sl local_address rem_address st\n")
        (host / "installed").touch()
        return host

    def answers(self, text: str) -> Path:
        path = self.folder / "answers.txt"
        path.write_text(f"[general]\n{text}")
        path.chmod(0o600)
        return path

    def run(self, *arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env=self.environment,
            input=stdin,
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
            cwd=self.folder,
        )

    def start(self, *arguments: str | Path) -> subprocess.Popen[str]:
        return subprocess.Popen(
            self.command(*arguments),
            env=self.environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=self.folder,
        )

    def command(self, *arguments: str | Path) -> list[str]:
        return [str(INSTALLER), *map(str, arguments)]
