"""Runs on fake hosts: what succeeds, what fails with which message, and what comes after."""

from __future__ import annotations

import fcntl
import json
import os
import re
import signal
import stat
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.source_packstack.bench import CONTROLLER, SECOND, SMALL_PLAN, Bench

PLAN = (f"--install-hosts={CONTROLLER},{SECOND}", *SMALL_PLAN)
SECRET = "correct horse battery staple"


def calls(host: Path) -> list[str]:
    path = host / "calls"
    return path.read_text().splitlines() if path.exists() else []


def applied(host: Path) -> int:
    return sum(call.startswith("puppet ") for call in calls(host))


def wait_until(condition: Callable[[], bool], seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.02)


def is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):  # gone before it is read, or while it is
        return False
    return "Z" not in state.rpartition(")")[2].split()[0]


def test_a_run_installs_and_a_second_one_changes_nothing(
    bench: Bench, controller: Path, second: Path
) -> None:
    first = bench.run(*PLAN)
    assert 0 == first.returncode, first.stderr
    assert f"Changed: {CONTROLLER}, {SECOND}" in first.stdout
    assert f"{SECOND}: backend changed 1 thing" in first.stdout
    assert "Notify[applied]" in first.stdout.partition("What took longest")[2]
    again = bench.run(*PLAN)
    assert 0 == again.returncode, again.stderr
    assert "Nothing had to be changed." in again.stdout
    assert 1 == sum(" update" in call for call in calls(second))
    assert 1 == sum(" install " in call for call in calls(second))


def test_the_summary_says_what_runs_where(bench: Bench, controller: Path, second: Path) -> None:
    summary = bench.run(*PLAN).stdout.partition("What runs where")[2]
    for host in (CONTROLLER, SECOND):
        assert f"Cache (memcached) │ {host} │ 11211" in summary
    assert "Nothing was installed that keeps the time of your hosts." in summary


def test_generated_passwords_stay_the_same_on_the_same_cloud(
    bench: Bench, controller: Path
) -> None:
    plan = (f"--install-hosts={CONTROLLER}", "--ntp-install=n", "--glance-install=n")
    bench.run(*plan)
    first = (bench.latest / "answers.txt").read_text()
    bench.run(*plan)
    assert first == (bench.latest / "answers.txt").read_text()


def test_a_host_is_added_by_editing_the_answer_file(
    bench: Bench, controller: Path, second: Path
) -> None:
    bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    text = (bench.latest / "answers.txt").read_text()
    path = bench.folder / "answers.txt"
    path.write_text(
        text.replace(
            f"CONFIG_MEMCACHED_HOSTS={CONTROLLER}", f"CONFIG_MEMCACHED_HOSTS={CONTROLLER},{SECOND}"
        )
    )
    done = bench.run("--answer-file", path)
    assert f"Changed: {SECOND}\n" in done.stdout


def test_a_users_ssh_settings_are_left_alone_and_keys_are_checked(
    bench: Bench, controller: Path
) -> None:
    bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN, "--ssh-user=")
    used = bench.ssh_log.read_text()
    assert "ControlMaster=auto" in used
    assert "User=" not in used
    for never in ("StrictHostKeyChecking", "UserKnownHostsFile", " -F "):
        assert never not in used


def test_new_host_keys_are_accepted_on_request_only(bench: Bench, controller: Path) -> None:
    bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN, "--ssh-accept-new-keys=y")
    assert "StrictHostKeyChecking=accept-new" in bench.ssh_log.read_text()


def test_a_sudo_user_works_like_root(bench: Bench, controller: Path) -> None:
    (controller / "uid").write_text("1000\n")
    done = bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN, "--ssh-user=deploy")
    assert 0 == done.returncode, done.stderr
    assert "sudo" in calls(controller)


# ------------------------- before anything changes -------------------------


def break_port(host: Path) -> None:
    (host / "tcp").write_text("sl local st\n 0: 00000000:2BCB 00000000:0000 0A\n")  # 11211


def break_clock(host: Path) -> None:
    (host / "time").write_text(f"{int(time.time()) - 3600}\n")


def break_sudo(host: Path) -> None:
    (host / "uid").write_text("1000\n")
    (host / "no-sudo").touch()


