"""Files of others: a build changes and removes what plugindoc wrote, and nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugindoc.sphinx.conftest import MakeSite, Site

MINE = "# Mine\n\nWritten by hand.\n"


def write(file: Path, text: str = MINE) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def contents(folder: Path) -> dict[str, bytes]:
    found = (file for file in folder.rglob("*") if file.is_file())
    return {str(file.relative_to(folder)): file.read_bytes() for file in found}


def rename_plugin(site: Site) -> None:
    plugins = site.installer / "cloud" / "plugins"
    (plugins / "compute_300.py").rename(plugins / "computing_300.py")


@pytest.mark.parametrize(
    "name",
    [
        "plugins/index.md",
        "plugins/compute_300.md",
        "plugins/answers.txt",
        "walkthroughs/index.md",
        "walkthroughs/compute_300.md",
    ],
)
def test_a_page_written_by_hand_is_in_the_way(make_site: MakeSite, name: str) -> None:
    site = make_site()
    write(site.source / name)
    before = contents(site.source)
    assert name in site.refusal()
    if "compute" not in name:
        rename_plugin(site)
    said = site.refusal()
    assert name in said
    assert "to another folder" in said
    assert before == contents(site.source)


def test_all_pages_in_the_way_are_named_at_once(make_site: MakeSite) -> None:
    site = make_site()
    for name in ("index.md", "options.md"):
        write(site.source / "plugins" / name)
    said = site.refusal()
    assert "plugins/index.md" in said
    assert "plugins/options.md" in said


@pytest.mark.parametrize("target", ["outside.md", "nowhere.md"])
def test_a_link_in_the_place_of_a_page_is_not_followed(make_site: MakeSite, target: str) -> None:
    site = make_site()
    outside = write(site.folder / "outside.md")
    (site.source / "plugins").mkdir()
    (site.source / "plugins" / "index.md").symlink_to(site.folder / target)
    with pytest.raises(SystemExit):
        site.build("dummy")
    assert "would overwrite" in site.warnings
    assert outside.read_text() == MINE
    assert not (site.folder / "nowhere.md").exists()


def test_a_generated_page_that_was_edited_stays(make_site: MakeSite) -> None:
    site = make_site()
    site.build("dummy")
    page = write(site.source / "plugins" / "compute_300.md")
    site.edit("installer/cloud/plugins/compute_300.py", "Password of the", "Secret of the")
    assert "plugins/compute_300.md" in site.refusal()
    (site.source / "plugins" / "compute_300.md").rename(site.folder / "kept.md")
    site.build("dummy")
    assert "plugin:auto" in page.read_text()


def test_an_edited_page_of_a_plugin_that_goes_stays(make_site: MakeSite) -> None:
    site = make_site()
    site.build("dummy")
    page = write(site.source / "plugins" / "compute_300.md")
    rename_plugin(site)
    site.build("dummy")
    assert page.read_text() == MINE
    assert (site.source / "plugins" / "computing_300.md").exists()


def test_a_build_that_was_killed_halfway_is_carried_on(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    from plugindoc import written  # noqa: PLC0415 - of this test alone

    site, write_text = make_site(), written.write_text

    def stop(file: Path, text: str) -> bool:
        if file.name == "options.md":
            raise KeyboardInterrupt
        return write_text(file, text)

    monkeypatch.setattr(written, "write_text", stop)
    with pytest.raises(KeyboardInterrupt):
        site.build("dummy")
    monkeypatch.undo()
    site.build("dummy")
    assert "" == site.warnings


@pytest.mark.parametrize("pages", ["reference", "deeper/reference", ".", ""])
def test_pages_move_with_their_setting(make_site: MakeSite, pages: str) -> None:
    site = make_site(plugindoc_walkthroughs="")
    site.build()
    own = write(site.source / "plugins" / "own.md", f"---\norphan: true\n---\n{MINE}")
    conf = (site.source / "conf.py").read_text()
    (site.source / "conf.py").write_text(f"{conf}plugindoc_pages = {pages!r}\n")
    (site.source / "index.md").rename(site.source / "start.md")
    if pages != ".":
        (site.source / "start.md").rename(site.source / "index.md")
    for _ in range(2):
        site.build(suppress_warnings=["toc"])
        # Old versions of Sphinx do not suppress that pages stand in no menu.
        found = [w for w in site.warnings.splitlines() if "isn't included in any toctree" not in w]
        assert [] == found
    left = {"own.md", ".gitignore"} if pages != "plugins" else set()
    assert left == {file.name for file in (site.source / "plugins").iterdir()}
    assert own.exists()
    assert (site.source / pages / "options.md").exists() == bool(pages)


def test_pages_of_a_site_below_this_one_stay(make_site: MakeSite) -> None:
    site = make_site()
    site.build("dummy")
    inner = site.source / "inner"
    (site.source / "plugins").rename(inner)
    write(inner / "conf.py", "")
    before = contents(inner)
    site.build("dummy", exclude_patterns=["inner"])
    assert before == contents(inner)


def test_the_folder_of_the_plugins_is_no_folder_for_pages(make_site: MakeSite) -> None:
    site = make_site(plugindoc_sources={"cloud": "."})
    (site.installer / "cloud" / "plugins").rename(site.source / "plugins")
    before = contents(site.source)
    said = site.refusal()
    assert "plugins holds the plugins themselves: set plugindoc_pages to another folder" in said
    assert before == contents(site.source)


def test_an_own_llms_txt_stays(make_site: MakeSite) -> None:
    site = make_site(html_extra_path=["extra"])
    own = write(site.source / "extra" / "llms.txt", "# My own\n")
    out = site.build()
    assert own.read_text() == (out / "llms.txt").read_text()
    site.edit(
        "installer/cloud/plugins/compute_300.py", "Installs the compute", "Brings the compute"
    )
    out = site.build()
    assert own.read_text() == (out / "llms.txt").read_text()


def test_a_folder_that_cannot_be_written_gets_one_line(make_site: MakeSite) -> None:
    site = make_site()
    (site.source / "plugins").write_text("no folder")
    said = site.refusal()
    assert f"plugindoc_pages: {site.source}/plugins" in said


@pytest.mark.parametrize(
    ("name", "hint"),
    [("plugindoc_source", "; did you mean plugindoc_sources?"), ("plugindoc_zzz", "")],
)
def test_a_setting_that_does_not_exist_warns(make_site: MakeSite, name: str, hint: str) -> None:
    site = make_site(**{name: "x"})
    site.build("dummy")
    said = f"WARNING: conf.py: {name} is no setting of plugindoc{hint} [plugindoc.config]\n"
    assert said == site.warnings


def test_the_index_alone_is_enough_in_the_toctree(make_site: MakeSite) -> None:
    site = make_site()
    (site.source / "index.md").write_text("# Cloud\n\n```{toctree}\nplugins/index\n```\n")
    site.build()
    assert "" == site.warnings


def test_a_page_of_ones_own_shows_what_a_generated_one_shows(make_site: MakeSite) -> None:
    blocks = ("auto} compute_300\n:page:", "auto} compute_300\n:page:", "walkthrough} compute_300")
    site = make_site("# Cloud\n\n" + "\n".join(f"```{{plugin:{block}\n```\n" for block in blocks))
    html = (site.build() / "index.html").read_text()
    assert "" == site.warnings
    assert html.count("Password of the compute service; needs") >= 2


MARKDOWN_OF_ANOTHER = """
from myst_parser.sphinx_ext.main import setup_sphinx
from myst_parser.parsers.sphinx_ import MystParser


class Parser(MystParser):
    supported = ("notebook",)


def setup(app):
    setup_sphinx(app)
    app.add_source_suffix(".md", "notebook", override=True)
    app.add_source_parser(Parser, override=True)
"""


@pytest.mark.parametrize("order", [["another", "plugindoc"], ["plugindoc", "another"]])
def test_another_extension_may_read_markdown(
    make_site: MakeSite, monkeypatch: pytest.MonkeyPatch, order: list[str]
) -> None:
    """As myst-nb does, which takes MyST's place."""
    # Sphinx adds what it finds to its own default, which all builds of a process share.
    site = make_site(extensions=order, source_suffix={".rst": "restructuredtext"})
    write(site.folder / "path" / "another.py", MARKDOWN_OF_ANOTHER)
    monkeypatch.syspath_prepend(site.folder / "path")
    out = site.build()
    assert "" == site.warnings
    assert "CONFIG_COMPUTE_PW" in (out / "plugins" / "compute_300.html").read_text()
