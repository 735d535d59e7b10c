"""Puppet on a host: installs it, copies manifests, applies them, and reads its log."""

from __future__ import annotations

import hashlib
import io
import logging
import shlex
import tarfile
import time
from pathlib import Path

from source_packstack.installer.errors import HostError
from source_packstack.installer.hosts import ScriptRunner, run_script
from source_packstack.installer.runs import current_run, write_private
from source_packstack.modules.hieradata import HOST_FOLDER
from source_packstack.modules.planning import PUPPET_AGENT
from source_packstack.modules.preflight import BUSY, LOCK, SECONDS_TO_END
from source_packstack.modules.puppet_log import PuppetLog

__all__ = ["apply_manifest", "copy_tree", "install_puppet", "pack_tree"]

log = logging.getLogger(__name__)

_MODULE_PATH = f"{HOST_FOLDER}/modules:/etc/puppet/code/modules:/usr/share/puppet/modules"
_APT = "apt-get -q -y -o DPkg::Lock::Timeout=300 -o APT::Install-Recommends=false"
# Waits for another apt, such as the daily upgrade, and configures packages that an interrupted run
# left half installed; edited configuration files are kept.
_PREPARE_APT = f"""\
export DEBIAN_FRONTEND=noninteractive LC_ALL=C.UTF-8
{_APT} check >/dev/null 2>&1 || dpkg --force-confdef --force-confold --configure -a || exit 100"""
_CHANGED = "source-packstack: changed"
# Installs those of the named packages that are not installed yet.
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
_LOCKED = 75  # exit code of flock while another installer works on the host
_APPLIED = 20  # replaces Puppet's 2 (changed), because a shell exits with 2 for its own errors
_SHOWN_ERRORS = 3


def install_puppet(host: str) -> None:
    """Install Puppet and the modules that the plan needs, from Debian's own packages.

    If all packages are installed, nothing is done, and no mirror is contacted.
    """
    packages = sorted(current_run().plan.packages.get(host, {PUPPET_AGENT}))
    server = ScriptRunner(host)
    server.append(f"set -- {shlex.join(packages)}")
    server.append(_INSTALL_MISSING)
    _, output = server.execute()
    if _CHANGED in output:
        current_run().changed.add(host)


def copy_tree(host: str, tree: Path) -> None:
    """Replace the installer's folder on a host, and copy resources that it lacks."""
    script = f"""\
set -eu
install -d -m 0700 {HOST_FOLDER} {HOST_FOLDER}/resources
cd {HOST_FOLDER}
umask 077
exec 9>>lock
flock --timeout={SECONDS_TO_END} 9 || {{ echo {BUSY!r}; exit {_LOCKED}; }}
rm -rf data manifests modules
tar --extract --no-same-owner --preserve-permissions --file "$PAYLOAD"\
"""
    _send(host, script, pack_tree(tree))
    for path in current_run().plan.resources.get(host, []):
        _copy_resource(host, path)


def apply_manifest(host: str, marker: str, position: str = "") -> None:
    """Apply the manifest of a phase; raise HostError with Puppet's error and the log's path.

    `position` is the number of the phase, as shown to the user. A resumed run skips manifests that
    it already applied, unless Puppet's input has changed.
    """
    run = current_run()
    manifest = f"{host}_{marker}.pp"
    content = hashlib.sha256(pack_tree(run.host_folder(host) / "tree")).hexdigest()
    if run.is_done(manifest, content):
        run.report(f"{host}: {marker} was applied before")
        return
    started = time.monotonic()
    puppet = PuppetLog(host, run.masked)
    try:
        status = _run_puppet(host, manifest, puppet, f"phase {position} ({marker})")
    finally:
        run.show(host, "", "")
    if run.dry_run:
        return
    if status:
        run.changed.add(host)
        run.changes.extend(puppet.changes)
    outcome = f"changed {_count(len(puppet.changes))}" if status else "nothing to change"
    run.report(f"{host}: {marker} {outcome}, {time.monotonic() - started:.1f} s")
    run.mark_done(manifest, content)


def _run_puppet(host: str, manifest: str, puppet: PuppetLog, phase: str) -> int:
    """Run Puppet and keep its log; return 0 if nothing had to be changed, else `_APPLIED`."""
    run = current_run()

    def read(line: str) -> None:
        known = len(puppet.lines)
        doing = puppet.take(line)
        for text in puppet.lines[known:]:
            log.debug("%s| %s", host, text)
        if doing:
            number, total = puppet.progress
            run.show(host, f"{phase}, resource {number} of {total}", doing)

    path = run.host_folder(host) / f"{manifest.removesuffix('.pp').removeprefix(f'{host}_')}.log"
    run.show(host, phase, "starting Puppet")
    try:
        status, _ = run_script(
            host, _apply_script(manifest), on_line=read, time_limit=run.time_limit
        )
    finally:
        if puppet.lines:
            write_private(path, "\n".join([*puppet.lines, ""]))
    if status == _LOCKED:
        raise HostError(host, f"{BUSY}; wait until it has ended")
    if status not in (0, _APPLIED):
        problems = puppet.problems() or [puppet.last_words(status)]
        raise HostError(
            host, "\n".join([f"{phase} failed", *problems[:_SHOWN_ERRORS], f"Log: {path}"])
        )
    return status


def _count(changes: int) -> str:
    return "1 thing" if changes == 1 else f"{changes} things"


def _apply_script(manifest: str) -> str:
    """Return the script that applies a manifest and prints Puppet's log, one entry per line.

    Puppet writes the log to a pipe. The script keeps both of its ends open until Puppet has ended,
    so that the reader ends then, even if Puppet never opened the pipe. The changes from Puppet's
    report follow.
    """
    command = [
        *("flock", "--nonblock", f"--conflict-exit-code={_LOCKED}", LOCK),
        *("puppet", "apply", "--detailed-exitcodes", "--color=false", "--verbose", "--evaltrace"),
        f"--hiera_config={HOST_FOLDER}/hiera.yaml",
        f"--modulepath={_MODULE_PATH}",
    ]
    manifest_path = shlex.quote(f"{HOST_FOLDER}/manifests/{manifest}")
    return f"""\
set -eu
{_PREPARE_APT}
export APT_CONFIG={HOST_FOLDER}/apt.conf
work=$(dirname "$PAYLOAD")
log=$work/log.jsonl report=$work/report.yaml status=0
mkfifo -m 0600 "$log"
exec 8<>"$log" 7<"$log"
cat <&7 8>&- &
exec 7<&-
{shlex.join(command)} --logdest="$log" --lastrunreport="$report" {manifest_path} 8>&- || status=$?
exec 8>&-
wait
[ ! -e "$report" ] || ruby {HOST_FOLDER}/modules/packstack/files/list-changes "$report" || true
[ "$status" -ne 2 ] || status={_APPLIED}
exit $status"""


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
    """Pack a tree reproducibly, with modes that allow only root to read it."""
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
