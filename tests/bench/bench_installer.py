"""The installer's own share: many real hosts, preflighted and fed at once.

Needs root and Debian packages, like the tests on real hosts; says so where it cannot run.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from tests.hosts.lab.lab import Lab

HOSTS = 50


def main(count: int = HOSTS) -> None:
    """Print a table: seconds, milliseconds a host, and the ratio to a loop of plain ssh."""
    if os.geteuid() != 0:
        print("installer: not measured, its hosts need root\n")
        return
    with Lab() as lab:
        addresses = [lab.add(f"host{number}").address for number in range(count)]
        script = Path(__file__).with_name("feeding.py")
        done = lab.person.run(sys.executable, script, lab.person.home / "runs", *addresses)
    if done.code:
        sys.exit(str(done))
    seconds = json.loads(done.output.splitlines()[-1])
    ours = seconds["preflight"] + seconds["feeding"]
    rows = {
        "preflight, all hosts at once": seconds["preflight"],
        "feeding, all hosts at once": seconds["feeding"],
        "both": ours,
        "both, plain `ssh` in a loop": seconds["plain"],
    }
    print(f"| installer, {count} hosts | s | ms a host | ratio |\n|---|---|---|---|")
    for name, value in rows.items():
        print(f"| {name} | {value:.2f} | {value / count * 1000:.0f} | {value / ours:.1f} |")
    print()


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else HOSTS)
