"""Answer files: written with their documentation, read with every problem and its line."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from source_packstack.installer.answers import (
    Answers,
    read_answers,
    resolve,
    write_answers,
)
from source_packstack.installer.controller import Controller, load_plugins
from source_packstack.installer.errors import AnswersError
from tests.source_packstack.bench import Bench


def read(plugins: Controller, path: Path) -> None:
    resolve(plugins, read_answers(path, plugins))


def problems(plugins: Controller, path: Path) -> list[str]:
    with pytest.raises(AnswersError) as raised:
        read(plugins, path)
    return list(raised.value.problems)


def test_a_written_file_reads_back_as_it_was(plugins: Controller, tmp_path: Path) -> None:
    resolve(plugins, Answers())
    before = dict(plugins.CONF)
    path = tmp_path / "answers.txt"
    write_answers(path, plugins)
    again = load_plugins()
    read(again, path)
    assert before == dict(again.CONF)
    assert 0o600 == stat.S_IMODE(path.stat().st_mode)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=50)
@given(
    st.text(
        st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1, max_size=40
    ).filter(lambda text: text.strip())
)
def test_any_text_survives_as_a_password(tmp_path: Path, password: str) -> None:
    plugins = load_plugins()
    answers = Answers()
    answers.give("CONFIG_KEYSTONE_ADMIN_PW", password, "test")
    resolve(plugins, answers)
    path = tmp_path / "answers.txt"
    write_answers(path, plugins)
    again = load_plugins()
    read(again, path)
    assert password.strip() == again.CONF["CONFIG_KEYSTONE_ADMIN_PW"]


def test_every_option_has_its_usage_as_a_comment(plugins: Controller, tmp_path: Path) -> None:
    resolve(plugins, Answers())
    path = tmp_path / "answers.txt"
    write_answers(path, plugins)
    comments = " ".join(
        line.removeprefix("# ") for line in path.read_text().splitlines() if line.startswith("# ")
    )
    for option in plugins.parameters():
        assert " ".join(option.usage.split()) in comments


def test_all_problems_are_told_at_once_with_their_lines(plugins: Controller, bench: Bench) -> None:
    path = bench.answers(
        "CONFIG_NTP_INSTALL=perhaps\n"
        "CONFIG_KEYSTONE_REGOIN=x\n"
        "# a comment\n"
        "this is no answer\n"
        "CONFIG_MARIADB_HOST=a b\n"
        "CONFIG_MARIADB_HOST=192.0.2.1\n"
        "CONFIG_NOTHING_LIKE_IT_AT_ALL=1\n"
    )
    hint = "; did you mean CONFIG_KEYSTONE_REGION?"
    assert problems(plugins, path) == [
        f"{path}:2: CONFIG_NTP_INSTALL must be one of: y, n",
        f"{path}:3: there is no option CONFIG_KEYSTONE_REGOIN{hint}",
        f"{path}:5: expected CONFIG_NAME=value, a # comment or [general]",
        f"{path}:6: CONFIG_MARIADB_HOST must be one IPv4 address or host name",
        f"{path}:7: CONFIG_MARIADB_HOST is already set at {path}:6",
        f"{path}:8: there is no option CONFIG_NOTHING_LIKE_IT_AT_ALL",
    ]


def test_old_names_are_accepted_and_told(plugins: Controller, bench: Bench) -> None:
    path = bench.answers("CONFIG_MYSQL_HOST=192.0.2.7\n")
    answers = read_answers(path, plugins)
    resolve(plugins, answers)
    assert "192.0.2.7" == plugins.CONF["CONFIG_MARIADB_HOST"]
    assert answers.notes == [f"{path}:2: CONFIG_MYSQL_HOST is now called CONFIG_MARIADB_HOST"]


def test_options_of_groups_that_do_not_apply_are_not_checked(
    plugins: Controller, bench: Bench
) -> None:
    read(plugins, bench.answers("CONFIG_NTP_INSTALL=n\nCONFIG_NTP_SERVERS=not a host\n"))
    assert "not a host" == plugins.CONF["CONFIG_NTP_SERVERS"]


def test_all_services_go_to_the_controller_unless_the_answers_say_otherwise(
    plugins: Controller, bench: Bench
) -> None:
    read(plugins, bench.answers("CONFIG_CONTROLLER_HOST=192.0.2.7\nCONFIG_AMQP_HOST=192.0.2.8\n"))
    hosts = {name: plugins.CONF[f"CONFIG_{name}"] for name in ("AMQP_HOST", "MARIADB_HOST")}
    assert {"AMQP_HOST": "192.0.2.8", "MARIADB_HOST": "192.0.2.7"} == hosts
    assert "192.0.2.7" == plugins.CONF["CONFIG_MEMCACHED_HOSTS"]
    assert "192.0.2.7" == plugins.CONF["CONFIG_CLIENT_HOSTS"]


def test_a_default_password_that_does_not_fit_is_named_as_such(
    plugins: Controller, bench: Bench
) -> None:
    path = bench.answers("CONFIG_DEFAULT_PASSWORD=two words\nCONFIG_MARIADB_PW=own\n")
    assert problems(plugins, path) == [
        f"default value: CONFIG_{service}_DB_PW uses the default password, "
        "which must match [A-Za-z0-9._~-]{1,64}"
        for service in ("KEYSTONE", "GLANCE", "NOVA", "NEUTRON")
    ]


def test_an_option_that_only_packstack_has_is_a_note(plugins: Controller, bench: Bench) -> None:
    path = bench.answers("CONFIG_CINDER_INSTALL=y\nCONFIG_HEAT_INSTALL=n\n")
    answers = read_answers(path, plugins)
    assert [] == answers.problems
    assert answers.notes == [
        f"{path}:2: CONFIG_CINDER_INSTALL is an option of Packstack only and is ignored",
        f"{path}:3: CONFIG_HEAT_INSTALL is an option of Packstack only and is ignored",
    ]


def test_notes_appear_also_when_the_file_has_errors(bench: Bench) -> None:
    path = bench.answers("CONFIG_MYSQL_PW=secret\nCONFIG_MEMCACHED_SIZE=many\n")
    done = bench.run("--validate-answer-file", path)
    assert 3 == done.returncode
    assert "CONFIG_MYSQL_PW is now called CONFIG_MARIADB_PW" in done.stdout
    assert "CONFIG_MEMCACHED_SIZE must be" in done.stderr


def test_a_doubtful_answer_passes_in_a_resumed_run_only(plugins: Controller, bench: Bench) -> None:
    path = bench.answers("CONFIG_PROVISION_IMAGE_URL=/no/such/image\n")
    assert "CONFIG_PROVISION_IMAGE_URL must be a file" in problems(plugins, path)[0]
    resolve(plugins, read_answers(path, plugins), resumed=True)
    assert "/no/such/image" == plugins.CONF["CONFIG_PROVISION_IMAGE_URL"]


def test_answers_that_do_not_go_together_are_refused(plugins: Controller, bench: Bench) -> None:
    key = bench.folder / "id_ed25519"
    key.touch()
    path = bench.answers(f"CONFIG_SSH_INSTALL_KEY=y\nCONFIG_SSH_KEY={key}\nCONFIG_SSH_PASSWORD=x\n")
    [problem] = problems(plugins, path)
    assert "CONFIG_SSH_KEY" in problem
    assert "a private key must never leave here" in problem


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        (b"[general]\nCONFIG_A=\xff\n", ":2: not UTF-8 text"),
        (b"x" * (1 << 20) + b"y", "is this an answer file?"),
    ],
)
def test_what_is_no_answer_file_is_told_in_one_line(
    plugins: Controller, tmp_path: Path, content: bytes, complaint: str
) -> None:
    path = tmp_path / "answers.txt"
    path.write_bytes(content)
    [problem] = problems(plugins, path)
    assert complaint in problem


def test_a_missing_file_and_a_folder_are_told(plugins: Controller, tmp_path: Path) -> None:
    assert "No such file" in problems(plugins, tmp_path / "none")[0]
    assert "Is a directory" in problems(plugins, tmp_path)[0]


@pytest.mark.parametrize("text", ["a\tb", "a\x07b", "a\x1b[31m", "a\x7fb"])
def test_control_characters_are_refused(plugins: Controller, bench: Bench, text: str) -> None:
    path = bench.answers(f"CONFIG_KEYSTONE_ADMIN_PW={text}\n")
    [problem] = problems(plugins, path)
    assert problem.startswith(f"{path}:2: CONFIG_KEYSTONE_ADMIN_PW must not contain control")


def test_control_characters_are_refused_of_options_that_do_not_apply_too(bench: Bench) -> None:
    path = bench.folder / "answers.txt"
    flags = ("--ntp-install=n", "--ntp-servers=192.0.2.1\nCONFIG_NTP_INSTALL=y")
    done = bench.run("--gen-answer-file", path, *flags)
    assert 3 == done.returncode
    assert "command line: CONFIG_NTP_SERVERS must not contain control characters" in done.stderr
    assert not path.exists()


def test_database_passwords_are_limited_to_what_their_users_can_read(
    plugins: Controller, bench: Bench
) -> None:
    path = bench.answers("CONFIG_KEYSTONE_DB_PW=50%\n")
    assert problems(plugins, path) == [
        f"{path}:2: CONFIG_KEYSTONE_DB_PW must match [A-Za-z0-9._~-]{{1,64}}"
    ]


def test_no_problem_shows_a_secret(plugins: Controller, bench: Bench) -> None:
    path = bench.answers("CONFIG_KEYSTONE_ADMIN_PW=hunter2\x07\nCONFIG_MARIADB_HOST=x y\n")
    assert "hunter2" not in "\n".join(problems(plugins, path))


def test_blanks_inside_an_answer_belong_to_it_however_many(
    plugins: Controller, tmp_path: Path
) -> None:
    path, value = tmp_path / "answers.txt", f"a{' ' * 300_000}b"
    path.write_text(f"[general]\nCONFIG_KEYSTONE_REGION = {value}  \n")
    assert {"CONFIG_KEYSTONE_REGION": value} == read_answers(path, plugins).given


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(
    plugins: Controller, tmp_path: Path
) -> None:
    path = tmp_path / "answers.txt"
    path.write_bytes(b"\xef\xbb\xbf[general]\r\nCONFIG_KEYSTONE_REGION=here\r\n")
    read(plugins, path)
    assert "here" == plugins.CONF["CONFIG_KEYSTONE_REGION"]
