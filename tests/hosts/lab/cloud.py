"""Hosts that can run servers, and what they need for want of systemd and a kernel of their own.

None of it is a default of the installer: on an ordinary Debian 12 host, nothing of this is needed.
"""

from __future__ import annotations

from tests.hosts.lab.host import Host
from tests.hosts.lab.lab import Lab

__all__ = ["CLOUD_DATA", "add_cloud_host"]

CLOUD_DATA = """\
# The init scripts of libvirt have none for its lock daemon.
nova::compute::libvirt::virtlock_service_name: false
# Two processors for all hosts.
placement::wsgi::uwsgi::threads: 4
"""
"""Site data of the cloud, beside that of every test host."""

_FILES = {
    # libvirt started by an init script instead of a unit.
    "/etc/apt/preferences.d/lab": """\
Package: libvirt-daemon-system-systemd
Pin: release *
Pin-Priority: -1
""",
    # No cgroups, device files, AppArmor or labels on an overlay file system.
    "/etc/libvirt/qemu.conf": """\
user = "root"
group = "root"
security_driver = "none"
namespaces = []
cgroup_controllers = []
remember_owner = 0
""",
    # No D-Bus and no polkit: the group of the socket decides.
    "/etc/libvirt/libvirtd.conf": """\
unix_sock_group = "libvirt"
unix_sock_rw_perms = "0770"
auth_unix_rw = "none"
""",
}


def add_cloud_host(lab: Lab, name: str, *, second_cable: bool = False) -> Host:
    """Add a host to a lab of the cloud's packages, fit to run servers."""
    host = lab.add(name, second_cable=second_cable)
    host.shell("mkdir -p /etc/libvirt")
    for path, text in _FILES.items():
        host.write(path, text)
    return host
