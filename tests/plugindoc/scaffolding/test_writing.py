"""A scaffold is written whole or not at all, and never over anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.model.project import SCHEMA_VERSION, Project
from plugindoc.scaffolding.layout import Layout, find_layout
from plugindoc.scaffolding.names import Names
from plugindoc.scaffolding.writing import ScaffoldError, render, write
from plugindoc.settings import ScaffoldSettings

MOTD = Names("motd", 710, "Message of the day")


@pytest.fixture
def layout(tmp_path: Path) -> Layout:
    (tmp_path / "pack" / "plugins").mkdir(parents=True)
    (tmp_path / "pack" / "__init__.py").touch()
    (tmp_path / "pyproject.toml").touch()
    project = Project(
        schema_version=SCHEMA_VERSION,
        name="pack",
        root=str(tmp_path / "pack"),
        sources=("plugins",),
    )
    return find_layout(project, ScaffoldSettings(), None, "puppet/templates")


def written(folder: Path) -> list[str]:
    return sorted(str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file())


def test_files_go_where_the_protocol_has_them(layout: Layout, tmp_path: Path) -> None:
    write(tmp_path, render(layout, MOTD))
    assert [
        "pack/__init__.py",
        "pack/plugins/motd_710.py",
        "pack/puppet/modules/packstack/manifests/motd.pp",
        "pack/puppet/templates/motd.pp",
        "pyproject.toml",
        "tests/test_motd_710.py",
    ] == written(tmp_path)


def test_docs_that_use_plugindoc_get_a_page(tmp_path: Path, layout: Layout) -> None:
    (tmp_path / "docs").mkdir()
    (tmp_path / "docs" / "conf.py").write_text('extensions = ["plugindoc"]\n')
    project = Project(
        schema_version=1, name="pack", root=str(layout.installer), sources=("plugins",)
    )
    found = find_layout(project, ScaffoldSettings(), None, "puppet/templates")
    assert tmp_path / "docs" / "guides" / "motd.md" in render(found, MOTD)


def test_settings_say_where_tests_and_pages_go(tmp_path: Path, layout: Layout) -> None:
    project = Project(
        schema_version=1, name="pack", root=str(layout.installer), sources=("plugins",)
    )
    found = find_layout(
        project, ScaffoldSettings(tests="t", docs="d"), tmp_path, "puppet/templates"
    )
    assert {tmp_path / "t" / "test_motd_710.py", tmp_path / "d" / "motd.md"} < set(
        render(found, MOTD)
    )


def test_a_project_overrides_a_template_and_leaves_another_out(
    layout: Layout, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "manifest.pp.j2").write_text("include ours::{{ names.name }}\n")
    (own / "test.py.j2").write_text("{# no test #}\n")
    texts = render(layout, MOTD, own)
    assert "include ours::motd\n" == texts[layout.manifests / "motd.pp"]
    assert layout.tests / "test_motd_710.py" not in texts
    assert layout.plugins / "motd_710.py" in texts


@pytest.mark.parametrize(
    ("template", "complaint"),
    [
        ("{{ nmaes.name }}", r"manifest.pp.j2: 'nmaes' is undefined"),
        ("a\n{% if %}", r"manifest.pp.j2:2: Expected an expression"),
        ("{{ ''.__class__.__mro__ }}", r"manifest.pp.j2: access to attribute"),
    ],
)
def test_a_template_that_fails_is_named(
    template: str, complaint: str, layout: Layout, tmp_path: Path
) -> None:
    (tmp_path / "manifest.pp.j2").write_text(template)
    with pytest.raises(ScaffoldError, match=complaint):
        render(layout, MOTD, tmp_path)


def test_a_folder_of_templates_has_to_be_there(layout: Layout, tmp_path: Path) -> None:
    with pytest.raises(ScaffoldError, match="gone: No such file or directory"):
        render(layout, MOTD, tmp_path / "gone")


@pytest.mark.parametrize("existing", ["plugins/motd_710.py", "puppet/templates/motd.pp"])
def test_nothing_is_written_where_one_file_exists(
    existing: str, layout: Layout, tmp_path: Path
) -> None:
    mine = layout.installer / existing
    mine.parent.mkdir(parents=True, exist_ok=True)
    mine.write_text("mine")
    before = written(tmp_path)
    with pytest.raises(ScaffoldError, match="exists already; nothing was written"):
        write(tmp_path, render(layout, MOTD))
    assert before == written(tmp_path)
    assert "mine" == mine.read_text()


def test_a_failure_half_way_leaves_nothing_behind(layout: Layout, tmp_path: Path) -> None:
    (tmp_path / "tests").write_text("a file where a folder should be")
    before = sorted(tmp_path.rglob("*"))
    with pytest.raises(ScaffoldError, match="nothing was written"):
        write(tmp_path, render(layout, MOTD))
    assert before == sorted(tmp_path.rglob("*"))


def test_a_link_that_leads_out_is_refused(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    inside = tmp_path / "inside"
    outside.mkdir()
    inside.mkdir()
    (inside / "plugins").symlink_to(outside)
    with pytest.raises(ScaffoldError, match="would lie outside"):
        write(inside, {inside / "plugins" / "x.py": "x"})
    assert [] == list(outside.iterdir())
