"""The places of everything of a source in a site: names, pages, anchors, lines of source."""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import cached_property
from pathlib import Path, PurePosixPath
from typing import Final

import msgspec

from plugindoc.model.anchors import Thing, anchor, fact_anchor, identity
from plugindoc.model.class_uses import ClassUses
from plugindoc.model.hosts import HostRole, host_roles, role_title, spellings
from plugindoc.model.locations import Location
from plugindoc.model.project import Option, Plugin, Project
from plugindoc.model.questions import Doubt, Fact, Place, Questions
from plugindoc.model.values import known_text, members
from plugindoc.opening import read_file
from plugindoc.rendering.arranging import PluginGroup, grouped, own_title, without
from plugindoc.rendering.blocks import Kind, SourceLink, ThingLink
from plugindoc.rendering.layout import ADDRESS, NOT_ARRANGED, Arrangement, Layout, address
from plugindoc.rendering.names import file_name, is_alias, markup_name, numbered
from plugindoc.rendering.texts import printable

__all__ = ["ADDRESS", "Catalogue", "Found", "Layout", "address"]

_KINDS: Final[tuple[Kind, ...]] = (
    "option",
    "module",
    "group",
    "sequence",
    "step",
    "template",
    "function",
    "fact",
)
"""In the order in which a name is searched if its kind is not given."""

_ENOUGH_LIKE: Final = 0.6


class Found(msgspec.Struct, frozen=True):
    """What a name refers to: a thing of the model, or the key of a fact."""

    kind: Kind
    name: str
    thing: Thing | None = None


