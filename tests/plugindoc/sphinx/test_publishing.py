"""A site that knows its address: what it tells search engines and those who share its pages."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from plugindoc.commands.main import plugindoc
from plugindoc.sphinx import publishing
from tests.plugindoc.sphinx.conftest import MakeSite
from tests.plugindoc.sphinx.installers import write_installer

ADDRESS = "https://docs.example.org/cloud"
needs_site = pytest.mark.skipif(
    bool(publishing.missing_extensions()), reason="plugindoc[site] is not installed"
)


def build(folder: Path, *arguments: str) -> str:
    command = [Path(sys.executable).parent / "plugindoc", "build", folder / "installer"]
    done = subprocess.run(
        [*command, "-o", folder / "site", "--strict", "--quiet", *arguments],
        check=True,
        capture_output=True,
        text=True,
    )
    assert "" == done.stderr
    return done.stdout


def locations(folder: Path) -> list[str]:
    return re.findall(r"<loc>([^<]*)</loc>", (folder / "site" / "sitemap.xml").read_text())


@needs_site
def test_pages_have_descriptions_canonical_links_and_open_graph(tmp_path: Path) -> None:
    write_installer(tmp_path / "installer")
    assert "" == build(tmp_path, "--base-url", ADDRESS)
    page = (tmp_path / "site" / "plugins" / "compute_300.html").read_text()
    said = "Compute compute_300: Installs the compute service."
    assert f'<link rel="canonical" href="{ADDRESS}/plugins/compute_300.html"' in page
    assert f'<meta property="og:url" content="{ADDRESS}/plugins/compute_300.html" />' in page
    assert f'<meta property="og:description" content="{said}" />' in page
    assert [said] == re.findall(r'<meta name="description" content="([^"]*)"', page)


@needs_site
def test_the_page_for_404_works_at_any_address(tmp_path: Path) -> None:
    write_installer(tmp_path / "installer")
    build(tmp_path, "--base-url", ADDRESS)
    page = (tmp_path / "site" / "404.html").read_text()
    assert 'href="/cloud/plugins/index.html"' in page
    assert 'href="/cloud/_static/plugindoc.css' in page


@needs_site
def test_the_sitemap_lists_all_pages_after_any_build(tmp_path: Path) -> None:
    installer = write_installer(tmp_path / "installer")
    build(tmp_path, "--base-url", f"{ADDRESS}/")
    before = locations(tmp_path)
    assert f"{ADDRESS}/plugins/compute_300.html" in before
    assert f"{ADDRESS}/404.html" not in before
    plugin = installer / "cloud" / "plugins" / "compute_300.py"
    plugin.write_text(plugin.read_text().replace("Installs the", "Sets up the"))
    build(tmp_path, "--base-url", ADDRESS)
    assert before == locations(tmp_path)


def test_without_an_address_there_is_no_sitemap(tmp_path: Path) -> None:
    write_installer(tmp_path / "installer")
    build(tmp_path)
    assert not (tmp_path / "site" / "sitemap.xml").exists()
    assert not (tmp_path / "site" / "404.html").exists()


def test_one_line_says_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(publishing, "EXTENSIONS", {"no_such_module": "sphinx-sitemap"})
    installer = write_installer(tmp_path / "installer")
    command = ["build", str(installer), "-o", str(tmp_path / "out"), "--base-url", ADDRESS]
    done = CliRunner().invoke(plugindoc, command)
    assert 2 == done.exit_code
    expected = "--base-url needs sphinx-sitemap: run `pip install 'plugindoc[site]'`\n"
    assert done.output.endswith(expected)
    assert 1 == len(done.output.splitlines())


@pytest.mark.parametrize(
    "address", ["docs.example.org", "ftp://x.org/", "https://", "https://x/?q"]
)
def test_an_address_that_is_none_is_refused(tmp_path: Path, address: str) -> None:
    installer = write_installer(tmp_path / "installer")
    command = ["build", str(installer), "-o", str(tmp_path / "out"), "--base-url", address]
    done = CliRunner().invoke(plugindoc, command)
    assert 2 == done.exit_code
    assert "--base-url is no URL of a site" in done.output


def test_every_plugins_page_has_a_description(make_site: MakeSite) -> None:
    out = make_site().build()
    page = (out / "plugins" / "compute_300.html").read_text()
    assert '<meta name="description" content="Compute compute_300: Installs the' in page
