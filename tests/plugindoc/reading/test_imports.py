"""Imports as releases of every age write them: from the package, beside, and by bare name."""

from __future__ import annotations

import pytest

from plugindoc.model.values import Known, Reference
from tests.plugindoc.conftest import Read

_FILES = {
    "packstack/__init__.py": "",
    "packstack/installer/__init__.py": "",
    "packstack/installer/basedefs.py": 'APP_NAME = "Cloud setup"\n',
    "packstack/installer/messages.py": 'import basedefs\n\nHOST = "For " + basedefs.APP_NAME\n',
    "packstack/installer/checks.py": "def is_host(param, options=[]):\n    return True\n",
    "packstack/installer/string.py": 'lower = "not the one that is meant"\n',
    "packstack/plugins/__init__.py": "",
}

_PLUGIN = """
{imports}

def initConfig(controller):
    group = {{"GROUP_NAME": "CLOUD", "DESCRIPTION": basedefs.APP_NAME}}
    controller.addGroup(group, [
        {{"CONF_NAME": "CONFIG_HOST", "PROMPT": messages.HOST, "VALIDATORS": [checks.is_host]}},
    ])
"""


@pytest.mark.parametrize(
    "imports",
    [
        "import basedefs\nimport checks\nimport messages",
        "from packstack.installer import basedefs, checks, messages",
        (
            "import packstack.installer.basedefs as basedefs\n"
            "import packstack.installer.checks as checks\n"
            "import packstack.installer.messages as messages"
        ),
    ],
)
def test_the_installers_modules_are_found_however_they_are_named(read: Read, imports: str) -> None:
    code = _PLUGIN.format(imports=imports)
    (plugin,) = read(files={**_FILES, "packstack/plugins/cloud_100.py": code}).plugins
    (group,) = plugin.groups
    (option,) = group.options
    assert Known("Cloud setup") == group.description
    assert Known("For Cloud setup") == option.prompt
    (validator,) = option.validators.members  # type: ignore[union-attr] # a list of references
    assert isinstance(validator, Reference)
    assert validator.location is not None
    assert "packstack/installer/checks.py" == validator.location.path
