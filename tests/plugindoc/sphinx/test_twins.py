"""Markdown twins: each page that shows plugins once more, for programs that read."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.plugindoc.sphinx.conftest import MakeSite
from tests.plugindoc.sphinx.installers import hostile

PAGE = "plugins/compute_300"


def test_a_twin_says_what_its_page_says(make_site: MakeSite) -> None:
    out = make_site().build()
    text = (out / f"{PAGE}.md").read_text()
    assert text.startswith("# Compute compute_300\n\nInstalls the compute service.\n")
    assert "### CONFIG_COMPUTE_PW\n\n(secret, asked twice, renamed)\n" in text
    assert "- **Prompt:** Password of the compute service\n" in text
    assert "- **Shown when:** `CONFIG_COMPUTE_INSTALL` is `y`\n" in text


@pytest.mark.parametrize("builder", ["html", "dirhtml"])
def test_pages_link_to_their_twins(make_site: MakeSite, builder: str) -> None:
    out = make_site().build(builder)
    page, href = (f"{PAGE}/index.html", "../compute_300.md")
    if builder == "html":
        page, href = f"{PAGE}.html", "compute_300.md"
    said = f'<link rel="alternate" type="text/markdown" title="Markdown" href="{href}" />'
    assert said in (out / page).read_text()
    assert (out / page).parent.joinpath(href).is_file()


def test_llms_txt_leads_to_the_twins_and_llms_full_holds_them(make_site: MakeSite) -> None:
    out = make_site().build()
    assert "(plugins/compute_300.md)" in (out / "llms.txt").read_text()
    assert (out / f"{PAGE}.md").read_text() in (out / "llms-full.txt").read_text()


def test_lists_lead_from_twin_to_twin(make_site: MakeSite) -> None:
    text = (make_site().build() / "plugins" / "index.md").read_text()
    assert "- [Compute](compute_300.md) `compute_300` 2 options, 1 step:" in text


def test_twins_follow_their_pages(make_site: MakeSite) -> None:
    site = make_site()
    out = site.build()
    other = (out / "plugins" / "prescript_000.md").read_text()
    site.edit("installer/cloud/plugins/compute_300.py", "Password of the compute", "Secret of the")
    site.build()
    assert "- **Prompt:** Secret of the service\n" in (out / f"{PAGE}.md").read_text()
    assert other == (out / "plugins" / "prescript_000.md").read_text()
    (site.installer / "cloud" / "plugins" / "compute_300.py").unlink()
    site.build()
    assert not (out / f"{PAGE}.md").exists()


def test_twins_of_others_stay(make_site: MakeSite) -> None:
    site = make_site(html_extra_path=["extra"])
    own = site.source / "extra" / f"{PAGE}.md"
    own.parent.mkdir(parents=True)
    own.write_text("# Mine\n")
    (site.source / "extra" / "llms-full.txt").write_text("All of it\n")
    out = site.build()
    assert "# Mine\n" == (out / f"{PAGE}.md").read_text()
    assert "All of it\n" == (out / "llms-full.txt").read_text()
    assert (out / "plugins" / "prescript_000.md").is_file()


def test_a_site_may_want_none(make_site: MakeSite) -> None:
    out = make_site(plugindoc_markdown=False).build()
    assert not (out / f"{PAGE}.md").exists()
    assert "text/markdown" not in (out / f"{PAGE}.html").read_text()
    assert "(plugins/compute_300.html)" in (out / "llms.txt").read_text()


def test_no_text_of_a_plugin_is_markup_in_a_twin(make_site: MakeSite) -> None:
    out = make_site(files=hostile()).build()
    html = MarkdownIt("commonmark").render(Path(out, f"{PAGE}.md").read_text())
    for markup in ("<script", "<img", "<!--", 'javascript:alert(1)"'):
        assert markup not in html
