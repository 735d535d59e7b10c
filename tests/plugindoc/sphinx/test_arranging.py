"""The settings that leave out, name, order and group plugins."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docutils import nodes
from sphinx.cmd.build import build_main

from tests.plugindoc.sphinx.conftest import MakeSite
from tests.plugindoc.sphinx.installers import CLOUD, COMPUTE

NETWORK = COMPUTE.replace("compute", "network").replace("COMPUTE", "NETWORK")
STORAGE = """
'''Keeps volumes.'''

PLUGIN_NAME = "OS-Storage"


def initConfig(controller):
    pass


def initSequences(controller):
    steps = [{"title": "Preparing volumes", "functions": [prepare]}]
    controller.addSequence("Installing storage", [], [], steps)


def prepare(config, messages):
    messages.append(config["CONFIG_COMPUTE_PW"])
"""
FILES = {
    **CLOUD,
    "cloud/plugins/network_350.py": NETWORK.replace('PLUGIN_NAME = "Compute"', ""),
    "cloud/plugins/storage_200.py": STORAGE,
}
INDEX = "# Cloud\n\n```{toctree}\nplugins/index\n```\n"


def menu(file: Path) -> list[str]:
    """Return the names of the plugins' pages in a page's list of plugins, in their order."""
    rows = re.findall(r'<p class="pd-row-head">.*?</p>', file.read_text(), re.DOTALL)
    return [re.sub(r"<[^>]+>", "", row.partition("</a>")[0]) for row in rows]


def test_plugins_stand_in_load_order(make_site: MakeSite) -> None:
    site = make_site(INDEX, FILES)
    html = site.build()
    assert "" == site.warnings
    assert ["Prescript", "Storage", "Compute", "network_350"] == menu(html / "plugins/index.html")


def test_plugins_stand_in_the_order_of_their_titles(make_site: MakeSite) -> None:
    titles = {"prescript_000": "Basics", "network_350": "Zones & networks"}
    site = make_site(INDEX, FILES, plugindoc_order="title", plugindoc_titles=titles)
    html = site.build()
    assert "" == site.warnings
    listed = ["Basics", "Compute", "Storage", "Zones &amp; networks"]
    assert menu(html / "plugins/index.html") == listed
    index = (html / "plugins/index.html").read_text()
    assert "All plugins, by title." in index
    assert [index.index(f'href="{page}.html"') for page in ("prescript_000", "network_350")]
    page = (html / "plugins/network_350.html").read_text()
    assert re.search(r"<h1>Zones &amp; networks <code[^>]*>.*network_350", page)


def test_groups_have_pages_in_the_menu(make_site: MakeSite) -> None:
    groups = {"Data *and* nets": ["network_*", "storage_*"], "Empty": ["nova_*"]}
    site = make_site(INDEX, FILES, plugindoc_groups=groups)
    html = site.build()
    assert "WARNING: plugindoc_groups: no plugin nova_* [plugindoc.config]\n" == site.warnings
    index = (html / "plugins/index.html").read_text()
    heads = re.findall(r"<h2>([^<]*)", index)
    assert ["Data *and* nets", "Other plugins"] == heads
    assert ["network_350", "Storage", "Prescript", "Compute"] == menu(html / "plugins/index.html")
    assert ["network_350", "Storage"] == menu(html / "plugins/groups/data-and-nets.html")
    assert site.app is not None
    entries = site.app.env.tocs["plugins/index"].findall(nodes.reference)
    assert [""] == [entry["anchorname"] for entry in entries]
    below = site.app.env.toctree_includes
    assert ["plugins/network_350", "plugins/storage_200"] == below["plugins/groups/data-and-nets"]
    assert ["plugins/prescript_000", "plugins/compute_300"] == below["plugins/groups/other"]
    assert ["plugins/groups/data-and-nets", "plugins/groups/other"] == below["plugins/index"][-2:]


def test_a_plugin_is_left_out(make_site: MakeSite) -> None:
    site = make_site(INDEX, FILES, plugindoc_exclude=["storage_*", "prescript_000"])
    html = site.build()
    assert "" == site.warnings
    assert ["Compute", "network_350"] == menu(html / "plugins/index.html")
    assert not (html / "plugins/storage_200.html").exists()
    assert not (html / "walkthroughs/storage_200.html").exists()
    shown = "".join(file.read_text() for file in html.rglob("*.html") if "_source" not in str(file))
    assert "Preparing volumes" not in shown
    compute = (html / "plugins/compute_300.html").read_text()
    assert "CONFIG_COMPUTE_INSTALL" in compute
    assert 'href="prescript_000.html' not in compute


def test_what_only_a_plugin_left_out_reads_is_not_called_unread(make_site: MakeSite) -> None:
    reader = STORAGE.replace("CONFIG_COMPUTE_PW", "CONFIG_COMPUTE_INSTALL")
    files = {name: text for name, text in FILES.items() if "_3" not in name}
    page = "plugins/prescript_000.txt"
    site = make_site(INDEX, files)
    assert "Read by:\n      nothing" in (site.build("text") / page).read_text()
    site = make_site(INDEX, files | {"cloud/plugins/storage_200.py": reader})
    assert "Read by:\n      nothing" not in (site.build("text") / page).read_text()
    site.build("text", plugindoc_exclude=["storage_200"])
    assert "Read by:\n      nothing" not in (site.folder / "text" / page).read_text()


def test_a_build_says_what_it_wrote_where(
    make_site: MakeSite, capsys: pytest.CaptureFixture[str]
) -> None:
    site = make_site(INDEX, FILES)
    command = ["-b", "dummy", str(site.source), str(site.folder / "dummy")]
    assert 0 == build_main(command)
    said = [one for one in capsys.readouterr().out.splitlines() if one.startswith("plugindoc: ")]
    assert [
        f"plugindoc: wrote 5 of 5 files in {site.source}/walkthroughs",
        f"plugindoc: wrote 12 of 12 files in {site.source}/plugins",
    ] == said
    site.edit("installer/cloud/plugins/compute_300.py", "Password of the", "The password of the")
    assert 0 == build_main(command)
    said = [one for one in capsys.readouterr().out.splitlines() if one.startswith("plugindoc: ")]
    assert [f"plugindoc: wrote 1 of 12 files in {site.source}/plugins"] == said


def test_a_plugin_that_comes_back_gets_its_page_again(make_site: MakeSite) -> None:
    site = make_site(INDEX, FILES)
    page = site.build(plugindoc_exclude=["storage_200"]) / "plugins/storage_200.html"
    assert not page.exists()
    site.build()
    assert page.exists()
    site.build(plugindoc_exclude=["storage_200"])
    assert not page.exists()


def test_two_sources_have_two_names_in_the_menu(make_site: MakeSite) -> None:
    index = "# Cloud\n\n```{toctree}\nplugins/index\nplugins/old/index\n```\n"
    sources = {"cloud": "../installer", "old": "../installer"}
    site = make_site(
        index,
        FILES,
        plugindoc_sources=sources,
        plugindoc_source_titles={"old": "Cloud *1.0*"},
        plugindoc_exclude=["old:storage_200"],
    )
    html = site.build()
    assert "" == site.warnings
    shown = (html / "index.html").read_text()
    names = re.findall(
        r'toctree-l1"><a class="reference internal" href="plugins[^>]*>([^<]*)', shown
    )
    assert ["Plugins of cloud", "Plugins of Cloud *1.0*"] == names[:2]
    assert (html / "plugins/storage_200.html").exists()
    assert not (html / "plugins/old/storage_200.html").exists()


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        (
            {"plugindoc_exclude": ["storage_20"]},
            "plugindoc_exclude: no plugin storage_20; did you mean storage_200?",
        ),
        (
            {"plugindoc_titles": {"compute_30": "Compute"}},
            "plugindoc_titles: no plugin compute_30; did you mean compute_300?",
        ),
    ],
)
def test_a_name_that_fits_no_plugin_warns(
    make_site: MakeSite, settings: dict[str, object], said: str
) -> None:
    site = make_site(INDEX, FILES, **settings)
    site.build("dummy")
    assert site.warnings == f"WARNING: {said} [plugindoc.config]\n"


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"plugindoc_exclude": [3]}, "plugindoc_exclude: Expected `str`, got `int`"),
        ({"plugindoc_order": "name"}, "plugindoc_order: Invalid enum value 'name'"),
        ({"plugindoc_groups": {"Data": "x"}}, "plugindoc_groups: Expected `array`, got `str`"),
        ({"plugindoc_source_titles": {"new": "New"}}, "plugindoc_source_titles: no source new"),
    ],
)
def test_a_setting_of_a_wrong_type_ends_the_build(
    make_site: MakeSite, settings: dict[str, object], said: str
) -> None:
    site = make_site(INDEX, FILES, **settings)
    with pytest.raises(SystemExit):
        site.build("dummy")
    assert f"ERROR: {said}" in site.warnings
