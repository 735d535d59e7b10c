"""``llms.txt``: the site's pages in one short text for programs that read rather than look."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from plugindoc.model.printing import printable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from sphinx.application import Sphinx

    from plugindoc.rendering.catalogue import Catalogue
    from plugindoc.sphinx.domain import PluginDomain

__all__ = ["write_llms_txt"]

_MARKUP: Final = re.compile(r"([\\`*\[\]<>#|])")
_OVERVIEWS: Final = (
    ("options", "All options"),
    ("run-order", "Run order of sequences and steps"),
    ("templates/index", "Templates"),
    ("facts", "Keys that steps set"),
    ("functions", "Validators and processors"),
    ("deprecated-names", "Old names of options"),
    ("answer-file", "A whole annotated answer file"),
)


def write_llms_txt(app: Sphinx, exception: Exception | None) -> None:
    """Write the text beside the pages of an HTML builder (``build-finished``)."""
    if exception is not None or app.builder.format != "html" or not app.config.plugindoc_llms_txt:
        return
    domain = cast("PluginDomain", app.env.domains["plugin"])
    file = Path(app.outdir, "llms.txt")
    if not domain.sources.generates or (file.is_file() and not domain.sources.are_read):
        return
    from plugindoc.rendering.skeletons import write_text  # noqa: PLC0415 - as in `generated`

    catalogues = [domain.catalogue(name) for name in domain.sources.names]
    if catalogues:
        write_text(file, "\n".join(_lines(app, catalogues)) + "\n")


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
