"""Passwords from standard input: they reach hosts, and stay in no file of the run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

import yaml

from tests.source_packstack.bench import CONTROLLER, Bench
from tests.source_packstack.test_runs import applied

TYPED = 'it\'s %{one}: "time" only'
READS_PASSWORDS = (
    f"--install-hosts={CONTROLLER}",
    *("--ntp-install=n", "--amqp-backend=none", "--glance-install=n"),
    *("--default-password=-", "--mariadb-pw=-"),
)


def files_with(text: str, folder: Path) -> list[str]:
    variants = (text, quote(text, safe=""), json.dumps(text)[1:-1], text.replace("'", "''"))
    files = [path for path in folder.resolve().rglob("*") if path.is_file()]
    return [
        str(path)
        for path in files
        if any(variant.encode() in path.read_bytes() for variant in variants)
    ]


def kept_answers(run: Path) -> dict[str, str]:
    return dict(re.findall(r"^(CONFIG_\w+)=(.*)$", (run / "answers.txt").read_text(), re.MULTILINE))


def test_a_password_from_standard_input_reaches_hosts_and_stays_in_no_file(
    bench: Bench, controller: Path
) -> None:
    passwords = f"default-once\nroot-once\n{TYPED}\n"
    done = bench.run(*READS_PASSWORDS, "--keystone-admin-passwd=-", stdin=passwords)
    assert 0 == done.returncode, done.stderr
    sent = (controller / "installer" / "data" / "common.yaml").read_text()
    assert (
        TYPED.replace("%{", "%{literal('%')}{") == yaml.safe_load(sent)["CONFIG_KEYSTONE_ADMIN_PW"]
    )
    for password in ("default-once", "root-once", TYPED, "one}: "):
        assert [] == files_with(password, bench.latest)
    answers = kept_answers(bench.latest)
    assert "PW_FROM_STDIN" == answers["CONFIG_DEFAULT_PASSWORD"]
    assert "PW_FROM_STDIN" == answers["CONFIG_MARIADB_PW"]
    assert "PW_FROM_STDIN" == answers["CONFIG_KEYSTONE_ADMIN_PW"]
    assert "PW_PLACEHOLDER" == answers["CONFIG_KEYSTONE_DB_PW"]


def test_a_resumed_run_asks_again_for_a_password_that_was_not_kept(
    bench: Bench, controller: Path
) -> None:
    assert 0 == bench.run(*READS_PASSWORDS, stdin="default-once\nroot-once\n").returncode
    applied_before = applied(controller)
    refused = bench.run("--resume")
    assert 2 == refused.returncode
    assert "is to be read from standard input, but there is no line for it" in refused.stderr
    resumed = bench.run("--resume", stdin="default-once\nroot-once\n")
    assert 0 == resumed.returncode, resumed.stderr
    assert applied_before == applied(controller)
    assert [] == files_with("default-once", bench.latest)


def test_a_second_run_makes_no_new_password_in_place_of_one_that_was_not_kept(
    bench: Bench, controller: Path
) -> None:
    assert 0 == bench.run(*READS_PASSWORDS, stdin="default-once\nroot-once\n").returncode
    again = bench.run(*READS_PASSWORDS[:-2])
    assert 3 == again.returncode
    told = "was read from standard input in the latest run and is not kept: give it again with"
    assert f"CONFIG_MARIADB_PW {told} --mariadb-pw=-" in again.stderr
    assert f"CONFIG_KEYSTONE_ADMIN_PW {told} --default-password=-" in again.stderr


def test_an_answer_file_may_leave_a_password_to_standard_input(
    bench: Bench, controller: Path
) -> None:
    assert 0 == bench.run(*READS_PASSWORDS, stdin="default-once\nroot-once\n").returncode
    path = bench.answers((bench.latest / "answers.txt").read_text().partition("\n")[2])
    done = bench.run("--answer-file", path, stdin="default-once\nroot-once\n")
    assert 0 == done.returncode, done.stderr
    assert "Nothing had to be changed." in done.stdout
