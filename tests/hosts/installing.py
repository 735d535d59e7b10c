"""The installer as a person uses it: its command line, its answer file, its run folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from tests.hosts.lab.host import Host
from tests.hosts.lab.person import Outcome, Person, Shell
from tests.hosts.timing import Times

__all__ = [
    "ONLY_CACHE",
    "SITE_DATA",
    "Installer",
    "Pair",
    "answered",
    "answers_of",
    "edit_answers",
]

ONLY_CACHE = (
    "--ntp-install=n",
    "--amqp-backend=none",
    "--mariadb-install=n",
    "--keystone-install=n",
    "--glance-install=n",
    "--os-client-install=n",
    "--provision-image=n",
)
"""The smallest plan that installs something: memcached on each host."""

SITE_DATA = """\
# What only hosts without a clock of their own and with two processors need.
packstack::ntp::daemon_options: '-x'
keystone::wsgi::uwsgi::threads: 4
"""


_MEMCACHED = 11211


@dataclass(frozen=True, slots=True)
class Installer:
    """The command `source-packstack` in the hands of a person."""

    person: Person
    times: Times

    def run(self, title: str, *arguments: str | Path, timeout: float = 1800) -> Outcome:
        """Run it to its end and note its times under `title`."""
        outcome = self.person.run("source-packstack", *arguments, timeout=timeout)
        self.times.add(title, outcome)
        return outcome

    def start(self, *arguments: str | Path) -> Shell:
        """Start it and leave it running."""
        return self.person.popen("source-packstack", *arguments)

    @property
    def latest(self) -> Path:
        """The folder of its latest run."""
        return latest_run(self.person.home)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two hosts that are to get memcached, and the installer that brings it."""

    installer: Installer
    first: Host
    second: Host

    @property
    def hosts(self) -> str:
        return f"{self.first.address},{self.second.address}"

    def install(self, title: str, *more: str) -> Outcome:
        return self.installer.run(title, "--install-hosts", self.hosts, *ONLY_CACHE, *more)

    def resume(self, title: str) -> Outcome:
        return self.installer.run(f"{title}, mended", "--resume")

    def both_serve(self) -> bool:
        return answered(self.first, _MEMCACHED) and answered(self.second, _MEMCACHED)


def latest_run(home: Path) -> Path:
    """Return the folder of the latest run that was started from `home`."""
    return (home / ".local" / "state" / "source-packstack" / "latest").resolve()


def answers_of(text: str) -> dict[str, str]:
    """Return an answer file's answers by option."""
    return dict(re.findall(r"^(CONFIG_\w+)=(.*)$", text, flags=re.MULTILINE))


def edit_answers(path: Path, **answers: str) -> None:
    """Change answers in a file as a person does in an editor; each must be there already."""
    text = path.read_text()
    for option, answer in answers.items():
        line = re.compile(rf"^{option}=.*$", flags=re.MULTILINE)
        assert 1 == len(line.findall(text)), f"{option} stands not once in {path}"
        replacement = f"{option}={answer}"
        text = line.sub(lambda _, text=replacement: text, text)
    path.write_text(text)


def answered(host: Host, port: int) -> bool:
    """Whether something listens on the host's port, asked at its own console."""
    return f":{port} " in host.execute("ss", "-Hltn")
