"""Settings: ``[tool.plugindoc]`` of the nearest ``pyproject.toml`` above the checked path.

A ``pyproject.toml`` without that table is passed over, so that a package inside a larger
repository uses the repository's. Every table is validated: an unknown key or a value of the wrong
type is an error that names the file and the key.
"""

from __future__ import annotations

import os
import re
from importlib.machinery import PathFinder
from pathlib import Path
from typing import Any, Final, Literal

import msgspec

from plugindoc.model.names import nearest
from plugindoc.opening import read_file
from plugindoc.protocol import Protocol, Table

__all__ = [
    "FILE",
    "LARGEST",
    "Accepted",
    "CheckSettings",
    "DiffSettings",
    "Found",
    "HistorySettings",
    "ScaffoldSettings",
    "Settings",
    "SettingsError",
    "SiteSettings",
    "find",
    "package_folder",
    "read",
    "repository_of",
]

FILE: Final = "pyproject.toml"
"""Where settings are."""

LARGEST: Final = 200_000_000
"""Bytes of the largest file that settings may name."""

FailOn = Literal["error", "warning", "never"]


class SettingsError(ValueError):
    """Settings that cannot be used; the message is one line that names the file and the key."""


class CheckSettings(Table, frozen=True):
    """``[tool.plugindoc.check]``: which rules are on, for which paths, and what fails.

    `select`, `extend_select` and `ignore` take codes, names and prefixes of codes. Without
    `select`, every rule but those of severity *info* is on. `per_path_ignores` maps globs (against
    paths relative to the settings' folder) to rules. `baseline` is relative to that folder too.
    """

    select: tuple[str, ...] | None = None
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_path_ignores: dict[str, tuple[str, ...]] = msgspec.field(default_factory=dict)
    fail_on: FailOn = "error"
    baseline: str = ""


class SiteSettings(Table, frozen=True):
    """``[tool.plugindoc.site]``: what the check needs to know of the site.

    Both are files, relative to the settings' folder: `anchors` the committed list of anchors that
    were ever published, `export` a committed export.
    """

    anchors: str = ""
    export: str = ""


class Accepted(Table, frozen=True):
    """An intended change: its id, as ``plugindoc diff`` prints it, or a pattern; and why."""

    change: str
    reason: str


class DiffSettings(Table, frozen=True):
    """``[tool.plugindoc.diff]``: which changes between two states are intended.

    `accepted` is a list of tables, ``[[tool.plugindoc.diff.accepted]]``, each with a `change` (an
    id such as ``option-removed:CONFIG_X``, in which ``*`` stands for anything) and a `reason`.
    Accepted changes are reported and fail nothing.
    """

    accepted: tuple[Accepted, ...] = ()


class HistorySettings(Table, frozen=True):
    """``[tool.plugindoc.history]``: where releases are found.

    `tags` is a pattern of git tags, such as ``v*``; `releases` a folder of source trees, unpacked
    packages or exports, relative to the settings' folder. A name ends in its version:
    ``packstack-26.0.0``. The site, ``show`` and the export have a history if either is set.
    """

    tags: str = ""
    releases: str = ""


class ScaffoldSettings(Table, frozen=True):
    """``[tool.plugindoc.new]``: what ``plugindoc new`` makes, and where.

    All are folders, relative to the settings' folder: `templates` holds templates that take the
    place of plugindoc's own, `tests` and `docs` are where a plugin's test and page go.
    """

    templates: str = ""
    tests: str = ""
    docs: str = ""


class Settings(Table, frozen=True):
    """``[tool.plugindoc]``.

    `docs_url` is the address under which plugindoc's own documentation is published; diagnostics
    link to their rule's page there. `bases` are the installers that a repository of add-on plugins
    adds to: trees or exports in the repository, or installed packages. `puppet_modules` is a folder
    of the Puppet modules that the manifests use: ``check`` checks classes and parameters against
    them, and the cards of options show the documentation of the parameters that an option sets.
    """

    docs_url: str = ""
    puppet_modules: str = ""
    bases: tuple[str, ...] = ()
    check: CheckSettings = CheckSettings()
    diff: DiffSettings = DiffSettings()
    history: HistorySettings = HistorySettings()
    site: SiteSettings = SiteSettings()
    new: ScaffoldSettings = ScaffoldSettings()
    protocol: Protocol = Protocol()


