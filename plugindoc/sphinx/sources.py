"""The sources of a site: from the configuration to catalogues, read when first asked for."""

from __future__ import annotations

import hashlib
import os
import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from sphinx.errors import ConfigError
from sphinx.util import logging

from plugindoc.opening import read_file
from plugindoc.rendering.layout import Arrangement, Layout
from plugindoc.settings import SettingsError, find
from plugindoc.sphinx.arranging import arrangement, warn_unmatched

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.config import Config

    from plugindoc.model.project import Project
    from plugindoc.protocol import Protocol
    from plugindoc.releases import Wanted
    from plugindoc.rendering.catalogue import Catalogue
    from plugindoc.states import LoadOptions

__all__ = ["Sources", "UnknownSourceError", "fingerprint"]

logger = logging.getLogger(__name__)

_NAME: Final = re.compile(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", re.ASCII)


class UnknownSourceError(LookupError):
    """A source's name that ``plugindoc_sources`` does not have."""


class Sources:
    """The sources of a site by name, the first one being the default.

    Raises ConfigError for a configuration that cannot be used.
    """

    def __init__(self, config: Config, folder: Path) -> None:
        self._config = config
        self._folder = folder
        self._paths = {name: (folder / path).resolve() for name, path in _table(config).items()}
        self._bases = _bases(config, folder)
        self._catalogues: dict[str, Catalogue] = {}
        self.generated: frozenset[str] = frozenset()
        """The documents that are generated, and so own what they show."""

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the sources."""
        return tuple(self._paths)

    @property
    def default(self) -> str:
        """The name of the default source, "" if there is none."""
        return next(iter(self._paths), "")

    @property
    def paths(self) -> dict[str, Path]:
        """Where each source lies."""
        return dict(self._paths)

    @property
    def generates(self) -> bool:
        """Whether the site has generated pages."""
        return bool(self._config.plugindoc_pages)

    def owns(self, document: str) -> bool:
        """Return whether things have their place in a document."""
        return document in self.generated or not self.generates

    def layout(self, name: str) -> Layout:
        """Return the folder of a source's pages; the default source has none."""
        pages, walkthroughs = (
            str(self._config.plugindoc_pages).strip("/"),
            str(self._config.plugindoc_walkthroughs).strip("/"),
        )
        if not pages:
            return Layout("")
        if pages == ".":
            pages = ""
        if name == self.default:
            return Layout(pages, walkthroughs)
        own = f"{pages}/{name}" if pages else name
        return Layout(own, f"{walkthroughs}/{name}" if walkthroughs else "")

    def arrangement(self, name: str) -> Arrangement:
        """Return how the plugins of a source are shown."""
        return arrangement(self._config, name, self.names)

    @property
    def are_read(self) -> bool:
        """Whether any source was read in this build."""
        return bool(self._catalogues)

    def catalogue(self, name: str) -> Catalogue:
        """Return a source's catalogue, read on first use.

        Raises UnknownSourceError for a name that the site does not have.
        """
        if name not in self._paths:
            known = ", ".join(self._paths) or "none"
            message = f"no source {name or 'is configured'}; plugindoc_sources has {known}"
            raise UnknownSourceError(message)
        if name not in self._catalogues:
            self._catalogues[name] = self._read(name)
        return self._catalogues[name]

    def protocol(self, name: str) -> Protocol:
        """Return the protocol of a source, by the settings above it.

        Raises ConfigError for settings that cannot be used.
        """
        try:
            return find(self._paths[name]).settings.protocol
        except SettingsError as error:
            raise ConfigError(str(error)) from error

    def releases(self, name: str) -> tuple[tuple[str, str], ...]:
        """Return the releases of a source that has a history, each with a digest of its content.

        Raises ConfigError if they cannot be read.
        """
        # A site without a history needs neither.
        from plugindoc.loading import LoadError  # noqa: PLC0415
        from plugindoc.releases import releases_of  # noqa: PLC0415

        try:
            wanted = self._wanted(name)
            if not (wanted.tags or wanted.folder):
                return ()
            found, _ = releases_of(self._paths[name], self._options(name), wanted)
        except (LoadError, SettingsError) as error:
            raise self._no_history(name, error) from error
        return tuple((release.version, release.digest) for release in found)

    def _wanted(self, name: str) -> Wanted:
        """Return where releases are searched; the configuration precedes the settings."""
        from plugindoc.releases import Wanted, wanted_by  # noqa: PLC0415 - as above

        tags = str(self._config.plugindoc_history_tags)
        releases = str(self._config.plugindoc_history_releases)
        if name == self.default and (tags or releases):
            return Wanted(tags, self._folder / releases if releases else None)
        return wanted_by(find(self._paths[name]))

    def _options(self, name: str) -> LoadOptions:
        from plugindoc.states import LoadOptions  # noqa: PLC0415 - as above

        return LoadOptions(self.protocol(name), self.bases(name))

    def _with_history(self, project: Project, name: str) -> Project:
        from plugindoc.loading import LoadError  # noqa: PLC0415 - as above
        from plugindoc.releases import with_history  # noqa: PLC0415 - as above

        path = self._paths[name]
        try:
            found, warnings = with_history(project, path, self._options(name), self._wanted(name))
        except (LoadError, SettingsError) as error:
            raise self._no_history(name, error) from error
        for warning in warnings:
            logger.warning("%s", warning, type="plugindoc", subtype="history")
        return found

    def _modules(self, name: str) -> Path | None:
        """Return the folder of Puppet modules that the configuration names for a source."""
        folder = str(self._config.plugindoc_puppet_modules)
        return self._folder / folder if folder and name == self.default else None

    def manifests(self, name: str) -> tuple[tuple[str, int, int], ...]:
        """Return the manifests of the Puppet modules of a source, each with its size and time.

        Raises SettingsError for settings that name what they may not.
        """
        folder = self._modules(name) or find(self._paths[name]).puppet_modules
        files = sorted(folder.glob("**/manifests/**/*.pp")) if folder is not None else ()
        told = ((str(file), file.stat()) for file in files if file.is_file())
        return tuple((path, status.st_size, status.st_mtime_ns) for path, status in told)

    def _with_classes(self, project: Project, name: str) -> Project:
        from plugindoc.loading import LoadError  # noqa: PLC0415 - as above
        from plugindoc.states import with_classes  # noqa: PLC0415 - as above

        try:
            found, warnings = with_classes(project, find(self._paths[name]), self._modules(name))
        except (LoadError, SettingsError) as error:
            message = f"Puppet modules of {name}: {error}"
            raise ConfigError(message) from error
        for warning in warnings:
            logger.warning("%s", warning, type="plugindoc", subtype="unreadable")
        return found

    @staticmethod
    def _no_history(name: str, error: Exception) -> ConfigError:
        return ConfigError(f"history of {name}: {error}")

    def bases(self, name: str) -> tuple[str, ...]:
        """Return the installers that a source adds to: of the configuration, then its settings.

        Raises SettingsError for settings that name what they may not.
        """
        return (*self._bases, *find(self._paths[name]).bases)

    def _read(self, name: str) -> Catalogue:
        # An unchanged site needs none of these.
        from plugindoc.loading import LoadError, load  # noqa: PLC0415
        from plugindoc.rendering.catalogue import Catalogue  # noqa: PLC0415

        path, protocol = self._paths[name], self.protocol(name)
        logger.info("reading plugins of %s ...", name)
        try:
            project = load(path, protocol=protocol, name=name, bases=self.bases(name))
        except (LoadError, SettingsError) as error:
            message = f"plugindoc_sources: {name}: {error}"
            raise ConfigError(message) from error
        project = self._with_classes(self._with_history(project, name), name)
        for problem in project.problems:
            location = f"{Path(project.root, problem.location.path)}:{problem.location.line}"
            logger.warning(
                "%s", problem.message, location=location, type="plugindoc", subtype=problem.kind
            )
        prefix = "" if name == self.default else name
        arranged = self.arrangement(name)
        warn_unmatched(arranged, [plugin.module for plugin in project.plugins])
        return Catalogue(name, project, self.layout(name), prefix, arranged)


def _bases(config: Config, folder: Path) -> tuple[str, ...]:
    bases = config.plugindoc_bases
    if not isinstance(bases, list | tuple) or not all(isinstance(one, str) for one in bases):
        message = "plugindoc_bases is a list of paths and names of installed packages"
        raise ConfigError(message)
    return tuple(str(folder / one) if (folder / one).exists() else one for one in bases)


def _table(config: Config) -> dict[str, str]:
    table = config.plugindoc_sources
    if not isinstance(table, dict):
        message = "plugindoc_sources is a dict of names and paths"
        raise ConfigError(message)
    for name, path in table.items():
        if not isinstance(name, str) or not _NAME.fullmatch(name):
            message = f"plugindoc_sources: {name!r} is no name: use letters, digits, '-', '_', '.'"
            raise ConfigError(message)
        if not isinstance(path, str) or not path:
            message = f"plugindoc_sources: {name}: {path!r} is no path"
            raise ConfigError(message)
    return {str(name): str(path) for name, path in table.items()}


def fingerprint(files: Iterable[Path], *settings: object) -> str:
    """Return a digest of files' contents and of settings."""
    digest = hashlib.blake2b(repr(settings).encode(), digest_size=16)
    for file in sorted(files):
        digest.update(os.fsencode(file) + b"\0")
        try:
            content = read_file(file)
        except OSError:
            content = b""
        digest.update(hashlib.blake2b(content, digest_size=16).digest())
    return digest.hexdigest()
