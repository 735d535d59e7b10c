"""Answer files as text: read as the installer's own parser reads them.

An answer file is what ``configparser.RawConfigParser`` reads: one section ``[general]``, a name and
a value a line, names without regard to case. It holds passwords: no message shows a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec

from plugindoc.model.locations import Location

__all__ = ["Answer", "AnswerFile", "Fault", "parse"]

_SECTION: Final = "general"


class Answer(msgspec.Struct, frozen=True):
    """A name and its value, as written; `location` is the place of the name."""

    name: str
    value: str
    location: Location


class Fault(msgspec.Struct, frozen=True):
    """A line for which the installer refuses the whole file."""

    message: str
    location: Location
    hint: str = ""


class AnswerFile(msgspec.Struct, frozen=True):
    """What a file holds, in order: its answers, and what is no answer."""

    path: str
    answers: tuple[Answer, ...] = ()
    faults: tuple[Fault, ...] = ()


def parse(text: str, path: str) -> AnswerFile:
    """Return what an answer file holds; a line that cannot be read costs that line."""
    reader = _Reader(path)
    for number, line in enumerate(text.removeprefix("\ufeff").split("\n"), 1):
        bare = line.strip()
        if bare and not bare.startswith(("#", ";")):
            reader.read(bare, len(line) - len(line.lstrip()), number)
    reader.end()
    return AnswerFile(path, tuple(_answers(path, reader.found)), tuple(reader.faults))


def _answers(path: str, found: Sequence[tuple[str, list[str], int]]) -> list[Answer]:
    return [
        Answer(name, "\n".join(lines).rstrip(), Location(path, number, 1, number, len(name) + 1))
        for name, lines, number in found
    ]


class _Reader:
    """Reads line by line; an answer grows as long as lines are indented further than its own."""

    def __init__(self, path: str) -> None:
        self.path = path
        self.found: list[tuple[str, list[str], int]] = []
        self.faults: list[Fault] = []
        self._growing: list[str] | None = None
        self._indent = 0
        self._begun = False

    def read(self, bare: str, depth: int, number: int) -> None:
        if self._growing is not None and depth > self._indent:
            self._growing.append(bare)
            return
        self._indent = depth
        closing = bare.rfind("]")
        if bare.startswith("[") and closing > 1:
            self._section(bare[1:closing], number)
            return
        name, value = _split(bare)
        if not name:
            self._refuse("neither NAME=VALUE nor a comment", number)
        else:
            if not self._begun:
                self._refuse(f"missing [{_SECTION}] before the first answer", number)
                self._begun = True
            self._growing = [value]
            self.found.append((name, self._growing, number))

    def end(self) -> None:
        """Refuse a file without the section, which the installer reads its answers from."""
        if not self._begun and not self.faults:
            self._refuse(f"no answers: the section [{_SECTION}] is missing", 1)

    def _section(self, name: str, number: int) -> None:
        self._begun, self._growing = True, None
        if name != _SECTION:
            self._refuse(
                f"unexpected section [{name}]; an answer file only has [{_SECTION}]", number
            )

    def _refuse(self, message: str, number: int) -> None:
        self.faults.append(Fault(message, Location(self.path, number)))


def _split(bare: str) -> tuple[str, str]:
    """Return a line's name and value, no name if it has none."""
    places = [place for place in (bare.find("="), bare.find(":")) if place >= 0]
    if not places:
        return "", ""
    return bare[: min(places)].rstrip(), bare[min(places) + 1 :].strip()
