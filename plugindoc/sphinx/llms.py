"""``llms.txt``: the site's pages in one short text for programs that read rather than look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from plugindoc.model.printing import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from plugindoc.rendering.catalogue import Catalogue
    from plugindoc.sphinx.domain import PluginDomain

__all__ = ["files", "texts"]

_FILE: Final = "llms.txt"
_MARKUP: Final = re.compile(r"([\\`*\[\]<>#|])")
_OVERVIEWS: Final = (
    ("options", "All options"),
    ("run-order", "Run order of sequences and steps"),
    ("hosts/index", "What runs on which hosts"),
    ("templates/index", "Templates"),
    ("facts", "Derived keys (set by steps)"),
    ("functions", "Validators and processors"),
    ("deprecated-names", "Renamed options"),
    ("answer-file", "A whole annotated answer file"),
)


def files(app: Sphinx) -> set[str]:
    """Return the file's name, where the site wants it."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    wanted = app.config.plugindoc_llms_txt and domain.sources.generates and domain.sources.names
    return {_FILE} if wanted else set()


def texts(app: Sphinx) -> dict[str, str]:
    """Return the file with its text."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    catalogues = [domain.catalogue(name) for name in domain.sources.names]
    return {name: "\n".join(_lines(app, catalogues)) + "\n" for name in files(app)}


def _lines(app: Sphinx, catalogues: list[Catalogue]) -> Iterator[str]:
    from plugindoc.rendering.plugins import plugin_title  # noqa: PLC0415 - as above
    from plugindoc.rendering.texts import first_sentence  # noqa: PLC0415 - as above

    yield f"# {_plain(app.config.project)}"
    yield ""
    yield "> Reference of an installer's plugins, read from their source: every option with its"
    yield "> default, its choices, when it applies and who uses it."
    for catalogue in catalogues:
        yield ""
        yield f"## {_plain(catalogue.name)}"
        yield ""
        for page, title in _OVERVIEWS:
            document = catalogue.layout.page(page)
            if document in app.env.all_docs:
                yield f"- [{title}]({app.builder.get_target_uri(document)})"
        for plugin in catalogue.project.plugins:
            address = app.builder.get_target_uri(catalogue.plugin_page(plugin.module))
            said = first_sentence(printable(plugin.docstring or "")) or plugin_title(plugin)
            yield f"- [{_plain(plugin.module)}]({address}): {_plain(said)}"


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(printable(text).split()))
