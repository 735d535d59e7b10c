"""Folders of files, written at once."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

__all__ = ["write_tree"]


def write_tree(root: Path, files: Mapping[str, str | bytes]) -> Path:
    """Write files, given by their paths below a folder, and return the folder."""
    for name, content in files.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return root