@pytest.mark.parametrize(
    ("harm", "complaint"),
    [
        (lambda host: host.rename(host.with_name("gone")), "Connection refused"),
        (lambda host: (host / "free").write_text("10\n"), "only 10 MiB are free below /var"),
        (break_clock, "seconds off this machine's"),
        (break_port, "another program listens on port 11211"),
        (break_sudo, "may not use sudo without a password"),
        (
            lambda host: (host / "os-release").write_text("ID=ubuntu\nVERSION_ID=24.04\n"),
            "it runs ubuntu 24.04, not Debian 12",
        ),
        (
            lambda host: (host / "refuses").write_text("Host key verification failed.\n"),
            f"its host key is not known; check it with `ssh {SECOND}`",
        ),
        (
            lambda host: (host / "refuses").write_text("root@x: Permission denied (publickey).\n"),
            "set CONFIG_SSH_INSTALL_KEY",
        ),
    ],
    ids=["down", "disk", "clock", "port", "sudo", "system", "host-key", "key"],
)
def test_an_unfit_host_stops_the_run_before_any_host_is_changed(
    bench: Bench,
    controller: Path,
    second: Path,
    harm: Callable[[Path], object],
    complaint: str,
) -> None:
    harm(second)
    done = bench.run(*PLAN)
    assert 4 == done.returncode, done.stderr
    assert f"Error: {SECOND}: " in done.stderr
    assert complaint in done.stderr
    assert not calls(controller)


def test_a_host_on_which_another_installation_runs_is_refused(
    bench: Bench, controller: Path, second: Path
) -> None:
    lock = second / "installer" / "lock"
    lock.parent.mkdir()
    with lock.open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = bench.run(*PLAN)
    assert 4 == done.returncode, done.stderr
    assert f"Error: {SECOND}: another installation is running there; wait" in done.stderr
    assert not calls(controller)


