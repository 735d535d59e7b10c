"""Settings: found above the checked path, validated, and explained when wrong."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugindoc.settings import Found, Settings, SettingsError, find


def test_without_a_file_there_are_defaults(tmp_path: Path) -> None:
    assert Found(Settings()) == find(tmp_path)


def test_the_nearest_file_with_the_table_counts(tmp_path: Path) -> None:
    inner = tmp_path / "packages" / "installer"
    inner.mkdir(parents=True)
    (inner / "pyproject.toml").write_text('[project]\nname = "installer"\n')
    (tmp_path / "pyproject.toml").write_text('[tool.plugindoc.check]\nfail-on = "warning"\n')
    found = find(inner / "plugins")
    assert tmp_path == found.folder
    assert "warning" == found.settings.check.fail_on


def test_every_key_of_the_check_is_read(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text(
        """
        [tool.plugindoc]
        docs-url = "https://docs.example.org/"

        [tool.plugindoc.check]
        select = ["PD1"]
        extend-select = ["opaque-condition"]
        ignore = ["PD108"]
        fail-on = "never"
        baseline = "plugindoc-baseline.json"

        [tool.plugindoc.check.per-path-ignores]
        "plugins/legacy_*.py" = ["PD2"]
        """
    )
    settings = find(tmp_path).settings
    assert "https://docs.example.org/" == settings.docs_url
    assert ("PD1",) == settings.check.select
    assert ("opaque-condition",) == settings.check.extend_select
    assert ("PD108",) == settings.check.ignore
    assert "plugindoc-baseline.json" == settings.check.baseline
    assert {"plugins/legacy_*.py": ("PD2",)} == settings.check.per_path_ignores


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("[tool.plugindoc]\nchek = {}", "tool.plugindoc.chek is no setting; did you mean check?"),
        (
            "[tool.plugindoc.check]\nselct = []",
            "tool.plugindoc.check.selct is no setting; did you mean select?",
        ),
        ("[tool.plugindoc]\nxyzzy = 1", "tool.plugindoc.xyzzy is no setting"),
        (
            "[tool.plugindoc.check]\nselect = [1]",
            "tool.plugindoc.check.select[0]: expected `str`, got `int`",
        ),
        (
            '[tool.plugindoc.check]\nfail-on = "often"',
            "tool.plugindoc.check.fail-on: invalid enum value 'often'",
        ),
        ("[tool]\nplugindoc = 1", "tool.plugindoc is no table"),
        ("[tool.plugindoc", "Expected ']'"),
    ],
)
def test_a_wrong_setting_is_named_with_file_and_key(
    text: str, complaint: str, tmp_path: Path
) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_text(text)
    with pytest.raises(SettingsError) as error:
        find(tmp_path)
    assert str(error.value).startswith(f"{file}: ")
    assert complaint in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_utf_8_is_named(tmp_path: Path) -> None:
    file = tmp_path / "pyproject.toml"
    file.write_bytes(b"\xff")
    with pytest.raises(SettingsError, match=r"pyproject\.toml: 'utf-8' codec"):
        find(tmp_path)
