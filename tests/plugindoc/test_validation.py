"""What is said of the installer's own validators, and how values are judged by them."""

import pytest

from plugindoc.validation import ACCEPTS, complaint, known


@pytest.mark.parametrize(
    ("validator", "last", "first_refused"),
    [("validate_port", "65534", "65535"), ("validate_not_empty", "x", "")],
)
def test_words_and_judgement_agree(validator: str, last: str, first_refused: str) -> None:
    assert "" == complaint(validator, last)
    assert complaint(validator, first_refused)


@pytest.mark.parametrize("validator", ["validate_options", "validate_multi_regexp"])
def test_choices_that_are_not_known_refuse_nothing(validator: str) -> None:
    assert complaint(validator, "other", ["one"])
    assert complaint(validator, "other") is None


def test_the_words_name_the_last_port_and_the_empty_text() -> None:
    assert "a port, from 0 to 65534" == ACCEPTS["validate_port"]
    assert "any text that is not empty" == ACCEPTS["validate_not_empty"]


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("packstack.installer.validators.validate_port", "validate_port"),
        ("source_packstack.installer.validators.validate_port", ""),
        ("installer.validators.validate_port", ""),
        ("packstack.installer.validators.validate_weather", ""),
        ("web_100.validate_port", ""),
    ],
)
def test_only_a_function_of_packstacks_module_is_known_by_its_name(target: str, name: str) -> None:
    assert name == known(target)


@pytest.mark.parametrize(
    ("validator", "taken", "refused"),
    [
        ("validate_integer", ["7", "-7", ""], ["7.5", "seven"]),
        ("validate_float", ["7", "7.5", "1e3"], ["seven"]),
        ("validate_port", ["0", ""], ["-1", "http"]),
        ("validate_ip", ["192.0.2.1", "2001:db8::1", ""], ["192.0.2", "host", "fe80::1%eth0"]),
        ("validate_multi_ip", ["192.0.2.1, 192.0.2.2", "192.0.2.0/24"], ["192.0.2.1, host"]),
        ("validate_export", ["192.0.2.1:/srv", "[2001:db8::1]:/srv"], ["/srv", "host:/srv"]),
        ("validate_multi_export", ["192.0.2.1:/a, 192.0.2.2:/b"], ["192.0.2.1:/a, /b"]),
        ("validate_ssh", ["anything"], []),
    ],
)
def test_what_each_validator_takes_and_refuses(
    validator: str, taken: list[str], refused: list[str]
) -> None:
    assert taken == [value for value in [*taken, *refused] if not complaint(validator, value)]


@pytest.mark.parametrize(
    ("patterns", "value", "expected"),
    [
        (["^[0-9]+$"], "12", ""),
        (["^[0-9]+$", "^x"], "twelve", "does not match ^[0-9]+$ or ^x"),
        (["(a+)+$"], "b", None),  # could take for ever: not judged
        (["(a|a)*(b|b)*"], "c", None),
        (["["], "x", ""),  # no regular expression
        (["^a$"], "b" * 300, None),  # too long to be tried
    ],
)
def test_regular_expressions_are_tried_where_that_ends(
    patterns: list[str], value: str, expected: str | None
) -> None:
    assert expected == complaint("validate_regexp", value, patterns)