class Catalogue:
    """One source of a site, with everything that its pages often need.

    `prefix` precedes its names in the site; "" for the default source.
    """

    def __init__(
        self,
        name: str,
        project: Project,
        layout: Layout,
        prefix: str = "",
        arrangement: Arrangement = NOT_ARRANGED,
    ) -> None:
        self.name = name
        self.title = arrangement.title or name
        self.arrangement = arrangement
        self.project = without(project, arrangement.exclude)
        self._whole = project
        self.layout = layout
        self.prefix = prefix
        self.questions = Questions(self.project)
        self._lines: dict[str, list[str] | None] = {}

    @cached_property
    def live_names(self) -> frozenset[str]:
        """The names that refer to an option, old names among them."""
        asked = self._all_questions
        return frozenset((*(o.name for o in asked.options), *asked.deprecated_names))

    @cached_property
    def _all_questions(self) -> Questions:
        """Questions that know the plugins too that the site leaves out."""
        return self.questions if self.project is self._whole else Questions(self._whole)

    @cached_property
    def plugin_titles(self) -> dict[str, str]:
        """The titles of the plugins, by module, in load order."""
        given = self.arrangement.titles
        return {
            plugin.module: printable(given.get(plugin.module) or own_title(plugin))
            for plugin in self.project.plugins
        }

    @cached_property
    def groups(self) -> tuple[PluginGroup, ...]:
        """The plugins in the order and the groups in which menu and index list them."""
        return grouped(self.arrangement, self.plugin_titles)

    def plugins_listed(self, group: str = "") -> Iterator[Plugin]:
        """Yield the plugins as the index lists them; those of one group by its file's name."""
        by_name = {plugin.module: plugin for plugin in self.project.plugins}
        for one in self.groups:
            if group in {"", one.file}:
                yield from (by_name[module] for module in one.modules)

    @cached_property
    def roles(self) -> dict[str, HostRole]:
        """The roles of hosts, by the option that names them or the expression that does."""
        return {role.name: role for role in host_roles(self.questions)}

    @cached_property
    def class_uses(self) -> ClassUses:
        """The uses of Puppet classes."""
        return ClassUses(self.questions)

    @cached_property
    def role_titles(self) -> dict[str, str]:
        """The titles of the roles that options name, by option: those that have a page."""
        spelled = spellings(self.questions.options)
        roles = (role for role in self.roles.values() if role.option is not None)
        return {
            role.name: printable(role_title(role.option, spelled))
            for role in roles
            if role.option is not None
        }

    # Names

    def full_name(self, name: str) -> str:
        """Return a name as the whole site knows it."""
        return f"{self.prefix}:{name}" if self.prefix else name

    @cached_property
    def things(self) -> dict[Kind, dict[str, list[Thing]]]:
        """Everything that has a card, by kind and identity, in source order."""
        asked = self.questions
        listed: dict[Kind, Iterable[Thing]] = {
            "module": self.project.plugins,
            "group": asked.groups,
            "option": asked.options,
            "sequence": asked.run_order,
            "step": asked.steps,
            "template": self.project.templates,
            "function": self.project.functions,
        }
        found: dict[Kind, dict[str, list[Thing]]] = {}
        for kind, things in listed.items():
            by_name = found.setdefault(kind, defaultdict(list))
            for thing in things:
                by_name[identity(thing)].append(thing)
        return found

    @cached_property
    def facts(self) -> dict[str, Fact]:
        """The keys that are set somewhere and are no options, by name."""
        return {fact.key: fact for fact in sorted(self.questions.facts, key=lambda f: f.key)}

    @cached_property
    def _aliases(self) -> dict[tuple[Kind, str], str]:
        named = [(kind, name) for kind, by_name in self.things.items() for name in by_name]
        named += [("fact", key) for key in self.facts]
        return {
            (kind, markup_name(name)): name for kind, name in named if is_alias(markup_name(name))
        }

    def find(self, name: str, kind: Kind | None = None) -> tuple[Found, ...]:
        """Return all declarations of what a name refers to; old names refer to the new option."""
        for tried in (kind,) if kind else _KINDS:
            asked = self._aliases.get((tried, name), name)
            if tried == "fact":
                if asked in self.facts:
                    return (Found("fact", asked),)
            elif things := self.things[tried].get(asked):
                return tuple(Found(tried, asked, thing) for thing in things)
            elif tried == "option" and (option := self.questions.deprecated_names.get(asked)):
                return (Found("option", option.name, option),)
        return ()

    def nearest(self, name: str, kind: Kind | None = None) -> str:
        """Return the name most like one that is not found, "" if none is like it."""
        names = [known for tried in ((kind,) if kind else _KINDS) for known in self.names(tried)]
        close = difflib.get_close_matches(name, names, n=1, cutoff=_ENOUGH_LIKE)
        return close[0] if close else ""

    def names(self, kind: Kind) -> Iterator[str]:
        """Yield the names of a kind, old names of options too."""
        if kind == "fact":
            yield from self.facts
            return
        yield from self.things[kind]
        if kind == "option":
            yield from self.questions.deprecated_names

    # Places in the site

    @cached_property
    def _anchors(self) -> dict[int, str]:
        things = [
            thing for by_name in self.things.values() for same in by_name.values() for thing in same
        ]
        names = numbered(anchor(thing) for thing in things)
        return {id(thing): name for thing, name in zip(things, names, strict=True)}

    def anchor(self, thing: Thing) -> str:
        """Return a thing's own anchor, numbered if others of its name come first."""
        return self._anchors[id(thing)]

    def fact_anchor(self, key: str) -> str:
        """Return a fact's anchor."""
        return fact_anchor(key)

    def unique_name(self, thing: Thing) -> str:
        """Return the site's name of one declaration: later ones of the same name are numbered."""
        name = self.full_name(identity(thing))
        number = self._numbers.get(id(thing), 1)
        return name if number == 1 else f"{name}-{number}"

    @cached_property
    def _numbers(self) -> dict[int, int]:
        return {
            id(thing): number
            for by_name in self.things.values()
            for same in by_name.values()
            for number, thing in enumerate(same, 1)
        }

    @cached_property
    def _template_files(self) -> dict[str, str]:
        names = [template.name for template in self.project.templates]
        files = numbered(anchor(template) for template in self.project.templates)
        return {
            name: file_name(file.removeprefix("template-"))
            for name, file in zip(names, files, strict=True)
        }

    def plugin_page(self, module: str) -> str:
        """Return the document that holds a plugin's card, groups, options and steps."""
        return self.layout.page(file_name(module))

    def template_page(self, name: str) -> str:
        """Return the document of a template."""
        return self.layout.page(f"templates/{self._template_files[name]}")

    def role_page(self, name: str) -> str:
        """Return the document of a role of hosts, by its option."""
        return self.layout.page(f"hosts/{file_name(name)}")

    def walkthrough_page(self, module: str) -> str:
        """Return the document of a plugin's walkthrough, "" if the site has none."""
        folder = self.layout.walkthroughs
        return f"{folder}/{file_name(module)}" if folder else ""

    def page_of(self, found: Found) -> str:
        """Return the document with the card of a thing."""
        match found:
            case Found(kind="fact"):
                return self.layout.page("facts")
            case Found(kind="function"):
                return self.layout.page("functions")
            case Found(kind="template", name=name):
                return self.template_page(name)
            case Found(kind="module", name=name):
                return self.plugin_page(name)
            case Found(thing=thing):
                return self.plugin_page(getattr(thing, "plugin", ""))

    def link(self, name: str, kind: Kind | None = None) -> ThingLink | None:
        """Return a link to what a name refers to."""
        found = self.find(name, kind)
        if not found:
            return None
        first = found[0]
        return ThingLink(first.kind, self.full_name(first.name), self.page_of(first))

    @cached_property
    def _keys(self) -> dict[str, ThingLink | None]:
        kinds: tuple[Kind, ...] = ("fact", "option")
        found: dict[str, ThingLink | None] = {}
        for kind in kinds:
            found.update((name, self.link(name, kind)) for name in self.names(kind))
        found.update((name, self.link(name, "function")) for name in self.names("function"))
        return found

    def link_to(self, word: str) -> ThingLink | None:
        """Return a link if a word is a configuration key or a function's name."""
        return self._keys.get(word)

    def places_of_things(self) -> list[str]:
        """Return page and anchor of everything that has a place in the site, sorted."""
        found = {
            f"{self.page_of(Found(kind, name, thing))}#{self.anchor(thing)}"
            for kind, by_name in self.things.items()
            for name, same in by_name.items()
            for thing in same
        }
        found.update(f"{self.layout.page('facts')}#{fact_anchor(key)}" for key in self.facts)
        return sorted(found)

    # Who uses what

    def places(self, key: str) -> tuple[Place, ...]:
        """Return every use of a configuration key, those by a pattern that can mean it too."""
        return self.questions.places_of(key)

    @cached_property
    def never_read(self) -> dict[str, Doubt]:
        """The options and facts that nothing reads, with how certain that is."""
        asked = self._all_questions
        found = (*asked.never_read, *asked.facts_never_read)
        elsewhere = ", ".join(self.project.bases or self.project.needs)
        if not elsewhere:
            return {doubt.key: doubt for doubt in found}
        reason = f"{elsewhere}, which these plugins add to, may read it"
        return {
            doubt.key: msgspec.structs.replace(doubt, certain=False, reason=reason)
            for doubt in found
        }

    @cached_property
    def _function_users(self) -> dict[str, list[Option]]:
        found: dict[str, list[Option]] = defaultdict(list)
        for option in self.questions.options:
            for value in (option.validators, option.processors):
                for member in members(value):
                    name = getattr(member, "name", "")
                    if name and not any(option is known for known in found[name]):
                        found[name].append(option)
        return found

    def function_users(self, name: str) -> tuple[Option, ...]:
        """Return the options that a validator or processor is listed with."""
        return tuple(self._function_users.get(name, ()))

    def old_names(self, option: Option) -> tuple[str, ...]:
        """Return the old names under which answer files may still hold an option."""
        found = (known_text(member) for member in members(option.deprecates))
        return tuple(name for name in found if name)

    # Lines of source

    def source_link(self, location: Location) -> SourceLink:
        """Return a link to the location of something."""
        end = location.end_line if location.end_line > location.line else 0
        return SourceLink(self.name, location.path, location.line, end)

    def source_lines(self, path: str) -> list[str] | None:
        """Return a file's lines, made printable; None if it is not in the source tree."""
        if path not in self._lines:
            self._lines[path] = self._read(path)
        return self._lines[path]

    def _read(self, path: str) -> list[str] | None:
        relative = PurePosixPath(path)
        if not self.project.root or relative.is_absolute() or ".." in relative.parts:
            return None
        root = Path(self.project.root).resolve()
        file = Path(root, path).resolve()
        if not file.is_relative_to(root):  # a link that leads out of the tree
            return None
        try:
            data = read_file(file)
        except OSError:
            return None
        return printable(data.decode("utf-8-sig", "replace")).split("\n")

    def excerpt(self, location: Location) -> str:
        """Return the source's text at a location, with its first line's indentation; "" if none."""
        lines = self.source_lines(location.path) or []
        return "\n".join(lines[location.line - 1 : max(location.end_line, location.line)])
