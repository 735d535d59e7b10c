"""Sites in other languages: messages for translators, and their translations.

Labels come from the extension's own catalogue (``plugindoc/locale``), texts of plugins from the
site's, as all texts of its pages do.
"""

from __future__ import annotations

import gettext
import itertools
import json
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from docutils import nodes
from sphinx.util.i18n import docname_to_domain

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from sphinx.environment import BuildEnvironment

    from plugindoc.rendering.blocks import Block
    from plugindoc.rendering.catalogue import Catalogue

__all__ = ["SCRIPT_WORDS", "in_language", "label", "messages", "script_words"]

_DOMAIN: Final = "plugindoc"
SCRIPT_WORDS: Final = (
    "Any {0}",
    "Copied",
    "Copy",
    "Copy {0}",
    "Depends on OPTION=value",
    "Depends on option",
    "Did you mean",
    "Filter {0}",
    "No {0} fit this filter.",
    "Press Ctrl+C",
    "Search all pages",
    "{0} of {1} {2}",
)
"""Texts of the script, with placeholders for numbers and names."""
_FOLDER: Final = str(Path(__file__).parent.parent / "locale")


def label(text: str, language: str) -> str:
    """Return one of the extension's own texts in a language.

    Sphinx's own look-up mixes the languages of all builds of a process, so it is not used here.
    """
    return text if language == "en" else _translations((_FOLDER,), _DOMAIN, language).gettext(text)


def script_words(language: str) -> str:
    """Return a script that has the words of the extension's script in a language; "" in English."""
    found = {text: said for text in SCRIPT_WORDS if (said := label(text, language)) != text}
    return f"window.plugindocWords={json.dumps(found)}" if found else ""


def in_language(
    env: BuildEnvironment, document: str, catalogue: Catalogue, blocks: tuple[Block, ...]
) -> tuple[Block, ...]:
    """Return blocks in the site's language."""
    config, language = env.config, env.config.language
    if language == "en":
        return blocks
    from plugindoc.rendering.translating import label_key, label_text, translated  # noqa: PLC0415 - most sites need none of it

    folders = tuple(str(Path(env.srcdir, folder)) for folder in config.locale_dirs)
    domain = docname_to_domain(document, config.gettext_compact)
    site = _translations(folders, domain, language)

    def lookup(text: str) -> str | None:
        if (said := site.gettext(text)) != text:
            return said
        key = label_key(text)
        return label_text(said, text) if (said := label(key, language)) != key else None

    return translated(blocks, lookup, catalogue.link_to)


def _translations(folders: tuple[str, ...], domain: str, language: str) -> gettext.NullTranslations:
    found = gettext.NullTranslations()
    for folder, name in itertools.product(folders, dict.fromkeys((language, language[:2]))):
        file = Path(folder, name, "LC_MESSAGES", f"{domain}.mo")
        if file.is_file():
            found.add_fallback(_read(str(file), file.stat().st_mtime_ns))
    return found


@cache
def _read(file: str, _stamp: int) -> gettext.GNUTranslations:
    with Path(file).open("rb") as stream:
        return gettext.GNUTranslations(stream)


def messages(catalogue: Catalogue, blocks: Iterable[Block]) -> Iterator[nodes.Node]:
    """Yield the texts of plugins in blocks, each with its file and line, for translators."""
    from plugindoc.rendering.plugin_texts import texts_of  # noqa: PLC0415 - for one builder alone
    from plugindoc.rendering.translating import asked  # noqa: PLC0415 - as above

    texts = texts_of(catalogue)
    for text in asked(blocks, lambda text: texts.place(text) is not None):
        place = texts.place(text)
        if place is not None:
            made = nodes.paragraph(text, text)
            made.source = str(Path(catalogue.project.root, place.path))
            made.line = place.line
            made.uid = ""  # type: ignore[attr-defined] # Sphinx passes over nodes without one
            yield made
