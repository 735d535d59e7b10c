"""Installers made of a few lines, read at once."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

import plugindoc
from plugindoc.model.project import Project
from plugindoc.protocol import PACKSTACK, Protocol
from tests.trees import write_tree

Read = Callable[..., Project]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes plugins and other files, and reads them."""

    def read_files(
        source: str = "",
        files: Mapping[str, str | bytes] = MappingProxyType({}),
        protocol: Protocol = PACKSTACK,
    ) -> Project:
        given = {"plugins/first_100.py": source, **files} if source else files
        written = {
            name: textwrap.dedent(content) if isinstance(content, str) else content
            for name, content in given.items()
        }
        return plugindoc.load(write_tree(tmp_path, written), protocol=protocol)

    return read_files
