"""Names as files and as words in a page's markup: nothing that a plugin is called can break out.

A name that is not plain letters, digits and few marks is replaced by a short digest of itself,
wherever it would become part of a file's name or of a page's markup.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from typing import Final

__all__ = ["file_name", "file_path", "is_alias", "markup_name", "numbered"]

_PLAIN_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.:/-]*", re.ASCII)
_PLAIN_FILE: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_-]*", re.ASCII)
_PLAIN_PART: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", re.ASCII)
_LONGEST_FILE_NAME: Final = 100
_DIGEST_SIZE: Final = 6


def markup_name(name: str) -> str:
    """Return the name as it can be in a page's markup: itself, or ``~`` and a digest of it."""
    return name if _PLAIN_NAME.fullmatch(name) else f"~{_digest(name)}"


def is_alias(name: str) -> bool:
    """Return whether a name is one that `markup_name` made."""
    return name.startswith("~")


def file_name(name: str) -> str:
    """Return a file's name (without suffix) that stays in its folder and on every file system."""
    if _PLAIN_FILE.fullmatch(name) and len(name) <= _LONGEST_FILE_NAME:
        return name
    from plugindoc.model.anchors import slug  # noqa: PLC0415 - the names of most sites need no model

    readable = slug(name)[: _LONGEST_FILE_NAME // 2]
    return f"{readable}-{_digest(name)}" if readable else _digest(name)


def _digest(name: str) -> str:
    return hashlib.blake2b(
        name.encode("utf-8", "backslashreplace"), digest_size=_DIGEST_SIZE
    ).hexdigest()


def numbered(names: Iterable[str]) -> list[str]:
    """Return the names, each later one of the same with ``-2``, ``-3`` and so on."""
    seen: dict[str, int] = {}
    found: list[str] = []
    taken: set[str] = set()
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        candidate = name if seen[name] == 1 else f"{name}-{seen[name]}"
        while candidate in taken:
            seen[name] += 1
            candidate = f"{name}-{seen[name]}"
        taken.add(candidate)
        found.append(candidate)
    return found


def file_path(path: str) -> str:
    """Return a path of safe file names, one for each part of a source file's path."""
    return "/".join(_part(part) for part in path.split("/") if part)


def _part(name: str) -> str:
    if _PLAIN_PART.fullmatch(name) and len(name) <= _LONGEST_FILE_NAME:
        return name
    return file_name(name)