class Found(msgspec.Struct, frozen=True):
    """Settings and the folder of their file, None for defaults.

    Settings belong to the tree that is checked, which is not trusted: what they name is in its
    repository, or is an installed package.
    """

    settings: Settings
    folder: Path | None = None

    def inside(self, key: str, value: str) -> Path | None:
        """Return the path that a setting names; None if it names none.

        Raises SettingsError for one that leads out of the repository.
        """
        if not value or self.folder is None:
            return None
        path, top = self.folder / value, repository_of(self.folder)
        try:
            is_inside = path.resolve().is_relative_to(top)
        except (OSError, RuntimeError, ValueError):
            is_inside = False
        if Path(value).is_absolute() or not is_inside:
            raise self._error(key, value, "leads out of the repository")
        return path

    def file(self, key: str, value: str, *, may_be_new: bool = False) -> Path | None:
        """Return the regular file that a setting names; None if it names none.

        Raises SettingsError for one outside of the repository, one above `LARGEST` bytes, and
        anything that is no file.
        """
        path = self.inside(key, value)
        if path is None or (may_be_new and not path.exists()):
            return path
        if not path.exists():
            raise self._error(key, value, "does not exist")
        if not path.is_file():
            raise self._error(key, value, "is no regular file")
        if path.stat().st_size > LARGEST:
            raise self._error(key, value, f"is larger than {LARGEST:,} bytes")
        return path

    @property
    def bases(self) -> tuple[str, ...]:
        """The paths of the installers that the plugins add to.

        Raises SettingsError for one that is neither in the repository nor an installed package.
        """
        return tuple(self._base(value) for value in self.settings.bases)

    @property
    def puppet_modules(self) -> Path | None:
        """The folder of Puppet modules; None if the settings name none.

        Raises SettingsError for one outside of the repository, and for what is no folder.
        """
        key, value = "puppet-modules", self.settings.puppet_modules
        path = self.inside(key, value)
        if path is not None and not path.is_dir():
            raise self._error(key, value, "is no folder")
        return path

    @property
    def repository(self) -> Path | None:
        """The top of the repository that the settings lie in; None for defaults."""
        return None if self.folder is None else repository_of(self.folder)

    def _base(self, value: str) -> str:
        key = "bases"
        path = self.inside(key, value)
        if path is None or not path.exists():
            path = package_folder(value)
        elif not path.is_dir():
            path = self.file(key, value)
        if path is None:
            what = "is neither here nor an installed package"
            raise self._error(key, value, what)
        return str(path)

    def _error(self, key: str, value: str, what: str) -> SettingsError:
        return SettingsError(f"{self.folder}/{FILE}: tool.plugindoc.{key}: {value} {what}")


def repository_of(folder: Path) -> Path:
    """Return the top of the repository that a folder lies in; the folder itself outside of any."""
    real = folder.resolve()
    for above in (real, *real.parents):
        if above in (above.parent, Path.home()):
            break
        if (above / ".git").exists():
            return above
    return real


def package_folder(name: str) -> Path | None:
    """Return the folder of an installed package, found without importing anything of it."""
    spec = PathFinder.find_spec(name) if name.isidentifier() else None
    places = [*(spec.submodule_search_locations or ())] if spec is not None else []
    return Path(places[0]) if places else None


def find(path: Path) -> Found:
    """Return the settings for a checked path: those of the nearest file above it, or defaults.

    Raises SettingsError for a file that cannot be read, is not TOML, or holds what is no setting.
    """
    start = path.resolve()
    for folder in (start, *start.parents):
        file = folder / FILE
        if os.path.lexists(file):
            table = _table(file)
            if table is not None:
                return Found(_settings(table, file), folder)
    return Found(Settings())


def read(file: Path) -> Settings:
    """Return the settings of one ``pyproject.toml``; defaults if it has no such table.

    Raises SettingsError as `find` does.
    """
    return _settings(_table(file) or {}, file)


def _table(file: Path) -> dict[str, Any] | None:
    import tomllib  # noqa: PLC0415 - most checked trees have no such file

    try:
        content = tomllib.loads(read_file(file).decode())
    except OSError as error:
        message = f"{file}: cannot be read: {error.strerror}"
        raise SettingsError(message) from error
    except (UnicodeDecodeError, tomllib.TOMLDecodeError, RecursionError) as error:
        message = f"{file}: {_one_line(error)}"
        raise SettingsError(message) from error
    tool = content.get("tool", {})
    table = tool.get("plugindoc") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        message = f"{file}: tool.plugindoc is no table"
        raise SettingsError(message)
    return table


def _settings(table: dict[str, Any], file: Path) -> Settings:
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        message = f"{file}: {_explain(str(error))}"
        raise SettingsError(message) from error


_WHERE: Final = re.compile(r"^(?P<what>.*?)(?: - at `(?:key in )?\$(?P<path>[^`]*)`)?$", re.DOTALL)
_UNKNOWN: Final = re.compile(r"unknown field `(?P<key>[^`]*)`")


_GONE: Final = {
    (".protocol.steps", "modules-folder"),
    (".protocol.steps", "resources-key"),
    (".protocol.methods", "get-plugin"),
    (".protocol.methods", "get-sequence"),
}
"""Settings that were documented once, as their tables and keys."""


def _explain(error: str) -> str:
    """Return msgspec's message in terms of the settings."""
    found = _WHERE.match(error)
    what, path = (found["what"], found["path"] or "") if found else (error, "")
    table = f"tool.plugindoc{path}"
    unknown = _UNKNOWN.search(what)
    if unknown is None:
        return f"{table}: {what[0].lower()}{what[1:]}"
    if (path, unknown["key"]) in _GONE:
        return f"{table}.{unknown['key']} is no setting any more: it had no effect, delete it"
    guess = nearest(unknown["key"], _keys(path))
    hint = f"; did you mean {guess}?" if guess else ""
    return f"{table}.{unknown['key']} is no setting{hint}"


def _keys(path: str) -> list[str]:
    """Return the keys that the table at a path of msgspec's knows."""
    table: Any = Settings
    for name in path.split(".")[1:]:
        fields = {field.encode_name: field.type for field in msgspec.structs.fields(table)}
        table = fields.get(name)
        if not (isinstance(table, type) and issubclass(table, msgspec.Struct)):
            return []
    return [field.encode_name for field in msgspec.structs.fields(table)]


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())
