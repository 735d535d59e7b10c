"""A run: its folder, its log, its completed work, and its secrets."""

from __future__ import annotations

import contextlib
import fcntl
import json
import logging
import os
import secrets
import shlex
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote

from source_packstack.installer.addresses import is_host
from source_packstack.installer.errors import InstallerError, PluginError, PreflightError

__all__ = [
    "MASK",
    "Change",
    "Plan",
    "Run",
    "Service",
    "current_run",
    "default_run_dir",
    "latest_run",
    "log_to",
    "use_run",
    "without_secrets",
    "write_private",
]

MASK = "********"
_SHORTEST_SECRET = 4  # a shorter text occurs everywhere; masking it would garble the log
_state_lock = threading.Lock()
_current: ContextVar[Run] = ContextVar("run")


@dataclass(frozen=True)
class Service:
    """A service that listens on a host after the run."""

    name: str
    host: str
    port: int


@dataclass(frozen=True)
class Change:
    """A changed property of a resource on a host, and the time that the resource took.

    `seconds` is the time of the whole resource, and the same for each of its properties.
    """

    host: str
    resource: str
    property: str
    before: str
    after: str
    seconds: float


@dataclass
class Plan:
    """What the steps of a run have prepared for its hosts, in the order of first use.

    `manifests` maps a marker (a phase) to manifest files, and these to their parts; `packages` are
    the Debian packages that Puppet needs on a host; `host_data` is hieradata for one host;
    `resources` are local files to copy to a host.
    """

    hosts: dict[str, None] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    manifests: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    packages: dict[str, set[str]] = field(default_factory=dict)
    host_data: dict[str, dict[str, Any]] = field(default_factory=dict)
    resources: dict[str, list[Path]] = field(default_factory=dict)


@dataclass
class Run:
    """One run of the installer.

    Only the user can access `folder` (0700, files 0600). `done` records for each host which work
    was completed with which content, so that `--resume` can skip it.
    """

    folder: Path = field(default_factory=Path)
    dry_run: bool = False
    resumed: bool = False
    time_limit: float = 3600.0  # seconds that one Puppet run on one host may take
    connections: Path = field(default_factory=Path)  # of ssh's sockets
    ssh_user: str = ""
    ssh_accept_new_keys: bool = False
    step: str = ""
    plan: Plan = field(default_factory=Plan)
    secrets: set[str] = field(default_factory=set)
    done: dict[str, str] = field(default_factory=dict)
    earlier: dict[str, str] = field(default_factory=dict)  # the latest run's answers
    changed: set[str] = field(default_factory=set)  # hosts
    changes: list[Change] = field(default_factory=list)
    report: Callable[[str], None] = field(default=lambda _: None)  # prints a permanent line
    show: Callable[[str, str, str], None] = field(default=lambda *_: None)  # host, phase, activity

    def make_folder(self, base: Path, latest: Path | None) -> None:
        """Create a folder for the run in `base` after the `latest`, and point a link to it."""
        self.folder = base / f"{time.strftime('%Y%m%d-%H%M%S')}-{secrets.token_hex(3)}"
        try:
            base.mkdir(parents=True, mode=0o700, exist_ok=True)
            if not self.dry_run:
                _keep_others_out(base, latest)
            self.folder.mkdir(mode=0o700)
            _point_at(self.folder, "latest-dry-run" if self.dry_run else "latest")
        except OSError as error:
            raise InstallerError(
                f"{base}: cannot create a folder for the run ({error.strerror}); see --run-dir"
            ) from error

    @classmethod
    def reopen(cls, folder: Path, time_limit: float) -> Run:
        """Continue the run in a folder; completed work is not repeated."""
        _keep_others_out(folder.parent, folder)
        state = _read_state(folder / "state.json")
        return cls(folder, resumed=True, done=state, time_limit=time_limit)

    def host_folder(self, host: str) -> Path:
        """Return the folder of a host's files and logs.

        Raises PluginError if it is not a valid host, which a plugin's validators should refuse.
        """
        if not is_host(host):
            raise PluginError(
                f"a plugin uses the host {host!r}, which is not an IPv4 address or a host name"
            )
        folder = self.folder / "hosts" / host
        folder.mkdir(parents=True, mode=0o700, exist_ok=True)
        return folder

    def hide(self, secrets: Iterable[str]) -> None:
        """Mask these texts in all later logs, including their forms in URLs, shells and JSON."""
        for text in secrets:
            if len(text) >= _SHORTEST_SECRET:
                in_json = json.dumps(text, ensure_ascii=False)[1:-1]
                self.secrets.update((text, quote(text, safe=""), shlex.quote(text), in_json))

    def masked(self, text: str) -> str:
        """Return a text with masked secrets."""
        return without_secrets(text, self.secrets)

    def is_done(self, key: str, digest: str) -> bool:
        """Return whether a resumed run already completed this work with the same content."""
        return self.resumed and self.done.get(key) == digest

    def mark_done(self, key: str, digest: str) -> None:
        """Record, also for later processes, that a piece of work is complete."""
        with _state_lock:  # hosts can finish at the same time
            self.done[key] = digest
            state = json.dumps(self.done, indent=1, sort_keys=True)
            write_private(self.folder / "state.json", state)


