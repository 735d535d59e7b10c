"""Compute hosts that leave the cloud: no new servers for them, and an end when they are empty."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from source_packstack.installer.errors import HostError
from source_packstack.installer.hosts import ScriptRunner, on_hosts, run_script
from source_packstack.modules.hieradata import HOST_FOLDER

__all__ = ["ComputeHosts"]

_TOOL = f"{HOST_FOLDER}/modules/packstack/files/compute-hosts"
_AGENTS = ("neutron-linuxbridge-agent", "neutron-openvswitch-agent")
_STAYS = "its packages, /etc/nova, /etc/neutron and /var/lib/nova stay on it"


@dataclass(frozen=True)
class ComputeHosts:
    """The compute hosts that are `wanted`, as the `controller` keeps account of them.

    Agents of Neutron stay on hosts in `network_hosts`.
    """

    controller: str
    wanted: tuple[str, ...]
    network_hosts: tuple[str, ...]

    def settle(self) -> list[str]:
        """Take hosts out of the cloud that are no longer wanted; return what to tell the user.

        A host on which servers are left gets no new ones, and is taken out by a later run.
        """
        names = on_hosts(self.wanted, _host_name)
        rows = self._account(names)
        empty = [row for row in rows if not row.get("is_back") and not row.get("servers")]
        messages = [_message(row) for row in rows if row not in empty]
        messages += [self._stop_services(row["host"]) for row in empty]
        if empty:
            self._account(names, gone=[row["host"] for row in empty])
        return messages

    def _account(self, names: Mapping[str, str], gone: Iterable[str] = ()) -> list[dict[str, Any]]:
        """Tell the controller which hosts are wanted, and return what it finds about others."""
        runner = ScriptRunner(self.controller)
        values = {"WANTED": names, "GONE": [*gone], "AGENTS_STAY": self.network_hosts}
        settings = [f"{key}={shlex.quote(json.dumps(value))}" for key, value in values.items()]
        runner.append(f"{' '.join(settings)} python3 {_TOOL}")
        _, output = runner.execute()
        return [json.loads(line) for line in output.splitlines() if line.startswith('{"host"')]

    def _stop_services(self, host: str) -> str:
        """Stop the services on a host that is empty, and keep them from starting again."""
        services = ["nova-compute", *(() if host in self.network_hosts else _AGENTS)]
        script = "\n".join(
            f"[ ! -e /etc/init.d/{service} ] ||"
            f" puppet resource service {service} ensure=stopped enable=false"
            for service in services
        )
        try:
            status, _ = run_script(host, script)
        except HostError as error:
            return (
                f"{host} was taken out of the cloud, but its services could not be stopped "
                f"({error}); stop {', '.join(services)} before you connect it again."
            )
        if status:
            return (
                f"{host} was taken out of the cloud, but its services could not be stopped; "
                f"stop {', '.join(services)} there."
            )
        return f"{host} was taken out of the cloud; {_STAYS}."


def _host_name(host: str) -> str:
    status, output = run_script(host, "hostname")
    if status:
        raise HostError(host, f"`hostname` failed: {output.strip() or f'exit code {status}'}")
    return output.strip()


def _message(row: Mapping[str, Any]) -> str:
    if row.get("is_back"):
        return f"{row['host']} takes new servers again."
    servers = row["servers"]
    return (
        f"{row['host']} is not a compute host any more and gets no new servers, but {len(servers)} "
        f"still run there: {', '.join(servers)}. Delete them, and run the installer again to take "
        "the host out."
    )
