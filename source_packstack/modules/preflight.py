"""Preflight: checks hosts before anything is changed."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from source_packstack.installer.errors import HostError
from source_packstack.installer.hosts import run_script
from source_packstack.installer.runs import current_run
from source_packstack.modules.hieradata import HOST_FOLDER

__all__ = ["BUSY", "LOCK", "QUESTIONS", "SECONDS_TO_END", "Limits", "examine_host"]

Findings = dict[str, list[str]]

LOCK = f"{HOST_FOLDER}/lock"
BUSY = "another installation is running there"
SECONDS_TO_END = 15  # a killed installer's work on a host ends within ten
_DEBIAN = "debian 12"

# Prints lines of NAME VALUE. /proc/net/tcp has local ports in hexadecimal; state 0A is listening.
QUESTIONS = f"""\
export LC_ALL=C.UTF-8
(. /etc/os-release && echo "system $ID $VERSION_ID")
echo "seconds $(date +%s)"
echo "disk $(df -Pm /var | awk 'NR == 2 {{print $4}}')"
for port in $(cat /proc/net/tcp /proc/net/tcp6 2>/dev/null | awk '$4 == "0A" {{print $2}}'); do
  echo "listens $((0x${{port##*:}}))"
done
while read -r port; do echo "ours $port"; done 2>/dev/null <{HOST_FOLDER}/ports
[ ! -e {LOCK} ] || flock --timeout={SECONDS_TO_END} {LOCK} true || echo "busy {LOCK}"
"""


@dataclass(frozen=True)
class Limits:
    """Requirements for a host: free MiB in /var, and the clock's maximum error in seconds."""

    disk_mb: int
    clock_seconds: int


def examine_host(host: str, ports: Sequence[int], limits: Limits) -> list[str]:
    """Return the host's problems, one line each; none in a dry run."""
    if current_run().dry_run:
        run_script(host, QUESTIONS)
        return []
    asked = time.time()
    try:
        status, output = run_script(host, QUESTIONS)
    except HostError as error:
        return [str(error)]
    answered = time.time()
    if "sudo:" in output and "seconds " not in output:
        return [f"{host}: the user is not root and may not use sudo without a password"]
    found = _findings(output)
    if "seconds" not in found:
        return [f"{host}: it does not answer as expected (exit code {status}): {output.strip()}"]
    return [f"{host}: {problem}" for problem in _problems(found, ports, limits, asked, answered)]


def _findings(output: str) -> Findings:
    found: Findings = {}
    for line in output.splitlines():
        name, _, value = line.partition(" ")
        found.setdefault(name, []).append(value)
    return found


def _numbers(texts: Sequence[str]) -> list[int]:
    """Return the numbers among texts from a host, which are untrusted."""
    return [int(text) for text in texts if re.fullmatch(r"[0-9]{1,18}", text)]


def _problems(
    found: Findings, ports: Sequence[int], limits: Limits, asked: float, answered: float
) -> Iterator[str]:
    if "busy" in found:
        yield f"{BUSY}; wait until it has ended"
    system = found.get("system", ["an unknown system"])[0]
    if system != _DEBIAN:
        yield f"it runs {system}, not Debian 12"

    free = _numbers(found.get("disk", []))
    if not free:
        yield "it does not say how much of its disk is free"
    elif free[0] < limits.disk_mb:
        yield (
            f"only {free[0]} MiB are free below /var, {limits.disk_mb} are needed; "
            "make room, or lower CONFIG_PREFLIGHT_DISK"
        )

    seconds = _numbers(found["seconds"])
    if not seconds:
        yield "it does not tell the time"
    # The host's clock has whole seconds, so it is up to one second behind.
    elif (wrong := max(asked - seconds[0] - 1, seconds[0] - answered)) > limits.clock_seconds:
        yield (
            f"its clock is {wrong:.0f} seconds off this machine's, "
            f"{limits.clock_seconds} are allowed; set it right"
        )

    taken, ours = _numbers(found.get("listens", [])), _numbers(found.get("ours", []))
    foreign = sorted(set(ports) & set(taken) - set(ours))
    if foreign:
        yield f"another program listens on port {', '.join(map(str, foreign))}; stop it first"
