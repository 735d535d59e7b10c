"""Puppet on a host: installed, fed, applied, and its log read."""

from __future__ import annotations

import hashlib
import io
import re
import shlex
import tarfile
import time
from pathlib import Path

from source_packstack.installer.errors import HostError
from source_packstack.installer.hosts import ScriptRunner, run_script
from source_packstack.installer.runs import current_run, write_private
from source_packstack.modules.hieradata import HOST_FOLDER
from source_packstack.modules.planning import PUPPET_AGENT

__all__ = ["apply_manifest", "copy_tree", "install_puppet", "pack_tree", "puppet_errors"]

_MODULE_PATH = f"{HOST_FOLDER}/modules:/etc/puppet/code/modules:/usr/share/puppet/modules"
_APT = "apt-get -q -y -o DPkg::Lock::Timeout=300 -o APT::Install-Recommends=false"
# Waits for somebody else's apt, such as the daily upgrade, and sets up what an interrupted run left
# half installed; a configuration file that was edited is kept.
_PREPARE_APT = f"""\
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
{_APT} check >/dev/null 2>&1 || dpkg --force-confdef --force-confold --configure -a"""
_CHANGED = "source-packstack: changed"
# Leaves of its words those that name packages that are not there, and installs them.
_INSTALL_MISSING = f"""\
{_PREPARE_APT}
for package; do
  status=$(dpkg-query -W -f '${{db:Status-Status}}' "$package" 2>&1 || true)
  [ "$status" = installed ] || set -- "$@" "$package"
  shift
done
[ "$#" -gt 0 ] || exit 0
{_APT} update
{_APT} install "$@"
echo {shlex.quote(_CHANGED)}"""
_LOCKED = 75  # what flock exits with while another installer works on the host
_SHOWN_ERRORS = 3


def install_puppet(host: str) -> None:
    """Install Puppet and the modules that the plan needs, from Debian's own packages.

    Does nothing, and asks no mirror, when all packages are there.
    """
    packages = sorted(current_run().plan.packages.get(host, {PUPPET_AGENT}))
    server = ScriptRunner(host)
    server.append(f"set -- {shlex.join(packages)}")
    server.append(_INSTALL_MISSING)
    _, output = server.execute()
    if _CHANGED in output:
        current_run().changed.add(host)


def copy_tree(host: str, tree: Path) -> None:
    """Replace the installer's folder on a host, and copy the resources that it does not have."""
    run = current_run()
    script = f"""\
set -eu
install -d -m 0700 {HOST_FOLDER} {HOST_FOLDER}/resources
cd {HOST_FOLDER}
rm -rf data manifests modules
(umask 077; : >>lock)
tar --extract --no-same-owner --preserve-permissions --file "$PAYLOAD"\
"""
    _send(host, script, pack_tree(tree))
    for path in run.plan.resources.get(host, []):
        _copy_resource(host, path)


def apply_manifest(host: str, marker: str) -> None:
    """Apply a phase's manifest; raise HostError with Puppet's own error and the log's path.

    A resumed run leaves out a manifest that it applied before, unless what Puppet reads changed.
    """
    run = current_run()
    manifest = f"{host}_{marker}.pp"
    folder = run.host_folder(host)
    content = hashlib.sha256(pack_tree(folder / "tree")).hexdigest()
    if run.is_done(manifest, content):
        run.report(f"{host}: {marker} was applied before")
        return
    started = time.monotonic()
    status, output = run_script(
        host,
        _apply_script(manifest),
        on_line=lambda line: run.show(run.masked(f"{host}: {line}")),
        time_limit=run.time_limit,
    )
    if run.dry_run:
        return
    log = folder / f"{marker}.log"
    write_private(log, run.masked(output))
    if status == _LOCKED:
        raise HostError(host, "another installation is at work there; wait for its end")
    if status not in (0, 2):  # --detailed-exitcodes: 0 nothing to do, 2 changed
        errors = puppet_errors(output) or [f"puppet ended with exit code {status}"]
        shown = "\n".join([*errors[:_SHOWN_ERRORS], f"the whole log: {log}"])
        raise HostError(host, f"{marker}: {shown}")
    if status:
        run.changed.add(host)
    outcome = "changed" if status else "nothing to change"
    run.report(f"{host}: {marker} {outcome}, {time.monotonic() - started:.1f} s")
    run.mark_done(manifest, content)


def puppet_errors(output: str) -> list[str]:
    """Give the errors in a Puppet log, each once, with apt's own words where apt failed.

    Errors that only follow from others are left out. An error may go on over several lines; what
    is not marked as another entry belongs to it.
    """
    errors: list[str] = []
    for entry in re.split(
        r"^(?=(?:Debug|Info|Notice|Warning|Error): )", output, flags=re.MULTILINE
    ):
        first, *more = entry.strip().splitlines() or [""]
        if not first.startswith("Error: ") or "Skipping because of failed dep" in first:
            continue
        words = [line for line in more if line.startswith(("E: ", "dpkg: "))] or more[-1:]
        errors.append("\n".join([first.removeprefix("Error: "), *words]))
    return [
        error
        for index, error in enumerate(errors)
        if not any(other.endswith(error) for other in errors[index + 1 :])  # told again, with more
    ]


def _apply_script(manifest: str) -> str:
    command = [
        *("flock", "--nonblock", f"--conflict-exit-code={_LOCKED}", f"{HOST_FOLDER}/lock"),
        *("puppet", "apply", "--detailed-exitcodes", "--color=false"),
        f"--hiera_config={HOST_FOLDER}/hiera.yaml",
        f"--modulepath={_MODULE_PATH}",
        f"{HOST_FOLDER}/manifests/{manifest}",
    ]
    apt = f"export APT_CONFIG={HOST_FOLDER}/apt.conf"
    return "\n".join(["set -eu", _PREPARE_APT, apt, f"exec {shlex.join(command)}"])


def _copy_resource(host: str, path: Path) -> None:
    target = shlex.quote(f"{HOST_FOLDER}/resources/{path.name}")
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    same, _ = run_script(host, f"echo {digest} {target} | sha256sum --check --status")
    if same == 0 and not current_run().dry_run:
        return
    script = f'set -eu\nchmod 0600 "$PAYLOAD"\nmv "$PAYLOAD" {target}'
    _send(host, script, path)
    current_run().changed.add(host)


def _send(host: str, script: str, payload: bytes | Path) -> None:
    status, output = run_script(host, script, payload)
    if status:
        raise HostError(host, f"copying failed: {output.strip() or f'exit code {status}'}")


def pack_tree(tree: Path) -> bytes:
    """Pack a tree with modes that let only root read it, the same bytes for the same content."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for path in sorted(tree.rglob("*")):
            member = tarfile.TarInfo(str(path.relative_to(tree)))
            if path.is_dir():
                member.type, member.mode = tarfile.DIRTYPE, 0o700
                archive.addfile(member)
            else:
                data = path.read_bytes()
                member.size, member.mode = len(data), 0o600
                archive.addfile(member, io.BytesIO(data))
    return buffer.getvalue()
