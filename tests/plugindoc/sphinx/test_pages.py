"""What a built page says, and that it says it in every format."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion

from tests.plugindoc.sphinx.conftest import MakeSite
from tests.plugindoc.sphinx.installers import CLOUD, HOSTILE_NAMES, hostile


def test_a_page_reads_well_as_plain_text(make_site: MakeSite, snapshot: SnapshotAssertion) -> None:
    out = make_site().build("text")
    assert snapshot == (out / "plugins" / "compute_300.txt").read_text()


def test_the_overviews_read_well_as_plain_text(
    make_site: MakeSite, snapshot: SnapshotAssertion
) -> None:
    out = make_site().build("text")
    names = ("index", "options", "run-order", "facts", "functions", "deprecated-names")
    assert snapshot == "\n".join((out / "plugins" / f"{name}.txt").read_text() for name in names)


@pytest.mark.parametrize("builder", ["html", "dirhtml", "text", "man", "latex", "gettext", "dummy"])
def test_every_builder_passes_without_a_warning(make_site: MakeSite, builder: str) -> None:
    site = make_site()
    site.build(builder, root_doc="index")
    assert "" == site.warnings


def test_the_parallel_build_finds_the_same_as_the_serial_one(make_site: MakeSite) -> None:
    site = make_site()
    serial = (site.build() / "objects.inv").read_bytes()
    (site.folder / "doctrees").rename(site.folder / "old")
    assert serial == (site.build(parallel=2) / "objects.inv").read_bytes()
    assert "" == site.warnings


class _Elements(HTMLParser):
    def __init__(self, page: Path) -> None:
        super().__init__()
        self.ids: list[str] = []
        self.attributes: set[str] = set()
        self.feed(page.read_text(encoding="utf-8"))

    def handle_starttag(self, _tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.ids += [value or "" for name, value in attrs if name == "id"]
        self.attributes.update(name for name, _ in attrs)


def ids_in(page: Path) -> list[str]:
    """Return the ids of a page."""
    return _Elements(page).ids


def handlers_in(page: Path) -> list[str]:
    """Return the names of attributes of a page that run scripts."""
    return [name for name in _Elements(page).attributes if name.startswith("on")]


def test_an_option_answers_to_its_name_and_its_old_names(make_site: MakeSite) -> None:
    out = make_site().build()
    ids = ids_in(out / "plugins" / "compute_300.html")
    wanted = {
        "plugin-compute_300",
        "group-COMPUTE",
        "CONFIG_COMPUTE_PW",
        "CONFIG_NOVA_PW",
        "CONFIG_COMPUTE_HOST",
        "sequence-compute_300-installing-compute",
        "step-compute_300-preparing-compute-entries",
    }
    assert wanted <= set(ids)
    assert len(ids) == len(set(ids))


def test_the_same_option_declared_twice_has_a_card_for_each(make_site: MakeSite) -> None:
    twice = CLOUD["cloud/plugins/compute_300.py"].replace(
        "CONFIG_COMPUTE_HOST", "CONFIG_COMPUTE_INSTALL"
    )
    site = make_site(files={**CLOUD, "cloud/plugins/compute_300.py": twice})
    out = site.build()
    assert "CONFIG_COMPUTE_INSTALL" in ids_in(out / "plugins" / "prescript_000.html")
    assert "CONFIG_COMPUTE_INSTALL-2" in ids_in(out / "plugins" / "compute_300.html")
    assert "" == site.warnings


def test_two_options_with_one_old_name_have_one_anchor(make_site: MakeSite) -> None:
    both = CLOUD["cloud/plugins/compute_300.py"].replace(
        '"DEFAULT_VALUE": socket.gethostname(),',
        '"DEFAULT_VALUE": "", "DEPRECATES": ["CONFIG_NOVA_PW"],',
    )
    site = make_site(files={**CLOUD, "cloud/plugins/compute_300.py": both})
    assert 1 == ids_in(site.build() / "plugins" / "compute_300.html").count("CONFIG_NOVA_PW")


def test_no_text_of_a_plugin_is_markup(make_site: MakeSite) -> None:
    """Every text is hostile: of docstrings, options, groups, steps, templates, validators."""
    site = make_site(files=hostile())
    for builder in ("html", "text", "latex", "man"):
        site.build(builder)
        said = site.warnings.splitlines()
        assert [] == [line for line in said if "compute.pp:" not in line]  # no Puppet at all
    pages = sorted((site.folder / "html").rglob("*.html"))
    shown = ""
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert "<script>alert" not in text, page
        assert 'href="javascript:' not in text, page
        assert [] == handlers_in(page), page
        assert "root:x:" not in text, page
        assert "\u202e" not in text, page
        assert "\x07" not in text, page
        shown += text
    assert shown.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 20
    assert "{{ 7 * 7 }}" in shown
    assert "⟨U+202E⟩evil⟨U+202C⟩" in shown


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_no_name_of_a_file_is_markup_or_leaves_the_site(make_site: MakeSite, name: str) -> None:
    files = {**CLOUD, f"cloud/plugins/{name}.py": CLOUD["cloud/plugins/prescript_000.py"]}
    site = make_site(files=files)
    out = site.build()
    assert "" == site.warnings
    made = [page for page in (out / "plugins").rglob("*.html") if "400" in page.name]
    assert 1 == len(made)
    assert made[0].name.isascii()
    text = made[0].read_text(encoding="utf-8")
    assert "onerror=alert(1)>" not in text
    assert [] == handlers_in(made[0])
    assert {"docs", "doctrees", "html", "installer"} == {p.name for p in site.folder.iterdir()}


def test_a_plugin_is_never_imported(make_site: MakeSite, tmp_path: Path) -> None:
    trace = tmp_path / "imported"
    plugin = f"open({str(trace)!r}, 'w')\n" + CLOUD["cloud/plugins/compute_300.py"].lstrip()
    make_site(files={**CLOUD, "cloud/plugins/compute_300.py": plugin}).build()
    assert not trace.exists()


def test_two_builds_are_byte_for_byte_the_same(make_site: MakeSite) -> None:
    site = make_site(html_theme="furo")
    first = _contents(site.build())
    (site.folder / "html").rename(site.folder / "first")
    (site.folder / "doctrees").rename(site.folder / "old")
    assert first == _contents(site.build(parallel=2))


@pytest.mark.parametrize("builder", ["dirhtml", "epub", "gettext", "latex", "man", "text"])
def test_other_builders_repeat_themselves_too(
    make_site: MakeSite, builder: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    site = make_site(version="1", copyright="Cloud")
    first = _contents(site.build(builder))
    assert "" == site.warnings
    (site.folder / builder).rename(site.folder / "first")
    (site.folder / "doctrees").rename(site.folder / "old")
    monkeypatch.setattr("time.time", lambda: 1_800_000_000.0)
    assert first == _contents(site.build(builder))


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        str(file.relative_to(folder)): file.read_bytes()
        for file in folder.rglob("*")
        if file.is_file() and file.suffix != ".epub"  # an archive of the others, with their times
    }


def test_llms_txt_lists_the_pages(make_site: MakeSite, snapshot: SnapshotAssertion) -> None:
    assert snapshot == (make_site().build() / "llms.txt").read_text()


def test_the_answer_file_is_a_download(make_site: MakeSite, snapshot: SnapshotAssertion) -> None:
    out = make_site().build()
    (download,) = out.glob("_downloads/*/answers.txt")
    assert snapshot == download.read_text()


def test_source_lines_are_a_page_of_the_site(make_site: MakeSite) -> None:
    out = make_site().build()
    page = (out / "plugins" / "compute_300.html").read_text()
    assert 'href="../_source/cloud/plugins/compute_300.py.html#L' in page
    source = out / "_source" / "cloud" / "plugins" / "compute_300.py.html"
    lines = CLOUD["cloud/plugins/compute_300.py"].strip().count("\n") + 1
    assert [f"L{number}" for number in range(1, lines + 1)] == ids_in(source)


def test_source_lines_are_where_the_site_says(make_site: MakeSite) -> None:
    url = "https://example.org/{revision}/{path}#L{line}-L{end}"
    site = make_site(plugindoc_source_url=url, plugindoc_source_revision="v1")
    out = site.build()
    page = (out / "plugins" / "compute_300.html").read_text()
    assert "https://example.org/v1/plugins/compute_300.py#L" in page
    assert not (out / "_source").exists()


def test_edit_this_page_leads_to_the_plugin(make_site: MakeSite) -> None:
    repository = {"source_repository": "https://github.com/example/docs/", "source_branch": "main"}
    site = make_site(
        html_theme="furo",
        html_theme_options=repository,
        plugindoc_source_url="https://example.org/edit/{path}",
    )
    out = site.build()
    assert "https://example.org/edit/plugins/compute_300.py" == edit_link(
        out / "plugins" / "compute_300.html"
    )
    assert edit_link(out / "plugins" / "options.html") is None
    assert "https://github.com/example/docs/edit/main/index.md" == edit_link(out / "index.html")


def edit_link(page: Path) -> str | None:
    """Return where "edit this page" leads, in the words of every supported Furo."""
    found = re.search(r'<a [^>]*?href="([^"]*)"[^>]*title="Edit this page"', page.read_text())
    return found and found[1]


def test_very_many_plugins_are_left_to_the_index(make_site: MakeSite) -> None:
    empty = "def initConfig(controller):\n    pass\n\n\ndef initSequences(controller):\n    pass\n"
    files = {f"cloud/plugins/service{n}_{n:03d}.py": empty for n in range(61)}
    site = make_site(files=files, plugindoc_walkthroughs="", suppress_warnings=["toc.not_readable"])
    out = site.build("text")
    assert "" == site.warnings
    assert "service60_060" in (out / "plugins" / "index.txt").read_text()
    index = (site.source / "plugins" / "index.md").read_text()
    assert "service60_060" not in index
