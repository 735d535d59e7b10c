"""A whole site for an installer that has no ``conf.py``: its configuration and first page."""

from __future__ import annotations

import re
from functools import partial
from importlib.metadata import entry_points
from pathlib import Path
from typing import Final

import msgspec
import sphinx

from plugindoc.rendering.skeletons import fill
from plugindoc.sphinx.languages import label
from plugindoc.sphinx.publishing import address_settings
from plugindoc.written import foreign, update

__all__ = ["Site", "installed_themes", "site_name"]

_LIST: Final = ".plugindoc-site"
_FILES: Final = ("conf.py", "index.md")
_OUTSIDE_NAME: Final = re.compile(r"[^A-Za-z0-9_.-]+")
_MARKUP: Final = re.compile(r"([^A-Za-z0-9 ])")
_EXTENSIONS: Final = (
    "plugindoc",
    "plugindoc.sphinx.garbage_collection",
    "plugindoc.sphinx.progress",
    "sphinx_copybutton",
    "sphinx.ext.githubpages",
)
_ANY_LETTER: Final = r"\makeatletter\def\UTFviii@undefined@err#1{[?]}\makeatother"
"""Prints a mark for letters that TeX's fonts lack; otherwise it would stop."""
_THEME: Final = {
    "light_css_variables": {
        "color-brand-primary": "#0f5c6e",
        "color-brand-content": "#0b6478",
        "color-background-secondary": "#f6f8f8",
    },
    "dark_css_variables": {
        "color-brand-primary": "#6cc5d9",
        "color-brand-content": "#6cc5d9",
    },
}


def _whole(base: str) -> str:
    """Return a base as it can be named from another folder; a package by its name."""
    return str(Path(base).resolve()) if Path(base).exists() else base


def site_name(path: Path) -> str:
    """Return a name for a source that lies at a path."""
    return _OUTSIDE_NAME.sub("-", path.resolve().name).strip("-.") or "installer"


def installed_themes() -> list[str]:
    """Return the names of the themes that Sphinx can use here."""
    builtin = (path.parent.name for path in Path(sphinx.__path__[0], "themes").glob("*/theme.*"))
    return sorted({*builtin, *entry_points(group="sphinx.html_themes").names})


class Site(msgspec.Struct, frozen=True, kw_only=True):
    """What `plugindoc build` makes a site of.

    The site's own source and Sphinx's environment lie in hidden folders of `output`, as Sphinx
    itself keeps its environment, so that a second build reads only what changed.
    """

    path: Path
    bases: tuple[str, ...]
    output: Path
    name: str
    title: str = ""
    theme: str = "furo"
    source_url: str = ""
    source_revision: str = "main"
    tags: str = ""
    releases: str = ""
    puppet_modules: str = ""
    base_url: str = ""
    language: str = "en"

    @property
    def source(self) -> Path:
        """The folder of the site's configuration and pages."""
        return self.output / ".plugindoc"

    @property
    def environment(self) -> Path:
        """The folder of Sphinx's environment."""
        return self.output / ".doctrees"

    @property
    def unfinished(self) -> Path:
        """The file that is there while the site is built, and after a build that failed."""
        return self.source / ".unfinished"

    @property
    def is_foreign(self) -> bool:
        """Return whether `output` holds files that plugindoc did not write, and would replace."""
        if not self.source.is_dir():
            return self.output.is_dir() and any(self.output.iterdir())
        return bool(foreign(self.source, _FILES, _LIST))

    def write(self) -> None:
        """Write the site's configuration and first page, unless they are there already."""
        title = _MARKUP.sub(r"\\\1", self.title or f"{self.name} plugins")
        index = fill("site.md.jinja", {"title": title}, partial(label, language=self.language))
        self.source.mkdir(parents=True, exist_ok=True)
        update(self.source, {"conf.py": self._configuration(), "index.md": index}, _LIST)

    def _configuration(self) -> str:
        values: dict[str, object] = {
            "project": self.title or self.name,
            "html_title": self.title or f"{self.name} plugins",
            "extensions": list(_EXTENSIONS),
            "language": self.language,
            "exclude_patterns": [],
            "plugindoc_sources": {self.name: str(self.path.resolve())},
            "plugindoc_bases": [_whole(base) for base in self.bases],
            "plugindoc_walkthroughs": "walkthroughs",
            "plugindoc_source_url": self.source_url,
            "plugindoc_source_revision": self.source_revision,
            "plugindoc_history_tags": self.tags,
            "plugindoc_history_releases": self.releases,
            "plugindoc_puppet_modules": self.puppet_modules,
            "html_theme": self.theme,
            "html_copy_source": False,
            "html_show_sphinx": False,
            "html_show_copyright": False,
            "latex_elements": {"preamble": _ANY_LETTER},
            "copybutton_prompt_text": "$ ",
        }
        if self.base_url:
            values["extensions"] = [*_EXTENSIONS, "plugindoc.sphinx.publishing"]
            values |= address_settings(self.base_url)
        if self.theme == "furo":
            values["html_theme_options"] = _THEME
        lines = [f"{name} = {value!r}" for name, value in values.items()]
        return "\n".join(('"""Written by plugindoc."""', "", *lines, ""))
