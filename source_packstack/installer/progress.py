"""Progress: what each host is working on, shown in a terminal or printed line by line."""

from __future__ import annotations

import threading
import time
from dataclasses import dataclass
from typing import Self

from rich.console import Console, ConsoleRenderable, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.text import Text

__all__ = ["Progress"]

_SECONDS_BETWEEN_LINES = 15.0
_MOST_HOSTS = 8  # shown in a terminal at once


@dataclass(frozen=True)
class _Activity:
    """What a host is doing, and when its current phase started (monotonic seconds)."""

    phase: str
    text: str
    since: float

    def line(self, host: str) -> str:
        """Return the activity in one line, with the elapsed time of its phase."""
        where = f"{self.phase}, " if self.phase else ""
        return f"{host}: {where}{time.monotonic() - self.since:.0f} s: {self.text}"


class Progress:
    """Shows the progress of a step, from any thread.

    In a terminal, each host has a line that is updated in place. Elsewhere, a line for each host
    at work is printed every `seconds_between_lines`.
    """

    def __init__(
        self, console: Console, title: str, seconds_between_lines: float = _SECONDS_BETWEEN_LINES
    ) -> None:
        self._console = console
        self._seconds = seconds_between_lines
        self._activities: dict[str, _Activity] = {}
        self._lock = threading.Lock()
        self._is_over = threading.Event()
        self._spinner = Spinner("dots", Text(title))
        self._live = Live(get_renderable=self._render, console=console, transient=True)
        self._printer = threading.Thread(target=self._print_lines, daemon=True)

    def __enter__(self) -> Self:
        if self._console.is_terminal:
            self._live.start()
        else:
            self._printer.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._is_over.set()
        if self._console.is_terminal:
            self._live.stop()
        else:
            self._printer.join()

    def report(self, text: str) -> None:
        """Print a permanent line."""
        self._console.print(Text(f"    {text}"))

    def show(self, host: str, phase: str, text: str) -> None:
        """Show what a host is doing; an empty text means that the phase has finished."""
        with self._lock:
            before = self._activities.get(host)
            if not text:
                self._activities.pop(host, None)
                return
            same = before is not None and before.phase.partition(",")[0] == phase.partition(",")[0]
            since = before.since if before and same else time.monotonic()
            self._activities[host] = _Activity(phase, text, since)

    def lines(self) -> list[str]:
        """Return a line for each active host."""
        with self._lock:
            return [activity.line(host) for host, activity in self._activities.items()]

    def _render(self) -> ConsoleRenderable:
        lines = self.lines()
        shown = [
            Text(f"    {line}", style="dim", no_wrap=True, overflow="ellipsis")
            for line in lines[:_MOST_HOSTS]
        ]
        if len(lines) > _MOST_HOSTS:
            shown.append(Text(f"    and {len(lines) - _MOST_HOSTS} more hosts", style="dim"))
        return Group(self._spinner, *shown)

    def _print_lines(self) -> None:
        while not self._is_over.wait(self._seconds):
            for line in self.lines():
                self.report(line)
