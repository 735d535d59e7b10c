"""Usage texts out of a document, filled in where a plugin asks for it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from plugindoc.evaluation.limits import Unfit
from plugindoc.evaluation.machine import Machine
from plugindoc.evaluation.operations.conversion import listed_or_none
from plugindoc.evaluation.state.values import Arguments, Object, Value, guarded
from plugindoc.extraction.faults import contained
from plugindoc.model.locations import Location
from plugindoc.model.project import Problem, UsageDocument, UsageEntry
from plugindoc.opening import read_file
from plugindoc.protocol import Protocol
from plugindoc.reading.files import Tree
from plugindoc.reading.syntax import Node
from plugindoc.reading.usage_texts import read_usage_document
from plugindoc.settings import repository_of

__all__ = ["UsageTexts", "whole_text"]

_LEVELS_UP: Final = 5
_INSTALLED: Final = ("site-packages", "dist-packages")


def whole_text(entry: UsageEntry) -> str:
    """Return the whole first paragraph of an entry."""
    return " ".join("".join(run.text for run in entry.paragraphs[0]).split())


class UsageTexts:
    """The usage document of an installer, read when a plugin first asks for it.

    `bases` are those of the installers that it adds to: their plugins take their texts from there,
    and so does a tree without a document of its own.
    """

    def __init__(self, tree: Tree, protocol: Protocol, bases: Sequence[UsageTexts] = ()) -> None:
        self.tree = tree
        self.bases = bases
        self.protocol = protocol
        self.document: UsageDocument | None = None
        self.problems: list[Problem] = []
        self._entries: dict[str, UsageEntry] | None = None

    def entries(self, place: Location | None) -> dict[str, UsageEntry]:
        """Return the first entry of each name."""
        if self._entries is None:
            self._entries = {}
            found = self._find()
            base = next((one for one in self.bases if one.entries(place)), None)
            if found is None and base is not None:
                self._entries = base.entries(place)
            elif found is None:
                names = ", ".join(self.protocol.usage.documents)
                message = f"the usage document is not found: none of {names}"
                self.problems.append(
                    Problem(kind="missing", message=message, location=place or Location("", 1))
                )
            else:
                path, source = found
                self.document = contained(
                    self.problems,
                    Location(path, 1),
                    lambda: read_usage_document(path, source, self.protocol.usage.section),
                    lambda: UsageDocument(path=path),
                )
                for entry in self.document.entries:
                    self._entries.setdefault(entry.name, entry)
        return self._entries

    def _find(self) -> tuple[str, str] | None:
        root = self.tree.root
        for pattern in self.protocol.usage.documents:
            for found in sorted(root.glob(pattern)):
                path = f"{self.tree.prefix}/{found.relative_to(root).as_posix()}".removeprefix(
                    "" if self.tree.prefix else "/"
                )
                source = self.tree.read(path)
                if source is not None:
                    return path, source
        for pattern in self.protocol.usage.documents:
            if not pattern.startswith("share/"):
                continue
            for folder in _around(root.resolve()):
                if os.path.lexists(folder / pattern):
                    source = self._read(folder, pattern)
                    return None if source is None else (pattern, source)
        return None

    def _read(self, folder: Path, pattern: str) -> str | None:
        """Return the text of a document above the tree; None, and a problem, without one."""
        try:
            if not (folder / pattern).resolve().is_relative_to(folder):
                why = f"it is a link that leads out of {folder}"
            else:
                return read_file(folder / pattern).decode()
        except (OSError, RuntimeError) as error:
            why = getattr(error, "strerror", None) or "it is a link that leads round"
        except UnicodeDecodeError:
            why = "it is not utf-8"
        message = f"{folder / pattern} cannot be read: {why}"
        location = Location(pattern, 1)
        self.problems.append(Problem(kind="unreadable", message=message, location=location))
        return None

    def load(self, machine: Machine, function: Value, arguments: Arguments, node: Node) -> Value:  # noqa: ARG002 - a native's signature
        """Fill in texts: ``update_params_usage(path, params, opt_title, sectioned)``."""
        place = machine.location(node)
        entries = self._used_at(place).entries(place)
        params = machine.narrow(arguments.get(1, "params", None))
        sectioned = arguments.get(3, "sectioned", default=True)
        lists = [params]
        if sectioned:
            if not isinstance(params, Object) or params.kind != "dict":
                return None
            lists = list(machine.heap.read(params).values())
        for members in lists:
            for param in _members(machine, members, node):
                self._fill(machine, param, entries)
        return None

    def _used_at(self, place: Location | None) -> UsageTexts:
        path = "" if place is None else place.path
        return next((one for one in self.bases if path.startswith(f"{one.tree.prefix}/")), self)

    def _fill(self, machine: Machine, param: Value, entries: dict[str, UsageEntry]) -> None:
        if not isinstance(param, Object) or param.kind != "dict":
            return
        keys = self.protocol.option_keys
        name = machine.heap.read(param).get(keys.name)
        entry = entries.get(name) if isinstance(name, str) else None
        if entry is not None:
            machine.heap.write(param)[keys.usage] = whole_text(entry)
            param.places[keys.usage] = entry.location


def _members(machine: Machine, value: Value, node: Node) -> list[Value]:
    try:
        found = listed_or_none(machine, value, node) or []
    except Unfit:
        return []
    return [guarded(one)[1] for one in found]


def _around(root: Path) -> list[Path]:
    """Return the folders above a tree that may have its document: of its repository, or Python."""
    top = repository_of(root)
    above = [*root.parents][:_LEVELS_UP]
    if top == root and root.name in _INSTALLED:
        return above
    return [folder for folder in above if folder.is_relative_to(top)]
