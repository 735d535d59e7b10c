"""The one way in: a path to a project."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path

import msgspec

from plugindoc.extraction.behaviour import behaviour_of
from plugindoc.extraction.declarations import Declarations, read_declarations
from plugindoc.extraction.functions import functions_of
from plugindoc.extraction.outcomes import Outcomes
from plugindoc.extraction.steps import ActionReader
from plugindoc.extraction.templates import Holder, read_templates
from plugindoc.model.bases import split, together
from plugindoc.model.outcomes import Outcome
from plugindoc.model.project import (
    SCHEMA_VERSION,
    Actions,
    Function,
    Option,
    Plugin,
    Problem,
    Project,
    Template,
    UsageDocument,
    Use,
)
from plugindoc.protocol import PACKSTACK, Protocol
from plugindoc.reading.bases import BaseError, find_bases
from plugindoc.reading.discovery import Found, NoPluginsError, discover
from plugindoc.reading.files import Tree, Trees

__all__ = ["LoadError", "Reading", "load", "read"]


class LoadError(ValueError):
    """Nothing could be read; the message is one line for the user."""


class Reading(msgspec.Struct, frozen=True):
    """A project, and functions for what its installer does with any answer.

    `outcome` follows the code of an option's processors and validators; see `Outcomes.of`. `hook`
    follows a plugin's second hook; see `Outcomes.hook`. `steps` returns how many steps all hooks
    have taken so far. `base` is what the project's bases declare and do, apart from it; None
    without a base.
    """

    project: Project
    outcome: Callable[[Option, object, Mapping[str, object]], Outcome]
    hook: Callable[[str, Mapping[str, object], Collection[str]], Outcome]
    base: Project | None = None
    steps: Callable[[], int] = lambda: 0


def load(
    path: str | os.PathLike[str],
    *,
    protocol: Protocol = PACKSTACK,
    name: str | None = None,
    bases: Iterable[str | os.PathLike[str]] = (),
) -> Project:
    """Return what the plugins of an installer declare and do, without importing them.

    `path` may be a source tree, an installed or unpacked package, or its folder of plugins: all of
    them give the same project. `name` is the project's name, by default that of the package that
    holds the plugins. `bases` are the installers that a tree of add-on plugins adds to: each a path
    of the same kinds, the name of an installed package, or an export's file. Raises LoadError if
    there are no plugins; a plugin that cannot be read is a problem in the project, and all others
    are still there.
    """
    return read(path, protocol=protocol, name=name, bases=bases).project


def read(
    path: str | os.PathLike[str],
    *,
    protocol: Protocol = PACKSTACK,
    name: str | None = None,
    bases: Iterable[str | os.PathLike[str]] = (),
) -> Reading:
    """Return what `load` does, what its bases declare, and the means to ask about answers.

    Raises LoadError as `load` does, and for a base that cannot be read.
    """
    try:
        found = discover(Path(path), protocol)
        beside = find_bases(bases, protocol)
    except (NoPluginsError, BaseError) as error:
        raise LoadError(str(error)) from error
    own = Tree(found.root)
    trees = {name: Tree(base.root, f"/{name}") for name, base in beside.trees.items()}
    declarations = read_declarations(found, Trees(own, trees), protocol, beside)
    templates, template_problems = read_templates(
        Holder(found.root, _packages(found)),
        *(Holder(b.root, _packages(b), f"/{name}/") for name, b in beside.trees.items()),
        protocol=protocol,
    )
    exported = [t for project in beside.exports.values() for t in project.templates]
    actions = ActionReader(declarations, (*templates, *exported))
    outcomes = Outcomes(declarations)
    plugins = outcomes.fill(actions.plugins())
    functions = actions.functions(functions_of(declarations, outcomes, plugins))
    installer = actions.installer(plugins, functions)
    whole = Project(
        schema_version=SCHEMA_VERSION,
        name=name or _packages(found)[0].resolve().name or protocol.name,
        plugins=plugins,
        templates=templates,
        functions=functions,
        usage_documents=_documents(declarations),
        problems=_problems((*_problems_of(declarations, own), *template_problems)),
        installer=installer,
        mentions=actions.mentions(plugins, _uses(plugins, functions, templates, installer)),
        sources=found.folders,
        protocol=protocol.name,
        needs=declarations.needs,
        bases=beside.names,
        behaviour=behaviour_of(declarations.trees, declarations.tree, protocol),
        root=str(found.root),
    )
    if not beside.names:
        return Reading(whole, outcomes.of, outcomes.hook, steps=lambda: outcomes.steps)
    project, base = split(whole)
    for one in beside.exports.values():
        base = together(base, one)
    return Reading(project, outcomes.of, outcomes.hook, base, lambda: outcomes.steps)


def _documents(declarations: Declarations) -> tuple[UsageDocument, ...]:
    usage = declarations.usage
    found = (one.document for one in (usage, *usage.bases))
    return tuple(document for document in found if document is not None)


def _uses(
    plugins: tuple[Plugin, ...],
    functions: tuple[Function, ...],
    templates: tuple[Template, ...],
    installer: Actions,
) -> Iterator[Use]:
    """Yield every use of a key by code and templates."""
    actions = [installer, *(function.actions for function in functions)]
    for plugin in plugins:
        actions.append(plugin.actions)
        actions += [step.actions for one in plugin.sequences for step in one.steps]
    for one in actions:
        yield from one.uses
    for template in templates:
        yield from template.uses


def _packages(found: Found) -> list[Path]:
    """Return the folders around the plugins, which hold the templates too."""
    folders = (
        folder.split("/", 2)[-1] if folder[:1] == "/" else folder for folder in found.folders
    )
    return list(dict.fromkeys((found.root / folder).parent for folder in folders))


def _problems_of(declarations: Declarations, tree: Tree) -> tuple[Problem, ...]:
    usage = declarations.usage.problems
    return (*tree.problems, *usage, *declarations.problems, *declarations.module_limits())


def _problems(found: Iterable[Problem]) -> tuple[Problem, ...]:
    """Return the problems in order; a file that is not read has one, whoever looked at it."""
    kept: dict[object, Problem] = {}
    for problem in sorted(found, key=lambda problem: (problem.location, problem.message)):
        unread = problem.kind in ("unreadable", "link")
        kept.setdefault(problem.location.path if unread else problem, problem)
    return tuple(kept.values())
