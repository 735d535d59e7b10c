"""Installers made of a few lines, read at once."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pytest

import plugindoc
from plugindoc.model.things import Project
from plugindoc.protocol import PACKSTACK, Protocol

Read = Callable[..., Project]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Return a function that writes plugins and other files, and reads them."""

    def read_files(
        source: str = "",
        files: Mapping[str, str | bytes] = MappingProxyType({}),
        protocol: Protocol = PACKSTACK,
    ) -> Project:
        written = {"plugins/first_100.py": source} if source else {}
        for name, content in {**written, **files}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(content, bytes):
                path.write_bytes(content)
            else:
                path.write_text(textwrap.dedent(content), encoding="utf-8")
        return plugindoc.load(tmp_path, protocol=protocol)

    return read_files
