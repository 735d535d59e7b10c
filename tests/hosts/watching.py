"""What anybody on a host could have seen in its process list while something ran."""

from __future__ import annotations

import subprocess
from typing import Self

from tests.hosts.lab.host import Host

__all__ = ["Watch"]

# A process is looked at twice when it is new, because it becomes another program after its start,
# and then once a second.
_WATCH = """\
import os, sys, time
seen, looks, turn = set(), {}, 0
while not os.path.exists("/run/watch-no-more"):
    now = [process for process in os.listdir("/proc") if process.isdigit()]
    looks = {process: looks.get(process, 0) + 1 for process in now}
    for process in now:
        if looks[process] > 2 and turn % 100:
            continue
        try:
            with open(f"/proc/{process}/cmdline", "rb") as file:
                seen.add(file.read().replace(b"\\0", b" ").decode("utf-8", "replace"))
        except OSError:
            continue
    turn += 1
    time.sleep(0.01)
sys.stdout.write("\\n".join(seen))
"""


class Watch:
    """Notes every command line that shows on a host; use it as a context.

    A process that lives for less than ten milliseconds or so may be missed.
    """

    def __init__(self, host: Host) -> None:
        self.host = host
        self.seen: list[str] = []

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [*self.host.inside, "python3", "-c", _WATCH],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self.host.execute("touch", "/run/watch-no-more")
        output, _ = self._process.communicate(timeout=60)
        self.host.execute("rm", "/run/watch-no-more")
        self.seen = output.splitlines()
