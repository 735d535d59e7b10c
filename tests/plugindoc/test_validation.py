"""What is said of the installer's own validators, and how values are judged by them."""

import pytest

from plugindoc.validation import ACCEPTS, known, refusal


@pytest.mark.parametrize(
    ("validator", "last", "first_refused"),
    [("validate_port", "65534", "65535"), ("validate_not_empty", "x", "")],
)
def test_words_and_judgement_agree(validator: str, last: str, first_refused: str) -> None:
    assert refusal(validator, last) is None
    assert refusal(validator, first_refused) is not None


@pytest.mark.parametrize("validator", ["validate_options", "validate_multi_regexp"])
def test_choices_that_are_not_known_refuse_nothing(validator: str) -> None:
    assert refusal(validator, "other", ["one"]) is not None
    assert refusal(validator, "other") is None


def test_the_words_name_the_last_port_and_the_empty_text() -> None:
    assert "a port, from 0 to 65534" == ACCEPTS["validate_port"]
    assert "any text that is not empty" == ACCEPTS["validate_not_empty"]


@pytest.mark.parametrize(
    ("target", "name"),
    [
        ("packstack.installer.validators.validate_port", "validate_port"),
        ("source_packstack.installer.validators.validate_port", "validate_port"),
        ("installer.validators.validate_port", ""),
        ("packstack.installer.validators.validate_weather", ""),
        ("web_100.validate_port", ""),
    ],
)
def test_only_a_function_of_packstacks_module_is_known_by_its_name(target: str, name: str) -> None:
    assert name == known(target)
