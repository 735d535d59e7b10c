"""Compute hosts that leave the cloud: disabled at first, and removed when they are empty."""

from __future__ import annotations

import json
import shlex
from dataclasses import dataclass
from typing import Any

from source_packstack.installer.addresses import is_host
from source_packstack.installer.errors import HostError
from source_packstack.installer.hosts import ScriptRunner, on_hosts, run_script
from source_packstack.installer.processes import without_controls
from source_packstack.installer.runs import current_run
from source_packstack.modules.hieradata import HOST_FOLDER

__all__ = ["ComputeHosts"]

_TOOL = f"{HOST_FOLDER}/modules/packstack/files/compute-hosts"
_AGENTS = ("neutron-linuxbridge-agent", "neutron-openvswitch-agent")
_STAYS = "its packages, /etc/nova, /etc/neutron and /var/lib/nova stay on it"


@dataclass(frozen=True)
class ComputeHosts:
    """The compute hosts that are `wanted`, which are recorded on the `controller`.

    Neutron's agents keep running on hosts in `network_hosts`. `earlier` are the compute hosts of
    the latest run, which replace a missing record.
    """

    controller: str
    wanted: tuple[str, ...]
    network_hosts: tuple[str, ...]
    earlier: tuple[str, ...]

    def settle(self) -> list[str]:
        """Remove hosts that are no longer wanted from the cloud; return messages for the user.

        A host on which servers are left, or whose services cannot be stopped, gets no new servers;
        a later run tries again.
        """
        names = on_hosts([*dict.fromkeys((*self.wanted, *self.network_hosts))], _host_name)
        wanted = {names[host]: host for host in self.wanted}
        agents_stay = [names[host] for host in self.network_hosts]
        messages, gone = [], []
        for row in self._account(WANTED=wanted, EARLIER=self.earlier):
            host, name = row["host"], row["name"]
            if row.get("is_back"):
                messages.append(f"{host} takes new servers again.")
            elif row["count"]:
                messages.append(_servers_left(row))
            elif failure := _stop_services(host, with_agents=name not in agents_stay):
                messages.append(
                    f"{host} gets no new servers, but is still part of the cloud, because its "
                    f"services could not be stopped ({failure}). The next run tries again."
                )
            else:
                gone.append(name)
                messages.append(f"{host} was taken out of the cloud; {_STAYS}.")
        if gone:
            self._account(WANTED=wanted, GONE=gone, AGENTS_STAY=agents_stay)
        return messages

    def _account(self, **values: object) -> list[dict[str, Any]]:
        """Run the controller's tool with these values; return its output about hosts."""
        runner = ScriptRunner(self.controller)
        settings = [f"{key}={shlex.quote(json.dumps(value))}" for key, value in values.items()]
        runner.append(f"{' '.join(settings)} python3 {_TOOL}")
        _, output = runner.execute()
        try:
            return [_row(line) for line in output.splitlines() if line.startswith('{"host"')]
        except (ValueError, KeyError, TypeError) as error:
            message = f"{_TOOL} printed something unexpected: {without_controls(str(error))}"
            raise HostError(self.controller, message) from error


def _row(line: str) -> dict[str, Any]:
    """Parse a line of the tool's output; names have no control characters."""
    data = json.loads(line)
    return {
        "host": without_controls(str(data["host"])),
        "name": str(data["name"]),
        "is_back": bool(data.get("is_back")),
        "count": int(data.get("count", 0)),
        "servers": [without_controls(str(name)) for name in data.get("servers", [])],
    }


def _stop_services(host: str, *, with_agents: bool) -> str:
    """Stop and disable the services on a host; return the problem, or an empty text.

    `puppet resource` exits with 0 even if it fails, so the processes are checked afterwards.
    """
    lines = ["set -eu"]
    for service in ("nova-compute", *(_AGENTS if with_agents else ())):
        stop = f"puppet resource service {service} ensure=stopped enable=false"
        lines.append(f"if [ -e /etc/init.d/{service} ]; then {stop}; fi")
        running = f"echo 'error: {service} is still running'; exit 1"
        lines.append(f"if pgrep -f bin/{service} >/dev/null; then {running}; fi")
    try:
        status, output = run_script(host, "\n".join(lines))
    except HostError as error:
        return str(error)
    return f"exit code {status}: {output.strip().splitlines()[-1:]}" if status else ""


def _host_name(host: str) -> str:
    """Return a host's own name, which Nova and Neutron use."""
    status, output = run_script(host, "hostname 2>/dev/null")
    name = output.strip().rpartition("\n")[2]
    if current_run().dry_run:
        return host
    if status or not is_host(name):
        raise HostError(host, f"`hostname` gives no host name: {without_controls(name)!r}")
    return name


def _servers_left(row: dict[str, Any]) -> str:
    more = ", …" if row["count"] > len(row["servers"]) else ""
    one = row["count"] == 1
    what = "1 server still runs" if one else f"{row['count']} servers still run"
    return (
        f"{row['host']} is not a compute host any more and gets no new servers, but {what} "
        f"there: {', '.join(row['servers'])}{more}. To take the host out, delete "
        f"{'it' if one else 'them'} and run the installer again."
    )
