"""Sites in other languages: every text is extracted with its place, and shown translated."""

from __future__ import annotations

import re
from pathlib import Path

from babel.messages.mofile import read_mo
from babel.messages.pofile import read_po

import plugindoc
from plugindoc.loading import load
from plugindoc.rendering.catalogue import Catalogue, Layout
from plugindoc.rendering.plugin_texts import texts_of
from plugindoc.rendering.replies import answer
from plugindoc.rendering.requests import OVERVIEWS, Request
from plugindoc.rendering.translating import asked, label_key
from plugindoc.sphinx.languages import SCRIPT_WORDS
from tests.plugindoc.sphinx.conftest import MakeSite
from tests.plugindoc.sphinx.installers import write_installer

LOCALE = Path(plugindoc.__file__).parent / "locale"
TEXT = "Password of the compute service; needs CONFIG_COMPUTE_INSTALL."
GERMAN = "Passwort des Rechendienstes; braucht CONFIG_COMPUTE_INSTALL."
NAMES = re.compile(r"\S*\d\S*|[a-z_]+|[A-Z]\w*")
"""Words alone, which may be values or names of plugins."""


def labels(name: str) -> dict[str, str]:
    """Return the messages of one of the extension's own catalogues."""
    with (LOCALE / name).open("rb") as stream:
        catalogue = read_mo(stream) if name.endswith(".mo") else read_po(stream)
    return {str(message.id): str(message.string) for message in catalogue if message.id}


def unknown_texts(folder: Path) -> set[str]:
    """Return what pages say that is in no catalogue: neither a plugin's text nor a label."""
    catalogue = Catalogue("x", load(folder), Layout("plugins", "walkthroughs"))
    texts, known = texts_of(catalogue), labels("plugindoc.pot")
    requests = [*(Request(view, "x") for view in OVERVIEWS), Request("options", "x")]
    for plugin in catalogue.project.plugins:
        requests.append(Request("page", "x", plugin.module, "module"))
        requests.append(Request("walkthrough-page", "x", plugin.module))
    requests += [Request("page", "x", one.name, "template") for one in catalogue.project.templates]
    said = {
        text
        for request in requests
        for text in asked(answer(catalogue, request), lambda one: texts.place(one) is not None)
        if texts.place(text) is None
    }
    return {text for text in said if label_key(text) not in known and not NAMES.fullmatch(text)}


def test_every_text_of_a_page_is_in_a_catalogue(tmp_path: Path) -> None:
    assert set() == unknown_texts(write_installer(tmp_path / "installer"))


def test_every_text_of_the_bundled_installer_is_in_a_catalogue() -> None:
    assert set() == unknown_texts(Path(plugindoc.__file__).parents[1] / "source_packstack")


def test_german_has_all_labels() -> None:
    german = labels("de/LC_MESSAGES/plugindoc.po")
    assert labels("plugindoc.pot").keys() == german.keys()
    assert [] == [label for label, said in german.items() if not said]
    assert german == labels("de/LC_MESSAGES/plugindoc.mo")
    assert set(SCRIPT_WORDS) <= german.keys()


def test_texts_of_plugins_are_extracted_with_their_place(make_site: MakeSite) -> None:
    pot = (make_site().build("gettext") / "plugins.pot").read_text()
    place = r"#: \S*installer/cloud/plugins/compute_300\.py:13\n"
    assert re.search(place + f'msgid "{TEXT}"', pot.replace('""\n"', '"'))
    assert 'msgid "Preparing compute entries"' in pot
    assert 'msgid "Tells the host its password."' in pot


def test_a_site_in_german(make_site: MakeSite) -> None:
    site = make_site(language="de", locale_dirs=["locale"])
    folder = site.source / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    (folder / "plugins.po").write_text(f'{head}\nmsgid "{TEXT}"\nmsgstr "{GERMAN}"\n')
    page = (site.build("text") / "plugins" / "compute_300.txt").read_text()
    assert GERMAN.partition(";")[0] in page
    assert 'braucht "CONFIG_COMPUTE_INSTALL"' in page
    assert "needs" not in page
    assert "Vorgabe:" in page
    assert "Default:" not in page
    index = (site.folder / "text" / "plugins" / "options.txt").read_text()
    assert index.startswith("Alle Optionen")


def test_a_picture_in_german(make_site: MakeSite) -> None:
    site = make_site(language="de", locale_dirs=["locale"])
    folder = site.source / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    long = "Vorbereiten der Einträge für den Dienst, der Server ausführt"
    texts = {"Installing compute": "Installieren", "Preparing compute entries": long}
    said = (f'msgid "{text}"\nmsgstr "{german}"\n' for text, german in texts.items())
    (folder / "plugins.po").write_text("\n".join((head, *said)))
    page = (site.build() / "plugins" / "run-order.html").read_text()
    shown = re.findall(r"<text [^>]*>([^<]*)</text>", page)
    assert ["1. Installieren", "Vorbereiten der Einträge für den Dienst, d…"] == shown
    assert f"<title>{long}</title>" in page
    assert "Eine Linie führt von einem Schritt" in page


def test_a_changed_translation_is_shown_by_the_next_build(make_site: MakeSite) -> None:
    site = make_site(language="de", locale_dirs=["locale"])
    folder = site.source / "locale" / "de" / "LC_MESSAGES"
    folder.mkdir(parents=True)
    head = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=utf-8\\n"\n'
    po = folder / "plugins.po"
    for said in ("Erste Fassung", "Zweite Fassung"):
        po.write_text(f'{head}\nmsgid "Compute options"\nmsgstr "{said}"\n')
        assert said in (site.build("text") / "plugins" / "compute_300.txt").read_text()
        (folder / "plugins.mo").unlink()
