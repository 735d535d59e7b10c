"""What goes wrong on the way, what the installer then says, and how it goes on."""

from __future__ import annotations

import contextlib
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator

import pytest

from tests.hosts.installing import ONLY_CACHE, Pair, answered
from tests.hosts.lab.host import Host

pytestmark = pytest.mark.e2e

FIT, UNFIT, FAILED, TOO_LATE, INTERRUPTED = 0, 4, 5, 6, 130
MEMCACHED = 11211


def wait_for(what: Callable[[], bool], seconds: float = 180) -> None:
    deadline = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < deadline, f"{what} did not come true in {seconds} s"
        time.sleep(0.05)


def works(host: Host, what: str = "puppet apply") -> bool:
    """Whether a process of that command line runs on the host."""
    return what in host.execute("ps", "-eo", "args")


def untouched(host: Host) -> bool:
    """Whether the installer has left nothing on the host."""
    return "source-packstack" not in host.execute("ls", "/var/lib")


def goes_on(pair: Pair, title: str) -> None:
    """Resume a run whose trouble is over: it comes to its end, and both hosts serve."""
    resumed = pair.resume(title)
    assert resumed.code == FIT, resumed
    assert pair.both_serve()


@pytest.mark.parametrize("pair", [{"start": False}], indirect=True)
def test_a_host_that_is_down_is_named_before_anything_changes(pair: Pair) -> None:
    refused = pair.install("a host is down from the start")
    assert refused.code == UNFIT, refused
    assert pair.second.address in refused.errors
    assert pair.first.address not in refused.errors
    assert untouched(pair.first)

    pair.second.start()
    goes_on(pair, "a host is down from the start")


def test_a_host_that_dies_does_not_stop_the_other(pair: Pair) -> None:
    running = pair.installer.start("--install-hosts", pair.hosts, *ONLY_CACHE)
    wait_for(lambda: works(pair.second))
    pair.second.stop()
    output, errors = running.communicate(timeout=300)
    assert running.returncode == FAILED, output + errors
    assert pair.second.address in errors
    assert pair.first.address not in errors
    assert answered(pair.first, MEMCACHED)

    pair.second.start()
    goes_on(pair, "a host dies in the middle")


def test_a_host_that_falls_off_the_network_is_given_up(pair: Pair) -> None:
    running = pair.installer.start("--install-hosts", pair.hosts, *ONLY_CACHE)
    wait_for(lambda: works(pair.second))
    pair.second.unplug()
    output, errors = running.communicate(timeout=300)
    assert running.returncode == FAILED, output + errors
    assert pair.second.address in errors

    pair.second.plug()
    goes_on(pair, "a host falls off the network")


@pytest.mark.parametrize("pair", [{"password": "right horse"}], indirect=True)
def test_a_wrong_password_is_said_and_the_right_one_installs_the_key(pair: Pair) -> None:
    answers = pair.installer.person.home / "answers.txt"
    made = pair.installer.run(
        "answer file", "--install-hosts", pair.hosts, *ONLY_CACHE, "--gen-answer-file", answers
    )
    assert made.code == FIT, made
    key = ("--ssh-install-key=y", "--answer-file", answers)

    refused = pair.installer.run("a wrong password", *key, "--ssh-password=wrong horse")
    assert refused.code == UNFIT, refused
    assert pair.second.address in refused.errors
    assert "password" in refused.errors
    assert "wrong horse" not in refused.output + refused.errors
    assert untouched(pair.first)

    accepted = pair.installer.run("a wrong password, mended", *key, "--ssh-password=right horse")
    assert accepted.code == FIT, accepted
    assert pair.both_serve()
    login = pair.installer.person.run("ssh", "-oBatchMode=yes", pair.second.address, "true")
    assert login.code == FIT, login


@pytest.mark.parametrize("pair", [{"size": "600m"}], indirect=True)
def test_a_full_disk_is_found_before_anything_changes(pair: Pair) -> None:
    pair.second.execute("fallocate", "--length=500M", "/var/ballast")
    refused = pair.install("a full disk", "--preflight-disk=300")
    assert refused.code == UNFIT, refused
    assert f"{pair.second.address}: only " in refused.errors
    assert untouched(pair.first)

    pair.second.execute("rm", "/var/ballast")
    goes_on(pair, "a full disk")


@pytest.mark.parametrize("pair", [{"size": "600m"}], indirect=True)
def test_a_disk_that_fills_up_on_the_way_fails_its_host_only(pair: Pair) -> None:
    pair.second.shell(
        "dd if=/dev/zero of=/var/ballast bs=1M 2>/dev/null || truncate --size=-2M /var/ballast"
    )
    failed = pair.install("a disk fills up", "--preflight-disk=1")
    assert failed.code == FAILED, failed
    assert pair.second.address in failed.errors
    assert "No space left on device" in failed.errors
    assert pair.first.address not in failed.errors

    pair.second.execute("rm", "/var/ballast")
    goes_on(pair, "a disk fills up")


