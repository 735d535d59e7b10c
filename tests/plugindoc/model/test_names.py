"""Which name is suggested for a misspelt one, and which names are secrets'."""

import pytest

from plugindoc.model.names import nearest, sounds_secret

NAMES = [
    "CONFIG_KEYSTONE_ADMIN_PW",
    "CONFIG_NOVA_DB_PW",
    "CONFIG_NOVA_INSTALL",
    "CONFIG_RH_PROXY_PORT",
    "CONFIG_RH_PROXY_PW",
    "CONFIG_SATELLITE_USER",
    "EXCLUDE_SERVERS",
]


@pytest.mark.parametrize(
    ("meant", "written"),
    [
        ("CONFIG_NOVA_INSTALL", "CONFIG_NOVA_INTSALL"),
        ("CONFIG_NOVA_INSTALL", "COFNIG_NOVA_INSTALL"),
        ("CONFIG_NOVA_INSTALL", "CONFIG_NVOA_INSTALL"),
        ("CONFIG_RH_PROXY_PW", "CONFIG_RH_PROXY_PASSWORD"),
        ("CONFIG_SATELLITE_USER", "CONFIG_SATELLITE_USERNAME"),
        ("EXCLUDE_SERVERS", "EXCLUDE_SERVER"),
        ("CONFIG_NOVA_INSTALL", "CONFIG_NOVAINSTALL"),
        ("CONFIG_NOVA_INSTALL", "CONFIG_NOVA_API_INSTALL"),
    ],
)
def test_a_misspelt_or_abbreviated_name_is_understood(meant: str, written: str) -> None:
    assert meant == nearest(written, NAMES)


@pytest.mark.parametrize(
    "another",
    ["CONFIG_NOVA_KS_PW", "CONFIG_QPID_INSTALL", "CONFIG_NAGIOS_PW", "CONFIG_RH_PROXY_AUTH_METHOD"],
)
def test_a_name_with_a_word_of_its_own_is_no_misspelling(another: str) -> None:
    assert nearest(another, NAMES) is None


@pytest.mark.parametrize(
    "name",
    [
        "CONFIG_X_DB_PW",
        "CONFIG_X_PASS",
        "CONFIG_X_DBPASSWORD",
        "CONFIG_X_TOKEN",
        "CONFIG_X_SECRET_KEY",
        "os-x-passwd",
    ],
)
def test_names_of_secrets(name: str) -> None:
    assert sounds_secret(name)


@pytest.mark.parametrize(
    "name",
    ["CONFIG_X_BYPASS", "CONFIG_X_TOKEN_FORMAT", "CONFIG_X_PASSWORD_FILE", "CONFIG_X_MAX_TOKEN"],
)
def test_names_that_only_resemble_those_of_secrets(name: str) -> None:
    assert not sounds_secret(name)
