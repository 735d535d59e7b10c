"""The history on a site: cards, a page for each release, and what is no more."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.plugindoc.sphinx.conftest import MakeSite, Site
from tests.plugindoc.sphinx.installers import CLOUD, COMPUTE, write_installer

INDEX = """
# Cloud

```{plugin:changes}
:since: 1.0
:until: 1.1
```

See {plugin:option}`CONFIG_COMPUTE_ZONE`.
"""
ZONE = """
        {"CMD_OPTION": "compute-zone", "USAGE": "Zone.", "PROMPT": "Zone",
         "DEFAULT_VALUE": "here", "CONF_NAME": "CONFIG_COMPUTE_ZONE"},
"""


@pytest.fixture
def site(make_site: MakeSite, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Site:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    old = COMPUTE.replace("    params = [", f"    params = [{ZONE}", 1)
    old = old.replace('"DEPRECATES": ["CONFIG_NOVA_PW"],\n', "").replace(
        "CONFIG_COMPUTE_PW", "CONFIG_NOVA_PW"
    )
    middle = old.replace('"DEFAULT_VALUE": "here"', '"DEFAULT_VALUE": "there"')
    for version, text in {"1.0": old, "1.1": middle}.items():
        files = {**CLOUD, "cloud/plugins/compute_300.py": text}
        write_installer(tmp_path / "releases" / f"cloud-{version}", files)
    return make_site(INDEX, plugindoc_history_releases="../releases")


def text_of(page: Path) -> str:
    return " ".join(re.sub(r"<[^>]+>", "", page.read_text()).split())


def test_a_card_says_since_when_it_is_there_and_what_changed(site: Site) -> None:
    out = site.build()
    assert "" == site.warnings
    card = text_of(out / "plugins" / "compute_300.html")
    assert "Added in 1.0 or before" in card
    assert "Deprecated in unreleased: the name CONFIG_NOVA_PW" in card
    (anchor,) = re.findall(
        r'href="changes/unreleased.html#([^"]+)"',
        (out / "plugins" / "compute_300.html").read_text(),
    )
    assert "change-option-renamed-CONFIG_COMPUTE_PW" == anchor
    page = (out / "plugins" / "changes" / "unreleased.html").read_text()
    change = page.partition(f'id="{anchor}"')[2].partition("</p>")[0]
    assert "now called" in re.sub(r"<[^>]+>", "", change)


def test_every_release_has_a_page(site: Site) -> None:
    out = site.build()
    assert {"index.html", "1.1.html", "unreleased.html"} == {
        page.name for page in (out / "plugins" / "changes").glob("*.html")
    }
    assert "CONFIG_COMPUTE_ZONE has another default: there instead of here." in text_of(
        out / "plugins" / "changes" / "1.1.html"
    )
    index = text_of(out / "plugins" / "changes" / "index.html")
    assert index.index("unreleased:") < index.index("1.1: 1 breaking change since 1.0")


def test_an_option_that_is_gone_keeps_an_entry(site: Site) -> None:
    out = site.build()
    gone = out / "plugins" / "removed-options.html"
    assert 'id="CONFIG_COMPUTE_ZONE"' in gone.read_text()
    assert "Removed in unreleased" in text_of(gone)
    told = (out / "plugins/changes/unreleased.html").read_text()
    assert 'href="../removed-options.html#CONFIG_COMPUTE_ZONE"' in told
    link = 'href="plugins/removed-options.html#CONFIG_COMPUTE_ZONE"'
    assert link in (out / "index.html").read_text()


def test_an_old_name_leads_to_the_new_one(site: Site) -> None:
    out = site.build()
    assert 'id="CONFIG_NOVA_PW"' in (out / "plugins" / "compute_300.html").read_text()
    assert "CONFIG_NOVA_PW" not in re.findall(
        r'id="(CONFIG_\w+)"', (out / "plugins" / "removed-options.html").read_text()
    )


def test_an_author_s_page_shows_the_changes_between_two_releases(site: Site) -> None:
    out = site.build()
    assert "there instead of here" in text_of(out / "index.html")


def test_a_release_that_is_not_there_is_a_warning(site: Site) -> None:
    site.edit("docs/index.md", ":until: 1.1", ":until: 3.0")
    site.build()
    assert "index.md:4: WARNING: the history has no release 3.0; it has 1.0, 1.1" in site.warnings


def test_a_new_release_makes_its_page(site: Site, tmp_path: Path) -> None:
    site.build()
    write_installer(tmp_path / "releases" / "cloud-2.0")
    site.build()
    out = site.build()
    assert (out / "plugins" / "changes" / "2.0.html").exists()
    assert not (out / "plugins" / "changes" / "unreleased.html").exists()


def test_releases_that_cannot_be_read_end_the_build_in_one_line(site: Site) -> None:
    assert "nowhere" in site.refusal(plugindoc_history_releases="nowhere")
