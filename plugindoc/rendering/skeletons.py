"""Generated pages: short files of directives and names, written from templates.

A template gets names that are safe in markup (see `names`) and numbers, never a text of a plugin.
A site replaces a template by one of the same name in its own folder.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

import jinja2
import msgspec

from plugindoc.changes.history import gone_options
from plugindoc.model.printing import in_markdown
from plugindoc.rendering.names import file_name, file_path, markup_name

if TYPE_CHECKING:
    from plugindoc.rendering.catalogue import Catalogue

__all__ = ["Page", "TemplateError", "fill", "pages"]

_LONGEST_MENU: Final = 60
"""From more plugins on, the menu leaves them to the index: themes write it into every page."""

_WITH_FOLDERS: Final = frozenset({"changes", "hosts", "templates"})
"""The overviews whose folders hold a page for each of the things that they list."""


class TemplateError(ValueError):
    """A site's own page template that fails; the message names it and says why."""


class Page(msgspec.Struct, frozen=True):
    """A generated file: a document's name and its text, or another file that pages offer."""

    document: str
    text: str
    suffix: str = ".md"

    @property
    def file(self) -> str:
        """The file's path in the site's source."""
        return f"{self.document}{self.suffix}"


class _PluginNames(msgspec.Struct, frozen=True):
    """What a page template may know of one thing: names that are safe in markup."""

    name: str
    file: str


class _GroupNames(msgspec.Struct, frozen=True):
    """What a template may know of a group of plugins; the site's author wrote the title."""

    title: str
    file: str
    plugins: tuple[_PluginNames, ...]


class _ReleaseNames(msgspec.Struct, frozen=True):
    """What a template may know of a release: names that are safe in markup."""

    name: str
    since: str
    file: str


def environment(overrides: Path | None, say: Callable[[str], str] = str) -> jinja2.Environment:
    """Return the environment of page templates; a folder's own ones go before the built-in ones."""
    loaders: list[jinja2.BaseLoader] = [jinja2.PackageLoader("plugindoc.rendering", "pages")]
    if overrides is not None:
        loaders.insert(0, jinja2.FileSystemLoader(overrides))
    env = jinja2.Environment(
        loader=jinja2.ChoiceLoader(loaders),
        autoescape=False,  # noqa: S701 - the output is MyST, and only safe names go into it
        undefined=jinja2.StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.globals["_"] = say
    return env


def pages(
    catalogue: Catalogue, overrides: Path | None = None, say: Callable[[str], str] = str
) -> Iterator[Page]:
    """Yield the pages of a source; `say` translates their labels.

    Raises TemplateError if one of the site's own templates cannot be filled.
    """
    from plugindoc.rendering.answer_files import answer_file  # noqa: PLC0415 - `fill` needs no model

    layout = catalogue.layout
    env = environment(overrides, say)
    plugins = [
        _PluginNames(markup_name(plugin.module), file_name(plugin.module))
        for plugin in catalogue.plugins_listed()
    ]
    groups = list(_groups(catalogue)) if catalogue.arrangement.groups else []
    templates = [
        _PluginNames(markup_name(template.name), catalogue.template_page(template.name))
        for template in catalogue.project.templates
    ]
    roles = [_PluginNames(markup_name(name), file_name(name)) for name in catalogue.role_titles]
    common = {
        "source": catalogue.name,
        "title": in_markdown(catalogue.arrangement.title),
        "order": catalogue.arrangement.order,
        "plugins": plugins,
        "groups": groups,
        "templates": [t.file.rpartition("/")[2] for t in templates],
        "in_menu": len(plugins) <= _LONGEST_MENU,
        "roles": roles,
        "has_facts": bool(catalogue.facts),
        "has_functions": bool(catalogue.project.functions),
        "has_old_names": any(catalogue.old_names(o) for o in catalogue.questions.options),
    }
    releases = [
        _ReleaseNames(markup_name(each.release), markup_name(each.since), file_path(each.release))
        for each in reversed(catalogue.project.history)
    ]
    common["releases"] = releases
    common["has_removed_options"] = bool(
        gone_options(catalogue.project.history, catalogue.live_names)
    )
    for release in releases:
        text = _fill(env, "release.md.jinja", {**common, "release": release})
        yield Page(layout.page(f"changes/{release.file}"), text)
    for name in _overviews(common):
        target = f"{name}/index" if name in _WITH_FOLDERS else name
        yield Page(layout.page(target), _fill(env, f"{name}.md.jinja", common))
    yield Page(layout.page("answers"), answer_file(catalogue), ".txt")
    for plugin in plugins:
        text = _fill(env, "plugin.md.jinja", {**common, "plugin": plugin})
        yield Page(layout.page(plugin.file), text)
        if layout.walkthroughs:
            text = _fill(env, "walkthrough.md.jinja", {**common, "plugin": plugin})
            yield Page(f"{layout.walkthroughs}/{plugin.file}", text)
    for group in groups:
        text = _fill(env, "group.md.jinja", {**common, "group": group})
        yield Page(layout.page(f"groups/{group.file}"), text)
    for role in roles:
        text = _fill(env, "host.md.jinja", {**common, "role": role})
        yield Page(layout.page(f"hosts/{role.file}"), text)
    if layout.walkthroughs:
        text = _fill(env, "walkthroughs.md.jinja", common)
        yield Page(f"{layout.walkthroughs}/index", text)
    for template in templates:
        yield Page(template.file, _fill(env, "template.md.jinja", {**common, "template": template}))


def _groups(catalogue: Catalogue) -> Iterator[_GroupNames]:
    for group in catalogue.groups:
        names = tuple(_PluginNames(markup_name(one), file_name(one)) for one in group.modules)
        yield _GroupNames(in_markdown(group.title), group.file, names)


def fill(name: str, values: dict[str, object], say: Callable[[str], str]) -> str:
    """Return one of the built-in templates filled with values that are safe in markup."""
    return _fill(environment(None, say), name, values)


def _overviews(common: dict[str, object]) -> Iterator[str]:
    yield from ("index", "options", "run-order")
    if common["roles"]:
        yield "hosts"
    if common["templates"]:
        yield "templates"
    if common["releases"]:
        yield "changes"
    for name, flag in (
        ("facts", "has_facts"),
        ("functions", "has_functions"),
        ("deprecated-names", "has_old_names"),
        ("removed-options", "has_removed_options"),
    ):
        if common[flag]:
            yield name
    yield "answer-file"


def _fill(env: jinja2.Environment, name: str, values: dict[str, object]) -> str:
    try:
        return env.get_template(name).render(values)
    except jinja2.TemplateError as error:
        line = getattr(error, "lineno", None)
        place = f"{name}:{line}" if line else name
        message = f"page template {place}: {error}"
        raise TemplateError(message) from error
