"""A second build reads only what shows something that changed, and loses no old link."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.plugindoc.sphinx.conftest import MakeSite, Site
from tests.plugindoc.sphinx.installers import CLOUD

OWN_PAGE = """# Cloud

```{plugin:auto} CONFIG_COMPUTE_PW
```
"""


def test_nothing_changed_nothing_is_read(make_site: MakeSite) -> None:
    site = make_site()
    site.build()
    assert "plugins/compute_300" in site.read
    site.build()
    assert [] == site.read


def marks(site: Site) -> object:
    """Return what a build remembers of the sources, to see whether they changed."""
    assert site.app is not None
    return site.app.env.domaindata["plugin"]["state"]["marks"]


def test_what_lies_below_a_source_and_is_none_of_it_starts_nothing_anew(
    make_site: MakeSite,
) -> None:
    site = make_site(plugindoc_sources={"cloud": ".."})
    site.build()
    before = marks(site)
    (site.folder / ".git").mkdir()
    (site.folder / ".git" / "hook.py").write_text("x = 1\n")
    site.build()
    assert before == marks(site)
    site.edit("installer/cloud/plugins/prescript_000.py", "    pass\n", "    pass\n\n# the end\n")
    site.build()
    assert before != marks(site)


def test_a_template_changed_where_only_the_plugins_are_named(make_site: MakeSite) -> None:
    site = make_site(plugindoc_sources={"cloud": "../installer/cloud/plugins"})
    site.build()
    before = marks(site)
    (site.installer / "cloud/puppet/templates").mkdir(parents=True, exist_ok=True)
    (site.installer / "cloud/puppet/templates/new.pp").write_text("include cloud::new\n")
    site.build()
    assert before != marks(site)
    assert "plugins/templates/index" in site.read


def test_a_plugin_changed_and_what_shows_it_is_read(make_site: MakeSite) -> None:
    site = make_site(OWN_PAGE)
    site.build()
    site.edit("installer/cloud/plugins/compute_300.py", "Password of the compute", "Secret of the")
    out = site.build()
    assert "plugins/compute_300" in site.read
    assert "index" in site.read
    assert "plugins/prescript_000" not in site.read
    assert "plugins/functions" not in site.read
    assert "Secret of the service" in (out / "plugins" / "compute_300.html").read_text()


def test_a_change_that_no_page_shows_reads_nothing(make_site: MakeSite) -> None:
    site = make_site()
    site.build()
    site.edit("installer/cloud/plugins/prescript_000.py", "    pass\n", "    pass\n\n# the end\n")
    site.build()
    assert [] == site.read


def test_a_plugin_goes_and_its_pages_with_it(make_site: MakeSite) -> None:
    site = make_site()
    site.build()
    (site.source / "plugins" / "own.md").write_text("---\norphan: true\n---\n# Mine\n")
    (site.installer / "cloud" / "plugins" / "prescript_000.py").unlink()
    site.build()
    assert not (site.source / "plugins" / "prescript_000.md").exists()
    assert not (site.source / "walkthroughs" / "prescript_000.md").exists()
    assert (site.source / "plugins" / "own.md").exists()
    assert "plugins/compute_300" in site.read


def test_generated_pages_stay_out_of_version_control(make_site: MakeSite) -> None:
    site = make_site()
    site.build("dummy")
    assert "*" in (site.source / "plugins" / ".gitignore").read_text().splitlines()


def test_a_list_of_generated_pages_removes_nothing_elsewhere(make_site: MakeSite) -> None:
    site = make_site()
    site.build("dummy")
    precious = site.folder / "precious.md"
    precious.write_text("mine")
    listed = site.source / "plugins" / ".plugindoc-pages"
    listed.write_text("../precious.md\nconf.py\nindex.md\n" + listed.read_text())
    site.edit("installer/cloud/plugins/compute_300.py", "Password of", "Secret of")
    site.build("dummy")
    assert precious.exists()
    assert (site.source / "conf.py").exists()
    assert (site.source / "index.md").exists()


def test_a_template_changed_and_only_its_pages_are_read(make_site: MakeSite) -> None:
    site = make_site(plugindoc_templates="own", exclude_patterns=["own"])
    (site.source / "own").mkdir()
    site.build("dummy")
    (site.source / "own" / "run-order.md.jinja").write_text("# My run order\n")
    site.build("dummy")
    assert ["plugins/run-order"] == site.read


def test_a_broken_plugin_warns_at_its_own_line(make_site: MakeSite) -> None:
    broken = {**CLOUD, "cloud/plugins/broken_400.py": "def initConfig(controller):\n    x = (\n"}
    site = make_site(files=broken)
    out = site.build()
    assert "broken_400.py:" in site.warnings
    assert "[plugindoc." in site.warnings
    assert "CONFIG_COMPUTE_PW" in (out / "plugins" / "compute_300.html").read_text()


# Published anchors


def test_anchors_are_recorded_on_demand(make_site: MakeSite) -> None:
    site = make_site(plugindoc_anchors="anchors.txt")
    site.build("dummy")
    assert "[plugindoc.anchors]" in site.warnings
    assert "-D plugindoc_record_anchors=1" in site.warnings
    site.build("dummy", plugindoc_record_anchors=True)
    recorded = (site.source / "anchors.txt").read_text().splitlines()
    assert "plugins/compute_300#CONFIG_COMPUTE_PW" in recorded
    site.build("dummy")
    assert "" == site.warnings


def test_a_lost_anchor_fails_with_the_line_that_mends_it(make_site: MakeSite) -> None:
    site = make_site(plugindoc_anchors="anchors.txt")
    site.build(plugindoc_record_anchors=True)
    site.edit(
        "installer/cloud/plugins/compute_300.py", "CONFIG_COMPUTE_HOST", "CONFIG_COMPUTE_HOSTS"
    )
    with pytest.raises(SystemExit):
        site.build(plugindoc_record_anchors=True)
    old = "plugins/compute_300#CONFIG_COMPUTE_HOST"
    assert f"{old} -> {old}S" in site.warnings
    _redirect(site.source / "anchors.txt", old, f"{old}S")
    out = site.build(plugindoc_record_anchors=True)
    page = (out / "plugins" / "compute_300.html").read_text()
    assert '{"CONFIG_COMPUTE_HOST":"#CONFIG_COMPUTE_HOSTS"}' in page


def test_a_page_that_went_leads_on(make_site: MakeSite) -> None:
    site = make_site(plugindoc_anchors="anchors.txt")
    old, new = "gone/page#OLD", "plugins/compute_300#CONFIG_COMPUTE_PW"
    (site.source / "anchors.txt").write_text(f"{old} -> {new}\n")
    out = site.build(plugindoc_record_anchors=True)
    page = (out / "gone" / "page.html").read_text()
    assert 'href="../plugins/compute_300.html#CONFIG_COMPUTE_PW">OLD' in page


def _redirect(file: Path, old: str, new: str) -> None:
    lines = file.read_text().splitlines()
    file.write_text("\n".join(f"{old} -> {new}" if line == old else line for line in lines))


def test_a_list_that_is_none_gets_one_line(make_site: MakeSite) -> None:
    site = make_site(plugindoc_anchors="anchors.txt")
    (site.source / "anchors.txt").write_text("# head\n<<<<<<< HEAD\n")
    assert "anchors.txt:2: a line is PAGE#ANCHOR" in site.refusal()


def test_a_puppet_module_changed_and_what_shows_it_is_read(make_site: MakeSite) -> None:
    template = "class { 'web': secret => lookup('CONFIG_COMPUTE_PW') }\n"
    files = {**CLOUD, "cloud/puppet/templates/web.pp": template}
    site = make_site(files=files, plugindoc_puppet_modules="../modules")
    manifest = site.folder / "modules/web/manifests/init.pp"
    manifest.parent.mkdir(parents=True)
    manifest.write_text("# @param secret Opens it.\nclass web ($secret) { }\n")
    page = site.build() / "plugins/compute_300.html"
    assert "" == site.warnings
    assert "Opens it." in page.read_text()
    site.edit("modules/web/manifests/init.pp", "Opens it.", "Opens everything.")
    site.build()
    assert "Opens everything." in page.read_text()
    assert "plugins/compute_300" in site.read
    site.build()
    assert [] == site.read


def test_a_folder_without_puppet_modules_is_refused(make_site: MakeSite) -> None:
    site = make_site(plugindoc_puppet_modules="../nowhere")
    assert "Puppet modules of cloud: " in site.refusal()
