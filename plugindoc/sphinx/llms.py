"""``llms.txt``: the site's pages in one short text for programs that read rather than look."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, cast

from plugindoc.model.printing import printable
from plugindoc.sphinx import twins

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from sphinx.application import Sphinx

    from plugindoc.rendering.catalogue import Catalogue
    from plugindoc.sphinx.domain import PluginDomain

__all__ = ["files", "texts"]

_FILE: Final = "llms.txt"
_WHOLE: Final = "llms-full.txt"
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
    """Return the files' names, if the site has them."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    wanted = app.config.plugindoc_llms_txt and domain.sources.generates and domain.sources.names
    if not wanted:
        return set()
    return {_FILE, _WHOLE} if twins.files(app) else {_FILE}


def texts(app: Sphinx, markdown: Mapping[str, str]) -> dict[str, str]:
    """Return the files with their texts; the whole one has all of the site's Markdown."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    catalogues = [domain.catalogue(name) for name in domain.sources.names]
    wanted = files(app)
    found = {_FILE: "\n".join(_lines(app, catalogues)) + "\n"} if wanted else {}
    if _WHOLE in wanted:
        found[_WHOLE] = "\n".join(markdown[name] for name in sorted(markdown))
    return found


def _address(app: Sphinx, document: str) -> str:
    twin = twins.twin_of(document)
    return twin if twin in twins.files(app) else app.builder.get_target_uri(document)


def _lines(app: Sphinx, catalogues: list[Catalogue]) -> Iterator[str]:
    from plugindoc.rendering.texts import first_sentence  # noqa: PLC0415 - as above

    yield f"# {_plain(app.config.project)}"
    yield ""
    yield "> Reference of an installer's plugins, read from their source: every option with its"
    yield "> default, its choices, when it applies and who uses it."
    for catalogue in catalogues:
        yield ""
        yield f"## {_plain(catalogue.title)}"
        yield ""
        for page, title in _OVERVIEWS:
            document = catalogue.layout.page(page)
            if document in app.env.all_docs:
                yield f"- [{title}]({_address(app, document)})"
        for plugin in catalogue.plugins_listed():
            title = catalogue.plugin_titles[plugin.module]
            address = _address(app, catalogue.plugin_page(plugin.module))
            said = first_sentence(printable(plugin.docstring or "")) or title
            yield f"- [{_plain(plugin.module)}]({address}): {_plain(said)}"


def _plain(text: str) -> str:
    return _MARKUP.sub(r"\\\1", " ".join(printable(text).split()))
