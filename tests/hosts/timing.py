"""How long the installer took, run by run and phase by phase, for the summary at the end."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.hosts.lab.person import Outcome

__all__ = ["Times"]


@dataclass(frozen=True, slots=True)
class Times:
    """Lines of the summary, gathered while tests run."""

    lines: list[str] = field(default_factory=list)

    def add(self, title: str, outcome: Outcome) -> None:
        """Note a run's time, and those that it printed itself."""
        self.lines.append(f"{outcome.seconds:7.1f} s  {title}")
        printed = (line.strip() for line in outcome.output.splitlines())
        self.lines.extend(f"{'':13}{line}" for line in printed if line.endswith(" s"))
