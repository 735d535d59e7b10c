"""What plugins declare about the run: hosts, services and packages."""

from __future__ import annotations

from source_packstack.installer.runs import Service, current_run

__all__ = ["PUPPET_AGENT", "add_puppet_modules", "announce_service", "planned_hosts", "use_host"]

PUPPET_AGENT = "puppet-agent"


def use_host(host: str) -> None:
    """Add a host to the run, which checks, prepares and configures it."""
    current_run().plan.hosts.setdefault(host)


def planned_hosts() -> list[str]:
    """Return all hosts of the run, starting with the controller."""
    return list(current_run().plan.hosts)


def announce_service(name: str, host: str, port: int) -> None:
    """Declare that a service will listen on a host's TCP port.

    The preflight checks that the port is not used by another program, the last step checks that the
    service answers, and the summary lists it.
    """
    use_host(host)
    current_run().plan.services.append(Service(name, host, port))


def add_puppet_modules(host: str, *packages: str) -> None:
    """Declare Debian packages with Puppet modules that a host needs before Puppet runs."""
    needed = current_run().plan.packages.setdefault(host, {PUPPET_AGENT})
    needed.update(packages)
