"""What plugins say about the run: which hosts they use, and what will listen there."""

from __future__ import annotations

from source_packstack.installer.runs import Service, current_run

__all__ = ["PUPPET_AGENT", "add_puppet_modules", "announce_service", "planned_hosts", "use_host"]

PUPPET_AGENT = "puppet-agent"


def use_host(host: str) -> None:
    """Make a host part of the run: it is checked, prepared and configured."""
    current_run().plan.hosts.setdefault(host)


def planned_hosts() -> list[str]:
    """Give all hosts of the run, the controller first."""
    return list(current_run().plan.hosts)


def announce_service(name: str, host: str, port: int) -> None:
    """Say that a service will listen on a host's TCP port.

    The preflight then checks that nobody else has the port, the last step that the service
    answers, and the summary shows it.
    """
    use_host(host)
    current_run().plan.services.append(Service(name, host, port))


def add_puppet_modules(host: str, *packages: str) -> None:
    """Have Debian packages with Puppet modules installed on a host before Puppet runs there."""
    needed = current_run().plan.packages.setdefault(host, {PUPPET_AGENT})
    needed.update(packages)
