"""Validators say what is right; processors bring answers into that form."""

from __future__ import annotations

import string
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from source_packstack.installer import processors, validators
from source_packstack.installer.addresses import split_hosts
from source_packstack.installer.errors import ParamProcessingError, ParamValidationError
from source_packstack.installer.parameters import Config

names = st.from_regex(r"[a-z]([a-z0-9-]{0,20}[a-z0-9])?(\.[a-z]{2,8})?", fullmatch=True)
addresses = st.ip_addresses(v=4).map(str)
hosts = st.one_of(names, addresses)


@given(hosts)
def test_every_address_and_name_is_a_host(host: str) -> None:
    validators.validate_host(host)


@given(st.text())
def test_a_host_has_no_character_that_a_shell_or_ssh_could_mistake(text: str) -> None:
    try:
        validators.validate_host(text)
    except ParamValidationError:
        return
    assert not text.startswith("-")
    assert set(text) <= set(string.ascii_letters + string.digits + ".-")


@pytest.mark.parametrize(
    "text",
    [
        *("", " ", "-oProxyCommand=reboot", "a b", "host;reboot", "$(reboot)", "192.0.2.256"),
        *("1.2.3", "a..b", "host\n", "x" * 64, "user@host", "host/../x", "fe80::1%$(reboot)"),
        *("::1", "2001:db8::1", "::ffff:192.0.2.1"),  # Debian's Keystone listens on IPv4 only
    ],
)
def test_what_is_no_host_is_refused(text: str) -> None:
    with pytest.raises(ParamValidationError, match="must be one IPv4 address or host name"):
        validators.validate_host(text)


@given(st.lists(hosts, min_size=1))
def test_lists_of_hosts_keep_their_order_and_lose_repetitions(items: list[str]) -> None:
    text = processors.process_hosts(" , ".join(items), "CONFIG_X")
    validators.validate_hosts(text)
    assert list(dict.fromkeys(items)) == split_hosts(text)


def test_a_wrong_member_of_a_list_is_named_by_its_place() -> None:
    with pytest.raises(ParamValidationError, match=r"no\. 2 is not"):
        validators.validate_hosts("192.0.2.1,a b")


@given(st.integers(min_value=1, max_value=999_999_999))
def test_numbers_from_one_on_are_accepted(number: int) -> None:
    validators.validate_integer(str(number))


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "", "one", "1e3", "٣", "01", "9" * 12])
def test_other_numbers_are_refused(text: str) -> None:
    with pytest.raises(ParamValidationError):
        validators.validate_integer(text)


@given(st.text())
def test_only_the_choices_are_accepted(text: str) -> None:
    if text in ("y", "n"):
        validators.validate_options(text, ["y", "n"])
    else:
        with pytest.raises(ParamValidationError, match="one of: y, n"):
            validators.validate_options(text, ["y", "n"])


def test_a_regular_expression_must_match_as_a_whole() -> None:
    validators.validate_regexp("auto", ["auto", "[0-9]+"])
    with pytest.raises(ParamValidationError):
        validators.validate_regexp("auto; reboot", ["auto", "[0-9]+"])


def test_a_file_must_be_readable_or_absent_from_the_answers(tmp_path: Path) -> None:
    file = tmp_path / "key.pub"
    file.touch()
    validators.validate_file("")
    validators.validate_file(str(file))
    for wrong in (tmp_path, tmp_path / "none", "a\0b"):
        with pytest.raises(ParamValidationError, match="can be read here"):
            validators.validate_file(str(wrong))


@pytest.mark.parametrize("path", ["images", "../images", "/var/../etc", "", "/a\0b"])
def test_paths_on_hosts_are_absolute_and_plain(path: str) -> None:
    with pytest.raises(ParamValidationError):
        validators.validate_absolute_path(path)


@pytest.mark.parametrize(
    "source", ["http://", "http://[", "", "ftp://example.org/x", "/no/such/file"]
)
def test_a_source_is_a_file_or_a_web_address(source: str) -> None:
    validators.validate_source("https://example.org/image")
    with pytest.raises(ParamValidationError):
        validators.validate_source(source)


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Yes", "y"), ("true", "y"), ("1", "y"), ("OFF", "n"), ("no", "n"), ("maybe", "maybe")],
)
def test_spellings_of_yes_and_no_become_y_and_n(text: str, expected: str) -> None:
    assert expected == processors.process_bool(text, "CONFIG_X")


def test_paths_here_become_absolute_and_addresses_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/somebody")
    assert "/home/somebody/key" == processors.process_path("~/key", "CONFIG_X")
    assert "https://a/b" == processors.process_path("https://a/b", "CONFIG_X")
    assert not processors.process_path("", "CONFIG_X")


def test_the_home_folder_of_nobody_is_refused() -> None:
    with pytest.raises(ParamProcessingError, match="an unknown user"):
        processors.process_path("~nobody-of-this-name/key", "CONFIG_X")


def test_the_placeholder_becomes_a_long_password_that_never_repeats() -> None:
    made = {processors.process_password("PW_PLACEHOLDER", "CONFIG_X") for _ in range(100)}
    assert 100 == len(made)
    assert 32 == min(map(len, made))  # 24 bytes in base64


def test_the_placeholder_becomes_the_default_password_where_there_is_one() -> None:
    config = Config(CONFIG_DEFAULT_PASSWORD="of all")
    assert "of all" == processors.process_password("PW_PLACEHOLDER", "CONFIG_X", config)
    assert "own" == processors.process_password("own", "CONFIG_X", config)


def test_an_empty_answer_becomes_the_controller() -> None:
    config = Config(CONFIG_CONTROLLER_HOST="192.0.2.1")
    assert "192.0.2.1" == processors.process_controller("", "CONFIG_X", config)
    assert "own" == processors.process_controller("own", "CONFIG_X", config)
