"""Generated pages: written when they changed, read again when what they show changed."""

from __future__ import annotations

import os
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from sphinx.errors import ConfigError
from sphinx.util import logging

from plugindoc import written
from plugindoc.reading.discovery import NoPluginsError, discover
from plugindoc.sphinx.domain import PluginDomain
from plugindoc.sphinx.languages import label
from plugindoc.sphinx.sources import Sources, fingerprint

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sphinx.application import Sphinx

    from plugindoc.protocol import Protocol

__all__ = ["prepare"]

logger = logging.getLogger(__name__)

_READ: Final = (".py", ".pp", ".erb", ".epp", ".yaml", ".yml", ".rb", ".rst")
"""Ends of the files that a source is read from, beside all in folders called ``templates``: what
a build writes below a source is none of them, so that it does not make the next one start anew."""
_PASSED_OVER: Final = frozenset({"__pycache__", "build", "dist", "node_modules", "site-packages"})


def prepare(app: Sphinx) -> None:
    """Read the sources that changed since the last build, and write their pages."""
    domain = cast("PluginDomain", app.env.domains["plugin"])
    domain.sources = sources = Sources(app.config, Path(app.confdir))
    domain.menus = {}
    domain.twins = {}
    domain.outside_menus = None
    domain.moved = None
    if not sources.names:
        return
    templates = _templates(app)
    state = domain.data["state"]
    marks = {name: _fingerprint(sources, name, templates) for name in sources.names}
    marks[""] = str(app.config.language)
    pages = state.get("pages", ())
    if state.get("marks") == marks and all(_is_there(app, page) for page in pages):
        sources.generated = frozenset(pages)
        return
    sources.generated = frozenset(_write(app, sources, templates))
    for page in sorted({*pages} - sources.generated):
        if not _is_there(app, page):
            _remove_output(app, page)
    domain.data["state"] = {"marks": marks, "pages": sorted(sources.generated)}


def _remove_output(app: Sphinx, document: str) -> None:
    """Remove what an earlier build made of a page that is gone, which Sphinx itself leaves."""
    builder = app.builder
    if hasattr(builder, "get_outfilename"):  # builders of HTML have a layout of their own
        file = Path(builder.get_outfilename(document))
        copied = f"{document}.md{app.config.html_sourcelink_suffix}"
        Path(builder.outdir, "_sources", copied).unlink(missing_ok=True)
    elif suffix := getattr(builder, "out_suffix", ""):
        file = Path(builder.outdir, f"{document}{suffix}")
    else:
        return
    file.unlink(missing_ok=True)


def _templates(app: Sphinx) -> Path | None:
    if not app.config.plugindoc_templates:
        return None
    folder = Path(app.confdir, app.config.plugindoc_templates)
    if not folder.is_dir():
        message = f"plugindoc_templates: {folder} is no folder"
        raise ConfigError(message)
    return folder


def _fingerprint(sources: Sources, name: str, templates: Path | None) -> str:
    protocol = sources.protocol(name)
    files = _files_of(sources.paths[name], protocol)
    for base in map(Path, sources.bases(name)):
        files.update({base} if base.is_file() else _files_of(base, protocol))
    if templates is not None:
        files.update(file for file in templates.rglob("*") if file.is_file())
    outside = (sources.releases(name), sources.manifests(name), sources.arrangement(name))
    return fingerprint(files, version("plugindoc"), sources.layout(name), protocol, *outside)


def _files_of(path: Path, protocol: Protocol) -> set[Path]:
    """Return the files that a source may be read from, also if only its plugins are named."""
    try:
        found = discover(path, protocol)
    except NoPluginsError:  # reported when the source is read
        return set()
    folders = {path, *((found.root / folder).parent for folder in found.folders)}
    files = {file for folder in folders for file in _files_in(folder)}
    for pattern in protocol.usage.documents:
        files.update(found.root.glob(pattern))
    return files


def _files_in(folder: Path) -> Iterable[Path]:
    waiting = [str(folder)]
    while waiting:
        top = waiting.pop()
        is_templates = top.endswith("/templates")
        with os.scandir(top) as entries:
            for entry in entries:
                name = entry.name
                if entry.is_dir(follow_symlinks=False):
                    if name[0] != "." and name not in _PASSED_OVER:
                        waiting.append(entry.path)
                elif (is_templates or name.endswith(_READ)) and entry.is_file():
                    yield Path(entry.path)


def _is_there(app: Sphinx, document: str) -> bool:
    return Path(app.srcdir, f"{document}.md").is_file()


def _write(app: Sphinx, sources: Sources, templates: Path | None) -> Iterable[str]:
    # A site of which nothing changed shows nothing anew: it does not pay for what shows.
    from plugindoc.rendering import skeletons  # noqa: PLC0415

    say = partial(label, language=app.config.language)
    catalogues = [sources.catalogue(name) for name in sources.names]
    texts: dict[str, dict[str, str]] = {home: {} for home in _homes(sources)}
    try:
        shown = catalogues if texts else ()
        for page in (p for one in shown for p in skeletons.pages(one, templates, say)):
            home = max((home for home in texts if _is_below(page.file, home)), key=len)
            texts[home][page.file.removeprefix(f"{home}/")] = page.text
    except skeletons.TemplateError as error:
        raise ConfigError(str(error)) from error
    _refuse_foreign(app, sources, texts)
    folder = Path(app.srcdir)
    try:
        for old in [*written.lists_below(folder)]:
            if old not in {Path(folder, home) for home in texts}:
                written.remove(old)
        for home, files in texts.items():
            changed = written.update(folder / home, files)
            if changed:
                logger.info(
                    "plugindoc: wrote %d of %d files in %s", changed, len(files), folder / home
                )
    except OSError as error:
        message = f"plugindoc_pages: {error.filename} cannot be written: {error.strerror}"
        raise ConfigError(message) from error
    documents = (f"{home}/{name}".lstrip("/") for home, files in texts.items() for name in files)
    return [name.removesuffix(".md") for name in documents if name.endswith(".md")]


def _homes(sources: Sources) -> dict[str, str]:
    """Return the folders of generated pages, each with the setting that names it."""
    if not sources.generates:
        return {}
    layouts = [sources.layout(name) for name in sources.names]
    walkthroughs = {one.walkthroughs: "plugindoc_walkthroughs" for one in layouts}
    homes = walkthroughs | {one.pages: "plugindoc_pages" for one in layouts}
    return {home: setting for home, setting in homes.items() if home or setting[-5:] == "pages"}


def _is_below(file: str, home: str) -> bool:
    return not home or file.startswith(f"{home}/")


def _refuse_foreign(app: Sphinx, sources: Sources, texts: Mapping[str, Mapping[str, str]]) -> None:
    """Raise ConfigError if pages would go into a folder of plugins, or over files of others."""
    plugins = {folder for name in sources.names for folder in _plugin_folders(sources, name)}
    for home, setting in _homes(sources).items():
        folder = Path(app.srcdir, home)
        advice = f"set {setting} to another folder"
        if folder.resolve() in plugins:
            message = f"{setting}: {folder} holds the plugins themselves: {advice}"
            raise ConfigError(message)
        foreign = written.foreign(folder, texts[home])
        if foreign:
            names = ", ".join(str(folder / name) for name in foreign)
            message = (
                f"{setting}: pages would overwrite {names}, which plugindoc did not write, "
                f"or which was edited since; move or delete that, or {advice}"
            )
            raise ConfigError(message)


def _plugin_folders(sources: Sources, name: str) -> set[Path]:
    found = discover(sources.paths[name], sources.protocol(name))
    return {Path(found.root, folder).resolve() for folder in found.folders}
