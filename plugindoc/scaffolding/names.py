"""Names of a new plugin: checked, and the ones that follow from them."""

from __future__ import annotations

import keyword
import re
from typing import Final

import msgspec

from plugindoc.model.project import Project

__all__ = [
    "NameProblem",
    "Names",
    "check_name",
    "check_number",
    "free_number",
    "names_for",
    "title_for",
]

_NAME: Final = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*")
_ENDS_IN_NUMBER: Final = re.compile(r".*_\d{3}")
_NUMBER: Final = re.compile(r"_\d+$")
_LONGEST: Final = 40
_LARGEST: Final = 999
_STEP: Final = 10

_LAST_OF_ALL: Final = 900
"""From here on are, by Packstack's custom, the plugins that bring everything to the hosts."""


class NameProblem(ValueError):  # noqa: N818 - it is an answer that can be given again, no failure
    """A name or number that a plugin cannot have; the message is one line for the user."""


class Names(msgspec.Struct, frozen=True):
    """All names of a new plugin.

    `name` is the file's (``file_share``), `title` what people read (``File share``).
    """

    name: str
    number: int
    title: str

    @property
    def module(self) -> str:
        """The plugin's module: ``file_share_710``."""
        return f"{self.name}_{self.number:03}"

    @property
    def group(self) -> str:
        """The group of its switch, and the start of its other names: ``FILE_SHARE``."""
        return self.name.upper()

    @property
    def option(self) -> str:
        """What all its options start with: ``CONFIG_FILE_SHARE``."""
        return f"CONFIG_{self.group}"

    @property
    def flag(self) -> str:
        """What all its flags start with: ``file-share``."""
        return self.name.replace("_", "-")


def names_for(project: Project, name: str, number: int | None, title: str) -> Names:
    """Return the names of a new plugin; a free number and a title are found if none is given.

    Raises NameProblem if the project cannot have such a plugin.
    """
    check_name(project, name)
    if number is None:
        number = free_number(project)
    check_number(project, number)
    return Names(name, number, title_for(title, name))


def title_for(title: str, name: str = "") -> str:
    """Return a title in one line; made from the name if it is empty.

    Raises NameProblem for characters that cannot be in a Python or Puppet text.
    """
    title = " ".join(title.split()) or name.replace("_", " ").capitalize()
    if not title.isprintable() or len(title) > _LONGEST or set(title) & set("\"'\\{}`$#"):
        message = (
            f"{title!r} is no title: at most {_LONGEST} characters, and no quotes, braces,"
            " backslashes, $ and #"
        )
        raise NameProblem(message)
    return title


def check_name(project: Project, name: str) -> None:
    """Raise NameProblem unless a new plugin of this project can have the name."""
    if _ENDS_IN_NUMBER.fullmatch(name):
        message = f"{name}: leave the number out of the name; --number gives it"
        raise NameProblem(message)
    if not _NAME.fullmatch(name) or keyword.iskeyword(name) or len(name) > _LONGEST:
        guess = re.sub(r"[^a-z0-9]+", "_", name.lower()).strip("_")[:_LONGEST].strip("_")
        hint = f"; how about {guess}?" if _NAME.fullmatch(guess) and guess != name else ""
        message = (
            f"{name!r} is no name for a plugin: lower case letters, digits and single"
            f" underscores, a letter first, at most {_LONGEST}{hint}"
        )
        raise NameProblem(message)
    for plugin in project.plugins:
        if _NUMBER.sub("", plugin.module) == name:
            message = f"there is a plugin {name} already: {plugin.location.path}"
            raise NameProblem(message)
        for group in plugin.groups:
            _check_taken(name, group.name, plugin.module)


def _check_taken(name: str, group: str, module: str) -> None:
    if group in {name.upper(), f"{name.upper()}_SETTINGS"}:
        message = f"{name}: {module} has an option group {group} already; choose another name"
        raise NameProblem(message)


def check_number(project: Project, number: int) -> None:
    """Raise NameProblem unless the number is free."""
    if not 0 <= number <= _LARGEST:
        message = f"{number} is no load order: it is a number from 0 to {_LARGEST}"
        raise NameProblem(message)
    for plugin in project.plugins:
        if plugin.order == number:
            message = (
                f"{plugin.module} has the number {number:03} already; {_free(project)} is free"
            )
            raise NameProblem(message)


def free_number(project: Project) -> int:
    """Return the number that a new plugin gets: the first free ten after the project's services.

    Plugins from 900 on stay last: by custom they apply what the others prepared. Raises NameProblem
    where all thousand numbers are taken.
    """
    found = _free(project)
    if found is None:
        message = "every number from 000 to 999 is taken"
        raise NameProblem(message)
    return found


def _free(project: Project) -> int | None:
    taken = {plugin.order for plugin in project.plugins}
    services = [order for order in taken if order < _LAST_OF_ALL]
    first = (max(services, default=0) // _STEP + 1) * _STEP
    wishes = (*range(first, _LAST_OF_ALL, _STEP), *range(_LAST_OF_ALL - 1, -1, -1))
    rest = range(_LAST_OF_ALL, _LARGEST + 1)
    return next((number for number in (*wishes, *rest) if number not in taken), None)
