"""The installers that a tree adds to: other trees, installed packages, or exports."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from plugindoc.model.bases import moved
from plugindoc.model.export import ExportError, decode
from plugindoc.model.project import Project
from plugindoc.opening import read_file
from plugindoc.protocol import Protocol
from plugindoc.reading.discovery import Found, FoundPlugin, NoPluginsError, discover
from plugindoc.settings import LARGEST, package_folder

__all__ = ["BaseError", "Bases", "find_bases"]

_NAME: Final = re.compile(r"[^A-Za-z0-9_.-]+")


class BaseError(ValueError):
    """A base that cannot be read; the message is one line for the user."""


class Bases(msgspec.Struct, frozen=True):
    """Bases by name: of trees what was found there, of exports what they hold."""

    trees: dict[str, Found] = {}
    exports: dict[str, Project] = {}

    @property
    def names(self) -> tuple[str, ...]:
        """The names, those of trees first."""
        return (*self.trees, *self.exports)


def find_bases(given: Iterable[str | os.PathLike[str]], protocol: Protocol) -> Bases:
    """Return the bases that paths, or names of installed packages, mean.

    Raises BaseError for one that is none.
    """
    trees: dict[str, Found] = {}
    exports: dict[str, Project] = {}
    paths = (_path(os.fspath(one)) for one in given)
    for path in dict.fromkeys(paths):
        if path.is_file():
            project = _export(path)
            name = _free(project.name, (*trees, *exports))
            exports[name] = moved(project, name)
        else:
            try:
                found = discover(path, protocol)
            except NoPluginsError as error:
                message = f"base {error}"
                raise BaseError(message) from error
            package = (found.root / found.folders[0]).parent.resolve().name
            name = _free(package, (*trees, *exports))
            trees[name] = _moved(found, name)
    return Bases(trees, exports)


def _path(given: str) -> Path:
    """Return the path that a base's name means; an installed package's if there is none."""
    path = Path(given)
    return path.resolve() if path.exists() else package_folder(given) or path


def _free(wanted: str, taken: tuple[str, ...]) -> str:
    name = plain = _NAME.sub("-", wanted) or "base"
    while name in taken:
        name = f"{plain}-{len(taken) + 1}"
    return name


def _moved(found: Found, name: str) -> Found:
    plugins = tuple(
        FoundPlugin(plugin.module, plugin.order, f"/{name}/{plugin.path}")
        for plugin in found.plugins
    )
    folders = tuple(f"/{name}" if one == "." else f"/{name}/{one}" for one in found.folders)
    return Found(found.root, folders, plugins)


def _export(path: Path) -> Project:
    try:
        return decode(read_file(path, LARGEST))
    except OSError as error:
        message = f"base {path}: {error.strerror}"
        raise BaseError(message) from error
    except ExportError as error:
        message = f"base {path}: {error}"
        raise BaseError(message) from error
