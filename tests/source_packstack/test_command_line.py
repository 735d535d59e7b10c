"""The command line: one flag an option, modes, and an exit code for every end."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from source_packstack.installer.controller import Controller
from tests.source_packstack.bench import CONTROLLER, SMALL_PLAN, Bench


def test_help_lists_every_flag_under_its_group(bench: Bench, plugins: Controller) -> None:
    text = bench.run("--help").stdout
    for group in plugins.groups:
        flags = [option.flag for option in group.parameters.values() if option.has_flag]
        if flags:
            section = text.partition(f"\n{group.description}:\n")[2].partition("\n\n")[0]
            assert flags == re.findall(r"^  --([\w-]+)", section, re.MULTILINE)


def test_options_that_are_for_files_only_have_no_flag(bench: Bench) -> None:
    assert "max-connections" not in bench.run("--help").stdout
    assert "CONFIG_MARIADB_MAX_CONNECTIONS\n" in bench.run("--options").stdout


def test_options_and_plugins_are_listed(bench: Bench, plugins: Controller) -> None:
    listed = bench.run("--options").stdout
    for option in plugins.parameters():
        assert option.name in listed
    assert "[default: y; choices: y, n]" in listed
    assert "[default: generated]" in listed
    names = [line.partition(":")[0] for line in bench.run("--list-plugins").stdout.splitlines()]
    assert "prescript_000" == names[0]
    assert len(names) == len(plugins.plugins)


def test_the_version_is_the_packages(bench: Bench) -> None:
    assert re.fullmatch(r"source-packstack \d+\.\d+\.\d+\S*\n", bench.run("--version").stdout)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--no-such-flag"], "No such option"),
        (["--allinone", "--install-hosts=192.0.2.1"], "cannot be used together"),
        (["--answer-file=x", "--resume"], "--answer-file and --resume cannot be used together"),
        (["--resume", "--dry-run"], "--resume and --dry-run cannot be used together"),
        (["--install-hosts=a b"], "--install-hosts must be IPv4 addresses or host names"),
        (["--install-hosts="], "--install-hosts must name at least one host"),
        (["--install-hosts=,"], "--install-hosts must name at least one host"),
        (["--allinone", "--timeout=0"], "--timeout"),
        (["--allinone", "--timeout=nan"], "--timeout"),
        ([], "standard input is not a terminal"),
    ],
)
def test_a_wrong_command_line_ends_with_2(
    bench: Bench, arguments: list[str], complaint: str
) -> None:
    done = bench.run(*arguments)
    assert 2 == done.returncode
    assert complaint in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("shell", "line", "offered"),
    [
        ("bash", "--amqp-backend ra", "plain,rabbitmq"),
        ("bash", "--site-data my", "file,my"),
        ("bash", "--gen", "plain,--gen-answer-file"),
        ("zsh", "--ssl-enable y", "plain\ny\n_"),
        ("fish", "--answer-file my", "file,my"),
    ],
)
def test_shells_complete_flags_choices_and_files(
    bench: Bench, shell: str, line: str, offered: str
) -> None:
    typed = line.rpartition(" ")[2]
    bench.environment |= {
        "_SOURCE_PACKSTACK_COMPLETE": f"{shell}_complete",
        "COMP_WORDS": f"source-packstack {line}",
        "COMP_CWORD": typed if shell == "fish" else str(len(line.split())),
    }
    assert f"{offered}\n" == bench.run().stdout


def test_bash_learns_how_to_complete(bench: Bench) -> None:
    script = bench.folder / "complete.sh"
    bench.environment |= {"_SOURCE_PACKSTACK_COMPLETE": "bash_source"}
    script.write_text(
        f"{bench.run().stdout}\nCOMP_WORDS=({bench.command()[0]} --glance-install '')\n"
        'COMP_CWORD=2; _source_packstack_completion "${COMP_WORDS[0]}"; echo "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(
        ["bash", "-u", script], env=bench.environment, capture_output=True, text=True, check=False
    )
    assert "y n\n" == done.stdout, done.stderr


@pytest.mark.parametrize("name", ["answers.txt", "answers[new].txt"])
def test_a_right_answer_file_validates(bench: Bench, name: str) -> None:
    path = bench.folder / name
    made = bench.run("--gen-answer-file", path)
    assert (0, True) == (made.returncode, str(path) in made.stdout)
    done = bench.run("--validate-answer-file", path)
    assert 0 == done.returncode
    assert f"{path}: no problems found" in done.stdout
    assert not bench.runs.exists()


def test_wrong_answers_end_with_3_and_change_nothing(bench: Bench) -> None:
    path = bench.answers("CONFIG_NTP_INSTALL=perhaps\nCONFIG_NOPE=1\n")
    for mode in ("--validate-answer-file", "--answer-file"):
        done = bench.run(mode, path)
        assert 3 == done.returncode
        assert f"Error: {path}:2: CONFIG_NTP_INSTALL must be one of: y, n" in done.stderr
        assert f"Error: {path}:3: there is no option CONFIG_NOPE" in done.stderr
    assert not bench.runs.exists()


@pytest.mark.parametrize(
    ("answers", "complaint"),
    [
        ("CONFIG_MARIADB_INSTALL=n\n", "Keystone stores its data in MariaDB"),
        ("CONFIG_KEYSTONE_INSTALL=n\n", "Glance needs Keystone to check tokens"),
    ],
)
def test_combinations_that_plugins_refuse_are_wrong_answers(
    bench: Bench, answers: str, complaint: str
) -> None:
    done = bench.run("--validate-answer-file", bench.answers(answers))
    assert 3 == done.returncode
    assert complaint in done.stderr


def test_install_hosts_answers_every_option_that_names_hosts(bench: Bench) -> None:
    path = bench.folder / "answers.txt"
    bench.run("--gen-answer-file", path, "--install-hosts=192.0.2.11, 192.0.2.12")
    text = path.read_text()
    assert "CONFIG_CONTROLLER_HOST=192.0.2.11\n" in text
    assert "CONFIG_MEMCACHED_HOSTS=192.0.2.11,192.0.2.12\n" in text
    assert "CONFIG_NTP_SERVERS=0.debian.pool.ntp.org," in text


def test_flags_win_over_the_answer_file(bench: Bench, controller: Path) -> None:
    path = bench.answers(f"CONFIG_CONTROLLER_HOST={CONTROLLER}\nCONFIG_KEYSTONE_REGION=file\n")
    done = bench.run("--answer-file", path, "--keystone-region=flag", "--dry-run")
    assert 0 == done.returncode, done.stderr
    assert "CONFIG_KEYSTONE_REGION=flag\n" in (bench.planned / "answers.txt").read_text()


def test_the_default_password_can_come_from_standard_input(bench: Bench) -> None:
    path = bench.folder / "answers.txt"
    done = bench.run("--gen-answer-file", path, "--default-password=-", stdin="from-stdin\n")
    assert 0 == done.returncode, done.stderr
    assert "CONFIG_KEYSTONE_ADMIN_PW=from-stdin\n" in path.read_text()


def test_every_password_can_come_from_standard_input_each_on_its_line(bench: Bench) -> None:
    path = bench.folder / "answers.txt"
    flags = ("--mariadb-pw=-", "--keystone-admin-passwd=-")
    done = bench.run("--gen-answer-file", path, *flags, stdin="one\ntwo\n")
    assert 0 == done.returncode, done.stderr
    assert "CONFIG_MARIADB_PW=one\n" in path.read_text()
    assert "CONFIG_KEYSTONE_ADMIN_PW=two\n" in path.read_text()


def test_generated_passwords_differ_from_each_other(bench: Bench) -> None:
    path = bench.folder / "answers.txt"
    bench.run("--gen-answer-file", path)
    passwords = re.findall(r"^CONFIG_\w+_(?:PW|PASSWORD)=(.+)$", path.read_text(), re.MULTILINE)
    assert len(set(passwords)) == len(passwords) == 11


def test_an_answer_file_is_never_overwritten(bench: Bench) -> None:
    path = bench.answers("CONFIG_KEYSTONE_ADMIN_PW=in use\n")
    done = bench.run("--gen-answer-file", path)
    assert 2 == done.returncode
    assert "already exists" in done.stderr
    assert "in use" in path.read_text()


def test_nothing_to_resume_is_told(bench: Bench) -> None:
    done = bench.run("--resume")
    assert 1 == done.returncode
    assert "there is no run to resume in" in done.stderr


def test_a_place_where_no_run_can_be_made_is_told(bench: Bench) -> None:
    (bench.folder / "file").touch()
    done = bench.run("--install-hosts", CONTROLLER, *SMALL_PLAN, "--run-dir=file/runs")
    assert 1 == done.returncode
    assert "cannot create a folder for the run" in done.stderr


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("source-packstack --keystone-r", "--keystone-region"),
        ("source-packstack --amqp-backend ra", "rabbitmq"),
    ],
)
def test_the_shell_completes_flags_and_choices(bench: Bench, words: str, completed: str) -> None:
    bench.environment |= {
        "_SOURCE_PACKSTACK_COMPLETE": "bash_complete",
        "COMP_WORDS": words,
        "COMP_CWORD": str(words.count(" ")),
    }
    assert f"plain,{completed}" in bench.run().stdout.splitlines()
