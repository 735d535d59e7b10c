"""Where secrets lie on hosts, and who could read them."""

from __future__ import annotations

import shlex
from collections.abc import Iterable

from source_packstack.installer.parameters import PASSWORD_PLACEHOLDER
from tests.hosts.lab.host import Host

__all__ = ["files_with", "readable_by_others", "secrets_of"]

_EVERYWHERE = "/etc /home /opt /root /srv/*.d /tmp /usr/local /var"


def secrets_of(answers: dict[str, str]) -> set[str]:
    """Return the passwords among answers; groups that were not asked keep the placeholder."""
    values = {value for name, value in answers.items() if name.endswith(("_PW", "_PASSWORD"))}
    return values - {"", PASSWORD_PLACEHOLDER}


def files_with(host: Host, secrets: Iterable[str], where: str = _EVERYWHERE) -> list[str]:
    """Return the files of a host that hold any of the secrets."""
    search = f"grep --recursive --files-with-matches --no-messages -F -f - {where} || true"
    return host.execute("bash", "-c", search, given="\n".join(secrets)).splitlines()


def readable_by_others(host: Host, files: Iterable[str]) -> dict[str, str]:
    """Return who else than root and the services' own groups may read files, by file.

    A file that lies in a folder which others cannot enter is not readable by them.
    """
    found = {}
    for file in files:
        path = shlex.quote(file)
        as_nobody = "setpriv --reuid=nobody --regid=nogroup --clear-groups"
        if host.shell(f"{as_nobody} test -r {path} && echo readable || true"):
            found[file] = "everybody"
        group, mode = host.execute("stat", "--format=%G %a", file).split()
        people = host.shell(f"getent group {group} | cut -d: -f4").strip()
        if int(mode, 8) & 0o040 and people:
            found[file] = f"{people}, of the group {group}"
    return found
