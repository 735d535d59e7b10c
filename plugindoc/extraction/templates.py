"""Templates of an installer: found, named, read, and linked to what they include.

Known are Puppet manifests, classes and defines (``*.pp``), ERB and EPP, YAML files in a folder
called ``hieradata`` or ``data``, and, where they name a key, text templates that Python fills
(``%(KEY)s``) and Ruby under ``lib``. A file that is too large is a problem.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache, partial
from pathlib import Path
from typing import Final

import msgspec

from plugindoc.extraction.faults import contained
from plugindoc.extraction.manifests import Definition, read_manifest
from plugindoc.extraction.puppet_strings import comment_above
from plugindoc.extraction.texts import erb_uses, hieradata_uses, percent_uses, ruby_uses
from plugindoc.model.conditions import Opaque, all_of
from plugindoc.model.locations import Location
from plugindoc.model.project import Include, Problem, ProblemKind, Template, TemplateKind, Use
from plugindoc.model.uses import fits
from plugindoc.opening import read_file
from plugindoc.protocol import PACKSTACK, Protocol, StepHelpers
from plugindoc.reading.puppet import Manifest, parse_epp, parse_manifest
from plugindoc.reading.surveying import survey

__all__ = ["Holder", "read_templates"]

MAX_COMPARED: Final = 1_000_000
"""Includes of partly known names, times classes, that are held against each other."""

_KINDS: Final[dict[str, TemplateKind]] = {
    ".pp": "manifest",
    ".erb": "erb",
    ".epp": "epp",
    ".yaml": "hieradata",
    ".yml": "hieradata",
}
_DATA_FOLDERS: Final = frozenset({"hieradata", "data"})
_MODULE_FOLDERS: Final = {
    "manifests": "",
    "templates": "",
    "functions": "functions/",
    "lib": "lib/",
}
_ROOT_FOLDERS: Final = _DATA_FOLDERS | {"manifests", "templates"}
_CREDITS: Final = re.compile(r"licen[sc]e|copyright", re.IGNORECASE)
_HEAD: Final = re.compile(r"\A\s*(#[^\n]*\n(?:[ \t]*#[^\n]*\n)*)")

_Declares = dict[Location, list[Include]]
"""By the place of a template: the resources that it declares, which may be of defines here."""
_Found = tuple[Sequence[Template], Sequence[Problem], _Declares]


class Holder(msgspec.Struct, frozen=True):
    """A tree, and the folders in it that hold templates; `prefix` begins all of its paths."""

    root: Path
    folders: Sequence[Path]
    prefix: str = ""


def read_templates(
    *holders: Holder, protocol: Protocol = PACKSTACK
) -> tuple[tuple[Template, ...], tuple[Problem, ...]]:
    """Return the templates of some trees, linked to each other, in the order of their paths.

    Raises nothing: what looks like something to read, there or among the usage documents, and
    cannot be read is a problem.
    """
    templates: list[Template] = []
    problems: list[Problem] = []
    declares: _Declares = {}
    for holder in holders:
        top = f"{holder.root.resolve().as_posix().removesuffix('/')}/"
        files, unread = survey(holder.root, holder.folders, protocol, _is_template)
        problems += [_in_holder(problem, holder) for problem in unread]
        kinds = {
            f"{holder.prefix}{place}": kind
            for place in files
            if (kind := _kind(*_split(top + place))) is not None
        }
        modules = {p.rpartition("/manifests/")[0] for p in kinds if "/manifests/" in p}
        for place, kind in kinds.items():
            path = top + place.removeprefix(holder.prefix)
            found, troubles, declared = contained(
                problems,
                Location(place, 1),
                partial(_read, path, place, kind, modules, protocol.steps),
                lambda: ([], [], {}),
            )
            templates.extend(found)
            problems.extend(troubles)
            declares.update(declared)
    return tuple(_linked(_distinct(templates), declares)), tuple(problems)


def _in_holder(problem: Problem, holder: Holder) -> Problem:
    path = f"{holder.prefix}{problem.location.path}"
    location = msgspec.structs.replace(problem.location, path=path)
    return msgspec.structs.replace(problem, location=location)


def _split(path: str) -> tuple[str, str]:
    folder, _, name = path.rpartition("/")
    return folder, name


def _is_template(folder: str, name: str) -> bool:
    return _kind(folder, name) is not None


def _kind(folder: str, name: str) -> TemplateKind | None:
    suffix = name[name.rfind(".") :] if "." in name else ""
    kind = _KINDS.get(suffix)
    if kind == "hieradata":
        return kind if not _DATA_FOLDERS.isdisjoint(folder.split("/")) else None
    if kind is None and folder.endswith("/templates") and not suffix.startswith(".py"):
        return "text"
    if suffix == ".rb" and "/lib/" in folder:
        return "text"
    return kind


def _read(
    path: str, place: str, kind: TemplateKind, modules: set[str], steps: StepHelpers
) -> _Found:
    name, in_module = _name(place, modules, steps.templates_folder)
    try:
        source = read_file(path)
    except OSError as error:
        message = f"this template was not read: {error.strerror}"
        location = Location(place, 1)
        return [], [Problem(kind="unreadable", message=message, location=location, object=name)], {}
    text = source.decode(errors="replace")
    return _understood(place, name, text, kind, steps.lookups, formatted=not in_module)


@lru_cache(maxsize=512)
def _understood(
    place: str,
    name: str,
    text: str,
    kind: TemplateKind,
    lookups: tuple[str, ...],
    *,
    formatted: bool,
) -> _Found:
    """Return what a file holds; that of a release before, if it has not changed since."""
    if kind in {"manifest", "epp"}:
        manifest = parse_epp(place, text) if kind == "epp" else parse_manifest(place, text)
        definitions = read_manifest(manifest, lookups)
        return _puppet(manifest, name, definitions, kind, formatted=formatted)
    return _text(place, name, text, kind, lookups)


def _name(place: str, modules: set[str], templates: str) -> tuple[str, bool]:
    """Return a template's identity, and whether it is part of a Puppet module.

    `templates` is the folder that the names of applied manifests are relative to.
    """
    folders = place.split("/")[:-1]
    for depth in range(len(folders) - 1, -1, -1):
        holder = "/".join(folders[:depth])
        inside = place.split("/", depth + 1)[-1].removesuffix(".pp")
        if folders[depth] in _MODULE_FOLDERS and holder in modules:
            module = folders[depth - 1]
            inside = f"{_MODULE_FOLDERS[folders[depth]]}{inside}"
            return (module if inside == "init" else f"{module}/{inside}"), True
        is_root = f"/{holder}/{folders[depth]}".endswith(f"/{templates}")
        if is_root or folders[depth] in _ROOT_FOLDERS:
            return inside, False
    return place.removesuffix(".pp"), False


def _puppet(
    manifest: Manifest,
    name: str,
    definitions: Sequence[Definition],
    kind: TemplateKind,
    *,
    formatted: bool,
) -> _Found:
    source = manifest.source
    problems = _parse_errors(manifest, name)
    outside, *named = definitions
    filled: list[Use] = []
    if formatted and "%" in source:
        filled, more = percent_uses(manifest.path, source)
        problems.extend(more)
    namesakes = (d for d in named if d.class_name.replace("::", "/") == name)
    first = next(namesakes, named[0] if named and not formatted else None)
    if first is None:  # a file that is applied itself, whatever it defines besides
        first = Definition(kind, "", 0, 0)
        named.insert(0, first)
    first.uses = sorted([*outside.uses, *first.uses, *filled], key=lambda use: use.location)
    first.includes = sorted([*outside.includes, *first.includes], key=lambda i: i.location)
    first.declares = [*outside.declares, *first.declares]
    templates = [
        Template(
            name=name if definition is first else definition.class_name.replace("::", "/"),
            type=definition.type,
            location=manifest.span(definition.start, definition.name_end),
            class_name=definition.class_name,
            summary=_summary(source, definition.start),
            parameters=definition.said.parameters,
            deprecated=definition.said.deprecated,
            uses=tuple(definition.uses),
            includes=tuple(definition.includes),
        )
        for definition in named
    ]
    declares = {
        template.location: definition.declares
        for template, definition in zip(templates, named, strict=True)
    }
    return templates, problems, declares


def _parse_errors(manifest: Manifest, name: str) -> list[Problem]:
    """Return one problem for each line on which the syntax breaks."""
    problems: dict[int, Problem] = {}
    errors = list(manifest.errors())
    kind: ProblemKind = "not-understood" if errors and manifest.is_balanced else "parse-error"
    for error in errors:
        location = manifest.location(error)
        if location.line in problems:
            continue
        message = (
            f"Puppet code that is not understood: {_excerpt(manifest.line(location.line))}; "
            "what its statement reads or includes may be missing"
        )
        problem = Problem(kind=kind, message=message, location=location, object=name)
        problems[location.line] = problem
    return list(problems.values())


def _text(place: str, name: str, text: str, kind: TemplateKind, lookups: tuple[str, ...]) -> _Found:
    problems: list[Problem] = []
    if kind == "erb":
        uses = erb_uses(place, text, lookups)
    elif kind == "hieradata":
        uses, problems = hieradata_uses(place, text)
    elif place.endswith(".rb"):
        uses = ruby_uses(place, text, lookups)
    else:
        uses, problems = percent_uses(place, text)
    if kind == "text" and not uses:
        return [], [], {}
    location = Location(place, 1)
    template = Template(name=name, type=kind, location=location, uses=tuple(uses))
    return [template], [msgspec.structs.replace(one, object=name) for one in problems], {}


def _summary(source: str, start: int) -> str:
    """Return the first paragraph of the comment above a definition, or at the head of a file."""
    head = None if start else _HEAD.match(source)
    comment = head[1] if head else comment_above(source, start)
    lines = [line.strip().lstrip("#").strip() for line in comment.splitlines()]
    for line in lines:
        if line.startswith("@summary"):
            return line.removeprefix("@summary").strip()
    paragraphs = re.split(r"\n{2,}", "\n".join(lines).strip())
    telling = [p for p in paragraphs if re.search(r"\w", p) and not p.startswith(("=", "@"))]
    if not telling or _CREDITS.search(telling[0]):
        return ""
    return " ".join(telling[0].split())


def _excerpt(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= 60 else f"{shown[:59]}…"  # noqa: PLR2004 - fits a terminal's line


def _distinct(templates: list[Template]) -> list[Template]:
    """Return the templates with unique names: a later one of the same name is named by its path."""
    seen: set[str] = set()
    found: list[Template] = []
    for template in templates:
        taken = template.name in seen
        name = template.location.path if taken else template.name
        found.append(msgspec.structs.replace(template, name=name) if taken else template)
        seen.add(name)
    return found


def _linked(templates: list[Template], declares: _Declares) -> Iterator[Template]:
    by_class = {template.class_name: template.name for template in templates if template.class_name}
    by_name = {template.name for template in templates}
    patterns = sum("*" in include.name for template in templates for include in template.includes)
    meant = by_class if patterns * len(by_class) <= MAX_COMPARED else {}
    for template in templates:
        defined = [one for one in declares.get(template.location, ()) if one.name in by_class]
        includes = [
            linked
            for include in (*template.includes, *defined)
            for linked in (
                _meant(include, meant)
                if "*" in include.name
                else [_link(include, by_class, by_name)]
            )
        ]
        yield msgspec.structs.replace(template, includes=tuple(includes))


def _link(include: Include, by_class: dict[str, str], by_name: set[str]) -> Include:
    file = include.name if "/" in include.name and include.name in by_name else ""
    return msgspec.structs.replace(include, template=by_class.get(include.name, file))


def _meant(include: Include, by_class: dict[str, str]) -> list[Include]:
    """Return the classes that an include of a partly known name can mean."""
    if include.name == "*":
        return []
    guard = all_of((include.guard, Opaque(f"its name is {include.name}")))
    return [
        msgspec.structs.replace(include, name=name, template=template, guard=guard)
        for name, template in by_class.items()
        if fits(include.name, name)
    ] or [include]
