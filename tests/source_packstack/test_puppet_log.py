"""Puppet's structured log: what is read from it, and what it says about failures."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

import source_packstack
from source_packstack.installer.runs import Change
from source_packstack.modules.puppet_log import Entry, PuppetLog

LIST_CHANGES = (
    Path(source_packstack.__file__).parent / "puppet/modules/packstack/files/list-changes"
)
PACKAGE = "/Stage[main]/Memcached/Package[memcached]"
APT = (
    "Execution of 'apt-get -q install memcached' returned 100: Reading package lists...\n"
    "Building dependency tree...\n"
    "E: Package 'memcached' has no installation candidate"
)


def entry(level: str, source: str, message: str, **more: object) -> str:
    return json.dumps({"level": level, "source": source, "message": message, **more})


def read(*lines: str) -> PuppetLog:
    log = PuppetLog("192.0.2.1")
    for line in lines:
        log.take(line)
    return log


def test_an_error_is_reported_once_with_its_resource_its_place_and_advice() -> None:
    log = read(
        entry("notice", "Puppet", "Compiled catalog"),
        entry("err", "Puppet", APT),
        entry(
            "err", f"{PACKAGE}/ensure", f"change from 'purged' failed: {APT}", file="a.pp", line=7
        ),
        entry("notice", "Puppet", "Applied catalog"),
    )
    expected = (
        "Package[memcached]: change from 'purged' failed: Execution of 'apt-get -q install "
        "memcached' returned 100: Reading package lists...\n"
        "E: Package 'memcached' has no installation candidate (a.pp, line 7)\n"
        "Try this: check the APT sources of 192.0.2.1: none of its mirrors has this package."
    )
    assert [expected] == log.problems()


def test_a_place_that_the_message_names_is_not_repeated() -> None:
    message = "Evaluation Error: Unknown variable: 'x' (file: /m/a.pp, line: 3, column: 1)"
    [problem] = read(entry("err", "Puppet", message, file="/m/a.pp", line=3)).problems()
    assert message == problem.partition("\n")[0]
    assert "Try this: correct the manifest" in problem


@pytest.mark.parametrize(
    ("source", "resource"),
    [
        (f"{PACKAGE}/ensure", "Package[memcached]"),
        (PACKAGE, "Package[memcached]"),
        ("/Stage[main]/Main/File[/etc/a b/c]/content", "File[/etc/a b/c]"),
        ("/Stage[main]/Db/Nova_config[db/url]/value", "Nova_config[db/url]"),
        ("Puppet", ""),
        ("Class[Main]", ""),
    ],
)  # fmt: skip
def test_the_resource_is_taken_from_the_source(source: str, resource: str) -> None:
    assert resource == Entry("notice", source, "").resource


def test_progress_is_counted_in_resources() -> None:
    log = PuppetLog("192.0.2.1")
    doing = log.take(entry("info", PACKAGE, "Starting to evaluate the resource (12 of 800)"))
    assert ("Package[memcached]", (12, 800)) == (doing, log.progress)
    assert "" == log.take(entry("info", PACKAGE, "Evaluated in 0.00 seconds"))
    assert [] == log.lines


@pytest.mark.parametrize(
    "line",
    ["", "text", "{", "{}", "[1]", '{"message": 1}', '{"change": 5}', "{" * 5000],
)  # fmt: skip
def test_any_line_can_be_read(line: str) -> None:
    log = read(line)
    assert [] == log.problems()
    assert "exit code 4" in log.last_words(4)


def test_nothing_of_a_host_steers_the_terminal_or_stops_the_run() -> None:
    log = read(
        '{"level": "err", "source": "\\u001b[2J", "message": "a\\nb\\u001b]0;x\\u0007 \\ud83d"}',
        '{"change": {"resource": "\\u001b[2J", "before": "\\n"}}',
        entry("info", PACKAGE, f"Starting to evaluate the resource ({'9' * 5000} of 1)"),
    )
    shown = "".join([*log.lines, *log.problems(), log.changes[0].resource, log.changes[0].before])
    assert "\x1b" not in shown
    assert "\x07" not in shown
    assert shown.encode()


def test_secrets_are_masked_before_anything_is_cut() -> None:
    log = PuppetLog("192.0.2.1", lambda text: text.replace("S3cret", "********"))
    log.take(entry("err", "Puppet", "x" * 1996 + "S3cret"))
    log.take(json.dumps({"change": {"resource": "Exec[S3cret]", "after": "S3cret"}}))
    assert "S3c" not in "".join([*log.problems(), *log.lines, str(log.changes)])


def test_facts_that_cannot_be_read_are_no_failure() -> None:
    log = read(entry("err", "Facter", "Permission denied"))
    assert [] == log.problems()
    assert ["Error: Facter: Permission denied"] == log.lines


def test_changes_come_from_puppets_report(tmp_path: Path) -> None:
    report = tmp_path / "report.yaml"
    report.write_text(
        "--- !ruby/object:Puppet::Transaction::Report\n"
        "resource_statuses:\n"
        "  File[/x]: !ruby/object:Puppet::Resource::Status\n"
        "    evaluation_time: 0.25\n"
        "    events:\n"
        "    - property: ensure\n"
        "      previous_value: absent\n"
        "      desired_value: file\n"
        "      status: success\n"
        "    - {property: mode, previous_value: '0600', desired_value: '0644', status: failure}\n"
        "  Service[x]: {restarted: true, evaluation_time: 2}\n"
    )
    done = subprocess.run(
        ["/usr/bin/ruby", LIST_CHANGES, report], capture_output=True, text=True, check=True
    )
    assert [
        Change("192.0.2.1", "File[/x]", "ensure", "absent", "file", 0.25),
        Change("192.0.2.1", "Service[x]", "restarted", "", "", 2),
    ] == read(*done.stdout.splitlines()).changes


if not Path("/usr/bin/ruby").exists():
    test_changes_come_from_puppets_report = pytest.mark.skip("Ruby is not installed")(
        test_changes_come_from_puppets_report
    )