def test_two_installations_at_once_are_refused(
    bench: Bench, controller: Path, second: Path
) -> None:
    bench.runs.mkdir(parents=True)
    with (bench.runs / "lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        done = bench.run(*PLAN)
        assert 4 == done.returncode, done.stderr
        assert not calls(controller) + calls(second)
        assert f"Error: another installation runs from {bench.runs}; wait" in done.stderr
        assert 0 == bench.run(*PLAN, "--dry-run").returncode
    assert 0 == bench.run(*PLAN).returncode


@pytest.mark.parametrize("answer", ["²", "9" * 5000, "", "yesterday", "$(reboot)"])
def test_a_host_may_answer_anything(bench: Bench, controller: Path, answer: str) -> None:
    (controller / "time").write_text(f"{answer}\n")
    done = bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    assert 4 == done.returncode
    assert f"Error: {CONTROLLER}: it does not tell the time" in done.stderr


def test_all_problems_of_all_hosts_are_told_at_once(
    bench: Bench, controller: Path, second: Path
) -> None:
    (controller / "free").write_text("10\n")
    break_clock(second)
    break_port(second)
    done = bench.run(*PLAN)
    assert 3 == done.stderr.count("Error: ")


def test_the_preflight_does_not_mind_our_own_ports(bench: Bench, controller: Path) -> None:
    plan = (f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    bench.run(*plan)
    break_port(controller)  # it is our memcached that listens now
    assert 0 == bench.run(*plan).returncode


def test_the_key_is_installed_once_where_a_password_is_asked(
    bench: Bench, controller: Path
) -> None:
    (controller / "refuses").write_text("root@x: Permission denied (publickey,password).\n")
    (controller / "password").write_text(SECRET)
    key = bench.folder / "home" / ".ssh" / "id_ed25519.pub"
    key.write_text("ssh-ed25519 AAAA somebody@somewhere\n")
    answers = bench.answers(
        f"CONFIG_SSH_INSTALL_KEY=y\nCONFIG_SSH_PASSWORD={SECRET}\n"
        f"CONFIG_CONTROLLER_HOST={CONTROLLER}\nCONFIG_MEMCACHED_HOSTS={CONTROLLER}\n"
    )
    bench.run("--answer-file", answers, *SMALL_PLAN)
    authorized = controller / "home" / ".ssh" / "authorized_keys"
    assert authorized.read_text() == key.read_text()
    assert 0o600 == stat.S_IMODE(authorized.stat().st_mode)
    assert SECRET not in bench.ssh_log.read_text()


def test_a_wrong_password_is_told_before_anything_changes(bench: Bench, controller: Path) -> None:
    (controller / "refuses").write_text("root@x: Permission denied (publickey,password).\n")
    (controller / "password").write_text("another")
    (bench.folder / "home" / ".ssh" / "id_ed25519.pub").write_text("ssh-ed25519 AAAA\n")
    done = bench.run(
        f"--install-hosts={CONTROLLER}",
        *SMALL_PLAN,
        "--ssh-install-key=y",
        f"--ssh-password={SECRET}",
    )
    assert 4 == done.returncode
    assert f"Error: {CONTROLLER}: it refuses the password" in done.stderr


def test_a_refused_login_cannot_steer_the_terminal(bench: Bench, controller: Path) -> None:
    (controller / "refuses").write_text("\x1b]0;owned\x07 the connection is closed\n")
    (bench.folder / "home" / ".ssh" / "id_ed25519.pub").write_text("ssh-ed25519 AAAA\n")
    done = bench.run(
        *(f"--install-hosts={CONTROLLER}", *SMALL_PLAN),
        *("--ssh-install-key=y", f"--ssh-password={SECRET}"),
    )
    assert 4 == done.returncode
    assert "owned" in done.stderr
    assert "\x1b" not in done.stderr


# ------------------------- while it changes hosts -------------------------


def test_one_hosts_puppet_error_is_told_while_the_other_host_ends_cleanly(
    bench: Bench, controller: Path, second: Path
) -> None:
    entries = [
        {"level": "notice", "source": "Puppet", "message": "Compiled catalog"},
        {
            "level": "err",
            "source": "/Stage[main]/Memcached/Package[memcached]/ensure",
            "message": "change from 'purged' to 'present' failed",
            "file": "/m/memcached.pp",
            "line": 3,
        },
        {
            "level": "warning",
            "source": "/Stage[main]/B/Service[b]",
            "message": "Skipping because of failed dependencies",
        },
    ]
    (second / "puppet-fails").write_text("".join(f"{json.dumps(entry)}\n" for entry in entries))
    done = bench.run(*PLAN)
    assert 5 == done.returncode
    assert (
        f"Error: {SECOND}: phase 1 of 1 (backend) failed\n"
        "  Package[memcached]: change from 'purged' to 'present' failed (/m/memcached.pp, line 3)\n"
        "  Try this: read the log from its first error on.\n"
    ) in done.stderr
    assert "Skipping" not in done.stderr
    log = bench.latest.resolve() / "hosts" / SECOND / "backend.log"
    assert f"\n  Log: {log}\nLog: {bench.latest.resolve()}/run.log\n" in done.stderr
    assert "Notice: Compiled catalog\n" in log.read_text()
    assert f"{CONTROLLER}: backend changed" in done.stdout
    assert done.stderr.endswith("continue with: source-packstack --resume\n")

    (second / "puppet-fails").unlink()
    resumed = bench.run("--resume")
    assert 0 == resumed.returncode, resumed.stderr
    assert f"{CONTROLLER}: backend was applied before" in resumed.stdout
    assert (1, 2) == (applied(controller), applied(second))


def test_a_resumed_run_applies_again_what_was_mended(bench: Bench, controller: Path) -> None:
    manifest = bench.folder / "site.pp"
    manifest.write_text("notify { 'one': }\n")
    plan = (f"--install-hosts={CONTROLLER}", *SMALL_PLAN, "--site-manifest=site.pp")
    assert 0 == bench.run(*plan).returncode
    manifest.write_text("notify { 'two': }\n")
    assert 0 == bench.run("--resume").returncode
    assert "two" in (controller / f"applied-{CONTROLLER}_site.pp").read_text()


def test_a_run_that_never_began_is_not_the_latest(bench: Bench, controller: Path) -> None:
    bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    before = bench.latest.resolve()
    refused = bench.run(f"--install-hosts={CONTROLLER}", "--mariadb-install=n")
    assert 3 == refused.returncode
    assert before == bench.latest.resolve()


def test_a_package_that_cannot_be_installed_is_named(bench: Bench, controller: Path) -> None:
    (controller / "apt-fails").write_text(
        "Reading package lists...\nE: Unable to locate package puppet-agent\nmore talk\n"
    )
    plan = (f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    done = bench.run(*plan)
    assert 5 == done.returncode
    assert f"Error: {CONTROLLER}: E: Unable to locate package puppet-agent" in done.stderr
    (controller / "apt-fails").unlink()
    assert 0 == bench.run("--resume").returncode


def test_what_a_host_says_cannot_steer_the_terminal(bench: Bench, controller: Path) -> None:
    (controller / "apt-fails").write_text("E: \x1b[2J\x1b]0;owned\x07\u202e [bold]gone\n")
    done = bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN, "--debug")
    assert "owned" in done.stderr
    assert "[bold]gone" in done.stderr
    assert "\x1b]" not in done.stderr
    assert "\u202e" not in done.stderr
    assert "\x07" not in done.stderr + (bench.latest / "run.log").read_text()


def test_a_host_that_dies_in_the_middle_is_told(bench: Bench, controller: Path) -> None:
    (controller / "puppet-sleeps").touch()
    process = bench.start(f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    pid = controller / "puppet.pid"
    wait_until(lambda: pid.exists() and bool(pid.read_text()))
    (controller / "dies").touch()
    os.killpg(os.getpgid(int(pid.read_text())), signal.SIGKILL)
    output, _ = process.communicate(timeout=30)
    assert 5 == process.returncode
    assert f"Error: {CONTROLLER}: the connection failed: Connection to" in output


def test_a_time_limit_ends_the_work_on_the_host(bench: Bench, controller: Path) -> None:
    (controller / "puppet-sleeps").touch()
    done = bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN, "--timeout=1")
    assert 6 == done.returncode
    assert f"Error: {CONTROLLER}: not finished after 1 seconds" in done.stderr
    assert not is_running(int((controller / "puppet.pid").read_text()))


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupted_run_ends_the_work_on_every_host(
    bench: Bench, controller: Path, second: Path, number: signal.Signals
) -> None:
    for host in (controller, second):
        (host / "puppet-sleeps").touch()
    process = bench.start(*PLAN)
    pids = [host / "puppet.pid" for host in (controller, second)]
    wait_until(lambda: all(pid.exists() and pid.read_text() for pid in pids))
    process.send_signal(number)
    output, _ = process.communicate(timeout=30)
    assert 130 == process.returncode, output
    assert "Interrupted." in output
    assert not any(is_running(int(pid.read_text())) for pid in pids)


def test_hosts_end_the_work_of_a_killed_installer_and_a_resume_does_it(
    bench: Bench, controller: Path
) -> None:
    (controller / "puppet-sleeps").touch()
    process = bench.start(f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    pid = controller / "puppet.pid"
    wait_until(lambda: pid.exists() and bool(pid.read_text()))
    process.kill()
    process.communicate(timeout=30)
    wait_until(lambda: not is_running(int(pid.read_text())))
    work = (controller / "work").read_text().split()
    wait_until(lambda: not [path for path in work if Path(path).exists()])
    (controller / "puppet-sleeps").unlink()
    assert 0 == bench.run("--resume").returncode
    folders = set(re.findall(r"ControlPath=(/tmp/[\w-]+)/", bench.ssh_log.read_text()))
    assert 2 == len(folders)
    assert not [folder for folder in folders if Path(folder).exists()]


def test_a_service_that_does_not_answer_is_told(bench: Bench, controller: Path) -> None:
    (controller / "silent").touch()
    (controller / "time").write_text(f"{int(time.time()) + 20}\n")  # stands still
    process = bench.start(f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    wait_until(lambda: any(call.startswith("connect") for call in calls(controller)))
    (controller / "time").write_text(f"{int(time.time()) + 90}\n")
    output, _ = process.communicate(timeout=30)
    assert 5 == process.returncode
    assert "Cache (memcached) does not respond" in output


# ------------------------- secrets and logs -------------------------


def test_secrets_are_in_no_log_no_process_list_and_for_nobody_elses_eyes(
    bench: Bench, controller: Path
) -> None:
    entry = {"level": "err", "source": "Puppet", "message": f"access denied with {SECRET}"}
    (controller / "puppet-fails").write_text(f"{json.dumps(entry)}\n")
    answers = bench.answers(
        f"CONFIG_DEFAULT_PASSWORD={SECRET}\nCONFIG_CONTROLLER_HOST={CONTROLLER}\n"
        "CONFIG_MARIADB_PW=root\nCONFIG_KEYSTONE_DB_PW=kdb\nCONFIG_GLANCE_DB_PW=gdb\n"
        f"CONFIG_MARIADB_HOST={CONTROLLER}\nCONFIG_AMQP_HOST={CONTROLLER}\n"
        f"CONFIG_MEMCACHED_HOSTS={CONTROLLER}\nCONFIG_CLIENT_HOSTS={CONTROLLER}\n"
        "CONFIG_PROVISION_IMAGE=n\nCONFIG_NOVA_INSTALL=n\n"
    )
    done = bench.run("--answer-file", answers, "--debug")
    assert 5 == done.returncode
    assert "access denied with ********" in done.stderr
    run = bench.latest.resolve()
    shown = [
        *(done.stdout, done.stderr, (run / "run.log").read_text()),
        *(path.read_text() for path in (run / "hosts" / CONTROLLER).iterdir() if path.is_file()),
        (controller / "process-list").read_text(),
        bench.ssh_log.read_text(),
    ]
    for text in shown:
        assert SECRET not in text
        assert SECRET.replace(" ", "%20") not in text
    assert SECRET in (controller / "installer" / "data" / "common.yaml").read_text()
    for path in (controller / "installer").rglob("*"):
        assert 0 == stat.S_IMODE(path.stat().st_mode) & 0o077, path


def test_secrets_in_what_a_failed_script_says_are_masked(bench: Bench, controller: Path) -> None:
    (controller / "apt-fails").write_text(f"E: the proxy refuses {SECRET}\n")
    answers = bench.answers(f"CONFIG_DEFAULT_PASSWORD={SECRET}\n")
    flags = (f"--controller-host={CONTROLLER}", *SMALL_PLAN)
    done = bench.run("--answer-file", answers, *flags)
    assert "E: the proxy refuses ********" in done.stderr
    assert SECRET not in done.stdout + done.stderr + (bench.latest / "run.log").read_text()


@pytest.mark.parametrize("cut", [16384, 16384 + 10])
def test_a_line_is_cut_where_it_gets_too_long_and_leaves_no_half_of_a_secret(
    bench: Bench, controller: Path, cut: int
) -> None:
    line = ("E: " + "x" * (cut - 20) + SECRET).ljust(1_000_000, "y")
    (controller / "apt-fails").write_text(f"{line}\n")
    answers = bench.answers(f"CONFIG_DEFAULT_PASSWORD={SECRET}\n")
    done = bench.run("--answer-file", answers, f"--controller-host={CONTROLLER}", *SMALL_PLAN)
    assert 5 == done.returncode
    assert len(done.stderr) < 20_000
    assert SECRET[:7] not in done.stderr + (bench.latest / "run.log").read_text()


def test_a_hosts_output_without_an_end_is_given_up(bench: Bench, controller: Path) -> None:
    (controller / "apt-endless").touch()
    process = bench.start(f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    output, _ = process.communicate(timeout=60)
    assert 5 == process.returncode
    assert f"Error: {CONTROLLER}: its output is larger than 67108864 bytes" in output
    assert (bench.latest / "run.log").stat().st_size < 100_000


def test_a_run_leaves_a_log_for_its_owner_and_a_link_to_it(bench: Bench, controller: Path) -> None:
    bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    log = bench.latest / "run.log"
    assert "step: Applying the manifests" in log.read_text()
    for path in (log, bench.latest / "answers.txt", bench.latest / "state.json"):
        assert 0o600 == stat.S_IMODE(path.stat().st_mode)


def test_nothing_is_left_on_the_hosts_or_here(bench: Bench, controller: Path) -> None:
    bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    [folder] = set(re.findall(r"ControlPath=(/tmp/[\w-]+)/", bench.ssh_log.read_text()))
    assert not Path(folder).exists()
    work = (controller / "work").read_text().split()
    assert len(work) > 3
    assert not [path for path in work if Path(path).exists()]


@pytest.mark.parametrize("content", ["{", "[1, 2]", "null"])
def test_a_damaged_state_is_told(bench: Bench, controller: Path, content: str) -> None:
    bench.run(f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    (bench.latest / "state.json").write_text(content)
    done = bench.run("--resume")
    assert 1 == done.returncode
    assert "damaged" in done.stderr
    assert "Traceback" not in done.stderr


def test_changes_are_listed_on_request(bench: Bench, controller: Path) -> None:
    plan = (f"--install-hosts={CONTROLLER}", *SMALL_PLAN)
    shown = bench.run(*plan, "--show-changes").stdout.partition("What changed")[2]
    assert re.search(r"Notify\[applied\] +│ message +│ absent +│ present", shown)
    again = bench.run(*plan, "--show-changes")
    assert "What changed" not in again.stdout
    assert "What took longest" not in again.stdout


def test_a_failed_command_with_a_long_output_is_reported(bench: Bench, controller: Path) -> None:
    packages = "\n".join(
        f"Selecting previously unselected package python3-{n}." for n in range(900)
    )
    message = (
        f"Execution of 'apt-get install nova-api' returned 100: {packages}\nE: Broken packages"
    )
    failed = {
        "level": "err",
        "message": message,
        "source": "/Stage[main]/Nova::Api/Package[nova-api]/ensure",
    }
    (controller / "puppet-fails").write_text(f"{json.dumps(failed)}\n")
    flags = (f"--controller-host={CONTROLLER}", *SMALL_PLAN)
    done = bench.run("--answer-file", bench.answers(""), *flags)
    assert 5 == done.returncode
    assert "Package[nova-api]: Execution of 'apt-get install nova-api' returned 100" in done.stderr
    assert "E: Broken packages" in done.stderr
    assert len(done.stderr) < 2_000
