"""Where the files of a new plugin go, based on where the installer keeps the existing ones."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import msgspec

from plugindoc.model.project import Project, TemplateKind
from plugindoc.opening import read_file
from plugindoc.scaffolding.names import Names
from plugindoc.settings import ScaffoldSettings

__all__ = ["Layout", "find_layout"]

_PROJECT_MARKS: Final = ("pyproject.toml", "setup.py", "setup.cfg", ".git")
_DOCS_FOLDERS: Final = ("docs", "doc", "docs/source", "doc/source")
_PAGES: Final = "guides"
_HELPER: Final = re.compile(r"^def getManifestTemplate\(", re.MULTILINE)
_ANNOTATED: Final = re.compile(r"^def initConfig\(\w+: \w+\)", re.MULTILINE)


class Layout(msgspec.Struct, frozen=True):
    """The folders of an installer, all absolute, and what its plugins look like.

    `base` is the project's folder: nothing is written outside. `docs` is None if no Sphinx
    configuration uses plugindoc. `package` is the installer's import name, `helpers` the module
    with its manifest functions, `namespace` its Puppet module. `annotated` is true if its plugins
    have type annotations.
    """

    base: Path
    installer: Path
    plugins: Path
    manifests: Path
    classes: Path
    tests: Path
    docs: Path | None
    package: str
    helpers: str
    namespace: str
    annotated: bool

    def targets(self, names: Names) -> dict[str, Path]:
        """Return the file that each template of a scaffold becomes, by the template's name."""
        found = {
            "plugin.py": self.plugins / f"{names.module}.py",
            "manifest.pp": self.manifests / f"{names.name}.pp",
            "class.pp": self.classes / f"{names.name}.pp",
            "test.py": self.tests / f"test_{names.module}.py",
        }
        if self.docs is not None:
            found["page.md"] = self.docs / f"{names.name}.md"
        return found


def find_layout(
    project: Project, settings: ScaffoldSettings, folder: Path | None, templates: str
) -> Layout:
    """Return the layout of a loaded project.

    `folder` is that of the settings' file, which their paths are relative to; None if there is
    no such file. `templates` is where the protocol has manifests, for an installer without any.
    """
    installer = Path(project.root).resolve()
    plugins = installer / (project.sources[0] if project.sources else ".")
    base = (folder or _base(installer)).resolve()
    namespace, classes = _classes(project)
    package = _package(plugins)
    return Layout(
        base=base,
        installer=installer,
        plugins=plugins,
        manifests=installer / _manifests(project)
        if _manifests(project)
        else plugins.parent / templates,
        classes=installer / classes
        if classes
        else plugins.parent / "puppet" / "modules" / namespace / "manifests",
        tests=base / (settings.tests or "tests"),
        docs=base / settings.docs if settings.docs else _docs(base),
        package=package,
        helpers=_helpers(plugins.parent, package),
        namespace=namespace,
        annotated=_annotated(installer, project),
    )


def _base(installer: Path) -> Path:
    """Return the nearest folder that is marked as a project's, else the installer's own."""
    for folder in (installer, *installer.parents):
        if any((folder / mark).exists() for mark in _PROJECT_MARKS):
            return folder
    return installer


def _manifests(project: Project) -> str:
    return _most_common(_parent(path) for path, _ in _templates(project, "manifest"))


def _classes(project: Project) -> tuple[str, str]:
    """Return the name of the installer's Puppet module and its ``manifests`` folder."""
    places = []
    for path, class_name in _templates(project, "class"):
        module, *rest = class_name.split("::")
        places.append((module, "/".join(path.split("/")[: -max(len(rest), 1)])))
    return Counter(places).most_common(1)[0][0] if places else ("packstack", "")


def _templates(project: Project, kind: TemplateKind) -> Iterable[tuple[str, str]]:
    return ((t.location.path, t.class_name) for t in project.templates if t.type == kind)


def _parent(path: str) -> str:
    return path.rpartition("/")[0]


def _most_common(folders: Iterable[str]) -> str:
    counted = Counter(folders).most_common(1)
    return counted[0][0] if counted else ""


def _package(plugins: Path) -> str:
    """Return the dotted name of the package that holds the plugins' package."""
    parts: list[str] = []
    folder = plugins.parent
    while (folder / "__init__.py").is_file():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts) or plugins.parent.name


def _helpers(package_folder: Path, package: str) -> str:
    """Return the module that defines the manifest functions; upstream's name if none does."""
    for path in sorted((package_folder / "modules").glob("*.py")):
        if _HELPER.search(_text(path)):
            return f"{package}.modules.{path.stem}"
    return f"{package}.modules.ospluginutils"


def _annotated(installer: Path, project: Project) -> bool:
    paths = {plugin.location.path for plugin in project.plugins}
    return any(_ANNOTATED.search(_text(installer / path)) for path in sorted(paths))


def _docs(base: Path) -> Path | None:
    for name in _DOCS_FOLDERS:
        if "plugindoc" in _text(base / name / "conf.py"):
            return base / name / _PAGES
    return None


def _text(path: Path) -> str:
    try:
        return read_file(path).decode(errors="replace")
    except OSError:
        return ""