def test_a_wrong_clock_is_found_before_anything_changes(pair: Pair) -> None:
    # The hosts share the machine's clock, so one of them only says that it is another time.
    pair.second.write("/usr/local/bin/date", '#!/bin/sh\nexec /bin/date --date="1 hour ago" "$@"\n')
    pair.second.execute("chmod", "+x", "/usr/local/bin/date")
    refused = pair.install("a wrong clock")
    assert refused.code == UNFIT, refused
    told = re.search(rf"{pair.second.address}: its clock is (\d+) seconds off", refused.errors)
    assert told, refused
    assert 3000 < int(told[1]) <= 3600  # an hour, less what a busy host took to answer
    assert untouched(pair.first)

    pair.second.execute("rm", "/usr/local/bin/date")
    goes_on(pair, "a wrong clock")


def test_a_broken_manifest_is_reported_with_puppets_error(pair: Pair) -> None:
    manifest = pair.installer.person.write("site.pp", "file { '/etc/motd' ensure => file }\n")
    failed = pair.install("a broken manifest", f"--site-manifest={manifest}")
    assert failed.code == FAILED, failed
    assert "Syntax error" in failed.errors
    assert str(pair.installer.latest) in failed.errors

    manifest.write_text("file { '/etc/motd': ensure => file }\n")
    goes_on(pair, "a broken manifest")


def test_a_package_that_cannot_be_installed_is_named(pair: Pair) -> None:
    pin = "/etc/apt/preferences.d/no-memcached"
    pair.second.write(pin, "Package: memcached\nPin: release *\nPin-Priority: -1\n")
    failed = pair.install("a package cannot be installed")
    assert failed.code == FAILED, failed
    assert pair.second.address in failed.errors
    assert "memcached" in failed.errors
    assert "no installation candidate" in failed.errors
    assert answered(pair.first, MEMCACHED)

    pair.second.execute("rm", pin)
    goes_on(pair, "a package cannot be installed")


def test_somebody_elses_apt_is_waited_for(pair: Pair) -> None:
    with apt_locked(pair.second):
        running = pair.installer.start("--install-hosts", pair.hosts, *ONLY_CACHE)
        wait_for(lambda: works(pair.second, "apt-get"))
    wait_for(lambda: works(pair.second))
    with apt_locked(pair.second):
        wait_for(lambda: works(pair.second, "install memcached"))
    output, errors = running.communicate(timeout=300)
    assert running.returncode == FIT, output + errors
    assert pair.both_serve()


@contextlib.contextmanager
def apt_locked(host: Host) -> Iterator[None]:
    """Hold the lock that apt and dpkg hold while they work."""
    lock = "import fcntl, sys; file = open('/var/lib/dpkg/lock-frontend', 'w'); "
    lock += "fcntl.lockf(file, fcntl.LOCK_EX); print('locked', flush=True); sys.stdin.read()"
    command = [*host.inside, "python3", "-c", lock]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdin
        assert holder.stdout
        assert b"locked\n" == holder.stdout.readline()
        yield
        holder.stdin.close()


@pytest.mark.parametrize(
    ("number", "code"),
    [
        pytest.param(signal.SIGINT, INTERRUPTED, id="Ctrl-C"),
        pytest.param(signal.SIGTERM, INTERRUPTED, id="TERM"),
        pytest.param(signal.SIGKILL, -signal.SIGKILL, id="kill -9"),
    ],
)
def test_an_ended_installer_ends_its_work_on_the_hosts(
    pair: Pair, number: signal.Signals, code: int
) -> None:
    running = pair.installer.start("--install-hosts", pair.hosts, *ONLY_CACHE)
    wait_for(lambda: works(pair.first) and works(pair.second))
    running.send_signal(number)
    output, errors = running.communicate(timeout=120)
    assert running.returncode == code, output + errors
    assert "Traceback" not in output + errors
    wait_for(lambda: not works(pair.first) and not works(pair.second), 60)
    assert not answered(pair.first, MEMCACHED) or not answered(pair.second, MEMCACHED)

    goes_on(pair, f"the installer gets {number.name}")
    assert [] == list((pair.installer.person.home / "tmp").glob("sp-*"))


def test_a_host_that_takes_too_long_is_ended(pair: Pair) -> None:
    late = pair.install("a time limit", "--timeout=1")
    assert late.code == TOO_LATE, late
    assert f"{pair.second.address}: " in late.errors
    assert "not finished after 1 seconds" in late.errors
    wait_for(lambda: not works(pair.first) and not works(pair.second), 60)

    goes_on(pair, "a time limit")


def test_an_unknown_host_key_is_never_accepted_silently(pair: Pair) -> None:
    known = pair.installer.person.home / ".ssh" / "known_hosts"
    kept = known.read_text()
    lines = kept.splitlines(keepends=True)
    known.write_text("".join(line for line in lines if pair.second.address not in line))
    refused = pair.install("an unknown host key")
    assert refused.code == UNFIT, refused
    assert f"{pair.second.address}: its host key is not known" in refused.errors
    assert untouched(pair.first)
    known.write_text(kept)