@contextlib.contextmanager
def use_run(run: Run) -> Iterator[Run]:
    """Make a run the current run for the block."""
    token = _current.set(run)
    try:
        yield run
    finally:
        _current.reset(token)


@contextlib.contextmanager
def log_to(run: Run, *, echo: bool = False) -> Iterator[None]:
    """Log to the folder of the run and, with `echo`, to standard error; mask secrets."""
    path = run.folder / "run.log"
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    handlers: list[logging.Handler] = [logging.FileHandler(path, encoding="utf-8")]
    if echo:
        handlers.append(logging.StreamHandler())
    logger = logging.getLogger("source_packstack")
    logger.setLevel(logging.DEBUG)
    logger.propagate = False
    for handler in handlers:
        handler.setFormatter(_Masking(run))
        logger.addHandler(handler)
    try:
        yield
    finally:
        for handler in handlers:
            logger.removeHandler(handler)
            handler.close()


def current_run() -> Run:
    """Return the current run."""
    return _current.get()


def default_run_dir() -> Path:
    """Return the folder of all runs: `source-packstack` in the user's state folder (XDG)."""
    state = os.environ.get("XDG_STATE_HOME") or "~/.local/state"
    return Path(state).expanduser() / "source-packstack"


def latest_run(base: Path) -> Path | None:
    """Return the folder of the latest run, or None before the first run."""
    latest = base / "latest"
    return latest.resolve() if (latest / "answers.txt").exists() else None


def _keep_others_out(base: Path, latest: Path | None) -> None:
    """Refuse other installations from a folder of runs until this process ends.

    Raises PreflightError if one is running, or was started since `latest` was the latest run.
    """
    file = os.open(base / "lock", os.O_RDWR | os.O_CREAT, 0o600)  # closed with the process
    with contextlib.suppress(BlockingIOError):
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        if latest_run(base) == latest:
            return
    raise PreflightError(f"another installation runs from {base}; wait until it has ended")


def without_secrets(text: str, secrets: Iterable[str]) -> str:
    """Return a text in which a mask replaces secrets, the longest first."""
    for secret in sorted(secrets, key=len, reverse=True):
        text = text.replace(secret, MASK)
    return text


def write_private(path: Path, content: str | bytes) -> None:
    """Replace a file atomically by one that only its owner can read."""
    data = content.encode() if isinstance(content, str) else content
    beside = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
    beside.replace(path)


def _point_at(folder: Path, name: str) -> None:
    link = folder.parent / f".{name}-{folder.name}"
    link.symlink_to(folder.name)
    link.replace(folder.parent / name)


def _read_state(path: Path) -> dict[str, str]:
    try:
        state = json.loads(path.read_text()) if path.exists() else {}
        return {str(key): str(value) for key, value in state.items()}
    except (ValueError, AttributeError) as error:
        raise InstallerError(
            f"{path}: damaged ({error}); start a new run with --answer-file"
        ) from error


class _Masking(logging.Formatter):
    """Formats log lines, including tracebacks, with masked secrets."""

    def __init__(self, run: Run) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(message)s")
        self._run = run

    def format(self, record: logging.LogRecord) -> str:
        return self._run.masked(super().format(record))
