"""Files that HTML gets beside what Sphinx writes: pages of source, Markdown and ``llms.txt``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, cast

from sphinx.util import logging

from plugindoc import written
from plugindoc.sphinx import llms, source_pages, twins

if TYPE_CHECKING:
    from sphinx.application import Sphinx

    from plugindoc.sphinx.domain import PluginDomain

__all__ = ["write_output"]

logger = logging.getLogger(__name__)


def write_output(app: Sphinx, exception: Exception | None) -> None:
    """Write the files whose sources were read, and remove obsolete ones.

    A handler of ``build-finished``. Files of the same names that others wrote stay as they are.
    """
    if exception is not None or app.builder.format != "html" or app.builder.name == "epub":
        return
    domain = cast("PluginDomain", app.env.domains["plugin"])
    folder = Path(app.outdir)
    names = {*source_pages.files(app), *llms.files(app), *twins.files(app)}
    foreign = written.foreign(folder, names)
    if not domain.sources.are_read and written.names(folder) == names.difference(foreign):
        return
    for name in foreign:
        logger.info("%s is not plugindoc's, and stays as it is", folder / name)
    markdown = twins.texts(app)
    texts = {**source_pages.texts(app), **llms.texts(app, markdown), **markdown}
    written.update(folder, {name: texts[name] for name in texts if name not in foreign})
