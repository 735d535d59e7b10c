"""The page of the protocol names the keys that the installer takes, no more and no fewer."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from plugindoc.protocol import PACKSTACK
from source_packstack.installer.errors import PluginError
from source_packstack.installer.parameters import Group, Parameter

PAGE = Path(__file__).parent.parent.parent / "docs" / "reference" / "protocol.md"


def keys(head: str) -> list[str]:
    """Return the keys of the table with this head, in order."""
    table = PAGE.read_text().partition(f"| {head} |")[2].partition("\n\n")[0]
    return re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)


def test_the_installer_takes_every_option_key_of_the_page() -> None:
    values = dict.fromkeys(keys("option key")) | {"CONF_NAME": "CONFIG_X"}
    assert "CONFIG_X" == Parameter.from_dict(values).name


def test_the_installer_takes_every_group_key_of_the_page() -> None:
    values = dict.fromkeys(keys("group key")) | {"GROUP_NAME": "X"}
    assert "X" == Group.from_dict(values, []).name


@pytest.mark.parametrize(
    ("head", "known"),
    [("option key", PACKSTACK.option_keys), ("group key", PACKSTACK.group_keys)],
)
def test_the_page_has_every_key_of_the_protocol(head: str, known: object) -> None:
    names = {getattr(known, field) for field in known.__struct_fields__}  # type: ignore[attr-defined]
    assert names == set(keys(head))


def test_the_installer_refuses_any_other_key() -> None:
    with pytest.raises(PluginError, match="unknown keys: FLAG"):
        Parameter.from_dict({"CONF_NAME": "CONFIG_X", "FLAG": "x"})
