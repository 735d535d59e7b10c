"""Folders of Puppet modules: the classes and defined types that others can call."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from plugindoc.extraction.puppet_strings import said_of
from plugindoc.model.locations import Location
from plugindoc.model.modules import Classes, ClassKind, PuppetClass
from plugindoc.model.project import Problem
from plugindoc.reading.puppet import parse_manifest

__all__ = ["NoModulesError", "read_modules", "read_named"]

LARGEST: Final = 2_000_000
"""Bytes of the largest manifest that is read."""

_DATA_KEY: Final = re.compile(r"^['\"]?(\w+(?:::\w+)+)['\"]?\s*:(?=\s)", re.MULTILINE)
_KINDS: Final[dict[str, ClassKind]] = {"class": "class", "define": "define"}


class NoModulesError(ValueError):
    """A folder holds no Puppet modules; the message is one line for the user."""


def read_modules(folder: Path, within: Path | None = None) -> Classes:
    """Return the classes and defined types of a module, or of the modules in a folder.

    A module that is a symbolic link is followed, as package managers make them; links within one
    are not. Modules that do not lie `within` a folder are left out. What cannot be read or
    understood is a problem. Raises NoModulesError.
    """
    modules = _modules_in(folder, within)
    found: dict[str, PuppetClass] = {}
    problems: list[Problem] = []
    for module in modules:
        data = _data_keys(module / "data")
        for file in _files(module / "manifests", ".pp"):
            for each in _read(file, file.relative_to(folder).as_posix(), problems):
                found.setdefault(each.name, _completed(each, data))
    return Classes(found, tuple(problems), str(folder))


def read_named(folder: Path, names: Iterable[str], within: Path | None = None) -> Classes:
    """Return classes and defined types of modules by name, each from the file that Puppet loads.

    Modules, links and problems are as in `read_modules`. Raises NoModulesError.
    """
    # A package may put the author in front: puppetlabs-mysql.
    by_name = {one.name.rpartition("-")[2]: one for one in _modules_in(folder, within)}
    found: dict[str, PuppetClass] = {}
    problems: list[Problem] = []
    data: dict[str, frozenset[str]] = {}
    for name in names:
        first, *rest = name.split("::")
        module = by_name.get(first)
        file = folder if module is None else _file_of(module, rest)
        if module is None or not file.is_file() or file.is_symlink():
            continue
        if first not in data:
            data[first] = _data_keys(module / "data")
        for each in _read(file, file.relative_to(folder).as_posix(), problems):
            if each.name == name:
                found[name] = _completed(each, data[first])
    return Classes(found, tuple(problems), str(folder))


def _file_of(module: Path, names: list[str]) -> Path:
    """Return the manifest of a class; links among the folders are not followed."""
    folder = (module / "manifests").joinpath(*names[:-1])
    real = module.resolve().joinpath(folder.relative_to(module))
    return folder / f"{names[-1] if names else 'init'}.pp" if folder.resolve() == real else folder


def _modules_in(folder: Path, within: Path | None) -> list[Path]:
    modules = [folder] if (folder / "manifests").is_dir() else _modules(folder)
    top = within.resolve() if within is not None else None
    modules = [
        one for one in modules if top is None or (one / "manifests").resolve().is_relative_to(top)
    ]
    if not modules:
        message = f"{folder}: no Puppet modules here: there is no MODULE/manifests"
        raise NoModulesError(message)
    return modules


def _modules(folder: Path) -> list[Path]:
    try:
        return [one for one in sorted(folder.iterdir()) if (one / "manifests").is_dir()]
    except OSError as error:
        message = f"{folder}: {error.strerror}"
        raise NoModulesError(message) from error


def _files(folder: Path, *suffixes: str) -> Iterator[Path]:
    for place, folders, files in os.walk(folder):
        folders.sort()
        for name in sorted(files):
            file = Path(place, name)
            if name.endswith(suffixes) and file.is_file() and not file.is_symlink():
                yield file


def _data_keys(folder: Path) -> frozenset[str]:
    """Return the keys of a module's own data, from which parameters get their values."""
    found: set[str] = set()
    for file in () if folder.is_symlink() else _files(folder, ".yaml", ".yml"):
        with suppress(OSError):
            if file.stat().st_size <= LARGEST:
                text = file.read_text(encoding="utf-8", errors="replace")
                found.update(match[1] for match in _DATA_KEY.finditer(text))
    return frozenset(found)


def _completed(each: PuppetClass, data: frozenset[str]) -> PuppetClass:
    """Return a class whose parameters have their defaults, those in the module's data too."""
    parameters = {
        name: msgspec.structs.replace(one, default=f"lookup('{each.name}::{name}')")
        if one.default is None and f"{each.name}::{name}" in data
        else one
        for name, one in each.parameters.items()
    }
    return msgspec.structs.replace(each, parameters=parameters)


def _read(file: Path, path: str, problems: list[Problem]) -> Iterator[PuppetClass]:
    def trouble(message: str, place: Location) -> None:
        problems.append(Problem(kind="unreadable", message=message, location=place))

    try:
        if file.stat().st_size > LARGEST:
            trouble(f"this manifest was not read: larger than {LARGEST:,} bytes", Location(path, 1))
            return
        manifest = parse_manifest(path, file.read_text(encoding="utf-8", errors="replace"))
    except OSError as error:
        trouble(f"this manifest was not read: {error.strerror}", Location(path, 1))
        return
    broken = next(manifest.errors(), None)
    if broken is not None:
        trouble("Puppet code that is not understood", manifest.location(broken))
    for node in manifest.root.children:
        if node.kind in _KINDS:
            said = said_of(manifest, node)
            yield PuppetClass(
                name=manifest.text(node.children[0]).removeprefix("::"),
                kind=_KINDS[node.kind],
                location=manifest.span(node.start, node.children[0].end),
                parameters={one.name: one for one in said.parameters},
                deprecated=said.deprecated,
            )
