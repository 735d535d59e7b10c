"""Finding an installer's plugins, from any part of its tree."""

from __future__ import annotations

import os
import re
from pathlib import Path

import msgspec

from plugindoc.model.patterns import LONGEST_NAME
from plugindoc.opening import is_utf8
from plugindoc.protocol import Protocol

__all__ = ["Found", "FoundPlugin", "NoPluginsError", "discover"]

_MAX_DEPTH = 4
_SKIPPED = frozenset({"node_modules", "__pycache__", "build", "dist", "site-packages"})
_MARKS = ("pyproject.toml", "setup.py", "setup.cfg", ".git")


class NoPluginsError(ValueError):
    """There is nothing to read; the message is one line for the user."""


class FoundPlugin(msgspec.Struct, frozen=True):
    """A plugin's file: its module's name, its number in the load order, its path in the tree."""

    module: str
    order: int
    path: str


class Found(msgspec.Struct, frozen=True):
    """An installer's tree: its root, the folders with plugins, and the plugins in load order."""

    root: Path
    folders: tuple[str, ...]
    plugins: tuple[FoundPlugin, ...]


def discover(path: Path, protocol: Protocol) -> Found:
    """Return what is found at a source tree, an installed or unpacked package, or a plugins folder.

    All of them lead to the same tree. Raises NoPluginsError if there are no plugins.
    """
    if not path.exists():
        message = f"{path}: No such file or directory"
        raise NoPluginsError(message)
    if not path.is_dir():
        message = f"{path}: this is a file; give the installer's folder, or its plugins folder"
        raise NoPluginsError(message)
    start = path.resolve()
    folders = _plugin_folders(start, protocol)
    if not folders:
        message = (
            f"{path}: no plugins here: no file in a folder {protocol.plugins_folder!r} matches "
            f"{protocol.plugin_pattern}"
        )
        raise NoPluginsError(message)
    root = _root_of(folders[0], protocol)
    if not all(folder.is_relative_to(root) for folder in folders):
        roots = dict.fromkeys(_root_of(folder, protocol) for folder in folders)
        listed = ", ".join(os.path.relpath(each) for each in roots)
        message = f"{path}: several installers are here; give one of them: {listed}"
        raise NoPluginsError(message)
    plugins = [
        FoundPlugin(name, order, (folder / file).relative_to(root).as_posix())
        for folder in folders
        for name, order, file in _plugins_in(folder, protocol)
    ]
    plugins.sort(key=lambda plugin: plugin.order)
    inside = tuple(folder.relative_to(root).as_posix() for folder in folders)
    return Found(root, inside, tuple(plugins))


def _plugins_in(folder: Path, protocol: Protocol) -> list[tuple[str, int, str]]:
    """Return the plugins in a folder by name, as (module, order, file)."""
    pattern, number = re.compile(protocol.plugin_pattern), re.compile(protocol.order_pattern)
    found = []
    try:
        files = sorted(path.name for path in folder.iterdir())
    except OSError:
        return []
    for file in files:
        match = pattern.match(file) if len(file) <= LONGEST_NAME else None
        if match is None or file.startswith("_") or not is_utf8(file):
            continue
        order = number.match(file)
        digits = order.group(1) if order is not None else "0"
        found.append((match.group(1), int(digits) if digits.isdecimal() else 0, file))
    return found


def _plugin_folders(start: Path, protocol: Protocol) -> list[Path]:
    """Return the folders with plugins that lie nearest below `start`."""
    if _plugins_in(start, protocol):
        return [start]
    level = [start]
    for _ in range(_MAX_DEPTH):
        level = [child for folder in level for child in _folders_in(folder)]
        found = [
            folder
            for folder in level
            if folder.name == protocol.plugins_folder and _plugins_in(folder, protocol)
        ]
        if found:
            return found
    return []


def _folders_in(folder: Path) -> list[Path]:
    try:
        children = sorted(os.scandir(folder), key=lambda entry: entry.name)
    except OSError:
        return []
    return [
        Path(entry.path)
        for entry in children
        if entry.is_dir(follow_symlinks=False)
        and not entry.name.startswith(".")
        and entry.name not in _SKIPPED
    ]


def _root_of(folder: Path, protocol: Protocol) -> Path:
    """Return the folder that everything is relative to: the one around the installer's package."""
    if folder.name != protocol.plugins_folder:
        return folder
    package = folder.parent
    if not (package / "__init__.py").exists():
        return package
    while (package / "__init__.py").exists():
        package = package.parent
    above = package.parent
    marked = any((above / mark).exists() for mark in _MARKS)
    if (
        package.name in ("src", "lib")
        and marked
        and not any((package / m).exists() for m in _MARKS)
    ):
        return above
    return package
