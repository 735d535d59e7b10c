"""The settings that leave out, name, order and group plugins, for one source after the other."""

from __future__ import annotations

import re
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Final

import msgspec
from sphinx.errors import ConfigError
from sphinx.util import logging

from plugindoc.model.names import nearest
from plugindoc.rendering.layout import Arrangement, Order

if TYPE_CHECKING:
    from collections.abc import Iterable

    from sphinx.config import Config

__all__ = ["arrangement", "warn_unmatched"]

logger = logging.getLogger(__name__)

_WHERE: Final = re.compile(r"^`?\$\.|[^a-z_].*$", re.DOTALL)


class _Settings(msgspec.Struct, frozen=True):
    """What the author of a site may set; each field's name is that of a setting."""

    plugindoc_source_titles: dict[str, str]
    plugindoc_exclude: tuple[str, ...]
    plugindoc_titles: dict[str, str]
    plugindoc_order: Order
    plugindoc_groups: dict[str, tuple[str, ...]]


def arrangement(config: Config, name: str, sources: tuple[str, ...]) -> Arrangement:
    """Return how the plugins of one of a site's sources are shown.

    Raises ConfigError for a setting that is not of its type.
    """
    settings = _read(config)
    unknown = settings.plugindoc_source_titles.keys() - {*sources}
    if unknown:
        message = f"plugindoc_source_titles: no source {min(unknown)}"
        raise ConfigError(message)

    def own(patterns: Iterable[str]) -> tuple[str, ...]:
        found = (_split(pattern, sources) for pattern in patterns)
        return tuple(pattern for source, pattern in found if source == name)

    titles = {_split(key, sources): title for key, title in settings.plugindoc_titles.items()}
    named = settings.plugindoc_source_titles.get(name, name if len(sources) > 1 else "")
    groups = {title: own(patterns) for title, patterns in settings.plugindoc_groups.items()}
    return Arrangement(
        title=named,
        exclude=own(settings.plugindoc_exclude),
        titles={module: title for (source, module), title in titles.items() if source == name},
        order=settings.plugindoc_order,
        groups={title: patterns for title, patterns in groups.items() if patterns},
    )


def _read(config: Config) -> _Settings:
    try:
        return msgspec.convert(
            {name: config[name] for name in _Settings.__struct_fields__}, _Settings
        )
    except msgspec.ValidationError as error:
        said, _, place = str(error).partition(" - at ")
        message = f"{_WHERE.sub('', place) or 'plugindoc'}: {said}"
        raise ConfigError(message) from error


def _split(pattern: str, sources: tuple[str, ...]) -> tuple[str, str]:
    """Return source and pattern of ``source:pattern``; the first source where none is named."""
    before, _, after = pattern.partition(":")
    return (before, after) if after and before in sources else (sources[0], pattern)


def warn_unmatched(arranged: Arrangement, modules: list[str]) -> None:
    """Warn about patterns and names that fit no plugin of a source."""
    told = [
        *(("plugindoc_exclude", pattern) for pattern in arranged.exclude),
        *(("plugindoc_titles", module) for module in arranged.titles),
        *(("plugindoc_groups", p) for patterns in arranged.groups.values() for p in patterns),
    ]
    for setting, pattern in told:
        if not any(fnmatchcase(module, pattern) for module in modules):
            near = nearest(pattern, modules)
            logger.warning(
                "%s: no plugin %s%s",
                setting,
                pattern,
                f"; did you mean {near}?" if near else "",
                type="plugindoc",
                subtype="config",
            )
