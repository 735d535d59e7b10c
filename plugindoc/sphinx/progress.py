"""Progress of ``plugindoc build``, in a few lines: an extension of its own."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Final, cast

if TYPE_CHECKING:
    from sphinx.application import Sphinx
    from sphinx.builders import Builder
    from sphinx.environment import BuildEnvironment
    from sphinx.util.typing import ExtensionMetadata

    from plugindoc.sphinx.domain import PluginDomain

__all__ = ["setup"]

_AFTER_THE_SOURCES: Final = 900


def setup(app: Sphinx) -> ExtensionMetadata:
    """Report progress if ``plugindoc_progress`` is set, which only the command line does."""
    app.add_config_value("plugindoc_progress", default=False, rebuild="", types=(bool, str))
    app.connect("builder-inited", _tell_of_plugins, priority=_AFTER_THE_SOURCES)
    app.connect("env-before-read-docs", _tell_of_reading)
    app.connect("write-started", _tell_of_writing)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def _tell(app: Sphinx, said: str) -> None:
    if app.config.plugindoc_progress:
        sys.stderr.write(f"{said}\n")
        sys.stderr.flush()


def _tell_of_plugins(app: Sphinx) -> None:
    domain = cast("PluginDomain", app.env.domains["plugin"])
    if not domain.sources.are_read:
        _tell(app, "The plugins have not changed.")
        return
    from plugindoc.model.wording import count  # noqa: PLC0415 - an unchanged site needs no texts

    for name in domain.sources.names:
        asked = domain.catalogue(name)
        plugins = count(len(asked.project.plugins), "plugin")
        options = count(len(asked.questions.options), "option")
        _tell(app, f"Read {plugins} with {options}.")


def _tell_of_reading(app: Sphinx, _env: BuildEnvironment, documents: list[str]) -> None:
    if documents:
        _tell(app, f"Making {len(documents)} pages ...")


def _tell_of_writing(app: Sphinx, _builder: Builder) -> None:
    _tell(app, f"Writing the site of {len(app.env.all_docs)} pages ...")
