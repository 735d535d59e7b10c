"""The Puppet code that is shipped, as Puppet and its linter see it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

pytestmark = pytest.mark.e2e

PUPPET = Path(__file__).parent.parent.parent / "source_packstack" / "puppet"
CODE = sorted(PUPPET.rglob("*.pp"))


def test_puppet_accepts_all_of_it() -> None:
    done = subprocess.run(
        ["puppet", "parser", "validate", *CODE], capture_output=True, text=True, check=False
    )
    assert 0 == done.returncode, done.stderr


def test_its_linter_has_nothing_to_say() -> None:
    done = subprocess.run(
        ["puppet-lint", "--fail-on-warnings", PUPPET], capture_output=True, text=True, check=False
    )
    assert (0, "") == (done.returncode, done.stdout)


@pytest.mark.parametrize("path", CODE, ids=lambda path: str(path.relative_to(PUPPET)))
def test_each_file_says_what_it_is_for(path: Path) -> None:
    text = path.read_text()
    assert text.startswith("# @summary " if "modules" in path.parts else "# ")
    parameters = set(re.findall(r"^  [A-Z]\S*(?:\[[^=]*\])? +\$(\w+)", text, flags=re.MULTILINE))
    assert parameters <= set(re.findall(r"^# @param (\w+)$", text, flags=re.MULTILINE))
