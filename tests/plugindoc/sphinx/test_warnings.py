"""Warnings: each at the place that is to be mended, and with a type that a site can suppress."""

from __future__ import annotations

from typing import get_args

import msgspec
import pytest

import plugindoc.loading
from plugindoc.model.locations import Location
from plugindoc.model.project import Problem, ProblemKind, Project
from tests.plugindoc.sphinx.conftest import MakeSite, Site
from tests.plugindoc.sphinx.installers import CLOUD

KINDS = get_args(ProblemKind)


@pytest.fixture
def problems(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let every source have one problem of each kind, at line 7 of a plugin."""
    load = plugindoc.loading.load

    def load_with_problems(*args: object, **kwargs: object) -> Project:
        place = Location("plugins/compute_300.py", 7)
        found = tuple(Problem(kind, f"has a problem: {kind}", place) for kind in KINDS)
        return msgspec.structs.replace(load(*args, **kwargs), problems=found)  # type: ignore[arg-type] # handed on as they came

    monkeypatch.setattr(plugindoc.loading, "load", load_with_problems)


@pytest.mark.usefixtures("problems")
def test_every_kind_of_problem_warns_at_the_plugins_own_line(make_site: MakeSite) -> None:
    site = make_site(plugindoc_sources={"cloud": "../installer/cloud/plugins"})
    site.build("dummy")
    plugin = site.installer / "cloud" / "plugins" / "compute_300.py"
    said = [f"{plugin}:7: WARNING: has a problem: {kind} [plugindoc.{kind}]" for kind in KINDS]
    assert said == site.warnings.splitlines()


@pytest.mark.usefixtures("problems")
def test_every_kind_of_problem_is_suppressed_by_its_type(make_site: MakeSite) -> None:
    kept = "limit"
    others = [f"plugindoc.{kind}" for kind in KINDS if kind != kept]
    site = make_site(suppress_warnings=others)
    site.build("dummy")
    assert site.warnings.endswith(f"has a problem: {kept} [plugindoc.{kept}]\n")
    assert 1 == site.warnings.count("WARNING")


def not_found(make_site: MakeSite) -> Site:
    return make_site("# Cloud\n\n```{plugin:auto} CONFIG_NO_SUCH\n```\n")


def answers(make_site: MakeSite) -> Site:
    return make_site("# Cloud\n\n```{plugin:answers}\nCONFIG_NO_SUCH=y\n```\n")


def duplicate(make_site: MakeSite) -> Site:
    card = "```{plugin:auto} CONFIG_COMPUTE_PW\n```\n"
    site = make_site(f"# Cloud\n\n{card}", plugindoc_pages="")
    (site.source / "other.md").write_text(f"---\norphan: true\n---\n# Other\n\n{card}")
    return site


def anchors(make_site: MakeSite) -> Site:
    return make_site(plugindoc_anchors="anchors.txt")


def unknown_reference(make_site: MakeSite) -> Site:
    return make_site("# Cloud\n\n{plugin:option}`CONFIG_NO_SUCH`\n")


def broken(make_site: MakeSite) -> Site:
    return make_site(files={**CLOUD, "cloud/plugins/broken_400.py": "def initConfig(:\n"})


@pytest.mark.parametrize(
    ("cause", "named"),
    [
        (not_found, "plugindoc.not-found"),
        (answers, "plugindoc.answers"),
        (duplicate, "plugindoc.duplicate"),
        (anchors, "plugindoc.anchors"),
        (unknown_reference, "ref.plugin.option"),
        (broken, "plugindoc.parse-error"),
    ],
)
def test_a_warning_is_suppressed_by_its_type(
    make_site: MakeSite, cause: type[Site], named: str
) -> None:
    site = cause(make_site)
    site.build("dummy")
    assert f"[{named}]" in site.warnings
    (site.folder / "doctrees").rename(site.folder / "old")
    site.build("dummy", suppress_warnings=[named])
    assert "" == site.warnings
