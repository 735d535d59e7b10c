"""``plugindoc check``: what is reported, how it ends, and what it says when it cannot run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from plugindoc.checking.diagnostics import Finding
from plugindoc.checking.rules.presence import UndocumentedOption
from plugindoc.checking.subject import Subject
from tests.plugindoc.checking.installers import Check, Write, plugin, port

PLUGIN = "example/plugins/example_100.py"
CLEAN = plugin(port())


def objects(check: Check, *words: object) -> list[str]:
    report = json.loads(check(*words, "--format", "json").stdout)
    return [each["object"] for each in report["diagnostics"]]


@pytest.fixture
def two(write: Write) -> Path:
    """Return a tree of two plugins, each with an undocumented option."""
    other = plugin(port("CONFIG_OTHER_PORT", USAGE=None)).replace("EXAMPLE", "OTHER")
    return write(
        {
            PLUGIN: plugin(port(USAGE=None)),
            "example/plugins/other_200.py": other.replace("Example options", "Other options"),
            "README.md": "Nothing about plugins.",
            "example/puppet/templates/example.pp": "",
        }
    )


@pytest.mark.parametrize("path", [".", "example", "example/plugins/../.."])
def test_an_installer_is_reported_whole(path: str, two: Path, check: Check) -> None:
    assert ["CONFIG_EXAMPLE_PORT", "CONFIG_OTHER_PORT"] == objects(check, two / path)


@pytest.mark.parametrize(
    ("paths", "expected"),
    [
        ([PLUGIN], ["CONFIG_EXAMPLE_PORT"]),
        ([PLUGIN, "example/plugins/other_200.py"], ["CONFIG_EXAMPLE_PORT", "CONFIG_OTHER_PORT"]),
        (["example/plugins"], ["CONFIG_EXAMPLE_PORT", "CONFIG_OTHER_PORT"]),
        (["example/puppet"], []),
        (["README.md"], []),
        (["README.md", PLUGIN], ["CONFIG_EXAMPLE_PORT"]),
        ([".", PLUGIN], ["CONFIG_EXAMPLE_PORT", "CONFIG_OTHER_PORT"]),
    ],
)
def test_a_path_inside_selects_what_is_reported(
    paths: list[str], expected: list[str], two: Path, check: Check
) -> None:
    assert expected == objects(check, *(two / path for path in paths))


def test_what_is_read_is_always_everything(write: Write, check: Check) -> None:
    reader = plugin(port("CONFIG_OTHER_PORT")).replace("EXAMPLE", "OTHER")
    root = write(
        {
            PLUGIN: CLEAN.replace("('CONFIG_EXAMPLE_PORT',)", "()"),
            "example/plugins/other_200.py": reader.replace(
                "('CONFIG_OTHER_PORT',)", "('CONFIG_OTHER_PORT', 'CONFIG_EXAMPLE_PORT')"
            ),
        }
    )
    assert [] == objects(check, root / PLUGIN)


@pytest.mark.parametrize(
    ("option", "words", "expected"),
    [
        (port(), [], 0),
        (port(USAGE=None), [], 1),
        (port(USAGE=None), ["--fail-on", "never"], 0),
        (port(USAGE=None), ["--ignore", "PD101"], 0),
        (port(NEED_CONFIRM=True), [], 0),
        (port(NEED_CONFIRM=True), ["--fail-on", "warning"], 1),
        (port(NEED_CONFIRM=True), ["--fail-on", "warning", "--select", "PD1"], 0),
    ],
)
def test_the_exit_status(
    option: str, words: list[str], expected: int, write: Write, check: Check
) -> None:
    assert expected == check(write({PLUGIN: plugin(option)}), *words).exit_code


def test_the_settings_say_what_fails(write: Write, check: Check) -> None:
    settings = '[tool.plugindoc.check]\nfail-on = "warning"\n'
    root = write({PLUGIN: plugin(port(NEED_CONFIRM=True)), "pyproject.toml": settings})
    assert 1 == check(root).exit_code
    assert 0 == check(root, "--fail-on", "error").exit_code


def test_safe_fixes_are_applied(write: Write, check: Check) -> None:
    root = write({PLUGIN: plugin(port(NEED_CONFIRM=True), port("CONFIG_X", OPTION_LIST=[""]))})
    result = check(root, "--fix")
    assert "Fixed 2 findings." in result.stderr
    text = (root / PLUGIN).read_text()
    assert '"NEED_CONFIRM": False' in text
    assert '"OPTION_LIST": []' in text
    assert "Nothing to report" in result.stdout


def test_a_fix_of_a_text_s_list_takes_the_choices(write: Write, check: Check) -> None:
    wrong = port(USAGE="Port. ['80']", OPTION_LIST=["80", "8080"])
    root = write({PLUGIN: plugin(wrong)})
    check(root, "--fix", "--select", "PD106")
    assert "Port. ['80', '8080']" in (root / PLUGIN).read_text()


def test_unsafe_fixes_are_applied_when_asked_for(write: Write, check: Check) -> None:
    before = plugin(port(CMD_OPTION="Example-Port"))
    root = write({PLUGIN: before})
    check(root, "--fix")
    assert before == (root / PLUGIN).read_text()
    check(root, "--fix", "--unsafe-fixes")
    assert '"CMD_OPTION": "example-port"' in (root / PLUGIN).read_text()


def test_a_diff_shows_and_changes_nothing(
    write: Write, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = plugin(port(NEED_CONFIRM=True))
    root = write({PLUGIN: before})
    monkeypatch.chdir(root)
    result = check("--diff")
    assert 1 == result.exit_code
    assert f"--- a/{PLUGIN}\n+++ b/{PLUGIN}\n" in result.stdout
    assert before == (root / PLUGIN).read_text()
    assert 0 == check("--diff", "--select", "PD1").exit_code


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["nowhere"], "nowhere: No such file or directory"),
        (["."], "no plugins here"),
        ([".", "--select", "PD999"], "'PD999' is not a rule"),
        ([".", "--format", "xml"], "'xml' is not one of"),
    ],
)
def test_a_check_that_cannot_run(
    words: list[str],
    complaint: str,
    check: Check,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    result = check(*words)
    assert 2 == result.exit_code
    assert complaint in result.stderr
    assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"def initConfig(:\n", 2),
        (CLEAN.encode()[: len(CLEAN) // 2], 2),
        (b"\xff\xfe\x00", 1),
        (b"x = 'caf\xe9'\n", 1),
    ],
    ids=["broken", "half written", "bytes", "Latin 1"],
)
def test_a_file_that_cannot_be_read_never_passes(
    content: bytes, status: int, write: Write, check: Check
) -> None:
    root = write({PLUGIN: CLEAN, "example/plugins/sound_200.py": CLEAN.replace("EXAMPLE", "B")})
    (root / PLUGIN).write_bytes(content)
    for words in ([], ["--fail-on", "never"], ["--ignore", "PD0"]):
        result = check(root, *words)
        assert status == result.exit_code
        assert "example_100.py" in result.output
        assert "Traceback" not in result.output


@pytest.mark.parametrize(
    ("fault", "line"),
    [(lambda _: 1 / 0, 1), (lambda subject: any(o.nothing for o in subject.questions.options), 21)],
    ids=["at once", "at every option"],
)
def test_a_rule_that_fails_costs_no_other(
    fault: Callable[[Subject], object],
    line: int,
    write: Write,
    check: Check,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def failing(_: UndocumentedOption, subject: Subject) -> Iterator[Finding]:
        fault(subject)
        yield from ()

    monkeypatch.setattr(UndocumentedOption, "check", failing)
    root = write({PLUGIN: plugin(port(PROMPT=None))})
    result = check(root, "--format", "json")
    found = {each["code"]: each for each in json.loads(result.stdout)["diagnostics"]}
    assert 1 == result.exit_code
    assert {"PD005", "PD218"} <= set(found)
    assert "PD101 (undocumented-option) failed here" in found["PD005"]["message"]
    assert line == found["PD005"]["line"]


def test_a_rule_that_fails_at_an_option_still_judges_the_others(
    write: Write, check: Check, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = UndocumentedOption.check

    def failing(rule: UndocumentedOption, subject: Subject) -> Iterator[Finding]:
        assert subject.questions.option("CONFIG_B") is not None
        for option in subject.questions.options:
            if option.name in ("CONFIG_B", "CONFIG_D"):
                raise LookupError(option.name)
        yield from sound(rule, subject)

    monkeypatch.setattr(UndocumentedOption, "check", failing)
    options = [port(f"CONFIG_{letter}", USAGE=None) for letter in "ABCDE"]
    result = check(write({PLUGIN: plugin(*options)}), "--format", "json")
    found = [
        (each["code"], each["line"], each["object"])
        for each in json.loads(result.stdout)["diagnostics"]
        if each["code"] in ("PD005", "PD101")
    ]
    assert [
        ("PD005", 22, "PD101"),
        ("PD005", 24, "PD101"),
        ("PD101", 21, "CONFIG_A"),
        ("PD101", 23, "CONFIG_C"),
        ("PD101", 25, "CONFIG_E"),
    ] == sorted(found)


def test_one_broken_installer_of_two_is_enough(write: Write, check: Check) -> None:
    root = write({"a/" + PLUGIN: "def initConfig(:\n", "b/" + PLUGIN: CLEAN})
    assert 2 == check(root / "a", root / "b").exit_code
    (root / "a" / PLUGIN).write_bytes(b"\xff")
    assert 1 == check(root / "a", root / "b", "--fail-on", "never").exit_code


def test_nothing_is_shown_of_a_file_that_a_link_leads_to_outside(
    write: Write, check: Check
) -> None:
    root = write({"tree/" + PLUGIN: CLEAN, "secret": "TOKEN = 1\n"})
    (root / "tree/example/plugins/other_200.py").symlink_to("../../../secret")
    result = check(root / "tree")
    assert 1 == result.exit_code
    assert "other_200.py is a symbolic link that leads out of the tree" in result.output
    assert "TOKEN" not in result.output


def test_settings_that_are_wrong_are_named(write: Write, check: Check) -> None:
    root = write({PLUGIN: CLEAN, "pyproject.toml": "[tool.plugindoc.chekc]\n"})
    result = check(root)
    assert 2 == result.exit_code
    assert "tool.plugindoc.chekc is no setting; did you mean check?" in result.stderr


def test_a_rule_that_the_settings_misspell_is_named(write: Write, check: Check) -> None:
    for line in ('ignore = ["PD9"]', 'per-path-ignores = {"a" = ["PD9"]}'):
        root = write({PLUGIN: CLEAN, "pyproject.toml": f"[tool.plugindoc.check]\n{line}\n"})
        result = check(root)
        assert 2 == result.exit_code
        assert "pyproject.toml: tool.plugindoc.check: 'PD9' is not a rule" in result.stderr


def test_paths_under_different_settings_are_not_mixed(write: Write, check: Check) -> None:
    root = write({PLUGIN: CLEAN, "pyproject.toml": "[tool.plugindoc]\n"})
    other = root / "other"
    other.mkdir()
    (other / "pyproject.toml").write_text("[tool.plugindoc]\n")
    result = check(root, other)
    assert 2 == result.exit_code
    assert "have different settings: check them one at a time" in result.stderr


def test_a_terminal_that_knows_few_letters(write: Write) -> None:
    root = write({PLUGIN: plugin(port("CONFIG_ÄÖ☃", USAGE=None))})
    environment = {**os.environ, "PYTHONIOENCODING": "latin-1"}
    command = [str(Path(sys.executable).parent / "plugindoc"), "check", str(root)]
    done = subprocess.run(command, check=False, capture_output=True, env=environment)
    assert 1 == done.returncode
    assert "CONFIG_ÄÖ? has no description" in done.stdout.decode("latin-1")


def test_no_sphinx_docutils_or_rich_on_the_way(write: Write) -> None:
    program = (
        "import sys\n"
        "from plugindoc.commands.main import plugindoc\n"
        "try:\n    plugindoc(['check', sys.argv[1]])\n"
        "except SystemExit:\n    pass\n"
        "print(sorted({name.partition('.')[0] for name in sys.modules}"
        " & {'sphinx', 'docutils', 'rich', 'jinja2', 'myst_parser', 'yaml', 'pygments'}))\n"
    )
    command = [sys.executable, "-c", program, str(write({PLUGIN: CLEAN}))]
    output = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    assert "[]" == output.splitlines()[-1]
